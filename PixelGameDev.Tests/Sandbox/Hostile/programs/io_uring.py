# idea: io_uring, a second way into the kernel that filters of system calls do not see
# stopped-by: the seccomp profile
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import ctypes

from hostile import attempt, syscall

parameters = ctypes.create_string_buffer(120)
attempt("io_uring_setup", syscall, 425, 4, ctypes.addressof(parameters))
attempt("io_uring_enter", syscall, 426, -1, 0, 0, 0, 0, 0)
attempt("io_uring_register", syscall, 427, -1, 0, 0, 0)
