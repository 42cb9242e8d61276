# idea: rename the machine
# stopped-by: the seccomp profile, and no capability
# expect: blocked
# ends: finished
# proof: root cap=SYS_ADMIN no-seccomp
import socket

from hostile import attempt

attempt("sethostname", socket.sethostname, "hostile")
