# idea: burn every core in as many processes as there may be
# stopped-by: the sandbox's share of the processor; ends with the session
# expect: ended
# ends: stopped
import os

for _ in range(24):
    try:
        if os.fork() == 0:
            break
    except OSError:
        break
while True:
    pass
