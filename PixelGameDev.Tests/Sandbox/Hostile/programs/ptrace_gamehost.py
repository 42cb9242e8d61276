# idea: become GameHost's debugger
# stopped-by: the seccomp profile allows no ptrace, and GameHost is not dumpable
# expect: blocked
# ends: finished
# proof: root cap=SYS_PTRACE no-seccomp
from hostile import attempt, syscall

PTRACE_SEIZE, PTRACE_DETACH = 0x4206, 17
if attempt("PTRACE_SEIZE of PID 1", syscall, 101, PTRACE_SEIZE, 1, 0, 0) is not None:
    syscall(101, PTRACE_DETACH, 1, 0, 0)
