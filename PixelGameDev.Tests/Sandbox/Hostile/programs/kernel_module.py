# idea: load or remove a module of the kernel (no image is ever given)
# stopped-by: the seccomp profile, and no capability
# expect: blocked
# ends: finished
from hostile import attempt, syscall

attempt("init_module", syscall, 175, None, 0, b"")
attempt("finit_module", syscall, 313, -1, b"", 0)
attempt("delete_module", syscall, 176, b"hostile-no-such-module", 0)
