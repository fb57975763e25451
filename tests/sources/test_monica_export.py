"""Monica: the same small account as JSON and as SQL, then what damages either."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, DayKind, Fact, Kind, LifeDay, Precision, Profile, Progress, Rejected, Role
from relationdesk.services.recognising import recognise
from relationdesk.sources.base import Options
from relationdesk.sources.monica_export import MonicaExport
from relationdesk.sources.monica_sql import rows

DATA = Path(__file__).parents[1] / "data" / "monica_export"
PLAIN = Options()


def facts(path: Path, options: Options = PLAIN) -> list[Fact]:
    return [fact for fact in MonicaExport().read(path, options) if not isinstance(fact, Progress)]


def activities(path: Path, options: Options = PLAIN) -> list[Activity]:
    return [fact for fact in facts(path, options) if isinstance(fact, Activity)]


def u(number: int) -> str:
    return f"{number:08d}-0000-4000-8000-000000000000"


@pytest.mark.parametrize("name", ["monica.json", "monica.sql"])
def test_people_and_who_the_owner_is(name: str) -> None:
    source, seen = recognise(DATA / name)
    assert (source.name, seen.owner, seen.place) == ("monica_export", "Sam Seller", "monica")
    assert [part.name for part in seen.parts] == ["people", "calls", "messages", "activities", "notes", "tasks", "life_events", "first_met"]
    people = {fact.key.native_id: fact for fact in facts(DATA / name) if isinstance(fact, Profile)}
    assert people.keys() == {u(1), u(2), u(3), u(4)}
    ann, ida, sam = people[u(1)], people[u(3)], people[u(4)]
    assert (ann.display_name, ann.title, ann.company, ann.bio, ann.known) == ("Ann Berg", "Head chef", "Harbour Hotels", "Likes tea", True)
    assert ann.addresses[0].value == "ann@harbour.example" and ann.addresses[2].value == "https://x.com/annberg"
    assert ann.days == (LifeDay(kind=DayKind.BIRTHDAY, month=5, day=5),)
    assert (ida.display_name, ida.known) == ("Ida", False)  # only somebody's daughter
    assert sam.is_owner and [address.value for address in sam.addresses] == ["sam@seller.example"]


@pytest.mark.parametrize("name", ["monica.json", "monica.sql"])
def test_what_was_done_with_whom_and_by_whom(name: str) -> None:
    done = {(one.kind, one.title or one.text.split()[0] if one.title or one.text else ""): one for one in activities(DATA / name)}
    met = done[Kind.CONNECTION, ""]
    assert (met.published, met.precision, met.key.native_id) == (datetime(2019, 6, 1, tzinfo=UTC), Precision.DAY, f"met:{u(72)}")
    asked, sent = (one for kind, one in ((key[0], one) for key, one in done.items()) if kind is Kind.CALL)
    assert (asked.actor.native_id, asked.precision, [p.profile.native_id for p in asked.participants]) == (u(1), Precision.DAY, [u(4)])
    assert (sent.actor.native_id, sent.precision, [(p.profile.native_id, p.role) for p in sent.participants]) == (u(4), Precision.SECOND, [(u(1), Role.TO)])
    is_, tomorrow = done[Kind.MESSAGE, "Is"], done[Kind.MESSAGE, "Tomorrow"]
    assert (is_.actor.native_id, tomorrow.actor.native_id) == (u(1), u(4)) and is_.thread == tomorrow.thread != ""
    tasting = done[Kind.EVENT, "Tasting at the quay"]
    assert [p.profile.native_id for p in tasting.participants] == [u(1), u(2)] and dict(tasting.extra)["type"] == "ate at restaurant"
    note, task, life = done[Kind.OTHER, "Allergic"], done[Kind.OTHER, "Send prices"], done[Kind.OTHER, "New kitchen"]
    assert (note.actor.native_id, note.published) == (u(4), datetime(2023, 2, 1, 10, tzinfo=UTC)) and note.text.endswith("Ask *twice*.")
    assert (task.key.native_id, dict(task.extra)["status"]) == (u(51), "done")
    assert (life.actor.native_id, life.published) == (u(1), datetime(2022, 9, 1, tzinfo=UTC))
    assert life.precision is (Precision.DAY if name.endswith("json") else Precision.MONTH)
    assert len(done) == 9


def test_what_is_left_out_and_refused_is_told() -> None:
    assert [fact.reason for fact in facts(DATA / "monica.json") if isinstance(fact, Rejected)] == [
        "A contact has neither a name nor an address and was left out.", "An activity is about no contact of the export.",
        "Left out, because RelationDesk has nothing like them: reminders (1), relationships (1).",
    ]  # fmt: skip
    assert [fact.reason for fact in facts(DATA / "monica.sql") if isinstance(fact, Rejected)] == ["A note is about no contact of the export."]


@pytest.mark.parametrize("name", ["monica.json", "monica.sql"])
def test_parts_and_a_second_time(name: str) -> None:
    found = facts(DATA / name, Options(parts=frozenset({"calls"})))
    assert {fact.kind for fact in found if isinstance(fact, Activity)} == {Kind.CALL}
    assert {fact.key.native_id for fact in found if isinstance(fact, Profile)} == {u(1), u(4)}
    assert facts(DATA / name) == facts(DATA / name)


def test_in_a_zip_and_something_else(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "monica.zip", "w") as archive:
        archive.write(DATA / "monica.json", "export/monica.json")
    assert len(activities(tmp_path / "monica.zip")) == 9
    other = tmp_path / "other.json"
    other.write_text('{"account": {"uuid": "1"}}', encoding="utf-8")
    assert MonicaExport().recognise(other) is None
    with pytest.raises(UnreadableFile, match=r"no export of Monica\. Nothing was brought in\."):
        facts(other)


def test_json_that_breaks_off_keeps_what_stands_before(tmp_path: Path) -> None:
    whole = (DATA / "monica.json").read_bytes()
    cut = tmp_path / "monica.json"
    cut.write_bytes(whole[: whole.index(b'"Ben"') + 20])
    found = facts(cut)
    ann = next(fact for fact in found if isinstance(fact, Profile) and fact.key.native_id == u(1))
    # What its fields are called stands at the end of the file: a mail address and a number are known without it.
    assert [address.value for address in ann.addresses] == ["ann@harbour.example", "+47 22 00 00 01"]
    assert len([fact for fact in found if isinstance(fact, Activity)]) == 8
    assert "A contact cannot be read. It breaks off." in {fact.reason for fact in found if isinstance(fact, Rejected)}


def test_a_broken_contact_costs_itself(tmp_path: Path) -> None:
    text = (DATA / "monica.json").read_text(encoding="utf-8").replace('"first_name": "Ben"', '"first_name": Ben')
    broken = tmp_path / "monica.json"
    broken.write_text(text, encoding="utf-8")
    names = {fact.display_name for fact in facts(broken) if isinstance(fact, Profile)}
    assert names == {"Ann Berg", "Ida", "Sam Seller"}


def test_plural_names_of_groups_and_another_user(tmp_path: Path) -> None:
    text = (DATA / "monica.json").read_text(encoding="utf-8")
    for one, many in (("contact", "contacts"), ("user", "users"), ("call", "calls"), ("note", "notes")):
        text = text.replace(f'"type": "{one}"', f'"type": "{many}"')
    document = json.loads(text)
    (users,) = (group for group in document["account"]["data"] if group["type"] == "users")
    users["values"].insert(0, {"uuid": u(499), "first_name": "Eve", "last_name": "Other", "email": "eve@seller.example", "properties": {}})
    path = tmp_path / "monica.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    seen = MonicaExport().recognise(path)
    assert seen is not None and seen.owner == "Sam Seller"
    assert activities(path) == activities(DATA / "monica.json")


SQL = "INSERT IGNORE INTO `notes` (`id`,`body`) VALUES\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (" (1,'a'),\n (2,NULL);\n", [{"id": "1", "body": "a"}, {"id": "2"}]),
        (" (1,'it\\'s \\\"so\\\" \\\\'),\n (2,'two\n (3,\\'no row\\'),\nlines');\n", [{"id": "1", "body": 'it\'s "so" \\'}, {"id": "2", "body": "two\n (3,'no row'),\nlines"}]),
        (" (1,'never ends),\n (2,'b'),\n (3,'c');\n", ["A row never ends and was left out.", {"id": "2", "body": "b"}, {"id": "3", "body": "c"}]),
        (" (1),\n (2,'b');\n", ["This row has 1 cells where 2 belong.", {"id": "2", "body": "b"}]),
        (" (1,a b c),\n (2,'b');\n", ["This row is damaged and was left out.", {"id": "2", "body": "b"}]),
        (" (1,'a'),\n (2,'b", [{"id": "1", "body": "a"}, "The file breaks off in this row."]),
    ],
)  # fmt: skip
def test_rows_of_a_script(text: str, found: list[object]) -> None:
    assert [row for _, row in rows(io.BytesIO((SQL + text).encode()))] == found


def test_statements_that_are_no_rows_are_passed_over() -> None:
    script = f"DROP TABLE x;\n (1,'before');\n{SQL} (1,'a');\n (2,'after');\nINSERT INTO y VALUES (1);\n"
    assert [row for _, row in rows(io.BytesIO(script.encode()))] == [{"id": "1", "body": "a"}]
