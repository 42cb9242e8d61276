# idea: leases and old notices of directories, two more things that the kernel keeps for a file
# stopped-by: the seccomp profile: no such fcntl
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import fcntl
import os

from hostile import attempt

file = os.open("leased", os.O_RDONLY | os.O_CREAT)
attempt("F_SETLEASE", fcntl.fcntl, file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
attempt("F_NOTIFY", fcntl.fcntl, os.open(".", os.O_RDONLY), fcntl.F_NOTIFY, 0x80000002)
