# idea: start another kernel (none is ever given), or ask for a reboot
# stopped-by: the seccomp profile, and no capability
# expect: blocked
# ends: finished
from hostile import attempt, syscall

attempt("kexec_load", syscall, 246, 0, 0, None, 0)
attempt("kexec_file_load", syscall, 320, -1, -1, 0, b"", 8)
# CAD_OFF: even if it were allowed, nothing would restart.
attempt("reboot", syscall, 169, -18751827, 672274793, 0, None)
