# idea: update rectangles that are not numbers, negative, or far outside
# stopped-by: only whole rectangles inside the picture reach the capture
# expect: survived
# ends: finished
import pygame

from hostile import survived

screen = pygame.display.set_mode((320, 240))
for rect in (
    (float("nan"), 0, 10, 10), (0, 0, float("inf"), 1), (-(2**31), -(2**31), 2**31 - 1, 2**31 - 1), (2**40, 0, 1, 1),
    (0, 0, -5, -5), (319, 239, 100_000, 100_000), None, (), "text", [None], [(1e308, 1e308, 1e308, 1e308)],
):
    try:
        pygame.display.update(rect)
    except (TypeError, ValueError, OverflowError, pygame.error):
        pass
pygame.display.flip()
survived("every rectangle")
