"""The history of decisions goes out and comes in with everything else: in the new desk each can be taken back as in the old one."""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.services import people, routing
from relationdesk.services.restore_export import import_export
from relationdesk.store import csv_decisions, ledger, profiles
from relationdesk.store.database import Desk, open_memory
from relationdesk.store.routes import RouteKind
from tests.facts import NOW, bring, did, person_id, profile_id, who
from tests.histories import assert_whole, seen
from tests.services.crafted import fill
from tests.services.test_combining_property import LATER, begin, history, play
from tests.services.test_restore_export import out, same


def brought_over(db: Desk, folder: Path) -> Desk:
    new = open_memory()
    import_export(new, out(db, folder), NOW)
    return new


@pytest.mark.parametrize("seed", range(8))
def test_what_was_decided_is_taken_back_in_the_new_desk_as_in_the_old(seed: int, tmp_path: Path) -> None:
    steps, dice = history(seed)
    old = begin()
    made = [id_ for id_ in play(old, steps).values() if id_ is not None]
    new = brought_over(old, tmp_path / "a")
    same(tmp_path / "a", out(new, tmp_path / "b"))
    assert ledger.entries(new) == ledger.entries(old)
    for id_ in dice.sample(made, len(made)):
        said = [people.undo(db, LATER, id_)[0].kept for db in (old, new)]
        assert said[0] == said[1] and seen(old) == seen(new)
        assert_whole(new)
    for id_ in random.Random(seed).sample(made, min(3, len(made))):
        for db in (old, new):
            people.redo(db, id_)
        assert seen(old) == seen(new)


def test_whom_is_kept_apart_stays_so_when_the_place_is_read_again(tmp_path: Path) -> None:
    old = open_memory()
    joe, other = who("Joe Brown", "linkedin", mail="joe@x.example", vouched=True), who("Joe Brown", "contacts", mail="joe@x.example", vouched=True, known=False)
    bring(old, [joe, other])
    people.keep_apart(old, profile_id(old, other), person_id(old, "Joe Brown"), NOW)
    new = brought_over(old, tmp_path / "a")
    bring(new, [joe, other, did(other, "more")])
    assert profiles.by_ids(new, [profile_id(new, other)])[0].person_id != person_id(new, "Joe Brown")
    people.undo(new, NOW)
    assert profiles.by_ids(new, [profile_id(new, other)])[0].person_id == person_id(new, "Joe Brown")


def test_a_person_who_comes_back_belongs_to_no_import_of_the_new_desk(tmp_path: Path) -> None:
    old = open_memory()
    joe, other = who("Joe Brown", "linkedin"), who("Ann Example", "contacts")
    bring(old, [joe, other])
    people.link(old, profile_id(old, other), person_id(old, "Joe Brown"), NOW)
    new = brought_over(old, tmp_path / "a")
    bring(new, [who("Mary Jones", "linkedin")])
    people.undo(new, NOW)
    assert new.execute("SELECT batch_id FROM people WHERE name = 'Ann Example'").fetchall() == [(None,)]


def test_without_private_words_nothing_is_told_of_decisions_about_them(tmp_path: Path) -> None:
    old = open_memory()
    fill(old)
    said = did(actor := who("Joe Brown", "mail"), "m", private=True)
    bring(old, [actor, said])
    routing.put(old, said.key, RouteKind.COMPLAINT, NOW, "private remark")
    folder = out(old, tmp_path / "a", private=False)
    import_export(new := open_memory(), folder, NOW)
    assert new.execute("SELECT count(*) FROM decision_rows WHERE tbl IN ('captures', 'outbox', 'routes')").fetchone() == (0,)
    assert b"private remark" not in (folder / "decision_rows.csv").read_bytes()
    same(folder, out(new, tmp_path / "b", private=False))


@pytest.mark.parametrize("row", [
    {"tbl": "sqlite_master", "key": "{}", "before": None, "after": "{}"},
    {"tbl": "logins", "key": '{"id": 1}', "before": None, "after": "{}"},
    {"tbl": "people", "key": '{"id": 1}', "before": None, "after": '{"name = (SELECT 1) --": 1}'},
    {"tbl": "people", "key": '{"id": [1]}', "before": None, "after": None},
    {"tbl": "people", "key": "[]", "before": None, "after": None},
    {"tbl": "settings", "key": '{"name": "ledger:redoable"}', "before": None, "after": '{"value": "[]"}'},
])  # fmt: skip
def test_what_no_decision_writes_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="decision"):
        csv_decisions.check(open_memory(), "decision_rows", row)
    csv_decisions.check(open_memory(), "decision_rows", {"tbl": "people", "key": json.dumps({"id": 1}), "before": "", "after": '{"name": "Joe"}'})


def test_a_crafted_history_leaves_the_desk_empty(tmp_path: Path) -> None:
    old = open_memory()
    fill(old)
    folder = out(old, tmp_path / "a")
    file = folder / "decision_rows.csv"
    assert b'""person_id"":' in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(b'""person_id"":', b'""person_id = 1 --"":', 1))
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["decision_rows.csv"]["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    new = open_memory()
    with pytest.raises(UnreadableFile, match="does not fit"):
        import_export(new, folder, NOW)
    assert new.execute("SELECT count(*) FROM people").fetchone() == (0,)
