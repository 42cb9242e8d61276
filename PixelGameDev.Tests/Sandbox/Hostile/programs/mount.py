# idea: mount something, the old way and the new way
# stopped-by: the seccomp profile, and no capability
# expect: blocked
# ends: finished
# proof: root cap=SYS_ADMIN no-seccomp
import ctypes
import os

from hostile import attempt, libc, syscall

os.makedirs("point", exist_ok=True)


def old(source, kind, flags):
    if libc.mount(source, os.path.abspath("point").encode(), kind, ctypes.c_ulong(flags), None) != 0:
        raise OSError(ctypes.get_errno(), "")


attempt("mount of a tmpfs", old, b"tmpfs", b"tmpfs", 0)
attempt("mount of proc", old, b"proc", b"proc", 0)
attempt("bind mount of /", old, b"/", None, 4096)
attempt("open_tree", syscall, 428, -100, b"/", 1)
attempt("fsopen", syscall, 430, b"tmpfs", 0)
