"""Passes keys and mouse from the page into SDL, so that events and state are the same as on a desktop.

Events are pushed as SDL's own, through pygame's filter, so that key repeat, unicode, blocked types and wheel buttons work as
usual. Pushing does not change the state, so the state is set separately: keys in SDL's own array, modifiers through
SDL_SetModState, the mouse in this module's functions.
"""

import ctypes
import struct
import threading
import time

from . import control, frames, sdl_events, wheel

# Messages of docs/PROTOCOL.md that arrive here, and their layout after the type byte.
_MESSAGE_KEY, _MESSAGE_MOUSE_MOVE, _MESSAGE_MOUSE_BUTTON, _MESSAGE_WHEEL, _MESSAGE_FOCUS = 0x81, 0x82, 0x83, 0x84, 0x85
_MESSAGE_HELD, _MESSAGE_STOP = 0x8B, 0xC3
_key_message = struct.Struct("<xIBBHHI")
_move_message = struct.Struct("<xIhhB")
_button_message = struct.Struct("<xIBBhh")
_wheel_message = struct.Struct("<xIhh")
_focus_message = struct.Struct("<xIB")
_held_message = struct.Struct("<xBBHB")
_held_key = struct.Struct("<HI")

_pygame = None
_sdl = None
_keys = None
_key_count = 0
_draining = threading.Lock()

_down = {}
_x = _y = 0
_rel_x = _rel_y = 0
_buttons = 0
_focused = True
_grabbed = False


def install(pygame, before_wait):
    global _pygame, _sdl, _keys, _key_count
    _pygame = pygame
    # The library that pygame itself is linked with, wherever it lies.
    _sdl = sdl_events.open_library(pygame.base.__file__)
    count = ctypes.c_int()
    _sdl.SDL_GetKeyboardState.restype = ctypes.POINTER(ctypes.c_uint8)
    # SDL's disk driver announces itself on standard error; learners need no other message of SDL either.
    _sdl.SDL_LogSetAllPriority(sdl_events.NO_LOG)
    _keys = _sdl.SDL_GetKeyboardState(ctypes.byref(count))
    _key_count = count.value
    _hook_queue(pygame.event, before_wait)
    fast = getattr(pygame, "fastevent", None)
    if hasattr(fast, "get"):
        _hook_queue(fast, before_wait)
    _hook_mouse(pygame)
    pygame.key.get_focused = lambda: _focused


def _hook_queue(module, before_wait):
    def hook(name):
        real = getattr(module, name, None)
        if real is None:
            return

        def hooked(*args, **kwargs):
            before_wait()
            drain()
            found = real(*args, **kwargs)
            if wheel.presses:
                wheel.fix(found, (_x, _y), taken=name != "peek")
                if name in ("get", "clear") and not args and not kwargs:
                    wheel.forget()
            return found

        hooked.__name__ = hooked.__qualname__ = name
        hooked.__doc__ = real.__doc__
        setattr(module, name, hooked)

    real_poll = module.poll
    for name in ("get", "poll", "pump", "peek", "clear"):
        hook(name)

    def wait(timeout=0):
        before_wait()
        until = time.monotonic() + timeout / 1000 if timeout and timeout > 0 else None
        pause = 1
        while True:
            drain()
            event = real_poll()
            if event.type != _pygame.NOEVENT:
                if wheel.presses:
                    wheel.fix(event, (_x, _y), taken=True)
                return event
            wheel.forget()
            if until is not None:
                left = until - time.monotonic()
                if left <= 0:
                    return event
                pause = min(pause, max(1, int(left * 1000)))
            # SDL's timers and posts come from elsewhere, so this checks again soon. Input wakes it at once.
            if not control.wait(pause):
                pause = min(pause + 1, 4)
            else:
                pause = 1

    if hasattr(module, "wait"):
        module.wait = wait


def _hook_mouse(pygame):
    mouse = pygame.mouse
    real_visible, real_set_pos = mouse.set_visible, mouse.set_pos
    real_grab, real_set_cursor = pygame.event.set_grab, mouse.set_cursor

    def get_pos(desktop=False):
        return (_x, _y)

    def get_rel():
        global _rel_x, _rel_y
        moved = (_rel_x, _rel_y)
        _rel_x = _rel_y = 0
        return moved

    def get_pressed(num_buttons=3, desktop=False):
        if num_buttons not in (3, 5):
            raise ValueError("Number of buttons needs to be 3 or 5.")
        state = (bool(_buttons & 1), bool(_buttons & 2), bool(_buttons & 4))
        return state if num_buttons == 3 else state + (False, False)

    def set_pos(*args):
        x, y = args if len(args) == 2 else args[0]
        _move(int(x), int(y), _buttons)

    def set_visible(value):
        before = real_visible(value)
        _tell_cursor()
        return before

    def set_cursor(*args):
        # Older SDL has no cursors without a screen and raises an error; on a desktop this works.
        try:
            real_set_cursor(*args)
        except pygame.error:
            pass

    def set_grab(value):
        global _grabbed
        real_grab(value)
        _grabbed = bool(value)
        _tell_cursor()

    mouse.get_pos, mouse.get_rel, mouse.get_pressed = get_pos, get_rel, get_pressed
    mouse.set_pos, mouse.set_visible, mouse.set_cursor = set_pos, set_visible, set_cursor
    mouse.get_focused = lambda: _focused
    # SDL grabs only for a window with a real keyboard, so this keeps what the game asked for.
    pygame.event.set_grab, pygame.event.get_grab = set_grab, lambda: _grabbed


