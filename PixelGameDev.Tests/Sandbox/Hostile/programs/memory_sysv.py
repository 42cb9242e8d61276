# idea: System V shared memory survives the process that made it
# stopped-by: an IPC namespace of its own, gone with the sandbox; its pages count as the sandbox's memory
# expect: ended
# ends: memory_limit|finished|crashed
# subprocess: not held, memory is counted for each process alone, and some kinds of it not at all
import ctypes

from hostile import blocked, escaped, libc

libc.shmat.restype = ctypes.c_void_p
total = 0
while total < 2 << 30:
    segment = libc.shmget(0, ctypes.c_size_t(16 << 20), 0o1600)
    if segment < 0:
        blocked("System V memory", OSError(ctypes.get_errno(), ""))
        break
    address = libc.shmat(segment, None, 0)
    if address in (None, ctypes.c_void_p(-1).value):
        blocked("System V memory", OSError(ctypes.get_errno(), ""))
        break
    ctypes.memset(address, 255, 16 << 20)
    total += 16 << 20
else:
    escaped("2 GiB of System V memory")
