# idea: take away the covers that Docker put over /proc and /sys
# stopped-by: the seccomp profile, and no capability
# expect: blocked
# ends: finished
import ctypes

from hostile import attempt, libc


def unmount(path):
    if libc.umount2(path, 2) != 0:
        raise OSError(ctypes.get_errno(), "")


for path in (b"/proc/kcore", b"/proc/sys", b"/sys/firmware", b"/proc/acpi"):
    attempt(path.decode(), unmount, path)
