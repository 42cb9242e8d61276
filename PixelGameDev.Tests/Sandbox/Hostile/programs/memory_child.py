# idea: take all memory in a child, so that the game itself exits with code 0
# stopped-by: the sandbox's memory limit holds for all its processes together
# expect: ended
# ends: memory_limit
# subprocess: not held, memory is counted for each process alone, and some kinds of it not at all
import os

child = os.fork()
if child == 0:
    hoard = []
    while True:
        hoard.append(bytearray(b"\xff") * (8 << 20))
os.waitpid(child, 0)
