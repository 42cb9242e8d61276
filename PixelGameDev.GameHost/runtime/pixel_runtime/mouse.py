"""The mouse of the game: its place, its buttons, whether it is over the picture, and its cursor.

SDL's dummy window has no mouse, so this module answers for pygame.mouse. It follows what SDL does with a real mouse: the first
place after entering has no way, a drag may leave the window, set_pos() moves without a way.
"""

import ctypes
import time

from . import control, cursors, sdl_events

# State of an ACTIVEEVENT about the mouse.
_MOUSE_FOCUS = 1
BUTTONS = (1, 2, 3, 4, 5)
TOUCH = 0xFFFFFFFF
# A game that puts its hidden mouse back this often within this time looks around with it, seconds.
_WARPS, _WARP_TIME = 3, 1.0
# Such a game has stopped looking around after this time without set_pos(), seconds.
_WARP_END = 3.0

_pygame = None
_sdl = None
# pygame.event.get before events.py has replaced it.
_real_get = None
_x = _y = 0
# Where the page saw it last. It may be outside of the picture while a button is held.
_page_x = _page_y = 0
_placed = False
_rel_x = _rel_y = 0
_buttons = 0
# None until the page has said it.
_inside = None
# What the game has been told.
_told_inside = False
_grabbed = False
_hidden = False
_warped = False
_warp_times = []
_warping = False
_cursor = None
_picture = None
_told = (True, False, 0, False)


def place():
    return (_x, _y)


def remember(real_get):
    global _real_get
    _real_get = real_get


def install(pygame, sdl, keyboard_focused):
    global _pygame, _sdl
    _pygame, _sdl = pygame, sdl
    sdl.SDL_GetMouseFocus.restype = ctypes.c_void_p
    mouse = pygame.mouse
    real_pos, real_rel, real_pressed = mouse.get_pos, mouse.get_rel, mouse.get_pressed
    real_visible, real_grab = mouse.set_visible, pygame.event.set_grab
    real_cursor, real_get_cursor = mouse.set_cursor, mouse.get_cursor

    # pygame's own functions check the arguments and whether there is a window.
    def get_pos(*args, **kwargs):
        real_pos(*args, **kwargs)
        return (_x, _y)

    def get_rel():
        global _rel_x, _rel_y
        real_rel()
        moved = (_rel_x, _rel_y)
        _rel_x = _rel_y = 0
        return moved

    def get_pressed(*args, **kwargs):
        count = len(real_pressed(*args, **kwargs))
        return tuple(bool(_buttons >> bit & 1) for bit in range(count))

    def set_pos(*args):
        # Not pygame's own, because a newer SDL moves a mouse of its own then.
        if not pygame.display.get_init():
            raise pygame.error("video system not initialized")
        _warp(*_two_numbers(args))

    def set_visible(value):
        global _hidden, _warped, _warping
        before = real_visible(value)
        _hidden = not value
        if not _hidden:
            _warped = _warping = False
            _warp_times.clear()
        _tell()
        return before

    def set_cursor(*args):
        global _cursor
        try:
            real_cursor(*args)
        except pygame.error:
            # The dummy window has no cursors; a desktop has.
            pass
        single = len(args) == 1 and isinstance(args[0], pygame.cursors.Cursor)
        _cursor = args[0] if single else pygame.cursors.Cursor(*args)
        _show_picture()
        _tell()

    def get_cursor():
        real = real_get_cursor()
        return _cursor or real

    def set_grab(value):
        global _grabbed
        real_grab(value)
        _grabbed = bool(value)
        _tell()

    def get_focused():
        return keyboard_focused() if _inside is None else _inside

    mouse.get_pos, mouse.get_rel, mouse.get_pressed, mouse.set_pos = get_pos, get_rel, get_pressed, set_pos
    mouse.set_visible, mouse.set_cursor, mouse.get_cursor = set_visible, set_cursor, get_cursor
    mouse.get_focused = get_focused
    # SDL grabs only for a window with a real keyboard, so this keeps what the game asked for.
    pygame.event.set_grab, pygame.event.get_grab = set_grab, lambda: _grabbed


def _show_picture():
    """Sends the picture of a cursor that the page does not have yet."""
    global _picture
    made = cursors.picture(_pygame, _cursor)
    if made is not None and made != _picture:
        _picture = made
        control.send(b"P", made)


def _shape():
    shape = cursors.shape(_cursor)
    return 0 if shape == cursors.PICTURE and _picture is None else shape


def _is_relative():
    """True if the game looks around with its mouse: then it needs ways, not places."""
    return _hidden and (_grabbed or _warping)


def _tell():
    global _told
    now = (not _hidden, _grabbed, _shape(), _is_relative())
    if now != _told:
        _told = now
        control.send(b"U", bytes(now))


