"""The window: SDL's dummy window, whose pictures go to the page."""

import os

from . import control, frames, keyboard, mouse, pacing, resize

MAX_SIZE_TEXT = f"{frames.MAX_SIDE}×1080"

_caption = None
_surface = None
# What the window shows, once a game has updated only parts of it; None: the same as the display surface.
_shown = None
_fullscreen = False


def forget_shown():
    global _shown
    _shown = None


def before_wait():
    """Sends a picture that waits. Call it before the game reads its events or waits."""
    if frames.pending():
        frames.flush(_shown or _surface())


def finish():
    """Sends the last picture of a program that ends, also if another thread is copying it."""
    before_wait()
    frames.wait_for_copy()


def use_own_drivers():
    """Keeps SDL's drivers when a program sets others, as old tutorials do for Windows. The program still reads what it has set."""
    os.putenv("SDL_VIDEODRIVER", "dummy")
    os.putenv("SDL_AUDIODRIVER", "disk")


def install(pygame):
    global _surface
    display = pygame.display
    _surface = display.get_surface
    real_set_mode, real_flip, real_update = display.set_mode, display.flip, display.update
    real_caption, real_quit, real_init = display.set_caption, display.quit, display.init
    real_is_fullscreen = getattr(display, "is_fullscreen", None)

    def init():
        use_own_drivers()
        pacing.begin_ticks()
        return real_init()

    def set_mode(size=(0, 0), flags=0, depth=0, display=0, vsync=0):
        global _shown, _fullscreen
        flags = int(flags)
        use_own_drivers()
        pacing.begin_ticks()
        if flags & pygame.OPENGL:
            raise pygame.error(
                "This game asks for OPENGL (3D graphics), which does not work here. "
                "Take pygame.OPENGL out of pygame.display.set_mode() and draw on the surface that it gives you."
            )
        try:
            width, height = (0, 0) if size is None else (int(size[0] + 0), int(size[1] + 0))
        except (TypeError, IndexError, KeyError):
            # pygame words what is wrong with it.
            return real_set_mode(size, flags, depth)
        if not frames.fits(width, height):
            raise pygame.error(
                f"The window is too large: {width}×{height}. Up to {MAX_SIZE_TEXT} pixels are possible here; "
                "give pygame.display.set_mode() a smaller size."
            )
        fullscreen = bool(flags & pygame.FULLSCREEN)
        # A scaled surface keeps its size when its window changes.
        resizable = bool(flags & pygame.RESIZABLE) and not flags & getattr(pygame, "SCALED", 0)
        # The page is the screen. It scales the picture as it likes, so these flags would only change the picture's size.
        flags &= ~(pygame.FULLSCREEN | getattr(pygame, "SCALED", 0))
        _shown = None
        if _surface() is None:
            keyboard.window_opens()
        surface = real_set_mode((width, height), flags, depth)
        _fullscreen = fullscreen
        resize.window_opened(resizable)
        mouse.window_opened()
        keyboard.window_opened()
        return surface

    def flip():
        real_flip()
        surface = _surface()
        if _shown is not None:
            _shown.blit(surface, (0, 0))
        frames.flipped(_shown or surface, pacing.game_micros())
        pacing.hold_flip()

    def update(*args, **kwargs):
        real_update(*args, **kwargs)
        surface = _surface()
        if surface is None:
            return
        parts = None if kwargs else _parts(pygame, args)
        if parts is None:
            if _shown is not None:
                _shown.blit(surface, (0, 0))
        else:
            _show_parts(pygame, surface, parts)
        frames.flipped(_shown or surface, pacing.game_micros())
        if parts is None:
            pacing.hold_flip()

    def set_caption(title, icontitle=None, *rest):
        global _caption
        real_caption(title, icontitle or title, *rest)
        if title != _caption:
            _caption = title
            control.send_text(b"C", str(title))

    def quit():
        global _shown
        before_wait()
        _shown = None
        done = real_quit()
        resize.window_closed()
        return done

    def toggle_fullscreen():
        global _fullscreen
        # The page has the whole screen when the person wants it, so only the answer of is_fullscreen() changes.
        _fullscreen = not _fullscreen
        return 1

    def is_fullscreen():
        # pygame's own checks whether there is a display.
        real_is_fullscreen()
        return _fullscreen and _surface() is not None

    display.init, display.set_mode, display.flip, display.update = init, set_mode, flip, update
    display.set_caption, display.quit = set_caption, quit
    display.toggle_fullscreen = toggle_fullscreen
    if real_is_fullscreen is not None:
        display.is_fullscreen = is_fullscreen
    display.iconify = lambda: True


def _parts(pygame, args):
    """Returns the rectangles given to update(); None stands for the whole window."""
    if not args or args == (None,):
        return None
    if len(args) > 1:
        return [pygame.Rect(*args)]
    try:
        return [pygame.Rect(args[0])]
    except TypeError:
        return [pygame.Rect(part) for part in args[0] if part]


def _show_parts(pygame, surface, parts):
    """Shows only some rectangles of the surface, as a desktop does; the rest of the window stays."""
    global _shown
    if _shown is None:
        _shown = frames.last_picture(pygame, surface.get_size())
    for part in parts:
        _shown.blit(surface, part, part)


def warm_up(pygame):
    """Opens a window and closes it: the first window of a process takes 80 ms, any other 1 ms.

    The window does not stay open, because a game can notice it: before set_mode(), Info() describes the screen and get_surface() is None.
    """
    pygame.display.init()
    pygame.display.set_mode((640, 480))
    pygame.display.quit()
