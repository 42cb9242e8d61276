# idea: fill the disk
# stopped-by: the working directory is a tmpfs with a size
# expect: blocked
# ends: finished|disk_limit
# subprocess: not held, the working directory is an ordinary directory
# proof: root
import signal

from hostile import attempt

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def fill():
    for number in range(64):
        with open(f"fill{number}", "wb") as file:
            for _ in range(16):
                file.write(b"\xff" * (1 << 20))


attempt("1 GiB in the working directory", fill)
