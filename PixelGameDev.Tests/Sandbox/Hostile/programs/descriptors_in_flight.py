# idea: open files that are in no process, only on their way through sockets that nobody reads
# stopped-by: the limit of open files, which counts those on their way as well, and the memory limit
# expect: blocked
# ends: finished|memory_limit
# subprocess: not held, the limit counts for each process there
import os
import socket

from hostile import blocked, escaped

keep = []
sent = 0
try:
    while sent < 20_000:
        left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        left.setblocking(False)
        files = [os.open("/dev/null", os.O_RDONLY) for _ in range(50)]
        try:
            socket.send_fds(left, [b"x"], files)
        finally:
            for file in files:
                os.close(file)
        sent += len(files)
        keep.append((left, right))
except OSError as error:
    blocked(f"{sent} files on their way", error)
else:
    escaped(f"{sent} files on their way")
