# idea: see in the page cache what neighbours read
# stopped-by: the seccomp profile (cachestat); mincore tells only of files that one may write
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
# needs: cachestat
import ctypes
import os

from hostile import attempt, syscall

mine = os.open("mine", os.O_RDWR | os.O_CREAT)
os.write(mine, b"x" * 65536)
attempt("cachestat", syscall, 451, mine, (ctypes.c_ulong * 2)(0, 65536), (ctypes.c_ulong * 5)(), 0)
