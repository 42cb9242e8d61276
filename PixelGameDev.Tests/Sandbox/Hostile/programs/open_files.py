# idea: open files until the machine has no descriptors left
# stopped-by: the limit of open files
# expect: blocked
# ends: finished
import os

from hostile import attempt

files = []


def hoard():
    while len(files) < 100_000:
        files.append(os.open("/dev/null", os.O_RDONLY))


attempt("100 000 open files", hoard)
for file in files:
    os.close(file)
