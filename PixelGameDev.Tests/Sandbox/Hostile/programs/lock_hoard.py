# idea: millions of locks on ranges of a file: memory of the host that no limit counts (22,000 a second were kept)
# stopped-by: the seccomp profile: such a lock succeeds and is not kept; flock is, one for each open file
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import fcntl
import os
import struct

from hostile import blocked, escaped, survived

F_GETLK, F_SETLK, F_OFD_SETLK = 5, 6, 37
file = os.open("locked", os.O_RDWR | os.O_CREAT)
for command in (F_SETLK, F_OFD_SETLK):
    for byte in range(2000, 0, -1):
        fcntl.fcntl(file, command, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, byte * 2, 1, 0))
read, write = os.pipe()
if os.fork() == 0:
    other = os.open("locked", os.O_RDWR)
    kinds = [struct.unpack_from("h", fcntl.fcntl(other, F_GETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, byte * 2, 1, 0)))[0] for byte in range(1, 2001)]
    os.write(write, str(sum(kind != fcntl.F_UNLCK for kind in kinds)).encode())
    os._exit(0)
os.wait()
kept = int(os.read(read, 20))
if kept:
    escaped(f"{kept} locks are kept")
else:
    blocked("4000 locks", "none is kept")
