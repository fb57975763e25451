"""Whose profile is it? Links what a place vouches for, makes people of known profiles nobody else can be, and lets
everything else wait on *Who is this?* with candidates and evidence in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from relationdesk.flip import matching
from relationdesk.flip.matching import Candidate, Somebody
from relationdesk.flip.traits import mails
from relationdesk.model import Changes, Person, Profile
from relationdesk.saying import say
from relationdesk.services import cross_posting, one_person, proposing
from relationdesk.services.companions import count_beyond, grouped, is_elses, nobodys, several_names, sharing
from relationdesk.services.decided_meanwhile import Meanwhile
from relationdesk.services.key_firms import KeyFirms
from relationdesk.services.match_everybody import Everybody
from relationdesk.services.match_index import Index
from relationdesk.store import batches, caches, decision, people, profiles
from relationdesk.store.database import Desk
from relationdesk.store.portions import Step, Steps
from relationdesk.store.profiles import Stored
from relationdesk.text import is_role_mailbox, one_line

PORTION = 5_000
"""Profiles that are looked at together, for memory's sake; for more of them everybody is read once and filed on disk."""

PATIENCE = 3
"""So often in a row it is read again outside of a transaction; then inside, where nobody else decides."""

@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What came of newly arrived profiles: linked by a place's word, made a person, or waiting."""

    linked: int = 0
    people: int = 0
    waiting: int = 0
    changes: Changes = field(default_factory=Changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One question on Who is this?: a profile, its latest words, and who it may be, strongest first.

    companions: others that are certainly the same human; every answer takes them along. key: the answer touches a key company.
    adds: how many activities it would bring to it. whose: whom the profile belongs to, where a place says that this one and the first
    candidate are one; else None: nobody.
    """

    profile: Stored
    companions: tuple[Stored, ...] = ()
    candidates: tuple[tuple[Person, Candidate], ...] = ()
    sample: tuple[str, ...] = ()  # first words of its newest activities
    key: bool = False
    adds: int = 0
    whose: Person | None = None


def arrange(db: Desk, touched: Iterable[int], *, batch_id: int | None, now: int) -> Settled:
    """Decide about new or changed profiles, inside the transaction that brought them."""
    run = Arranging(db, batch_id, now)
    for _ in run.steps(touched):
        pass
    if run.is_asked:
        caches.changed_hands(db, run.mine, run.people)
    return run.settled()


def _portions(ids: list[int]) -> Iterator[list[int]]:
    for i in range(0, len(ids), PORTION):
        yield ids[i : i + PORTION]


def following(db: Desk, person_id: int, fresh: Iterable[Profile]) -> dict[int, tuple[Stored, str]]:
    """Nobody's profiles that are certainly this person's too, now that `fresh` are: by id, each with the reason."""
    near = {stored.id: stored for stored in nobodys(sharing(db, fresh)) if not stored.profile.is_owner}
    run = Arranging(db, None, 0)
    run.index.load([stored.profile for stored in near.values()])
    found = {id_: (stored, run.sure(stored.profile)) for id_, stored in sorted(near.items())}
    return {id_: (stored, sure.reasons[0].sentence) for id_, (stored, sure) in found.items() if sure is not None and sure.person_id == person_id}


class Arranging:
    """Decides about new or changed profiles: own ones of the desk's owner first, then organisations, then what places vouch
    for, then people of their own. Leaves the caches of `people`, and of all to whom `mine` wrote, to whoever runs it.
    """

    def __init__(self, db: Desk, batch_id: int | None, now: int) -> None:
        self.db, self.batch_id, self.now = db, batch_id, now
        self.index: Index = Index(db)
        self.people: set[int] = set()
        self.linked = self.made = self.waiting = 0
        self.mine: list[int] = []  # profiles that are the owner's from now on
        self.fresh: list[Profile] = []
        self.companies: dict[str, int] = {}
        self.next: dict[str, int] = {}
        self.asked: set[int] = set()
        self.is_asked = False
        self.meanwhile = Meanwhile(db)

    def settled(self) -> Settled:
        """What came of it so far."""
        return Settled(
            linked=self.linked, people=self.made, waiting=max(0, self.waiting),
            changes=Changes(
                people=frozenset(self.people), matches=self.is_asked, companies=self.is_asked, everything=bool(self.mine)
            ),
        )  # fmt: skip

    def steps(self, touched: Iterable[int]) -> Steps:
        """All of them: in one transaction or, beside whatever the user decides meanwhile, in portions."""
        turns: list[tuple[bool, bool, int]] = []
        self.meanwhile.look()
        for portion in _portions(sorted(touched)):
            yield Step.READ
            turns += [(not s.profile.is_owner, not s.profile.known, s.id) for s in nobodys(profiles.by_ids(self.db, portion))]
        self.is_asked = bool(turns)
        if len(turns) > PORTION:
            self.index = everybody = Everybody(self.db)
            yield from everybody.fill()
        for portion in _portions([id_ for *_, id_ in sorted(turns)]):
            yield from self._all_of(portion)
        self.index.end()

    def _each(self, load: Callable[[], Iterable[Stored]], decide: Callable[[Stored], None]) -> Steps:
        """Decide about each profile that `load` reads. It is read again for the rest if the user decides something meanwhile."""
        tries, todo = 0, list[Stored]()

        def read() -> None:
            self.has_been_decided()
            todo[:] = list(load())[::-1]

        yield Step.READ
        read()
        while todo:
            yield Step.WRITE
            if self.has_been_decided():
                tries += 1
                if tries < PATIENCE:
                    yield Step.READ
                read()
                continue
            tries = 0
            decide(todo.pop())

    def has_been_decided(self) -> bool:
        """Whether the user decided about people, companies or profiles since this was asked last, or took something back."""
        if not self.meanwhile.has_moved():
            return False
        self.next.clear()
        concerned = self.meanwhile.look()
        if concerned is None:
            return False
        self.companies.clear()
        self.index.renew(concerned)
        return True

    def _all_of(self, ids: list[int]) -> Steps:
        """Decide about a portion of nobody's profiles, in this order; those before it are in the desk already."""

        def waiting() -> list[Stored]:
            rest = [id_ for id_ in ids if id_ not in self.asked]
            found = {stored.id: stored for stored in nobodys(profiles.by_ids(self.db, rest))}
            self.index.turn_to([stored.profile for stored in found.values()])
            return [found[id_] for id_ in rest if id_ in found]

        def decide(stored: Stored) -> None:
            if stored.id not in self.asked:  # else what was linked before it asked for it out of turn
                self.asked.add(stored.id)
                self.one(stored)

        yield from self._each(waiting, decide)
        yield from self._again()

    def one(self, stored: Stored) -> None:
        profile = stored.profile
        if self.batch_id is not None:
            batches.remember_link(self.db, self.batch_id, stored.id)
        if profile.is_owner:
            self._owner(stored)
            return
        if profile.is_company:
            company_id = self._company(profile.display_name)
            self.db.execute(
                "UPDATE profiles SET company_id = ?, linked_by = 'place', linked_how = ? WHERE id = ?",
                (company_id, say("{place} says it is an organisation.", place=profile.key.place), stored.id),
            )
            return
        if _is_role(profile):
            self.db.execute("UPDATE profiles SET settled = 'nobody' WHERE id = ? AND settled = ''", (stored.id,))
            return
        near, possible = self._possible(profile)
        sure = self.sure(profile, possible)
        if sure is not None:
            self._link(stored, sure.person_id, sure.reasons[0].sentence, "place")
            self.linked += 1
        elif profile.known and not stored.settled and not possible and not cross_posting.found(self.db, [stored.id]):
            self._make(stored, alone=not near and not self.index.is_named(profile.display_name))
        else:
            self.waiting += 1

    def _possible(self, profile: Profile) -> tuple[list[Somebody], tuple[Candidate, ...]]:
        near = self.index.near(profile)
        return near, matching.candidates(profile, near, profiles.kept_apart(self.db, profile.key), self.index.rarity())

    def sure(self, profile: Profile, possible: tuple[Candidate, ...] | None = None) -> Candidate | None:
        """The one person whom the places vouch for; None if there is none, or more than one, or a mailbox is shared."""
        found = [candidate for candidate in (self._possible(profile)[1] if possible is None else possible) if candidate.certain]
        return found[0] if len(found) == 1 and not self._shared(profile, found[0]) else None

    def _again(self) -> Steps:
        """What was linked just now may make certain what waited: ask those that share an address, until nothing moves."""
        asked: set[int] = set()
        while self.fresh:
            fresh, self.fresh = self.fresh, []

            def near(fresh: list[Profile] = fresh) -> list[Stored]:
                again = [s for s in nobodys(sharing(self.db, fresh)) if s.id not in asked and not s.profile.is_owner]
                self.index.load([stored.profile for stored in again])
                return again

            def decide(stored: Stored) -> None:
                if stored.id not in asked:
                    asked.add(stored.id)
                    self.waiting -= stored.id in self.asked
                    self.asked.add(stored.id)
                    self.one(stored)

            yield from self._each(near, decide)
        self.waiting = max(0, self.waiting)

    def _owner(self, stored: Stored) -> None:
        """The owner's profile is mine, unless the desk is already somebody else's (a colleague's archive)."""
        me = people.me(self.db)
        if me is None:
            person_id = self._insert(stored.profile, is_me=True)
        elif is_elses(self.db, stored.profile, me):
            self.waiting += 1
            return
        else:
            person_id = me.id
        self.mine.append(stored.id)
        self._link(stored, person_id, say("The file or login says that this is you."), "place")

    def _shared(self, profile: Profile, sure: Candidate) -> bool:
        """A mailbox that two people of different names share links neither (a couple, a front desk)."""
        claimed = profiles.with_addresses(self.db, [("mail", mail) for mail in mails(profile)])
        owners = {s.person_id for s in claimed if s.person_id is not None}
        return len(owners - {sure.person_id}) > 0 or several_names(claimed)

    def _make(self, stored: Stored, *, alone: bool) -> None:
        person_id = self._insert(stored.profile, is_me=False)
        how = say("Nobody else of this name or address was in the desk.") if alone else say("More spoke against its being somebody who was in the desk.")
        self._link(stored, person_id, how, "only")
        self.made += 1

    def _insert(self, profile: Profile, *, is_me: bool) -> int:
        name = one_line(profile.display_name or profile.handle or profile.key.native_id, 200)
        company_id = self._company(profile.company) if profile.company.strip() else None
        person_id, uid = self._free("people"), people.new_uid()
        self.db.execute(
            "INSERT INTO people(id, uid, name, folded, title, company_id, is_me, batch_id, made_at) VALUES (?,?,?,?,?,?,?,?,?)",
            (person_id, uid, name, people.folded_for(name, profile.title, profile.company), profile.title, company_id,
             int(is_me), self.batch_id, self.now),
        )  # fmt: skip
        self.index.add(Somebody(person_id=person_id, uid=uid, name=name, company=profile.company))
        return person_id

    def _free(self, table: str) -> int:
        """The next id of a table; this run alone inserts while it has the lock."""
        self.next[table] = self.next[table] + 1 if table in self.next else decision.free_id(self.db, table)
        return self.next[table]

    def _company(self, name: str) -> int:
        called = one_line(name, 200)
        if called.casefold() not in self.companies:
            found = people.company_by_name(self.db, called)
            if found is None:
                company_id = self._free("companies")
                self.db.execute(
                    "INSERT INTO companies(id, uid, name, batch_id, made_at) VALUES (?,?,?,?,?)",
                    (company_id, people.new_uid(), called, self.batch_id, self.now),
                )
                self.companies[called.casefold()] = company_id
            else:
                self.companies[called.casefold()] = found.id
        return self.companies[called.casefold()]

    def _link(self, stored: Stored, person_id: int, how: str, by: str) -> None:
        self.db.execute(
            "UPDATE profiles SET person_id = ?, linked_how = ?, linked_by = ?, settled = '' WHERE id = ?",
            (person_id, how, by, stored.id),
        )
        self.index.add_profile(person_id, stored.profile)
        self.fresh.append(stored.profile)
        self.people.add(person_id)
        if stored.profile.company.strip():
            self._company(stored.profile.company)  # it goes again with the import


def _is_role(profile: Profile) -> bool:
    """info@, sales@, noreply@: a mailbox, not a human, unless the card gives it a human name."""
    if profile.key.place != "mail":
        return False
    return is_role_mailbox(profile.key.native_id)


def waiting(db: Desk, *, settled: str = "", limit: int = 300) -> tuple[Match, ...]:
    """Questions for Who is this?: those that touch key companies first. Among these and among the rest: those with a candidate first, in steps
    of how likely it is; what would bring most to a key company; the strongest; own contacts; the others."""
    index = Index(db)
    found: list[Match] = []
    firms = KeyFirms(db)
    asked = profiles.unlinked(db, settled=settled, limit=limit, first=firms.waiting(settled))
    index.load([stored.profile for stored in asked])
    for group in grouped(db, asked):
        matches = proposing.candidates(db, index, group)
        persons = people.many(db, [c.person_id for c in matches])
        key = firms.touched_by(group, [persons[c.person_id] for c in matches if c.person_id in persons])
        found.append(
            Match(
                profile=group[0], companions=group[1:],
                candidates=tuple((persons[c.person_id], c) for c in matches if c.person_id in persons),
                sample=profiles.newest_words(db, group[0].id), key=key, adds=sum(profiles.count_of(db, stored.id) for stored in group) if key else 0,
            )
        )  # fmt: skip
    for pair in one_person.pairs(db, settled)[:limit] if settled != "nobody" else ():
        found.append(Match(
            profile=pair.profile, whose=pair.whose, candidates=((pair.who, pair.candidate),), sample=profiles.newest_words(db, pair.profile.id),
            key=firms.touched_by([pair.profile], [pair.who, pair.whose]),
        ))  # fmt: skip
    return tuple(sorted(found, key=_turn))


def questions(db: Desk, *, settled: str = "", limit: int = 300) -> tuple[tuple[Match, ...], int]:
    """(what `waiting` answers, how many questions there are with those beyond the limit)"""
    found = waiting(db, settled=settled, limit=limit)
    return found, max(len(found), count_beyond(db, settled, limit))


def _turn(match: Match) -> tuple[bool, int, int, float]:
    weight = match.candidates[0][1].weight if match.candidates else 0.0
    likely = sum(weight >= step for step in LIKELY_STEPS)
    return not match.key, -max(likely, bool(match.candidates)), -match.adds, -weight


LIKELY_STEPS = (0.1, 6.0, 10.0, 100.0)
"""Weights between which nobody cares which is likelier: perhaps, likely, very likely, vouched for."""
