"""The clipboard: text that the game puts there goes to the page, and text that the person pastes comes from the page.

SDL keeps text even without a window system, so pygame.scrap works on it as on a desktop.
"""

import ctypes

from . import control, sdl_events

# PasteMessage.cs has the same limit.
MOST_BYTES = 16 * 1024
# The only type of pygame 2.6 on Linux. On Windows, and in older versions, programs name it as SCRAP_TEXT does.
_TYPE = "text/plain;charset=utf-8"
_NAMES = ("text/plain", _TYPE)

_sdl = None
# SDL forgets the text when a game closes its window system.
_text = b""


def install(pygame, library):
    global _sdl
    _sdl = library
    _sdl.SDL_SetClipboardText.argtypes = (ctypes.c_char_p,)
    scrap = getattr(pygame, "scrap", None)
    if not hasattr(scrap, "put"):
        # pygame says why when a game uses it.
        return
    real_put, real_get, real_contains = scrap.put, scrap.get, scrap.contains

    def put(*args):
        kind, data = args if len(args) == 2 else (None, None)
        if kind not in _NAMES or not isinstance(data, (bytes, bytearray, memoryview)):
            # pygame words what is wrong with it.
            return real_put(*args)
        text = bytes(data).split(b"\0")[0].decode("utf-8", "replace").encode()
        if len(text) > MOST_BYTES:
            raise pygame.error(
                f"The text is too long for the clipboard: {len(text)} bytes. Up to {MOST_BYTES} bytes are possible here; "
                "give pygame.scrap.put() a shorter text."
            )
        done = real_put(_TYPE, text)
        _keep(text)
        control.send(b"B", text)
        return done

    def get(*args):
        _remember()
        if args == (_NAMES[0],):
            return real_get(_TYPE) or None
        return real_get(*args)

    def contains(*args):
        _remember()
        return real_contains(_TYPE) if args == (_NAMES[0],) else real_contains(*args)

    for name, function, real in (("put", put, real_put), ("get", get, real_get), ("contains", contains, real_contains)):
        function.__name__ = function.__qualname__ = name
        function.__doc__ = real.__doc__
        setattr(scrap, name, function)


def paste(text):
    """Takes the text that the person has pasted, UTF-8."""
    _sdl.SDL_SetClipboardText(text)
    _keep(text)


def _keep(text):
    global _text
    _text = text
    sdl_events.push(sdl_events.CLIPBOARDUPDATE, sdl_events.common_event, 0)


def _remember():
    if _text and not _sdl.SDL_HasClipboardText():
        _sdl.SDL_SetClipboardText(_text)
