"""The walk a user takes, in the real window with real keys: first start, Today, a note, questions, the flip, files in and out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu
from pytestqt.qtbot import QtBot

from relationdesk.store import batches, database, notes, people
from relationdesk.store.database import Desk
from relationdesk.ui.application import Program
from relationdesk.ui.export_dialog import ExportDialog
from relationdesk.ui.import_dialog import ImportDialog
from relationdesk.ui.main_window import MainWindow
from relationdesk.ui.note_dialog import NoteDialog, TrashDialog, VersionsDialog
from relationdesk.ui.palette import Palette
from relationdesk.ui.widgets.buttons import Button
from tests.facts import NOW, state
from tests.ui.desk import sample_desk

CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u-ann\r\nFN:Ann Example\r\nEMAIL:ann@example.org\r\nEND:VCARD\r\n"
LETTER = (
    "From: Ann Example <ann@example.org>\nTo: sam@carter.example\nSubject: Letter {n}\n"
    "Date: Fri, 20 Nov 2026 09:00:00 +0000\nMessage-ID: <letter-{n}@example.org>\n\nAre you there?\n"
)
NO = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier


class Walk:
    """The program on a desk, and a keyboard. `db` is a second connection, for looking."""

    def __init__(self, app: QApplication, qtbot: QtBot, folder: Path, *, first_start: bool = False) -> None:
        self.folder, self.qtbot = folder, qtbot
        self.db: Desk = database.open_desk(folder)
        self.bugs: list[Exception] = []
        self.program = Program(app, folder, first_start=first_start, clock=lambda: NOW)
        self.program.tasks.bug.connect(self.bugs.append)
        self.program.open()
        qtbot.waitUntil(lambda: self.program.window is not None and self.program.window.isVisible())
        self.window.resize(1440, 900)
        with qtbot.waitActive(self.window):
            self.window.activateWindow()
        self.wait(lambda: bool(self.window._furnished))

    @property
    def window(self) -> MainWindow:
        assert self.program.window is not None
        return self.program.window

    def page(self, name: str = "") -> object:
        page = self.window.page()
        assert page is not None
        assert page.name == name or not name, f"{page.name} is shown, not {name}"
        return page

    def wait(self, until: Callable[[], object] = lambda: True, timeout: int = 10_000) -> None:
        """Until nothing runs any more and `until` holds."""
        self.qtbot.waitUntil(lambda: not self.program.tasks.busy() and bool(until()), timeout=timeout)
        assert not self.bugs, self.bugs

    def key(self, *keys: Qt.Key, mod: Qt.KeyboardModifier = NO) -> None:
        """Press keys where the keyboard is, and wait for what they start."""
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or self.window, key, mod)
        self.wait()

    def type(self, text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), text)
        self.wait()

    def dialog(self, kind: type[QDialog]) -> QDialog:
        found = [dialog for dialog in self.window.findChildren(kind) if dialog.isVisible()]
        assert len(found) == 1, f"{len(found)} of {kind.__name__}"
        return found[0]

    def close(self) -> None:
        for dialog in self.window.findChildren(QDialog) if self.program.window is not None else []:
            dialog.close()
        if self.program.window is not None:
            self.window.close()
        self.program.close()
        self.db.close()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample desk, built once."""
    return sample_desk(tmp_path_factory.mktemp("sample")).parent


@pytest.fixture
def walk(built: Path, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Walk]:
    shutil.copytree(built, tmp_path / "desk")
    made = Walk(qapp, qtbot, tmp_path / "desk")
    yield made
    made.close()


def _id(db: Desk, name: str) -> int:
    return next(p.id for p in people.page(db, query=name, limit=20) if p.name == name)


