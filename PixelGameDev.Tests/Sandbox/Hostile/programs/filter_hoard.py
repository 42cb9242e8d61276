# idea: filters of system calls without end: they lie in memory of the host, too, and there is a limit for all of it together
# stopped-by: the seccomp profile: no filter on top of it
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import ctypes
import os
import struct

from hostile import attempt, libc, syscall

code = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7FFF0000))
program = ctypes.create_string_buffer(struct.pack("H6xQ", 1, ctypes.addressof(code)))


def install():
    libc.prctl(38, 1, 0, 0, 0)
    if libc.prctl(22, 2, program, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


attempt("prctl", install)
attempt("seccomp", syscall, 317, 1, 0, program)
