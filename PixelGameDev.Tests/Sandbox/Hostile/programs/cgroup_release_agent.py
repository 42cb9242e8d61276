# idea: the classic escape: mount a cgroup hierarchy and name a program that the host runs
# stopped-by: mount is not allowed, no capability, cgroups are read-only or not there
# expect: blocked
# ends: finished
import os

from hostile import attempt, libc


def mount():
    import ctypes

    os.makedirs("cgroup", exist_ok=True)
    if libc.mount(b"cgroup", b"cgroup", b"cgroup", 0, b"memory") != 0:
        raise OSError(ctypes.get_errno(), "")


attempt("mounting a cgroup hierarchy", mount)
for folder, _, names in os.walk("/sys/fs/cgroup"):
    if "release_agent" in names:
        attempt("release_agent", lambda where=folder: os.close(os.open(os.path.join(where, "release_agent"), os.O_WRONLY)))
