"""Random histories of a desk: decisions of every kind with imports in between, made from a seed, played on a real desk.

What is compared is what the user sees (`seen`): by names, without row numbers and without the trash.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from relationdesk.derived import Prompt
from relationdesk.errors import UserMistake
from relationdesk.model import NoteKind, Profile
from relationdesk.services import agenda, bulk_answers, notes, people
from relationdesk.store import buckets, caches, ledger
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.people import IS_SHOWN
from relationdesk.store.spans import EVER, FOREVER, pieces
from tests.facts import NOW, bring, did, who

NAMES = ("Joe Brown", "Mary Jones", "Ann Example", "Karl Nord")
DESK = "info@harborline.example"
LOOSE = ("Joseph B", "M. Jones", "Annie", "buildbot", DESK)
BUCKETS = ("VIP", "North", "Later")
TAGS = ("one", "two", "three")


@dataclass(frozen=True)
class Step:
    """Something done to a desk. about: names it touches; two steps about the same are not independent. words: of a note."""

    kind: str
    about: frozenset[str]
    play: Callable[[Desk, datetime], object]
    words: str = ""
    decides: bool = True
    minute: int = 0


def fresh() -> Desk:
    """The desk that every history begins with."""
    db = open_memory()
    facts = []
    for n, name in enumerate(NAMES):
        actor = who(name, "linkedin", company="Harborline" if n < 2 else "")
        facts += [actor, did(actor, f"begin-{n}")]
    for n, name in enumerate(LOOSE):
        actor = loosely(name)
        facts += [actor, did(actor, f"loose-{n}")]
    bring(db, facts)
    return db


def loosely(name: str, title: str = "", company: str = "") -> Profile:
    """One of LOOSE, as its place tells it; the last one is a role mailbox."""
    place, mail = ("mail", name) if name == DESK else ("mastodon", "")
    return who(name, place, mail, mail=mail, known=False, title=title, company=company)


def find(db: Desk, table: str, column: str, name: str) -> int:
    """Row of that name. Raises UserMistake if there is none, as the page would that shows it no longer."""
    row = db.execute(f"SELECT min(id) FROM {table} WHERE {column} = ?", (name,)).fetchone()
    if row[0] is None:
        raise UserMistake(f"no {name}")
    return int(row[0])


def person(db: Desk, name: str) -> int:
    """The person who came with the profile of that name, whatever they are called now."""
    row = db.execute("SELECT person_id FROM profiles WHERE display_name = ? AND person_id IS NOT NULL", (name,)).fetchone()
    if row is None:
        raise UserMistake(f"nobody is {name}")
    return int(row[0])


def profile(db: Desk, name: str) -> int:
    return find(db, "profiles", "display_name", name)


def waiting(db: Desk) -> tuple[int, ...]:
    """All of LOOSE that are nobody's."""
    return tuple(row[0] for row in db.execute("SELECT id FROM profiles WHERE display_name IN (?, ?, ?, ?, ?) AND person_id IS NULL AND company_id IS NULL ORDER BY id", LOOSE))


def note(db: Desk, dice: random.Random) -> int:
    rows = db.execute("SELECT id FROM notes ORDER BY text, id").fetchall()
    if not rows:
        raise UserMistake("no note")
    return int(rows[dice.randrange(len(rows))][0])


