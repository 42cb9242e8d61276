# idea: type into the terminal of whoever started the service (TIOCSTI)
# stopped-by: a game has no terminal
# expect: blocked
# ends: finished
import fcntl
import os
import termios

from hostile import attempt


def inject():
    terminal = os.open("/dev/tty", os.O_RDWR)
    fcntl.ioctl(terminal, termios.TIOCSTI, b" ")


attempt("typing into a terminal", inject)
