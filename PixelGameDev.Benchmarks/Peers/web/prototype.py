"""Shows a game in the way of the prototype, as a peer in the benchmarks. It sends the game's surface thirty times a second as JPEG
(quality 75) in base64, in server-sent events, to an <img>.

    prototype.py serve <port> <page> <directory of the game>     the server; POST /start starts the game
    prototype.py play <directory of the game>                    the game: pictures to standard output, input from standard input
"""

import base64
import io
import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FRAMES_PER_SECOND = 30


def serve(port, page, game):
    latest = {"number": 0, "line": b""}
    fresh = threading.Condition()
    state = {"process": None}

    def relay(process):
        for line in process.stdout:
            with fresh:
                latest["number"] += 1
                latest["line"] = line
                fresh.notify_all()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, *ignored):
            pass

        def do_GET(self):
            if self.path == "/frames":
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Cache-Control", "no-store")
                self.send_header("Connection", "close")
                self.end_headers()
                seen = 0
                while True:
                    with fresh:
                        fresh.wait_for(lambda: latest["number"] > seen)
                        seen, line = latest["number"], latest["line"]
                    try:
                        self.wfile.write(b"data: " + line + b"\n")
                    except OSError:
                        return
            body = open(page, "rb").read() if self.path == "/" else b""
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path == "/start":
                state["process"] = subprocess.Popen(
                    [sys.executable, "-B", os.path.abspath(__file__), "play", game], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                threading.Thread(target=relay, args=(state["process"],), daemon=True).start()
            elif self.path == "/input" and state["process"]:
                state["process"].stdin.write(body)
                state["process"].stdin.flush()
            self.send_response(204)
            self.end_headers()

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


def play(game):
    os.environ.update(SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="dummy", PYGAME_HIDE_SUPPORT_PROMPT="1")
    output, sys.stdout = sys.stdout.buffer, sys.stderr
    import pygame
    from PIL import Image

    real_flip, real_update = pygame.display.flip, pygame.display.update
    state = {"next": 0.0}

    def show():
        now = time.monotonic()
        if now < state["next"]:
            return
        state["next"] = max(state["next"] + 1 / FRAMES_PER_SECOND, now)
        surface = pygame.display.get_surface()
        picture = Image.frombytes("RGB", surface.get_size(), pygame.image.tostring(surface, "RGB"))
        jpeg = io.BytesIO()
        picture.save(jpeg, "JPEG", quality=75)
        output.write(base64.b64encode(jpeg.getvalue()) + b"\n")
        output.flush()

    def flip():
        real_flip()
        show()

    def update(*args, **kwargs):
        real_update(*args, **kwargs)
        show()

    def listen():
        for line in sys.stdin:
            kind, _, key = line.strip().partition(" ")
            if pygame.display.get_init() and key:
                code = pygame.key.key_code({" ": "space"}.get(key, key))
                pygame.event.post(pygame.event.Event(pygame.KEYDOWN if kind == "keydown" else pygame.KEYUP, key=code, mod=0, unicode=key, scancode=0))

    pygame.display.flip, pygame.display.update = flip, update
    threading.Thread(target=listen, daemon=True).start()
    os.chdir(game)
    sys.path.insert(0, game)
    sys.argv = ["main.py"]
    import runpy
    runpy.run_path("main.py", run_name="__main__")


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(int(sys.argv[2]), os.path.abspath(sys.argv[3]), os.path.abspath(sys.argv[4]))
    else:
        play(sys.argv[2])
