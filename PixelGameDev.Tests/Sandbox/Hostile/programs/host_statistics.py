# idea: watch the whole machine: interrupts, disks, memory, power, modules, other programs' locks (reading those stops all locking)
# stopped-by: masked paths
# expect: blocked
# ends: finished
# subprocess: not held, bubblewrap's /proc shows the machine
# proof: unmasked
from hostile import blocked, escaped

for path in (
    "/proc/interrupts", "/proc/softirqs", "/proc/diskstats", "/proc/vmstat", "/proc/zoneinfo", "/proc/buddyinfo", "/proc/partitions",
    "/proc/modules", "/proc/locks", "/proc/pressure/cpu", "/proc/pressure/memory", "/proc/pressure/io",
):
    try:
        with open(path) as file:
            text = file.read(4096)
    except OSError as error:
        blocked(path, error)
    else:
        if text.strip():
            escaped(f"{path} tells: {text.splitlines()[0][:60]}")
        else:
            blocked(path, "empty")
