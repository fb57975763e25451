"""What happened lately and what is near, made into what rules may know: words by what they are, meetings, trips, records, changes of work.

Called by histories.py alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from relationdesk.derived import Item
from relationdesk.model import CARD_PLACES
from relationdesk.prompts.base import Change, Heard, Rule, Standing, text_of
from relationdesk.prompts.complaint import Complaint
from relationdesk.prompts.first_post import FirstPost
from relationdesk.prompts.in_town import InTown
from relationdesk.prompts.job_change import JobChange
from relationdesk.prompts.meeting_over import end_of
from relationdesk.prompts.mentioned import Mentioned
from relationdesk.prompts.new_at_key import NewAtKey
from relationdesk.prompts.praise import Praise
from relationdesk.prompts.public_question import PublicQuestion
from relationdesk.prompts.single_threaded import SingleThreaded
from relationdesk.prompts.speech import Speech, Told, tell, words_of
from relationdesk.prompts.suggestion import Suggestion
from relationdesk.prompts.thank_referral import ThankReferral
from relationdesk.store import lately, talk
from relationdesk.store.database import Desk
from relationdesk.store.settings import Settings
from relationdesk.store.talk import Words
from relationdesk.store.timekey import id_at, moment_of_id, seconds
from relationdesk.text import fold

FORUMS = ("discourse", "forum", "stackexchange", "reddit", "hackernews", "github", "gitlab")
"""Where questions are put to everybody."""
MEETING_DAYS = 3
"""So far back a meeting may still want a note."""
MET_MOST = 15
"""With more people it is an event, and nobody in it is met."""
_FUTURE = timedelta(days=370)
_R = TypeVar("_R", bound=Rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is asked, and with which rules."""

    db: Desk
    now: datetime
    ids: tuple[int, ...] | None
    me: frozenset[int]
    settings: Settings
    rules: Mapping[str, Rule]

    def rule(self, kind: type[_R]) -> _R:
        """The rule as it is set; as it is meant, if it is switched off."""
        found = self.rules.get(kind.name)
        return found if isinstance(found, kind) else kind()

    @property
    def heard_days(self) -> int:
        """So far back words are looked at for what they are: as the longest of the rules counts them."""
        rule = self.rule
        return max(
            rule(Complaint).days, rule(Praise).days, rule(Suggestion).days, rule(ThankReferral).days, rule(Mentioned).days, rule(PublicQuestion).days
        )  # fmt: skip

    def since(self, **distance: float) -> int:
        return id_at(self.now - timedelta(**distance))


class Said:
    """What was said and is near, by person; items are made at the end, of those that count."""

    def __init__(self) -> None:
        self._heard: dict[int, dict[int, tuple[Told | None, bool, tuple[str, ...], str]]] = defaultdict(dict)
        self._items: dict[int, Item] = {}
        self.meetings: dict[int, tuple[Item, ...]] = {}
        self.trips: dict[int, tuple[Item, ...]] = {}
        self.records: dict[int, tuple[Item, ...]] = {}
        self.changes: dict[int, list[Change]] = defaultdict(list)
        self.acted: dict[int, tuple[int, int]] = {}  # how often, and the newest
        self.acts: dict[int, tuple[int, Item]] = {}
        self.back: dict[int, tuple[Item, int]] = {}
        self.noted: dict[int, datetime] = {}

    def hear(self, words: Words, *, towards_me: bool, named: tuple[str, ...] = (), whose: str = "", always: bool = False) -> None:
        """Keep words if they are something a rule may speak of. Private words count only for what a strong phrase says."""
        told = tell(words.title, words.text)
        if told is not None and (told.speech is Speech.QUESTION if towards_me else False):
            told = None  # questions to me are what awaiting_reply is for
        if told is None and not named and not always:
            return
        if words.private and told is not None and not told.sure:
            return
        self._heard[words.person_id][words.id] = (told, towards_me, named, whose)

    def hear_question(self, words: Words) -> None:
        """Keep public words if they are a question, and nothing else was heard in them."""
        told = tell(words.title, words.text)
        if told is not None and told.speech is Speech.QUESTION and words.id not in self._heard.get(words.person_id, {}):
            self._heard[words.person_id][words.id] = (told, False, (), "")

    def people(self) -> set[int]:
        return {*self._heard, *self.meetings, *self.trips, *self.records, *self.changes, *self.acts, *self.back}

    def ids(self) -> list[int]:
        return [id_ for those in self._heard.values() for id_ in those]

    def take(self, items: dict[int, Item]) -> None:
        self._items = items

    def of_each(self, turned: Mapping[int, datetime]) -> dict[int, tuple[Heard, ...]]:
        """Newest first. turned: when I last said something to them; words before that are no longer open."""
        found = {}
        for person_id, those in self._heard.items():
            after = turned.get(person_id)
            found[person_id] = tuple(
                Heard(item=item, told=told, towards_me=to_me, words=named, whose=whose,
                      is_open=after is None or (item.published is not None and item.published > after))
                for id_, (told, to_me, named, whose) in sorted(those.items(), reverse=True) if (item := self._items.get(id_)) is not None
            )  # fmt: skip
        return found


