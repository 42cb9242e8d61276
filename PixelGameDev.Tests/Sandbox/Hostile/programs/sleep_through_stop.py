# idea: ignore QUIT and every signal, and sleep through Stop
# stopped-by: killed after two seconds of grace
# expect: ended
# ends: stopped
import signal
import time

import pygame

for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
pygame.display.set_mode((64, 64))
while True:
    try:
        pygame.event.get()
        time.sleep(3600)
    except BaseException:
        pass
