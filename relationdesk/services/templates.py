"""Templates as decisions of the user, and filled for somebody with what the desk knows of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from relationdesk.engage.templates import FIELDS, Filled, field_name, fields, fill, gap_sentence
from relationdesk.errors import UserMistake
from relationdesk.model import Changes, Person, Precision
from relationdesk.outgoing import Deed
from relationdesk.prompts.base import ago
from relationdesk.saying import marked, say
from relationdesk.store import contact, exchanged, ledger, notes, particulars, people, templates
from relationdesk.store.database import Desk, transaction
from relationdesk.store.decision import Row
from relationdesk.store.templates import Purpose, Template
from relationdesk.store.timekey import moment, seconds
from relationdesk.text import day, given_name, one_line, short_day, storable

MOST_NAME = 80
MOST_LETTERS = 20_000
MOST_TOPIC = 80
MET_WITHIN = timedelta(days=370)
"""So far ahead a meeting is looked for."""
PURPOSES = {Deed.REPLY: Purpose.ANSWER, Deed.COMMENT: Purpose.ANSWER, Deed.MESSAGE: Purpose.MESSAGE, Deed.MAIL: Purpose.MAIL}
_BEFORE_TOPIC = re.compile(r"^\s*(?:(?:re|aw|sv|vs|antw|odp|r|fwd?|wg|tr|rv)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_NAMED = re.compile(r"^(?:@[\w.@-]+[\s,:]*)+")

STARTERS = (
    (marked("Getting back in touch"), Purpose.MAIL, marked("About {last topic}"),
     marked("Hi {first name},\n\nwe were last in touch {last contact}, about {last topic}. How did it go?\n\nBest regards\n{my name}")),
    (marked("Thank you"), Purpose.ANSWER, "", marked("Thank you, {first name}. I look into it and come back to you by {day}.")),
    (marked("After a meeting"), Purpose.NOTE, "", marked("Met {name}, {title} at {company}.\nMatters to them: \nWorries them: \nNext step: ")),
)  # fmt: skip
"""Offered where there is none yet: name, purpose, subject, text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A template as it is being typed. saved: when it reached the disk, aware UTC."""

    name: str = ""
    purpose: Purpose = Purpose.MESSAGE
    subject: str = ""
    text: str = ""
    saved: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A template filled for somebody. whom: their name, for sentences."""

    template: Template
    subject: Filled
    text: Filled
    whom: str = ""

    @property
    def gaps(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.subject.gaps, *self.text.gaps)))

    @property
    def missing(self) -> tuple[str, ...]:
        """A sentence for each gap."""
        return tuple(gap_sentence(gap, self.whom) for gap in self.gaps)


# Kept


def draft(db: Desk, uid: str) -> Typed | None:
    """What was typed of this template ("": of a new one) and not kept."""
    row = notes.draft(db, _slot(uid))
    try:
        told = json.loads(row[0]) if row is not None else {}
        return Typed(name=told["name"], purpose=Purpose(told["purpose"]), subject=told["subject"], text=told["text"], saved=moment(row[4])) if row else None
    except (ValueError, KeyError, TypeError):
        return None


def keep_draft(db: Desk, uid: str, typed: Typed, now: datetime) -> None:
    """Put what is being typed on disk; without a name and words the draft goes."""
    told = {"name": typed.name, "purpose": typed.purpose.value, "subject": typed.subject, "text": typed.text}
    empty = not (typed.name.strip() or typed.subject.strip() or typed.text.strip())
    with transaction(db):
        notes.set_draft(db, _slot(uid), "" if empty else storable(json.dumps(told, ensure_ascii=False)), "note", 0, None, seconds(now))


def _slot(uid: str) -> str:
    return f"template:{uid}"


