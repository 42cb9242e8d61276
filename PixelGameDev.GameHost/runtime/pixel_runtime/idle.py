"""Prepares what games need while the sandbox waits."""

import importlib
import warnings

from . import control

# Longest wait for the game before the preparation begins, milliseconds: a sandbox that does not come from the pool gets its game at once.
_PATIENCE = 50

# Modules of the standard library that most games import.
_MODULES = ("random", "math", "json", "string", "copy", "datetime", "collections", "itertools", "functools", "enum", "dataclasses", "pathlib")


def warm_up(pygame):
    """Prepares step by step, until the game arrives."""
    steps = [lambda name=name: importlib.import_module(name) for name in _MODULES]
    # The list of the system's fonts. SysFont() gets it from a program.
    steps.append(lambda: pygame.sysfont.initsysfonts())
    if control.wait(_PATIENCE):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for step in steps:
            if control.wait(0):
                return
            try:
                step()
            except Exception:
                # The game finds out itself what is missing.
                pass
