# idea: move its memory between the nodes of the machine, and other seldom used corners
# stopped-by: the seccomp profile
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: root cap=SYS_NICE cap=SYS_PTRACE no-seccomp
import os

from hostile import attempt, syscall

attempt("kcmp", syscall, 312, os.getpid(), os.getpid(), 0, 0, 1)
attempt("move_pages", syscall, 279, 0, 0, None, None, None, 0)
