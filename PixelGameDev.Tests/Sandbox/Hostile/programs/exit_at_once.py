# idea: leave without a word, past every handler of Python's
# stopped-by: nothing to stop: GameHost sees the exit code and says so
# expect: ended
# ends: finished
import os

os._exit(42)
