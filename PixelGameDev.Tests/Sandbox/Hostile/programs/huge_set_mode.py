# idea: a window of a hundred thousand pixels squared
# stopped-by: pygame's and our own limit of the picture's size
# expect: blocked
# ends: finished|crashed
import pygame

from hostile import blocked, escaped

for size in ((100_000, 100_000), (65_536, 65_536), (2_000_000_000, 1), (16_000, 16_000), (1, 100_000)):
    try:
        screen = pygame.display.set_mode(size)
        pygame.display.flip()
        if screen.get_size() == size:
            escaped(f"a window of {size}")
        else:
            blocked(f"a window of {size}", screen.get_size())
    except (pygame.error, ValueError, MemoryError, OverflowError) as error:
        blocked(f"a window of {size}", error)
