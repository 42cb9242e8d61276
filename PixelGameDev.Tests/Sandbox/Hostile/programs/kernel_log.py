# idea: read the log of the kernel, with addresses in it
# stopped-by: the seccomp profile, and no capability
# expect: blocked
# ends: finished
# subprocess: not held, where the host shows its log to everybody
# proof: root cap=SYSLOG cap=SYS_ADMIN no-seccomp
import ctypes

from hostile import attempt, syscall

buffer = ctypes.create_string_buffer(256)
attempt("syslog", syscall, 103, 3, ctypes.addressof(buffer), 256)
