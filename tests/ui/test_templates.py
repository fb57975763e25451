"""Templates in the window: managed, inserted where one answers, writes and notes; a gap holds what would go out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from relationdesk.model import Key
from relationdesk.outgoing import State
from relationdesk.services import particulars, people, templates
from relationdesk.services.templates import Typed
from relationdesk.store import database
from relationdesk.store import particulars as kept
from relationdesk.store import templates as rows
from relationdesk.store.database import Desk
from relationdesk.store.templates import Purpose
from relationdesk.ui.engage_dialog import EngageDialog
from relationdesk.ui.main_window import MainWindow
from relationdesk.ui.note_composer import NoteComposer
from relationdesk.ui.page import Target
from relationdesk.ui.template_picker import TemplatePicker
from relationdesk.ui.templates_dialog import TemplatesDialog
from relationdesk.ui.theme import Look
from tests.facts import bring, person_id, who
from tests.ui.office import Office, office
from tests.ui.test_engage_dialog import entries, login
from tests.ui.timeline_desk import NOW, Desk_, make, whole_window

POST = Key("mastodon", "t30")
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(tmp_path: Path, look: Look) -> Iterator[Desk_]:
    made = Desk_(make(tmp_path / "desk"), look)
    db = database.connect(made.made.file)
    templates.save(db, NOW, name="Dog", purpose=Purpose.ANSWER, text="{first name}, how is {dog}?")
    templates.save(db, NOW, name="Zettel", purpose=Purpose.NOTE, text="Met {name} 😀, {dog}")
    templates.save(db, NOW, name="Back", purpose=Purpose.MAIL, subject="About {last topic}", text="Hi {first name}")
    db.close()
    yield made
    made.tasks.close()


@pytest.fixture
def window(desk: Desk_, qtbot: QtBot) -> Iterator[MainWindow]:
    yield from whole_window(desk, qtbot)


def answering(window: MainWindow, desk: Desk_, qtbot: QtBot) -> EngageDialog:
    login(desk)
    window.go(Target(page="person", id=desk.made.joe, at=POST))
    desk.settle(qtbot)
    qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_R)
    desk.settle(qtbot)
    return window.findChildren(EngageDialog)[-1]


def pick(dialog: EngageDialog, desk: Desk_, qtbot: QtBot, words: str) -> None:
    """Ctrl+T, a few letters, Enter."""
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow, timeout=5000)
    qtbot.keyClick(dialog.text, Qt.Key.Key_T, CONTROL)
    picker = dialog.findChildren(TemplatePicker)[-1]
    desk.settle(qtbot)
    qtbot.keyClicks(picker.search, words)
    qtbot.keyClick(picker.search, Qt.Key.Key_Return)
    desk.settle(qtbot)


def test_a_gap_holds_what_would_go_out_until_it_is_filled_in(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    dialog = answering(window, desk, qtbot)
    pick(dialog, desk, qtbot, "dog")
    assert dialog.text.toPlainText() == "@joeb Joe, how is ⟦dog⟧?" and dialog.count.text() == "24 of 500"
    assert not dialog.go.isEnabled() and dialog.gaps.isVisible() and "“dog” is not known of Joe Brown." in dialog.gaps.told.accessibleName()
    qtbot.keyClick(dialog.text, Qt.Key.Key_Return, CONTROL)
    desk.settle(qtbot)
    assert all(e.state is State.DRAFT for e in entries(desk, qtbot)) and dialog.isVisible()
    assert not dialog.gaps.keep.isVisible() and not dialog.gaps.fill.isEnabled()
    qtbot.keyClicks(dialog.gaps.words, "Bruno")
    dialog.gaps.keep.setChecked(True)
    qtbot.keyClick(dialog.gaps.words, Qt.Key.Key_Return)
    desk.settle(qtbot)
    assert dialog.text.toPlainText() == "@joeb Joe, how is Bruno?" and dialog.gaps.isHidden() and dialog.go.isEnabled()
    db = database.connect(desk.made.file)
    assert [(one.label, one.text) for one in kept.of_person(db, desk.made.joe)] == [("dog", "Bruno")]
    db.close()
    dialog.text.undo()
    assert dialog.text.toPlainText() == "@joeb Joe, how is ⟦dog⟧?" and not dialog.go.isEnabled()
    dialog.gaps.out.click()
    assert dialog.text.toPlainText() == "@joeb Joe, how is?" and dialog.go.isEnabled()
    dialog.close()


def test_what_is_known_comes_in_and_stays_over_a_restart(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    dialog = answering(window, desk, qtbot)
    pick(dialog, desk, qtbot, "dog")
    qtbot.waitUntil(lambda: dialog.saved.text() == "Kept on this computer", timeout=5000)
    dialog.close()
    desk.settle(qtbot)
    again = answering(window, desk, qtbot)
    assert again.text.toPlainText() == "@joeb Joe, how is ⟦dog⟧?" and again.gaps.isVisible() and not again.go.isEnabled()
    again.gaps.show_it.click()
    assert again.text.textCursor().selectedText() == "⟦dog⟧"
    again.preview_button.setChecked(True)
    assert "⟦dog⟧" in again.preview.text.text()
    again.close()


def test_a_mail_gets_its_subject_where_there_is_none(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    window.go(Target(page="person", id=desk.made.joe))
    desk.settle(qtbot)
    qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_M)
    desk.settle(qtbot)
    dialog = window.findChildren(EngageDialog)[-1]
    at = next(n for n in range(dialog.where.count()) if dialog.where.itemData(n).deed.value == "mail")
    dialog.where.setCurrentIndex(at)
    pick(dialog, desk, qtbot, "back")
    assert dialog.text.toPlainText() == "Hi Joe" and dialog.heading.text().startswith("About ")
    dialog.heading.setText("About ⟦last topic⟧")
    assert not dialog.go.isEnabled()
    dialog.gaps.show_it.click()
    assert dialog.heading.selectedText() == "⟦last topic⟧"
    dialog.heading.setText("Mine")
    pick(dialog, desk, qtbot, "back")
    assert dialog.text.toPlainText() == "Hi JoeHi Joe" and dialog.heading.text() == "Mine"
    dialog.close()


def test_by_hand_a_gap_is_held_too(window: MainWindow, desk: Desk_, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    from relationdesk.ui import links

    opened: list[str] = []
    monkeypatch.setattr(links, "leave", lambda page: opened.append(page) or True)
    window.go(Target(page="person", id=desk.made.joe, at=POST))
    desk.settle(qtbot)
    qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_R)
    desk.settle(qtbot)
    dialog = window.findChildren(EngageDialog)[-1]
    QGuiApplication.clipboard().setText("before")
    pick(dialog, desk, qtbot, "dog")
    qtbot.keyClick(dialog.text, Qt.Key.Key_Return, CONTROL)
    desk.settle(qtbot)
    assert opened == [] and QGuiApplication.clipboard().text() == "before"
    dialog.close()


# Notes


def test_in_a_note_it_comes_in_where_the_cursor_stands(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    window.go(Target(page="person", id=desk.made.joe))
    desk.settle(qtbot)
    composer = window.page().findChild(NoteComposer)  # type: ignore[union-attr]
    assert composer is not None
    composer.start()
    qtbot.keyClicks(composer.editor, "ab")
    qtbot.keyClick(composer.editor, Qt.Key.Key_Left)
    qtbot.keyClick(composer.editor, Qt.Key.Key_T, CONTROL)
    picker = window.findChildren(TemplatePicker)[-1]
    desk.settle(qtbot)
    assert picker.list.item(0).text().startswith("Zettel")  # those for notes first
    qtbot.keyClick(picker.search, Qt.Key.Key_Return)
    desk.settle(qtbot)
    assert composer.editor.toPlainText() == "aMet Joe Brown 😀, ⟦dog⟧b"
    formats = composer.editor.document().firstBlock().layout().formats()
    text = composer.editor.toPlainText().encode("utf-16-le")
    assert [text[2 * f.start : 2 * (f.start + f.length)].decode("utf-16-le") for f in formats] == ["⟦dog⟧"]
    composer.throw_away()


# All of them


def fill(db: Desk) -> None:
    bring(db, [who("Sam", "mail", owner=True), who("Joe Brown", "mail", company="Hotel"), who("نور حداد", "mail", "nour"), who("Z" * 200, "mail", "z")])


@pytest.fixture
def quiet(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Office]:
    with office(tmp_path / "desk", look, qtbot, fill) as made:
        yield made
        for left in made.kept:
            if isValid(left):
                left.close()


def every(quiet: Office, uid: str = "") -> TemplatesDialog:
    made = TemplatesDialog(quiet.context, uid)
    quiet.kept.append(made)
    made.show()
    quiet.wait()
    return made


def there(quiet: Office) -> list[tuple[str, str]]:
    return [(one.name, one.text) for one in rows.every(quiet.db)]


def test_empty_it_offers_some_to_start_with(quiet: Office) -> None:
    made = every(quiet)
    assert made.starters.isVisible() and "stand here" in made.empty.text() and not made.list.isVisible() and not made.delete_button.isEnabled()
    made.starters.click()
    quiet.wait()
    assert [name for name, _ in there(quiet)] == ["After a meeting", "Getting back in touch", "Thank you"]
    assert made.list.count() == 3 and made.starters.isHidden() and made.editor.name.text() == "After a meeting"
    made.undo()
    quiet.wait()
    assert there(quiet) == [] and made.starters.isVisible() and made.editor.uid() == ""


def test_written_kept_changed_duplicated_deleted_and_back(quiet: Office, qtbot: QtBot) -> None:
    made = every(quiet)
    made.editor.name.setText("Hello")
    made.editor.text.setPlainText("Hi {first name}")
    qtbot.keyClick(made.editor.text, Qt.Key.Key_Return, CONTROL)
    quiet.wait()
    assert there(quiet) == [("Hello", "Hi {first name}")] and "is kept" in made.said.text()
    made.editor.text.setPlainText("Dear {name}")
    made.keep_button.click()
    quiet.wait()
    made.duplicate()
    quiet.wait()
    assert there(quiet) == [("Hello", "Dear {name}"), ("Hello (copy)", "Dear {name}")] and made.editor.name.text() == "Hello (copy)"
    made.list.setFocus()
    qtbot.keyClick(made.list, Qt.Key.Key_Delete)
    quiet.wait()
    assert there(quiet) == [("Hello", "Dear {name}")] and made.undo_button.isVisible() and made.editor.name.text() == "Hello"
    made.undo_button.click()
    quiet.wait()
    assert [name for name, _ in there(quiet)] == ["Hello", "Hello (copy)"]
    made.editor.name.setText("HELLO (copy)")
    made.editor.keep()
    quiet.wait()
    assert "already" in made.editor.problem.text() and made.editor.problem.isVisible() and made.editor.text.toPlainText() == "Dear {name}"


def test_what_is_typed_outlives_the_dialog(quiet: Office, qtbot: QtBot) -> None:
    templates.save(quiet.db, NOW, name="Hello", purpose=Purpose.MESSAGE, text="Hi")
    made = every(quiet)
    made.editor.text.setPlainText("Hi there, half a thou")
    made.new()
    made.editor.name.setText("New one")
    made.close()
    quiet.wait()
    assert there(quiet) == [("Hello", "Hi")]
    again = every(quiet)
    assert again.editor.name.text() == "New one" and "not kept" in again.editor.said.text() and again.list.currentRow() == -1
    again.throw_away()
    quiet.wait()
    assert again.editor.name.text() == "" and templates.draft(quiet.db, "") is None
    again.list.setCurrentRow(0)
    quiet.wait()
    assert again.editor.text.toPlainText() == "Hi there, half a thou" and "not kept" in again.editor.said.text()
    again.editor.keep()
    quiet.wait()
    assert there(quiet) == [("Hello", "Hi there, half a thou")]
    assert quiet.db.execute("SELECT count(*) FROM drafts").fetchone() == (0,)


def test_what_is_refused_is_safe_though_the_dialog_is_closed_at_once(quiet: Office) -> None:
    made = every(quiet)
    made.new()
    made.editor.text.setPlainText("Without a name")
    made.editor.keep()
    made.close()
    quiet.qtbot.waitUntil(lambda: bool(quiet.bugs))
    assert "needs a name" in str(quiet.bugs.pop())  # the window says it
    draft = templates.draft(quiet.db, "")
    assert there(quiet) == [] and draft is not None and draft.text == "Without a name"


def test_it_reads_for_whom_is_chosen(quiet: Office, qtbot: QtBot) -> None:
    people.add_person(quiet.db, "Ann {my name}", NOW)
    particulars.keep(quiet.db, person_id(quiet.db, "Joe Brown"), "dog", "Bruno", NOW)
    made = every(quiet)
    made.editor.text.setPlainText("Hi {name}: {dog} {company}")
    made.editor.flush()
    for typed, shown, missing in (("joe", "Hi Joe Brown: Bruno Hotel", ""), ("ann", "Hi Ann {my name}: ⟦dog⟧ ⟦company⟧", "“dog” is not known of Ann {my name}."),
                                  ("نور", "Hi نور حداد: ⟦dog⟧ ⟦company⟧", "“dog” is not known of نور حداد."), ("zzz", f"Hi {'Z' * 200}", "")):  # fmt: skip
        made.whom.setText(typed)
        made.whom.textEdited.emit(typed)
        quiet.wait()
        qtbot.keyClick(made.whom, Qt.Key.Key_Return)
        quiet.wait()
        assert shown in made.editor.shown.text().replace("\u200b", ""), typed
        assert missing in made.editor.missing.text()
    made.editor.purpose.setCurrentIndex(made.editor.purpose.findData("mail"))
    assert made.editor.heading.isVisible()


def test_fields_are_put_in_from_the_menu(quiet: Office) -> None:
    made = every(quiet)
    menu = made.editor.field_menu(("dog", "R&D"))
    named = {action.text(): action for action in menu.actions() if action.text()}
    assert list(named)[:2] == ["{first name}", "{name}"] and list(named)[-2:] == ["{dog}", "{R&&D}"]
    named["{last contact}"].trigger()
    assert made.editor.text.toPlainText() == "{last contact}"
    formats = made.editor.text.document().firstBlock().layout().formats()
    assert [(f.start, f.length) for f in formats] == [(0, 14)]


def test_five_hundred_are_found_by_a_few_letters(quiet: Office, qtbot: QtBot) -> None:
    for n in range(500):
        templates.save(quiet.db, NOW, name=f"Template {n}", purpose=Purpose.MAIL, text="Hi")
    made = every(quiet)
    assert made.list.count() == 500
    qtbot.keyClicks(made.search, "499")
    assert made.list.count() == 1
    picker = TemplatePicker(quiet.context, None, Purpose.MAIL)
    quiet.kept.append(picker)
    picker.show()
    quiet.wait()
    assert picker.list.count() == 500
    qtbot.keyClick(picker.search, Qt.Key.Key_Down)
    assert picker.list.currentRow() == 1
    qtbot.keyClicks(picker.search, "nothing of the kind")
    assert not picker.insert.isEnabled() and picker.empty.text() == "No template says that."


def test_a_template_that_went_meanwhile_is_said(quiet: Office) -> None:
    one, _ = templates.save(quiet.db, NOW, name="Hello", purpose=Purpose.MESSAGE, text="Hi")
    picker = TemplatePicker(quiet.context, None, Purpose.MESSAGE)
    quiet.kept.append(picker)
    picker.show()
    quiet.wait()
    templates.remove(quiet.db, one.uid, NOW)
    picker.insert.click()
    quiet.wait()
    assert "no longer there" in picker.empty.text() and picker.isVisible()


def test_every_field_has_its_name_for_the_screen_reader(quiet: Office) -> None:
    made = every(quiet)
    assert all(field.accessibleName() for field in made.findChildren(QLineEdit) if field.objectName() != "qt_spinbox_lineedit")
    assert made.copy_button.accessibleName() == "Duplicate" and made.list.accessibleName() == "Templates"


def test_drafts_hold_what_was_typed_to_the_letter(quiet: Office) -> None:
    typed = Typed(name="a", purpose=Purpose.MAIL, subject='"s"', text="line\n{x} \\ 😀")
    templates.keep_draft(quiet.db, "u", typed, NOW)
    assert templates.draft(quiet.db, "u") == typed and templates.draft(quiet.db, "v") is None
    quiet.db.execute("UPDATE drafts SET text = '{broken'")
    assert templates.draft(quiet.db, "u") is None
