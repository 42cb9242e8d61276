# idea: recursion without end and without Python's limit, until the C stack is full
# stopped-by: Python counts the depth in C too, or the kernel ends the game alone
# expect: ended
# ends: finished|crashed
import sys
import threading

sys.setrecursionlimit(1 << 30)
threading.stack_size(16 << 20)


class Deep:
    def __repr__(self):
        return repr(self)


thread = threading.Thread(target=lambda: repr(Deep()))
thread.start()
thread.join()
raise SystemExit("no end")
