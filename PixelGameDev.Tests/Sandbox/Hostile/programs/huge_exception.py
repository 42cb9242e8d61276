# idea: an exception whose text is 50 MB
# stopped-by: reports are cut before they leave the sandbox
# expect: ended
# ends: crashed
raise ValueError("x" * 50_000_000)
