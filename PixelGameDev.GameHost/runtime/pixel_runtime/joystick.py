"""Gamepads of the page, as SDL's virtual joysticks: pygame's own joystick and controller modules then do the rest.

SDL's search for real devices is switched off: there are none in a sandbox, and the search costs 0.4 ms of every frame. SDL's joystick
part starts with the first gamepad; before that this module answers that there is none.
"""

import ctypes
import struct
import time

from . import control
from .gamepad import HAT, Gamepad

_message = struct.Struct("<xIBBHHBB")
_THERE, _STANDARD = 1, 2
_SUBSYSTEM = 0x200
_MOST = 4
# How strongly each gamepad shakes: the slow motor and the fast one.
_rumble_message = struct.Struct(f"<{2 * _MOST}H")
_strengths = [0] * (2 * _MOST)
# The page tells its gamepads right after the start; a game that asks at once waits for that, at most this long, seconds. A slow link
# needs three round trips. Only a game that nobody watches waits for all of it.
_PATIENCE = 3

_Rumble = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_uint16, ctypes.c_uint16)


class _Description(ctypes.Structure):
    """SDL_VirtualJoystickDesc."""

    _fields_ = (
        [(name, ctypes.c_uint16) for name in ("version", "type", "axes", "buttons", "hats", "vendor", "product", "padding")]
        + [("button_mask", ctypes.c_uint32), ("axis_mask", ctypes.c_uint32), ("name", ctypes.c_char_p)]
        + [(name, ctypes.c_void_p) for name in ("user", "update", "set_player", "rumble", "rumble_triggers", "set_led", "send_effect")]
    )


_sdl = None
_pygame = None
_drain = None
_real_init = _real_quit = None
_running = False
_asked_at = None
_told_page = False
# Number on the page → gamepad.
_gamepads = {}


@_Rumble
def _rumble(user, low, high):
    place = 2 * (user or 0)
    if _strengths[place : place + 2] != [low, high]:
        _strengths[place : place + 2] = low, high
        control.send(b"V", _rumble_message.pack(*_strengths))
    return 0


def install(pygame, sdl, drain):
    global _sdl, _pygame, _drain, _real_init, _real_quit
    _sdl, _pygame, _drain = sdl, pygame, drain
    joystick = pygame.joystick
    _real_init, _real_quit, real_count, RealJoystick = joystick.init, joystick.quit, joystick.get_count, joystick.Joystick
    RealType = joystick.JoystickType
    for name, value in ((b"SDL_JOYSTICK_DISABLE_UDEV", b"1"), (b"SDL_JOYSTICK_HIDAPI", b"0"), (b"SDL_LINUX_JOYSTICK_CLASSIC", b"0"),
                        (b"SDL_JOYSTICK_ALLOW_BACKGROUND_EVENTS", b"1")):  # fmt: skip
        sdl.SDL_SetHint(name, value)
    sdl.SDL_JoystickFromInstanceID.restype = ctypes.c_void_p
    sdl.SDL_JoystickFromInstanceID.argtypes = [ctypes.c_int32]
    sdl.SDL_JoystickSetVirtualAxis.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int16]
    sdl.SDL_JoystickSetVirtualButton.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_uint8]
    sdl.SDL_JoystickSetVirtualHat.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_uint8]

    def init():
        global _running
        _running = True
        if _gamepads or _is_open():
            _open()

    def quit():
        global _running
        _running = False
        if _is_open():
            _real_quit()
            _forget_closed()

    def get_count():
        if not _running:
            raise pygame.error("joystick system not initialized")
        _hear()
        return real_count() if _is_open() else 0

    class Kind(type):
        def __call__(cls, *args, **kwargs):
            if _running:
                _hear()
                _open()
            made = RealJoystick(*args, **kwargs)
            show()
            return made

        def __instancecheck__(cls, value):
            return isinstance(value, RealType)

    class Joystick(metaclass=Kind):
        __doc__ = RealType.__doc__

    joystick.init, joystick.quit, joystick.get_count = init, quit, get_count
    joystick.get_init = lambda: _running
    joystick.Joystick = joystick.JoystickType = Joystick
    # pygame.init() and pygame.quit() call these.
    joystick._internal_mod_init, joystick._internal_mod_quit = init, quit
    _hook_controllers()


