# idea: wait in input() for an answer that never comes, and never look at anything else
# stopped-by: a session that is stopped or idle ends whatever the game waits for
# expect: ended
# ends: stopped
while True:
    try:
        input("again? " * 1000)
    except BaseException:
        pass
