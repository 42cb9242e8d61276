"""Loads pygame.surfarray and pygame.sndarray when a game uses them: they import numpy, which is a quarter of a waiting sandbox's memory."""

import contextlib
import importlib.machinery
import importlib.util
import sys

_LATE = ("pygame.surfarray", "pygame.sndarray")


@contextlib.contextmanager
def modules():
    """Within this, an import of these modules gives modules that load at the first look into them."""
    sys.meta_path.insert(0, _Finder)
    try:
        yield
    finally:
        sys.meta_path.remove(_Finder)


class _Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        spec = importlib.machinery.PathFinder.find_spec(name, path, target) if name in _LATE else None
        if spec is not None and spec.loader is not None:
            spec.loader = importlib.util.LazyLoader(spec.loader)
        return spec
