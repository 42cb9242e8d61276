# idea: SIGSTOP to itself, a game that neither runs nor ends
# stopped-by: Stop and the time limit kill it from outside
# expect: ended
# ends: stopped
import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)
while True:
    signal.pause()
