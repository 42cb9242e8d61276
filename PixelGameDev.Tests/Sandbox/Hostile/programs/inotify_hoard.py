# idea: use up the inotify instances of the user (128 for all together): then no service of that user can start
# stopped-by: the seccomp profile: no inotify
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
from hostile import attempt, syscall

attempt("inotify_init", syscall, 253)
attempt("inotify_init1", syscall, 294, 0)
