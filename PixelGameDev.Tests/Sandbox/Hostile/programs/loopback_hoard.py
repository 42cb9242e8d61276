# idea: connections over loopback that nobody reads: their buffers are the host's memory, not the sandbox's (999 MB were held)
# stopped-by: the seccomp profile: Unix sockets only
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import socket

from hostile import attempt

keep = []


def connect(kind, protocol):
    server = socket.socket(socket.AF_INET, kind, protocol)
    server.bind(("127.0.0.1", 0))
    server.listen(1)
    client = socket.create_connection(server.getsockname())
    client.setblocking(False)
    keep.extend((server, client))
    while client.send(b"x" * 65536):
        if len(keep) > 4:
            break
        keep.append(None)


for name, kind, protocol in (
    ("TCP", socket.SOCK_STREAM, 0), ("MPTCP", socket.SOCK_STREAM, 262), ("SCTP", socket.SOCK_SEQPACKET, 132), ("DCCP", 6, 33),
):
    attempt(name, connect, kind, protocol)
