# idea: a million window captions of a megabyte
# stopped-by: captions are cut and rate limited
# expect: ended
# ends: finished|stopped|stream_limit|output_limit
import pygame

pygame.display.set_mode((64, 64))
for number in range(20_000):
    pygame.display.set_caption(f"{number}" * 50_000)
