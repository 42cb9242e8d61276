# idea: a socket to the hypervisor (AF_VSOCK), which no network namespace divides
# stopped-by: the seccomp profile
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import socket

from hostile import attempt

# The socket is opened and closed, never connected.
attempt("AF_VSOCK", lambda: socket.socket(40, socket.SOCK_STREAM).close())
