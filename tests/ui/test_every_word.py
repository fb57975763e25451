"""Every word in the window passes through the translator, but for what places, files and the user wrote.

A translator that marks what it is given is spoken while every page and dialog of the sample desk is opened. What then stands outside of the
marks must occur in the desk, be a date of the locale, the name of a product, or have been typed here. Not looked at are dialogs in which
readers of files speak (bringing in): what readers say of a file is still English everywhere.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtGui import QAccessible, QAccessibleInterface, QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget

from relationdesk import picture, picture_dialogs
from relationdesk.sources.closed_places import CLOSED
from relationdesk.store.database import Desk
from relationdesk.studio import Shot, Studio
from relationdesk.ui import language
from relationdesk.ui.page import Target
from relationdesk.ui.places import KNOWN, place_look

pytestmark = pytest.mark.slow

SCENES = ("_plain", "_agreed", "_engage", "_templates", "_sends_by", "_removing", "_one_or_two", "_notes_and_export")
TYPED = (
    "rosa send the winter data fri metering is a habit the laundry would have been my guess too joe@firm.example imap.firm.example sam@carter.example "
    "imap.carter.example about lisbon kitchens hi joe i look into it and come back to you by ⟦day⟧"
)
SAID_BY_QT = "kB MB GB bytes"
"""Sizes, which Qt writes in the user's language by itself."""
_APART = re.compile(r"[·,.:;\n“”()/→|…?\[\]]|  ")
_SPOKEN = (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value, QAccessible.Text.Help)


class Marking(QTranslator):
    """Every text in double brackets."""

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"⦃{text}⦄"

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def made(qapp: QApplication) -> Iterator[tuple[Studio, Path]]:
    marking = Marking()
    language.speak(qapp, marking)
    try:
        with picture.sampled() as found:
            yield found
    finally:
        language.hush(qapp, marking)


def test_every_word_of_every_page_and_dialog_can_be_translated(made: tuple[Studio, Path]) -> None:
    one, scratch = made
    seen: dict[str, str] = {}
    one.light(Shot())
    for page in picture.ALL:
        number, place = one.target(page, picture.SAMPLED.get(page, ""))
        one.window.go(Target(page=page, id=number, place=place))
        one.settle()
        seen |= dict.fromkeys(texts(one.window), page)
    seen |= {action.text(): "an action" for action in one.window.findChildren(QAction)}
    for scene in SCENES:
        getattr(picture_dialogs, scene)(one, lambda name, dialog: seen.update(dict.fromkeys(texts(dialog), name)), scratch)
    assert len(seen) > 1000
    known = words_of(one)
    wrong = [f"{where}: {unmarked(text, known)} in {text}" for text, where in seen.items() if where not in ("link", "error") and unmarked(text, known)]
    assert not wrong, "\n".join(wrong)


def texts(root: QWidget) -> set[str]:
    """All that is written or said to a screen reader in a window."""
    found = {root.windowTitle()}
    for widget in (root, *root.findChildren(QWidget)):
        if not widget.isVisibleTo(root):
            continue
        found |= {widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()}
        if isinstance(widget, QLabel | QAbstractButton):
            found.add(widget.text())
        elif isinstance(widget, QLineEdit | QPlainTextEdit):
            found.add(widget.placeholderText())
        elif isinstance(widget, QComboBox):
            found |= {widget.itemText(n) for n in range(widget.count())}
    spoken = QAccessible.queryAccessibleInterface(root)
    return {text for text in found | set(said(spoken)) if text.strip()}


def said(one: QAccessibleInterface | None) -> Iterator[str]:
    if one is None or not one.isValid() or one.state().invisible:  # type: ignore[attr-defined]
        return
    yield from (one.text(kind) for kind in _SPOKEN)
    for n in range(min(one.childCount(), 400)):
        yield from said(one.child(n))


def unmarked(text: str, known: str) -> list[str]:
    """Words outside of the marks that nobody else wrote, and that are no address, key or name of a column."""
    if " " not in text or text.startswith("Ctrl "):
        return []
    depth, outside = 0, ""
    for letter in html.unescape(re.sub("<br>|</?qt>", "\n", text)) if text.startswith("<qt>") else text:
        depth += (letter == "⦃") - (letter == "⦄")
        outside += letter if depth == 0 and letter != "⦄" else "\n"
    parts = (part.strip(" -–+%0123456789\u200e\u2068\u2069'") for part in _APART.split(outside))
    return [part for part in parts if " " in part.strip() or "@" not in part if re.search(r"[^\W\d_]{2,}", part) and " ".join(part.split()).casefold() not in known and not is_date(part)]


def is_date(words: str) -> bool:
    """ "Sunday 29 November", "6 Dec"."""
    locale, kinds = QLocale(), (QLocale.FormatType.LongFormat, QLocale.FormatType.ShortFormat)
    names = {locale.dayName(n, kind) for n in range(1, 8) for kind in kinds} | {locale.monthName(n, kind) for n in range(1, 13) for kind in kinds}
    return all(word in names or word.isdigit() or word == "UTC" for word in words.split())


def words_of(one: Studio) -> str:
    """What the desk holds, and the names of products."""
    found = [TYPED, SAID_BY_QT, *(place_look(place).title for place in KNOWN), *(closed.called for closed in CLOSED)]
    one.window.context.tasks.run(_held, done=found.extend)
    one.settle(lambda: len(found) > 1000)
    return " ".join(" ".join(found).split()).casefold()


def _held(db: Desk) -> list[str]:
    found = [part for row in db.execute("PRAGMA database_list") for part in Path(row[2]).parts]
    for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'").fetchall():
        found += [value for row in db.execute(f'SELECT * FROM "{table}"') for value in row if isinstance(value, str)]
    return found
