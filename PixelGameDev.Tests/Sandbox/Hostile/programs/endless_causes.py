# idea: exceptions that cause each other a hundred thousand deep, ending in a circle
# stopped-by: reports have a limit of depth and length
# expect: ended
# ends: crashed
error = ValueError("first")
first = error
for number in range(100_000):
    following = KeyError(number)
    following.__cause__ = error
    error = following
first.__context__ = error
raise error
