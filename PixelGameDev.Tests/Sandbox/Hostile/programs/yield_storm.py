# idea: processes that hand the processor round among themselves for ever
# stopped-by: the sandbox's share of the processors, and the tenth that is left to a storm
# expect: ended
# ends: stopped
import os

for _ in range(15):
    if os.fork() == 0:
        break
while True:
    os.sched_yield()
