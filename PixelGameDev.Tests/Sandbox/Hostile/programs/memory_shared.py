# idea: take memory as shared anonymous pages, which belong to no single process
# stopped-by: the sandbox's memory limit counts them
# expect: ended
# ends: memory_limit
# subprocess: not held, memory is counted for each process alone, and some kinds of it not at all
import mmap

hoard = []
while True:
    page = mmap.mmap(-1, 16 << 20)
    page.write(b"\xff" * (16 << 20))
    hoard.append(page)
