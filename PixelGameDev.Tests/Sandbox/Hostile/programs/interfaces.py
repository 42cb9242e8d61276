# idea: find a network, or make one
# stopped-by: a network namespace with nothing but a loopback, no capability
# expect: blocked
# ends: finished
# subprocess: not held, bubblewrap has no network, a plain subprocess has the host's
# proof: root host-network
import socket
import struct

from hostile import attempt, blocked, escaped, network_buffer

with open("/proc/net/dev") as devices:
    names = [line.split(":")[0].strip() for line in devices if ":" in line]
# Kernels that have tunnels built in show their unused ends in every namespace.
others = [name for name in names if name != "lo" and not name.startswith(("tunl", "gre", "sit", "ip6", "ip_vti", "erspan", "gretap"))]
if others:
    escaped(others)
else:
    blocked("another interface", "only the loopback")


def create():
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as netlink:
        name = struct.pack("=HH", 12, 3) + b"hostile\0"
        kind = struct.pack("=HH", 10, 1) + b"dummy\0\0\0"
        info = struct.pack("=HH", 4 + len(kind), 18) + kind
        message = network_buffer(16, struct.pack("=BBHiII", 0, 0, 0, 0, 0, 0) + name + info, 0x605)
        netlink.send(message)
        netlink.settimeout(2)
        code = struct.unpack("=i", netlink.recv(4096)[16:20])[0]
        if code:
            raise OSError(-code, "")


attempt("a new interface", create)
