"""What a sandbox does while nobody needs it, so that games find it done."""

import importlib
import os
import sys
import warnings

from . import control

# A sandbox that is not out of the pool gets its game at once, milliseconds.
_PATIENCE = 50

# Of the standard library, what games begin with.
_MODULES = ("random", "math", "json", "string", "copy", "datetime", "collections", "itertools", "functools", "enum", "dataclasses", "pathlib")

_brought = set()


def warm_up(pygame):
    """Step by step, until the game is there."""
    steps = [lambda name=name: _bring(name) for name in _MODULES]
    # The list of the system's fonts, which SysFont() asks a program for.
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
                # What is not to be had is the game's to find out.
                pass


def leave_to(*directories):
    """A learner's random.py goes before Python's own, as it does everywhere."""
    for directory in directories:
        for name in os.listdir(directory):
            if name.partition(".")[0] in _brought:
                sys.modules.pop(name.partition(".")[0], None)


def _bring(name):
    before = set(sys.modules)
    importlib.import_module(name)
    _brought.update(set(sys.modules) - before)
