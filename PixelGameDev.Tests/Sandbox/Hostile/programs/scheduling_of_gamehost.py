# idea: put process 1, or everything of the user, behind all others on the processors
# stopped-by: the seccomp profile: scheduling of one's own only
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import os

from hostile import attempt

# What it has already: in this way nothing changes where it works.
nice = os.getpriority(os.PRIO_PROCESS, 1)
attempt("niceness of process 1", os.setpriority, os.PRIO_PROCESS, 1, nice)
attempt("niceness of its group", os.setpriority, os.PRIO_PGRP, 1, nice)
attempt("niceness of the user", os.setpriority, os.PRIO_USER, 0, nice)
attempt("scheduling of process 1", os.sched_setscheduler, 1, os.sched_getscheduler(1), os.sched_param(0))
attempt("processors of process 1", os.sched_setaffinity, 1, os.sched_getaffinity(1))
