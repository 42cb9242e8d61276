# idea: as many mappings as there can be in each of many processes
# stopped-by: the memory limit, which counts them
# expect: survived
# ends: finished|memory_limit
# subprocess: not held, only the game's own memory is limited there
import ctypes
import os
import time

from hostile import libc, survived

children = []
for _ in range(20):
    child = os.fork()
    if child == 0:
        for _ in range(33_000):
            libc.mmap(None, 4096, 1, 0x22, -1, 0)
            libc.mmap(None, 4096, 3, 0x22, -1, 0)
        time.sleep(1)
        os._exit(0)
    children.append(child)
for child in children:
    os.waitpid(child, 0)
survived("made mappings until there was no room")
