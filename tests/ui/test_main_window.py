"""The window on a real desk: pages, history, undo, failures, files, links, layout, and a second start."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog

from relationdesk.errors import UserMistake
from relationdesk.model import Changes
from relationdesk.services import people
from relationdesk.store import database, half_imports, settings
from relationdesk.ui import application, doorbell, layout_memory
from relationdesk.ui.application import Program
from relationdesk.ui.cheat_sheet import shown_specs
from relationdesk.ui.error_dialog import ErrorDialog, report
from relationdesk.ui.links import LinkDialog
from relationdesk.ui.main_window import PAGES, MainWindow
from relationdesk.ui.page import Page, Target
from relationdesk.ui.theme import Look
from tests.cut_off import cut_off
from tests.facts import did, who
from tests.ui.desk import NOW, context_on, make_desk


@pytest.fixture
def window(tmp_path: Path, look: Look, qtbot: Any) -> Iterator[MainWindow]:
    made = MainWindow(context_on(make_desk(tmp_path), look))
    made.resize(1440, 900)
    made.start()
    made.show()
    qtbot.waitUntil(lambda: made.overview.people == 3 and made.people.model.rowCount() == 3)
    yield made
    made.close()
    made.context.tasks.close()
    for dialog in made.findChildren(QDialog):
        dialog.deleteLater()
    made.deleteLater()


def _idle(window: MainWindow, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: not window.context.tasks.busy())


def _name(window: MainWindow) -> str:
    page = window.page()
    assert page is not None
    return page.name


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_page_of_the_table_is_there(name: str) -> None:
    module, _, cls = PAGES[name].partition(":")
    page = getattr(importlib.import_module(module), cls)
    assert issubclass(page, Page)
    assert page.name == name


def test_pages_are_made_when_first_opened(window: MainWindow) -> None:
    assert set(window._pages) == {"today"}
    window.go(Target(page="companies"))
    assert set(window._pages) == {"today", "companies"}


def test_the_sheet_of_keys_holds_back_nothing_that_can_be_done(window: MainWindow) -> None:
    shown = {spec.id for spec in shown_specs()}
    assert not set(window.commands._own) - shown and {"go_round", "start_round"} <= shown


def test_sidebar_counts_and_buckets(window: MainWindow) -> None:
    rows = window.sidebar._rows
    assert rows[("people", None)].accessibleName() == "People, 3"
    assert rows[("companies", None)].accessibleName() == "Companies, 2"
    assert [row.text() for (page, _), row in rows.items() if page == "bucket"] == ["Key people"]


def test_back_leads_where_we_came_from(window: MainWindow) -> None:
    window.go(Target(page="people"))
    window.go(Target(page="companies"))
    window.back()
    assert _name(window) == "people"
    window.back()
    assert _name(window) == "today"
    window.back()
    assert _name(window) == "today"


def test_a_bucket_shows_its_people_and_opens_the_first(window: MainWindow, qtbot: Any) -> None:
    bucket = window.overview.buckets[0]
    window.go(Target(page="bucket", id=bucket.id))
    qtbot.waitUntil(lambda: _name(window) == "person")
    assert [p.name for p in window.people.model.people()] == ["Ann Example"]
    assert window.people.isVisible()
    assert window.sidebar._rows[("bucket", bucket.id)].isChecked()


def test_narrow_windows_fold_the_people_away(window: MainWindow, qtbot: Any) -> None:
    window.go(Target(page="person", id=1))
    assert window.people.isVisible()
    window.resize(860, 640)
    assert not window.people.isVisible()
    window.go(Target(page="bucket", id=window.overview.buckets[0].id))
    assert _name(window) == "people"
    _idle(window, qtbot)


def test_search_as_typed(window: MainWindow, qtbot: Any) -> None:
    window.go(Target(page="person", id=1))
    window.people.search.setText("cl")
    qtbot.waitUntil(lambda: [p.name for p in window.people.model.people()] == ["Cleo Sample"])


def test_undo_and_redo(window: MainWindow, qtbot: Any) -> None:
    window.context.tasks.write(people.add_person, "Dan Example", NOW)
    qtbot.waitUntil(lambda: window.overview.people == 4)
    assert window.toast.text() == "Added Dan Example"
    window.actions_["undo"].trigger()
    qtbot.waitUntil(lambda: window.overview.people == 3)
    assert window.toast.text() == "Taken back: Added Dan Example"
    window.actions_["redo"].trigger()
    qtbot.waitUntil(lambda: window.overview.people == 4)


def test_failures_are_one_sentence_and_stop_nobody(window: MainWindow, qtbot: Any) -> None:
    window.context.router.failed.emit(UserMistake("That did not work. Nothing was changed."))
    assert window.notice.text() == "That did not work. Nothing was changed."
    window.actions_["back"].trigger()
    assert window.notice.text() == ""


def test_nothing_to_undo_is_said(window: MainWindow, qtbot: Any) -> None:
    for _ in range(6):
        window.undoing.undo()
    qtbot.waitUntil(lambda: window.notice.text() == "There is nothing to take back.")


def test_only_keys_that_do_something_are_on(window: MainWindow) -> None:
    window.go(Target(page="companies"))
    assert window.actions_["palette"].isEnabled()
    assert not window.actions_["reply"].isEnabled()
    assert not window.actions_["like"].isEnabled()


def test_keys_lead_to_pages(window: MainWindow, qtbot: Any) -> None:
    qtbot.keyClick(window.page(), Qt.Key.Key_G)
    qtbot.keyClick(window.page(), Qt.Key.Key_P)
    assert _name(window) == "people"


def test_files_dropped_anywhere_are_previewed(window: MainWindow, tmp_path: Path) -> None:
    wanted: list[list[Path]] = []
    window.context.router.import_files.disconnect()
    window.context.router.import_files.connect(wanted.append)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.csv")), QUrl("https://example.org/x"), QUrl("file://server/share")])
    drop = QDropEvent(
        QPointF(300, 300), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    assert window._drops.eventFilter(window, drop)
    assert wanted == [[tmp_path / "a.csv"]]


def test_links_are_asked_about_and_bad_ones_refused(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    window.context.router.open_link.emit("javascript:alert(1)")
    assert "not opened" in window.notice.text()
    window.context.router.open_link.emit("https://example.org/a")
    dialog = window.findChild(LinkDialog)
    assert dialog is not None
    assert opened == []


def test_copy(window: MainWindow) -> None:
    window.context.router.copy.emit("ann@example.org")
    assert QGuiApplication.clipboard().text() == "ann@example.org"


def test_a_mistake_of_ours_is_shown_once_without_personal_text(window: MainWindow) -> None:
    def fail() -> None:
        secret = "Ann Example owes 12"
        raise ValueError(secret)

    with pytest.raises(ValueError, match="Ann") as caught:
        fail()
    window.context.tasks.bug.emit(caught.value)
    window.context.tasks.bug.emit(caught.value)
    dialogs = window.findChildren(ErrorDialog)
    assert len(dialogs) == 1
    assert "ValueError" in dialogs[0].report
    assert "fail" in dialogs[0].report
    assert "Ann" not in report(caught.value)
    assert str(Path.home()) not in dialogs[0].report


def test_the_layout_is_remembered(window: MainWindow, tmp_path: Path, qtbot: Any) -> None:
    window.go(Target(page="companies"))
    window.close()
    window.context.tasks.close()
    db = database.connect(tmp_path / database.DESK_FILE)
    kept = layout_memory.load(settings.value(db, layout_memory.NAME))
    db.close()
    assert kept.page == "companies"
    assert kept.geometry_bytes()
    assert layout_memory.load('{"page": 3, "geometry": "%"}').geometry_bytes() == b""


@pytest.mark.slow
def test_first_start_has_three_choices_and_the_sample_fills_the_desk(tmp_path: Path, look: Look, qtbot: Any) -> None:
    file = make_desk(tmp_path, ())
    made = MainWindow(context_on(file, look))
    made.start(first_start=True)
    made.show()
    page = made.page()
    assert page is not None
    assert page.name == "welcome"
    assert len(page.choices) == 3  # type: ignore[attr-defined]
    made.resize(1440, 900)
    _idle(made, qtbot)
    low = page._holder.mapTo(page, page._holder.rect().bottomLeft()).y()  # type: ignore[attr-defined]
    assert page.height() // 2 < low < page.height() * 3 // 4, "a little above the middle"
    assert not made.sidebar.isVisible()
    page.choices[0].clicked.emit()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: _name(made) == "today" and made.overview.is_sample, timeout=30_000)
    assert made.sidebar.isVisible()
    _idle(made, qtbot)
    made.close()
    made.context.tasks.close()
    made.deleteLater()


@pytest.mark.parametrize(
    ("changes", "page"), [(Changes(people=frozenset({1})), "today"), (Changes(logins=True), "places"), (Changes(prompts=True), "welcome")]
)
def test_what_comes_in_ends_the_welcome(changes: Changes, page: str, tmp_path: Path, look: Look, qtbot: Any) -> None:
    made = MainWindow(context_on(make_desk(tmp_path, ()), look))
    made.start(first_start=True)
    made.show()
    made.context.tasks.changed.emit(changes)
    _idle(made, qtbot)
    assert _name(made) == page
    assert made.sidebar.isVisible() is (page != "welcome")
    made.back()
    assert _name(made) == page  # a desk begins once
    made.close()
    made.context.tasks.close()
    made.deleteLater()


def test_program_opens_and_a_second_start_rings(tmp_path: Path, qtbot: Any, qapp: QApplication) -> None:
    make_desk(tmp_path)
    program = Program(qapp, tmp_path, first_start=False, clock=lambda: NOW)
    program.open()
    qtbot.waitUntil(lambda: program.window is not None)
    assert program.window is not None
    program.window.hide()
    assert doorbell.ring(tmp_path)
    qtbot.waitUntil(program.window.isVisible)
    program.window.close()
    program.close()
    assert not doorbell.ring(tmp_path)


def test_run_refuses_nothing_but_raises_the_first(tmp_path: Path, qtbot: Any, qapp: QApplication) -> None:
    from relationdesk.services.owner import Owner

    make_desk(tmp_path)
    first, bell, rung = Owner(tmp_path), doorbell.Doorbell(tmp_path), []
    bell.rung.connect(lambda: rung.append(1))
    assert application.run(tmp_path, first_start=False) == 0
    qtbot.waitUntil(lambda: bool(rung))
    bell.close()
    first.release()


def test_menu_of_buckets_puts_people_in(window: MainWindow, qtbot: Any) -> None:
    window.go(Target(page="person", id=2))
    window.dialogs.buckets_of((2,))
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu: Any = QApplication.activePopupWidget()
    menu.actions()[0].trigger()
    menu.close()
    qtbot.waitUntil(lambda: window.overview.buckets[0].people == 2)


def test_run_shows_the_desk_and_ends_when_the_window_is_closed(tmp_path: Path, qtbot: Any, qapp: QApplication) -> None:
    from PySide6.QtCore import QTimer

    make_desk(tmp_path)
    shown: list[str] = []

    def close() -> None:
        window = next((w for w in qapp.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()), None)
        if window is not None:
            shown.append(window.windowTitle())
            watch.stop()
            window.close()

    watch = QTimer()
    watch.timeout.connect(close)
    watch.start(20)
    assert application.run(tmp_path, first_start=False) == 0
    assert shown == ["Today · RelationDesk"]
    assert application.heavy_jobs.desk_file(tmp_path / "desk.db") == application.heavy_jobs.desk_file(tmp_path)


def test_large_text_in_a_small_window_leaves_the_page_its_room(window: MainWindow, qtbot: Any) -> None:
    window.context.look.set_text_scale(2.0)
    window.resize(720, 480)
    _idle(window, qtbot)
    bar = window.sidebar
    assert bar.width() < 720 / 5 and bar._find.isVisible() and not bar.search.isVisible()
    assert all(row.toolTip() and row.accessibleName() for row in bar._rows.values())
    window.resize(1440, 900)
    _idle(window, qtbot)
    assert bar.search.isVisible() and not bar._find.isVisible()


def test_a_start_takes_out_what_a_killed_import_left_and_says_so(tmp_path: Path, qtbot: Any, qapp: QApplication) -> None:
    file = make_desk(tmp_path)
    with closing(database.connect(file)) as db:
        joe = who("Joe Brown")
        cut_off(db, [joe, *(did(joe, f"a{n}") for n in range(300))], name="mails.mbox")
        program = Program(qapp, tmp_path, first_start=False, clock=lambda: NOW)
        program.open()
        qtbot.waitUntil(lambda: program.window is not None and program.window.notice.text() != "", timeout=20_000)
        assert program.window is not None
        assert "“mails.mbox” was still being brought in when RelationDesk ended" in program.window.notice.text()
        assert half_imports.every(db) == () and db.execute("SELECT count(*) FROM activities").fetchone() == (0,)
    program.window.close()
    program.close()
