"""A simulator of a desk day by day: what a salesperson's small desk lives through, and what its prompts must keep on each of the days.

Each day some of six people write, ask, complain, praise, introduce, like, meet or fall silent in four places, some of it arriving late; the user
answers, notes calls, promises, is promised, writes down wishes and rhythms, makes and drops rules and thresholds, and answers prompts; birthdays come, and places say other days. After each day
`check` looks at Today. Everything goes through the real store and services. All from a seed, so a day that fails can be lived again:
`python -m tests.desk_days FIRST LAST` lives the desks of these seeds, 100 days each (0 99 are the 10,000 days).
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from relationdesk.errors import UserMistake
from relationdesk.model import Coverage, DayKind, Fact, Key, Kind, LifeDay, NoteKind, Role
from relationdesk.prompts import RULES
from relationdesk.prompts.base import Asks
from relationdesk.prompts.order import _SILENCES
from relationdesk.services import agenda, notes, people, tasks, wishes
from relationdesk.services.agenda import Agenda, Entry
from relationdesk.store import people as persons
from relationdesk.store import settings
from relationdesk.store import wishes as stored_wishes
from relationdesk.store.database import Desk, open_memory
from relationdesk.wishes import Step, WantedRhythm
from tests.facts import NOW, arrive, bring, did, who

DAYS = 100
PLACES = ("mail", "mastodon", "linkedin", "discourse")
NAMES = ("Joe Brown", "Mary Jones", "Ann Example", "Karl Nord", "Leo Hart", "Ida Berg")
WORDS = (
    "Could you call?", "Thanks, great", "Here are the figures.", "The gateway is broken again, very disappointed", "I can recommend Carter, great work",
    "I suggest a night mode", "Putting you in touch with our head of energy", "We looked at Voltix today", "いつですか", "And?",
)  # fmt: skip
ASKS = {rule.name: rule.asks for rule in RULES}
ME = {place: who("Sam Carter", place, owner=True) for place in PLACES}
THEM = {name: {place: who(name, place, company="Harborline" if n < 3 else "", bio="From Oslo") for place in PLACES} for n, name in enumerate(NAMES)}
BORN = {
    name: who(name, "contacts", mail=f"{n}@x.example", days=tuple(
        LifeDay(kind=kind, month=day.month, day=day.day, year=year) for kind, year in ((DayKind.BIRTHDAY, 1980 + n), (DayKind.WORK, None if n % 2 else 2020))
        for day in [(NOW - timedelta(days=DAYS - 14 * n - 9 * len(kind))).date()]
    ))
    for n, name in enumerate(NAMES)
}  # fmt: skip
"""Address cards: everybody's birthday, and the day they began, lie in the days that are lived."""


