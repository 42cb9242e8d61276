# idea: have the kernel kill somebody else when memory runs out
# stopped-by: lowering the score needs a capability
# expect: blocked
# ends: finished
from hostile import attempt


def lower():
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("-900")


attempt("a lower score", lower)
