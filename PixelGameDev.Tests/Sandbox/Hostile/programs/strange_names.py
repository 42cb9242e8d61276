# idea: file names with line ends, escapes, no Unicode, and a leading dash
# stopped-by: nobody outside reads the names of files in a sandbox
# expect: survived
# ends: finished
import os

from hostile import survived

for name in (b"line\nend", b"\x1b[2J", b"\xff\xfe", b"-rf", b"a" * 255, b"%s%n", b"$(reboot)", b"..."):
    with open(name, "wb") as file:
        file.write(b"x")
survived(f"{len(os.listdir(b'.'))} files")
