# idea: show and hide the cursor a million times
# stopped-by: only changes are sent, and they are rate limited
# expect: ended
# ends: finished|stopped|stream_limit
import pygame

pygame.display.set_mode((64, 64))
for number in range(1_000_000):
    pygame.mouse.set_visible(number % 2)
