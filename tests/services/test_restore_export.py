"""Out and in again: an empty desk becomes equal, and nothing but a whole, unchanged export gets in."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from relationdesk.errors import Cancelled, StoreTooNew, UnreadableFile, UserMistake
from relationdesk.model import Login
from relationdesk.services import agenda, drafts, notes, people, sample
from relationdesk.services.export import export_all
from relationdesk.services.restore_export import import_export
from relationdesk.store import logins, search, settings
from relationdesk.store.csv_reading import ORDER
from relationdesk.store.csv_tables import TABLES
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.text import storable
from tests.facts import bring, did, who
from tests.services.crafted import NOW, fill

TOUCH = "SELECT uid, last_id, last_in, last_out, looked_at, open_prompts FROM people ORDER BY uid"
CACHES = (
    "SELECT uid, folded, last_id, last_in, last_out, looked_at, level FROM people ORDER BY uid",
    "SELECT place_id, native_id, folded, last_id FROM profiles ORDER BY native_id",
    "SELECT count(*) FROM activities_spaced",
    "SELECT id, native_id, thread, published FROM activities ORDER BY id",
)


@pytest.fixture
def desks() -> Iterator[tuple[Desk, Desk]]:
    pair = open_memory(), open_memory()
    yield pair
    for desk in pair:
        desk.close()


def out(db: Desk, folder: Path, *, private: bool = True, bom: bool = False) -> Path:
    export_all(db, folder, private=private, bom=bom, now=NOW, report=lambda p: None, stop=lambda: False)
    return folder


def same(first: Path, second: Path) -> None:
    names = {path.name for path in first.iterdir()}
    assert names == {path.name for path in second.iterdir()}
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_trap_10_a_crafted_desk_comes_back_equal(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    old, new = desks
    fill(old)
    counts = import_export(new, out(old, tmp_path / "a"), NOW)
    same(tmp_path / "a", out(new, tmp_path / "b"))
    assert [table.name for table in TABLES if not counts[table.name]] == ["work_changes"]
    for question in CACHES[:1] + CACHES[2:]:
        assert old.execute(question).fetchall() == new.execute(question).fetchall()
    assert new.execute("PRAGMA foreign_key_check").fetchall() == []
    assert len(search.search(new, search.parse("日本語"))) == 1
    assert len(search.search(new, search.parse("kind:call"))) == 1


def test_the_sample_desk_comes_back_equal(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    old, new = desks
    sample.build(old, NOW)
    import_export(new, out(old, tmp_path / "a", bom=True), NOW)
    same(tmp_path / "a", out(new, tmp_path / "b", bom=True))
    assert old.execute(TOUCH).fetchall() == new.execute(TOUCH).fetchall()
    days = [agenda.today(db, NOW) for db in desks]
    before, after = ({e.prompt for e in (*day.shown, *day.held_back)} for day in days)
    assert before == after and {prompt.rule for prompt in after} >= {"job_change", "awaiting_reply", "gone_quiet"}


def test_without_private_words_it_still_fits_together(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    old, new = desks
    fill(old)
    import_export(new, out(old, tmp_path / "a", private=False), NOW)
    same(tmp_path / "a", out(new, tmp_path / "b", private=False))


def test_a_used_desk_is_left_alone(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    old, new = desks
    fill(old)
    folder = out(old, tmp_path / "a")
    import_export(new, folder, NOW)
    with pytest.raises(UserMistake, match="empty desk only"):
        import_export(new, folder, NOW)
    same(folder, out(new, tmp_path / "b"))


def test_a_changed_file_is_refused(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    old, new = desks
    fill(old)
    folder = out(old, tmp_path / "a")
    notes = folder / "notes.csv"
    notes.write_bytes(notes.read_bytes().replace(b"1+1", b"1+2"))
    with pytest.raises(UnreadableFile, match=r"notes\.csv was changed.*Nothing was changed"):
        import_export(new, folder, NOW)
    notes.unlink()
    with pytest.raises(UnreadableFile, match=r"notes\.csv is missing"):
        import_export(new, folder, NOW)
    assert new.execute("SELECT count(*) FROM people").fetchone()[0] == 0


@pytest.mark.parametrize(
    "manifest",
    ["", "[]", "{}", '{"format":"other"}', "null", '{"format":"relationdesk_export","format_version":1,"files":[]}',
     '{"format":"relationdesk_export","format_version":1,"files":{"../../x.csv":{"rows":0,"sha256":""}}}', "[" * 100_000],
)  # fmt: skip
def test_a_strange_manifest_is_refused(desks: tuple[Desk, Desk], tmp_path: Path, manifest: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(UnreadableFile):
        import_export(desks[1], tmp_path, NOW)
    with pytest.raises(UnreadableFile):
        import_export(desks[1], tmp_path / "nowhere", NOW)


def test_a_newer_export_is_refused(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"format":"relationdesk_export","format_version":99,"files":{}}')
    with pytest.raises(StoreTooNew):
        import_export(desks[1], tmp_path, NOW)


@pytest.mark.parametrize("missing", ["profiles.csv", "people.csv", "companies.csv"])
def test_an_export_that_does_not_fit_together_leaves_the_desk_empty(
    desks: tuple[Desk, Desk], tmp_path: Path, missing: str
) -> None:
    old, new = desks
    fill(old)
    folder = out(old, tmp_path / "a")
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["files"][missing]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UnreadableFile, match="does not fit"):
        import_export(new, folder, NOW)
    assert [new.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("people", "profiles", "activities")] == [0, 0, 0]


def test_stopping_leaves_the_desk_empty(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    old, new = desks
    fill(old)
    folder = out(old, tmp_path / "a")
    begun: list[int] = []
    with pytest.raises(Cancelled):
        import_export(new, folder, NOW, report=lambda p: begun.append(p.done), stop=lambda: len(begun) > 6)
    assert begun and new.execute("SELECT count(*) FROM people").fetchone()[0] == 0


def test_every_exported_table_has_a_way_back() -> None:
    assert sorted(ORDER) == sorted(table.name for table in TABLES)


ODD = "=+-@\t\r\n'\"＝＠ ,;\u00a0\u202e\u200f\ufeff\u2028\x00\x0b\x0c\x1b\x85\ud83d\udc00אب日\U0001f600\U0001f468\u200d\U0001f469a10."


def odd_texts() -> list[str]:
    """Every odd character alone, doubled and at either end; line ends of all kinds; runs of them; a cell of a million."""
    dice = random.Random(200)
    texts = [made for c in ODD for made in (c, c * 2, f"{c}words", f"words{c}", f"'{c}")]
    texts += ["".join(dice.choices(ODD, k=dice.randrange(2, 40))) for _ in range(60)]
    return [*texts, '"' * 999, "\r\n" * 500, "\n\r\n", "''=1", "x\n" * 500_000, "=" + "日" * 300_000]


def test_two_hundred_odd_texts_come_back_equal_in_every_column(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    old, new = desks
    texts = odd_texts()
    assert len(texts) > 200
    bring(old, [did(who("Joe Brown"), f"a{n}", text=storable(text)) for n, text in enumerate(texts)])
    ann, _ = people.add_person(old, "Ann Example", NOW)
    for n, text in enumerate(texts):
        notes.write(old, f"note {n}: {text}", NOW, person_id=ann)
        drafts.save(old, f"slot {n}", text, NOW)
        if text.strip().isprintable() and text.strip():
            people.make_bucket(old, f"{n}{text[:50]}", NOW, "#112233")
    import_export(new, out(old, tmp_path / "a"), NOW)
    for question in (
        "SELECT native_id, text, title, extra FROM activities ORDER BY native_id", "SELECT uid, text FROM notes ORDER BY uid",
        "SELECT slot, text FROM drafts ORDER BY slot", "SELECT uid, name, colour, position FROM buckets ORDER BY uid",
    ):  # fmt: skip
        assert old.execute(question).fetchall() == new.execute(question).fetchall(), question
    assert new.execute("SELECT count(*) FROM activities").fetchone() == (len(texts),)


LOCAL = {"batches", "sightings", "overwritten", "revisions", "rejects", "reports", "logins", "streams", "rests", "settings", "budgets", "expenses", "reservations"}
"""Of this computer, not of the desk's words: how far was read, what can be undone, what the window remembers."""


