# idea: crash or reboot the machine through /proc/sysrq-trigger (opened, never written)
# stopped-by: read-only, and not root
# expect: blocked
# ends: finished
from hostile import attempt, open_for_writing

attempt("/proc/sysrq-trigger", open_for_writing, "/proc/sysrq-trigger")
attempt("/proc/sys/kernel/sysrq", open_for_writing, "/proc/sys/kernel/sysrq")
