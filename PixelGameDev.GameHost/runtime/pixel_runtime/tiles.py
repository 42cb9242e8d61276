"""Copies pictures with native code, which copies and marks only the tiles that changed (native/pixelframe.c).

The library lies beside GameHost. Without it, or where the processor is too old for it, frames.py copies whole pictures.
"""

import ctypes
import os

_copy = None
_base = 0


def open_library(memory):
    """Prepares copies into the shared memory, if the library is there and can work."""
    global _copy, _base
    path = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "libpixelframe.so")
    try:
        # Other threads of the game wait meanwhile, so that none draws into the picture.
        library = ctypes.PyDLL(path)
    except OSError:
        return
    if not library.pixelframe_prepare(ctypes.c_uint64(int.from_bytes(os.urandom(8), "little"))):
        return
    _base = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    _copy = library.pixelframe_copy
    _copy.argtypes = (ctypes.c_void_p, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_uint32)


def can_copy(surface):
    return _copy is not None and not surface.mustlock() and hasattr(surface, "_pixels_address")


def copy(surface, slot, last, width, height):
    """Copies a surface of 32-bit pixels into a slot that GameHost does not read, rows without a gap.

    Returns how many tiles differ from the picture in the slot `last`; all of them if that has another size.
    """
    return _copy(_base, slot, last, surface._pixels_address, surface.get_pitch(), width, height)
