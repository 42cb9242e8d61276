# idea: hide memory in files that have no name (memfd), past every size of a tmpfs
# stopped-by: the sandbox's memory limit, or the file size limit and the number of open files
# expect: ended
# ends: memory_limit|crashed|finished
# subprocess: not held, memory is counted for each process alone, and some kinds of it not at all
import os
import signal

from hostile import blocked, escaped

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
files = []
total = 0
try:
    while total < 2 << 30:
        file = os.memfd_create("hoard")
        files.append(file)
        for _ in range(16):
            total += os.write(file, b"\xff" * (1 << 20))
    escaped(f"{total >> 20} MiB in files without a name")
except OSError as error:
    blocked("memory in files without a name", error)
