# idea: use up the file system's inodes with empty files
# stopped-by: the tmpfs has a limit of files, and they count as the sandbox's memory
# expect: blocked
# ends: finished|disk_limit|memory_limit
# subprocess: not held, the working directory is an ordinary directory
import os

from hostile import attempt


def fill():
    for number in range(400_000):
        os.close(os.open(f"f{number}", os.O_CREAT | os.O_WRONLY))


attempt("400 000 empty files", fill)
