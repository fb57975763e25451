"""Taking out: what is on the screen or everything, private words only when asked for, a preview, a way to stop."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from relationdesk.model import Key, Kind
from relationdesk.services import routing
from relationdesk.services.export import View
from relationdesk.store.database import Desk
from relationdesk.store.routes import RouteKind
from relationdesk.ui.export_dialog import ExportDialog
from relationdesk.ui.theme import Look
from tests.facts import NOW, arrive, did, person_id, who
from tests.ui.office import Office, office

ME = who("Sam Carter", "mail", "sam@carter.example", owner=True, mail="sam@carter.example")
JOE = who("Joe Brown", "mail", "joe@alder.example", mail="joe@alder.example")


def fill(db: Desk) -> None:
    arrive(
        db,
        (
            ME, JOE, did(JOE, "open", text="A word in public"),
            did(JOE, "secret", text="Between us", kind=Kind.MAIL, to=(ME,), private=True),
        ),
    )  # fmt: skip


@pytest.fixture
def at(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Office]:
    with office(tmp_path / "desk", look, qtbot, fill) as made:
        yield made


def opened(at: Office, view: View | None) -> ExportDialog:
    dialog = ExportDialog(at.context, view)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    at.qtbot.addWidget(dialog)
    at.kept.append(dialog)
    dialog.show()
    at.wait()
    return dialog


def cells(dialog: ExportDialog) -> str:
    table = dialog.table
    items = (table.item(r, c) for r in range(table.rowCount()) for c in range(table.columnCount()))
    return " | ".join(item.text() for item in items if item is not None)


def timeline(at: Office) -> View:
    return View(kind="timeline", person_id=person_id(at.db, "Joe Brown"), title="Joe Brown")


def test_private_words_are_left_out_until_asked_for(at: Office) -> None:
    dialog = opened(at, timeline(at))
    assert not dialog.private.isChecked()
    assert "A word in public" in cells(dialog) and "Between us" not in cells(dialog)
    dialog.private.setChecked(True)
    at.wait(lambda: "Between us" in cells(dialog))


def test_where_all_was_said_privately_it_is_said_why_nothing_stands_there(at: Office) -> None:
    """A complaint by mail that was put on a list: the list shows it, and its table would be empty."""
    routing.put(at.db, Key("mail", "secret"), RouteKind.COMPLAINT, NOW)
    dialog = opened(at, View(kind="routed", title="To answer"))
    assert cells(dialog) == "" and "said privately" in dialog.note.text() and "Tick" in dialog.note.text()
    dialog.private.setChecked(True)
    at.wait(lambda: "Between us" in cells(dialog))
    assert "said privately" not in dialog.note.text()


def test_the_file_holds_what_the_preview_showed(at: Office, tmp_path: Path) -> None:
    dialog = opened(at, timeline(at))
    dialog.bom.setChecked(False)
    file = tmp_path / "joe.csv"
    dialog.write_view(file)
    at.wait(lambda: dialog.show_button.isVisible())
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert len(rows) == 2 and any("A word in public" in cell for cell in rows[1])
    assert "1 row in 1 file" in dialog.said.text() and dialog.close_button.text() == "Close"


def test_everything_goes_into_a_folder_with_a_manifest(at: Office, tmp_path: Path) -> None:
    dialog = opened(at, None)
    assert not dialog.table.isVisible()
    folder = tmp_path / "out"
    dialog.write_all(folder)
    at.wait(lambda: dialog.show_button.isVisible())
    assert (folder / "manifest.json").exists() and (folder / "people.csv").exists()
    assert "Between us" not in (folder / "activities.csv").read_text(encoding="utf-8-sig")


def test_a_large_export_can_be_stopped_and_done_again_and_shown(at: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arrive(at.db, tuple(did(JOE, f"w{n}", text=f"Word {n} " + "and more " * 40) for n in range(12_000)))
    opened_urls: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened_urls.append(url.toLocalFile()))
    dialog = opened(at, None)
    folder = tmp_path / "out"
    told: list[str] = []
    show = dialog.progress.set_progress

    def heard(done: int, total: int, words: str) -> None:
        show(done, total, words)
        told.append(words)
        if 0 < done < total and dialog.progress._button.isEnabled():
            dialog.bom.setChecked(not dialog.bom.isChecked())  # the window answers meanwhile
            dialog.progress._button.click()

    monkeypatch.setattr(dialog.progress, "set_progress", heard)
    dialog.write_all(folder)
    assert not dialog.go_button.isEnabled()
    at.wait(lambda: "Stopped" in dialog.said.text())
    assert any(re.search(r" of 12,?0\d\d ", words) and words.endswith(" written.") for words in told)
    assert not folder.exists() and not list(tmp_path.glob("*.part*")) and not dialog.show_button.isVisible()
    monkeypatch.setattr(dialog.progress, "set_progress", show)
    dialog.write_all(folder)
    at.wait(lambda: dialog.show_button.isVisible())
    assert "Written: 12,0" in dialog.said.text() and (folder / "manifest.json").exists()
    dialog.show_button.click()
    assert opened_urls == [str(folder)]
    at.qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible(), "what is left to do is to close it"


def test_a_failure_is_a_sentence_and_it_can_be_tried_again(at: Office, tmp_path: Path) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    (folder / "people.csv").write_text("mine")
    dialog = opened(at, None)
    dialog.write_all(folder)
    at.wait(lambda: bool(dialog.said.text()))
    assert not dialog.show_button.isVisible() and dialog.go_button.isEnabled()
    assert (folder / "people.csv").read_text() == "mine"
