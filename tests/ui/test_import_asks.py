"""Files that ask, have parts or come in several: answered by mouse and keys, read again on demand, remembered, named for a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QRadioButton
from pytestqt.qtbot import QtBot

from relationdesk.errors import UnreadableFile
from relationdesk.ui.import_file import ImportFile
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from tests.facts import state
from tests.parcel import listed, parcel
from tests.sources.test_container import zipped
from tests.ui.office import Office, office
from tests.ui.test_fitting import cut
from tests.ui.test_import_dialog import CARD, opened, words


@pytest.fixture
def at(tmp_path: Path, look: Look, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    listed(monkeypatch)
    with office(tmp_path / "desk", look, qtbot) as made:
        yield made


def radio(file: ImportFile, question: str, answer: str) -> QRadioButton:
    found = file.findChild(QRadioButton, f"answer:{question}:{answer}")
    assert found is not None
    return found


def button(file: ImportFile, name: str) -> Button:
    """The one of that name that is there now; what was cleared away may still wait to be let go of."""
    told = Qt.WidgetAttribute.WA_WState_ExplicitShowHide
    return next(b for b in file.findChildren(Button, name) if not (b.testAttribute(told) and b.isHidden()))


def box(file: ImportFile, part: str) -> QCheckBox:
    told = Qt.WidgetAttribute.WA_WState_ExplicitShowHide
    found = [b for b in file.findChildren(QCheckBox, f"part:{part}") if b.parentWidget() and not b.testAttribute(told)]
    return next((b for b in found if b.isVisible()), found[-1])


def texts(at: Office) -> set[str]:
    return {row[0] for row in at.db.execute("SELECT text FROM activities")}


def test_nothing_is_read_or_chosen_before_the_questions_are_answered(at: Office, tmp_path: Path) -> None:
    before = state(at.db)
    dialog = opened(at, parcel(tmp_path / "p", letters="Ann: Hello"))
    (file,) = dialog.files
    assert file.state == "asking" and "Which of these are you?" in words(file) and not dialog.go_button.isEnabled()
    read = button(file, "read")
    assert not any(one.isChecked() for one in file.findChildren(QRadioButton)) and not read.isEnabled()
    radio(file, "me", "Sam").click()
    assert not read.isEnabled(), "one of two"
    radio(file, "order", "day").click()
    read.click()
    at.wait(lambda: file.state == "ready")
    assert state(at.db) == before and "Which of these are you? Answer: Sam" in words(file)
    dialog.bring_in()
    at.wait(lambda: file.state == "done")
    assert texts(at) == {"Hello"}


def test_answered_by_keys_and_heard_by_a_screen_reader(at: Office, tmp_path: Path) -> None:
    dialog = opened(at, parcel(tmp_path / "p", letters="Ann: Hello"))
    (file,) = dialog.files
    first = radio(file, "me", "Ann")
    at.qtbot.waitUntil(first.isVisible)
    assert first.accessibleName() == "Ann" and first.accessibleDescription() == "Which of these are you?"
    assert box(file, "letters").accessibleName() == f"Read letters ({QLocale().toString(1204)})"
    first.setFocus()
    at.qtbot.keyClick(first, Qt.Key.Key_Down)
    assert dialog.focusWidget() is radio(file, "me", "Sam")
    at.qtbot.keyClick(radio(file, "me", "Sam"), Qt.Key.Key_Space)
    assert radio(file, "me", "Sam").isChecked()
    radio(file, "order", "day").setFocus()
    at.qtbot.keyClick(radio(file, "order", "day"), Qt.Key.Key_Return)
    assert file.state == "asking", "Return answers nothing by itself"
    at.qtbot.keyClick(radio(file, "order", "day"), Qt.Key.Key_Space)
    at.qtbot.keyClick(radio(file, "order", "day"), Qt.Key.Key_Return)
    at.wait(lambda: file.state == "ready")
    assert not at.db.execute("SELECT count(*) FROM batches").fetchone()[0], "Return read it and brought nothing in"


def test_what_cannot_be_chosen_is_typed(at: Office, tmp_path: Path) -> None:
    """A file of X's archive by itself tells nothing of whose it is."""
    path = tmp_path / "tweets.js"
    post = '{"id_str": "1373616000000000055", "created_at": "Sun Mar 21 12:53:22 +0000 2021", "full_text": "alone"}'
    path.write_text(f'window.YTD.tweets.part0 = [ {{"tweet": {post}}} ]', encoding="utf-8")
    dialog = opened(at, path)
    (file,) = dialog.files
    field = file.findChild(QLineEdit, "answer:me")
    assert file.state == "asking" and field is not None and "Whose archive is this" in field.accessibleName()
    assert not button(file, "read").isEnabled()
    field.setFocus()
    at.qtbot.keyClicks(field, "@samcarter")
    at.qtbot.keyClick(field, Qt.Key.Key_Return)
    at.wait(lambda: file.state == "ready")
    assert "1 new activit" in words(file) and not at.db.execute("SELECT count(*) FROM batches").fetchone()[0]
    dialog.bring_in()
    at.wait(lambda: file.state == "done")
    assert texts(at) == {"alone"}


