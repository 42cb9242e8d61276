# idea: take GameHost's descriptors with pidfd_getfd
# stopped-by: the seccomp profile, and GameHost is not dumpable
# expect: blocked
# ends: finished
# proof: root cap=SYS_PTRACE no-seccomp
from hostile import attempt, syscall


def steal():
    pidfd = syscall(434, 1, 0)
    for number in range(16):
        try:
            return syscall(438, pidfd, number, 0)
        except OSError as error:
            last = error
    raise last


attempt("pidfd_getfd", steal)
