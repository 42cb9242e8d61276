# idea: fill the process table with sleepers, then go on as if nothing was
# stopped-by: the sandbox's process limit
# expect: blocked
# ends: finished|process_limit
# subprocess: not held, only Docker counts the processes of a sandbox
import os
import time

from hostile import blocked, escaped

children = 0
try:
    for children in range(5000):
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
    escaped("5000 processes")
except OSError as error:
    blocked("forking on and on", error)
