# idea: open GameHost's descriptors, the link among them
# stopped-by: GameHost is not dumpable
# expect: blocked
# ends: finished
# proof: root cap=SYS_PTRACE
import os

from hostile import attempt

attempt("listing GameHost's descriptors", os.listdir, "/proc/1/fd")
for number in range(8):
    attempt(f"descriptor {number} of GameHost", os.readlink, f"/proc/1/fd/{number}")
