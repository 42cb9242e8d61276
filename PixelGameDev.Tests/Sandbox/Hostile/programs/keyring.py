# idea: keep something in the kernel's keyrings, which no namespace divides
# stopped-by: the seccomp profile
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import ctypes

from hostile import attempt, syscall

secret = ctypes.create_string_buffer(b"x")
attempt("add_key", syscall, 248, b"user", b"hostile", ctypes.addressof(secret), 1, -2)
attempt("request_key", syscall, 249, b"user", b"hostile", None, 0)
attempt("keyctl", syscall, 250, 0, -3, 1, 0, 0)
