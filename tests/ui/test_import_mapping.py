"""What the columns of a table mean, in the window: taught, changed, saved for others, taken from them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QFileDialog
from pytestqt.qtbot import QtBot

from relationdesk.services import teaching
from relationdesk.sources.csv_columns import FIELDS
from relationdesk.sources.mapping_file import read_mapping, write_mapping
from relationdesk.store import activities, settings
from relationdesk.ui import timeline_words
from relationdesk.ui.import_file import ImportFile
from relationdesk.ui.import_mapping import ColumnsRow, MappingStep
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from tests.ui.office import Office, office
from tests.ui.test_import_dialog import ODD, opened, words, written

LOG = "Datum,Wer,Was\n2024-03-04,Ann Lee,Asked for prices\n2024-03-05,Bob Ray,Came by\n"
MEANT = {"Wer": "name", "Elektropost": "mail"}


@pytest.fixture
def at(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Office]:
    with office(tmp_path / "desk", look, qtbot) as made:
        yield made


def press(file: ImportFile, name: str) -> None:
    button = file.findChild(Button, name)
    assert button is not None
    button.click()


def choose(file: ImportFile, **fields: str) -> None:
    for column, field in fields.items():
        box = file.findChild(QComboBox, f"column:{column}")
        assert box is not None
        box.setCurrentIndex(box.findData(field))


def test_rows_that_were_done_are_taught_and_come_on_the_timeline(at: Office, tmp_path: Path) -> None:
    dialog = opened(at, written(tmp_path, "log.csv", LOG))
    (file,) = dialog.files
    assert file.state == "mapping" and "Each row is a person" in words(file)
    choose(file, Was="text", Datum="")
    press(file, "read")
    at.wait(lambda: "Choose a column for the date" in words(file))
    choose(file, Datum="date")
    assert "Each row is a call, a meeting or a message" in words(file)
    press(file, "read")
    at.wait(lambda: file.state == "ready")
    dialog.bring_in()
    at.wait(lambda: file.state == "done")
    assert [row[0] for row in at.db.execute("SELECT text FROM activities ORDER BY id")] == ["Asked for prices", "Came by"]
    assert settings.mapping_for(at.db, ("Datum", "Wer", "Was")) == {"Datum": "date", "Wer": "name", "Was": "text"}


def test_what_is_remembered_can_be_said_otherwise(at: Office, tmp_path: Path) -> None:
    path = written(tmp_path, "odd.csv", ODD)
    settings.remember_mapping(at.db, ("Wer", "Elektropost", "Laden"), {"Wer": "nickname", "Elektropost": "mail"})
    (file,) = opened(at, path).files
    assert file.state == "ready"
    press(file, "columns")
    assert file.state == "mapping" and file.preview is None
    box = file.findChild(QComboBox, "column:Wer")
    assert box is not None and box.currentData() == "nickname"
    choose(file, Wer="name", Laden="company")
    press(file, "read")
    at.wait(lambda: file.state == "ready")
    assert file.preview is not None and file.preview.options.mapping == {"Wer": "name", "Elektropost": "mail", "Laden": "company"}


def test_a_date_in_two_ways_is_told_with_a_way_to_say_it(at: Office, tmp_path: Path) -> None:
    (file,) = opened(at, written(tmp_path, "log.csv", "Datum,Wer,Was\n3/4/2024,Ann Lee,hello\n")).files
    choose(file, Datum="date", Wer="name", Was="text")
    press(file, "read")
    at.wait(lambda: file.state == "failed")
    assert "can be read in two ways" in words(file)
    press(file, "columns")
    choose(file, Datum="date_day_first")
    press(file, "read")
    at.wait(lambda: file.state == "ready")


def test_saved_for_others_and_dropped_on_their_window(at: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.remember_mapping(at.db, ("Wer", "Elektropost", "Laden"), MEANT)
    (file,) = opened(at, written(tmp_path, "odd.csv", ODD)).files
    saved = tmp_path / "odd columns.json"
    asked: list[str] = []

    def answer(parent: object, title: str, suggested: str, kinds: str) -> tuple[str, str]:
        asked.append(suggested)
        return str(saved), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    press(file, "save_columns")
    at.wait(lambda: "Saved as odd columns.json" in words(file))
    assert asked == [str(saved)] and read_mapping(saved) == MEANT
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: (str(tmp_path / "nowhere" / "x.json"), ""))
    press(file, "save_columns")
    at.wait(lambda: "could not be saved" in words(file))


def test_a_mapping_and_its_table_dropped_together(at: Office, tmp_path: Path) -> None:
    mapping = tmp_path / "m.json"
    write_mapping(mapping, MEANT)
    dialog = opened(at, written(tmp_path, "odd.csv", ODD), mapping)
    table, taught = dialog.files
    at.wait(lambda: table.state == "ready")
    assert taught.state == "kept" and "Kept: tables of people with 2 columns (“Wer”, “Elektropost”)" in words(taught) and not taught.wanted.isVisible()
    assert table.preview is not None and table.preview.options.mapping == MEANT
    dialog.bring_in()
    at.wait(lambda: table.state == "done")
    press(taught, "forget")
    at.wait(lambda: "Forgotten" in words(taught))
    assert settings.mapping_for(at.db, ("Elektropost", "Wer")) == {}


def test_a_mapping_alone_is_kept_and_a_broken_one_refused(at: Office, tmp_path: Path) -> None:
    mapping = tmp_path / "m.json"
    write_mapping(mapping, MEANT)
    (file,) = opened(at, mapping).files
    assert file.state == "kept" and settings.mapping_for(at.db, ("Elektropost", "Wer")) == MEANT
    (file,) = opened(at, written(tmp_path, "b.json", '{"relationdesk_mapping": 9, "columns": {}}')).files
    assert file.state == "failed" and "made by a later RelationDesk" in words(file)


def test_taken_from_a_file_in_the_step_itself(at: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (file,) = opened(at, written(tmp_path, "odd.csv", ODD)).files
    mapping, other = tmp_path / "m.json", written(tmp_path, "o.json", '{"relationdesk_mapping": 1, "columns": {"Kontakt": "name"}}')
    write_mapping(mapping, {**MEANT, "Laden": "company"})
    for chosen, says in ((other, "speaks of a column that is not in this table, “Kontakt”"), (tmp_path / "odd.csv", "is no mapping of columns")):
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *a, chosen=chosen: (str(chosen), ""))
        press(file, "take")
        at.wait(lambda says=says: says in words(file))
    step = file.findChild(MappingStep)
    assert step is not None
    step.take(mapping)
    at.wait(lambda: "speaks of" not in words(file) and "is no mapping" not in words(file))
    boxes = {column: file.findChild(QComboBox, f"column:{column}") for column in ("Wer", "Elektropost", "Laden")}
    assert [box.currentData() for box in boxes.values() if box] == ["name", "mail", "company"]
    teaching.forget(at.db, MEANT)


def test_every_field_has_words_and_can_be_chosen(at: Office, tmp_path: Path) -> None:
    (file,) = opened(at, written(tmp_path, "odd.csv", ODD)).files
    box = file.findChild(QComboBox, "column:Wer")
    assert box is not None
    offered = {box.itemData(n): box.itemText(n) for n in range(box.count()) if box.itemData(n)}
    assert set(offered) == set(FIELDS) and not set(offered.values()) & set(FIELDS) - {"nickname", "company", "phone", "date", "subject", "birthday", "anniversary"}


def test_what_a_table_tells_is_worded_without_a_place(at: Office, tmp_path: Path) -> None:
    table = "Datum,Wer,Art,Was,Richtung\n" + "".join(f"2024-03-0{n},Ann Lee,{kind},x,{way}\n" for n, (kind, way) in enumerate((("Anruf", "in"), ("Besuch", "in"), ("Besuch", "out"), ("sms", "in"), ("Golf", "in")), start=1))
    dialog = opened(at, written(tmp_path, "log.csv", table))
    (file,) = dialog.files
    choose(file, Datum="date", Wer="name", Art="kind", Was="text", Richtung="direction")
    press(file, "read")
    at.wait(lambda: file.state == "ready")
    dialog.bring_in()
    at.wait(lambda: file.state == "done")
    items = activities.of_place(at.db, "contacts")
    assert [timeline_words.deed(item) for item in items][::-1] == ["called", "met you", "met with Ann Lee", "wrote a message", "did something"]


def test_what_can_be_done_with_the_columns_needs_no_more_room_than_its_longest_word(at: Office, tmp_path: Path) -> None:
    """Side by side they were wider than the card in a small window with large text, and cut off."""
    row = ColumnsRow(at.context, tmp_path / "x.csv", {"Wer": "name"}, changeable=True)
    buttons = row.findChildren(Button)
    assert len(buttons) == 2 and row.minimumSizeHint().width() <= max(button.sizeHint().width() for button in buttons) + 2
