"""Makes the tokens of design.md into what Qt wants: palette, style sheet, fonts, sizes. The only door to colours.

`Theme` is a value; `Look` holds the one in use and says when it changed. Widgets take the `Look` as an argument, read
`look.theme` whenever they paint, and never keep a colour.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from relationdesk.ui import resources
from relationdesk.ui.places import place_look
from relationdesk.ui.tokens import Tokens, mix, readable, tokens_for

STYLED = "relationdesk-styled"
"""Property of an application that was made with the style it needs."""

MIN_SCALE, MAX_SCALE = 0.75, 2.0

ROLES: dict[str, tuple[int, int, float]] = {
    "display": (28, 600, 1.2),
    "title": (20, 600, 1.25),
    "h2": (16, 600, 1.3),
    "h3": (14, 600, 1.4),
    "body": (14, 400, 1.5),
    "strong": (14, 500, 1.5),
    "small": (13, 400, 1.4),
    "small_strong": (13, 500, 1.4),
    "caption": (12, 400, 1.35),
    "caption_strong": (12, 500, 1.35),
    "over": (11, 600, 1.3),
}
"""Role → pixels at 100 %, weight, line height. "strong" is body for names and controls."""

_PLACE_SHARE = {False: 0.10, True: 0.26}
_GLYPH_RATIO = 4.6


class PlaceColour(NamedTuple):
    """ground: the tinted tile; glyph: the mark on it, at least 4.6 to 1."""

    ground: str
    glyph: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A look as a value: two equal themes look the same, so it can be a cache key. text_scale 0.75–2.0."""

    dark: bool = False
    text_scale: float = 1.0
    high_contrast: bool = False

    @property
    def tokens(self) -> Tokens:
        return tokens_for(dark=self.dark, high_contrast=self.high_contrast)

    def px(self, length: float) -> int:
        """A length at 100 % text size, scaled. For everything that holds text; at least 1 for anything above 0."""
        return max(1, round(length * self.text_scale)) if length > 0 else 0

    def colour(self, token: str) -> QColor:
        """A token by name as QColor. AttributeError for a name that is not in `Tokens`."""
        return QColor(getattr(self.tokens, token))

    def font(self, role: str, *, tabular: bool = False, strong: bool = False) -> QFont:
        """The font of a role. tabular: figures of equal width, for times and counts; strong: semibold."""
        return QFont(_font(role, self.text_scale, tabular, strong))

    def line_height(self, role: str) -> int:
        """Pixels from one base line to the next for running text in this role."""
        size, _, factor = ROLES[role]
        return round(self.px(size) * factor)

    def place_colour(self, place: str) -> PlaceColour:
        return _place_colour(place, self)

    def palette(self) -> QPalette:
        return _palette(self)

    def style_sheet(self) -> str:
        """resources/style/style.qss with `@token`, `@px(n)` and `@file(name)` filled in. KeyError for a name that does not exist."""
        return _style_sheet(self)


@lru_cache(maxsize=256)
def _font(role: str, scale: float, tabular: bool, strong: bool) -> QFont:
    size, weight, _ = ROLES[role]
    font = QFont()
    font.setFamilies([*resources.load_fonts()[:1], *QFont().families()])
    font.setPixelSize(max(1, round(size * scale)))
    font.setWeight(QFont.Weight(600 if strong else weight))
    # Glyphs fitted to whole pixels stand unevenly at 12 px; the weight of the stems matters less than their distance.
    font.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    if role == "over":
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 104)
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


@lru_cache(maxsize=512)
def _place_colour(place: str, theme: Theme) -> PlaceColour:
    colour = place_look(place).colour
    if theme.dark:  # a black mark would leave a black tile on a black ground
        colour = readable(colour, theme.tokens.card, 3.0)
    ground = mix(colour, theme.tokens.card, _PLACE_SHARE[theme.dark])
    return PlaceColour(ground, readable(colour, ground, 7.0 if theme.high_contrast else _GLYPH_RATIO))


