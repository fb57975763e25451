"""A simulator of a desk day by day: what a salesperson's small desk lives through, and what its prompts must keep on each of the days.

What places and imports tell comes from `tests/desk_world.py`; the user answers, notes calls, promises, is promised, writes down wishes and rhythms, makes and drops rules, thresholds, caps and
quiet hours, answers prompts, and takes decisions back. After each day `check` looks at Today, and `tests/desk_grounds.py` asks of each prompt whether it has its grounds. Everything goes
through the real store and services. All from a seed, so a day that fails can be lived again: `python -m tests.desk_days FIRST LAST` lives the desks of these seeds, 100 days each (0 99 are the
10,000 days), and says how often each rule was shown and held back; the line `told` is a digest of all that was, the same for the same seeds whatever the process.
"""

from __future__ import annotations

import hashlib
import random
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from unittest import mock

from relationdesk.errors import UserMistake
from relationdesk.model import Coverage, Key, NoteKind
from relationdesk.prompts import RULES
from relationdesk.prompts.base import Asks
from relationdesk.prompts.order import QUIET, SILENCES
from relationdesk.services import agenda, notes, people, tasks, wishes
from relationdesk.services.agenda import Agenda, Entry
from relationdesk.store import people as persons
from relationdesk.store import settings
from relationdesk.store import wishes as stored_wishes
from relationdesk.store.database import Desk, open_memory
from relationdesk.wishes import Step, WantedRhythm
from tests.desk_grounds import about_them, grounds
from tests.desk_world import ADVOCATES, DAYS, FIRST, ME, PLACES, World, profiles_of
from tests.facts import NOW, arrive, bring

ASKS = {rule.name: rule.asks for rule in RULES}


@dataclass
class Lived:
    """seen: how often each rule was shown and (with a minus) held back. days: on how many something was shown; most: at a time. told: a digest of every day."""

    seen: Counter[str] = field(default_factory=Counter)
    days: int = 0
    most: int = 0
    told: str = ""


