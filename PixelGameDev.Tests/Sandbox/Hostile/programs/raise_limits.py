# idea: raise its own resource limits
# stopped-by: hard limits need a capability
# expect: blocked
# ends: finished
import resource

from hostile import attempt

for name in ("NOFILE", "FSIZE", "CORE", "MEMLOCK"):
    kind = getattr(resource, f"RLIMIT_{name}")
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        attempt(name, resource.setrlimit, kind, (hard + 1, hard + 1))
