"""Fingers on the picture, as SDL reports them: FINGERDOWN, FINGERMOTION, FINGERUP, and the first finger is also a mouse.

Each message lists all fingers that touch now, so a lost one is corrected by the next.
"""

from . import mouse, sdl_events

# SDL's numbers of devices are not small; games use them only as names.
_DEVICE = 1

_pygame = None
# Number of the finger → its place, 0 … 1.
_down = {}
_mouse_finger = None


def install(pygame):
    global _pygame
    _pygame = pygame
    try:
        from pygame._sdl2 import touch
    except ImportError:
        return

    # Everything else is an error, which pygame's own functions word.
    real_device, real_fingers = touch.get_device, touch.get_num_fingers

    def get_device(index):
        return _DEVICE if index == 0 and _seen else real_device(index)

    def get_num_fingers(touchid):
        return len(_down) if touchid == _DEVICE else real_fingers(touchid)

    def get_finger(touchid, index):
        fingers = list(_down.items()) if touchid == _DEVICE else []
        if not 0 <= index < len(fingers):
            return None
        number, (x, y) = fingers[index]
        return {"id": number, "x": x, "y": y, "pressure": 1.0}

    touch.get_num_devices = lambda: 1 if _seen else 0
    touch.get_device = get_device
    touch.get_num_fingers = get_num_fingers
    touch.get_finger = get_finger


_seen = False


def now(fingers):
    """`fingers`: number → (x, y), all that touch."""
    global _seen
    _seen = _seen or bool(fingers)
    for number in [n for n in _down if n not in fingers]:
        _up(number)
    for number, (x, y) in fingers.items():
        before = _down.get(number)
        if before is None:
            _press(number, x, y)
        elif before != (x, y):
            _down[number] = (x, y)
            if number == _mouse_finger:
                mouse.move(*_pixel(x, y), None, mouse.TOUCH)
            _push(sdl_events.FINGERMOTION, number, x, y, x - before[0], y - before[1])


def holds_mouse():
    """True if a finger holds the left button."""
    return _mouse_finger is not None


def _press(number, x, y):
    global _mouse_finger
    if _mouse_finger is None:
        _mouse_finger = number
        mouse.inside(1)
        mouse.button(1, 1, *_pixel(x, y), mouse.TOUCH)
    _down[number] = (x, y)
    _push(sdl_events.FINGERDOWN, number, x, y, 0.0, 0.0)


def _up(number):
    global _mouse_finger
    x, y = _down.pop(number)
    if number == _mouse_finger:
        _mouse_finger = None
        mouse.button(1, 0, *_pixel(x, y), mouse.TOUCH)
    _push(sdl_events.FINGERUP, number, x, y, 0.0, 0.0)


def _pixel(x, y):
    surface = _pygame.display.get_surface()
    width, height = surface.get_size() if surface is not None else (1, 1)
    return min(int(x * width), width - 1), min(int(y * height), height - 1)


def _push(kind, number, x, y, dx, dy):
    sdl_events.push(kind, sdl_events.finger_event, 0, _DEVICE, number, x, y, dx, dy, 1.0, 0)
