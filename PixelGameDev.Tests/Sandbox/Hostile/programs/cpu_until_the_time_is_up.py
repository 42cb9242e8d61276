# idea: an endless loop that never draws and never ends by itself
# stopped-by: the session's time limit
# expect: ended
# ends: time_limit
while True:
    pass
