"""The window: SDL's dummy window, whose pictures go to the page."""

from . import control, frames, pacing

MAX_SIZE_TEXT = f"{frames.MAX_SIDE}×1080"

_caption = None
_surface = None


def before_wait():
    """Sends a picture that waits. Call it before the game reads its events or waits."""
    if frames.pending():
        frames.flush(_surface())


def install(pygame):
    global _surface
    display = pygame.display
    _surface = display.get_surface
    real_set_mode, real_flip, real_update = display.set_mode, display.flip, display.update
    real_caption, real_quit = display.set_caption, display.quit

    def set_mode(size=(0, 0), flags=0, depth=0, display=0, vsync=0):
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
        # The page is the screen. It scales the picture as it likes, so these flags would only change the picture's size.
        flags &= ~(pygame.FULLSCREEN | getattr(pygame, "SCALED", 0))
        return real_set_mode((width, height), flags, depth)

    def flip():
        real_flip()
        frames.flipped(_surface(), pacing.game_micros())
        pacing.hold_flip()

    def update(*args, **kwargs):
        whole = not kwargs and (not args or args == (None,))
        real_update(*args, **kwargs)
        surface = _surface()
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
        before_wait()
        return real_quit()

    display.set_mode, display.flip, display.update = set_mode, flip, update
    display.set_caption, display.quit = set_caption, quit
    display.toggle_fullscreen = lambda: 1
    display.iconify = lambda: True


def warm_up(pygame):
    """Opens a window and closes it: the first window of a process takes 80 ms, any other 1 ms.

    The window does not stay open, because a game can notice it: before set_mode(), Info() describes the screen and get_surface() is None.
    """
    pygame.display.init()
    pygame.display.set_mode((640, 480))
    pygame.display.quit()
