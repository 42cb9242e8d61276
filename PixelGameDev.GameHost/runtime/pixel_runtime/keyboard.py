"""Passes keys, text and the keyboard's focus from the page into SDL.

Keys are pushed as SDL's own events. Pushing does not change the state, so the state is set separately: keys in SDL's own array, modifiers
through SDL_SetModState. A window has the keyboard as soon as it opens, if the player's page has it; only then the game is told.
"""

import ctypes

from . import sdl_events

# The state of an ACTIVEEVENT that is about the mouse.
_MOUSE_FOCUS = 1
# SDL's own text events hold 32 bytes, the last of them zero.
_TEXT_BYTES = 31

_pygame = None
_sdl = None
_drain = None
_take = None
_keys = None
_key_count = 0

# Scancode to keycode of each key that is down.
_down = {}
# Whether the page has the keyboard; a game whose page has told nothing believes so.
_focused = True
# Whether the game's window has been told that it has the keyboard.
_told = False


def install(pygame, library, drain):
    global _pygame, _sdl, _drain, _take, _keys, _key_count
    _pygame, _sdl, _drain = pygame, library, drain
    count = ctypes.c_int()
    _sdl.SDL_GetKeyboardState.restype = ctypes.POINTER(ctypes.c_uint8)
    _keys = _sdl.SDL_GetKeyboardState(ctypes.byref(count))
    _key_count = count.value
    _sdl.SDL_GetKeyboardFocus.restype = ctypes.c_void_p
    _take = pygame.event.get
    pygame.key.get_focused = has_focus


def has_focus():
    return _told and _pygame.display.get_surface() is not None


def window_opens():
    """Notes that a new window is about to open; the one before is closed."""
    global _told
    _told = False


def window_opened():
    """Tells the game that its new window has the keyboard, if the page has it."""
    global _told
    # Newer versions of SDL give the dummy window the keyboard, and have told the game so.
    gained = not _told and bool(_sdl.SDL_GetKeyboardFocus())
    _told = _told or gained
    _drain()
    if gained and not _focused:
        for event in _take((_pygame.WINDOWFOCUSGAINED, _pygame.WINDOWFOCUSLOST, _pygame.ACTIVEEVENT)):
            if event.type == _pygame.ACTIVEEVENT and event.state == _MOUSE_FOCUS:
                _pygame.event.post(event)
        _told = False
    _tell_focus()


def focus(focused):
    global _focused
    if not focused:
        release_all()
    _focused = bool(focused)
    if _pygame.display.get_surface() is not None:
        _tell_focus()


def _tell_focus():
    global _told
    if _told != _focused:
        _told = _focused
        what = sdl_events.FOCUS_GAINED if _focused else sdl_events.FOCUS_LOST
        sdl_events.push(sdl_events.WINDOWEVENT, sdl_events.window_event, 0, 0, what, 0, 0)


def key(down, repeat, scancode, mods, keycode, text):
    if scancode >= _key_count:
        return
    if not repeat:
        if down:
            _down[scancode] = keycode
        else:
            _down.pop(scancode, None)
        _keys[scancode] = 1 if down else 0
        _sdl.SDL_SetModState(mods)
        sdl_events.push_key(1 if down else 0, scancode, keycode, mods)
    # As in SDL: a held key types repeatedly, but is pressed once; key.set_repeat() works inside pygame.
    if down and text:
        _type(text)


def text(committed, content, start, length):
    """Passes text on that no single key has typed: finished, or still edited by an input method."""
    if committed:
        _type(content)
    elif _sdl.SDL_IsTextInputActive():
        sdl_events.push(sdl_events.TEXTEDITING, sdl_events.editing_event, 0, 0, _fitting(content), start, length)


def hold(mods, keys):
    """Corrects presses and releases that were lost on the way: after the call exactly these keys are held."""
    for scancode, keycode in list(_down.items()):
        if scancode not in keys:
            key(0, 0, scancode, mods, keycode, b"")
    for scancode, keycode in keys.items():
        if scancode not in _down:
            key(1, 0, scancode, mods, keycode, b"")
    _sdl.SDL_SetModState(mods)


def release_all():
    for scancode, keycode in list(_down.items()):
        key(0, 0, scancode, 0, keycode, b"")
    _sdl.SDL_SetModState(0)


def _type(content):
    while content and _sdl.SDL_IsTextInputActive():
        piece = _fitting(content)
        sdl_events.push(sdl_events.TEXTINPUT, sdl_events.text_event, 0, 0, piece)
        content = content[len(piece) :]


def _fitting(content):
    """Returns the whole characters at the beginning of UTF-8 that fit into an event of SDL."""
    return content[:_TEXT_BYTES].decode("utf-8", "ignore").encode("utf-8")
