# idea: give process 1 a limit of processor time, at which the kernel itself kills it
# stopped-by: the seccomp profile: limits of one's own only
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import resource

from hostile import attempt

for name in ("CPU", "FSIZE", "DATA", "AS", "NPROC", "SIGPENDING"):
    kind = getattr(resource, f"RLIMIT_{name}", 11)
    attempt(name, lambda k=kind: resource.prlimit(1, k, resource.prlimit(1, k)))
