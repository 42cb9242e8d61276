# idea: the same in as many processes as there may be
# stopped-by: the memory limit, which counts page tables
# expect: ended
# ends: memory_limit
# subprocess: not held, only the game's own memory is limited there
import ctypes
import os
import time

from hostile import escaped, libc

libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
for child in range(20):
    if os.fork() == 0:
        break
start = libc.mmap(None, 12 << 30, 1, 0x4022, -1, 0)
for step in range(6 << 10):
    ctypes.c_char.from_address(start + step * (2 << 20)).value
time.sleep(20)
escaped("held 500 MB of page tables")
