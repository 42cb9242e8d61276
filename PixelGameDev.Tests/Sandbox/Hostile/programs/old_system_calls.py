# idea: system calls of the administrator, that no game needs
# stopped-by: the seccomp profile, and no capability
# expect: blocked
# ends: finished
from hostile import attempt, syscall

for name, number, *args in (
    ("swapon", 167, b"/nowhere", 0), ("swapoff", 168, b"/nowhere"), ("acct", 163, b"/nowhere"), ("quotactl", 179, 0, None, 0, None),
    ("iopl", 172, 3), ("ioperm", 173, 0, 1, 1), ("vhangup", 153), ("fanotify_init", 300, 0, 0), ("nfsservctl", 180, 0, None, None),
):
    attempt(name, syscall, number, *args)
