# idea: load programs and maps into the kernel
# stopped-by: the seccomp profile, and no capability
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: root cap=SYS_ADMIN no-seccomp
import ctypes

from hostile import attempt, syscall

attributes = (ctypes.c_uint32 * 32)(2, 4, 4, 1)  # an array map of one entry
attempt("bpf map", syscall, 321, 0, ctypes.addressof(attributes), 72)
