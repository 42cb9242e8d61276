# idea: use up the epoll watches of the user (4 % of the host's memory for all together): then no service of that user takes a connection
# stopped-by: the seccomp profile: no epoll
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import select

from hostile import attempt, syscall

attempt("epoll_create", syscall, 213, 1)
attempt("epoll_create1", syscall, 291, 0)
attempt("select.epoll", lambda: select.epoll().close())