def test_from_the_first_start_to_the_first_note(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> None:
    walk = Walk(qapp, qtbot, tmp_path, first_start=True)
    try:
        walk.page("welcome")
        walk.key(Qt.Key.Key_Return)
        walk.wait(lambda: walk.window.overview.is_sample, timeout=60_000)
        today = walk.page("today")
        walk.wait(lambda: bool(today.choice.rows))  # type: ignore[attr-defined]
        first, second = today.choice.rows[:2]  # type: ignore[attr-defined]
        assert first.entry.prompt.title == "Mary Jones: a complaint"
        assert second.entry.prompt.title == "Joe Brown: 2 questions wait for you"
        walk.key(Qt.Key.Key_Down)
        walk.key(Qt.Key.Key_Return)
        person = walk.page("person")
        assert walk.window.windowTitle() == "Joe Brown · RelationDesk"
        joe = _id(walk.db, "Joe Brown")
        walk.key(Qt.Key.Key_N)
        walk.type("Prefers Mastodon to the phone")
        walk.key(Qt.Key.Key_Return, mod=CTRL)
        assert [note.text for note in notes.of_person(walk.db, joe)][:1] == ["Prefers Mastodon to the phone"]
        assert walk.window.toast.text().startswith("Saved on this computer")
        item = person.view.current_item()  # type: ignore[attr-defined]
        assert item is not None and item.note is not None and item.note.text == "Prefers Mastodon to the phone"
        assert not person.composer._fields.isVisible()  # type: ignore[attr-defined]
    finally:
        walk.close()


def test_words_typed_up_to_the_last_moment_are_offered_again(walk: Walk, qapp: QApplication) -> None:
    walk.wait(lambda: bool(walk.page("today").choice.rows))  # type: ignore[attr-defined]
    walk.key(Qt.Key.Key_Return)
    walk.key(Qt.Key.Key_N)
    editor = walk.page("person").composer.editor  # type: ignore[attr-defined]
    QTest.keyClicks(editor, "half")
    walk.page("person").composer.drafts.flush()  # type: ignore[attr-defined]
    QTest.keyClicks(editor, " a thought")
    folder, qtbot = walk.folder, walk.qtbot
    walk.window.close()
    walk.program.close()
    again = Walk(qapp, qtbot, folder)
    try:
        again.wait(lambda: again.page().name == "person")  # type: ignore[attr-defined]
        composer = again.page("person").composer  # type: ignore[attr-defined]
        again.wait(lambda: composer.editor.toPlainText() == "half a thought")
    finally:
        again.close()


def test_done_on_today_and_back(walk: Walk) -> None:
    today = walk.page("today")
    walk.wait(lambda: bool(today.choice.rows))  # type: ignore[attr-defined]
    waiting = [row.key for row in today.choice.rows]  # type: ignore[attr-defined]
    walk.key(Qt.Key.Key_E)
    assert [row.key for row in today.choice.rows] == waiting[1:]  # type: ignore[attr-defined]
    assert today.choice.current().key == waiting[1]  # type: ignore[attr-defined]
    walk.key(Qt.Key.Key_Z, mod=CTRL)
    assert [row.key for row in today.choice.rows] == waiting  # type: ignore[attr-defined]
    assert walk.window.toast.text().startswith("Taken back")


def test_who_is_this_keeps_apart_links_and_takes_back(walk: Walk) -> None:
    before = state(walk.db)
    walk.key(Qt.Key.Key_G, Qt.Key.Key_W)
    who = walk.page("who")
    queue = who.queue.model  # type: ignore[attr-defined]
    names = [match.profile.id for match in queue.matches]
    assert len(names) >= 3
    apart = who._person.id  # type: ignore[attr-defined]
    walk.key(Qt.Key.Key_A)
    again = [person.id for match in queue.matches if match.profile.id == names[0] for person, _ in match.candidates]
    assert apart not in again
    walk.key(Qt.Key.Key_J)  # whoever was meant is not known any more; on to the next question
    linked = who._match  # type: ignore[attr-defined]
    person = who._person  # type: ignore[attr-defined]
    walk.key(Qt.Key.Key_L)
    owner = "SELECT person_id FROM profiles WHERE id = ?"
    assert walk.db.execute(owner, (linked.profile.id,)).fetchone()[0] == person.id
    walk.key(Qt.Key.Key_Z, mod=CTRL)
    assert walk.db.execute(owner, (linked.profile.id,)).fetchone()[0] is None
    walk.key(Qt.Key.Key_Z, mod=CTRL)
    assert [match.profile.id for match in queue.matches] == names
    assert state(walk.db) == before


def test_the_flip_and_the_way_back_to_the_same_place(walk: Walk) -> None:
    walk.window.sidebar._rows[("place", "mail")].click()
    walk.wait()
    place = walk.page("place")
    view = place.view  # type: ignore[attr-defined]
    for _ in range(12):
        walk.key(Qt.Key.Key_J)
    while view.current_item().actor_person is None or view.current_item().direction.value != "in":
        walk.key(Qt.Key.Key_Down)
    item = view.current_item()
    offset = view.offset_of(item.activity.key)
    assert view.verticalScrollBar().value() > 0
    walk.key(Qt.Key.Key_F)
    person = walk.page("person")
    assert person._shown == item.actor_person  # type: ignore[attr-defined]
    here = person.view.current_item()  # type: ignore[attr-defined]
    folded = [earlier.activity for earlier in here.earlier]
    assert item.activity.key in [activity.key for activity in (here.activity, *here.marks, *folded)]
    walk.key(Qt.Key.Key_Escape)
    assert walk.page("place") is place
    assert view.current_item().activity.key == item.activity.key
    assert view.offset_of(item.activity.key) == offset


def test_the_palette_leads_to_somebody(walk: Walk) -> None:
    walk.key(Qt.Key.Key_K, mod=CTRL)
    palette = walk.dialog(Palette)
    walk.type("mary")
    assert "Mary Jones" in [palette.model.entry(row).title for row in range(palette.model.rowCount())]  # type: ignore[attr-defined]
    walk.key(Qt.Key.Key_Return)
    assert walk.window.windowTitle() == "Mary Jones · RelationDesk"


def test_a_dropped_card_comes_in_and_is_taken_back(walk: Walk, tmp_path: Path) -> None:
    before = state(walk.db)
    file = tmp_path / "ann.vcf"
    file.write_text(CARD, encoding="utf-8", newline="")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    drop = QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, NO)
    QApplication.sendEvent(walk.window.windowHandle(), drop)
    walk.wait()
    dialog = walk.dialog(ImportDialog)
    (card,) = dialog.files  # type: ignore[attr-defined]
    walk.wait(lambda: card.state == "ready")
    assert state(walk.db) == before
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    walk.wait(lambda: card.state == "done")
    assert _id(walk.db, "Ann Example")
    undo = card.findChild(Button, "undo")
    assert undo is not None
    undo.setFocus()
    walk.key(Qt.Key.Key_Space)
    walk.wait(lambda: card.state == "undone")
    assert state(walk.db) == before
    assert batches.every(walk.db)[0].undone
    walk.key(Qt.Key.Key_Escape)
    assert not [d for d in walk.window.findChildren(ImportDialog) if d.isVisible()]


