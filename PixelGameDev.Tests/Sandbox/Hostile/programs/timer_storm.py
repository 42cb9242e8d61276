# idea: timers that ring every microsecond in many processes: the kernel answers them between everything else
# stopped-by: a timer is wound up again only when its signal was taken, in the sandbox's own time
# expect: ended
# ends: stopped
import os
import signal

for _ in range(15):
    if os.fork() == 0:
        break
signal.signal(signal.SIGALRM, lambda *_: None)
signal.signal(signal.SIGPROF, lambda *_: None)
signal.setitimer(signal.ITIMER_REAL, 0.000001, 0.000001)
signal.setitimer(signal.ITIMER_PROF, 0.000001, 0.000001)
while True:
    signal.pause()
