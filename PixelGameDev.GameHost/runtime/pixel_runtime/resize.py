"""The size of a window that can change: a game asks for RESIZABLE, and the room that the page has decides, as if a person drags a corner.

The page is told what the window is now, and sends the size that a person has made of it (Room).
"""

import ctypes
import struct

from . import control, frames, sdl_events

# A window is one of the next numbers after the one before it.
_MOST_WINDOWS = 10_000
_packet = struct.Struct("<BHH")

_sdl = None
_surface = None
_window = 1
_resizable = False
_told = (False, 0, 0)
_applied = None


def install(library, get_surface):
    global _sdl, _surface
    _sdl, _surface = library, get_surface
    _sdl.SDL_GetWindowFromID.restype = ctypes.c_void_p
    _sdl.SDL_SetWindowSize.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_int)


def window_opened(resizable):
    """Notes that the game has called set_mode()."""
    global _resizable
    _resizable = resizable
    _tell()


def window_closed():
    window_opened(False)


def room(seq, width, height, forget_shown):
    """Gives the window the size that a person has made. What the game gets is what SDL gives on a desktop, in the same order."""
    global _applied
    surface = _surface()
    # The page repeats a size until it is answered; a repetition must not undo what the game has done since.
    if surface is None or not _resizable or not frames.fits(width, height) or _applied == (seq, width, height):
        return
    _applied = (seq, width, height)
    if surface.get_size() != (width, height):
        with frames.copying():
            # SDL's event about the new size makes pygame's surface the new one.
            _sdl.SDL_SetWindowSize(_find(), width, height)
            forget_shown()
        for what, x, y in ((sdl_events.RESIZED, width, height), (sdl_events.EXPOSED, 0, 0)):
            sdl_events.push(sdl_events.WINDOWEVENT, sdl_events.window_event, 0, _window, what, x, y)
    _tell()


def _find():
    """Returns SDL's window. pygame has one, and only its number tells which."""
    global _window
    for number in (*range(_window, _window + _MOST_WINDOWS), *range(1, _window)):
        found = _sdl.SDL_GetWindowFromID(number)
        if found:
            _window = number
            return found
    return None


def _tell():
    """A game that never asks for it tells nothing."""
    global _told
    surface = _surface()
    now = (True, *surface.get_size()) if _resizable and surface is not None else (False, 0, 0)
    if now != _told:
        _told = now
        control.send(b"W", _packet.pack(*now))
