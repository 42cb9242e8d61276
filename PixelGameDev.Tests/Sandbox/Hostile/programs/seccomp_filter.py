# idea: take off the filter of system calls, or the promise of no new privileges
# stopped-by: neither can ever be taken back
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import ctypes

from hostile import attempt, blocked, escaped, libc

with open("/proc/self/status") as status:
    mode = next(line.split()[1] for line in status if line.startswith("Seccomp:"))
if mode == "2":
    blocked("running without a filter", "a filter is in force")
else:
    escaped("no filter is in force")


def set_option(option, value):
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "")


attempt("PR_SET_NO_NEW_PRIVS off", set_option, 38, 0)
attempt("PR_SET_SECCOMP off", set_option, 22, 0)
