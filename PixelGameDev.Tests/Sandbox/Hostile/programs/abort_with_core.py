# idea: die leaving a core file as large as the memory
# stopped-by: the core limit is 0
# expect: ended
# ends: crashed
# subprocess: not held, the machine's own core settings apply
import os
import resource

from hostile import escaped

try:
    resource.setrlimit(resource.RLIMIT_CORE, (1 << 30, 1 << 30))
    escaped("core files allowed")
except (OSError, ValueError):
    pass
os.abort()
