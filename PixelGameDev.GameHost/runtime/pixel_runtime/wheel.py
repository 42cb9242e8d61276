"""Puts the mouse's place into presses of buttons 4 to 7, which pygame adds when the wheel turns.

pygame asks SDL for the place, and SDL does not know it.
"""

from . import sdl_events

_MOST_PRESSES = 1000
_NOEVENT = 0

# Presses that pygame may still return with a wrong place.
presses = 0


def turned(x, y):
    """Expects a press and a release for each step."""
    global presses
    presses = min(presses + 2 * (abs(x) + abs(y)), _MOST_PRESSES)


def fix(found, place, taken):
    """Corrects what pygame returned: a list, an event, None or, for peek(), a bool. `taken`: it has left the queue."""
    global presses
    for event in found if isinstance(found, list) else (found,):
        kind = getattr(event, "type", None)
        if kind in (sdl_events.BUTTONDOWN, sdl_events.BUTTONUP) and event.button >= 4 and presses:
            event.dict["pos"] = place
            if taken:
                presses -= 1
        elif kind == _NOEVENT:
            forget()


def forget():
    """Notes that the queue is empty: later presses are the game's own."""
    global presses
    presses = 0
