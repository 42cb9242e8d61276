# idea: take all the terminals of the host (3,072 for all containers), with their buffers in memory that no limit counts
# stopped-by: no terminals: /dev/pts is empty and read-only
# expect: blocked
# ends: finished
# subprocess: not held, bubblewrap gives terminals of its own
# proof: no-seccomp
import os

from hostile import attempt

attempt("/dev/ptmx", os.open, "/dev/ptmx", os.O_RDWR)
attempt("/dev/pts/ptmx", os.open, "/dev/pts/ptmx", os.O_RDWR)
attempt("a terminal", os.openpty)
