# idea: SIGKILL to every process it can see
# stopped-by: a PID namespace of its own: there is nobody but the game; PID 1 is immune
# expect: survived
# ends: finished|crashed|sandbox_lost
# subprocess: not held, without a PID namespace this would reach other processes
import os
import signal

from hostile import survived

try:
    os.kill(-1, signal.SIGKILL)
except OSError:
    pass
survived("nobody else was there")
