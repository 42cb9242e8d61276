"""Runs a game under plain SDL, without our runtime, and stores its pictures.

    python3 plain.py <directory of the game> <file of the game> <output directory> <pictures> <seconds>

Picture n (from 1) is the display surface at the game's n-th flip() or update(), written as "<width> <height>\\n" and RGB.
Ends after <pictures> pictures, or when the game has shown no new picture for <seconds> seconds.
"""

import os
import sys
import threading
import time

os.environ.update(SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="dummy", PYGAME_HIDE_SUPPORT_PROMPT="1")
os.environ.setdefault("HOME", "/tmp")
directory, entry, output, pictures, seconds = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])

import pygame  # noqa: E402

shown = 0
last = time.monotonic() + 8


def watch():
    while time.monotonic() < last + seconds:
        time.sleep(0.05)
    os._exit(0)


def keep(real):
    def show(*args):
        global shown, last
        real(*args)
        surface = pygame.display.get_surface()
        shown += 1
        width, height = surface.get_size()
        with open(os.path.join(output, str(shown)), "wb") as file:
            file.write(b"%d %d\n" % (width, height) + pygame.image.tostring(surface, "RGB"))
        last = time.monotonic()
        if shown == pictures:
            os._exit(0)

    return show


pygame.display.flip = keep(pygame.display.flip)
pygame.display.update = keep(pygame.display.update)
threading.Thread(target=watch, daemon=True).start()
os.chdir(directory)
sys.path[0] = directory
sys.argv = [entry]
path = os.path.join(directory, entry)
main = type(sys)("__main__")
main.__file__ = path
sys.modules["__main__"] = main
with open(path, "rb") as source:
    exec(compile(source.read(), path, "exec"), main.__dict__)
