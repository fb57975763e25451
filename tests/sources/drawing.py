"""Pictures for tests, drawn by dice and written by Qt."""

from __future__ import annotations

import random

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QColor, QImage, QPainter


def drawn(seed: int, width: int = 300, height: int = 300) -> QImage:
    dice = random.Random(seed)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    for _ in range(25):
        painter.setBrush(QColor(*(dice.randrange(256) for _ in "rgb")))
        painter.drawEllipse(dice.randrange(width), dice.randrange(height), dice.randrange(40, 150), dice.randrange(40, 150))
    painter.end()
    return image


def saved(image: QImage, kind: str = "JPG", edge: int = 0) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    small = image.scaled(edge, edge, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation) if edge else image
    assert small.save(buffer, kind, 80)  # type: ignore[call-overload]
    return bytes(buffer.data().data())
