"""Looks at pictures in a program of its own: whatever a picture does to the library that reads it, the desk goes on.

Reads from its input four bytes of length and a picture, again and again; answers each with sixteen hexadecimal digits, how it looks, or sixteen "-", and an
end of line. Ends by itself where one picture takes longer than SECONDS. Started by `sources/portraits.py` alone.

How it looks is its difference hash: the picture is made nine by eight grey dots, and each bit says whether a dot is clearly darker than its neighbour. The same
picture in another size or saved anew has nearly the same bits. Only the first frame is read, and nothing that says it is larger than EDGE (trust: F5).
"""

from __future__ import annotations

import faulthandler
import os
import sys
from itertools import pairwise

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QImageReader

SECONDS = 2.0
EDGE = 4096
MEGABYTES = 80
"""Memory for one picture: EDGE by EDGE dots of four bytes, and a little."""
STEP = 4
"""Of 255: less is what saving anew makes of one colour."""
NOTHING = "-" * 16
FLAT = 8
"""Bits that must differ from all the others: fewer are one colour, or two, and so look like thousands of others."""


def main() -> int:
    QImageReader.setAllocationLimit(MEGABYTES)
    given, answers = sys.stdin.buffer, sys.stdout.buffer
    while len(head := given.read(4)) == 4:
        picture = given.read(int.from_bytes(head, "big"))
        faulthandler.dump_traceback_later(SECONDS, exit=True, file=sys.__stderr__ or sys.stderr)
        answer = look(picture)
        faulthandler.cancel_dump_traceback_later()
        answers.write(answer.encode("ascii") + b"\n")
        answers.flush()
    return 0


def look(picture: bytes) -> str:
    """Sixteen hexadecimal digits, or NOTHING for what cannot be read or shows too little."""
    device = QBuffer()
    device.setData(QByteArray(picture))
    device.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(device)
    if bytes(reader.format().data()).lower() not in (b"jpeg", b"jpg", b"png", b"gif", b"webp"):
        return NOTHING
    size = reader.size()
    if not size.isValid() or max(size.width(), size.height()) > EDGE:
        return NOTHING
    reader.setAutoTransform(True)
    image = reader.read()
    return NOTHING if image.isNull() else _bits(image)


def _bits(image: QImage) -> str:
    if image.hasAlphaChannel():  # what shines through is white, as on paper
        paper = QImage(image.size(), QImage.Format.Format_RGB32)
        paper.fill(Qt.GlobalColor.white)
        _painted(paper, image)
        image = paper
    small = image.scaled(9, 8, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation).convertToFormat(QImage.Format.Format_Grayscale8)
    bits = 0
    for y in range(8):
        row = [small.pixelColor(x, y).lightness() for x in range(9)]
        for darker, lighter in pairwise(row):
            bits = bits << 1 | (lighter - darker > STEP)
    return f"{bits:016x}" if FLAT <= bits.bit_count() <= 64 - FLAT else NOTHING


def _painted(paper: QImage, image: QImage) -> None:
    from PySide6.QtGui import QPainter

    painter = QPainter(paper)
    painter.drawImage(0, 0, image)
    painter.end()


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # nothing of Qt's is waited for
