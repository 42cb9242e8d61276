# idea: find any setting of the kernel that can be written (opened, never written)
# stopped-by: /proc/sys and /sys are read-only, and not root
# expect: blocked
# ends: finished
# subprocess: not held, ns_last_pid can be opened there, though not written
import os

from hostile import blocked, escaped, open_for_writing

tried = 0
for top in ("/proc/sys", "/sys"):
    for folder, _, names in os.walk(top):
        for name in names:
            tried += 1
            try:
                open_for_writing(os.path.join(folder, name))
                escaped(os.path.join(folder, name))
            except OSError:
                pass
blocked("settings of the kernel", "not one can be written" if tried > 50 else "nothing is there")
