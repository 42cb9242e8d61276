"""Copies finished pictures into the memory shared with GameHost. Capture/SharedFrames.cs describes its layout."""

import _thread
import mmap
import os
import struct
import time

from . import control, tiles

MEMORY_DESCRIPTOR = 4
SIGNAL_DESCRIPTOR = 5
MAX_SIDE = 1920
MAX_PIXELS = 1920 * 1080
_HEADER_SIZE = 4096
_SLOT_SIZE = MAX_PIXELS * 4
_SLOTS = 3
# For each slot, room for the hashes of its tiles.
_HASHES_SIZE = 4096 * 8
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
_flipper = 0
_copying = _thread.allocate_lock()
_watching = _thread.allocate_lock()
_skipped = None
input_seq = 0

# How long a skipped picture waits for the game's next look at its events or clock before it is copied anyway, seconds.
_LATE = 0.03
# The game's time.sleep() shows pictures first (runner.py).
_sleep = time.sleep


def open_memory():
    global _memory
    _memory = mmap.mmap(MEMORY_DESCRIPTOR, _HEADER_SIZE + _SLOTS * (_SLOT_SIZE + _HASHES_SIZE))
    tiles.open_library(_memory)
    os.set_inheritable(MEMORY_DESCRIPTOR, False)
    os.set_inheritable(SIGNAL_DESCRIPTOR, False)


def fits(width, height):
    return width <= MAX_SIDE and height <= MAX_SIDE and width * height <= MAX_PIXELS


def flipped(surface, game_micros):
    """Copies the picture that the game shows: at once, or later if the game shows pictures faster than anyone can see.

    Copies take at most a fifth of the time. flush() copies a skipped picture when the game next reads its events
    or its clock, and a thread copies it when the game does neither, so the last picture before a pause is never missing.
    """
    global _flips, _pending, _flipper
    _flips += 1
    _flipper = _thread.get_ident()
    _u64.pack_into(_memory, 80, _flips)
    _u32.pack_into(_memory, 88, min(game_micros, 0xFFFFFFFF))
    _pending = True
    if time.monotonic() >= _busy_until:
        _copy(surface)
    else:
        _copy_late(surface)


def flush(surface):
    """Copies a picture that was shown but not copied yet."""
    if _pending and surface is not None:
        _copy(surface)


def pending():
    """Returns whether a shown picture waits. In a thread that does not show pictures none does: another thread may be drawing."""
    return _pending and _flipper == _thread.get_ident()


def _copy_late(surface):
    """Has a skipped picture copied in case the game neither reads its events nor shows another one: it loads or calculates."""
    global _skipped
    with _watching:
        begin = _skipped is None
        _skipped = (surface, _flips)
    if begin:
        _thread.start_new_thread(_watch, ())


def _watch():
    global _skipped
    while True:
        _sleep(_LATE)
        with _watching:
            surface, flips = _skipped
            if _pending and flips != _flips:
                continue
            _skipped = None
        try:
            flush(surface)
        except Exception:
            # The game has closed its window meanwhile.
            pass
        return


def last_picture(pygame, size):
    """Returns a surface with the picture that was shown last; a black one if none of this size was."""
    picture = pygame.Surface(size, 0, 32, (0xFF0000, 0xFF00, 0xFF, 0))
    if _slot >= 0:
        width, height, pitch = _picture.unpack_from(_memory, 128 + 64 * _slot)[:3]
        if (width, height) == size and pitch == width * 4:
            start = _HEADER_SIZE + _SLOT_SIZE * _slot
            picture.get_buffer().write(_memory[start : start + pitch * height])
    return picture


def _free_slot():
    """Returns a slot that is neither the last picture's, which GameHost may take at any time, nor the one that GameHost reads.

    It returns the same two while they are enough: they stay in the processor's cache.
    """
    reading = _memory[_READING] - 1
    for slot in range(_SLOTS):
        if slot != _slot and slot != reading:
            return slot


def copying():
    """Returns the lock under which pictures are copied. A window may change its size only then."""
    return _copying


def wait_for_copy():
    """Returns when no thread copies a picture. Threads that still run when a program has ended are not waited for."""
    with _copying:
        pass


def _copy(surface):
    # Two threads of a game may show pictures.
    with _copying:
        _copy_now(surface)


def _copy_now(surface):
    global _number, _slot, _pending, _converted
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
    number = _number + 1
    slot = _free_slot()
    if tiles.can_copy(surface):
        changed = tiles.copy(surface, slot, max(_slot, 0), width, height)
        if changed == 0 and _slot >= 0:
            # GameHost has this picture already.
            _wait_for_next(started)
            return
        pitch = width * 4
    else:
        pitch = _copy_whole(surface, slot, width, height)
    _picture.pack_into(
        _memory, 128 + 64 * slot, width, height, pitch, _flips & 0xFFFFFFFF, (time.monotonic_ns() // 1000) & 0xFFFFFFFF, input_seq
    )
    _published.pack_into(_memory, 72, number * 4 + slot)
    _number, _slot = number, slot
    os.write(SIGNAL_DESCRIPTOR, _ONE)
    _wait_for_next(started)


def _wait_for_next(started):
    """Sets when the next picture may be copied."""
    global _busy_until
    now = time.monotonic()
    # Without a viewer, a picture now and then is enough for one who comes.
    _busy_until = now + (now - started) * 4 if _memory[4] else now + 0.1


def _copy_whole(surface, slot, width, height):
    """Copies every pixel. Returns the bytes from one row to the next."""
    pitch = surface.get_pitch()
    start = _HEADER_SIZE + _SLOT_SIZE * slot
    # No hashes fit these pixels.
    _u32.pack_into(_memory, 128 + 64 * slot + 24, 0)
    view = surface.get_view("0") if pitch == width * 4 else surface.get_buffer()
    _memory[start : start + pitch * height] = memoryview(view).cast("B") if pitch == width * 4 else view.raw
    return pitch