def test_files_and_a_folder_in_one_drop_come_in_by_return(walk: Walk, tmp_path: Path) -> None:
    cards, mails, maildir, junk = tmp_path / "ann.vcf", tmp_path / "letters.mbox", tmp_path / "Maildir", tmp_path / "junk.bin"
    cards.write_text(CARD, encoding="utf-8", newline="")
    mails.write_text("From x Fri Nov 20 10:00:00 2026\n" + LETTER.format(n=1) + "\n", encoding="utf-8", newline="")
    for part in ("cur", "new", "tmp"):
        (maildir / part).mkdir(parents=True)
    for n in (2, 3):
        (maildir / "cur" / f"{n}.host:2,S").write_text(LETTER.format(n=n), encoding="utf-8", newline="")
    junk.write_bytes(b"\x00\x01\x02")
    before = state(walk.db)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in (cards, mails, maildir, junk)])
    drop = QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, NO)
    QApplication.sendEvent(walk.window.windowHandle(), drop)
    walk.wait()
    dialog = walk.dialog(ImportDialog)
    files = dialog.files  # type: ignore[attr-defined]
    walk.wait(lambda: [file.state for file in files] == ["ready", "ready", "ready", "failed"])
    assert dialog.go_button.text() == "Bring in 3 files" and state(walk.db) == before  # type: ignore[attr-defined]
    walk.key(Qt.Key.Key_Return)
    walk.wait(lambda: [file.state for file in files] == ["done", "done", "done", "failed"])
    assert walk.db.execute("SELECT count(*) FROM activities WHERE title LIKE 'Letter %'").fetchone() == (3,)
    assert len([batch for batch in batches.every(walk.db) if batch.name in ("ann.vcf", "letters.mbox", "Maildir")]) == 3
    walk.key(Qt.Key.Key_Return)  # the report has been read
    assert not [d for d in walk.window.findChildren(ImportDialog) if d.isVisible()]


def test_the_view_and_everything_go_out(walk: Walk, tmp_path: Path) -> None:
    walk.wait(lambda: bool(walk.page("today").choice.rows))  # type: ignore[attr-defined]
    walk.key(Qt.Key.Key_Down)
    walk.key(Qt.Key.Key_Return)
    assert walk.window.windowTitle() == "Joe Brown · RelationDesk"
    walk.key(Qt.Key.Key_E, mod=CTRL)
    dialog = walk.dialog(ExportDialog)
    assert dialog.what.value() == "view"  # type: ignore[attr-defined]
    assert dialog.table.rowCount() > 0  # type: ignore[attr-defined]
    dialog.write_view(tmp_path / "joe.csv")  # type: ignore[attr-defined]
    walk.wait(lambda: (tmp_path / "joe.csv").exists())
    assert "sub-metering" not in (tmp_path / "joe.csv").read_text("utf-8"), "mail stays in unless asked for"
    assert "hotel kitchens" in (tmp_path / "joe.csv").read_text("utf-8")
    dialog.write_all(tmp_path / "all")  # type: ignore[attr-defined]
    walk.wait(lambda: dialog.said.text().startswith("Written"))  # type: ignore[attr-defined]
    assert {"people.csv", "activities.csv", "manifest.json"} <= {file.name for file in (tmp_path / "all").iterdir()}


