# idea: debug a child of its own, the first step of many exploits of the kernel
# stopped-by: the seccomp profile allows no ptrace at all
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import os
import time

from hostile import attempt, syscall

child = os.fork()
if child == 0:
    time.sleep(30)
    os._exit(0)
attempt("PTRACE_SEIZE of a child", syscall, 101, 0x4206, child, 0, 0)
os.kill(child, 9)
