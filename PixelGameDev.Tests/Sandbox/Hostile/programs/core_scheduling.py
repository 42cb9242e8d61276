# idea: a cookie of core scheduling, with which the other half of each processor that it runs on must stay idle
# stopped-by: the seccomp profile: no such prctl
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
# needs: core-scheduling
import ctypes
import os

from hostile import attempt, libc


def cookie():
    if libc.prctl(62, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


attempt("PR_SCHED_CORE", cookie)