class Days:
    """One desk and its days. day: the agenda of the last one lived. said_by: prompts that were held back because another said the same when the user answered it, and that other one."""

    def __init__(self, seed: int) -> None:
        self.dice, self.db, self.now = random.Random(seed), open_memory(), NOW - timedelta(days=DAYS)
        self.world = World(self.dice)
        bring(self.db, ME.values(), now=self.now)
        for name in FIRST:
            self._comes(name)
        bucket, _ = people.make_bucket(self.db, "Advocates", self.now)
        people.set_in_bucket(self.db, bucket, tuple(map(self.person, ADVOCATES)), True, self.now)
        wishes.set_step(self.db, bucket, Step.ADVOCATE, self.now)
        people.set_key_company(self.db, self._harborline(), True, self.now)
        settings.save(self.db, settings.Settings(my_words="Carter", competitor_words="Voltix", home_town="Oslo", prompts_at_most=4))
        self.said_by: dict[tuple[str, object], str] = {}
        self.day: Agenda = agenda.today(self.db, self.now)

    def person(self, name: str) -> int:
        return int(self.db.execute("SELECT min(id) FROM people WHERE name = ?", (name,)).fetchone()[0])

    def _harborline(self) -> int:
        return int(self.db.execute("SELECT id FROM companies WHERE name = 'Harborline'").fetchone()[0])

    def _comes(self, name: str) -> None:
        """With every profile of theirs, which the user says are one person."""
        theirs = profiles_of(name)
        bring(self.db, theirs, now=self.now)
        for (profile,) in self.db.execute("SELECT id FROM profiles WHERE native_id = ? ORDER BY id", (theirs[0].key.native_id,)).fetchall():
            try:
                people.link(self.db, profile, self.person(name), self.now)
            except UserMistake:
                continue

    def live(self) -> Agenda:
        """One more day, and what Today shows at its end."""
        self.now += timedelta(days=1, minutes=self.dice.randrange(-90, 90))
        self.world.day += 1
        for name in self.world.arrivals():
            self._comes(name)
        facts = self.world.told(self.now)
        if self.dice.random() < 0.9:
            facts += [Coverage(place=place, until=self.now) for place in PLACES if self.dice.random() < 0.8]
        (arrive if self.dice.random() < 0.8 else bring)(self.db, facts, now=self.now)
        if changed := self.world.imported():
            bring(self.db, changed, now=self.now)
        for deed in self.dice.sample(self._deeds(), 3):
            try:
                deed()
            except UserMistake:
                continue
        self.day = agenda.today(self.db, self.now)
        return self.day

    def _deeds(self) -> list[Callable[[], object]]:
        dice, db, now = self.dice, self.db, self.now
        name = dice.choice(self.world.here())
        whom, day = self.person(name), (now + timedelta(days=dice.randrange(-2, 9))).date()
        shown = list(self.day.shown)
        return [
            lambda: self._answer(dice.choice(shown)) if shown else None,
            lambda: self._answer(dice.choice(shown)) if shown else None,
            lambda: None if self.world.sleeps(name) or name == self.world.fan else notes.write(db, "Spoken", now, person_id=whom, kind=dice.choice((NoteKind.CALL, NoteKind.NOTE)), happened=now),
            lambda: tasks.add(db, "send the sheet", now, person_id=whom, mine=dice.random() < 0.6, due=day if dice.random() < 0.8 else None),
            lambda: self._keep_promise(),
            lambda: wishes.wish(db, whom, now, every_days=dice.choice((None, None, 30)), places=dice.choice(((), (), ("mail",))), not_until=dice.choice((None, day)), said=now.date()),
            lambda: wishes.set_opted_out(db, whom, dice.random() < 0.2, now),
            lambda: wishes.want(db, WantedRhythm(wished_days=dice.choice((3, 14)), as_they_do=dice.random() < 0.3), now, person_id=whom),
            lambda: people.set_key_company(db, self._harborline(), dice.random() < 0.9, now),
            lambda: agenda.switch(db, dice.choice(RULES).name, dice.random() < 0.8, now),
            lambda: settings.set_threshold(db, "first_post.silent_days", dice.choice((20, 60, None))),
            lambda: settings.save(db, self._settings()),
            lambda: people.undo(db, now),
        ]  # fmt: skip

    def _keep_promise(self) -> None:
        for entry in [one for one in self.day.shown if one.prompt.rule == "promise_due"][:2]:
            _, _, uid, _ = entry.prompt.key.split(":")
            for (task,) in self.db.execute("SELECT id FROM tasks WHERE uid = ? AND done_at IS NULL", (uid,)).fetchall():
                tasks.done(self.db, task, self.now)

    def _settings(self) -> settings.Settings:
        dice, quiet = self.dice, self.dice.random() < 0.1
        return replace(
            settings.load(self.db), prompts_at_most=dice.choice((1, 4, 4, 12)), prompts_per_person=dice.choice((1, 2, 2)), rest_days=dice.choice((0, 3)), answer_days=dice.choice((0, 7)),
            quiet_from_minute=0, quiet_until_minute=24 * 60 - 1 if quiet else 0,
        )  # fmt: skip

    def _answer(self, entry: Entry) -> None:
        how = self.dice.choice(("done", "done", "later", "later_sign", "later_meeting", "never"))
        title = entry.prompt.title.removeprefix(f"{entry.person.name}: ")
        for other in self.day.held_back:
            is_quiet = other.prompt.rule in QUIET
            if other.person.id == entry.person.id and other.prompt.why_not == f"Already said by “{title}”." and is_quiet is (entry.prompt.rule in QUIET):
                self.said_by[_rests_on(other)] = entry.prompt.key
        agenda.answer(self.db, entry.prompt, how, self.now, self.now + timedelta(days=3) if how == "later" else None)

    # What must hold

    def check(self) -> None:
        """What must hold of any day."""
        db, day, now = self.db, self.day, self.now
        assert _told(agenda.today(db, now)) == _told(day), "the same desk at the same moment shows something else"
        wanted = settings.load(db)
        assert len(day.shown) <= wanted.prompts_at_most, "more than the cap"
        of_each = Counter(e.person.id for e in day.shown)
        assert max(of_each.values(), default=0) <= wanted.prompts_per_person, "too many about one person"
        assert len({e.person.id for e in day.shown[: len(of_each)]}) == len(of_each), "somebody's second before somebody's first"
        assert not (day.shown and day.quiet_until), "shown in quiet hours"
        for entry in day.shown:
            assert not entry.prompt.why_not and entry.prompt.evidence and entry.prompt.because, f"without evidence: {entry.prompt}"
            assert not (wrong := grounds(db, entry, now)), f"without grounds, {wrong}: {entry.prompt}"
        for entry in (*day.shown, *day.held_back):
            for piece in entry.prompt.evidence:
                assert piece.activity is None or _is_there(db, piece.activity), f"evidence that is not there: {piece}"
            assert not (wrong := about_them(db, entry)), wrong
        assert all(e.prompt.why_not for e in day.held_back), "held back without a reason"
        keys = Counter(e.prompt.key for e in (*day.shown, *day.held_back) if not e.prompt.key.endswith(":never"))
        assert max(keys.values(), default=0) <= 1, f"told twice: {[key for key, n in keys.items() if n > 1]}"
        self._keeps_wishes(day.shown)
        self._one_for_one_cause(day)

    def _one_for_one_cause(self, day: Agenda) -> None:
        silences = Counter(e.person.id for e in day.shown if e.prompt.rule in SILENCES)
        assert max(silences.values(), default=0) <= 1, "two for one silence"
        causes = Counter(e.prompt.evidence[0].activity for e in day.shown if e.prompt.evidence[0].activity and e.prompt.rule not in SILENCES)
        assert not [cause for cause, n in causes.items() if n > 1 and self._of_one(cause)], f"two for one cause: {causes}"
        told = {row[0]: row[1] for row in self.db.execute("SELECT key, answer FROM prompt_answers")}
        put_off = {e.prompt.key for e in day.held_back if e.answer == "later"}
        for entry in day.shown:
            key = entry.prompt.key
            assert told.get(key) != "done" and f"{entry.prompt.rule}:{entry.person.uid}:never" not in told, "shown though done or forbidden"
            assert f"{entry.prompt.rule}:never" not in told, "of a rule that is switched off"
            first = self.said_by.get(_rests_on(entry), "")
            assert told.get(first) != "done", f"told again by another rule, though “{first}” said the same and was done: {entry.prompt}"
            assert first not in put_off, f"told by another rule, though “{first}” says the same and is put off: {entry.prompt}"

    def _of_one(self, cause: Key) -> bool:
        """(A meeting with several is a reason for each of them.)"""
        shown = [e.person.id for e in self.day.shown if e.prompt.evidence[0].activity == cause]
        return len(shown) > len(set(shown))

    def _keeps_wishes(self, shown: tuple[Entry, ...]) -> None:
        for entry in shown:
            wish, asks = stored_wishes.current(self.db, (entry.person.id,)).get(entry.person.id), ASKS[entry.prompt.rule]
            if wish is None:
                continue
            assert not wish.opted_out, f"against an opt-out: {entry.prompt}"
            if asks is Asks.SELF:
                continue
            assert wish.not_until is None or self.now.astimezone().date() >= wish.not_until, f"before the day: {entry.prompt}"
            place = entry.prompt.evidence[0].activity.place if entry.prompt.evidence[0].activity else ""
            if wish.places and place and place not in (*wish.places, "hubspot", "contacts"):
                assert asks is Asks.ANSWER and "answer there." in entry.prompt.because, f"in another place: {entry.prompt}"
            if wish.every_days is not None and asks in (Asks.CONTACT, Asks.GREETING):
                person = persons.get(self.db, entry.person.id)
                assert person is not None
                last = max((m for m in (person.last_in, person.last_out) if m is not None and m <= self.now), default=None)
                assert last is None or (self.now.astimezone().date() - last.astimezone().date()).days >= wish.every_days, f"too often: {entry.prompt}"


