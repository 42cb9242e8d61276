# idea: take capabilities back
# stopped-by: all are dropped, also from the bounding set
# expect: blocked
# ends: finished
# proof: root cap=CHOWN
import ctypes

from hostile import attempt, blocked, escaped, libc

with open("/proc/self/status") as status:
    sets = {line.split(":")[0]: int(line.split()[1], 16) for line in status if line.startswith("Cap")}
for name, value in sets.items():
    if value:
        escaped(f"{name} {value:x}")
    else:
        blocked(name, "empty")


def ambient():
    if libc.prctl(47, 2, 0, 0, 0) != 0:  # PR_CAP_AMBIENT_RAISE, CAP_CHOWN
        raise OSError(ctypes.get_errno(), "")


def permitted():
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)(*([0xFFFFFFFF] * 6))
    if libc.capset(header, data) != 0:
        raise OSError(ctypes.get_errno(), "")


attempt("an ambient capability", ambient)
attempt("all capabilities", permitted)
