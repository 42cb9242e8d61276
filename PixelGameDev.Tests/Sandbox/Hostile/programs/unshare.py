# idea: new namespaces, in which it would be root
# stopped-by: the seccomp profile
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: root cap=SYS_ADMIN no-seccomp
import os

from hostile import blocked, escaped, syscall

kinds = {"user": 0x10000000, "mount": 0x20000, "network": 0x40000000, "pid": 0x20000000, "ipc": 0x8000000, "uts": 0x4000000, "cgroup": 0x2000000, "time": 0x80}
for name, flag in kinds.items():
    child = os.fork()
    if child == 0:
        try:
            syscall(272, flag)
            os._exit(0)
        except OSError as error:
            os._exit(error.errno)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code == 0:
        escaped(f"a new {name} namespace")
    else:
        blocked(f"a new {name} namespace", OSError(code, ""))