def read(window: Window, said: Said) -> None:
    """All of it, into `said`."""
    db, now, ids = window.db, window.now, window.ids
    for words in lately.in_places(db, window.since(days=window.heard_days), FORUMS, ids):
        said.hear(words, towards_me=False)
    for words in lately.asking(db, window.since(days=window.rule(PublicQuestion).days + 1), ids):
        said.hear_question(words)
    _named(window, said)
    for person_id, id_ in lately.recommendations(db, window.since(days=window.rule(Praise).recommendation_days), window.me, ids):
        said.hear(Words(person_id, id_, None, _PUBLIC, "", ""), towards_me=True, always=True)
    acts = said.acted
    first = window.rule(FirstPost)
    back = lately.back(db, window.since(days=first.days), window.since(days=first.days + first.silent_days), ids)
    records = lately.records(db, CARD_PLACES | {"crm"}, ids)
    events, theirs = _near(window)
    wanted = {*said.ids(), *(newest for _, newest in acts.values()), *(newest for newest, _ in back.values()), *events}
    wanted |= {id_ for those in records.values() for id_ in those[:20]} | {id_ for those in theirs.values() for id_ in those}
    items = talk.items(db, wanted)
    said.take(items)
    said.acts = {person_id: (n, items[newest]) for person_id, (n, newest) in acts.items() if newest in items}
    for person_id, (newest, before) in back.items():
        at, then = moment_of_id(newest), moment_of_id(before)
        if newest in items and at is not None and then is not None:
            said.back[person_id] = (items[newest], (at - then).days)
    said.records = {person_id: tuple(items[i] for i in those[:20] if i in items) for person_id, those in records.items()}
    _meetings(window, said, events, items)
    said.trips = {person_id: tuple(items[i] for i in those if i in items) for person_id, those in theirs.items()}
    if said.meetings:
        said.noted = lately.noted(db, said.meetings)
    for one in lately.changed_work(db, seconds(now - timedelta(days=window.rule(JobChange).days)), ids):
        if (change := _change(one)) is not None:
            said.changes[one.person_id].append(change)


_PUBLIC = 0


def _named(window: Window, said: Said) -> None:
    """Public words in which a word of the settings occurs as it stands there, beside other words."""
    lists = {"mine": window.settings.my_words, "competitor": window.settings.competitor_words, "watched": window.settings.watched_words}
    sought = {word.strip(): whose for whose, text in lists.items() for word in text.split(",") if words_of(word)}
    if not sought:
        return
    for words in lately.with_words(window.db, window.since(days=window.heard_days), sought, window.ids):
        spoken = f" {' '.join(words_of(f'{words.title} {words.text}'))} "
        named = tuple(word for word in sought if f" {' '.join(words_of(word))} " in spoken)
        if named:
            said.hear(words, towards_me=False, named=named, whose=sought[named[0]])


