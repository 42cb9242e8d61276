# idea: put files into the link directory, or answer on the link in GameHost's place
# stopped-by: mounted read-only; the socket takes one connection and is unlinked before the game starts
# expect: blocked
# ends: finished
# subprocess: not held, the directory has another place there
import os
import socket

from hostile import attempt


def create():
    os.close(os.open("/link/file", os.O_CREAT | os.O_WRONLY))


def join():
    with socket.socket(socket.AF_UNIX) as link:
        link.connect("/link/link.sock")


def replace():
    with socket.socket(socket.AF_UNIX) as link:
        link.bind("/link/link.sock")


attempt("a file in the link directory", create)
attempt("a second connection on the link", join)
attempt("a socket in its place", replace)
