# idea: become root by asking
# stopped-by: no capability, no new privileges
# expect: blocked
# ends: finished
# proof: root cap=SETUID cap=SETGID
import os

from hostile import attempt

attempt("setuid", os.setuid, 0)
attempt("setresuid", os.setresuid, 0, 0, 0)
attempt("setgroups", os.setgroups, [0])
attempt("setgid", os.setgid, 0)
