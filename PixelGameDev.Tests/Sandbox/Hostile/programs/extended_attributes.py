# idea: keep kernel memory in extended attributes of memory files
# stopped-by: the memory limit, which counts them
# expect: ended
# ends: memory_limit|finished|crashed
# subprocess: not held, only the game's own memory is limited there
import os

from hostile import escaped

held = 0
for file in range(400):
    memory = os.memfd_create("x")
    try:
        for name in range(1000):
            os.setxattr(f"/proc/self/fd/{memory}", f"user.{name}", b"x" * 4000)
            held += 4000
    except OSError:
        if held == 0:
            break
    if held > 400 << 20:
        escaped("held 400 MB in extended attributes")
        break
