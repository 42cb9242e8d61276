"""Says in one sentence that windows and renderers of pygame._sdl2 cannot be seen here. Without it they draw, and no picture appears."""

import importlib.machinery
import sys

_NAME = "pygame._sdl2.video"
_WORDS = (
    "A {} of pygame._sdl2 does not work here. Use pygame.display.set_mode() and draw on the surface that it gives you, "
    "then call pygame.display.flip()."
)


def install(pygame):
    class Loader:
        """Loads the module as usual and replaces its classes."""

        def __init__(self, real):
            self.create_module = real.create_module
            self._exec = real.exec_module

        def exec_module(self, module):
            self._exec(module)
            for name in ("Window", "Renderer"):
                setattr(module, name, _refusing(pygame, getattr(module, name)))

    class Finder:
        """Finds only that one module, which few games import."""

        @staticmethod
        def find_spec(name, path=None, target=None):
            if name != _NAME:
                return None
            found = importlib.machinery.PathFinder.find_spec(name, path, target)
            if found is not None and found.loader is not None:
                found.loader = Loader(found.loader)
            return found

    sys.meta_path.insert(0, Finder)


def _refusing(pygame, real):
    """Returns a class that cannot be made. Window.from_display_module() goes on working: that window is the game's own."""

    def refuse(*args, **kwargs):
        raise pygame.error(_WORDS.format(real.__name__))

    body = {"__init__": refuse, "__module__": real.__module__, "__doc__": real.__doc__}
    if hasattr(real, "from_window"):
        body["from_window"] = staticmethod(refuse)
    return type(real.__name__, (real,), body)
