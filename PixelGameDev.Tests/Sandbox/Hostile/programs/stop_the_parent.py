# idea: SIGSTOP to the parent, so that nobody reads, encodes or counts
# stopped-by: PID 1 cannot be stopped from inside
# expect: survived
# ends: finished
# subprocess: not held, GameHost is the game's parent and the same user
import os
import signal
import time

from hostile import survived

os.kill(os.getppid(), signal.SIGSTOP)
time.sleep(0.2)
survived("and the parent still listens")
