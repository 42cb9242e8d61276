# idea: find the socket of Docker, containerd or anything else that would obey
# stopped-by: no socket of the host is mounted; the link's is gone before the game starts
# expect: blocked
# ends: finished
# subprocess: not held, bubblewrap hides /run, a plain subprocess does not
# proof: root docker-socket
import os
import socket
import stat

from hostile import blocked, escaped

found = []
for top in ("/link", "/run", "/var", "/tmp", "/opt", "/home", "/srv", "/mnt", "/dev"):
    for folder, _, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            try:
                if not stat.S_ISSOCK(os.stat(path).st_mode):
                    continue
                with socket.socket(socket.AF_UNIX) as attempt:
                    attempt.settimeout(1)
                    attempt.connect(path)
                found.append(path)
            except OSError:
                pass
if found:
    escaped(found)
else:
    blocked("sockets that answer", "none")
