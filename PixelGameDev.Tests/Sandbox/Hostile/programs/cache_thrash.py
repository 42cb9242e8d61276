# idea: write all over the memory, so that nothing of the neighbours stays in the processor's caches
# stopped-by: the sandbox's share of the processors
# expect: ended
# ends: stopped
import os

for _ in range(3):
    if os.fork() == 0:
        break
block = bytearray(32 << 20)
view = memoryview(block)
while True:
    view[: 16 << 20] = view[16 << 20 :]
    view[16 << 20 :] = view[: 16 << 20]
