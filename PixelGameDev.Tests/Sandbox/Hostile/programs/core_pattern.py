# idea: have the kernel run a program of ours as root on the next crash (opened, never written)
# stopped-by: read-only, and not root
# expect: blocked
# ends: finished
from hostile import attempt, open_for_writing

for name in ("core_pattern", "modprobe", "hotplug", "usermodehelper/bset"):
    attempt(name, open_for_writing, f"/proc/sys/kernel/{name}")
attempt("binfmt_misc", open_for_writing, "/proc/sys/fs/binfmt_misc/register")
attempt("uevent_helper", open_for_writing, "/sys/kernel/uevent_helper")
