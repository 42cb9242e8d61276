# idea: one endless instruction that holds Python's lock, so that no other thread of the game runs
# stopped-by: the game is killed from outside after its two seconds of grace
# expect: ended
# ends: stopped|memory_limit
print("holding the lock", flush=True)
10 ** (10 ** 9)
