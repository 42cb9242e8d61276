# idea: ask a million times from a hundred threads
# stopped-by: questions have a limit of their own; who asks a thousand times a second floods
# expect: ended
# ends: output_limit|stopped
import threading


def ask():
    while True:
        try:
            input("?" * 4000)
        except BaseException:
            pass


for _ in range(100):
    try:
        threading.Thread(target=ask, daemon=True).start()
    except RuntimeError:
        break
ask()
