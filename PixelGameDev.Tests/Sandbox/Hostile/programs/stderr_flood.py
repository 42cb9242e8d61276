# idea: write to descriptors 1 and 2 directly, past Python's print
# stopped-by: the game's standard output is a pipe of GameHost's, never the container's; rate limited
# expect: ended
# ends: output_limit|stopped
import os

while True:
    for stream in (1, 2):
        try:
            os.write(stream, b"\xff\x00\x1b" * 20000)
        except OSError:
            pass
