# idea: queue signals until the user, who is the same one in every sandbox, may have no more
# stopped-by: the limit of pending signals; neighbours play without real-time signals
# expect: survived
# ends: finished
import os
import signal

from hostile import survived

signal.pthread_sigmask(signal.SIG_BLOCK, range(signal.SIGRTMIN, signal.SIGRTMAX))
for _ in range(300_000):
    try:
        os.kill(os.getpid(), signal.SIGRTMIN + 1)
    except OSError:
        break
survived("queued signals until there was no room")
