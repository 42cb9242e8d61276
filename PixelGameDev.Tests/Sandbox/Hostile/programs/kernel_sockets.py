# idea: kinds of sockets with much kernel behind them and no use for a game
# stopped-by: the seccomp profile
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
import socket

from hostile import attempt

for name, family, kind, protocol in (
    ("AF_ALG, the kernel's ciphers", 38, socket.SOCK_SEQPACKET, 0), ("netlink, audit", 16, socket.SOCK_RAW, 9),
    ("netlink, netfilter", 16, socket.SOCK_RAW, 12), ("netlink, crypto", 16, socket.SOCK_RAW, 21),
    ("Bluetooth", 31, socket.SOCK_RAW, 1), ("XDP", 44, socket.SOCK_RAW, 0), ("RDS", 21, socket.SOCK_SEQPACKET, 0),
    ("TIPC", 30, socket.SOCK_SEQPACKET, 0), ("CAN", 29, socket.SOCK_RAW, 1),
):
    attempt(name, lambda f=family, k=kind, p=protocol: socket.socket(f, k, p).close())
