# idea: never many processes, but new ones as fast as the kernel makes them
# stopped-by: the sandbox's share of the processor; ends with the session
# expect: ended
# ends: stopped
import os

while True:
    try:
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
    except OSError:
        pass
