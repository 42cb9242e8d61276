# idea: change GameHost, the Python runtime or Python itself for the next session
# stopped-by: a read-only root owned by somebody else; a sandbox serves one session
# expect: blocked
# ends: finished
import os

from hostile import attempt

paths = ["/usr/bin/python3", "/opt/pixel/gamehost", os.__file__]
try:
    import pixel_runtime

    paths.append(pixel_runtime.__file__)
except ImportError:
    pass
for path in paths:
    attempt(path, lambda name=path: os.close(os.open(name, os.O_WRONLY)))
    attempt(f"removing {path}", os.unlink, path)
