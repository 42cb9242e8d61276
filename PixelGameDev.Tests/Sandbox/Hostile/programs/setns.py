# idea: enter the namespaces of PID 1
# stopped-by: the seccomp profile, and GameHost is not dumpable
# expect: blocked
# ends: finished
# proof: root cap=SYS_ADMIN cap=SYS_PTRACE cap=SYS_CHROOT no-seccomp
import os

from hostile import attempt, syscall


def enter(kind):
    file = os.open(f"/proc/1/ns/{kind}", os.O_RDONLY)
    syscall(308, file, 0)


for kind in ("uts", "ipc", "net", "pid", "cgroup"):
    attempt(kind, enter, kind)