def _palette(theme: Theme) -> QPalette:
    tokens, palette, role = theme.tokens, QPalette(), QPalette.ColorRole
    for where, name in (
        (role.Window, tokens.canvas),
        (role.WindowText, tokens.text1),
        (role.Base, tokens.card),
        (role.AlternateBase, tokens.sunken),
        (role.Text, tokens.text1),
        (role.PlaceholderText, tokens.text3),
        (role.Button, tokens.card),
        (role.ButtonText, tokens.text1),
        (role.BrightText, tokens.danger),
        (role.ToolTipBase, tokens.toast),
        (role.ToolTipText, tokens.toast_text),
        (role.Highlight, tokens.accent),
        (role.HighlightedText, tokens.accent_on),
        (role.Accent, tokens.accent),
        (role.Link, tokens.accent),
        (role.LinkVisited, tokens.accent),
        (role.Light, tokens.hover),
        (role.Midlight, tokens.hair),
        (role.Mid, tokens.border),
        (role.Dark, tokens.control),
        (role.Shadow, tokens.text1),
    ):
        palette.setColor(where, QColor(name))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(tokens.text3))
    return palette


def _style_sheet(theme: Theme) -> str:
    tokens = theme.tokens

    def fill(match: re.Match[str]) -> str:
        if match["file"]:
            name = f"{match['file']}-{'dark' if theme.dark else 'light'}.svg"
            return (resources.folder() / "style" / name).as_posix()
        if match["length"]:
            return f"{theme.px(float(match['length']))}px"
        if match["name"] not in Tokens.__slots__:
            raise KeyError(match["name"])
        return str(getattr(tokens, match["name"]))

    return re.sub(r"@(?:px\((?P<length>[\d.]+)\)|file\((?P<file>[\w-]+)\)|(?P<name>\w+))", fill, resources.template("style/style.qss"))


def apply(app: QApplication, theme: Theme) -> None:
    """Dress the whole program. Cheap enough to call on every change of theme or text size."""
    resources.load_fonts()
    if not app.property(STYLED):  # asking for the style itself loads all that a style can draw
        app.setStyle("Fusion")
        app.setProperty(STYLED, True)
    app.setPalette(theme.palette())
    app.setFont(theme.font("body"))
    app.setStyleSheet(theme.style_sheet())


def system_is_dark(app: QApplication) -> bool:
    return app.styleHints().colorScheme() == Qt.ColorScheme.Dark


def system_wants_contrast(app: QApplication) -> bool:
    """Whether the system asks for high contrast; False where this Qt (before 6.10) cannot tell."""
    hints = getattr(app.styleHints(), "accessibility", None)
    if hints is None:
        return False
    return bool(hints().contrastPreference() == Qt.ContrastPreference.HighContrast)


class Look(QObject):
    """The theme in use. `changed` comes after the program wears the new one.

    mode: "system" (follows the system, also later), "light" or "dark".
    """

    changed = Signal()

    def __init__(self, app: QApplication, *, mode: str = "system", text_scale: float = 1.0) -> None:
        super().__init__(app)
        self._app = app
        self._mode = mode
        self._scale = min(MAX_SCALE, max(MIN_SCALE, text_scale))
        self.theme = self._wanted()
        apply(app, self.theme)
        app.styleHints().colorSchemeChanged.connect(self._on_system_changed)
        hints = getattr(app.styleHints(), "accessibility", None)
        if hints is not None:
            hints().contrastPreferenceChanged.connect(self._on_system_changed)

    @property
    def mode(self) -> str:
        return self._mode

    def set_mode(self, mode: str) -> None:
        self._mode = mode
        self._refresh()

    def set_text_scale(self, scale: float) -> None:
        self._scale = min(MAX_SCALE, max(MIN_SCALE, scale))
        self._refresh()

    def _wanted(self) -> Theme:
        dark = self._mode == "dark" or (self._mode == "system" and system_is_dark(self._app))
        return Theme(dark=dark, text_scale=self._scale, high_contrast=system_wants_contrast(self._app))

    def _on_system_changed(self) -> None:
        self._refresh()

    def _refresh(self) -> None:
        wanted = self._wanted()
        if wanted != self.theme:
            self.theme = wanted
            apply(self._app, wanted)
            self.changed.emit()
