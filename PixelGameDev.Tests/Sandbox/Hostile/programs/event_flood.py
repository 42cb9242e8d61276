# idea: fill the event queue without ever reading it
# stopped-by: SDL's queue is bounded
# expect: survived
# ends: finished
import pygame

from hostile import survived

pygame.init()
pygame.display.set_mode((64, 64))
refused = 0
for _ in range(200_000):
    try:
        if not pygame.event.post(pygame.event.Event(pygame.USEREVENT, data="x" * 100)):
            refused += 1
    except pygame.error:
        refused += 1
pygame.display.flip()
survived("the queue took what it could")
