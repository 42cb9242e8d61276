# idea: replace the parts of pixel_runtime that run inside the game's own process
# stopped-by: everything that matters is in GameHost, another process
# expect: survived
# ends: finished|crashed
import sys

import pygame

from hostile import survived

pygame.display.set_mode((64, 64))
for name, module in list(sys.modules.items()):
    if name.startswith("pixel_runtime"):
        for attribute in list(vars(module)):
            if not attribute.startswith("__"):
                setattr(module, attribute, None)
try:
    pygame.display.flip()
    pygame.event.get()
except BaseException:
    pass
survived("replaced everything in reach")