def _hook_controllers():
    try:
        from pygame._sdl2 import controller
    except ImportError:
        return
    real_init, real_quit, RealController = controller.init, controller.quit, controller.Controller

    def init():
        _hear()
        real_init()
        _attach_all()

    def quit():
        real_quit()
        _forget_closed()

    class Controller(RealController):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            show()

    controller.init, controller.quit, controller.Controller = init, quit, Controller


def take(packet):
    """Takes a message about one gamepad and returns its number among the inputs."""
    global _told_page
    seq, index, flags, vendor, product, axes, buttons = _message.unpack_from(packet)
    _told_page = True
    if index >= _MOST:
        return seq
    if not flags & _THERE:
        _unplug(index)
        return seq
    start = _message.size
    values = struct.unpack_from(f"<{axes}h{buttons}B", packet, start)
    name = packet[start + 2 * axes + buttons :].decode("utf-8", "replace") or "Gamepad"
    told = Gamepad(index, bool(flags & _STANDARD), vendor, product, axes, buttons, name)
    known = _gamepads.get(index)
    if known is None or not known.is_same(told):
        _unplug(index)
        known = _gamepads[index] = told
        if _running:
            _open()
        elif _is_open():
            _attach_all()
    known.axes, known.buttons = values[:axes], values[axes:]
    show()
    return seq


def unplug_all():
    for index in list(_gamepads):
        _unplug(index)


def show():
    """Gives SDL the state of every gamepad that the game has opened."""
    for gamepad in _gamepads.values():
        device = _sdl.SDL_JoystickFromInstanceID(gamepad.instance) if gamepad.instance is not None else None
        if not device:
            continue
        for place, axis in enumerate(gamepad.axis_order):
            _sdl.SDL_JoystickSetVirtualAxis(device, place, gamepad.axis(axis))
        for place, button in enumerate(gamepad.button_order):
            _sdl.SDL_JoystickSetVirtualButton(device, place, 1 if gamepad.button(button) > 127 else 0)
        if gamepad.hats:
            _sdl.SDL_JoystickSetVirtualHat(device, 0, sum(bit for button, bit in HAT.items() if gamepad.button(button) > 127))


def has_any():
    return bool(_gamepads)


def heard_page():
    """Notes that the page has said what it has to say at the start."""
    global _told_page
    _told_page = True


def _hear():
    """Applies what the page has told. The first time this waits for the page."""
    global _asked_at, _told_page
    _drain()
    if _told_page:
        return
    until = time.monotonic() + _PATIENCE
    while not _told_page:
        left = until - time.monotonic()
        if left <= 0:
            _told_page = True
            return
        control.wait(max(1, int(left * 1000)))
        _drain()


def _is_open():
    return bool(_sdl.SDL_WasInit(_SUBSYSTEM))


def _open():
    _real_init()
    _attach_all()


def _attach_all():
    _forget_closed()
    if not _is_open():
        return
    for index in sorted(_gamepads):
        if _gamepads[index].instance is None:
            _attach(_gamepads[index])


def _attach(gamepad):
    name = gamepad.name.encode("utf-8")
    description = _Description(
        1, 1 if gamepad.standard else 0, len(gamepad.axis_order), len(gamepad.button_order), gamepad.hats, gamepad.vendor,
        gamepad.product, 0, 0, 0, name, gamepad.index, None, None, ctypes.cast(_rumble, ctypes.c_void_p), None, None, None,
    )  # fmt: skip
    device = _sdl.SDL_JoystickAttachVirtualEx(ctypes.byref(description))
    if device < 0:
        return
    gamepad.instance = _sdl.SDL_JoystickGetDeviceInstanceID(device)
    mapping = gamepad.mapping(_guid(device))
    if mapping is not None:
        _sdl.SDL_GameControllerAddMapping(mapping.encode("utf-8"))


class _Guid(ctypes.Structure):
    _fields_ = [("data", ctypes.c_uint8 * 16)]


def _guid(device):
    _sdl.SDL_JoystickGetDeviceGUID.restype = _Guid
    return bytes(_sdl.SDL_JoystickGetDeviceGUID(device).data).hex()


def _unplug(index):
    gamepad = _gamepads.pop(index, None)
    if gamepad is None or gamepad.instance is None or not _is_open():
        return
    for device in range(_sdl.SDL_NumJoysticks()):
        if _sdl.SDL_JoystickGetDeviceInstanceID(device) == gamepad.instance:
            _sdl.SDL_JoystickDetachVirtual(device)
            return


def _forget_closed():
    """Forgets SDL's numbers once its joystick part has ended."""
    if not _is_open():
        for gamepad in _gamepads.values():
            gamepad.instance = None
