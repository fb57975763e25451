"""Settings: one dataclass to rows. The unit stands in the name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from relationdesk.store.database import Desk, transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the user can set. A value of the wrong type in the store counts as not set."""

    theme: str = "system"  # system, light, dark
    text_percent: int = 100  # 75–200
    sync_every_minutes: int = 30
    sync_at_start: bool = True
    prompts_at_most: int = 12
    prompts_per_person: int = 2  # shown at a time
    rest_days: int = 3  # after something done about somebody nothing new is begun with them
    answer_days: int = 7  # so long words of mine that wait for an answer hold further ones back
    quiet_from_minute: int = 0  # of the day, in the user's zone; the same as the end: no quiet hours
    quiet_until_minute: int = 0
    my_words: str = ""  # names of the user's firm and goods, parted by commas
    competitor_words: str = ""
    watched_words: str = ""
    home_town: str = ""
    rhythm_days: int = 30  # what a new rhythm begins with
    hold_seconds: int = 10  # 0–60: so long what was sent can be taken back; 0: not at all
    remind: bool = True  # show reminders as notifications
    is_sample: bool = False  # this desk was filled with the sample
    extra_bom: bool = True  # CSV files begin with a byte order mark


def load(db: Desk) -> Settings:
    stored = {name: _read(value) for name, value in db.execute("SELECT name, value FROM settings")}
    # Exactly the type: True is an int as well.
    return Settings(**{f.name: stored[f.name] for f in fields(Settings) if type(stored.get(f.name)) is type(f.default)})


def _read(text: str) -> Any:
    """A stored value; None for what is no JSON, and so of no setting's type."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def save(db: Desk, new: Settings) -> None:
    """Write every setting."""
    with transaction(db):
        db.executemany(
            "INSERT INTO settings VALUES (?,?) ON CONFLICT DO UPDATE SET value = excluded.value",
            [(name, json.dumps(value)) for name, value in asdict(new).items()],
        )


_HANDED_ON = "handed_on_mapping:"


def mapping_for(db: Desk, columns: tuple[str, ...]) -> Mapping[str, str]:
    """The remembered meaning of the columns of a table with exactly this header; else that of a mapping that somebody handed on and
    all of whose columns it has, the widest; {} if there is none."""
    row = db.execute("SELECT value FROM settings WHERE name = ?", ("mapping:" + json.dumps(columns),)).fetchone()
    if row:
        return dict(json.loads(row[0]))
    rows = db.execute("SELECT value FROM settings WHERE name >= ? AND name < ? ORDER BY name", (_HANDED_ON, _HANDED_ON[:-1] + ";"))
    fitting = [mapping for row in rows if isinstance(mapping := _read(row[0]), dict) and mapping.keys() <= set(columns)]
    return max(fitting, key=lambda mapping: len(mapping), default={})


def remember_mapping(db: Desk, columns: tuple[str, ...], mapping: Mapping[str, str]) -> None:
    with transaction(db):
        db.execute(
            "INSERT INTO settings VALUES (?,?) ON CONFLICT DO UPDATE SET value = excluded.value",
            ("mapping:" + json.dumps(columns), json.dumps(dict(mapping))),
        )


def keep_handed_on(db: Desk, mapping: Mapping[str, str]) -> None:
    """Keep a mapping that was handed on, for every table that has its columns. Inside `transaction`."""
    _set(db, _handed_on(mapping), dict(mapping))


def forget_handed_on(db: Desk, mapping: Mapping[str, str]) -> None:
    """Inside `transaction`."""
    db.execute("DELETE FROM settings WHERE name = ?", (_handed_on(mapping),))


def _handed_on(mapping: Mapping[str, str]) -> str:
    return _HANDED_ON + json.dumps(sorted(mapping))


def answer(db: Desk, question: str) -> str:
    """The remembered answer to a question about a kind of file; "" if there is none."""
    row = db.execute("SELECT value FROM settings WHERE name = ?", (f"answer:{question}",)).fetchone()
    found = _read(row[0]) if row else ""
    return found if isinstance(found, str) else ""


def remember_answer(db: Desk, question: str, text: str) -> None:
    """Inside `transaction`."""
    _set(db, f"answer:{question}", text)


def parts_of(db: Desk, format: str) -> Mapping[str, bool]:
    """Which parts of a format were read last time, by their names; {} if nobody chose."""
    row = db.execute("SELECT value FROM settings WHERE name = ?", (f"parts:{format}",)).fetchone()
    found = _read(row[0]) if row else {}
    return {str(name): wanted for name, wanted in found.items() if isinstance(wanted, bool)} if isinstance(found, dict) else {}


def remember_parts(db: Desk, format: str, parts: Mapping[str, bool]) -> None:
    """Inside `transaction`."""
    _set(db, f"parts:{format}", dict(parts))


def _set(db: Desk, name: str, new: object) -> None:
    db.execute("INSERT INTO settings VALUES (?,?) ON CONFLICT DO UPDATE SET value = excluded.value", (name, json.dumps(new)))


def thresholds(db: Desk) -> dict[str, int]:
    """What the user set of rules, "rule.field" → whole number; what is no whole number counts as not set."""
    rows = db.execute("SELECT name, value FROM settings WHERE name GLOB 'rule:*'")
    return {name[5:]: found for name, text in rows if type(found := _read(text)) is int}


def threshold_name(rule: str, field: str) -> str:
    """Under which name its number is stored."""
    return f"rule:{rule}.{field}"


def set_threshold(db: Desk, name: str, number: int | None) -> None:
    """None: as it was meant."""
    with transaction(db):
        if number is None:
            db.execute("DELETE FROM settings WHERE name = ?", (f"rule:{name}",))
        else:
            _set(db, f"rule:{name}", number)


def value(db: Desk, name: str) -> str:
    """A single remembered text (window layout and the like); "" if there is none."""
    row = db.execute("SELECT value FROM settings WHERE name = ?", ("ui:" + name,)).fetchone()
    return str(json.loads(row[0])) if row else ""


def set_value(db: Desk, name: str, text: str) -> None:
    with transaction(db):
        db.execute(
            "INSERT INTO settings VALUES (?,?) ON CONFLICT DO UPDATE SET value = excluded.value",
            ("ui:" + name, json.dumps(text)),
        )