def _near(window: Window) -> tuple[dict[int, frozenset[int]], dict[int, list[int]]]:
    """(meetings of me with others: who takes part · trips by the person they are a reason to meet), by position."""
    db, now = window.db, window.now
    me = {row[0] for row in db.execute("SELECT id FROM people WHERE is_me = 1")}
    found = lately.events(db, now - timedelta(days=MEETING_DAYS), now + _FUTURE)
    meetings = {id_: taking - me for id_, (_, taking) in found.items() if taking & me and 0 < len(taking - me) <= MET_MOST}
    trips: dict[int, list[int]] = defaultdict(list)
    town, soon = fold(window.settings.home_town), now + timedelta(days=window.rule(InTown).days + 1)
    alone = [id_ for id_, (_, taking) in found.items() if id_ not in meetings and len(taking) == 1]
    items = {id_: item for id_, item in talk.items(db, alone).items() if item.published is not None and now <= item.published <= soon}
    mine: dict[str, list[int]] = defaultdict(list)
    for id_ in sorted(items, key=lambda one: (items[one].published, one)):
        actor, place = found[id_][0], _town(items[id_])
        if actor in me and place:
            mine[place].append(id_)
        elif actor is not None and actor not in me and town and _names(_about(items[id_]), town):
            trips[actor].append(id_)
    for place, lived in lately.living_in(db, [place for place in mine if fold(place) != town]).items():
        for person_id in lived:
            trips[person_id] += mine[place]
    return meetings, trips


def _town(item: Item) -> str:
    """ "Lisbon" of "Lisbon, Portugal"; "" for rooms and addresses."""
    first = text_of(item, "location").split(",")[0].strip()
    return first if 3 <= len(first) <= 40 and first.replace(" ", "").replace("-", "").isalpha() and "," in text_of(item, "location") else ""


def _about(item: Item) -> str:
    return f"{text_of(item, 'location')} {item.activity.title if item.activity is not None else ''}"


def _names(text: str, town: str) -> bool:
    return f" {' '.join(words_of(town))} " in f" {' '.join(words_of(text))} "


def _meetings(window: Window, said: Said, events: Mapping[int, frozenset[int]], items: Mapping[int, Item]) -> None:
    each: dict[int, list[Item]] = defaultdict(list)
    now = window.now
    for id_ in sorted((id_ for id_ in events if id_ in items), key=lambda one: (items[one].published or now, one)):
        for person_id in events[id_]:
            if (window.ids is None or person_id in window.ids):
                each[person_id].append(items[id_])
    said.meetings = {person_id: tuple(those) for person_id, those in each.items()}


def next_end(meetings: tuple[Item, ...], now: datetime) -> datetime | None:
    """When the next of them is over, None if all are."""
    return min((end for meeting in meetings if (end := end_of(meeting)) is not None and end > now), default=None)


def _change(one: lately.Changed) -> Change | None:
    """A role or firm that was something else before; words that only became more or less of the same are no change."""
    (title, firm), (new_title, new_firm) = one.before, one.now
    moved = bool(firm and new_firm) and not alike(firm, new_firm)
    risen = bool(title and new_title) and not alike(title, new_title)
    if not (moved or risen):
        return None
    return Change(place=one.place, before=_work(title, firm), after=_work(new_title, new_firm), noticed=one.at, is_firm=moved)


def alike(a: str, b: str) -> bool:
    """Whether one firm or role is the other, or only says less of it."""
    short, long = sorted((fold(a), fold(b)), key=len)
    return short in long


def _work(title: str, firm: str) -> str:
    return ", ".join(part for part in (title, firm) if part)


def standings(window: Window) -> dict[int, Standing]:
    """Of everybody at a key company: how the user stands there. joined only for those who came after others."""
    rule, new = window.rule(SingleThreaded), window.rule(NewAtKey)
    found = {}
    for firm in lately.key_firms(window.db, window.since(days=rule.days)):
        touched = sum(touch for _, _, touch in firm.people)
        first = min((came for _, came, _ in firm.people if came is not None), default=None)
        for person_id, came, touch in firm.people:
            later = came is not None and first is not None and came - first > timedelta(days=1)
            joined = came if later and came is not None and window.now - came <= timedelta(days=new.days + 1) else None
            if (joined is not None or (touch and touched == 1)) and (window.ids is None or person_id in window.ids):
                found[person_id] = Standing(company=firm.name, uid=firm.uid, key=True, known=len(firm.people), in_touch=touched, joined=joined)
    return found


def waiting_since(window: Window) -> dict[int, datetime]:
    """Per person: when I last wrote to them, lately."""
    return lately.written_to(window.db, window.since(days=window.settings.answer_days + 1), window.me, window.ids)
