# idea: queue signals until the user, who is the same one in every sandbox, may have no more
# stopped-by: the limit of pending signals; neighbours play without real-time signals
# expect: survived
# ends: finished
import os
import signal

from hostile import libc, survived

signal.pthread_sigmask(signal.SIG_BLOCK, range(signal.SIGRTMIN, signal.SIGRTMAX))
count = 0
while count < 300_000 and libc.sigqueue(os.getpid(), signal.SIGRTMIN + 1, None) == 0:
    count += 1
survived("queued signals until there was no room")
