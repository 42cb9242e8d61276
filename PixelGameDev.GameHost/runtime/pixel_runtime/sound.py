"""Sound goes through SDL's disk driver into a pipe. GameHost reads it at the pace of the clock and must know its format."""

import os
import struct

from . import control

_format = struct.Struct("<iBBh")
_told = None


def install(pygame):
    mixer = pygame.mixer
    try:
        real_init, real_quit, real_pre_init = mixer.init, mixer.quit, mixer.pre_init
    except (AttributeError, NotImplementedError, ImportError):
        return

    def without_device(args, kwargs):
        # On a desktop, devices have names. Here there is only one, and SDL's disk driver would take a name for that of a file.
        kwargs.pop("devicename", None)
        return (*args[:4], None, *args[5:]) if len(args) > 4 else args

    def init(*args, **kwargs):
        # An audio driver that the program has chosen would find no device.
        os.putenv("SDL_AUDIODRIVER", "disk")
        try:
            return real_init(*without_device(args, kwargs), **kwargs)
        finally:
            tell(pygame)

    def quit():
        _tell((0, 0, 0))
        return real_quit()

    def pre_init(*args, **kwargs):
        return real_pre_init(*without_device(args, kwargs), **kwargs)

    mixer.init = init
    mixer.pre_init = pre_init
    mixer.quit = quit


def tell(pygame):
    """Reports the format. Call it after anything that may have opened or closed the mixer."""
    try:
        opened = pygame.mixer.get_init()
    except Exception:
        opened = None
    _tell((opened[0], opened[2], opened[1]) if opened else (0, 0, 0))


def closing():
    """Reports that the mixer is closed. Call it before the mixer closes: GameHost drops what comes later."""
    _tell((0, 0, 0))


def _tell(now):
    global _told
    if now != _told:
        _told = now
        control.send(b"A", _format.pack(now[0], now[1], 0, now[2]))
