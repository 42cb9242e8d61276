# idea: recursion without end
# stopped-by: Python's own limit; the learner sees her line
# expect: ended
# ends: crashed


def deeper(n):
    return deeper(n + 1)


deeper(0)
