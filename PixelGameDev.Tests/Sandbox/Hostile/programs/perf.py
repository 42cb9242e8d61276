# idea: watch the machine with perf events, and attack a large part of the kernel
# stopped-by: the seccomp profile, and no capability
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: root cap=SYS_ADMIN no-seccomp
import ctypes
import struct

from hostile import attempt, syscall

attributes = ctypes.create_string_buffer(struct.pack("=IIQQQQQ", 1, 112, 0, 0, 0, 0, 1).ljust(112, b"\0"), 112)
attempt("perf_event_open", syscall, 298, ctypes.addressof(attributes), 0, -1, -1, 0)
