# idea: fill the signal that GameHost waits for, empty it, and change how it is read
# stopped-by: GameHost has a second one of its own, and asks before it reads
# expect: survived
# ends: finished
import os
import struct
import time

import pygame
from hostile import survived

os.set_blocking(5, False)
full = struct.pack("Q", (1 << 64) - 2)
end = time.monotonic() + 1
while time.monotonic() < end:
    for action in (lambda: os.write(5, full), lambda: os.read(5, 8)):
        try:
            action()
        except OSError:
            pass
os.set_blocking(5, True)
screen = pygame.display.set_mode((64, 64))
screen.fill((1, 2, 3))
pygame.display.flip()
survived("still shows pictures")
