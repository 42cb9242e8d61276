# idea: new namespaces through clone and clone3, past a filter that only knows unshare
# stopped-by: the seccomp profile looks into clone's flags and answers ENOSYS for clone3
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: root cap=SYS_ADMIN no-seccomp
import ctypes
import os
import signal

from hostile import blocked, escaped, libc


def child_of(number, *args):
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *args)
    if result == 0:
        os._exit(0)
    return result, ctypes.get_errno()


USER_NAMESPACE = 0x10000000
clone3 = (ctypes.c_uint64 * 11)(USER_NAMESPACE, 0, 0, 0, signal.SIGCHLD, 0, 0, 0, 0, 0, 0)
tries = (
    ("clone", (56, ctypes.c_long(USER_NAMESPACE | signal.SIGCHLD), None, None, None, None)),
    ("clone3", (435, clone3, ctypes.c_long(88))),
)
for name, call in tries:
    pid, code = child_of(*call)
    if pid > 0:
        os.waitpid(pid, 0)
        escaped(f"{name} with a user namespace")
    else:
        blocked(f"{name} with a user namespace", OSError(code, ""))
