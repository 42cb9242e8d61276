# idea: read every file there is again and again, so that the machine's cache holds nothing else
# stopped-by: the sandbox's memory limit counts its cache; its share of the processor
# expect: ended
# ends: stopped
# subprocess: not held, the cache is counted only in Docker
import os

while True:
    for folder, _, names in os.walk("/usr"):
        for name in names:
            try:
                with open(os.path.join(folder, name), "rb") as file:
                    while file.read(1 << 20):
                        pass
            except OSError:
                pass
