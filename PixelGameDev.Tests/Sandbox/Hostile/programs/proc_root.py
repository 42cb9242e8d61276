# idea: leave through /proc/1/root and /proc/1/cwd
# stopped-by: GameHost is not dumpable, so its links cannot be followed; and it sees no more than the game
# expect: blocked
# ends: finished
# proof: root cap=SYS_PTRACE
import os

from hostile import attempt

attempt("/proc/1/root", os.listdir, "/proc/1/root/")
attempt("/proc/1/cwd", os.listdir, "/proc/1/cwd/")
