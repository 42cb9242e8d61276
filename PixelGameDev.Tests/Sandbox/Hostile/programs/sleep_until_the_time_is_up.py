# idea: do nothing at all, for ever, and hold a place
# stopped-by: the session's time limit
# expect: ended
# ends: time_limit
import time

while True:
    time.sleep(3600)
