# idea: touch one page in each 2 MB of terabytes: no memory, but a page of tables for each
# stopped-by: the memory limit, which counts them
# expect: ended
# ends: memory_limit
# subprocess: not held, only the game's own memory is limited there
import ctypes

from hostile import escaped, libc

libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
# Read-only, private, of nobody, no reserve: all pages are the one page of zeros.
start = libc.mmap(None, 1 << 42, 1, 0x4022, -1, 0)
for step in range(200_000):
    ctypes.c_char.from_address(start + step * (2 << 20)).value
escaped("held 800 MB of page tables")
