"""A mapping that somebody handed on: kept for every table with its columns, and given up again."""

from __future__ import annotations

from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile, UserMistake
from relationdesk.services import desk_jobs, importing, teaching
from relationdesk.store import settings
from relationdesk.store.database import open_memory
from tests.facts import NOW

MEANT = {"Wer": "name", "Elektropost": "mail"}
TABLE = "Wer,Elektropost,Laden\nAnn Example,ann@example.org,Shop\n"


def test_a_mapping_is_saved_looked_at_kept_and_used(tmp_path: Path) -> None:
    db, file, table = open_memory(), tmp_path / "m.json", tmp_path / "odd.csv"
    table.write_text(TABLE)
    assert teaching.save(db, file, MEANT) == file and teaching.read(db, file) == MEANT
    looked = desk_jobs.examine(db, file)
    assert looked.taught == MEANT and not looked.recognised.columns
    assert not desk_jobs.examine(db, table).options.mapping
    teaching.keep(db, looked.taught)
    assert desk_jobs.examine(db, table).options.mapping == MEANT
    _, imported = importing.import_now(db, table, now=NOW)
    assert imported is not None and imported.people == 1
    teaching.forget(db, looked.taught)
    assert settings.mapping_for(db, ("Wer", "Elektropost")) == {} and settings.mapping_for(db, ("Wer", "Elektropost", "Laden")) == MEANT, "brought in so"


def test_what_was_said_of_a_table_itself_goes_before_and_the_widest_fits_best() -> None:
    db = open_memory()
    teaching.keep(db, MEANT)
    teaching.keep(db, {**MEANT, "Laden": "company"})
    assert settings.mapping_for(db, ("Laden", "Wer", "Elektropost", "x")) == {**MEANT, "Laden": "company"}
    assert settings.mapping_for(db, ("Wer", "Elektropost", "x")) == MEANT and settings.mapping_for(db, ("Wer", "x")) == {}
    settings.remember_mapping(db, ("Wer", "Elektropost", "x"), {"Wer": "nickname"})
    assert settings.mapping_for(db, ("Wer", "Elektropost", "x")) == {"Wer": "nickname"}


@pytest.mark.parametrize("text", ['{"relationdesk_mapping": 2, "columns": {}}', '{"relationdesk_mapping": 1, "columns": {"a": "nonsense"}}', '{"relationdesk_mapping": 1, "col'])
def test_a_broken_mapping_is_refused_for_what_it_is(tmp_path: Path, text: str) -> None:
    file = tmp_path / "m.json"
    file.write_text(text)
    with pytest.raises(UnreadableFile, match=r"“m.json” .*Nothing was brought in"):
        desk_jobs.examine(open_memory(), file)


def test_a_mapping_is_no_table_to_bring_in(tmp_path: Path) -> None:
    file = tmp_path / "m.json"
    teaching.save(open_memory(), file, MEANT)
    with pytest.raises(UnreadableFile, match="a file of what the columns of a table mean"):
        importing.import_now(open_memory(), file, now=NOW)
    with pytest.raises(UserMistake, match="could not be saved"):
        teaching.save(open_memory(), tmp_path / "nowhere" / "m.json", MEANT)
