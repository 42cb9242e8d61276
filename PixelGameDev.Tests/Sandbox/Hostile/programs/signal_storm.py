# idea: a timer that fires as often as the kernel lets it
# stopped-by: the sandbox's share of the processor; ends with the session
# expect: ended
# ends: stopped
import signal
import time

signal.signal(signal.SIGALRM, lambda *_: None)
signal.setitimer(signal.ITIMER_REAL, 0.000001, 0.000001)
while True:
    time.sleep(1)
