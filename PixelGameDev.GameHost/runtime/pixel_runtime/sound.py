"""Sound goes through SDL's disk driver into a pipe. GameHost reads it at the pace of the clock and must know its format.

`pygame.init()` opens the mixer in every game, and an open mixer costs two threads, here and in GameHost, even in silence. So it sleeps
until the game first looks at anything of `pygame.mixer` that makes sound. Meanwhile `get_init()` answers as if it were open.
"""

import os
import struct

from . import control

_format = struct.Struct("<iBBh")
_told = None

# What pygame.init() asks for.
_DEFAULT = (44100, -16, 2)
# What tells nothing of sound, so it does not wake the mixer.
_QUIET = ("init", "pre_init", "quit", "get_init", "get_sdl_mixer_version")
# Whether pygame.init() has opened the mixer for the game, but not in truth.
_sleeps = False
_may_sleep = True


def install(pygame):
    mixer = pygame.mixer
    try:
        real_init, real_quit, real_pre_init, real_get_init = mixer.init, mixer.quit, mixer.pre_init, mixer.get_init
    except (AttributeError, NotImplementedError, ImportError):
        return
    # What pygame.init() calls; the second is its name before pygame 2.2. Without either, the mixer never sleeps.
    begins = next((name for name in ("_internal_mod_init", "__PYGAMEinit__") if hasattr(mixer, name)), None)
    real_begin = getattr(mixer, begins) if begins else None

    def without_device(args, kwargs):
        # On a desktop, devices have names. Here there is only one, and SDL's disk driver would take a name for that of a file.
        kwargs.pop("devicename", None)
        return (*args[:4], None, *args[5:]) if len(args) > 4 else args

    def init(*args, **kwargs):
        if _sleeps and not args and not kwargs:
            return None
        wake()
        _use_own_driver()
        try:
            return real_init(*without_device(args, kwargs), **kwargs)
        finally:
            tell(pygame)

    def quit():
        global _sleeps
        _sleeps = False
        _tell((0, 0, 0))
        return real_quit()

    def pre_init(*args, **kwargs):
        global _may_sleep
        _may_sleep = False
        return real_pre_init(*without_device(args, kwargs), **kwargs)

    def get_init():
        return _DEFAULT if _sleeps else real_get_init()

    def begin():
        """pygame.init() calls this."""
        global _sleeps
        if _may_sleep and real_get_init() is None:
            _sleeps = True
        else:
            real_begin()

    def wake():
        global _sleeps, _may_sleep
        _may_sleep = False
        if _sleeps:
            _sleeps = False
            _use_own_driver()
            try:
                real_begin()
            finally:
                tell(pygame)

    mixer.init = init
    mixer.pre_init = pre_init
    mixer.quit = quit
    mixer.get_init = get_init
    if real_begin is not None:
        setattr(mixer, begins, begin)
        for module in (mixer, pygame.mixer_music):
            _hide(module, wake)


def _hide(module, wake):
    """Takes the names that make sound out of a module. The first look at one of them wakes the mixer and brings all back."""
    hidden = {name: value for name, value in vars(module).items() if not name.startswith("_") and name not in _QUIET}

    def find(name):
        if name not in hidden:
            raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")
        # A name that the game has put there itself stays.
        vars(module).update({other: value for other, value in hidden.items() if other not in vars(module)})
        for own in ("__getattr__", "__dir__"):
            vars(module).pop(own, None)
        wake()
        return hidden[name]

    for name in hidden:
        delattr(module, name)
    module.__getattr__ = find
    module.__dir__ = lambda: sorted({*vars(module), *hidden} - {"__getattr__", "__dir__"})


def _use_own_driver():
    # An audio driver that the program has chosen would find no device.
    os.putenv("SDL_AUDIODRIVER", "disk")


def tell(pygame):
    """Reports the format. Call it after anything that may have opened or closed the mixer."""
    try:
        opened = None if _sleeps else pygame.mixer.get_init()
    except Exception:
        opened = None
    _tell((opened[0], opened[2], opened[1]) if opened else (0, 0, 0))


def closing():
    """Reports that the mixer is closed. Call it before the mixer closes: GameHost drops what comes later."""
    global _sleeps
    _sleeps = False
    _tell((0, 0, 0))


def _tell(now):
    global _told
    if now != _told:
        _told = now
        control.send(b"A", _format.pack(now[0], now[1], 0, now[2]))
