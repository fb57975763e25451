"""The composer: what is typed is safe within a second, survives, comes back to its own person, and is never markup."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from shiboken6 import delete, isValid

from relationdesk.errors import RelationDeskError
from relationdesk.model import NoteKind
from relationdesk.services import drafts, notes
from relationdesk.store import database, people
from relationdesk.store import notes as note_rows
from relationdesk.ui.about import About
from relationdesk.ui.note_composer import NoteComposer
from relationdesk.ui.note_dialog import NoteDialog, TrashDialog, VersionsDialog
from relationdesk.ui.note_draft import EVERY_MS
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from tests.ui.timeline_desk import NOW, Desk_, make


@pytest.fixture
def desk(tmp_path: Path, look: Look, qtbot) -> Iterator[Desk_]:
    made = Desk_(make(tmp_path / "desk"), look)
    yield made
    made.tasks.close()


def _about(desk: Desk_, person: int) -> About:
    db = database.connect(desk.made.file)
    found = people.get(db, person)
    db.close()
    assert found is not None
    return About(name=found.name, person_id=found.id, person_uid=found.uid)


def _composer(desk: Desk_, qtbot) -> NoteComposer:
    composer = NoteComposer(desk.context)
    qtbot.addWidget(composer)
    composer.resize(560, 120)
    composer.show()
    composer.set_about(_about(desk, desk.made.joe))
    desk.settle(qtbot)
    return composer


def _draft(desk: Desk_, slot: str) -> drafts.Draft | None:
    db = database.connect(desk.made.file)
    found = drafts.get(db, slot)
    db.close()
    return found


def test_typing_is_saved_within_a_second_and_said(desk: Desk_, qtbot) -> None:
    assert EVERY_MS <= 1000
    composer = _composer(desk, qtbot)
    qtbot.keyClicks(composer.editor, "Budget sits with Priya")
    with qtbot.waitSignal(composer.drafts.saved, timeout=3000):
        pass
    draft = _draft(desk, composer.drafts.slot())
    assert draft is not None and draft.text == "Budget sits with Priya"
    assert composer._status.text().startswith("Saved on this computer ")


def test_a_promise_is_said_as_it_is_understood(desk: Desk_, qtbot) -> None:
    composer = _composer(desk, qtbot)
    said: list[str] = []
    desk.context.router.toast.connect(lambda words, _: said.append(words))
    qtbot.keyClicks(composer.editor, "Spoke. >me send the sheet tomorrow")
    with qtbot.waitSignal(composer.drafts.saved, timeout=3000):
        pass
    assert composer._status.text().endswith("Follow-up: “send the sheet”, tomorrow")
    with qtbot.waitSignal(composer.kept):
        qtbot.keyClick(composer.editor, Qt.Key.Key_Enter, Qt.KeyboardModifier.ControlModifier)
    assert said[-1].endswith("Follow-up: “send the sheet”, tomorrow")


def test_a_full_disk_is_told_once_until_it_is_over(desk: Desk_, qtbot, monkeypatch) -> None:
    composer, told, vain = _composer(desk, qtbot), [], []
    desk.context.router.failed.connect(told.append)
    composer.drafts.unsaved.connect(vain.append)

    def full(*_: object) -> None:
        raise RelationDeskError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(drafts, "save", full)
        qtbot.keyClicks(composer.editor, "Budget")
        for tries in (1, 2):
            composer.drafts.flush()
            qtbot.waitUntil(lambda tries=tries: len(vain) == tries)
        assert [str(error) for error in told] == ["The disk is full."]
        assert composer._status.text() == "The disk is full."
    composer.drafts.flush()
    qtbot.waitUntil(lambda: composer._status.text().startswith("Saved on this computer "))
    with monkeypatch.context() as patch:
        patch.setattr(drafts, "save", full)
        qtbot.keyClicks(composer.editor, " sits")
        composer.drafts.flush()
        qtbot.waitUntil(lambda: len(told) == 2)
    composer.drafts.flush()
    qtbot.waitUntil(lambda: composer._status.text().startswith("Saved on this computer "))


def test_a_single_line_stands_in_the_middle(desk: Desk_, qtbot) -> None:
    editor = _composer(desk, qtbot).editor
    line = editor.cursorRect().translated(editor.viewport().pos())
    assert abs((line.top() + line.bottom() + 1) - editor.height()) <= 2


def test_what_was_typed_comes_back_to_its_own_person(desk: Desk_, qtbot) -> None:
    composer = _composer(desk, qtbot)
    qtbot.keyClicks(composer.editor, "For Joe")
    composer.set_about(_about(desk, desk.made.me))
    desk.settle(qtbot)
    assert composer.editor.toPlainText() == ""
    qtbot.keyClicks(composer.editor, "For me")
    composer.set_about(_about(desk, desk.made.joe))
    desk.settle(qtbot)
    assert composer.editor.toPlainText() == "For Joe"
    assert composer._status.text().startswith("Saved on this computer")


def test_keep_makes_a_dated_note_and_drops_the_draft(desk: Desk_, qtbot) -> None:
    composer = _composer(desk, qtbot)
    composer.choose_kind(NoteKind.MEETING)
    composer.set_minutes(45)
    qtbot.keyClicks(composer.editor, "Met @Mary Jones there")
    with qtbot.waitSignal(composer.kept) as kept:
        qtbot.keyClick(composer.editor, Qt.Key.Key_Enter, Qt.KeyboardModifier.ControlModifier)
    note = kept.args[0]
    assert (note.kind, note.minutes, note.happened, len(note.mentions)) == (NoteKind.MEETING, 45, NOW, 1)
    desk.settle(qtbot)
    assert _draft(desk, composer.drafts.slot()) is None
    assert not composer.is_busy()


def test_two_presses_keep_one_note(desk: Desk_, qtbot) -> None:
    composer = _composer(desk, qtbot)
    qtbot.keyClicks(composer.editor, "Once")
    composer.keep()
    composer.keep()
    desk.settle(qtbot)
    db = database.connect(desk.made.file)
    assert db.execute("SELECT count(*) FROM notes").fetchone() == (1,)
    db.close()


def test_name_completion(desk: Desk_, qtbot) -> None:
    composer = _composer(desk, qtbot)
    qtbot.keyClicks(composer.editor, "Ask @Mar")
    desk.settle(qtbot)
    assert composer.editor.names() == ["Mary Jones"]
    composer.editor._complete("Mary Jones")
    assert composer.editor.toPlainText() == "Ask @Mary Jones "


def test_edit_keeps_the_earlier_wording(desk: Desk_, qtbot) -> None:
    composer = _composer(desk, qtbot)
    qtbot.keyClicks(composer.editor, "First")
    with qtbot.waitSignal(composer.kept) as kept:
        composer.keep()
    qtbot.keyClicks(composer.editor, "Something else")
    composer.edit(kept.args[0])
    desk.settle(qtbot)
    composer.editor.setPlainText("Second")
    with qtbot.waitSignal(composer.kept):
        composer.keep()
    desk.settle(qtbot)
    assert composer.editor.toPlainText() == "Something else"  # what was being typed before
    dialog = VersionsDialog(desk.context, kept.args[0])
    qtbot.addWidget(dialog)
    desk.settle(qtbot)
    use = [b for b in dialog.column.findChildren(Button) if b.text() == "Use this wording"]
    assert len(use) == 1


def test_trash_gives_back(desk: Desk_, qtbot) -> None:
    db = database.connect(desk.made.file)
    note, _ = notes.write(db, "Thrown", NOW, person_id=desk.made.joe)
    notes.throw_away(db, note.id, datetime(2026, 11, 20, 11, tzinfo=UTC))
    db.close()
    dialog = TrashDialog(desk.context)
    qtbot.addWidget(dialog)
    desk.settle(qtbot)
    next(b for b in dialog.column.findChildren(Button) if b.text() == "Bring back").click()
    desk.settle(qtbot)
    db = database.connect(desk.made.file)
    assert note_rows.trash(db) == ()
    db.close()


def test_dialog_from_anywhere(desk: Desk_, qtbot) -> None:
    dialog = NoteDialog(desk.context)  # goes by itself when it is closed
    dialog.show()
    qtbot.keyClicks(dialog.search, "mary")
    desk.settle(qtbot)
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    desk.settle(qtbot)
    qtbot.keyClicks(dialog.composer.editor, "From anywhere")
    with qtbot.waitSignal(dialog.composer.kept) as kept:
        dialog.composer.keep()
    desk.settle(qtbot)
    assert kept.args[0].person_id is not None


def test_pasted_markup_is_text_and_a_giant_word_does_not_hang(desk: Desk_, qtbot) -> None:
    composer = _composer(desk, qtbot)
    rich = QMimeData()
    rich.setHtml("<img src='file:///etc/hostname'>")
    composer.editor.insertFromMimeData(rich)
    assert "<img" not in composer.editor.toPlainText()
    giant = QMimeData()
    giant.setText("x" * 200_000)
    composer.editor.insertFromMimeData(giant)
    assert len(composer.editor.toPlainText()) == 100_000
    assert composer.editor.wordWrapMode() == composer.editor.wordWrapMode().WrapAnywhere


def test_fields_have_names(desk: Desk_, qtbot) -> None:
    composer = _composer(desk, qtbot)
    assert composer.editor.accessibleName() == "Note about Joe Brown"
    assert all(button.accessibleName() for button in composer.findChildren(Button))


def test_a_draft_that_comes_home_to_nobody_harms_nothing(desk: Desk_, qtbot) -> None:
    """A window may close while its draft is still being read."""
    composer = NoteComposer(desk.context)
    composer.set_about(_about(desk, desk.made.joe))
    delete(composer)
    desk.settle(qtbot)
    assert not isValid(composer)


def test_what_is_typed_while_somebody_is_looked_up_is_about_them(desk: Desk_, qtbot) -> None:
    """Nothing of it is lost, taken for the person before, or for keys of the page; a draft of theirs stands below it."""
    composer = _composer(desk, qtbot)
    mary = _about(desk, desk.made.me)
    composer.start()
    qtbot.keyClicks(composer.editor, "of Joe")
    composer.set_about(mary)
    desk.settle(qtbot)
    qtbot.keyClicks(composer.editor, "Older words")
    composer.set_about(_about(desk, desk.made.joe))
    desk.settle(qtbot)
    composer.wait()
    assert composer.isEnabled() and composer.editor.toPlainText() == ""
    composer.start()
    qtbot.keyClicks(composer.editor, "Called her")
    qtbot.keyClick(composer.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)  # about whom is not known yet
    composer.set_about(mary)
    assert composer.editor.hasFocus() and composer.editor.toPlainText() == "Called her"
    qtbot.keyClicks(composer.editor, " at noon")
    desk.settle(qtbot)
    assert composer.editor.toPlainText() == "Called her at noon\n\nOlder words"
    qtbot.waitUntil(lambda: (found := _draft(desk, composer.drafts.slot())) is not None and found.text.startswith("Called her at noon"))
    composer.set_about(_about(desk, desk.made.joe))
    desk.settle(qtbot)
    assert composer.editor.toPlainText() == "of Joe"
