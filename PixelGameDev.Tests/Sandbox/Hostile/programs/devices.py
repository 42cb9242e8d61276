# idea: open the machine's devices
# stopped-by: only null, zero, full, random, urandom, tty are there
# expect: blocked
# ends: finished
import os
import stat

from hostile import blocked, escaped

harmless = {"null", "zero", "full", "random", "urandom", "tty", "ptmx", "console"}
for name in ("mem", "kmem", "port", "kmsg", "kvm", "fuse", "net/tun", "vda", "sda", "nvme0n1", "loop0", "loop-control", "vsock", "vhost-vsock", "dri/card0", "input/event0", "snd/timer", "uinput"):
    try:
        os.close(os.open(f"/dev/{name}", os.O_RDONLY | os.O_NONBLOCK))
        escaped(f"/dev/{name}")
    except OSError as error:
        blocked(f"/dev/{name}", error)
for entry in os.scandir("/dev"):
    mode = entry.stat(follow_symlinks=False).st_mode
    if (stat.S_ISBLK(mode) or stat.S_ISCHR(mode)) and entry.name not in harmless:
        escaped(f"a device that should not be here: {entry.name}")