def step(dice: random.Random, n: int) -> Step:
    """One step; all its choices are made now, so that it does the same on another desk."""
    whom, other, loose = dice.choice(NAMES), dice.choice(NAMES), dice.choice(LOOSE)
    bucket, words, seed = dice.choice(BUCKETS), f"words {n} {dice.random():.9f} @{other}", dice.random()
    tags = tuple(dice.sample(TAGS, dice.randrange(4)))
    title, firm, called = dice.choice(("", "Buyer", "CTO")), dice.choice(("", "Harborline", f"Firm {n}")), dice.choice((whom, f"{whom} {n}"))
    prompt = Prompt(key=f"gone_quiet:{whom}:{dice.randrange(3)}", rule="gone_quiet", person_id=0, title="quiet", because="", evidence=())
    how = dice.choice(("done", "later", "never"))

    def answered(db: Desk, now: datetime) -> object:
        mine = Prompt(key=prompt.key, rule=prompt.rule, person_id=person(db, whom), title="quiet", because="", evidence=())
        return agenda.answer(db, mine, how, now, now + timedelta(days=3) if how == "later" else None)

    def imported(db: Desk, now: datetime) -> object:
        actor = who(whom, "linkedin", company=firm or "Harborline", title=title)  # often a change of job
        new = who(f"New {n}", known=True)
        return bring(db, [actor, new, did(actor, f"import-{n}", now, f"imported {n}"), did(new, f"new-{n}", now), did(actor, "begin-0", text=f"edited {n}")], now=now)

    def with_note(play: Callable[[Desk, int, datetime], object]) -> Callable[[Desk, datetime], object]:
        return lambda db, now: play(db, note(db, random.Random(seed)), now)

    kinds: list[Callable[[], Step]] = [
        lambda: Step("link", frozenset({loose, whom}), lambda db, now: people.link(db, profile(db, loose), person(db, whom), now)),
        lambda: Step("unlink", frozenset({loose, whom}), lambda db, now: people.unlink(db, profile(db, loose), now)),
        lambda: Step("keep apart", frozenset({loose, whom}), lambda db, now: people.keep_apart(db, profile(db, loose), person(db, whom), now)),
        lambda: Step("new person", frozenset({loose}), lambda db, now: people.new_person(db, profile(db, loose), now)),
        lambda: Step("company", frozenset({loose, firm}), lambda db, now: people.new_company(db, profile(db, loose), now, firm)),
        lambda: Step("nobody", frozenset({loose}), lambda db, now: people.settle(db, profile(db, loose), dice_of(seed, ("nobody", "later", "")), now)),
        lambda: Step("tags", frozenset({whom}), lambda db, now: people.set_tags(db, person(db, whom), tags, now)),
        lambda: Step("bucket", frozenset({"buckets"}), lambda db, now: people.make_bucket(db, bucket, now)),
        lambda: Step("into", frozenset({"buckets", whom}), lambda db, now: people.set_in_bucket(db, find(db, "buckets", "name", bucket), (person(db, whom), person(db, other)), seed < 0.7, now)),
        lambda: Step("recolour", frozenset({"buckets"}), lambda db, now: people.edit_bucket(db, find(db, "buckets", "name", bucket), now, name=bucket, colour=f"#00000{n % 10}")),
        lambda: Step("remove bucket", frozenset({"buckets"}), lambda db, now: people.remove_bucket(db, find(db, "buckets", "name", bucket), now)),
        lambda: Step("order", frozenset({"buckets"}), lambda db, now: people.order_buckets(db, tuple(b.id for b in reversed(buckets.every(db))), now)),
        lambda: Step("note", frozenset({whom, other, "notes"}), lambda db, now: notes.write(db, words, now, person_id=person(db, whom), kind=NoteKind.CALL if seed < 0.3 else NoteKind.NOTE, minutes=5), words),
        lambda: Step("edit note", frozenset({other, "notes"}), with_note(lambda db, id_, now: notes.write(db, words, now, note_id=id_)), words),
        lambda: Step("trash", frozenset({"notes"}), with_note(lambda db, id_, now: notes.throw_away(db, id_, now))),
        lambda: Step("bring back", frozenset({"notes"}), with_note(lambda db, id_, now: notes.bring_back(db, id_, now))),
        lambda: Step("answer", frozenset({whom}), answered),
        lambda: Step("edit person", frozenset({whom, firm}), lambda db, now: people.edit_person(db, person(db, whom), now, name=called, title=title, company=firm)),
        lambda: Step("edit role", frozenset({whom}), lambda db, now: people.edit_person(db, person(db, whom), now, title=title)),
        lambda: Step("edit company", frozenset({whom, firm}), lambda db, now: people.edit_person(db, person(db, whom), now, company=firm)),
        lambda: Step("as told", frozenset({whom}), lambda db, now: people.as_told(db, person(db, whom), now)),
        lambda: Step("all new", frozenset(LOOSE), lambda db, now: bulk_answers.new_people(db, waiting(db), now)),
        lambda: Step("all there", frozenset({*LOOSE, "Harborline"}), lambda db, now: bulk_answers.at_company(db, waiting(db), find(db, "companies", "name", "Harborline"), now)),
        lambda: Step("all later", frozenset(LOOSE), lambda db, now: bulk_answers.settle_all(db, waiting(db), dice_of(seed, ("nobody", "later")), now)),
        lambda: Step("add person", frozenset({f"Added {n}"}), lambda db, now: people.add_person(db, f"Added {n}", now, company=firm)),
        lambda: Step("me", frozenset({"me", *NAMES}), lambda db, now: people.set_me(db, person(db, whom), now)),
        lambda: Step("no prompts", frozenset({whom}), lambda db, now: people.set_no_prompts(db, person(db, whom), seed < 0.6, now)),
        lambda: Step("key company", frozenset({"Harborline"}), lambda db, now: people.set_key_company(db, find(db, "companies", "name", "Harborline"), seed < 0.6, now)),
        lambda: Step("import", frozenset(), imported, decides=False),
        lambda: Step("import", frozenset(), imported, decides=False),
    ]  # fmt: skip
    return replace(dice.choice(kinds)(), minute=n)


def dice_of(seed: float, choices: tuple[str, ...]) -> str:
    return random.Random(seed).choice(choices)


def history(seed: int) -> list[Step]:
    dice = random.Random(seed)
    return [step(dice, n) for n in range(dice.randrange(3, 16))]


def play(db: Desk, steps: list[Step]) -> list[int | None]:
    """Do it all; per step the number of its decision, None for one that was refused or is none."""
    made: list[int | None] = []
    for one in steps:
        try:
            one.play(db, NOW + timedelta(minutes=one.minute))
        except UserMistake:
            made.append(None)
            continue
        made.append(ledger.entries(db, 1)[0].id if one.decides else None)
    return made