def test_a_note_about_somebody_from_anywhere(walk: Walk) -> None:
    walk.key(Qt.Key.Key_G, Qt.Key.Key_C)
    walk.page("companies")
    walk.key(Qt.Key.Key_N, mod=CTRL | Qt.KeyboardModifier.ShiftModifier)
    dialog = walk.dialog(NoteDialog)
    walk.qtbot.waitUntil(dialog.isActiveWindow)
    walk.type("mary jo")
    walk.key(Qt.Key.Key_Return)
    walk.type("Likes the green report")
    walk.key(Qt.Key.Key_Return, mod=CTRL)
    mary = walk.db.execute("SELECT p.name FROM notes n JOIN people p ON p.id = n.person_id WHERE n.text = 'Likes the green report'").fetchall()
    assert mary == [("Mary Jones",)] and not [d for d in walk.window.findChildren(NoteDialog) if d.isVisible()]
    walk.page("companies")


def _come_back(walk: Walk) -> None:
    """What a desktop does when a dialog or a menu goes."""
    walk.window.activateWindow()
    walk.qtbot.waitUntil(walk.window.isActiveWindow)


def _choose(walk: Walk, start: str) -> None:
    """In the menu that is open, go down to an entry and press Return."""
    walk.qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    for _ in menu.actions():
        QTest.keyClick(menu, Qt.Key.Key_Down)
        if menu.activeAction() is not None and menu.activeAction().text().startswith(start):
            QTest.keyClick(menu, Qt.Key.Key_Return)
            walk.wait()
            return
    raise AssertionError([action.text() for action in menu.actions()])


def _tab_to(walk: Walk, dialog: QDialog, text: str) -> None:
    """What the dialog asked the desk for must be there first; then by Tab alone."""
    walk.wait(lambda: any(button.text() == text and button.isVisible() for button in dialog.findChildren(Button)))
    for _ in range(20):
        focus = dialog.focusWidget()
        if isinstance(focus, Button) and focus.text() == text:
            return
        walk.key(Qt.Key.Key_Tab)
    raise AssertionError(f"no way to “{text}” by Tab")


def test_an_earlier_wording_and_the_trash_by_keys_alone(walk: Walk) -> None:
    walk.wait(lambda: bool(walk.page("today").choice.rows))  # type: ignore[attr-defined]
    walk.key(Qt.Key.Key_Return)
    person = walk.page("person")
    view = person.view  # type: ignore[attr-defined]
    walk.key(Qt.Key.Key_N)
    walk.type("First words")
    walk.key(Qt.Key.Key_Return, mod=CTRL)
    walk.key(Qt.Key.Key_Return)  # the note is in hand: word it anew
    walk.key(Qt.Key.Key_A, mod=CTRL)
    walk.type("Second words")
    walk.key(Qt.Key.Key_Return, mod=CTRL)
    assert view.current_item().note.text == "Second words"
    walk.key(Qt.Key.Key_Menu)
    _choose(walk, "Earlier wordings")
    dialog = walk.dialog(VersionsDialog)
    walk.qtbot.waitUntil(dialog.isActiveWindow)
    _tab_to(walk, dialog, "Use this wording")
    walk.key(Qt.Key.Key_Space)
    walk.wait(lambda: view.current_item().note is not None and view.current_item().note.text == "First words")
    _come_back(walk)
    walk.qtbot.waitUntil(view.hasFocus)
    walk.key(Qt.Key.Key_Menu)
    _choose(walk, "Into the trash")
    walk.wait(lambda: "First words" not in [item.note.text for item in view.timeline().items() if item.note is not None])
    _come_back(walk)
    person.head.menu_button.setFocus()  # type: ignore[attr-defined]
    walk.key(Qt.Key.Key_Space)
    _choose(walk, "Notes in the trash")
    trash = walk.dialog(TrashDialog)
    walk.qtbot.waitUntil(trash.isActiveWindow)
    _tab_to(walk, trash, "Bring back")
    walk.key(Qt.Key.Key_Space)
    walk.wait(lambda: "First words" in [item.note.text for item in view.timeline().items() if item.note is not None])
    walk.key(Qt.Key.Key_Escape)
    assert not [d for d in walk.window.findChildren(TrashDialog) if d.isVisible()]
