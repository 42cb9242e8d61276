# idea: make device nodes of its own: disks, memory
# stopped-by: no capability, and the device cgroup
# expect: blocked
# ends: finished
# proof: root cap=MKNOD
import os
import stat

from hostile import attempt

for name, kind, major, minor in (("disk", stat.S_IFBLK, 254, 0), ("memory", stat.S_IFCHR, 1, 1), ("log", stat.S_IFCHR, 1, 11)):
    attempt(name, os.mknod, f"node-{name}", kind | 0o600, os.makedev(major, minor))
