# idea: the "shocker": open files of the host by their number, past every path
# stopped-by: the seccomp profile, and no capability
# expect: blocked
# ends: finished
import ctypes
import os

from hostile import attempt, syscall


class Handle(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint), ("kind", ctypes.c_int), ("bytes", ctypes.c_ubyte * 8)]


def root_inode():
    root = os.open("/etc/hosts", os.O_RDONLY)
    handle = Handle(8, 1, (ctypes.c_ubyte * 8)(2, 0, 0, 0, 0, 0, 0, 0))
    syscall(304, root, ctypes.addressof(handle), os.O_RDONLY)


attempt("inode 2 of the host's disk", root_inode)
