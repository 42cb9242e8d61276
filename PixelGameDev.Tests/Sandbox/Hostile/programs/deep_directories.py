# idea: directories so deep that whoever cleans up runs out of stack or path
# stopped-by: the working directory goes with the sandbox, nobody walks it
# expect: survived
# ends: finished
# subprocess: not held, kept from this run: somebody would have to walk it
import os

from hostile import survived

depth = 0
try:
    for depth in range(20_000):
        os.mkdir("d")
        os.chdir("d")
except OSError:
    pass
survived(f"{depth} directories deep")
