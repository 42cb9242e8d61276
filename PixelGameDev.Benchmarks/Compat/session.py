"""Plays GameHost for one program: python3 session.py <runtime> <folder of the game>. Passes on what the game prints.

The runtime is the one of the game image, with its channel, its shared memory and SDL's drivers; only GameHost's own process is missing.
"""

import fcntl
import json
import mmap
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

FRAMES = 4096 + 3 * 1920 * 1080 * 4
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "SDL_VIDEODRIVER": "dummy",
    "SDL_AUDIODRIVER": "disk",
    "SDL_DISKAUDIOFILE": "/proc/self/fd/6",
    "SDL_DISKAUDIODELAY": "0",
    "PYGAME_HIDE_SUPPORT_PROMPT": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


bytes_a_second = 44_100 * 4


def main(runtime, game):
    global bytes_a_second
    work = tempfile.mkdtemp()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    memory = os.memfd_create("frames")
    os.ftruncate(memory, FRAMES)
    heard, sound = os.pipe()
    fcntl.fcntl(sound, fcntl.F_SETPIPE_SZ, 4096)
    threading.Thread(target=listen, args=(heard,), daemon=True).start()
    # Descriptors 3 to 6, from numbers that cannot be in the way.
    kept = [fcntl.fcntl(number, fcntl.F_DUPFD, 20) for number in (theirs.fileno(), memory, os.eventfd(0), sound)]

    def take_places():
        for place, number in enumerate(kept, 3):
            os.dup2(number, place)

    python = subprocess.Popen(
        ["/usr/bin/python3", os.path.join(runtime, "pixel_runtime", "start.py"), runtime, work],
        env=ENVIRONMENT | {"HOME": work}, cwd=work, close_fds=False, preexec_fn=take_places,
    )
    # One viewer, as in a session that is played.
    mmap.mmap(memory, FRAMES)[4] = 1
    # The end of the game is then the end of its channel.
    theirs.close()
    for number in (*kept, sound):
        os.close(number)
    shutil.copytree(game, work, dirs_exist_ok=True)
    # As GameHost does: before this packet the runtime takes all others for input, and drops them.
    while ours.recv(200_000)[:1] not in (b"H", b""):
        pass
    ours.send(b"\xc2" + json.dumps({"entry": "main.py"}).encode())
    while packet := ours.recv(200_000):
        if packet[:1] == b"A":
            rate, channels, _, form = struct.unpack("<iBBh", packet[1:9])
            # The format is pygame's: the number of bits, negative for signed samples.
            bytes_a_second = rate * channels * abs(form) // 8 or bytes_a_second
        if packet[:1] == b"E":
            print(json.loads(packet[1:])["text"], file=sys.stderr)
    code = python.wait()
    shutil.rmtree(work, ignore_errors=True)
    return code


def listen(heard):
    """Reads the sound at the pace of the clock, as GameHost does: the music's position follows it."""
    due = time.monotonic()
    while data := os.read(heard, 4096):
        due = max(due, time.monotonic() - 0.05) + len(data) / bytes_a_second
        time.sleep(max(0, due - time.monotonic()))


sys.exit(main(*sys.argv[1:]))
