# idea: timers without end; the kernel counts them with the signals of the user, who is the same one in every sandbox
# stopped-by: the limit of pending signals
# expect: blocked
# ends: finished
# proof: no-seccomp
import ctypes
import struct

from hostile import blocked, escaped, syscall

event = (ctypes.c_byte * 64)()
struct.pack_into("qii", event, 0, 0, 0, 1)
number = ctypes.c_int()
made = 0
try:
    while made < 3000:
        syscall(222, 1, event, ctypes.addressof(number))
        made += 1
except OSError as error:
    blocked(f"{made} timers", error)
else:
    escaped(f"{made} timers")
