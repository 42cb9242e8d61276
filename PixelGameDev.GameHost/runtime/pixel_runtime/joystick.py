"""There is no joystick behind a web page, and looking for one is dear.

The sandbox refuses what SDL listens to for devices that are plugged in (udev's socket), and SDL tries again each time a game looks at
its events: a library loaded and thrown away, 0.4 ms of every frame. So the joystick module answers by itself what it would answer
where none is plugged in.
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
        """None is there, so none can be opened."""

        def __init__(self, id):
            get_count()
            raise pygame.error("Invalid joystick device number")

    joystick.init, joystick.quit, joystick.get_count = init, quit, get_count
    joystick.get_init = lambda: running
    joystick.Joystick = joystick.JoystickType = Joystick
    # What pygame.init() and pygame.quit() call.
    joystick._internal_mod_init, joystick._internal_mod_quit = init, quit
