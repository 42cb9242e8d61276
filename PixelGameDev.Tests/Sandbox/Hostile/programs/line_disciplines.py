# idea: make the kernel load line disciplines (n_gsm, n_hdlc), a place of many flaws, or type into a terminal
# stopped-by: the seccomp profile: no such ioctl; and no terminals
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import errno
import fcntl
import os
import struct

from hostile import blocked, escaped

try:
    terminal = os.openpty()[1]
except OSError as error:
    blocked("a terminal", error)
    terminal = 0
# The discipline that it has already (0), so that no module is loaded where it works.
for name, request, argument in (("TIOCSETD", 0x5423, 0), ("TIOCSETD with a high bit", 0x5423 | 1 << 32, 0), ("TIOCSTI", 0x5412, 32), ("TIOCLINUX", 0x541C, 2)):
    try:
        fcntl.ioctl(terminal, request & 0xFFFFFFFF, struct.pack("i", argument))
        escaped(name)
    except OSError as error:
        if error.errno == errno.EPERM:
            blocked(name, error)
        elif terminal:
            blocked(name, f"by the terminal, {error}")
        else:
            escaped(f"{name} reached the kernel: {error}")