class Days:
    """One desk and its days. day: the agenda of the last one lived."""

    def __init__(self, seed: int) -> None:
        self.dice, self.db, self.now, self.n = random.Random(seed), open_memory(), NOW - timedelta(days=DAYS), 0
        bring(self.db, ME.values(), now=self.now)
        bring(self.db, [profile for each in THEM.values() for profile in each.values()], now=self.now)
        bring(self.db, [BORN[name] for name in NAMES], now=self.now)
        for each in ({**those, "contacts": BORN[name]} for name, those in THEM.items()):
            mine = [row[0] for row in self.db.execute("SELECT id FROM profiles WHERE native_id = ?", (each["mail"].key.native_id,))]
            for profile in mine:
                try:
                    people.link(self.db, profile, self.person(each["mail"].display_name), self.now)
                except UserMistake:
                    continue
        bucket, _ = people.make_bucket(self.db, "Advocates", self.now)
        people.set_in_bucket(self.db, bucket, tuple(map(self.person, NAMES[:2])), True, self.now)
        wishes.set_step(self.db, bucket, Step.ADVOCATE, self.now)
        settings.save(self.db, settings.Settings(my_words="Carter", competitor_words="Voltix", home_town="Oslo", prompts_at_most=4))
        self.done: set[str] = set()
        self.day: Agenda = agenda.today(self.db, self.now)

    def person(self, name: str) -> int:
        return int(self.db.execute("SELECT min(id) FROM people WHERE name = ?", (name,)).fetchone()[0])

    def live(self) -> Agenda:
        """One more day, and what Today shows at its end."""
        self.now += timedelta(days=1, minutes=self.dice.randrange(-90, 90))
        facts: list[Fact] = [fact for name in NAMES if self.dice.random() < 0.35 for fact in self._said(name)]
        if self.dice.random() < 0.9:
            facts += [Coverage(place=place, until=self.now) for place in PLACES if self.dice.random() < 0.8]
        (arrive if self.dice.random() < 0.8 else bring)(self.db, facts, now=self.now)
        for deed in self.dice.sample(self._deeds(), 3):
            try:
                deed()
            except UserMistake:
                continue
        self.day = agenda.today(self.db, self.now)
        return self.day

    def _said(self, name: str) -> list[Fact]:
        self.n += 1
        dice, place = self.dice, self.dice.choice(PLACES)
        them, me, when = THEM[name][place], ME[place], self.now - timedelta(hours=dice.choice((1, 3, 9, 400)))
        if dice.random() < 0.05:
            moved = self.now.date() + timedelta(days=dice.randrange(-2, 3))
            return [replace(BORN[name], key=Key(dice.choice(("contacts", "hubspot")), BORN[name].key.native_id), days=(LifeDay(kind=DayKind.BIRTHDAY, month=moved.month, day=moved.day),))]
        if dice.random() < 0.1:
            start = self.now + timedelta(hours=dice.choice((-30, 5, 60, 300)))
            return [did(me if dice.random() < 0.7 else them, f"e{self.n}", start, "", kind=Kind.EVENT, title="Review", private=True, to=[them] if dice.random() < 0.7 else [],
                        extra=(("location", "Oslo, Norway"),))]  # fmt: skip
        actor, to = (me, them) if dice.random() < 0.35 else (them, me)
        kind = dice.choice((Kind.MAIL, Kind.MESSAGE, Kind.POST, Kind.REPLY, Kind.REACTION, Kind.RECOMMENDATION))
        return [did(actor, f"s{self.n}", when, dice.choice(WORDS), kind=kind, private=kind in (Kind.MAIL, Kind.MESSAGE), to=[to] if dice.random() < 0.7 else [],
                    role=dice.choice((Role.TO, Role.TO, Role.MENTIONED, Role.SUBJECT)))]  # fmt: skip

    def _deeds(self) -> list[Callable[[], object]]:
        dice, db, now = self.dice, self.db, self.now
        whom, day = self.person(dice.choice(NAMES)), (now + timedelta(days=dice.randrange(-2, 9))).date()
        shown = list(self.day.shown)
        return [
            lambda: self._answer(dice.choice(shown)) if shown else None,
            lambda: self._answer(dice.choice(shown)) if shown else None,
            lambda: notes.write(db, "Spoken", now, person_id=whom, kind=dice.choice((NoteKind.CALL, NoteKind.NOTE)), happened=now),
            lambda: tasks.add(db, "send the sheet", now, person_id=whom, mine=dice.random() < 0.6, due=day if dice.random() < 0.8 else None),
            lambda: wishes.wish(db, whom, now, every_days=dice.choice((None, 30)), places=dice.choice(((), ("mail",))), not_until=dice.choice((None, day)), said=now.date()),
            lambda: wishes.set_opted_out(db, whom, dice.random() < 0.3, now),
            lambda: wishes.want(db, WantedRhythm(wished_days=dice.choice((3, 14)), as_they_do=dice.random() < 0.3), now, person_id=whom),
            lambda: people.set_key_company(db, int(db.execute("SELECT min(id) FROM companies").fetchone()[0]), dice.random() < 0.8, now),
            lambda: agenda.switch(db, dice.choice(RULES).name, dice.random() < 0.8, now),
            lambda: settings.set_threshold(db, "first_post.silent_days", dice.choice((20, 60, None))),
            lambda: people.undo(db, now),
        ]  # fmt: skip

    def _answer(self, entry: Entry) -> None:
        how = self.dice.choice(("done", "done", "later", "later_sign", "later_meeting", "never"))
        agenda.answer(self.db, entry.prompt, how, self.now, self.now + timedelta(days=3) if how == "later" else None)

    def check(self) -> None:
        """What must hold of any day."""
        db, day, now = self.db, self.day, self.now
        assert _told(agenda.today(db, now)) == _told(day), "the same desk at the same moment shows something else"
        wanted = settings.load(db)
        assert len(day.shown) <= wanted.prompts_at_most, "more than the cap"
        assert max(Counter(e.person.id for e in day.shown).values(), default=0) <= wanted.prompts_per_person, "too many about one person"
        for entry in day.shown:
            assert not entry.prompt.why_not and entry.prompt.evidence and entry.prompt.because, f"without evidence: {entry.prompt}"
        for entry in (*day.shown, *day.held_back):
            for piece in entry.prompt.evidence:
                assert piece.activity is None or _is_there(db, piece.activity), f"evidence that is not there: {piece}"
        assert all(e.prompt.why_not for e in day.held_back), "held back without a reason"
        self._keeps_wishes(day.shown)
        silences = Counter(e.person.id for e in day.shown if e.prompt.rule in _SILENCES)
        assert max(silences.values(), default=0) <= 1, "two for one silence"
        causes = Counter(e.prompt.evidence[0].activity for e in day.shown if e.prompt.evidence[0].activity and e.prompt.rule not in _SILENCES)
        assert not [cause for cause, n in causes.items() if n > 1 and self._of_one(cause)], f"two for one cause: {causes}"
        told = {row[0]: row[1] for row in db.execute("SELECT key, answer FROM prompt_answers")}
        for entry in day.shown:
            assert told.get(entry.prompt.key) != "done" and f"{entry.prompt.rule}:{entry.person.uid}:never" not in told, "shown though done or forbidden"
            assert f"{entry.prompt.rule}:never" not in told, "of a rule that is switched off"

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
            if wish.places and place and place not in wish.places:
                assert asks is Asks.ANSWER and "answer there." in entry.prompt.because, f"in another place: {entry.prompt}"
            if wish.every_days is not None and asks in (Asks.CONTACT, Asks.GREETING):
                person = persons.get(self.db, entry.person.id)
                assert person is not None
                last = max((m for m in (person.last_in, person.last_out) if m is not None), default=None)
                assert last is None or (self.now.astimezone().date() - last.astimezone().date()).days >= wish.every_days, f"too often: {entry.prompt}"


