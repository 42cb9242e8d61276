"""print() goes through pipes that GameHost reads; input() asks the page."""

import builtins
import io
import sys

from . import control


class _AskingInput(io.RawIOBase):
    """Reads descriptor 0, and makes the page ask for a line before each read."""

    def __init__(self, raw):
        self._raw = raw
        self.prompt = ""

    def readable(self):
        return True

    def fileno(self):
        return self._raw.fileno()

    def isatty(self):
        return False

    def readinto(self, buffer):
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:
                pass
        control.send_text(b"I", self.prompt)
        self.prompt = ""
        return self._raw.readinto(buffer)


def install(before_wait):
    sys.stdout.reconfigure(line_buffering=True, errors="replace")
    sys.stderr.reconfigure(line_buffering=True, errors="backslashreplace")
    asking = _AskingInput(io.FileIO(0, "rb", closefd=False))
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.BufferedReader(asking), encoding="utf-8", errors="replace")

    def ask(prompt="", /):
        before_wait()
        asking.prompt = str(prompt)
        line = sys.stdin.readline()
        if not line:
            raise EOFError("the game was asked to stop while it waited in input()")
        return line[:-1] if line.endswith("\n") else line

    ask.__name__ = ask.__qualname__ = "input"
    builtins.input = ask
