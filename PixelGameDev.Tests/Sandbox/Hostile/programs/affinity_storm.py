# idea: move from processor to processor for ever: a thread of the kernel that goes before everybody does the moving
# stopped-by: the sandbox's share of the processors
# expect: ended
# ends: stopped
import os

places = sorted(os.sched_getaffinity(0))
for _ in range(7):
    if os.fork() == 0:
        break
while True:
    for place in places:
        try:
            os.sched_setaffinity(0, {place})
        except OSError:
            os._exit(0)
