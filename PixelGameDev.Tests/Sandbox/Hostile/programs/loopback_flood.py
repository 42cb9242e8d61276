# idea: a storm of datagrams over loopback: the kernel's own threads do the work, outside of the sandbox's share
# stopped-by: the seccomp profile: Unix sockets only
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import socket

from hostile import attempt


def flood(family, address):
    with socket.socket(family, socket.SOCK_DGRAM) as there, socket.socket(family, socket.SOCK_DGRAM) as here:
        there.bind((address, 0))
        for _ in range(1000):
            here.sendto(b"x" * 1000, there.getsockname())


attempt("IPv4", flood, socket.AF_INET, "127.0.0.1")
attempt("IPv6", flood, socket.AF_INET6, "::1")
