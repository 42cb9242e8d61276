"""Passes keys and mouse from the page into SDL, so that events and state are the same as on a desktop.

Events are pushed as SDL's own, through pygame's filter, so that key repeat, unicode, blocked types and wheel buttons work as
usual. Pushing does not change the state, so the state is set separately: the keyboard in
keyboard.py, the mouse in mouse.py, fingers in fingers.py, gamepads in joystick.py.
"""

import struct
import threading
import time

from . import clipboard, control, display, fingers, frames, joystick, keyboard, mouse, resize, sdl_events, wheel

# Messages of docs/PROTOCOL.md that arrive here, and their layout after the type byte.
_MESSAGE_KEY, _MESSAGE_MOUSE_MOVE, _MESSAGE_MOUSE_BUTTON, _MESSAGE_WHEEL, _MESSAGE_FOCUS = 0x81, 0x82, 0x83, 0x84, 0x85
_MESSAGE_HELD, _MESSAGE_TEXT, _MESSAGE_ROOM, _MESSAGE_PASTE, _MESSAGE_STOP = 0x8B, 0x90, 0x91, 0x92, 0xC3
_MESSAGE_MOUSE_TURN, _MESSAGE_MOUSE_INSIDE, _MESSAGE_FINGERS, _MESSAGE_GAMEPAD = 0x8C, 0x8D, 0x8E, 0x8F
_key_message = struct.Struct("<xIBBHHI")
_move_message = struct.Struct("<xIhhB")
_button_message = struct.Struct("<xIBBhh")
_wheel_message = struct.Struct("<xIhh")
_precise_wheel = struct.Struct("<ff")
_turn_message = struct.Struct("<xIhhB")
_inside_message = struct.Struct("<xIB")
_fingers_message = struct.Struct("<xIB")
_finger = struct.Struct("<Bff")
_focus_message = struct.Struct("<xIB")
_text_message = struct.Struct("<xIBHH")
_room_message = struct.Struct("<xIHH")
_paste_message = struct.Struct("<xI")
_held_message = struct.Struct("<xBBHB")
_held_key = struct.Struct("<HI")
# What else a Held message tells in the byte of the buttons.
_HELD_BUTTONS, _HELD_FINGERS, _HELD_GAMEPAD, _HELD_INSIDE = 0x1F, 0x20, 0x40, 0x80

_pygame = None
_draining = threading.Lock()



def install(pygame, before_wait):
    global _pygame
    _pygame = pygame
    # The library that pygame itself is linked with, wherever it lies.
    library = sdl_events.open_library(pygame.base.__file__)
    sdl_events.silence()
    keyboard.install(pygame, library, drain)
    mouse.remember(pygame.event.get)
    _hook_queue(pygame.event, before_wait)
    fast = getattr(pygame, "fastevent", None)
    if hasattr(fast, "get"):
        _hook_queue(fast, before_wait)
    mouse.install(pygame, library, keyboard.has_focus)
    fingers.install(pygame)
    joystick.install(pygame, library, drain)
    clipboard.install(pygame, library)
    resize.install(library, pygame.display.get_surface)


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
                wheel.fix(found, mouse.place(), taken=name != "peek")
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
                    wheel.fix(event, mouse.place(), taken=True)
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
        keyboard.key(down, repeat, scancode, mods, keycode, packet[15:])
    elif kind == _MESSAGE_MOUSE_MOVE:
        frames.input_seq, x, y, buttons = _move_message.unpack_from(packet)
        mouse.move(x, y, buttons | fingers.holds_mouse())
    elif kind == _MESSAGE_MOUSE_BUTTON:
        frames.input_seq, button, down, x, y = _button_message.unpack_from(packet)
        mouse.button(button, down, x, y)
    elif kind == _MESSAGE_WHEEL:
        frames.input_seq, x, y = _wheel_message.unpack_from(packet)
        precise = len(packet) >= _wheel_message.size + _precise_wheel.size
        wheel.turn(x, y, *(_precise_wheel.unpack_from(packet, _wheel_message.size) if precise else (float(x), float(y))))
    elif kind == _MESSAGE_MOUSE_TURN:
        frames.input_seq, dx, dy, buttons = _turn_message.unpack_from(packet)
        mouse.turn(dx, dy, buttons | fingers.holds_mouse())
    elif kind == _MESSAGE_MOUSE_INSIDE:
        frames.input_seq, inside = _inside_message.unpack_from(packet)
        mouse.inside(inside)
        # The last of what the page tells at the start.
        joystick.heard_page()
    elif kind == _MESSAGE_FINGERS:
        frames.input_seq, count = _fingers_message.unpack_from(packet)
        start = _fingers_message.size
        touching = _finger.iter_unpack(packet[start : start + count * _finger.size])
        fingers.now({number: (x, y) for number, x, y in touching})
    elif kind == _MESSAGE_GAMEPAD:
        frames.input_seq = joystick.take(packet)
    elif kind == _MESSAGE_FOCUS:
        frames.input_seq, focused = _focus_message.unpack_from(packet)
        if not focused:
            mouse.release_all()
        keyboard.focus(focused)
    elif kind == _MESSAGE_TEXT:
        frames.input_seq, committed, start, length = _text_message.unpack_from(packet)
        keyboard.text(committed, packet[_text_message.size :], start, length)
    elif kind == _MESSAGE_ROOM:
        frames.input_seq, width, height = _room_message.unpack_from(packet)
        resize.room(frames.input_seq, width, height, display.forget_shown)
    elif kind == _MESSAGE_PASTE:
        (frames.input_seq,) = _paste_message.unpack_from(packet)
        clipboard.paste(packet[_paste_message.size :])
    elif kind == _MESSAGE_HELD:
        focused, buttons, mods, count = _held_message.unpack_from(packet)
        start = _held_message.size
        keys = dict(_held_key.iter_unpack(packet[start : start + count * _held_key.size]))
        _hold(focused, buttons, mods, keys)
    elif kind == _MESSAGE_STOP:
        sdl_events.push(sdl_events.QUIT, sdl_events.common_event, 0)


def _hold(focused, buttons, mods, keys):
    """Corrects presses and releases that were lost on the way: after the call exactly these are held."""
    keyboard.hold(mods, keys)
    if not buttons & _HELD_FINGERS:
        fingers.now({})
    if not buttons & _HELD_GAMEPAD:
        joystick.unplug_all()
    for button in mouse.BUTTONS:
        mouse.press_here(button, (buttons & _HELD_BUTTONS | fingers.holds_mouse()) >> (button - 1) & 1)
    mouse.reconcile_inside(buttons & _HELD_INSIDE)
    keyboard.focus(focused)
