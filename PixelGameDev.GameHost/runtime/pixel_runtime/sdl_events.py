"""Builds the SDL 2 events of a player's input, as SDL lays them out in memory."""

import ctypes
import struct

QUIT, WINDOWEVENT = 0x100, 0x200
KEYDOWN, KEYUP, TEXTEDITING, TEXTINPUT = 0x300, 0x301, 0x302, 0x303
MOTION, BUTTONDOWN, BUTTONUP, WHEEL = 0x400, 0x401, 0x402, 0x403
CLIPBOARDUPDATE = 0x900
FINGERDOWN, FINGERUP, FINGERMOTION = 0x700, 0x701, 0x702
EXPOSED, RESIZED = 3, 5
ENTER, LEAVE, FOCUS_GAINED, FOCUS_LOST = 10, 11, 12, 13
_NO_LOG = 7

# SDL_CommonEvent, SDL_KeyboardEvent, SDL_TextEditingEvent, SDL_TextInputEvent, SDL_MouseMotionEvent, SDL_MouseButtonEvent,
# SDL_MouseWheelEvent, SDL_WindowEvent, SDL_TouchFingerEvent
common_event = struct.Struct("<II")
_key_event = struct.Struct("<IIIBBBBIIHHI")
editing_event = struct.Struct("<III32sii")
text_event = struct.Struct("<III32s")
motion_event = struct.Struct("<IIIIIiiii")
button_event = struct.Struct("<IIIIBBBBii")
wheel_event = struct.Struct("<IIIIiiIff")
window_event = struct.Struct("<IIIB3xii")
finger_event = struct.Struct("<IIqqfffffI")

_library = None
# pygame keeps the address of a key event until its text arrives, so each kind has its own buffer.
_key_buffer = ctypes.create_string_buffer(64)
_buffer = ctypes.create_string_buffer(64)


def open_library(path):
    """Opens the SDL that pygame is linked with."""
    global _library
    _library = ctypes.CDLL(path)
    return _library


def silence():
    """Keeps SDL's own messages out of the console, until SDL ends: its disk driver announces itself, and learners need no other either."""
    _library.SDL_LogSetAllPriority(_NO_LOG)


def push(kind, form, *values):
    """Puts an event into SDL's queue."""
    form.pack_into(_buffer, 0, kind, *values)
    _library.SDL_PushEvent(_buffer)


def push_key(down, scancode, keycode, mods):
    """Puts a press or a release of a key into SDL's queue."""
    _key_event.pack_into(_key_buffer, 0, KEYDOWN if down else KEYUP, 0, 0, down, 0, 0, 0, scancode, keycode, mods, 0, 0)
    _library.SDL_PushEvent(_key_buffer)
