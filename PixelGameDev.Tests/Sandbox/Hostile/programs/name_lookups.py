# idea: ask for hundreds of thousands of files that do not exist: the kernel remembers each name
# stopped-by: the memory limit counts them, and the kernel forgets them for others
# expect: ended
# ends: finished|stopped
import os

from hostile import survived

for number in range(300_000):
    os.path.exists(f"/usr/lib/{number:0200}")
survived("asked for 300,000 names")
