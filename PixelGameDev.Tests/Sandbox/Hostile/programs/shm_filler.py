# idea: fill /dev/shm
# stopped-by: /dev/shm has a size
# expect: blocked
# ends: finished|disk_limit|memory_limit
# subprocess: not held, /dev/shm has no size of its own
# proof: root shm=1g
from hostile import attempt


def fill():
    with open("/dev/shm/fill", "wb") as file:
        for _ in range(512):
            file.write(b"\xff" * (1 << 20))


attempt("512 MiB in /dev/shm", fill)
