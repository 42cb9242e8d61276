"""What the mouse looks like on the page: one of SDL's system cursors, or a picture that the game has made."""

import struct

# Number of the shape that is a picture; below are SDL's system cursors.
PICTURE = 12
_ARROW = 0
# Browsers show no larger ones near the edge of the page.
_MOST_SIDE = 64
_header = struct.Struct("<BBBB")


def shape(cursor):
    """Returns the number of the shape. An unknown system cursor is the arrow."""
    if cursor is None:
        return _ARROW
    if cursor.type != "system":
        return PICTURE
    number = cursor.data[0]
    return number if 0 <= number < PICTURE else _ARROW


def picture(pygame, cursor):
    """Returns the picture for the page: width, height, hotspot, RGBA; or None if it is too large or no picture."""
    if cursor.type == "color":
        hotspot, surface = cursor.data
        size = surface.get_size()
        pixels = pygame.image.tostring(surface, "RGBA") if max(size) <= _MOST_SIDE else b""
    elif cursor.type == "bitmap":
        size, hotspot, data, mask = cursor.data
        pixels = _colours(size, data, mask) if max(size) <= _MOST_SIDE else b""
    else:
        return None
    if not pixels:
        return None
    spot = [max(0, min(at, side - 1)) for at, side in zip(hotspot, size)]
    return _header.pack(*size, *spot) + pixels


def _colours(size, data, mask):
    """A bit of the mask shows a pixel, black if its bit of the data is set, otherwise white."""
    width, height = size
    row = width // 8
    pixels = bytearray(width * height * 4)
    for y in range(height):
        for x in range(width):
            place, bit = y * row + x // 8, 0x80 >> (x & 7)
            black, shown = data[place] & bit, mask[place] & bit
            if black or shown:
                at = (y * width + x) * 4
                pixels[at : at + 4] = b"\x00\x00\x00\xff" if black else b"\xff\xff\xff\xff"
    return bytes(pixels)
