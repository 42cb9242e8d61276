# idea: chroot, the first step of leaving one
# stopped-by: the seccomp profile, and no capability
# expect: blocked
# ends: finished
# proof: root cap=SYS_CHROOT
import os

from hostile import attempt, syscall

os.makedirs("root", exist_ok=True)
attempt("pivot_root", syscall, 155, b"root", b"root")
attempt("chroot", os.chroot, "root")
