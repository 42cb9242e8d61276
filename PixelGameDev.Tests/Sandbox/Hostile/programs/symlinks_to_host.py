# idea: links in the working directory to files of the host, for whoever follows them outside
# stopped-by: no path a game can write is ever opened outside of the sandbox
# expect: survived
# ends: finished
import os

from hostile import survived

for number, target in enumerate(("/etc/shadow", "/proc/1/root/etc/shadow", "../../../../etc/passwd", "/var/run/docker.sock", ".", "/dev/zero")):
    os.symlink(target, f"link{number}")
for name in ("main.py", "assets", "core", "screenshot.png"):
    try:
        os.unlink(name)
    except OSError:
        pass
    try:
        os.symlink("/etc/shadow", name)
    except OSError:
        pass
survived("left links behind")
