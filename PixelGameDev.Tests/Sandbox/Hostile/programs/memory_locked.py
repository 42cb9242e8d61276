# idea: lock memory so that the machine can never take it back
# stopped-by: the limit of locked memory
# expect: blocked
# ends: finished
# proof: root cap=IPC_LOCK
import ctypes
import mmap

from hostile import attempt, libc


def lock():
    size = 64 << 20
    page = mmap.mmap(-1, size)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    if libc.mlock(ctypes.c_void_p(address), ctypes.c_size_t(size)) != 0:
        raise OSError(ctypes.get_errno(), "")


attempt("locking 64 MiB", lock)
