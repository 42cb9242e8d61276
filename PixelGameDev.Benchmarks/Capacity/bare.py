"""Runs bare subprocesses of one game: python3 bare.py <directory of the game>

Each line of standard input is either the wanted number of subprocesses, or "fps".
The answer to "fps" is the recent number of pictures a second of each subprocess.
"""

import os
import shutil
import subprocess
import sys
import tempfile

games = []
environment = dict(os.environ, SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="dummy", PYGAME_HIDE_SUPPORT_PROMPT="1")
top = tempfile.mkdtemp()


def shown(directory):
    try:
        with open(os.path.join(directory, "count")) as file:
            flips, at = file.read().split()
        return int(flips), float(at)
    except (OSError, ValueError):
        return 0, 0.0


for line in sys.stdin:
    word = line.strip()
    if word == "fps":
        now = [shown(directory) for _, directory in games]
        print(";".join(f"{flips} {at}" for flips, at in now), flush=True)
        continue
    while len(games) < int(word):
        directory = os.path.join(top, str(len(games)))
        shutil.copytree(sys.argv[1], directory, dirs_exist_ok=True)
        games.append((subprocess.Popen([sys.executable, "-B", "main.py"], cwd=directory, env=environment, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL), directory))
    while len(games) > int(word):
        process, directory = games.pop()
        process.kill()
        process.wait()
    print("ok", flush=True)
for process, _ in games:
    process.kill()
