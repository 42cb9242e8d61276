"""Chooses the directory that a game runs in, when the file that starts it lies in a folder.

Both are common on desktops: a double click, IDLE and Thonny run a file in its own folder; an editor with a project runs it in the project's
root. So the names in the program decide: the game runs where more of the files that it names are found. Without a difference
it runs in its own folder.
"""

import os
import re

# A text of one line in quotes, which can be a file's name.
_TEXT = re.compile(r"""(["'])([^"'\n\\]{1,120})\1""")


def choose(work, entry):
    """Returns the working directory of a game: the folder of its entry, or the project's root."""
    folder = os.path.dirname(os.path.join(work, entry))
    if folder == work:
        return work
    own = root = 0
    for name in _named(work):
        in_folder, in_root = _is_there(folder, work, name), _is_there(work, work, name)
        if in_folder != in_root:
            own, root = own + in_folder, root + in_root
    return work if root > own else folder


def _named(work):
    """Returns every text of the project's Python files that could name a file or a folder."""
    names = set()
    for directory, _, files in os.walk(work):
        for file in files:
            if file.endswith(".py"):
                with open(os.path.join(directory, file), encoding="utf-8", errors="replace") as source:
                    names.update(match[2] for match in _TEXT.finditer(source.read()))
    return names


def _is_there(directory, work, name):
    path = os.path.normpath(os.path.join(directory, name))
    return path.startswith(work + os.sep) and os.path.exists(path)
