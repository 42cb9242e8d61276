# idea: read the kernel's secrets in /proc: memory, keys, symbols, timers
# stopped-by: Docker masks them, and not root
# expect: blocked
# ends: finished
# proof: root unmasked
from hostile import blocked, escaped

for name in ("kcore", "keys", "latency_stats", "timer_list", "sched_debug", "kmsg", "kpagecount", "vmallocinfo"):
    try:
        with open(f"/proc/{name}", "rb") as file:
            if file.read(16):
                escaped(f"/proc/{name}")
            else:
                blocked(f"/proc/{name}", "empty")
    except OSError as error:
        blocked(f"/proc/{name}", error)