_cursor = (True, False)


def _tell_cursor():
    global _cursor
    visible = _pygame.mouse.get_visible() if hasattr(_pygame.mouse, "get_visible") else True
    now = (bool(visible), _grabbed)
    if now != _cursor:
        _cursor = now
        control.send(b"U", bytes(now))


def drain():
    """Applies every input that has arrived."""
    if not _draining.acquire(False):
        return
    try:
        while True:
            packet = control.receive_now()
            if packet is None:
                return
            try:
                _apply(packet)
            except struct.error:
                pass
    finally:
        _draining.release()


def _apply(packet):
    kind = packet[0]
    if kind == _MESSAGE_KEY:
        seq, down, repeat, scancode, mods, keycode = _key_message.unpack_from(packet)
        frames.input_seq = seq
        _key(down, repeat, scancode, mods, keycode, packet[15:])
    elif kind == _MESSAGE_MOUSE_MOVE:
        frames.input_seq, x, y, buttons = _move_message.unpack_from(packet)
        _move(x, y, buttons)
    elif kind == _MESSAGE_MOUSE_BUTTON:
        frames.input_seq, button, down, x, y = _button_message.unpack_from(packet)
        _button(button, down, x, y)
    elif kind == _MESSAGE_WHEEL:
        frames.input_seq, x, y = _wheel_message.unpack_from(packet)
        _wheel(x, y)
    elif kind == _MESSAGE_FOCUS:
        frames.input_seq, focused = _focus_message.unpack_from(packet)
        if not focused:
            _release_all()
        _focus(focused)
    elif kind == _MESSAGE_HELD:
        focused, buttons, mods, count = _held_message.unpack_from(packet)
        start = _held_message.size
        keys = dict(_held_key.iter_unpack(packet[start : start + count * _held_key.size]))
        _hold(focused, buttons, mods, keys)
    elif kind == _MESSAGE_STOP:
        sdl_events.push(sdl_events.QUIT, sdl_events.common_event, 0)


def _focus(focused):
    global _focused
    if bool(focused) != _focused:
        _focused = bool(focused)
        what = sdl_events.FOCUS_GAINED if focused else sdl_events.FOCUS_LOST
        sdl_events.push(sdl_events.WINDOWEVENT, sdl_events.window_event, 0, 0, what, 0, 0)


def _hold(focused, buttons, mods, keys):
    """Corrects presses and releases that were lost on the way: after the call exactly these are held."""
    for scancode, keycode in list(_down.items()):
        if scancode not in keys:
            _key(0, 0, scancode, mods, keycode, b"")
    for scancode, keycode in keys.items():
        if scancode not in _down:
            _key(1, 0, scancode, mods, keycode, b"")
    for button in (1, 2, 3):
        _button(button, buttons >> (button - 1) & 1, _x, _y)
    _sdl.SDL_SetModState(mods)
    _focus(focused)


def _key(down, repeat, scancode, mods, keycode, text):
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
    if down and text and _sdl.SDL_IsTextInputActive():
        sdl_events.push(sdl_events.TEXTINPUT, sdl_events.text_event, 0, 0, text[:31])


def _move(x, y, buttons):
    global _x, _y, _rel_x, _rel_y, _buttons
    surface = _pygame.display.get_surface()
    if surface is not None:
        width, height = surface.get_size()
        x, y = max(0, min(x, width - 1)), max(0, min(y, height - 1))
    dx, dy = x - _x, y - _y
    _x, _y, _buttons = x, y, buttons
    _rel_x += dx
    _rel_y += dy
    if dx or dy:
        # SDL's masks are the same bits: left 1, middle 2, right 4.
        sdl_events.push(sdl_events.MOTION, sdl_events.motion_event, 0, 0, 0, buttons, x, y, dx, dy)


def _button(button, down, x, y):
    global _buttons
    bit = 1 << (button - 1)
    _move(x, y, _buttons)
    if bool(_buttons & bit) == bool(down):
        return
    _buttons = _buttons | bit if down else _buttons & ~bit
    kind = sdl_events.BUTTONDOWN if down else sdl_events.BUTTONUP
    sdl_events.push(kind, sdl_events.button_event, 0, 0, 0, button, 1 if down else 0, 1, 0, _x, _y)


def _wheel(x, y):
    wheel.turned(x, y)
    sdl_events.push(sdl_events.WHEEL, sdl_events.wheel_event, 0, 0, 0, x, y, 0, float(x), float(y))


def _release_all():
    global _buttons
    for scancode, keycode in list(_down.items()):
        _key(0, 0, scancode, 0, keycode, b"")
    _sdl.SDL_SetModState(0)
    for button in (1, 2, 3):
        if _buttons & (1 << (button - 1)):
            _button(button, 0, _x, _y)
