# idea: another window size for every frame
# stopped-by: nothing grows with the number of changes
# expect: survived
# ends: finished|memory_limit|crashed
import pygame

from hostile import survived

for number in range(1000):
    screen = pygame.display.set_mode((1 + number * 7 % 640, 1 + number * 13 % 480))
    screen.fill((number % 256, 0, 0))
    pygame.display.flip()
survived("a thousand windows")
