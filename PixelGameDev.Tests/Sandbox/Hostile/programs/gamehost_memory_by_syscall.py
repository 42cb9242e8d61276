# idea: process_vm_readv and process_vm_writev on GameHost
# stopped-by: the seccomp profile, and GameHost is not dumpable
# expect: blocked
# ends: finished
import ctypes

from hostile import attempt, syscall


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


buffer = ctypes.create_string_buffer(16)
mine = Vector(ctypes.addressof(buffer), 16)
theirs = Vector(0x400000, 16)
for number, name in ((310, "process_vm_readv"), (311, "process_vm_writev")):
    attempt(name, lambda n=number: syscall(n, 1, ctypes.addressof(mine), 1, ctypes.addressof(theirs), 1, 0))
