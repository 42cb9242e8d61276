"""Sound goes through SDL's disk driver into a pipe that GameHost reads at the pace of the clock; it must know the format."""

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
        # Devices have names on a desktop; here there is one.
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
    """Call after anything that may have opened or closed the mixer."""
    try:
        opened = pygame.mixer.get_init()
    except Exception:
        opened = None
    _tell((opened[0], opened[2], opened[1]) if opened else (0, 0, 0))


def closing():
    """Call before the mixer is closed: from now on whatever comes is thrown away."""
    _tell((0, 0, 0))


def _tell(now):
    global _told
    if now != _told:
        _told = now
        control.send(b"A", _format.pack(now[0], now[1], 0, now[2]))