def _warp(x, y):
    global _x, _y, _warped, _warping
    _x, _y = _clamp(x, y)
    if _hidden:
        _warped = True
        now = time.monotonic()
        _warp_times.append(now)
        del _warp_times[:-_WARPS]
        if not _warping and len(_warp_times) == _WARPS and now - _warp_times[0] < _WARP_TIME:
            _warping = True
            _tell()
    if _inside is not False and not (_hidden and _grabbed):
        _push_motion(_x, _y, 0, 0, 0)


def move(x, y, buttons, which=0):
    """The mouse is at this place of the picture. Buttons that differ were lost on the way."""
    global _page_x, _page_y, _placed
    first, moved = not _placed, (x, y) != (_page_x, _page_y)
    # A finger that comes down somewhere else has not moved there.
    jumps = first or (which == TOUCH and not _buttons)
    dx, dy = (0, 0) if jumps else (x - _page_x, y - _page_y)
    _page_x, _page_y, _placed = x, y, True
    if _hidden and (_grabbed or _warped) and which != TOUCH:
        # The game has put the mouse elsewhere; the way counts from there.
        if dx or dy:
            _go(_x + dx, _y + dy, dx, dy, which)
    elif first or moved:
        _go(x, y, dx, dy, which)
    if buttons is not None and buttons != _buttons:
        for number in BUTTONS:
            _press(number, buttons >> (number - 1) & 1, which)


def turn(dx, dy, buttons):
    """The mouse moved this way. It has no place, because the page has locked it to the picture."""
    global _placed, _warping
    # The next place is where the browser lets the mouse go again, and no way leads there.
    _placed = False
    if _inside is False:
        inside(1)
    if dx or dy:
        _go(_x + dx, _y + dy, dx, dy, 0)
    for number in BUTTONS:
        _press(number, buttons >> (number - 1) & 1, 0)
    if _warping and time.monotonic() - _warp_times[-1] > _WARP_END:
        _warping = False
        _tell()


def button(number, down, x, y, which=0):
    move(x, y, None, which)
    _press(number, down, which)


def press_here(number, down):
    """Presses or releases where the mouse is."""
    _press(number, down, 0)


def release_all():
    for number in BUTTONS:
        _press(number, 0, 0)


def inside(now):
    """The mouse has come over the picture or has left it."""
    global _inside, _placed, _warped
    if bool(now) == _inside:
        return
    _inside = bool(now)
    if not _inside:
        _placed = _warped = False
    if _pygame.display.get_surface() is not None:
        _tell_inside()


def window_opened():
    """Tells the game that the mouse is over its new window, if it is. Newer versions of SDL say so always."""
    if _sdl.SDL_GetMouseFocus() and not _told_inside:
        active = _pygame.ACTIVEEVENT
        for event in _real_get((_pygame.WINDOWENTER, _pygame.WINDOWLEAVE, active)):
            if event.type == active and event.state != _MOUSE_FOCUS:
                _pygame.event.post(event)
    _tell_inside()


def _tell_inside():
    global _told_inside
    if bool(_inside) != _told_inside:
        _told_inside = bool(_inside)
        what = sdl_events.ENTER if _inside else sdl_events.LEAVE
        sdl_events.push(sdl_events.WINDOWEVENT, sdl_events.window_event, 0, 0, what, 0, 0)


def _two_numbers(args):
    """Returns what pygame reads as a place, or raises its error."""
    pair = args[0] if len(args) == 1 else args
    try:
        x, y = pair
        if all(isinstance(number, (int, float)) for number in (x, y)):
            return int(x), int(y)
    except (TypeError, ValueError, OverflowError):
        pass
    raise TypeError("invalid position argument for set_pos")


def reconcile_inside(now):
    if _inside is not None:
        inside(now)


def _clamp(x, y):
    surface = _pygame.display.get_surface()
    if surface is None:
        return x, y
    width, height = surface.get_size()
    return max(0, min(x, width - 1)), max(0, min(y, height - 1))


def _go(x, y, dx, dy, which):
    global _x, _y, _rel_x, _rel_y
    _x, _y = _clamp(x, y)
    _rel_x += dx
    _rel_y += dy
    # A drag may leave the window: SDL captures the mouse then.
    drag = _buttons and not _is_relative()
    _push_motion(x if drag else _x, y if drag else _y, dx, dy, which)


def _push_motion(x, y, dx, dy, which):
    # SDL's masks are the same bits: left 1, middle 2, right 4, X1 8, X2 16.
    sdl_events.push(sdl_events.MOTION, sdl_events.motion_event, 0, 0, which, _buttons, x, y, dx, dy)


def _press(number, down, which):
    global _buttons
    bit = 1 << (number - 1)
    if bool(_buttons & bit) == bool(down):
        return
    drag = _buttons and _placed and not _is_relative() and not _warped
    x, y = (_page_x, _page_y) if drag else (_x, _y)
    _buttons = _buttons | bit if down else _buttons & ~bit
    kind = sdl_events.BUTTONDOWN if down else sdl_events.BUTTONUP
    sdl_events.push(kind, sdl_events.button_event, 0, 0, which, number, 1 if down else 0, 1, 0, x, y)
