# idea: find a directory of the host among the mounts
# stopped-by: no mount of the host but the read-only link directory
# expect: blocked
# ends: finished
# subprocess: not held, it is the host's own file system seen read-only
# proof: root host-directory
from hostile import blocked, escaped

found = []
with open("/proc/self/mountinfo") as mounts:
    for line in mounts:
        before, after = line.split(" - ")
        root, point = before.split()[3:5]
        kind, source = after.split()[:2]
        # Docker writes these three itself, files with the sandbox's own name and resolver.
        known = point in ("/etc/hosts", "/etc/hostname", "/etc/resolv.conf") or point.startswith("/link")
        if source.startswith("/dev/") and not known:
            found.append(f"{point} from {root}")
if found:
    escaped(found)
else:
    blocked("a directory of the host", "only the link directory")
