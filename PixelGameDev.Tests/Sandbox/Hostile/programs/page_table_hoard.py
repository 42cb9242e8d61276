# idea: touch one page in each 2 MB of terabytes: no memory, but a page of tables for each
# stopped-by: the limit of addresses, which are too few for that
# expect: blocked
# ends: finished
import ctypes

from hostile import blocked, escaped, libc

libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
FAILED = ctypes.c_void_p(-1).value
held = 0
size = 1 << 42
while size >= 2 << 20:
    # Read-only, private, of nobody, no reserve: all pages are the one page of zeros.
    start = libc.mmap(None, size, 1, 0x4022, -1, 0)
    if start == FAILED:
        size //= 2
        continue
    for step in range(size // (2 << 20)):
        ctypes.c_char.from_address(start + step * (2 << 20)).value
    held += size // (2 << 20) * 4096
    if held > 200 << 20:
        escaped("held 200 MB of page tables")
        break
else:
    blocked(f"only {held >> 20} MB of page tables", "no more addresses")