PLAIN = {
    "variants": "SELECT p.name, v.what, v.value FROM variants v JOIN people p ON p.id = v.person_id WHERE v.what <> 'uid'",
    "people": "SELECT p.name, p.title, c.name, c.is_key, p.is_me FROM people p LEFT JOIN companies c ON c.id = p.company_id",
    "companies": f"SELECT name, is_key FROM companies c WHERE {IS_SHOWN}",
    "profiles": "SELECT q.native_id, p.name, c.name, q.linked_by, q.settled FROM profiles q LEFT JOIN people p ON p.id = q.person_id "
    "LEFT JOIN companies c ON c.id = q.company_id",
    "tags": "SELECT p.name, t.tag FROM tags t JOIN people p ON p.id = t.person_id",
    "buckets": "SELECT name, colour, position FROM buckets",
    "in buckets": "SELECT b.name, p.name FROM bucket_people x JOIN buckets b ON b.id = x.bucket_id JOIN people p ON p.id = x.person_id",
    "spans": "SELECT q.native_id, s.from_id, s.until_id, p.name, s.forgotten FROM spans s JOIN profiles q ON q.id = s.profile_id LEFT JOIN "
    "people p ON p.id = s.person_id",
    "apart": "SELECT k.native_id, coalesce((SELECT name FROM people p WHERE 'person:' || p.uid = k.other), k.other) FROM kept_apart k",
    "answers": "SELECT key, rule, answer, until FROM prompt_answers WHERE key NOT LIKE '%:never' UNION ALL SELECT 'never', rule, answer, until "
    "FROM prompt_answers WHERE key LIKE '%:never'",
    "notes": "SELECT n.text, n.kind, n.minutes, p.name, (SELECT group_concat(m.name) FROM note_mentions x JOIN people m ON m.id = x.person_id "
    "WHERE x.note_id = n.id) FROM notes n LEFT JOIN people p ON p.id = n.person_id WHERE n.trashed_at IS NULL",
    "routes": "SELECT r.native_id, r.kind, r.remark, r.answered_at, p.name FROM routes r LEFT JOIN profiles q ON q.native_id = r.profile_native_id "
    "LEFT JOIN people p ON p.id = q.person_id",
    "activities": "SELECT native_id, text FROM activities",
    "tellings": "SELECT q.native_id, t.at, t.name, t.title, t.company FROM tellings t JOIN profiles q ON q.id = t.profile_id",
    "life days": "SELECT q.native_id, d.kind, d.month, d.day, d.year FROM life_days d JOIN profiles q ON q.id = d.profile_id",
    "wishes": "SELECT p.name, w.places, w.every_days, w.opted_out, w.source FROM wishes w JOIN people p ON p.id = w.person_id",
    "rhythms": "SELECT p.name, b.name, r.wished_days FROM rhythms r LEFT JOIN people p ON p.id = r.person_id LEFT JOIN buckets b ON b.id = r.bucket_id",
    "steps": "SELECT b.name, s.step FROM steps s JOIN buckets b ON b.id = s.bucket_id",
    "tasks": "SELECT p.name, t.text, t.due, t.done_at IS NOT NULL, t.every FROM tasks t LEFT JOIN people p ON p.id = t.person_id",
}  # fmt: skip


def seen(db: Desk) -> dict[str, list[tuple[object, ...]]]:
    """What the user sees of the desk."""
    return {name: sorted(db.execute(sql).fetchall(), key=repr) for name, sql in PLAIN.items()}


def words_kept(db: Desk) -> set[str]:
    """Every wording that can still be read, in a note, in its history, or in the trash."""
    return {row[0] for row in db.execute("SELECT text FROM notes UNION SELECT text FROM note_versions")}


CACHED = (
    "SELECT id, folded, last_id, last_in, last_out, title, company_id FROM people UNION ALL SELECT id, folded, last_id, 0, 0, '', 0 FROM profiles"
)


def assert_whole(db: Desk) -> None:
    """Nothing points nowhere, and what is derived is what it would be if it were made again."""
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    before = db.execute(CACHED).fetchall()
    with transaction(db):
        caches.rebuild(db)
    assert db.execute(CACHED).fetchall() == before
    ends = "SELECT q.id, coalesce(max(s.until_id), ?) FROM profiles q LEFT JOIN spans s ON s.profile_id = q.id GROUP BY q.id"
    assert db.execute(ends, (EVER,)).fetchall() == db.execute("SELECT id, held_from FROM profiles ORDER BY id").fetchall()
    for (id_,) in db.execute("SELECT DISTINCT profile_id FROM spans").fetchall():
        times = pieces(db, id_)
        assert times[0][0] == EVER and times[-1][1] == FOREVER and all(one[1] == next_[0] for one, next_ in pairwise(times)), times
    shown = {row[0] for row in db.execute("SELECT id FROM notes WHERE trashed_at IS NULL")}
    assert {row[0] for row in db.execute("SELECT rowid FROM notes_fts")} == shown
    for text, id_ in db.execute("SELECT text, id FROM notes WHERE trashed_at IS NULL").fetchall():
        word = text.split()[2].partition(".")[2]
        assert db.execute("SELECT rowid FROM notes_fts WHERE notes_fts MATCH ?", (f'"{word}"',)).fetchall(), id_
