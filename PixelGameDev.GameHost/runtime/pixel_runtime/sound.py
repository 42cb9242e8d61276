"""Sound goes through SDL's disk driver into a pipe. GameHost reads it at the pace of the clock and must know its format."""

import struct

from . import control

_format = struct.Struct("<iBBh")
_told = None


def install(pygame):
    mixer = pygame.mixer
    try:
        real_init, real_quit = mixer.init, mixer.quit
    except (AttributeError, NotImplementedError, ImportError):
        return

    def init(*args, **kwargs):
        # On a desktop, devices have names; here there is only one.
        kwargs.pop("devicename", None)
        try:
            return real_init(*args, **kwargs)
        finally:
            tell(pygame)

    def quit():
        _tell((0, 0, 0))
        return real_quit()

    mixer.init = init
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
