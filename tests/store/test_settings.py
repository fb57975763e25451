"""Settings come back as they were saved; whatever else stands in the table counts as not set."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace

import pytest

from relationdesk.store import settings
from relationdesk.store.database import Desk, open_memory
from relationdesk.store.settings import Settings


@pytest.fixture
def db() -> Desk:
    return open_memory()


def put(db: Desk, name: str, raw: str) -> None:
    db.execute("INSERT INTO settings VALUES (?,?) ON CONFLICT DO UPDATE SET value = excluded.value", (name, raw))


def test_every_setting_survives(db: Desk) -> None:
    assert settings.load(db) == Settings()
    other: dict[str, object] = {}
    for f in fields(Settings):
        other[f.name] = not f.default if isinstance(f.default, bool) else f.default + 1 if isinstance(f.default, int) else "dark"
    new = Settings(**other)  # type: ignore[arg-type]
    assert all(value != asdict(Settings())[name] for name, value in asdict(new).items())
    settings.save(db, new)
    assert settings.load(db) == new
    settings.save(db, Settings())
    assert settings.load(db) == Settings()


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("text_percent", '"large"'), ("text_percent", "true"), ("text_percent", "1.5"), ("text_percent", "null"), ("text_percent", "[]"),
        ("theme", "7"), ("sync_at_start", "1"), ("sync_at_start", '"yes"'), ("prompts_at_most", "{}"), ("prompts_at_most", "not json"),
        ("theme", ""), ("from_a_later_release", "1"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_type_counts_as_not_set(db: Desk, name: str, raw: str) -> None:
    settings.save(db, replace(Settings(), extra_bom=False))
    put(db, name, raw)
    assert settings.load(db) == replace(Settings(), extra_bom=False)


def test_a_mapping_belongs_to_exactly_these_columns(db: Desk) -> None:
    columns, mapping = ("Vorname", "Mail"), {"Vorname": "given_name", "Mail": "mail"}
    assert settings.mapping_for(db, columns) == {}
    settings.remember_mapping(db, columns, {"Vorname": "name"})
    settings.remember_mapping(db, columns, mapping)
    assert settings.mapping_for(db, columns) == mapping
    assert settings.mapping_for(db, ("Mail", "Vorname")) == {} == settings.mapping_for(db, ("Vorname",))
    assert settings.load(db) == Settings()


def test_a_remembered_text_never_meets_a_setting_of_its_name(db: Desk) -> None:
    settings.set_value(db, "theme", "words")
    assert settings.value(db, "theme") == "words" and settings.load(db).theme == "system"
    settings.set_value(db, "theme", 'other "words" \u2028')
    assert settings.value(db, "theme") == 'other "words" \u2028'
    assert settings.value(db, "nothing") == ""


def test_what_is_stored_is_json(db: Desk) -> None:
    settings.save(db, Settings())
    assert {name: json.loads(value) for name, value in db.execute("SELECT name, value FROM settings")} == asdict(Settings())
