"""The wheel, and the place of the presses of buttons 4 and 5 that pygame adds when it turns.

pygame asks SDL for that place, and SDL does not know it.
"""

from . import sdl_events

_MOST_PRESSES = 1000
_MOST_STEPS = 100
_NOEVENT = 0
# Button numbers of the wheel in pygame. The mouse's own side buttons are 6 and 7 there.
_BUTTONS = (4, 5)

# Presses that pygame may still return with a wrong place.
presses = 0


def turn(x, y, precise_x, precise_y):
    """Pushes a turn as single steps, as a wheel makes them. For each step up or down pygame adds a press and a release."""
    global presses
    steps = min(max(abs(x), abs(y)), _MOST_STEPS)
    presses = min(presses + 2 * min(abs(y), steps), _MOST_PRESSES)
    for step in range(steps):
        one_x, one_y = (_sign(amount) if step < abs(amount) else 0 for amount in (x, y))
        part = (precise_x / steps, precise_y / steps)
        sdl_events.push(sdl_events.WHEEL, sdl_events.wheel_event, 0, 0, 0, one_x, one_y, 0, *part)


def _sign(amount):
    return (amount > 0) - (amount < 0)


def fix(found, place, taken):
    """Corrects what pygame returned: a list, an event, None or, for peek(), a bool. `taken`: it has left the queue."""
    global presses
    for event in found if isinstance(found, list) else (found,):
        kind = getattr(event, "type", None)
        if kind in (sdl_events.BUTTONDOWN, sdl_events.BUTTONUP) and event.button in _BUTTONS and presses:
            event.dict["pos"] = place
            if taken:
                presses -= 1
        elif kind == _NOEVENT:
            forget()


def forget():
    """Notes that the queue is empty: later presses are the game's own."""
    global presses
    presses = 0
