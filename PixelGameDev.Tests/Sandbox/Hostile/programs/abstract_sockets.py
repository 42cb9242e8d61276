# idea: speak to services of the host over abstract Unix sockets, which have no file
# stopped-by: a network namespace of its own
# expect: blocked
# ends: finished
# subprocess: not held, bubblewrap has no network, a plain subprocess has the host's
import socket

from hostile import blocked, escaped

reached = 0
with open("/proc/net/unix") as sockets:
    names = {line.split()[7] for line in sockets if len(line.split()) > 7 and line.split()[7].startswith("@")}
for name in names:
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect("\0" + name[1:])
            reached += 1
            escaped(name)
    except OSError:
        pass
if not reached:
    blocked("abstract sockets", f"{len(names)} to be seen")
