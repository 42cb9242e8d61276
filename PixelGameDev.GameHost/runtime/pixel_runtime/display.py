"""The window: SDL's dummy one, whose pictures go to the page."""

from . import control, frames, pacing

MAX_SIZE_TEXT = f"{frames.MAX_SIDE}×1080"

_pygame = None
_opened = False
_caption = None
_real_surface = None


def shown_surface():
    """The learner's window; None before set_mode()."""
    return _real_surface() if _opened else None


def before_wait():
    if frames.pending():
        frames.flush(shown_surface())


def install(pygame):
    global _pygame, _real_surface
    _pygame = pygame
    display = pygame.display
    _real_surface = display.get_surface
    real_set_mode, real_flip, real_update = display.set_mode, display.flip, display.update
    real_caption, real_quit = display.set_caption, display.quit

    def set_mode(size=(0, 0), flags=0, depth=0, display=0, vsync=0):
        global _opened
        flags = int(flags)
        if flags & pygame.OPENGL:
            raise pygame.error(
                "This game asks for OPENGL (3D graphics), which does not work here. "
                "Take pygame.OPENGL out of pygame.display.set_mode() and draw on the surface that it gives you."
            )
        width, height = (int(size[0]), int(size[1])) if size is not None else (0, 0)
        if not frames.fits(width, height):
            raise pygame.error(
                f"The window is too large: {width}×{height}. Up to {MAX_SIZE_TEXT} pixels are possible here; "
                "give pygame.display.set_mode() a smaller size."
            )
        # The page is the screen: it makes the picture as large as it likes, so these would only change its size.
        flags &= ~(pygame.FULLSCREEN | getattr(pygame, "SCALED", 0))
        surface = real_set_mode((width, height), flags, depth)
        _opened = True
        return surface

    def require_window():
        # The window that was opened ahead of time is not the learner's.
        if not _opened and display.get_init() and _real_surface() is not None:
            raise pygame.error("Display mode not set")

    def flip():
        require_window()
        real_flip()
        frames.flipped(_real_surface(), pacing.game_micros())
        pacing.hold_flip()

    def update(*args, **kwargs):
        whole = not kwargs and (not args or args == (None,))
        require_window()
        real_update(*args, **kwargs)
        surface = _real_surface()
        if surface is not None:
            frames.flipped(surface, pacing.game_micros())
            if whole:
                pacing.hold_flip()

    def set_caption(title, icontitle=None, *rest):
        global _caption
        real_caption(title, icontitle or title, *rest)
        if title != _caption:
            _caption = title
            control.send_text(b"C", str(title))

    def quit():
        global _opened
        before_wait()
        _opened = False
        return real_quit()

    display.set_mode, display.flip, display.update = set_mode, flip, update
    display.set_caption, display.quit = set_caption, quit
    display.get_surface = shown_surface
    display.toggle_fullscreen = lambda: 1
    display.iconify = lambda: True


def closed():
    global _opened
    _opened = False


def pre_open():
    """Loads and opens what the first set_mode() of a process has to, before there is a game that waits for it."""
    _pygame.display.init()
    pygame_set_mode = _pygame.display.set_mode
    pygame_set_mode((640, 480))
    closed()
