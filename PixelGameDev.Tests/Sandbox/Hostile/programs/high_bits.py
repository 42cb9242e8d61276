# idea: arguments with bits that the filter sees and the kernel does not, past a comparison
# stopped-by: the seccomp profile lists what is good, and leaves out nothing by exception
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import ctypes

from hostile import attempt, syscall

high = 1 << 32
limit = (ctypes.c_ulong * 2)(1, 1)
attempt("socket", syscall, 41, 2 | high, 1, 0)
attempt("core files", syscall, 302, 0, 4 | high, limit, 0)
attempt("limits of process 1", syscall, 302, 1 | high, 10, limit, 0)
attempt("merging of pages", syscall, 28, 0, 0, 12 | high)
