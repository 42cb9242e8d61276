# idea: userfaultfd, which makes races in the kernel easy to win
# stopped-by: the seccomp profile
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: root cap=SYS_PTRACE no-seccomp
from hostile import attempt, syscall

attempt("userfaultfd", syscall, 323, 0)
attempt("userfaultfd for user faults only", syscall, 323, 1)