def save(
    db: Desk, now: datetime, *, name: str, purpose: Purpose, text: str, subject: str = "", uid: str = "", with_draft: bool = False
) -> tuple[Template, Changes]:  # fmt: skip
    """A new one, or (uid) another wording of one that is there. with_draft: what was being typed is kept by this.

    Raises UserMistake without a name or words, and for a name that is taken.
    """
    values = _checked(db, name, purpose, subject, text, uid)
    old = templates.by_uid(db, uid) if uid else None
    if uid and old is None:
        raise UserMistake(say("This template is no longer there. Nothing was changed. Your words are still here; keep them as a new one."))
    sentence = say("Template {values} changed", values=values["name"]) if old else say("New template {values}", values=values["name"])
    with ledger.decide(db, "template", sentence, seconds(now)) as d:
        if old is not None:
            d.update("templates", {"id": old.id}, {**values, "saved_at": seconds(now)})
            id_ = old.id
        else:
            id_ = d.insert("templates", {"uid": people.new_uid(), **values, "made_at": seconds(now), "saved_at": seconds(now)})
        if with_draft:
            notes.set_draft(db, _slot(uid), "", "note", 0, None, seconds(now))
        saved = _get(db, id_)  # before the end of it: what fails afterwards would be told as not saved
    return saved, _changes(sentence)


def duplicate(db: Desk, uid: str, now: datetime) -> tuple[Template, Changes]:
    """The same under another name."""
    old = _by_uid(db, uid)
    taken = {one.name for one in templates.every(db)}
    stem = old.name[: MOST_NAME - 12].rstrip()
    name = next(name for n in range(1, len(taken) + 2) if (name := f"{stem} (copy{f' {n}' if n > 1 else ''})") not in taken)
    return save(db, now, name=name, purpose=old.purpose, text=old.text, subject=old.subject)


def remove(db: Desk, uid: str, now: datetime) -> Changes:
    old = _by_uid(db, uid)
    sentence = say("Template {name} removed", name=old.name)
    with ledger.decide(db, "template", sentence, seconds(now)) as d:
        d.delete("templates", {"id": old.id})
    return _changes(sentence)


def add_starters(db: Desk, now: datetime) -> Changes:
    """Those whose name is free, in one step."""
    with ledger.decide(db, "template", say("Templates to start with"), seconds(now)) as d:
        for called, purpose, subject, text in STARTERS:
            name = say(called)
            if templates.by_name(db, name) is None:
                values = _checked(db, name, purpose, say(subject), say(text), "")
                d.insert("templates", {"uid": people.new_uid(), **values, "made_at": seconds(now), "saved_at": seconds(now)})
    return _changes(say("Templates to start with"))


def _checked(db: Desk, name: str, purpose: Purpose, subject: str, text: str, uid: str) -> Row:
    called = one_line(name, MOST_NAME + 1)
    if not called or len(called) > MOST_NAME:
        raise UserMistake(say("A template needs a name of at most {most} letters. Nothing was changed. Your words are still here.", most=MOST_NAME))
    other = templates.by_name(db, called)
    if other is not None and other.uid != uid:
        raise UserMistake(say("There is a template “{name}” already. Nothing was changed. Choose another name; your words are still here.", name=other.name))
    if not text.strip():
        raise UserMistake(say("There are no words in this template yet. Nothing was changed. Write some."))
    if len(text) > MOST_LETTERS or len(subject) > MOST_LETTERS:
        raise UserMistake(say("A template has at most {most:,} letters. Nothing was changed. Make it shorter; your words are still here.", most=MOST_LETTERS))
    return {"name": called, "purpose": purpose.value, "subject": one_line(storable(subject), MOST_LETTERS) if purpose is Purpose.MAIL else "", "text": storable(text)}


# Filled


def ready(
    db: Desk, uid: str, person_id: int | None, now: datetime, *, purpose: Purpose | None = None, name: str = "", company: str = ""
) -> Ready:  # fmt: skip
    """purpose: what it is used for now, if that is not what it was written for. name, company: of somebody who is nobody's yet, or of the
    company that a note is about."""
    template = _by_uid(db, uid)
    return fitted(db, template, person_id, now, purpose=purpose, name=name, company=company)