def test_what_was_answered_is_taken_over_and_can_be_changed(at: Office, tmp_path: Path) -> None:
    path = parcel(tmp_path / "p", letters="Ann: Hello")
    first = opened(at, path)
    radio(first.files[0], "me", "Sam").click()
    radio(first.files[0], "order", "day").click()
    button(first.files[0], "read").click()
    at.wait(lambda: first.files[0].state == "ready")
    first.bring_in()
    at.wait(lambda: first.files[0].state == "done")
    (file,) = opened(at, path).files
    assert file.state == "ready" and "Answer: Sam (as last time)" in words(file)
    button(file, "change").click()
    assert file.state == "asking" and radio(file, "me", "Sam").isChecked() and button(file, "read").isEnabled()
    radio(file, "me", "Ann").click()
    button(file, "read").click()
    at.wait(lambda: file.state == "ready")
    assert file.preview is not None and file.preview.options.me == "Ann" and "as last time" in words(file).partition("order")[0]


def test_many_choices_stand_in_a_list(at: Office, tmp_path: Path) -> None:
    names = ", ".join(f"Person{n:02} with a rather long name that does not fit anywhere at all" for n in range(40))
    (file,) = opened(at, parcel(tmp_path / "p", names, letters="Person01: Hello")).files
    found = file.findChild(QComboBox, "answers:me")
    assert found is not None and found.count() == 42 and found.currentData() == "" and found.accessibleName() == "Which of these are you?"
    at.qtbot.waitUntil(found.isVisible)
    found.setFocus()
    at.qtbot.keyClicks(found, "person07")
    assert found.currentData().startswith("Person07 ")
    assert file.width() <= 680 * 2 and file.minimumSizeHint().width() < 600


def test_other_parts_are_read_again_before_they_can_come_in(at: Office, tmp_path: Path) -> None:
    dialog = opened(at, parcel(tmp_path / "p", "Ann | Sam", people="Ann: Shop", letters="Ann: Hello", clubs="Ann: Chess"))
    (file,) = dialog.files
    assert file.state == "ready" and [box(file, part).isChecked() for part in ("people", "letters", "clubs")] == [True, True, False]
    box(file, "letters").click()
    assert file.state == "stale" and not dialog.go_button.isEnabled() and not button(file, "again").isHidden()
    box(file, "letters").click()
    assert file.state == "ready" and dialog.go_button.isEnabled()
    for part in ("people", "letters"):
        box(file, part).click()
    assert not button(file, "again").isEnabled(), "no part at all"
    box(file, "clubs").click()
    button(file, "again").click()
    at.wait(lambda: file.state == "ready")
    dialog.bring_in()
    at.wait(lambda: file.state == "done")
    assert texts(at) == {"Chess"}
    (again,) = opened(at, parcel(tmp_path / "q", "Ann | Sam", clubs="Ben: Go", letters="Ben: Ho")).files
    assert [box(again, part).isChecked() for part in ("people", "letters", "clubs")] == [False, False, True], "as last time"


def test_a_file_that_could_not_be_read_with_these_parts_can_be_read_with_others(at: Office, tmp_path: Path) -> None:
    path = parcel(tmp_path / "p", "Ann | Sam", letters="Ann: Hello")
    dialog = opened(at, path)
    (file,) = dialog.files
    (path / "letters.txt").write_bytes(b"\xff\xfe\x00")
    file._on_failed(UnreadableFile("This part is damaged. Nothing was brought in."))
    assert file.state == "failed" and "damaged" in words(file)
    box(file, "letters").click()
    button(file, "again").click()
    at.wait(lambda: file.state == "ready")


def test_a_folder_of_the_files_of_one_export_is_one_card(at: Office, tmp_path: Path) -> None:
    (tmp_path / "down").mkdir()
    zipped(tmp_path / "down" / "p-001.zip", {"parcel.txt": b"Ann | Sam", "letters1.txt": b"Ann: One"})
    zipped(tmp_path / "down" / "p-002.zip", {"letters2.txt": b"Ann: Two"})
    (file,) = opened(at, tmp_path / "down").files
    assert "Read as one export: p-001.zip, p-002.zip" in words(file)


