# idea: list the processes of the machine
# stopped-by: a PID namespace of its own
# expect: blocked
# ends: finished
# proof: root host-pids
import os

from hostile import blocked, escaped

others = [int(name) for name in os.listdir("/proc") if name.isdigit()]
if len(others) > 24 or max(others) > 5000:
    escaped(f"{len(others)} processes up to {max(others)}")
else:
    blocked("other people's processes", f"only {len(others)} here")