def fitted(
    db: Desk, template: Template, person_id: int | None, now: datetime, *, purpose: Purpose | None = None, name: str = "", company: str = ""
) -> Ready:  # fmt: skip
    """As `ready`, of a template as it stands, which may not be kept yet."""
    person = people.get(db, person_id) if person_id is not None else None
    used = purpose or template.purpose
    wanted = fields(f"{template.subject}\n{template.text}")
    found = known(db, person, now, wanted, public=used is Purpose.ANSWER, name=name, company=company)
    return Ready(
        template=template, subject=fill(template.subject if used is Purpose.MAIL else "", found), text=fill(template.text, found),
        whom=person.name if person is not None else name or company,
    )  # fmt: skip


def known(
    db: Desk, person: Person | None, now: datetime, wanted: tuple[str, ...] = FIELDS, *, public: bool = False, name: str = "", company: str = ""
) -> Mapping[str, str]:  # fmt: skip
    """What goes in for these fields, by their names; what is not known is not in it. public: nothing of what was said in private."""
    called = person.name if person is not None else name
    me = people.me(db) if "my name" in wanted else None
    found: dict[str, Callable[[], str]] = {
        "first name": partial(_first_name, called), "name": lambda: "" if "@" in called else called,
        "company": lambda: person.company if person is not None else company, "title": lambda: person.title if person is not None else "",
        "my name": lambda: me.name if me is not None else "", "today": lambda: day(now),
    }  # fmt: skip
    if person is not None:
        found |= {
            "last topic": partial(_topic, db, person.id, now, public), "last contact": partial(_contact, db, person.id, now),
            "meeting": partial(_meeting, db, person.id, now),
        }  # fmt: skip
        for one in sorted(particulars.of_person(db, person.id), key=lambda one: (one.saved, one.id)):
            if field_name(one.label) not in FIELDS:
                found[field_name(one.label)] = partial(str, one.text)
    return {asked: value for asked in wanted if asked in found and (value := one_line(found[asked](), 500))}


def _first_name(name: str) -> str:
    """What they are called by; "" for addresses and mere initials."""
    first = "" if "@" in name else given_name(name)
    return first if len(first.rstrip(".")) > 1 or not first.isascii() else ""


def _topic(db: Desk, person_id: int, now: datetime, public: bool) -> str:
    """The subject, or the first words, of the newest thing exchanged."""
    for title, text in exchanged.newest(db, person_id, now, public=public):
        topic = _BEFORE_TOPIC.sub("", one_line(title)) or _NAMED.sub("", one_line(text.strip().partition("\n")[0]))
        if topic:
            return topic if len(topic) <= MOST_TOPIC else topic[:MOST_TOPIC].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
    return ""


def _contact(db: Desk, person_id: int, now: datetime) -> str:
    last = contact.last(db, now, [person_id]).get(person_id, contact.NEVER).last
    return "" if last is None else ago(now, last)


def _meeting(db: Desk, person_id: int, now: datetime) -> str:
    """ "24 November at 14:00", in the user's zone."""
    found = exchanged.next_meeting(db, person_id, now, now + MET_WITHIN)
    if found is None:
        return ""
    at, precision = found
    local = at.astimezone()
    when = at.date() if precision is Precision.DAY else local
    said = short_day(when) if when.year == now.astimezone().year else day(when)
    return said if precision is Precision.DAY else f"{said} at {local:%H:%M}"


def _by_uid(db: Desk, uid: str) -> Template:
    found = templates.by_uid(db, uid)
    if found is None:
        raise UserMistake(say("This template is no longer there. Nothing was changed."))
    return found


def _get(db: Desk, id_: int) -> Template:
    found = templates.get(db, id_)
    assert found is not None
    return found


def _changes(sentence: str) -> Changes:
    return Changes(templates=True, undo=sentence)