@pytest.mark.parametrize("sampled", [False, True], ids=["crafted", "sample and crafted"])
def test_the_whole_desk_comes_back_table_by_table(desks: tuple[Desk, Desk], tmp_path: Path, sampled: bool) -> None:
    """Every table that is not derived and not of this computer, with what numbers refer to spelt out by its export."""
    old, new = desks
    if sampled:
        sample.build(old, NOW)
    fill(old)
    agenda.today(old, NOW)
    second, _ = people.make_bucket(old, "Second", NOW, "#445566")
    people.order_buckets(old, (second, *(row[0] for row in old.execute("SELECT id FROM buckets WHERE id <> ?", (second,)))), NOW)
    ((note,),) = old.execute("SELECT max(id) FROM notes").fetchall()
    notes.throw_away(old, note, NOW)
    import_export(new, out(old, tmp_path / "a"), NOW)
    named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '*_fts*' AND name NOT GLOB 'activities_spaced_*' AND name NOT GLOB '*sqlite_*'"
    tables = [row[0] for row in old.execute(named)]
    assert {table.name for table in TABLES} - {"links", "work_changes"} <= set(tables)
    counts = {table: [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for db in desks] for table in tables}
    differing = {table for table, (before, after) in counts.items() if before != after}
    assert differing <= LOCAL | {"decisions", "decision_rows", "compounds"}, {table: counts[table] for table in differing}
    plain = {table: columns(old, table) for table in tables if table not in differing}
    for table, names in plain.items():
        rows = [sorted(map(repr, db.execute(f"SELECT {names} FROM {table}").fetchall())) for db in desks] if names else [[], []]
        assert rows[0] == rows[1], table
    assert old.execute("SELECT count(*) FROM notes WHERE trashed_at IS NOT NULL").fetchone() == (1,)
    links = "SELECT q.native_id, p.uid, q.linked_how, q.linked_by, q.settled FROM profiles q LEFT JOIN people p ON p.id = q.person_id ORDER BY 1"
    assert old.execute(links).fetchall() == new.execute(links).fetchall()


