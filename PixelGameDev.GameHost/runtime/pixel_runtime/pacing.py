"""Time: flip() waits as for a 60 Hz display, and a Clock keeps its rate exactly.

pygame's own Clock rounds its delay to whole milliseconds, so tick(60) gives 62.5. Deadlines here are absolute, and a game
that asks for 60 gets 60.0.
"""

import math
import time

_VSYNC = 1.0 / 60.0

_clock_until = 0.0
_next_vsync = 0.0
_last_end = None
before_wait = None
_ticks_since = None


def begin_ticks():
    """Makes ticks() count from now, unless it counts already. SDL counts from the first part of it that a program starts."""
    global _ticks_since
    if _ticks_since is None:
        _ticks_since = time.monotonic_ns()


def end_ticks():
    """Makes ticks() return 0 until something of pygame is started again."""
    global _ticks_since
    _ticks_since = None


def ticks():
    """Returns what pygame.time.get_ticks() returns, milliseconds."""
    return 0 if _ticks_since is None else (time.monotonic_ns() - _ticks_since) // 1_000_000


def game_micros():
    """Returns the time since the last wait ended, µs: the time that the game itself took."""
    return 0 if _last_end is None else int((time.perf_counter() - _last_end) * 1e6)


def hold_flip():
    """Waits for the next tick of a 60 Hz display, unless a Clock keeps the game's rate already."""
    global _next_vsync, _last_end
    now = time.perf_counter()
    if now >= _clock_until:
        if now < _next_vsync:
            time.sleep(_next_vsync - now)
            _next_vsync += _VSYNC
        elif now - _next_vsync > _VSYNC:
            _next_vsync = now + _VSYNC
        else:
            _next_vsync += _VSYNC
    _last_end = time.perf_counter()


class Clock:
    """Replaces pygame.time.Clock, with the same methods and meanings."""

    def __init__(self):
        begin_ticks()
        now = time.perf_counter()
        self._last = now
        self._deadline = now
        self._time = 0
        self._raw = 0
        self._carried = 0.0
        self._fps = 0.0
        self._fps_since = None
        self._fps_count = 0

    def tick(self, framerate=0):
        return self._tick(framerate)

    def tick_busy_loop(self, framerate=0):
        return self._tick(framerate)

    def get_time(self):
        return self._time

    def get_rawtime(self):
        return self._raw

    def get_fps(self):
        return self._fps

    def __repr__(self):
        return f"<Clock(fps={self._fps:.2f})>"

    def _tick(self, framerate):
        global _clock_until, _last_end
        # Unlike float(), this refuses the text "60", as pygame does.
        framerate = math.ldexp(framerate, 0)
        if before_wait is not None:
            before_wait()
        now = time.perf_counter()
        self._raw = int((now - self._last) * 1000)
        if framerate > 0:
            period = 1.0 / framerate
            self._deadline += period
            if now < self._deadline - 2 * period:
                # The game asked for a slower rate earlier; the deadlines follow the new rate from now on.
                self._deadline = now + period
            if now < self._deadline:
                time.sleep(self._deadline - now)
                now = time.perf_counter()
            elif now - self._deadline > period:
                # More than a frame late: the lost time is not made up.
                self._deadline = now
            _clock_until = now + max(0.5, 2 * period)
        else:
            self._deadline = now
        elapsed = (now - self._last) * 1000 + self._carried
        self._time = int(elapsed)
        # The fraction is kept, so that a game that adds up the results of tick() keeps the true time.
        self._carried = elapsed - self._time
        self._last = now
        _last_end = now
        self._count(now)
        return self._time

    def _count(self, now):
        if self._fps_since is None:
            self._fps_since = now
            return
        self._fps_count += 1
        if self._fps_count >= 10:
            span = now - self._fps_since
            self._fps = self._fps_count / span if span > 0 else 0.0
            self._fps_since = now
            self._fps_count = 0
