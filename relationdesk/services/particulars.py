"""What the user keeps in mind of people, as decisions that can be taken back."""

from __future__ import annotations

from datetime import datetime

from relationdesk.engage.templates import FIELDS, MOST_FIELD, field_name
from relationdesk.errors import UserMistake
from relationdesk.model import Changes, Person
from relationdesk.saying import say
from relationdesk.services import their_days
from relationdesk.store import ledger, particulars, people
from relationdesk.store.database import Desk
from relationdesk.store.particulars import Particular
from relationdesk.store.timekey import seconds
from relationdesk.text import one_line

MOST_LETTERS = 500


def of_label(db: Desk, person_id: int, label: str) -> Particular | None:
    """Of two with this label the one that was written last."""
    name = field_name(label)
    found = [one for one in particulars.of_person(db, person_id) if field_name(one.label) == name]
    return max(found, key=lambda one: (one.saved, one.id), default=None)


def keep(db: Desk, person_id: int, label: str, text: str, now: datetime) -> tuple[Particular, Changes]:
    """Write it down, or anew where there is one of that label. Raises UserMistake for a label that can be no field, or no words."""
    person = _person(db, person_id)
    label, text = _checked(label, text)
    there = of_label(db, person_id, label)
    if there is not None:
        return change(db, there.id, label, text, now)
    sentence = say("{name}: {label}", name=person.name, label=label)
    with ledger.decide(db, "particular", sentence, seconds(now)) as d:
        id_ = d.insert("particulars", {"uid": people.new_uid(), "person_id": person_id, "label": label, "text": text, "saved_at": seconds(now)})
        kept = _get(db, id_)  # before the end of it: what fails afterwards would be told as not kept
    return kept, _changes(person_id, sentence)


def change(db: Desk, particular_id: int, label: str, text: str, now: datetime) -> tuple[Particular, Changes]:
    """Raises UserMistake as `keep`, and where another one has that label."""
    old = _get(db, particular_id)
    label, text = _checked(label, text)
    other = next((p for p in particulars.of_person(db, old.person_id) if p.id != old.id and field_name(p.label) == field_name(label)), None)
    if other is not None and field_name(old.label) != field_name(label):
        raise UserMistake(say("There is a “{label}” already. Nothing was changed. Change that one, or choose another label.", label=other.label))
    sentence = say("{name}: {label} changed", name=_person(db, old.person_id).name, label=label)
    with ledger.decide(db, "particular", sentence, seconds(now)) as d:
        d.update("particulars", {"id": old.id}, {"label": label, "text": text, "saved_at": seconds(now)})
        kept = _get(db, old.id)
    return kept, _changes(old.person_id, sentence)


def remove(db: Desk, particular_id: int, now: datetime) -> Changes:
    old = _get(db, particular_id)
    sentence = say("{name}: {label} removed", name=_person(db, old.person_id).name, label=old.label)
    with ledger.decide(db, "particular", sentence, seconds(now)) as d:
        d.delete("particulars", {"id": old.id})
    return _changes(old.person_id, sentence)


def _checked(label: str, text: str) -> tuple[str, str]:
    label, text = one_line(label, 200), one_line(text, MOST_LETTERS + 1)
    name = field_name(label)
    if name in FIELDS:
        raise UserMistake(say("“{label}” is known by itself. Nothing was changed. Choose another label.", label=label))
    if not name:
        raise UserMistake(say("A label is one or a few words, {most} letters at most, without brackets and signs like = or ;. Nothing was changed.", most=MOST_FIELD))
    if not text:
        raise UserMistake(say("There is nothing to keep as “{label}” yet. Nothing was changed. Write a few words.", label=label))
    if len(text) > MOST_LETTERS:
        raise UserMistake(say("This is longer than {most} letters. Nothing was changed. Shorten it, or write a note.", most=MOST_LETTERS))
    if their_days.is_day(label):
        if not (day := their_days.as_kept(label, text)):
            raise UserMistake(say("“{text}” is no day, or could be two. Nothing was changed. Write it as 4 May, or 4 May 1979.", text=text[:60]))
        return label, day
    return label, text


def _person(db: Desk, person_id: int) -> Person:
    found = people.get(db, person_id)
    if found is None:
        raise UserMistake(say("This person is no longer in the desk. Nothing was changed."))
    return found


def _get(db: Desk, particular_id: int) -> Particular:
    found = particulars.get(db, particular_id)
    if found is None:
        raise UserMistake(say("This is no longer there. Nothing was changed."))
    return found


def _changes(person_id: int, sentence: str) -> Changes:
    return Changes(people=frozenset({person_id}), prompts=True, undo=sentence)  # a birthday is a reason to get in touch
