"""What the window remembers of itself from one start to the next: where it stood, how wide its columns were, what it showed."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import asdict, dataclass, fields

from relationdesk.ui.page import Target

NAME = "window"
"""Under which `store.settings.value` keeps it."""


SIDEBAR_WIDTH, LIST_WIDTH = 224, 292
"""Pixels at 100 % text size; the list's until the user moves the splitter."""
NARROW_WIDTH, NARROW_BELOW = 56, 620
"""The sidebar's width with its icons alone, and the window's width (at 100 %) below which large text leaves no more room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """geometry: what QWidget.saveGeometry answered, base64. list_width: pixels, 0 for the design's."""

    geometry: str = ""
    list_width: int = 0
    page: str = "today"
    id: int = 0
    place: str = ""
    bucket: int = 0

    def target(self) -> Target:
        return Target(page=self.page, id=self.id or None, place=self.place)

    def geometry_bytes(self) -> bytes:
        try:
            return base64.b64decode(self.geometry, validate=True)
        except (binascii.Error, ValueError):
            return b""


def dump(layout: Layout) -> str:
    return json.dumps(asdict(layout))


def load(text: str) -> Layout:
    """What was remembered; anything unreadable or of a wrong type counts as not remembered."""
    try:
        stored = json.loads(text) if text else {}
    except ValueError:
        return Layout()
    if not isinstance(stored, dict):
        return Layout()
    kept = {f.name: stored[f.name] for f in fields(Layout) if isinstance(stored.get(f.name), type(f.default))}
    return Layout(**kept)


def encoded(geometry: bytes) -> str:
    return base64.b64encode(geometry).decode("ascii")