def _told(day: Agenda) -> str:
    """All that is told of a day. (The numbers beside people are brought up to date by asking.)"""
    return repr([(e.prompt, e.person.uid, e.answer, e.snoozed) for e in (*day.shown, *day.held_back)])


def _rests_on(entry: Entry) -> tuple[str, object]:
    """The same prompt for the same newest words."""
    return entry.prompt.key, entry.prompt.evidence[0].activity


def _is_there(db: Desk, key: Key) -> bool:
    row = db.execute("SELECT 1 FROM activities a JOIN places l ON l.id = a.place_id WHERE l.name = ? AND a.native_id = ?", key).fetchone()
    return row is not None


@contextmanager
def _numbered(seed: int) -> Iterator[None]:
    """The store's random names come from the seed, too."""
    dice = random.Random(seed)
    with mock.patch.object(uuid, "uuid4", lambda: uuid.UUID(int=dice.getrandbits(128), version=4)):
        yield


def live(seed: int, days: int = DAYS) -> Lived:
    """Live so many days of one desk, each checked."""
    lived, digest = Lived(), hashlib.sha256()
    with _numbered(seed):
        desk = Days(seed)
        for n in range(days):
            day = desk.live()
            try:
                desk.check()
            except AssertionError as e:
                raise AssertionError(f"seed {seed}, day {n}: {e}") from e
            digest.update(_told(day).encode())
            lived.seen.update(e.prompt.rule for e in day.shown)
            lived.seen.update(f"-{e.prompt.rule}" for e in day.held_back)
            lived.days += bool(day.shown)
            lived.most = max(lived.most, len(day.shown))
        desk.db.close()
    lived.told = digest.hexdigest()
    return lived


def main() -> int:
    first, last = int(sys.argv[1]), int(sys.argv[2])
    seen, digest, broken, with_some = Counter[str](), hashlib.sha256(), 0, 0
    for seed in range(first, last + 1):
        try:
            lived = live(seed)
        except AssertionError as e:
            broken += 1
            sys.stdout.write(f"{e}\n")
            continue
        seen += lived.seen
        with_some += lived.days
        digest.update(lived.told.encode())
        sys.stderr.write(f"{seed} ")
        sys.stderr.flush()
    for rule in sorted(rule.name for rule in RULES):
        sys.stdout.write(f"| `{rule}` | {seen[rule]:,} | {seen[f'-{rule}']:,} |\n")
    sys.stdout.write(f"{(last - first + 1) * DAYS:,} days, {broken} desks broken, something shown on {with_some:,} days; told {digest.hexdigest()[:16]}\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
