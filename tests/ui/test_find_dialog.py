"""Finding one's people in a place: what would be sent is shown, nothing is asked before, and what comes of it is the user's choice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from relationdesk.errors import SourceUnavailable
from relationdesk.services import adding, finding
from relationdesk.services.adding import Met
from relationdesk.store.database import Desk
from relationdesk.ui.find_dialog import FindDialog
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.label import PlainLabel
from tests.facts import bring, person_id, who
from tests.services.test_finding import ANN, JOE, ME, ROSA, TWO
from tests.ui.office import Office, office


@pytest.fixture
def at(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Office]:
    with office(tmp_path, look, qtbot, lambda db: bring(db, (ME, JOE, ANN, ROSA, *TWO))) as made:
        yield made


def shown(at: Office) -> FindDialog:
    dialog = FindDialog(at.context)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    at.qtbot.addWidget(dialog)
    at.kept.append(dialog)
    dialog.show()
    at.wait()
    return dialog


def answers(monkeypatch: pytest.MonkeyPatch, asked: list[str], error: Exception | None = None) -> None:
    """In place of the network: everybody who is asked for is found, as "Joe Brown" """

    def look_up(db: Desk, wanted: Any, agreed: frozenset[str], **_: Any) -> Met:
        asked.append(wanted.meant.handle)
        if error is not None:
            raise error
        profile = who("Joe Brown", "bluesky", f"did:plc:{len(asked)}", handle=wanted.meant.handle, known=False)
        return Met(meant=wanted.meant, profile=profile, whose=adding.whose(db, profile))

    monkeypatch.setattr(adding, "look_up", look_up)


def words(dialog: FindDialog) -> str:
    return " ".join(label.text() for label in dialog.findChildren(PlainLabel) if label.isVisible())


def test_what_would_be_sent_and_to_whom_is_shown_first(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    answers(monkeypatch, asked)
    dialog = shown(at)
    assert "public.api.bsky.app (3)" in dialog.says.text() and dialog.go.text() == "Ask 3 questions"
    at.wait(lambda: "joe.example — Joe Brown. It is their own page." in words(dialog))
    assert asked == []
    dialog.place.setCurrentIndex(dialog.place.findData("mastodon"))
    at.wait(lambda: "alder.example (1)" in dialog.says.text())
    assert "1 person is known there already" in dialog.says.text() and asked == []


def test_nobody_to_ask_for_is_told(tmp_path: Path, look: Look, qtbot: QtBot) -> None:
    with office(tmp_path, look, qtbot) as at:
        dialog = shown(at)
        assert "nobody would be asked" in dialog.says.text() and not dialog.go.isEnabled()


def test_who_was_found_is_ticked_linked_and_followed(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    answers(monkeypatch, asked)
    dialog = shown(at)
    dialog.go.click()
    at.wait(lambda: bool(dialog.rows))
    assert len(asked) == 3 and dialog.says.text().startswith("3 found, 3 questions asked.")
    for _, box in dialog.rows[1:]:
        box.setChecked(False)
    assert dialog.go.text() == "Link and follow 1"
    dialog.go.click()
    at.wait(lambda: not dialog.isVisible())
    assert at.db.execute("SELECT person_id FROM profiles WHERE native_id LIKE 'did:plc:%'").fetchall() == [(person_id(at.db, "Joe Brown"),)]
    assert at.toasts[-1].startswith("1 linked and followed")


def test_or_put_on_who_is_this(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, [])
    dialog = shown(at)
    dialog.go.click()
    at.wait(lambda: bool(dialog.rows))
    dialog.ask_me.click()
    at.wait(lambda: not dialog.isVisible())
    assert at.db.execute("SELECT count(*) FROM profiles WHERE native_id LIKE 'did:plc:%'").fetchone() == (3,)
    assert "Who is this?" in at.toasts[-1]


def test_a_place_that_does_not_answer_is_told_and_nothing_is_kept(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, [], SourceUnavailable("This computer is offline.", silent=True, offline=True))
    dialog = shown(at)
    dialog.go.click()
    at.wait(lambda: "Nobody of yours" in words(dialog))
    assert "offline" in dialog.problem.text() and dialog.problem.isVisible() and not dialog.go.isVisible()
    assert at.db.execute("SELECT count(*) FROM profiles WHERE native_id LIKE 'did:plc:%'").fetchone() == (0,)


def test_closed_while_it_asks_nothing_comes_of_it(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, [])
    dialog = shown(at)
    dialog.go.click()
    dialog.reject()
    at.wait()
    assert not dialog.rows and at.failed == [] and finding.plan(at.db, "bluesky").known == 0


def test_all_that_would_be_sent_can_be_read_whole_and_by_keys(at: Office, look: Look) -> None:
    look.set_text_scale(2.0)
    dialog = shown(at)

    def is_whole() -> bool:
        rows = [label for label in dialog.column.content().findChildren(PlainLabel) if label.isVisible()]
        return bool(rows) and all(label.hasHeightForWidth() and label.height() >= label.heightForWidth(label.width()) for label in rows)

    at.qtbot.waitUntil(is_whole)
    dialog.resize(620, 300)
    at.wait()
    dialog.whom.setFocus()
    at.qtbot.keyClick(dialog.whom, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.column
    at.qtbot.keyClick(dialog.column, Qt.Key.Key_PageDown)
    bar = dialog.column.verticalScrollBar()
    assert bar.maximum() == 0 or bar.value() > 0
    look.set_text_scale(1.0)
