"""The window on a desk that can only be read: everything is shown and can be taken out, nothing is written, nothing typed in vain."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog

from relationdesk.errors import RelationDeskError, StoreReadOnly
from relationdesk.services import desk_copy, drafts, export, notes, people
from relationdesk.services.desk_copy import LookedAt
from relationdesk.store import database
from relationdesk.store import people as stored
from relationdesk.ui import application
from relationdesk.ui.main_window import MainWindow
from relationdesk.ui.page import Context, Router, Target
from relationdesk.ui.person_page import PersonPage
from relationdesk.ui.tasks import Tasks
from relationdesk.ui.theme import Look
from tests.ui.desk import NOW, make_desk, put_away

REFUSED = "This desk can only be read now, so nothing was changed. Why, and what to do, stands above."


@pytest.fixture
def looked(tmp_path: Path) -> Iterator[LookedAt]:
    make_desk(tmp_path / "desk")
    db = database.open_desk(tmp_path / "desk")
    ann = stored.find(db, "Ann Example")
    notes.write(db, "Budget sits with Priya", NOW, person_id=ann.id)
    drafts.save(db, drafts.slot_for(person_uid=ann.uid), "typed before it happened", NOW)
    db.close()
    with desk_copy.looked(tmp_path / "desk", StoreReadOnly("no")) as found:
        yield found


@pytest.fixture
def window(looked: LookedAt, look: Look, qtbot: Any) -> Iterator[MainWindow]:
    tasks = Tasks(looked.copy / database.DESK_FILE, looked=looked)
    made = MainWindow(Context(tasks=tasks, look=look, router=Router(), clock=lambda: NOW))
    made.resize(1440, 900)
    made.start()
    made.show()
    qtbot.waitUntil(lambda: made.overview.people == 3 and made.people.model.rowCount() == 3)
    yield made
    put_away(made)


def _person(window: MainWindow, qtbot: Any) -> PersonPage:
    window.go(Target(page="person", id=1))
    qtbot.waitUntil(lambda: not window.context.tasks.busy())
    page = window.page()
    assert isinstance(page, PersonPage)
    return page


def test_the_bar_stays_and_says_what_happened(window: MainWindow, looked: LookedAt) -> None:
    assert window.banner.isVisible() and window.banner.text() == looked.happened
    assert not window.banner._close.isVisible()


def test_every_write_is_refused_in_one_sentence_and_reading_is_not(window: MainWindow, qtbot: Any) -> None:
    tasks, failed, done = window.context.tasks, [], []
    tasks.write(people.add_person, "Dan Example", NOW, failed=failed.append)
    tasks.long(lambda db, report, stop: done.append("never"), failed=failed.append)
    tasks.write(drafts.get, "nowhere", done=done.append, only_reads=True)
    qtbot.waitUntil(lambda: not tasks.busy())
    assert [str(error) for error in failed] == [REFUSED] * 2 and done == [None]
    tasks.write(people.add_person, "Dan Example", NOW)  # nobody waits: no word is lost, and nothing is said
    qtbot.waitUntil(lambda: not tasks.busy())
    assert window.overview.people == 3 and not window.notice.text()


def test_words_cannot_be_typed_but_what_was_typed_can_be_copied(window: MainWindow, qtbot: Any) -> None:
    composer = _person(window, qtbot).composer
    assert composer.editor.toPlainText() == "typed before it happened"
    qtbot.keyClicks(composer.editor, "123")  # letters are commands where nothing can be typed
    composer.keep()
    composer.editor.selectAll()
    composer.editor.copy()
    assert composer.editor.toPlainText() == "typed before it happened" == QApplication.clipboard().text()
    assert not composer._keep.isEnabled() and "can be copied" in composer._status.text()
    composer.drafts.touch()
    composer.drafts.flush()
    qtbot.waitUntil(lambda: not window.context.tasks.busy())
    assert not window.notice.text()


@pytest.mark.parametrize("wanted", ["import", "files", "note", "connect", "person", "bucket", "sync"])
def test_what_only_writes_says_so_at_once(window: MainWindow, qtbot: Any, wanted: str, tmp_path: Path) -> None:
    router = window.context.router
    {
        "import": partial(router.import_files.emit, [tmp_path]), "files": partial(router.import_files.emit, []),
        "note": partial(router.new_note.emit, 1), "connect": partial(router.connect_place.emit, ""),
        "person": window.dialogs.new_person, "bucket": window.dialogs.new_bucket, "sync": partial(window.syncs.start, 1),
    }[wanted]()  # fmt: skip
    qtbot.waitUntil(lambda: window.notice.text() == REFUSED)
    assert not window.findChildren(QDialog)


def test_everything_can_be_taken_out(window: MainWindow, qtbot: Any, tmp_path: Path) -> None:
    from relationdesk.ui.export_dialog import ExportDialog

    dialog = ExportDialog(window.context, None, window)
    dialog.write_all(tmp_path / "out")
    qtbot.waitUntil(lambda: not window.context.tasks.busy())
    assert (tmp_path / "out" / export.MANIFEST).exists()
    assert "Budget sits with Priya" in (tmp_path / "out" / "notes.csv").read_text("utf-8")


def test_settings_say_where_the_desk_itself_lies(window: MainWindow, looked: LookedAt, qtbot: Any) -> None:
    from relationdesk.ui.settings_dialog import SettingsDialog

    dialog = SettingsDialog(window.context, window)
    qtbot.waitUntil(lambda: dialog.where.text() == str(looked.desk))


def test_the_program_asks_no_place_and_leaves_nothing(qapp: QApplication, looked: LookedAt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "AFTER_PAINT_MS", 0)
    errors: list[RelationDeskError] = []
    seen: list[tuple[bool, bool]] = []
    program = application.Program(qapp, looked.copy, first_start=False, looked=looked)

    def close() -> None:
        if program.window is not None and program._later.isActive() is False:
            program.window.context.router.failed.connect(errors.append)
            seen.append((program.window.banner.isVisible(), program._schedule is None))
            watch.stop()
            program.window.close()

    watch = QTimer()
    watch.timeout.connect(close)
    watch.start(50)
    assert program.run() == 0
    assert seen == [(True, True)] and not errors
    assert not (looked.copy / "backups").exists()
