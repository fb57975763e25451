"""Records in JSON as tables: lines, lists, what lies deeper; and what is none."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Fact, Profile, Progress, Rejected
from relationdesk.services.recognising import recognise
from relationdesk.sources.base import Options
from relationdesk.sources.csv_columns import guess_mapping
from relationdesk.sources.csv_contacts import CsvContacts
from relationdesk.sources.json_table import MOST_COLUMNS, flat

LINES = (
    '{"ts": 1710336600, "user": {"name": "Ann Lee", "email": "ann@lee.example"}, "text": "Hello", "channel": "sms"}\n'
    '{"ts": 1710336700, "user": {"name": "Bob Ray", "email": "bob@ray.example"}, "text": "Hi\\nthere", "tags": ["a", "b"]}\n'
)
PEOPLE = [{"name": "Ann Lee", "emails": [{"type": "work", "value": "ann@lee.example"}], "on": True}, {"name": "Bob Ray", "emails": [], "age": 41}]


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "export.json"
    path.write_text(text, encoding="utf-8")
    return path


def facts(path: Path, mapping: dict[str, str]) -> list[Fact]:
    return [one for one in CsvContacts().read(path, Options(mapping=mapping)) if not isinstance(one, Progress)]


def test_lines_of_what_was_said(tmp_path: Path) -> None:
    path = written(tmp_path, LINES)
    source, seen = recognise(path)
    assert (source.name, seen.title, seen.columns) == ("csv_contacts", "Table in JSON", ("ts", "user.name", "user.email", "text", "channel", "tags"))
    meant = guess_mapping(seen.columns, seen.sample)
    assert meant == {"ts": "date", "user.name": "name", "user.email": "mail", "text": "text", "channel": "kind"}
    found = facts(path, meant)
    assert [one.display_name for one in found if isinstance(one, Profile)] == ["Ann Lee", "Bob Ray"]
    assert [(one.text, f"{one.published:%H:%M:%S}") for one in found if isinstance(one, Activity)] == [("Hello", "13:30:00"), ("Hi\nthere", "13:31:40")]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_of_people(tmp_path: Path, indent: int | None) -> None:
    path = written(tmp_path, "\ufeff" + json.dumps(PEOPLE, indent=indent))
    _, seen = recognise(path)
    assert seen.columns == ("name", "emails", "on", "age") and seen.sample[0] == ("Ann Lee", "ann@lee.example", "yes", "")
    ann, bob = (one for one in facts(path, {"name": "name", "emails": "mail"}) if isinstance(one, Profile))
    assert (ann.display_name, ann.addresses[0].value, bob.display_name, bob.addresses) == ("Ann Lee", "ann@lee.example", "Bob Ray", ())


def test_a_damaged_record_costs_itself_and_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, LINES + '7\n{"ts": oops}\n{"ts": 1710336800, "user": {"name": "Cy Moe"}, "text": "Bye"}\n{"ts": 17')
    found = facts(path, {"ts": "date", "user.name": "name", "text": "text"})
    assert [one.text for one in found if isinstance(one, Activity)] == ["Hello", "Hi\nthere", "Bye"]
    refused = [one for one in found if isinstance(one, Rejected)]
    assert [one.where for one in refused] == [f"export.json record {n}" for n in (3, 4, 6)] and all(one.reason.endswith(".") for one in refused)


@pytest.mark.parametrize(
    "text",
    ['{"name": "Ann", "email": "a@b.example"}', "[1, 2]", "[]", "{}", '["a"]', '[{"a": 1}]', "[" * 100_000, '{"a":' * 100_000, "[{", '{"relationdesk_mapping": 1, "columns": {"Wer": "name"}}'],
)
def test_what_is_no_table(tmp_path: Path, text: str) -> None:
    assert CsvContacts().recognise(written(tmp_path, text)) is None


def test_what_a_place_wrote_keeps_its_own_answer(tmp_path: Path) -> None:
    path = written(tmp_path, 'window.YTD.ad_engagements.part0 = [{"name": "Ann", "email": "a@b.example"}]')
    assert CsvContacts().recognise(path) is None


def test_cells_of_hostile_records() -> None:
    cells = flat({"a\nb": "x\0\ud800", "deep": {"er": {"est": 1}, "n": 1.5}, "list": [1, {"x": 2}, {"value": "v"}, [3], None], "none": None, "big": 10**30})
    assert cells == {"a b": "x?", "deep.n": "1.5", "list": "1; v", "none": "", "big": "1" + "0" * 30}


def test_many_columns_and_many_records_take_linear_time(tmp_path: Path) -> None:
    wide = written(tmp_path, "\n".join(json.dumps({f"k{n}": n for n in range(5_000)}) for _ in range(3)))
    seen = CsvContacts().recognise(wide)
    assert seen is not None and len(seen.columns) == MOST_COLUMNS

    def taken(count: int) -> float:
        path = written(tmp_path, "\n".join(f'{{"name": "Person {n}", "email": "p{n}@x.example"}}' for n in range(count)))
        began = time.process_time()
        assert len(facts(path, {"name": "name", "email": "mail"})) == count
        return time.process_time() - began

    taken(100)
    assert taken(8_000) < 8 * max(taken(2_000), 0.02)


CUSTOMERS = [{"Kunde": "Ann Lee", "Post": "ann@lee.example"}, {"Kunde": "Bob Ray", "Post": "bob@ray.example"}]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("wrap", [lambda found: {"contacts": found}, lambda found: {"version": 3, "data": {"total": 2, "contacts": found}, "next": None}])
def test_a_document_with_one_list_is_that_list(tmp_path: Path, indent: int | None, wrap: Callable[[object], object]) -> None:
    path = written(tmp_path, json.dumps(wrap(PEOPLE[:1]), indent=indent))
    source, seen = recognise(path)
    assert (source.name, seen.asks, seen.columns) == ("csv_contacts", (), ("name", "emails", "on"))
    (ann,) = (one for one in facts(path, {"name": "name", "emails": "mail"}) if isinstance(one, Profile))
    assert (ann.display_name, ann.addresses[0].value) == ("Ann Lee", "ann@lee.example")


def test_of_several_lists_that_of_people_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, json.dumps({"products": [{"sku": 1, "price": 2}, {"sku": 2, "price": 3}], "people": PEOPLE, "tags": ["a", "b"]}))
    _, seen = recognise(path)
    assert seen.asks == () and seen.columns == ("name", "emails", "on", "age")
    assert [one.reason for one in facts(path, {"name": "name"}) if isinstance(one, Rejected)] == ["Other lists in this file were left out: “products”."]


def test_which_of_several_lists_is_asked(tmp_path: Path) -> None:
    suppliers = [{"Lieferant": "Cy Moe", "Post": "cy@moe.example"}]
    path = written(tmp_path, json.dumps({"customers": CUSTOMERS, "more": {"suppliers": suppliers}}))
    _, seen = recognise(path)
    assert [(ask.name, [answer for answer, _ in ask.choices]) for ask in seen.asks] == [("list", ["customers", "more.suppliers"])]
    assert seen.columns == ("Kunde", "Post", "Lieferant") and seen.sample[-1] == ("", "cy@moe.example", "Cy Moe")
    with pytest.raises(UnreadableFile, match="Which of the lists"):
        facts(path, {"Kunde": "name", "Lieferant": "name", "Post": "mail"})
    for answer, names in (("customers", ["Ann Lee", "Bob Ray"]), ("more.suppliers", ["Cy Moe"])):
        said = Options(mapping={"Kunde": "name", "Lieferant": "name", "Post": "mail"}, answers={"list": answer})
        assert [one.display_name for one in CsvContacts().read(path, said) if isinstance(one, Profile)] == names


def test_a_damaged_record_of_such_a_list_costs_itself(tmp_path: Path) -> None:
    path = written(tmp_path, '{"contacts": [{"name": "Ann", "email": "a@b.example"}, {"name": oops}, {"name": "Bob", "email": "b@b.example"}], "more": 1}')
    found = facts(path, {"name": "name", "email": "mail"})
    assert [one.display_name for one in found if isinstance(one, Profile)] == ["Ann", "Bob"]
    assert [one.where for one in found if isinstance(one, Rejected)] == ["export.json contacts record 2"]


def test_a_large_document_is_looked_into_no_further_than_needed(tmp_path: Path) -> None:
    """Of ten megabytes the first are looked into: what is read is the whole list."""
    many = [{"name": f"Person {n}", "email": f"p{n}@x.example", "about": "x" * 100} for n in range(60_000)]
    path = written(tmp_path, json.dumps({"contacts": many, "others": PEOPLE}))
    began = time.process_time()
    seen = CsvContacts().recognise(path)
    assert time.process_time() - began < 5 and seen is not None and seen.asks == () and seen.columns == ("name", "email", "about")
    assert sum(isinstance(one, Profile) for one in facts(path, {"name": "name", "email": "mail"})) == 60_000
