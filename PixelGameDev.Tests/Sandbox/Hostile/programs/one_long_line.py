# idea: one line of 100 MB
# stopped-by: the console's rate limit, nothing keeps the line whole
# expect: ended
# ends: output_limit|finished|memory_limit
print("x" * 100_000_000)
