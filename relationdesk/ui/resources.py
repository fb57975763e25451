"""Finds the pictures and fonts that come with the program, in a checkout and in an installed wheel alike.

Only our own SVG files are ever rendered (trust.md 4.5: a foreign SVG can hang the renderer); a name is looked up in
the folder and nowhere else. GUI thread only.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QFontDatabase, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

NEUTRAL = "circle-question-mark"
"""Shown for an icon name that is not in the folder."""

_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def folder() -> Path:
    """The resources folder: `relationdesk/_resources` in a wheel, `resources` beside the package in a checkout."""
    installed = _PACKAGE / "_resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


@cache
def load_fonts() -> tuple[str, ...]:
    """Register the bundled fonts once and name their families; () if none could be read. Needs a QGuiApplication."""
    families: list[str] = []
    for file in sorted((folder() / "fonts").glob("*.ttf")):
        number = QFontDatabase.addApplicationFont(str(file))
        families += [] if number < 0 else QFontDatabase.applicationFontFamilies(number)
    return tuple(dict.fromkeys(families))


@cache
def template(name: str) -> str:
    """The text of a file in the resources folder (the style sheet)."""
    return (folder() / name).read_text(encoding="utf-8")


@cache
def has_icon(name: str) -> bool:
    return (folder() / "icons" / f"{name}.svg").is_file()


@cache
def _svg(name: str) -> str:
    file = folder() / "icons" / f"{name if has_icon(name) else NEUTRAL}.svg"
    return file.read_text(encoding="utf-8")


@lru_cache(maxsize=2048)
def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """An icon in one colour ("#RRGGBB"), `size` logical pixels square, sharp at the device pixel ratio `ratio`.

    Names: "mail" (Lucide), "places/mastodon" (a place's mark). An unknown name gives a question mark. Do not paint
    into the answer: it is shared.
    """
    text = _svg(name)
    if "currentColor" in text:
        text = text.replace("currentColor", colour)
    elif "fill=" not in text:
        text = text.replace("<svg ", f'<svg fill="{colour}" ', 1)
    pixels = max(1, round(size * ratio))
    picture = QPixmap(pixels, pixels)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


@lru_cache(maxsize=512)
def icon(name: str, colour: str, size: int = 20, disabled: str = "") -> QIcon:
    """The same as a QIcon for buttons and menus, with pictures for screens of ratio 1, 2 and 3.

    disabled: colour for the disabled state; "" lets the style grey it.
    """
    answer = QIcon()
    for ratio in (1.0, 2.0, 3.0):
        answer.addPixmap(pixmap(name, colour, size, ratio))
        if disabled:
            answer.addPixmap(pixmap(name, disabled, size, ratio), QIcon.Mode.Disabled)
    return answer


_POINTING = {
    f"{shape}-{side}": f"{shape}-{other}" for shape in ("arrow", "chevron") for side, other in (("left", "right"), ("right", "left"))
}  # fmt: skip


def facing(name: str, right_to_left: bool) -> str:
    """An icon as it stands in a window of that direction: what points to the end of a line points there in both."""
    return _POINTING.get(name, name) if right_to_left else name


def draw_icon(painter: QPainter, name: str, colour: str, x: float, y: float, size: int) -> None:
    """Paint an icon with its top left corner at x, y, sharp on the painter's device."""
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    painter.drawPixmap(round(x), round(y), pixmap(name, colour, size, ratio))
