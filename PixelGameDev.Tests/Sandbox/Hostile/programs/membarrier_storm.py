# idea: memory barriers on all processors, without end
# stopped-by: the kernel interrupts only those that asked for it; the sandbox's share of the processors
# expect: ended
# ends: stopped
import os

from hostile import syscall

for _ in range(7):
    if os.fork() == 0:
        break
while True:
    for command in (1 << 0, 1 << 1, 1 << 3):
        try:
            syscall(324, command, 0, 0)
        except OSError:
            pass