def test_files_of_one_export_share_a_card_until_they_are_taken_apart(at: Office, tmp_path: Path) -> None:
    files = [
        zipped(tmp_path / "p-002.zip", {"letters2.txt": b"Ann: Two"}),
        zipped(tmp_path / "p-001.zip", {"parcel.txt": b"Ann | Sam", "letters1.txt": b"Ann: One"}),
    ]
    other = parcel(tmp_path / "q", "Ben | Sam", letters="Ben: Three")
    dialog = opened(at, files[0], other, files[1])
    assert [file.state for file in dialog.files] == ["ready", "ready"]
    assert "p-001.zip and 1 more" in words(dialog.files[0]) and "Read as one export: p-001.zip, p-002.zip" in words(dialog.files[0])
    assert "2 new activities" in words(dialog.files[0])
    dialog.files[0].apart_button.click()
    at.wait(lambda: [file.state for file in dialog.files] == ["ready", "failed", "ready"])
    assert [file.path.name for file in dialog.files] == ["p-001.zip", "p-002.zip", "q"]
    assert len(list((tmp_path / "desk" / "staging").glob("*.db"))) == 2, "what was read of both is gone"
    dialog.bring_in()
    at.wait(lambda: dialog.files[0].state == dialog.files[2].state == "done")
    assert texts(at) == {"One", "Three"}


def test_what_would_change_is_shown_and_the_rest_on_demand(at: Office, tmp_path: Path) -> None:
    people = "\n".join(f"P{n}: Alder" for n in range(9))
    first = opened(at, parcel(tmp_path / "p", "Ann | Sam", people=people))
    first.bring_in()
    at.wait(lambda: first.files[0].state == "done")
    (file,) = opened(at, parcel(tmp_path / "q", "Ann | Sam", people=people.replace("Alder", "Orrin"))).files
    assert "9 profiles changed" in words(file) and "company: Alder → Orrin" in words(file)
    assert "P3" in words(file) and "P8" not in words(file)
    button(file, "more").click()
    assert "P8" in words(file) and file.wanted.isChecked(), "a change is news"


def test_the_whole_report_is_copied(at: Office, tmp_path: Path) -> None:
    dialog = opened(at, parcel(tmp_path / "p", "Ann | Sam", letters="Ann: Hello\n" + "nonsense\n" * 9))
    dialog.bring_in()
    (file,) = dialog.files
    at.wait(lambda: file.state == "done")
    button(file, "copy").click()
    at.wait(lambda: "letters.txt line 10: This line has no words." in QGuiApplication.clipboard().text())


def test_closing_while_it_asks_leaves_nothing(at: Office, tmp_path: Path) -> None:
    before = state(at.db)
    dialog = opened(at, parcel(tmp_path / "p", letters="Ann: Hello"))
    dialog.close()
    at.wait()
    assert state(at.db) == before and not list((tmp_path / "desk" / "staging").glob("*"))


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_no_text_is_cut_whatever_people_are_called(at: Office, tmp_path: Path, scale: float) -> None:
    at.context.look.set_text_scale(scale)
    try:
        long = "Maximiliane-Theodora Freifrau von und zu Hohenlohe-Waldenburg-Schillingsfürst-Oettingen & Söhne"
        path = parcel(tmp_path / ("p" * 80), f"{long}, نور حداد", people=f"{long}: Hotels", letters="nonsense\n" * 7)
        dialog = opened(at, path, *(zipped(tmp_path / f"export-{n}.zip", {f"{n}.vcf": CARD.encode()}) for n in range(1, 9)))
        file = dialog.files[0]
        at.qtbot.waitUntil(lambda: radio(file, "me", long).isVisible() and not cut(dialog))
        assert dialog.width() <= 1000
        radio(file, "me", long).click()
        radio(file, "order", "day").click()
        button(file, "read").click()
        at.wait(lambda: file.state == "ready")
        box(file, "people").click()
        at.qtbot.waitUntil(lambda: button(file, "again").isVisible() and not cut(dialog))
        assert dialog.width() <= 1000
    finally:
        at.context.look.set_text_scale(1.0)


def test_a_table_whose_columns_were_said_asks_what_is_left_to_ask(at: Office, tmp_path: Path) -> None:
    """Rather than to fail for want of an answer that nobody was asked for."""
    path = tmp_path / "birthdays.csv"
    path.write_text("Name;Geburtstag;E-Mail\nAnna Berg;28979;a@b.example\n", encoding="utf-8")
    dialog = opened(at, path)
    (file,) = dialog.files
    assert file.state == "mapping"
    at.qtbot.mouseClick(button(file, "read"), Qt.MouseButton.LeftButton)
    assert file.state == "asking" and "Which day does 28979 mean" in words(file)
    radio(file, "days_from", "1900").click()
    at.qtbot.mouseClick(file.findChildren(Button, "read")[-1], Qt.MouseButton.LeftButton)
    at.wait(lambda: file.state == "ready")
    dialog.go_button.click()
    at.wait(lambda: file.state == "done")
    assert at.db.execute("SELECT month, day, year FROM life_days").fetchall() == [(5, 4, 1979)]
