"""Runs pygame's own tests plain and inside a session, in the game image: python3 suites.py <pygame's source> <file for the results>.

The file gets JSON: {"pygame": …, "python": …, "plain": {test: [result, why]}, "session": {…}}.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
RUNTIME = "/opt/pixel/runtime"
# They need a camera, MIDI hardware, or pygame's documents.
LEFT_OUT = {"camera_test", "midi_test", "docs_test"}
# Longest time of one module, seconds.
LIMIT = 300
ROUNDS = 3
PLAIN = {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy", "PYGAME_HIDE_SUPPORT_PROMPT": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def main(source, output):
    game = tempfile.mkdtemp()
    shutil.copytree(os.path.join(source, "test"), os.path.join(game, "lib", "tests"))
    shutil.copytree(os.path.join(source, "examples"), os.path.join(game, "lib", "examples"))
    shutil.copy(os.path.join(HERE, "main.py"), game)
    names = sorted(name[:-3] for name in os.listdir(os.path.join(source, "test")) if name.endswith("_test.py"))
    results = {"plain": {}, "session": {}}
    for name in names:
        if name in LEFT_OUT:
            continue
        with open(os.path.join(game, "module.txt"), "w", encoding="utf-8") as file:
            file.write(name)
        rounds = compare(name, game)
        for way in ("plain", "session"):
            results[way].update(rounds[way])
        print(name, len(results["plain"]), len(results["session"]), flush=True)
    import pygame

    results["pygame"], results["python"] = pygame.version.ver, sys.version.split()[0]
    with open(output, "w", encoding="utf-8") as file:
        json.dump(results, file)


def compare(name, game):
    """Returns the results of both ways. Many tests measure time, so a difference counts only if each of three rounds has it."""
    session = ["/usr/bin/python3", os.path.join(HERE, "session.py"), RUNTIME, game]
    found = {"plain": {}, "session": {}}
    for _ in range(ROUNDS):
        plain = run(name, ["/usr/bin/python3", "-W", "ignore", "main.py"], game, os.environ | PLAIN)
        inside = run(name, session, game, os.environ)
        for test in plain.keys() | inside.keys():
            before = [found[way].get(test, [None])[0] for way in ("plain", "session")]
            if before[0] is None or before[0] != before[1]:
                found["plain"][test] = plain.get(test, ["did not run", ""])
                found["session"][test] = inside.get(test, ["did not run", ""])
        if all(found["plain"][test][0] == found["session"][test][0] for test in found["plain"]):
            break
    return found


def run(name, command, game, environment):
    copy = tempfile.mkdtemp()
    shutil.copytree(game, copy, dirs_exist_ok=True)
    try:
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, errors="replace", timeout=LIMIT)
        lines = done.stdout.splitlines()
    except subprocess.TimeoutExpired as late:
        lines = (late.stdout or b"").decode("utf-8", "replace").splitlines()
    shutil.rmtree(copy, ignore_errors=True)
    results = {}
    for line in lines:
        if line.startswith("RESULT "):
            test, result, why = json.loads(line[len("RESULT "):])
            results[test] = [result, why]
    if "DONE" not in lines:
        results[f"{name} (the whole module)"] = ["did not end", ""]
    return results


main(*sys.argv[1:])
