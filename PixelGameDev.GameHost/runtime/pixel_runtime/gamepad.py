"""The axes and buttons of a gamepad: where the browser has them, and where pygame and SDL expect them."""

# Buttons of the browser's standard layout.
_A, _B, _X, _Y, _LB, _RB, _LT, _RT, _BACK, _START, _LS, _RS, _UP, _DOWN, _LEFT, _RIGHT, _GUIDE, _PAD = range(18)
# Axes and buttons as docs of pygame 2 list them for these gamepads. LT and RT among the axes are triggers.
_XBOX_AXES, _PLAYSTATION_AXES = (0, 1, "LT", 2, 3, "RT"), (0, 1, 2, 3, "LT", "RT")
_XBOX = (_A, _B, _X, _Y, _LB, _RB, _BACK, _START, _LS, _RS, _GUIDE)
_PLAYSTATION = (_A, _B, _X, _Y, _BACK, _GUIDE, _START, _LS, _RS, _LB, _RB, _UP, _DOWN, _LEFT, _RIGHT, _PAD)
_SWITCH = (_B, _A, _Y, _X, _BACK, _GUIDE, _START, _LS, _RS, _LB, _RB, _UP, _DOWN, _LEFT, _RIGHT, _PAD)
_SONY, _NINTENDO = 0x054C, 0x057E
_NAMES = {
    _A: "a", _B: "b", _X: "x", _Y: "y", _LB: "leftshoulder", _RB: "rightshoulder", _BACK: "back", _START: "start", _GUIDE: "guide",
    _LS: "leftstick", _RS: "rightstick", _UP: "dpup", _DOWN: "dpdown", _LEFT: "dpleft", _RIGHT: "dpright",
}  # fmt: skip
_AXIS_NAMES = {0: "leftx", 1: "lefty", 2: "rightx", 3: "righty", "LT": "lefttrigger", "RT": "righttrigger"}
HAT = {_UP: 1, _RIGHT: 2, _DOWN: 4, _LEFT: 8}


class Gamepad:
    """One gamepad of the page and its place in SDL."""

    def __init__(self, index, standard, vendor, product, axes, buttons, name):
        self.index, self.standard, self.vendor, self.product, self.name = index, standard, vendor, product, name
        self.counts = (axes, buttons)
        self.axes, self.buttons = (), ()
        # SDL's number, while the joystick is attached.
        self.instance = None
        if not standard:
            self.axis_order, self.button_order, self.hats = tuple(range(axes)), tuple(range(buttons)), 0
        elif vendor in (_SONY, _NINTENDO):
            self.axis_order, self.hats = _PLAYSTATION_AXES, 0
            self.button_order = _PLAYSTATION if vendor == _SONY else _SWITCH
        else:
            self.axis_order, self.button_order, self.hats = _XBOX_AXES, _XBOX, 1

    def is_same(self, other):
        return (self.standard, self.vendor, self.product, self.counts, self.name) == (
            other.standard, other.vendor, other.product, other.counts, other.name,
        )  # fmt: skip

    def mapping(self, guid):
        """Returns the line that tells SDL's controllers what is where."""
        if not self.standard:
            return None
        parts = [f"{_AXIS_NAMES[axis]}:a{place}" for place, axis in enumerate(self.axis_order)]
        names = dict(_NAMES)
        if self.vendor == _NINTENDO:
            names.update({_A: "b", _B: "a", _X: "y", _Y: "x"})
        parts += [f"{names[button]}:b{place}" for place, button in enumerate(self.button_order) if button in names]
        if self.hats:
            parts += [f"{names[button]}:h0.{bit}" for button, bit in HAT.items()]
        return f"{guid},{self.name.replace(',', ' ')},{','.join(parts)},platform:Linux,"

    def axis(self, axis):
        if axis in ("LT", "RT"):
            # A trigger rests at one end.
            return self.button(_LT if axis == "LT" else _RT) * 257 - 32768
        return self.axes[axis] if axis < len(self.axes) else 0

    def button(self, button):
        return self.buttons[button] if button < len(self.buttons) else 0
