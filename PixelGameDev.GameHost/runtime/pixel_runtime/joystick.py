"""Replaces the joystick module: there is no joystick behind a web page, and searching for one is expensive.

SDL listens for new devices on udev's socket, which the sandbox refuses. SDL tries again each time a game reads its events. It
loads and unloads a library for that, 0.4 ms of every frame. So the joystick module answers itself, as if no joystick
were plugged in.
"""


def install(pygame):
    joystick = pygame.joystick
    running = False

    def init():
        nonlocal running
        running = True

    def quit():
        nonlocal running
        running = False

    def get_count():
        if not running:
            raise pygame.error("joystick system not initialized")
        return 0

    class Joystick:
        """Refuses every joystick, because none is there."""

        def __init__(self, id):
            get_count()
            raise pygame.error("Invalid joystick device number")

    joystick.init, joystick.quit, joystick.get_count = init, quit, get_count
    joystick.get_init = lambda: running
    joystick.Joystick = joystick.JoystickType = Joystick
    # pygame.init() and pygame.quit() call these.
    joystick._internal_mod_init, joystick._internal_mod_quit = init, quit
