# idea: real-time priority, above everybody else on the machine
# stopped-by: needs a capability
# expect: blocked
# ends: finished
# proof: root cap=SYS_NICE
import os

from hostile import attempt

attempt("nice -5", os.setpriority, os.PRIO_PROCESS, 0, -5)
attempt("first in, first out", os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(1))
