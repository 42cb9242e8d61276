"""Hides the modules that the runtime has imported, so that a learner's own module takes precedence wherever it would on a desktop.

The sandbox imports pygame and much of the standard library before it knows the game. Without this module, a learner's platform.py would
never be read, because `import platform` finds Python's own in sys.modules.
"""

import contextlib
import importlib.machinery
import os
import sys

# The runtime has only one pygame, and it is prepared. A learner's pygame.py would break every `import pygame` anyway.
_STAY = ("pygame", "pixel_runtime", "__main__")

_hidden = {}
_work = None
_library_path = []


def hide(plain, work, directories):
    """Hides every module that a plain Python would not have imported yet, and lets modules in the given directories come first.

    plain: the names in sys.modules when Python started.
    """
    global _work, _library_path
    _work = work
    _library_path = [path for path in sys.path[1:] if path]
    sys.path[:] = [*directories, *_library_path]
    imported = dict(sys.modules)
    for name in imported:
        top = name.partition(".")[0]
        if top not in plain and top not in _STAY and _can_be_replaced(imported.get(top)):
            _hidden[name] = sys.modules.pop(name)
    # Builtin and frozen modules come first on a desktop, too.
    place = sys.meta_path.index(importlib.machinery.PathFinder)
    sys.meta_path.insert(place, _Finder)


@contextlib.contextmanager
def visible():
    """Gives the runtime its own modules back for a moment: a report about the game must not use the game's traceback.py."""
    path, before = sys.path[:], dict(sys.modules)
    for name, module in before.items():
        if name.partition(".")[0] in sys.stdlib_module_names and _is_learners(module):
            del sys.modules[name]
    for name, module in _hidden.items():
        sys.modules.setdefault(name, module)
    sys.path[:] = _library_path or path
    try:
        yield
    finally:
        sys.path[:] = path
        for name in set(sys.modules) - set(before):
            del sys.modules[name]
        sys.modules.update(before)


def _can_be_replaced(module):
    """Returns whether a file could come before this module: builtin and frozen modules always win, and some have no file."""
    spec = getattr(module, "__spec__", None)
    return spec is not None and spec.has_location and spec.origin is not None


def _is_learners(module):
    place = getattr(module, "__file__", None)
    return isinstance(place, str) and _work is not None and place.startswith(_work + os.sep)


class _Finder:
    """Gives a hidden module back when Python's search finds its file, and no other file of that name first."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        module = _hidden.get(name)
        # A reload() has a target and loads the file again.
        if module is None or "." in name or target is not None:
            return None
        found = importlib.machinery.PathFinder.find_spec(name, path, target)
        if found is None or found.origin != module.__spec__.origin:
            return found
        # The submodules belong to the module and come back with it.
        for other, kept in _hidden.items():
            if other.startswith(name + "."):
                sys.modules.setdefault(other, kept)
        found.loader = _Kept(module)
        return found


class _Kept:
    """Loads a module by taking the one that was imported before."""

    def __init__(self, module):
        self._module, self._spec = module, module.__spec__

    def create_module(self, spec):
        return self._module

    def exec_module(self, module):
        # Python has put the search's spec, whose loader is this one, into the module.
        module.__spec__ = self._spec
