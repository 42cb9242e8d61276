# idea: send datagrams that need no connection
# stopped-by: no network
# expect: blocked
# ends: finished
# subprocess: not held, bubblewrap has no network, a plain subprocess has the host'\''s
# proof: root host-network
import socket

from hostile import attempt


def send():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("192.0.2.1", 9))


attempt("a datagram", send)
