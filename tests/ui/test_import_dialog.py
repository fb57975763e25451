"""Bringing in: preview, refusals with line and reason, columns by hand, cancel that leaves nothing, undo."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from relationdesk.errors import Cancelled
from relationdesk.model import Progress
from relationdesk.services import bringing, notes, people
from relationdesk.store import faults, portions, settings
from relationdesk.ui import import_words
from relationdesk.ui.import_dialog import ImportDialog
from relationdesk.ui.import_file import ImportFile
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import PlainLabel
from tests.facts import NOW, state
from tests.ui.office import Office, office

CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u-ann\r\nFN:Ann Example\r\nEMAIL:ann@example.org\r\nEND:VCARD\r\n"
ODD = "Wer,Elektropost,Laden\nAnn Example,ann@example.org,Shop\nBen Example,ben@example.org,Bar\n"


@pytest.fixture
def at(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Office]:
    with office(tmp_path / "desk", look, qtbot) as made:
        yield made


def opened(at: Office, *files: Path) -> ImportDialog:
    dialog = ImportDialog(at.context, list(files))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    at.qtbot.addWidget(dialog)
    at.kept.append(dialog)
    dialog.show()
    at.wait()
    return dialog


def words(file: ImportFile) -> str:
    """What is to be read; a label that its layout has not shown yet counts, one that was taken away does not."""
    told = Qt.WidgetAttribute.WA_WState_ExplicitShowHide
    return " ".join(label.text() for label in file.findChildren(PlainLabel) if not (label.testAttribute(told) and label.isHidden()))


def written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_preview_then_bring_in_then_take_back(at: Office, tmp_path: Path) -> None:
    before = state(at.db)
    dialog = opened(at, written(tmp_path, "ann.vcf", CARD))
    (file,) = dialog.files
    assert file.state == "ready" and "1 new profile" in words(file)
    assert state(at.db) == before, "a preview changes nothing"
    dialog.go_button.click()
    at.wait(lambda: file.state == "done")
    assert "can be taken back here" in words(dialog)
    assert at.db.execute("SELECT name FROM people").fetchall() == [("Ann Example",)]
    assert not dialog.go_button.isVisible() and dialog.close_button.text() == "Close"
    undo = file.findChild(Button, "undo")
    assert undo is not None
    undo.click()
    assert file.state == "leaving" and not file.progress._button.isVisibleTo(file.progress), "what is out cannot be put back: there is no Stop"
    assert dialog.close_button.text() == "Close" and not dialog.go_button.isVisible()
    at.wait(lambda: file.state == "undone")
    assert state(at.db) == before and "can be taken back here" not in words(dialog)


def test_stopped_it_can_be_read_again_at_once(at: Office, tmp_path: Path) -> None:
    """Without choosing the file anew, and without another choice of parts."""
    dialog = opened(at, written(tmp_path, "ann.vcf", CARD))
    file = dialog.files[0]
    file._on_failed(Cancelled("Stopped."))
    again = file.findChild(Button, "again")
    assert again is not None
    at.wait(lambda: not again.isHidden())
    assert file.state == "failed" and "Nothing was brought in" in words(file)
    again.click()
    at.wait(lambda: file.state == "ready")
    assert dialog.go_button.isEnabled() and "1 new profile" in words(file)


def test_closed_while_it_is_taken_back_it_goes_on(at: Office, tmp_path: Path) -> None:
    before = state(at.db)
    dialog = opened(at, written(tmp_path, "ann.vcf", CARD))
    dialog.go_button.click()
    at.wait(lambda: dialog.files[0].state == "done")
    undo = dialog.files[0].findChild(Button, "undo")
    assert undo is not None
    undo.click()
    dialog.reject()
    at.wait(lambda: state(at.db) == before)
    at.wait(lambda: any(change.everything for change in at.changes))


def test_how_far_taking_back_is_stands_in_its_card(at: Office, tmp_path: Path) -> None:
    dialog = opened(at, written(tmp_path, "ann.vcf", CARD))
    file = dialog.files[0]
    file.progress.begin("Taking ann.vcf back", can_stop=False)
    file.progress.show_at_once()
    file._on_taking(Progress(done=12, total=50, unit="entries"))
    assert file.progress.told() == "12 of 50 taken out."


def test_return_brings_in_and_then_closes_and_escape_closes_the_report(at: Office, tmp_path: Path) -> None:
    for key, name in ((Qt.Key.Key_Return, "Ann"), (Qt.Key.Key_Escape, "Ben")):
        dialog = opened(at, written(tmp_path, f"{name}.vcf", CARD.replace("Ann", name).replace("ann", name.lower())))
        at.qtbot.keyClick(dialog, Qt.Key.Key_Return)
        at.wait(lambda dialog=dialog: dialog.files[0].state == "done")
        at.qtbot.keyClick(dialog.focusWidget() or dialog, key)
        assert not dialog.isVisible()
        assert at.db.execute("SELECT count(*) FROM people WHERE name LIKE ?", (f"{name} %",)).fetchone() == (1,), "it stays brought in"


def test_return_closes_where_nothing_new_can_come_in(at: Office, tmp_path: Path) -> None:
    junk = tmp_path / "junk.bin"
    junk.write_bytes(b"\x00\x01\x02junk")
    dialog = opened(at, junk)
    at.qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_the_same_file_again_says_already_here(at: Office, tmp_path: Path) -> None:
    path = written(tmp_path, "ann.vcf", CARD)
    first = opened(at, path)
    first.bring_in()
    at.wait(lambda: first.files[0].state == "done")
    assert "already here" in words(opened(at, path).files[0])


def test_closing_leaves_nothing(at: Office, tmp_path: Path) -> None:
    dialog = opened(at, written(tmp_path, "ann.vcf", CARD))
    staged = dialog.files[0].preview.staged  # type: ignore[union-attr]
    assert staged is not None and staged.exists()
    dialog.close()
    at.wait(lambda: not staged.exists())
    assert at.db.execute("SELECT count(*) FROM profiles").fetchone() == (0,)


def test_an_unknown_file_is_refused_in_a_sentence_and_the_other_goes_on(at: Office, tmp_path: Path) -> None:
    junk = tmp_path / "junk.bin"
    junk.write_bytes(b"\x00\x01\x02junk")
    dialog = opened(at, junk, written(tmp_path, "ann.vcf", CARD))
    assert [file.state for file in dialog.files] == ["failed", "ready"]
    assert "Nothing was brought in" in words(dialog.files[0])
    assert dialog.go_button.isEnabled()


def test_an_unknown_table_asks_once_what_its_columns_mean(at: Office, tmp_path: Path) -> None:
    path = written(tmp_path, "odd.csv", ODD)
    dialog = opened(at, path)
    (file,) = dialog.files
    assert file.state == "mapping" and not dialog.go_button.isEnabled()
    read = file.findChild(Button, "read")
    assert read is not None
    boxes = {column: file.findChild(QComboBox, f"column:{column}") for column in ("Wer", "Elektropost", "Laden")}
    assert {column: box.currentData() for column, box in boxes.items() if box} == {"Wer": "name", "Elektropost": "mail", "Laden": ""}
    for box in boxes.values():
        assert box is not None
        box.setCurrentIndex(0)
    read.click()
    at.wait(lambda: "Choose at least a column" in words(file))
    assert file.state == "mapping"
    for column, field in (("Wer", "name"), ("Elektropost", "mail"), ("Laden", "company")):
        box = boxes[column]
        assert box is not None
        box.setCurrentIndex(box.findData(field))
    read.click()
    at.wait(lambda: file.state == "ready")
    dialog.bring_in()
    at.wait(lambda: file.state == "done")
    assert {row[0] for row in at.db.execute("SELECT name FROM people")} == {"Ann Example", "Ben Example"}
    assert settings.mapping_for(at.db, ("Wer", "Elektropost", "Laden"))["Wer"] == "name"
    assert opened(at, path).files[0].state == "ready", "the columns are remembered"


def test_what_was_refused_is_shown_with_line_and_reason(at: Office, tmp_path: Path) -> None:
    text = CARD + "BEGIN:VCARD\r\nVERSION:3.0\r\nNOTE:nobody\r\nEND:VCARD\r\n"
    file = opened(at, written(tmp_path, "two.vcf", text)).files[0]
    assert file.preview is not None and file.preview.counts.rejected == 1
    assert "1 refused" in words(file) and file.preview.rejects[0].reason in words(file)


def test_an_unticked_file_stays_outside(at: Office, tmp_path: Path) -> None:
    other = CARD.replace("Ann", "Ben").replace("ann", "ben")
    dialog = opened(at, written(tmp_path, "ann.vcf", CARD), written(tmp_path, "ben.vcf", other))
    assert dialog.go_button.text() == "Bring in 2 files"
    dialog.files[1].wanted.setChecked(False)
    dialog.go_button.click()
    at.wait(lambda: dialog.files[0].state == "done")
    assert dialog.files[1].state == "ready"
    assert at.db.execute("SELECT count(*) FROM people").fetchone() == (1,)


def test_mail_without_an_owner_asks_who_is_me(at: Office, tmp_path: Path) -> None:
    mail = "From x Fri Nov 20 10:00:00 2026\nFrom: Ann Example <ann@example.org>\nTo: sam@carter.example\nSubject: Hello\n" \
        "Date: Fri, 20 Nov 2026 09:00:00 +0000\nMessage-ID: <1@example.org>\n\nAre you there?\n"  # fmt: skip
    file = opened(at, written(tmp_path, "box.mbox", mail)).files[0]
    assert file.state == "ready" and "does not say whose it is" in words(file)
    file.me_field.setText("sam@carter.example")
    file.me_field.returnPressed.emit()
    at.wait(lambda: file.state == "ready" and file.preview is not None)
    file.bring_in()
    at.wait(lambda: file.state == "done")
    assert at.db.execute("SELECT count(*) FROM people WHERE is_me = 1").fetchone() == (1,)


def test_cancel_while_reading_leaves_nothing(at: Office, tmp_path: Path) -> None:
    before = state(at.db)
    many = "".join(CARD.replace("u-ann", f"u-{n}").replace("ann@", f"a{n}@") for n in range(3000))
    dialog = ImportDialog(at.context, [written(tmp_path, "many.vcf", many)])
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    at.qtbot.addWidget(dialog)
    at.kept.append(dialog)
    (file,) = dialog.files
    at.qtbot.waitUntil(lambda: file.state == "reading", timeout=5000)
    file.progress.cancelled.emit()
    at.wait(lambda: file.state == "failed")
    assert "Stopped" in words(file) and not dialog.go_button.isEnabled()
    assert state(at.db) == before
    assert not list((tmp_path / "desk" / "staging").glob("*.db*"))


def mailbox(tmp_path: Path, letters: int) -> Path:
    one = "From x Fri Nov 20 10:00:00 2026\nFrom: Ann Example <ann{n}@example.org>\nTo: sam@carter.example\nSubject: Hello {n}\n" \
        "Date: Fri, 20 Nov 2026 09:00:00 +0000\nMessage-ID: <{n}@example.org>\n\nAre you there?\n\n"  # fmt: skip
    return written(tmp_path, "many.mbox", "".join(one.format(n=n) for n in range(letters)))


def test_bringing_in_can_be_cancelled_and_leaves_nothing(at: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "LOOK_UP", 50)
    before = state(at.db)
    dialog = opened(at, mailbox(tmp_path, 1500))
    (file,) = dialog.files
    dialog.go_button.click()
    assert file.state == "bringing"
    file.progress.cancelled.emit()
    at.wait(lambda: file.state == "failed")
    assert "Stopped. Nothing was brought in." in words(file) and state(at.db) == before
    again = opened(at, mailbox(tmp_path, 3))
    again.bring_in()
    at.wait(lambda: again.files[0].state == "done")
    assert at.db.execute("SELECT count(*) FROM activities").fetchone() == (3,), "the lane goes on after a stop"


def test_a_note_is_kept_while_a_file_is_read(at: Office, tmp_path: Path) -> None:
    person, _ = people.add_person(at.db, "Cleo Sample", NOW)
    dialog = opened(at, written(tmp_path, "ann.vcf", CARD))
    dialog.files[0].path = mailbox(tmp_path, 4000)
    dialog.files[0].read()
    kept: list[object] = []
    at.context.tasks.write(partial(notes.write, person_id=person), "While it reads", NOW, done=kept.append)
    at.qtbot.waitUntil(lambda: bool(kept), timeout=10_000)
    assert dialog.files[0].state == "reading", "the note did not wait for the file"
    dialog.files[0].cancel()
    at.wait(lambda: dialog.files[0].state == "failed")
    assert at.db.execute("SELECT text FROM notes").fetchall() == [("While it reads",)]


def test_the_report_says_what_came_and_what_waits_and_nothing_that_is_none(at: Office, tmp_path: Path) -> None:
    text = CARD + "BEGIN:VCARD\r\nVERSION:3.0\r\nNOTE:nobody\r\nEND:VCARD\r\n"
    dialog = opened(at, written(tmp_path, "two.vcf", text))
    dialog.bring_in()
    (file,) = dialog.files
    at.wait(lambda: file.state == "done")
    said = words(file)
    assert "Brought in: 1 profile. 1 new person." in said and "1 refused:" in said and " 0 " not in said
    assert file.findChild(Button, "who") is None


def test_what_is_already_here_is_not_ticked(at: Office, tmp_path: Path) -> None:
    path = written(tmp_path, "ann.vcf", CARD)
    first = opened(at, path)
    first.bring_in()
    at.wait(lambda: first.files[0].state == "done")
    again = opened(at, path)
    assert "Nothing new" in words(again.files[0]) and not again.files[0].wanted.isChecked() and not again.go_button.isEnabled()


def test_enter_in_the_field_of_who_i_am_reads_again_and_brings_nothing_in(at: Office, tmp_path: Path) -> None:
    dialog = opened(at, mailbox(tmp_path, 2), written(tmp_path, "ann.vcf", CARD))
    field = dialog.files[0].me_field
    field.setFocus()
    at.qtbot.keyClicks(field, "sam@carter.example")
    at.qtbot.keyClick(field, Qt.Key.Key_Return)
    at.wait(lambda: dialog.files[0].state == "ready")
    assert [file.state for file in dialog.files] == ["ready", "ready"]
    assert at.db.execute("SELECT count(*) FROM profiles").fetchone() == (0,)


def test_the_columns_are_chosen_by_keys(at: Office, tmp_path: Path) -> None:
    dialog = opened(at, written(tmp_path, "odd.csv", ODD))
    (file,) = dialog.files
    boxes = file.findChildren(QComboBox)
    at.qtbot.waitUntil(boxes[0].isVisible)
    boxes[0].setFocus()
    at.qtbot.keyClicks(boxes[0], "whole")
    at.qtbot.keyClick(boxes[0], Qt.Key.Key_Tab)
    assert dialog.focusWidget() is boxes[1] and boxes[0].currentData() == "name"
    at.qtbot.keyClicks(boxes[1], "mail")
    for _ in range(len(boxes) - 1):
        at.qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    read = file.findChild(Button, "read")
    assert read is not None and dialog.focusWidget() is read
    at.qtbot.keyClick(read, Qt.Key.Key_Space)
    at.wait(lambda: file.state == "ready")
    assert "2 new profiles" in words(file)


def test_a_large_file_tells_how_far_it_is(at: Office, tmp_path: Path) -> None:
    (file,) = opened(at, written(tmp_path, "ann.vcf", CARD)).files
    file.progress.show_at_once()
    file._on_progress(Progress(done=50_000_000, total=100_000_000))
    assert "of" in file.progress._words.text() and "read." in file.progress._words.text()


def test_an_example_is_of_a_column_of_that_name_though_headings_repeat(at: Office, tmp_path: Path) -> None:
    table = "Kontakt,Kontakt,Firma,Sonst\n,Ann Example,Shop,x\n,Ben Example,Bar,y\n"
    (file,) = opened(at, written(tmp_path, "twice.csv", table)).files
    examples = {name: file.findChild(PlainLabel, f"example:{name}") for name in ("Kontakt", "Firma", "Sonst")}
    assert {name: label.text() for name, label in examples.items() if label} == {"Kontakt": "Ann Example", "Firma": "Shop", "Sonst": "x"}


def test_a_large_file_tells_how_much_was_found_and_how_long_it_takes() -> None:
    said = import_words.progress_words(Progress(done=50_000_000, total=100_000_000, found=12_345), 10)
    assert "12,345 entries found so far." in said and "About 10 s left." in said


def test_a_large_file_tells_how_much_is_in_and_how_long_the_rest_takes() -> None:
    said = import_words.bringing_words(Progress(done=20_000, total=50_000, unit="entries"), 10)
    number = QLocale().toString
    assert said == f"{number(20_000)} of {number(50_000)} brought in. About 15 s left."
    assert import_words.bringing_words(Progress(done=3, total=9, unit="profiles"), 1) == "3 of 9 compared with your people."


def test_while_it_comes_in_the_card_tells_how_far_it_is(at: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bringing, "LOOK_SECONDS", 0.0)
    (file,) = opened(at, mailbox(tmp_path, 400)).files
    told: list[tuple[int, int, str]] = []
    monkeypatch.setattr(file.progress, "set_progress", lambda *said: told.append(said))
    file.bring_in()
    at.wait(lambda: file.state == "done")
    number = QLocale().toString(801)
    assert [said for *_, said in told if f"of {number} brought in." in said] and any("compared with your people" in said for *_, said in told)


def test_a_note_is_kept_while_a_file_comes_in(at: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portions, "TRANSACTION", 0.002)
    person, _ = people.add_person(at.db, "Cleo Sample", NOW)
    (file,) = opened(at, mailbox(tmp_path, 3000)).files
    file.bring_in()
    at.qtbot.waitUntil(lambda: at.db.execute("SELECT count(*) FROM activities").fetchone()[0] > 100, timeout=10_000)
    kept: list[int] = []
    job = partial(notes.write, person_id=person)
    at.context.tasks.write(job, "While it comes in", NOW, done=lambda _: kept.append(at.db.execute("SELECT count(*) FROM activities").fetchone()[0]))
    at.qtbot.waitUntil(lambda: bool(kept), timeout=10_000)
    assert file.state == "bringing" and 100 < kept[0] < 3000, "the note did not wait for the file"
    at.wait(lambda: file.state == "done")
    assert at.db.execute("SELECT count(*) FROM activities").fetchone() == (3000,)
