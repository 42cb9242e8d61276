# idea: millions of locks on ranges of a file: memory of the host that no limit counts (22,000 a second were kept)
# stopped-by: the seccomp profile: such a lock succeeds and is not kept; flock is, one for each open file
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import fcntl
import os
import struct

from hostile import blocked, escaped

F_GETLK, F_SETLK, F_OFD_SETLK = 5, 6, 37
files = {F_SETLK: "locked", F_OFD_SETLK: "locked too"}
keep = []
for command, name in files.items():
    file = os.open(name, os.O_RDWR | os.O_CREAT)
    keep.append(file)
    for byte in range(2000, 0, -1):
        fcntl.fcntl(file, command, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, byte * 2, 1, 0))
read, write = os.pipe()
if os.fork() == 0:
    kept = 0
    for name in files.values():
        other = os.open(name, os.O_RDWR)
        for byte in range(1, 2001):
            found = fcntl.fcntl(other, F_GETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, byte * 2, 1, 0))
            kept += struct.unpack_from("h", found)[0] != fcntl.F_UNLCK
    os.write(write, str(kept).encode())
    os._exit(0)
os.wait()
kept = int(os.read(read, 20))
if kept:
    escaped(f"{kept} locks are kept")
else:
    blocked("4000 locks", "none is kept")
