# idea: cut the shared memory's file short, so that GameHost touches pages that are gone (SIGBUS)
# stopped-by: the file is sealed against shrinking, or GameHost's own mapping outlives it
# expect: ended
# ends: finished|crashed|protocol_error|stopped
import os
import time

import pygame

screen = pygame.display.set_mode((320, 240))
pygame.display.flip()
for descriptor in range(3, 64):
    try:
        os.ftruncate(descriptor, 0)
    except OSError:
        pass
for folder in ("/dev/shm", "/tmp"):
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        try:
            os.truncate(os.path.join(folder, name), 0)
        except OSError:
            pass
for _ in range(30):
    try:
        pygame.display.flip()
    except BaseException:
        break
    time.sleep(0.01)
os._exit(0)
