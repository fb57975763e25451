"""Contrast of every pair that design.md §5 promises, and that theme, palette and style sheet hold together."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from relationdesk.ui import resources
from relationdesk.ui import theme as theme_module
from relationdesk.ui.places import KNOWN, place_look
from relationdesk.ui.theme import ROLES, Look, Theme
from relationdesk.ui.tokens import DARK, LIGHT, Tokens, contrast, mix, readable, tokens_for
from relationdesk.ui.widgets.avatar import avatar_colours

GROUNDS = ("app", "list", "canvas", "card", "sunken", "hover", "selected", "selrow")
BOTH = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


def _least(tokens: Tokens, text: str, grounds: tuple[str, ...]) -> float:
    return min(contrast(getattr(tokens, text), getattr(tokens, ground)) for ground in grounds)


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


@pytest.mark.parametrize(
    ("text", "light", "dark"), [("text1", 14.1, 10.2), ("text2", 6.4, 6.2), ("text3", 4.5, 4.2)]
)
def test_text_can_be_read_on_every_ground(text: str, light: float, dark: float) -> None:
    assert _least(LIGHT, text, GROUNDS) >= light
    grounds = tuple(g for g in GROUNDS if not (text == "text3" and g == "selected"))  # there text2 is used
    assert _least(DARK, text, grounds) >= dark


@BOTH
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("accent", "canvas"), ("accent", "card"), ("accent", "list"), ("accent", "app"), ("accent", "accent_tint"),
        ("accent", "selected"), ("accent", "selrow"), ("accent_on", "accent"), ("accent_on", "accent_hover"),
        ("attn", "canvas"), ("attn", "list"), ("attn", "card"), ("attn", "attn_tint"), ("attn", "selected"),
        ("attn", "selrow"), ("danger", "card"), ("danger", "danger_tint"), ("danger", "list"), ("ok", "card"),
        ("ok", "ok_tint"), ("info", "card"), ("info", "info_tint"), ("note_text", "note"), ("text1", "note"),
        ("text2", "ok_tint"), ("text2", "attn_tint"), ("text1", "info_tint"), ("toast_text", "toast"),
        ("toast_accent", "toast"), ("toast_text", "toast_key"), ("text2", "sunken"), ("note_text", "card"),
    ],
)  # fmt: skip
def test_words_in_colour_can_be_read(tokens: Tokens, text: str, ground: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize(
    ("text", "ground", "light", "dark"),
    [
        ("accent", "canvas", 6.4, 9.0), ("attn", "canvas", 5.8, 9.0), ("note_text", "note", 6.7, 9.5),
        ("danger", "danger_tint", 5.4, 6.8), ("ok", "ok_tint", 5.4, 6.8), ("info", "info_tint", 5.4, 6.8),
    ],
)  # fmt: skip
def test_the_figures_of_the_design(text: str, ground: str, light: float, dark: float) -> None:
    assert contrast(getattr(LIGHT, text), getattr(LIGHT, ground)) >= light
    assert contrast(getattr(DARK, text), getattr(DARK, ground)) >= dark


@BOTH
def test_outlines_of_controls_can_be_seen(tokens: Tokens) -> None:
    assert _least(tokens, "control", ("canvas", "card", "list")) >= 3
    assert contrast(tokens.control, tokens.app) >= 3
    assert _least(tokens, "attn_mark", ("canvas", "card", "list", "app", "selected")) >= 3
    assert contrast(tokens.them, tokens.canvas) >= 3


@pytest.mark.parametrize("dark", [False, True])
def test_high_contrast_is_louder(dark: bool) -> None:
    loud, quiet = tokens_for(dark=dark, high_contrast=True), tokens_for(dark=dark)
    for text in ("text1", "text2", "text3"):
        assert _least(loud, text, GROUNDS) > _least(quiet, text, GROUNDS)
        assert _least(loud, text, GROUNDS) >= 7
    assert contrast(loud.border, loud.card) >= 4.5 > contrast(quiet.border, quiet.card)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("place", [*sorted(KNOWN), "a-place-from-tomorrow"])
def test_the_mark_of_a_place_can_be_seen(place: str, dark: bool) -> None:
    theme = Theme(dark=dark)
    ground, glyph = theme.place_colour(place)
    assert contrast(glyph, ground) >= 4.6
    assert contrast(glyph, theme.tokens.card) >= 4.5, "chips show the glyph without its tile"
    assert contrast(ground, theme.tokens.card) > 1.05, "the tile is there"


def test_initials_can_be_read() -> None:
    for dark in (False, True):
        for key in (None, *range(100)):
            ground, ink = avatar_colours(Theme(dark=dark), key)
            assert contrast(ground, ink) >= 5.5


def test_readable_moves_no_further_than_needed() -> None:
    assert readable("#000000", "#FFFFFF", 4.6) == "#000000"
    moved = readable("#FFCC00", "#FFFFFF", 4.6)
    assert 4.6 <= contrast(moved, "#FFFFFF") < 6.5
    assert mix("#FF0000", "#0000FF", 0.0) == "#0000FF"


def test_every_known_place_has_its_picture() -> None:
    missing = {place: place_look(place).icon for place in KNOWN if not resources.has_icon(place_look(place).icon)}
    assert not missing


def test_an_unknown_place_is_neutral() -> None:
    assert place_look("gopher") == ("Gopher", "globe", "#6B665D")
    assert place_look("")[1] == "globe"


def test_style_sheet_names_only_tokens_that_exist(qapp: QApplication) -> None:
    for dark in (False, True):
        sheet = Theme(dark=dark, text_scale=1.5).style_sheet()
        assert "@" not in sheet
        assert sheet.count("url(") >= 5
        for file in re.findall(r'url\("([^"]+)"\)', sheet):
            assert (resources.folder() / "style" / file.rsplit("/", 1)[1]).is_file()
    source = resources.template("style/style.qss")
    assert not re.search(r"#[0-9A-Fa-f]{3,8}\b", source), "a colour of its own"


def test_the_style_sheet_is_understood_by_qt(qtbot: QtBot, qtlog: object, look: Look) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    look.set_mode("dark")
    records = [record.message for record in qtlog.records]  # type: ignore[attr-defined]
    assert not [words for words in records if "parse" in words or "roperty" in words]


@pytest.mark.parametrize("role", sorted(ROLES))
def test_fonts_are_inter_and_grow_with_the_text_size(role: str, qapp: QApplication) -> None:
    small, large = Theme().font(role), Theme(text_scale=2.0).font(role)
    assert small.families()[0] == "Inter"
    assert QFontInfo(small).family() == "Inter"
    assert QFontInfo(small).weight() == ROLES[role][1], "the file of this weight is there, nothing is made bold by force"
    assert small.pixelSize() == ROLES[role][0]
    assert large.pixelSize() == 2 * ROLES[role][0]
    assert small.weight() == ROLES[role][1]


def test_tabular_figures_are_equally_wide(qapp: QApplication) -> None:
    metrics = QFontMetricsF(Theme().font("small", tabular=True))
    assert metrics.horizontalAdvance("111111") == pytest.approx(metrics.horizontalAdvance("888888"))
    loose = QFontMetricsF(Theme().font("small"))
    assert loose.horizontalAdvance("111111") < loose.horizontalAdvance("888888")


def test_look_changes_once_and_dresses_the_program(qtbot: QtBot, qapp: QApplication, look: Look) -> None:
    with qtbot.waitSignal(look.changed, timeout=1000):
        look.set_mode("dark")
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == DARK.canvas
    with qtbot.assertNotEmitted(look.changed):
        look.set_mode("dark")
    look.set_text_scale(9.0)
    assert look.theme.text_scale == 2.0
    assert qapp.font().pixelSize() == 28


def test_high_contrast_of_the_system_is_obeyed(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme_module, "system_wants_contrast", lambda app: True)
    look = Look(qapp, mode="dark")
    assert look.theme.tokens == tokens_for(dark=True, high_contrast=True)
    look.deleteLater()


def test_system_mode_follows_the_system(qapp: QApplication) -> None:
    look = Look(qapp, mode="system")
    assert look.theme.dark == (qapp.styleHints().colorScheme() == Qt.ColorScheme.Dark)
    look.deleteLater()


@pytest.mark.parametrize("percent", range(75, 201, 5))
def test_what_is_chosen_by_a_circle_is_one_at_every_text_size(percent: int) -> None:
    """Qt draws a square where a radius is more than half of what it rounds."""
    sheet = Theme(text_scale=percent / 100).style_sheet()
    (rule,) = re.findall(r"QRadioButton::indicator \{([^}]*)\}", sheet)
    size, border, radius = (int(re.findall(rf"{name}: (\d+)px", rule)[0]) for name in ("width", "border", "border-radius"))
    assert size / 2 - 1 <= radius <= size / 2 + border
