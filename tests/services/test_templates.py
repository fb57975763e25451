"""Templates are decisions of the user; filled, they hold what the desk knows and a gap for the rest."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from relationdesk.errors import UserMistake
from relationdesk.model import Kind, Precision, Role
from relationdesk.services import notes, particulars, people, taking_back, templates
from relationdesk.services.templates import STARTERS, Ready
from relationdesk.store import people as persons
from relationdesk.store import templates as rows
from relationdesk.store.database import Desk, open_desk, open_memory
from relationdesk.store.templates import Purpose, Template
from tests.facts import NOW, ago, bring, did, person_id, who

ME = who("Sam Carter", owner=True)
JOE = who("Joe Brown", company="Alder & Finch", title="Director", mail="joe@x.example")


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    bring(db, [ME, JOE, did(JOE, "old", ago(days=30), "about the lift", to=[ME], title="Lift"),
               did(JOE, "new", ago(days=3), "words", to=[ME], title="Re: AW:  Meters for the annex", private=True, kind=Kind.MAIL),
               did(JOE, "copy", ago(days=1), "seen as a copy", to=[ME], role=Role.CC),
               did(JOE, "like", ago(days=2), "❤", to=[ME], kind=Kind.REACTION)])  # fmt: skip
    return db


def write(db: Desk, text: str, purpose: Purpose = Purpose.MESSAGE, subject: str = "") -> Template:
    return templates.save(db, NOW, name=f"T{db.execute('SELECT count(*) FROM templates').fetchone()[0]}", purpose=purpose, text=text, subject=subject)[0]


def filled(db: Desk, text: str, purpose: Purpose = Purpose.MESSAGE, name: str = "Joe Brown") -> Ready:
    return templates.ready(db, write(db, text, purpose).uid, person_id(db, name), NOW)


def test_every_field_has_what_the_desk_knows(db: Desk) -> None:
    meeting = did(ME, "m", NOW + timedelta(days=4, hours=3), "", title="Walk", kind=Kind.EVENT, to=[JOE], place="calendar")
    bring(db, [ME, JOE, meeting])
    local = (NOW + timedelta(days=4, hours=3)).astimezone()
    found = filled(db, "{first name}|{name}|{company}|{title}|{last topic}|{last contact}|{meeting}|{my name}|{today}")
    assert found.text.text == f"Joe|Joe Brown|Alder & Finch|Director|Meters for the annex|2 days ago|24 November at {local:%H:%M}|Sam Carter|20 November 2026"
    assert found.gaps == () and found.whom == "Joe Brown"


def test_in_public_nothing_of_what_was_private(db: Desk) -> None:
    assert filled(db, "{last topic}", Purpose.ANSWER).text.text == "Lift"
    message = write(db, "{last topic}")
    assert templates.ready(db, message.uid, person_id(db, "Joe Brown"), NOW, purpose=Purpose.ANSWER).text.text == "Lift"


@pytest.mark.parametrize(
    ("title", "text", "topic"),
    [("", "@sam@hotel.example, @joe how are the meters?\nmore", "how are the meters?"), ("Fwd: [list] Boiler", "", "[list] Boiler"),
     ("RE[2]: re: ", "words", "words"), ("", "w" * 90, "w" * 80 + "…"), ("", "word " * 40, ("word " * 16).strip() + "…"),
     ("Retail: prices", "", "Retail: prices")],
)  # fmt: skip
def test_a_topic_is_the_subject_or_the_first_words(db: Desk, title: str, text: str, topic: str) -> None:
    bring(db, [ME, JOE, did(ME, "mine", ago(hours=1), text, to=[JOE], title=title)])
    assert filled(db, "{last topic}").text.text == topic


def test_what_the_desk_does_not_know_is_a_gap(db: Desk) -> None:
    people.add_person(db, "Ann", NOW)
    found = filled(db, "Hi {first name} of {company}: {last topic}, {meeting}, {dog}", name="Ann")
    assert found.text.text == "Hi Ann of ⟦company⟧: ⟦last topic⟧, ⟦meeting⟧, ⟦dog⟧" and found.gaps == ("company", "last topic", "meeting", "dog")
    stranger = templates.ready(db, write(db, "{first name} {name} {dog}").uid, None, NOW, name="Kim Tanaka")
    assert (stranger.text.text, stranger.whom) == ("Kim Kim Tanaka ⟦dog⟧", "Kim Tanaka")


@pytest.mark.parametrize(
    ("name", "first"),
    [("Jones, Mary", "Mary"), ("Dr. Hannah Weiss", "Hannah"), ("joe@x.example", "⟦first name⟧"), ("J. Smith", "⟦first name⟧"), ("نور حداد", "نور"),
     ("李雷", "李雷"), ("{my name}", "{my"), ("Lara" * 50, "Lara" * 50)],
)  # fmt: skip
def test_what_people_are_called_by(db: Desk, name: str, first: str) -> None:
    people.add_person(db, name, NOW)
    found = filled(db, "{first name}", name=name)
    assert found.text.text == first
    assert filled(db, "{name}.", name=name).text.text == ("⟦name⟧." if "@" in name else f"{name}.")


def test_a_meeting_is_mine_with_them_and_few(db: Desk) -> None:
    crowd = [who(f"P {n}") for n in range(20)]
    soon, later = NOW + timedelta(days=1), NOW + timedelta(days=50)
    bring(db, [ME, JOE, *crowd, did(JOE, "theirs", soon, "", kind=Kind.EVENT), did(ME, "fair", soon, "", kind=Kind.EVENT, to=[JOE, *crowd]),
               did(ME, "was", ago(hours=2), "", kind=Kind.EVENT, to=[JOE]),
               did(JOE, "day", later.replace(hour=0, minute=0), "", kind=Kind.EVENT, to=[ME], precision=Precision.DAY)])  # fmt: skip
    assert filled(db, "{meeting}").text.text == "9 January 2027"
    bring(db, [ME, JOE, did(ME, "today", NOW.replace(hour=0, minute=0), "", kind=Kind.EVENT, to=[JOE], precision=Precision.DAY)])
    assert filled(db, "{meeting}").text.text == "20 November"


def test_particulars_fill_fields_and_built_in_ones_win(db: Desk) -> None:
    joe = person_id(db, "Joe Brown")
    particulars.keep(db, joe, "Dog", "Bruno", NOW)
    assert filled(db, "How is {dog}? {DOG} {the dog}").text.text == "How is Bruno? Bruno ⟦the dog⟧"
    note, _ = notes.write(db, "call", NOW, person_id=joe)
    db.execute("UPDATE particulars SET label = 'name', text = 'wrong'")  # as an older or foreign export may hold it
    assert filled(db, "{name}").text.text == "Joe Brown" and note


def test_kept_changed_and_taken_back_in_any_order(db: Desk) -> None:
    one, changes = templates.save(db, NOW, name="  Thank \n you ", purpose=Purpose.MAIL, text="Hi {first name}", subject="So\nmany thanks")
    assert (one.name, one.subject, changes.undo, changes.templates) == ("Thank you", "So many thanks", "New template Thank you", True)
    two, _ = templates.save(db, NOW, name="Thanks", purpose=Purpose.MESSAGE, text="Dear {name}", subject="goes", uid=one.uid)
    assert (two.id, two.name, two.subject, two.purpose) == (one.id, "Thanks", "", Purpose.MESSAGE)
    copied, _ = templates.duplicate(db, one.uid, NOW)
    again, _ = templates.duplicate(db, one.uid, NOW)
    assert (copied.name, again.name, copied.text) == ("Thanks (copy)", "Thanks (copy 2)", "Dear {name}")
    templates.remove(db, one.uid, NOW)
    assert [t.name for t in rows.every(db)] == ["Thanks (copy)", "Thanks (copy 2)"]
    newest = [row[0] for row in db.execute("SELECT id FROM decisions ORDER BY id DESC")]
    taking_back.undo(db, NOW, newest[3])  # the change, while the template is removed
    taking_back.undo(db, NOW, newest[0])  # the removal
    there = rows.by_uid(db, one.uid)
    assert there is not None and (there.name, there.text, there.subject) == ("Thank you", "Hi {first name}", "So many thanks")
    taking_back.undo(db, NOW, newest[4])
    assert rows.by_uid(db, one.uid) is None and len(rows.every(db)) == 2
    taking_back.redo(db, newest[4])
    assert rows.by_uid(db, one.uid) is not None


def test_refused_with_what_is_safe(db: Desk) -> None:
    write(db, "words")
    for values in ({"name": " ", "text": "x"}, {"name": "x" * 81, "text": "x"}, {"name": "t0", "text": "x"}, {"name": "new", "text": " \n "},
                   {"name": "new", "text": "x" * 20_001}):  # fmt: skip
        with pytest.raises(UserMistake, match="Nothing was changed"):
            templates.save(db, NOW, purpose=Purpose.MAIL, **values)
    for gone in (templates.duplicate, templates.remove):
        with pytest.raises(UserMistake, match="no longer there"):
            gone(db, "nowhere", NOW)
    with pytest.raises(UserMistake, match="Your words are still here"):
        templates.save(db, NOW, name="n", purpose=Purpose.MAIL, text="x", uid="nowhere")
    assert len(rows.every(db)) == 1


def test_templates_to_start_with(db: Desk) -> None:
    templates.save(db, NOW, name="thank  you", purpose=Purpose.NOTE, text="mine")
    templates.add_starters(db, NOW)
    assert sorted(t.name for t in rows.every(db)) == ["After a meeting", "Getting back in touch", "thank you"]
    taking_back.undo(db, NOW)
    assert [t.text for t in rows.every(db)] == ["mine"]
    joe = persons.get(db, person_id(db, "Joe Brown"))
    assert joe is not None
    for name, purpose, subject, text in STARTERS:
        shown = templates.fitted(db, Template(id=0, uid="", name=name, purpose=purpose, subject=subject, text=text, saved=NOW), joe.id, NOW)
        assert shown.gaps == (("day",) if purpose is Purpose.ANSWER else ())


def test_those_for_the_purpose_come_first(db: Desk) -> None:
    for name, purpose in (("b", Purpose.MAIL), ("Ä", Purpose.NOTE), ("c", Purpose.NOTE), ("a", Purpose.MAIL)):
        templates.save(db, NOW, name=name, purpose=purpose, text="x")
    assert [t.name for t in rows.every(db)] == ["Ä", "a", "b", "c"]
    assert [t.name for t in rows.every(db, Purpose.NOTE)] == ["Ä", "c", "a", "b"]


_KILLED = """
import os, sys
from pathlib import Path
from relationdesk.services import people, particulars, templates
from relationdesk.store.database import open_desk
from relationdesk.store.templates import Purpose
from tests.facts import NOW
db = open_desk(Path(sys.argv[1]))
person, _ = people.add_person(db, "Joe Brown", NOW)
one, _ = templates.save(db, NOW, name="Kept", purpose=Purpose.MAIL, text="first")
templates.save(db, NOW, name="Kept", purpose=Purpose.MAIL, text="second", uid=one.uid)
particulars.keep(db, person, "dog", "Bruno", NOW)
os.kill(os.getpid(), 9)
"""


def test_what_was_kept_is_there_after_a_kill(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], cwd=Path(__file__).parents[2], check=False)
    assert killed.returncode == -9
    db = open_desk(tmp_path)
    assert [t.text for t in rows.every(db)] == ["second"]
    assert db.execute("SELECT label, text FROM particulars").fetchall() == [("dog", "Bruno")]
    taking_back.undo(db, NOW)
    taking_back.undo(db, NOW)
    assert [t.text for t in rows.every(db)] == ["first"]
    db.close()


def test_five_hundred(db: Desk) -> None:
    for n in range(500):
        templates.save(db, NOW, name=f"Template {n}", purpose=Purpose.MAIL, text="Hi {first name}")
    assert len(rows.every(db, Purpose.MAIL)) == 500
    assert templates.ready(db, rows.every(db)[250].uid, person_id(db, "Joe Brown"), NOW).text.text == "Hi Joe"
