# idea: start threads without end
# stopped-by: the process limit counts threads too
# expect: blocked
# ends: finished|process_limit
# subprocess: not held, only Docker counts the threads of a sandbox
import threading

from hostile import attempt

gate = threading.Event()


def bomb():
    for _ in range(5000):
        threading.Thread(target=gate.wait, daemon=True).start()


attempt("5000 threads", bomb)
gate.set()
