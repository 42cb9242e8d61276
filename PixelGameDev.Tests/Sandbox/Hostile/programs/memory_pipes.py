# idea: keep kernel memory in the buffers of thousands of pipes and sockets
# stopped-by: the number of open files
# expect: blocked
# ends: finished|memory_limit|crashed
import socket

from hostile import attempt

keep = []


def hoard():
    for _ in range(20000):
        left, right = socket.socketpair()
        keep.extend((left, right))
        left.setblocking(False)
        try:
            left.send(b"x" * 65536)
        except BlockingIOError:
            pass


attempt("20000 full sockets", hoard)
keep.clear()