def _told(day: Agenda) -> str:
    """All that is told of a day. (The numbers beside people are brought up to date by asking.)"""
    return repr([(e.prompt, e.person.uid, e.answer, e.snoozed) for e in (*day.shown, *day.held_back)])


def _is_there(db: Desk, key: Key) -> bool:
    row = db.execute("SELECT 1 FROM activities a JOIN places l ON l.id = a.place_id WHERE l.name = ? AND a.native_id = ?", key).fetchone()
    return row is not None


def live(seed: int, days: int = DAYS) -> Counter[str]:
    """Live so many days of one desk, each checked; how often each rule was shown, and (with a minus) held back."""
    desk, seen = Days(seed), Counter[str]()
    for n in range(days):
        day = desk.live()
        try:
            desk.check()
        except AssertionError as e:
            raise AssertionError(f"seed {seed}, day {n}: {e}") from e
        seen.update(e.prompt.rule for e in day.shown)
        seen.update(f"-{e.prompt.rule}" for e in day.held_back)
    desk.db.close()
    return seen


def main() -> int:
    first, last = int(sys.argv[1]), int(sys.argv[2])
    seen = Counter[str]()
    for seed in range(first, last + 1):
        seen += live(seed)
    sys.stdout.write(f"{(last - first + 1) * DAYS:,} days, nothing broken. Shown: {dict(sorted(seen.items()))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
