# idea: threads that change the rights of their memory for ever: each change interrupts the other processors
# stopped-by: the sandbox's share of the processors; only those that run the same program are interrupted
# expect: ended
# ends: stopped
import ctypes
import threading

from hostile import libc

libc.mmap.restype = ctypes.c_void_p
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]


def change():
    page = libc.mmap(None, 4096, 3, 0x22, -1, 0)
    while True:
        ctypes.memset(page, 1, 1)
        libc.mprotect(page, 4096, 1)
        libc.mprotect(page, 4096, 3)


for _ in range(8):
    threading.Thread(target=change).start()
