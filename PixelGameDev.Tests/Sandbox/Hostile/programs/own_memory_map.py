# idea: say that the program's parts lie elsewhere (PR_SET_MM), the way of several flaws of the kernel
# stopped-by: the seccomp profile: no such prctl
# expect: blocked
# ends: finished
import ctypes
import os

from hostile import attempt, libc


def move(part):
    if libc.prctl(35, part, ctypes.c_ulong(id(libc) & ~4095), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


for name, part in (("code", 1), ("data", 3), ("heap", 6), ("arguments", 8), ("program", 13)):
    attempt(name, move, part)
