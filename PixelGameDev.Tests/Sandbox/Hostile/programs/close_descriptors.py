# idea: close every descriptor, also those of the runtime
# stopped-by: GameHost takes a game it cannot hear any more for ended
# expect: ended
# ends: finished|crashed|stopped
import os
import time

import pygame

pygame.display.set_mode((64, 64))
os.closerange(0, 1024)
for _ in range(30):
    try:
        pygame.display.flip()
    except BaseException:
        pass
    time.sleep(0.01)