def columns(db: Desk, table: str) -> str:
    """The columns that hold no number of this desk's own."""
    names = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    return ", ".join(f'"{name}"' for name in names if (name != "id" and not name.endswith("_id")) or name == "native_id")


def test_what_was_set_comes_back_and_what_is_of_this_computer_does_not(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    old, new = desks
    fill(old)
    meant = replace(settings.load(old), watched_words="heat pump, =1+1", prompts_at_most=5, theme="dark", is_sample=True)
    settings.save(old, meant)
    settings.set_threshold(old, "complaint.days", 9)
    settings.remember_mapping(old, ("Wer", "Elektropost"), {"Wer": "name"})
    settings.set_value(old, "window", "wide")
    settings.save(new, replace(settings.load(new), theme="light"))  # a desk in which nothing is but what was set is empty
    import_export(new, out(old, tmp_path / "a"), NOW)
    assert settings.load(new) == replace(meant, is_sample=False)
    assert settings.thresholds(new) == {"complaint.days": 9}
    assert settings.mapping_for(new, ("Wer", "Elektropost")) == {"Wer": "name"}
    assert settings.value(new, "window") == ""


def test_an_export_holds_no_login(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    old, _ = desks
    fill(old)
    with transaction(old):
        logins.save(old, Login(id=0, source="mastodon", place="mastodon", address="https://secret-server.example", user_name="secret-name", has_token=True))
    found = [path.name for path in out(old, tmp_path / "a").iterdir() if b"secret-" in path.read_bytes()]
    assert found == []
