# idea: let the kernel merge its pages with equal ones of neighbours, and see from the time of a write what they hold
# stopped-by: the seccomp profile: no such madvise
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
# needs: same-page-merging
import mmap

from hostile import attempt

page = mmap.mmap(-1, 1 << 20)
attempt("MADV_MERGEABLE", page.madvise, 12)
