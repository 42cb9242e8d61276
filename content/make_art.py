"""Makes the pictures and sounds of the templates out of the drawings below. Needs nothing but Python.

    python3 content/make_art.py
"""
import math
import random
import struct
import wave
import zlib
from pathlib import Path

HERE = Path(__file__).parent / "templates"

PALETTE = {
    ".": (0, 0, 0, 0), "k": (45, 36, 64, 255), "w": (255, 248, 239, 255), "r": (238, 82, 83, 255),
    "o": (255, 159, 67, 255), "y": (254, 211, 48, 255), "g": (38, 222, 129, 255), "b": (69, 170, 242, 255),
    "B": (32, 107, 196, 255), "s": (165, 177, 194, 255), "S": (119, 140, 163, 255), "n": (139, 101, 80, 255), "N": (98, 68, 54, 255),
}

SHIP = """
......kk......
.....kwwk.....
.....kwwk.....
....kwbbwk....
....kwbBwk....
....kwbBwk....
..kkkwwwwkkk..
.krkwwwwwwkrk.
.krkwwsswwkrk.
.krkwwsswwkrk.
.krkkwwwwkkrk.
.krk.kssk.krk.
.kk..kook..kk.
......yy......
"""

ROCK = """
.....kkkkk....
...kknnnnnkk..
..knnnnnnNnnk.
.knnNNnnnnnnk.
.knnNNnnnnnNnk
knnnnnnnnnnNnk
knnnnnNNnnnnnk
knNnnnNNNnnnnk
knnnnnnNnnnNk.
.knnnnnnnnnNk.
.knnNnnnnnNk..
..kNNnnnNNk...
...kkNNNkk....
.....kkk......
"""

GEM = """
..kkkkkk..
.kggwwggk.
kggwwggggk
kgwwggggbk
.kggggbbk.
..kgggbk..
...kgbk...
....kk....
"""


def png(path, drawing, scale):
    rows = drawing.strip().splitlines()
    pixels = b""
    for row in rows:
        line = b"".join(bytes(PALETTE[letter]) * scale for letter in row)
        pixels += (b"\0" + line) * scale
    width, height = len(rows[0]) * scale, len(rows) * scale

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels, 9)) + chunk(b"IEND", b""))


def wav(path, seconds, sample):
    rate = 22050
    count = int(rate * seconds)
    values = [max(-1.0, min(1.0, sample(i / rate, i / count))) for i in range(count)]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(struct.pack("<h", int(value * 20000)) for value in values))


def main():
    images, sounds = HERE / "meteors" / "images", HERE / "meteors" / "sounds"
    png(images / "ship.png", SHIP, 4)
    png(images / "rock.png", ROCK, 4)
    png(images / "gem.png", GEM, 3)
    noise = random.Random(7)
    wav(sounds / "gem.wav", 0.18, lambda t, p: math.copysign(0.35, math.sin(t * 6.283 * (660 if p < 0.4 else 990))) * (1 - p))
    wav(sounds / "zap.wav", 0.15, lambda t, p: math.sin(6.283 * (1200 * t - 3200 * t * t)) * 0.5 * (1 - p))
    wav(sounds / "boom.wav", 0.35, lambda t, p: noise.uniform(-1, 1) * (1 - p) ** 2)


if __name__ == "__main__":
    main()
