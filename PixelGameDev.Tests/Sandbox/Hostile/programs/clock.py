# idea: change the clock of the machine (by nothing at all)
# stopped-by: the seccomp profile, and no capability
# expect: blocked
# ends: finished
import ctypes
import time

from hostile import attempt, syscall


def settime():
    time.clock_settime(time.CLOCK_REALTIME, time.clock_gettime(time.CLOCK_REALTIME))


attempt("clock_settime", settime)
attempt("adjtimex", syscall, 159, ctypes.addressof((ctypes.c_uint32 * 64)(0x4000)))  # ADJ_TICK with a tick of 0: never valid
