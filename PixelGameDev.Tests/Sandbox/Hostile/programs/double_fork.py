# idea: fork twice with a session of its own, so that a grandchild outlives the game
# stopped-by: all of the sandbox's processes end with GameHost, which is their PID 1
# expect: survived
# ends: finished
import os
import signal
import time

from hostile import survived

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        os.closerange(0, 1024)
        while True:
            time.sleep(0.001)
    os._exit(0)
survived("left a grandchild behind")
