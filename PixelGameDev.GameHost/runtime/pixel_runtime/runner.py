"""Warms up, waits for the learner's files, and runs them as __main__."""

import ctypes
import json
import os
import resource
import signal
import sys
import time
import types
import warnings

from . import console, control, display, errors, events, folder, fonts, frames, idle, late, library, pacing, sdl_events, sound, windows

_PR_SET_PDEATHSIG = 1
# Games use less than 2 GB of addresses, numpy included. Each 2 MB that is touched costs a page of tables, and the kernel stops the whole
# machine for a moment when it frees many at once.
_MOST_ADDRESSES = 16 << 30


def main(work, plain):
    """Waits for a game and runs it.

    work: the directory of the game's files. plain: the modules that Python itself had imported when it started.
    """
    _be_a_good_child()
    control.open_channel()
    frames.open_memory()
    os.set_inheritable(6, False)
    pygame = _warm_up()
    edition = "-ce" if getattr(pygame, "IS_CE", False) else ""
    hello = {"pygame": pygame.version.ver + edition, "python": sys.version.split()[0], "pid": os.getpid()}
    control.send_json(b"H", hello)
    idle.warm_up(pygame)
    while True:
        packet = control.receive_blocking()
        if not packet:
            return 0
        if packet[0] == control.START:
            return _run(pygame, plain, work, json.loads(packet[1:]))


def _be_a_good_child():
    # If GameHost is not process 1, nothing else ends this process when GameHost dies.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        # When memory runs out, the kernel must kill the game and not GameHost, which reports the reason and has 500 from the container. The
        # game's children inherit this value; no process of the sandbox may lower it again.
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:
        pass
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_ADDRESSES, _MOST_ADDRESSES))


def _warm_up():
    with warnings.catch_warnings(), late.modules():
        # Debian's build warns about AVX2, and setuptools about itself. A learner can do nothing about these warnings.
        warnings.simplefilter("ignore")
        import pygame
        import pygame.locals
        import pygame.sprite
        import pygame.sysfont
    # First: gamepads import pygame._sdl2.
    windows.install(pygame)
    display.install(pygame)
    events.install(pygame, display.before_wait)
    sound.install(pygame)
    fonts.install(pygame)
    _hook_time(pygame)
    _hook_life(pygame)
    display.warm_up(pygame)
    pygame.font.init()
    pygame.font.quit()
    console.install(display.before_wait)
    return pygame


def _hook_time(pygame):
    pacing.before_wait = display.before_wait
    pygame.time.Clock = pacing.Clock
    for module, name in ((pygame.time, "wait"), (pygame.time, "delay"), (time, "sleep")):
        setattr(module, name, _after_showing(getattr(module, name), pacing.begin_ticks if module is pygame.time else None))


def _after_showing(real, begin):
    def waiting(duration, /):
        if begin is not None:
            begin()
        display.before_wait()
        return real(duration)

    waiting.__name__ = waiting.__qualname__ = real.__name__
    waiting.__doc__ = real.__doc__
    return waiting


def _hook_life(pygame):
    real_init, real_quit = pygame.init, pygame.quit

    def init():
        display.use_own_drivers()
        pacing.begin_ticks()
        counts = real_init()
        sound.tell(pygame)
        return counts

    def quit():
        display.before_wait()
        sound.closing()
        pacing.end_ticks()
        try:
            return real_quit()
        finally:
            # SDL has forgotten it, and the game may start SDL again.
            sdl_events.silence()

    pygame.init, pygame.quit = init, quit


def _run(pygame, plain, work, start):
    errors.install(work)
    path = os.path.join(work, start["entry"])
    directory = folder.choose(work, start["entry"])
    os.chdir(directory)
    sys.argv = [os.path.relpath(path, directory)]
    own = os.path.dirname(path)
    library.hide(plain, work, [work] if own == work else [own, work])
    module = types.ModuleType("__main__")
    module.__file__ = path
    module.__builtins__ = __builtins__
    module.__dict__["__cached__"] = None
    _run.own_main = sys.modules["__main__"]
    sys.modules["__main__"] = module
    pygame.time.get_ticks = pacing.ticks
    pacing.end_ticks()
    process = os.getpid()
    control.send(b"S")
    kind, code = "finished", 0
    try:
        with open(path, "rb") as file:
            source = file.read()
        exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)
    except SystemExit as leaving:
        code = _exit_code(leaving)
    except BaseException as error:
        kind, code = errors.reason(error), 1
        _tell(error, process)
    if os.getpid() != process:
        # A fork of the game that reached its end. Its parent is the game, not this code.
        errors.flush()
        os._exit(code)
    display.finish()
    errors.flush()
    control.send_json(b"R", {"kind": kind, "exitCode": code})
    return code


def _tell(error, process):
    errors.flush()
    if os.getpid() != process:
        sys.__excepthook__(type(error), error, error.__traceback__)
        return
    # The first frame of the traceback belongs to this file.
    error.__traceback__ = error.__traceback__.tb_next if error.__traceback__ else None
    if sys.excepthook is not sys.__excepthook__:
        try:
            sys.excepthook(type(error), error, error.__traceback__)
        except BaseException:
            pass
    try:
        with library.visible():
            report = errors.report(error)
    except BaseException:
        report = {"type": type(error).__name__, "message": "", "frames": [], "text": type(error).__name__}
    errors.send(report)


def _exit_code(leaving):
    code = leaving.code
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1
