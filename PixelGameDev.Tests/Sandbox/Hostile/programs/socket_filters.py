# idea: programs for the kernel on sockets (classic BPF): they lie in memory of the host that no limit counts
# stopped-by: the seccomp profile: no such option of a socket
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import ctypes
import socket
import struct

from hostile import attempt

code = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0xFFFF))
left, right = socket.socketpair()
program = struct.pack("H6xQ", 1, ctypes.addressof(code))
attempt("SO_ATTACH_FILTER", left.setsockopt, socket.SOL_SOCKET, 26, program)
attempt("SO_ATTACH_REUSEPORT_CBPF", left.setsockopt, socket.SOL_SOCKET, 51, program)
