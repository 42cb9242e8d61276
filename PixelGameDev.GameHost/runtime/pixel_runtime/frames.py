"""Copies finished pictures into the memory shared with GameHost. Capture/SharedFrames.cs describes its layout."""

import mmap
import os
import struct
import time

from . import control

MEMORY_DESCRIPTOR = 4
SIGNAL_DESCRIPTOR = 5
MAX_SIDE = 1920
MAX_PIXELS = 1920 * 1080
_HEADER_SIZE = 4096
_SLOT_SIZE = MAX_PIXELS * 4
_SLOTS = 3
_READING = 12
_ONE = struct.pack("<Q", 1)

_u32 = struct.Struct("<I")
_u64 = struct.Struct("<Q")
_picture = struct.Struct("<IIIIII")
# In the machine's own byte order it is written with one store, so that GameHost never reads half of it.
_published = struct.Struct("@Q")

_memory = None
_number = 0
_slot = -1
_flips = 0
_busy_until = 0.0
_pending = False
_converted = None
input_seq = 0


def open_memory():
    global _memory
    _memory = mmap.mmap(MEMORY_DESCRIPTOR, _HEADER_SIZE + _SLOTS * _SLOT_SIZE)
    os.set_inheritable(MEMORY_DESCRIPTOR, False)
    os.set_inheritable(SIGNAL_DESCRIPTOR, False)


def fits(width, height):
    return width <= MAX_SIDE and height <= MAX_SIDE and width * height <= MAX_PIXELS


def flipped(surface, game_micros):
    """Copies the picture that the game shows: at once, or later if the game shows pictures faster than anyone can see.

    Copies take at most a fifth of the time. flush() copies a skipped picture when the game next reads its events
    or its clock, so the last picture before a pause is never missing.
    """
    global _flips, _pending
    _flips += 1
    _u64.pack_into(_memory, 80, _flips)
    _u32.pack_into(_memory, 88, min(game_micros, 0xFFFFFFFF))
    _pending = True
    if time.monotonic() >= _busy_until:
        _copy(surface)


def flush(surface):
    """Copies a picture that was shown but not copied yet."""
    if _pending and surface is not None:
        _copy(surface)


def pending():
    return _pending


def _free_slot():
    """Returns a slot that is neither the last picture's, which GameHost may take at any time, nor the one that GameHost reads.

    It returns the same two while they are enough: they stay in the processor's cache.
    """
    reading = _memory[_READING] - 1
    for slot in range(_SLOTS):
        if slot != _slot and slot != reading:
            return slot


def _copy(surface):
    global _number, _slot, _busy_until, _pending, _converted
    if not control.is_ours():
        return
    _pending = False
    started = time.monotonic()
    width, height = surface.get_size()
    if not fits(width, height):
        return
    if surface.get_bitsize() != 32 or surface.get_masks()[:3] != (0xFF0000, 0xFF00, 0xFF):
        import pygame

        if _converted is None or _converted.get_size() != (width, height):
            _converted = pygame.Surface((width, height), 0, 32, (0xFF0000, 0xFF00, 0xFF, 0))
        _converted.blit(surface, (0, 0))
        surface = _converted
    pitch = surface.get_pitch()
    number = _number + 1
    slot = _free_slot()
    _picture.pack_into(
        _memory, 128 + 64 * slot, width, height, pitch, _flips & 0xFFFFFFFF, (time.monotonic_ns() // 1000) & 0xFFFFFFFF, input_seq
    )
    start = _HEADER_SIZE + _SLOT_SIZE * slot
    view = surface.get_view("0") if pitch == width * 4 else surface.get_buffer()
    _memory[start : start + pitch * height] = memoryview(view).cast("B") if pitch == width * 4 else view.raw
    del view
    _published.pack_into(_memory, 72, number * 4 + slot)
    _number, _slot = number, slot
    os.write(SIGNAL_DESCRIPTOR, _ONE)
    now = time.monotonic()
    # Without a viewer, a picture now and then is enough for one who comes.
    _busy_until = now + (now - started) * 4 if _memory[4] else now + 0.1
