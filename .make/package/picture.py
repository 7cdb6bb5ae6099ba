#!/usr/bin/env python3
"""Waits until a display without a screen shows something, and keeps the picture.

    picture.py FRAMEBUFFER PICTURE.png [--unlike OTHER.png] [--within SECONDS]

The framebuffer is the file that Xvfb writes with -fbdir. Blank is a picture of few colours. With --unlike, waits until the
picture differs from an earlier one. Fails when nothing comes.
"""

import argparse
import struct
import sys
import time
import zlib
from pathlib import Path

# A page with text has hundreds of shades; an empty window and an empty display have a handful.
FEWEST_COLOURS = 40
# Another screen is another picture; a caret that blinks, or a field with something typed in it, is not.
DIFFERENT = 0.03
STILL = 0.003


def read_xwd(path):
    """Width, height and the pixels as 3 bytes each, of an X window dump (XWDFile.h) of 24 bits in 32."""
    data = path.read_bytes()
    header = struct.unpack(">25I", data[:100])
    size, width, height, line, colours = header[0], header[4], header[5], header[12], header[19]
    start = size + 12 * colours
    rows = []
    for row in range(height):
        pixels = data[start + row * line : start + row * line + 4 * width]
        # Blue, green, red, nothing.
        rgb = bytearray(3 * width)
        rgb[0::3], rgb[1::3], rgb[2::3] = pixels[2::4], pixels[1::4], pixels[0::4]
        rows.append(bytes(rgb))
    return width, height, b"".join(rows)


def write_png(path, width, height, rgb):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    lines = b"".join(b"\0" + rgb[row * 3 * width : (row + 1) * 3 * width] for row in range(height))
    body = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(lines))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b""))


def read_png(path):
    """The pixels of a picture that write_png wrote."""
    data = path.read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    length = struct.unpack(">I", data[33:37])[0]
    lines = zlib.decompress(data[41 : 41 + length])
    return b"".join(lines[row * (3 * width + 1) + 1 : (row + 1) * (3 * width + 1)] for row in range(height))


def pixels(rgb):
    return [rgb[at : at + 3] for at in range(0, len(rgb), 3)]


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("framebuffer", type=Path)
    options.add_argument("picture", type=Path)
    options.add_argument("--unlike", type=Path)
    options.add_argument("--within", type=float, default=180)
    asked = options.parse_args()
    other = pixels(read_png(asked.unlike)) if asked.unlike else None

    deadline = time.monotonic() + asked.within
    before = None
    while True:
        width, height, rgb = read_xwd(asked.framebuffer)
        points = pixels(rgb)
        colours = len(set(points))
        changed = 1.0 if other is None else sum(a != b for a, b in zip(points, other)) / len(points)
        still = before is not None and sum(a != b for a, b in zip(points, before)) / len(points) < STILL
        if colours >= FEWEST_COLOURS and changed >= DIFFERENT and still:
            write_png(asked.picture, width, height, rgb)
            print(f"{asked.picture.name}: {width} by {height}, {colours} colours")
            return
        if time.monotonic() > deadline:
            write_png(asked.picture, width, height, rgb)
            sys.exit(f"{asked.picture}: {colours} colours, {changed:.1%} of it changed, after {asked.within:.0f} s")
        before = points
        time.sleep(1)


main()
