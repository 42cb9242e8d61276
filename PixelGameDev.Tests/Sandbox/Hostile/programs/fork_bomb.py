# idea: every process forks for ever
# stopped-by: the sandbox's process limit
# expect: ended
# ends: process_limit|stopped
# subprocess: not held, only Docker counts the processes of a sandbox
import os

while True:
    try:
        os.fork()
    except OSError:
        pass
