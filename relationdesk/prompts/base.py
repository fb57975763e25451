"""What a rule is, and the history it is given. Pure: `now` is given, never asked for; a threshold is a field.

A rule answers with prompts to show and with prompts it holds back; the latter say why not. Every prompt has a key that
stays the same until something new happens, so that "done" stays done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from operator import sub
from typing import NamedTuple, Protocol

from relationdesk.derived import Evidence, Item, PlaceState, Prompt
from relationdesk.life_days import Known
from relationdesk.model import Activity, Kind, Person
from relationdesk.prompts.speech import Told
from relationdesk.saying import counted, marked, say
from relationdesk.text import place_name, short_day
from relationdesk.wishes import Step, Task, WantedRhythm


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often something comes from somebody, measured on their newest `signs` signs.

    last: when the newest was over (the end of what is known of its time), aware UTC. every_days: median of the days between
    the days on which something came, None for fewer than three such days.
    """

    last: datetime
    signs: int
    every_days: float | None


def median_gap(days: Sequence[int]) -> float | None:
    """Median distance between day numbers, newest first; one that repeats counts once. None for fewer than three."""
    gaps = sorted(map(sub, days, days[1:]))
    repeated = gaps.count(0)
    different = len(gaps) - repeated
    if different < 2:
        return None
    half = repeated + different // 2
    return float(gaps[half]) if different % 2 else (gaps[half - 1] + gaps[half]) / 2


class Silence(NamedTuple):
    """A silence that may be too long. is_long: it is, if it is known; else only what is not known of it is worth saying.
    known_from: every place must have been read until then for it to be known. share: of what is too long."""

    is_long: bool
    known_from: datetime
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Words of theirs of lately. told: what they are, None unclear. towards_me: said to me, or naming me. words: which of the words that the user
    watches occur in them; whose: "mine" (names of the user's own firm or goods), "competitor", "watched", "" none. is_open: I have said nothing
    towards them since, in whatever place."""

    item: Item
    told: Told | None = None
    towards_me: bool = False
    words: tuple[str, ...] = ()
    whose: str = ""
    is_open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a place says of their work now, and what it said before. noticed: when an import brought it; when it happened is not known."""

    place: str
    before: str
    after: str
    noticed: datetime
    is_firm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Their firm: whether it is a key company of the user, how many of its people are in the desk, and how many of them were in touch, both
    ways, in the last `days`. joined: when this person came into the desk, if others of the firm had been there before."""

    company: str
    uid: str
    key: bool = False
    known: int = 1
    in_touch: int = 0
    joined: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """A place told the firm `before` on one day and `firm` on another, so they began there on a day between, both included."""

    firm: str
    before: str
    place: str
    since: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """What they did towards me lately (likes, comments, answers), while nothing went from me to them. newest: the last of it."""

    count: int
    newest: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What a rule may know of one person. All times aware UTC.

    towards_me: what they did towards the desk's owner lately, newest first. mine: what the owner did towards them
    lately, newest first, in any place. rhythm: of what comes from them, None where silence is no question; silence: what the rule of
    silence has measured of it already, None if it has not.
    coverage: what was read of each of their places. spoke: last call or meeting noted. settled: when the newest of
    their words was written that the user has called done; older ones that arrive late are done with it.
    contact: newest real contact either way, calls and meetings noted down too. wanted: the rhythm the user wants. tasks: open follow-ups on
    them, soonest due first. heard: words of theirs that a rule may speak of, newest first. meetings: calendar entries of me with them, near now,
    soonest first; trips: their calendar entries elsewhere, or mine near them. noted: when the user last wrote a note on them. records: deals and
    tickets about them. changes: what changed in their work. back_after: how many days nothing had come from them before `back`.
    days: birthday and anniversaries as they hold; work: of these the day on which they began where they work, else when that was, as far as what
    places told at different times shows it. met: where their words were put off until after a meeting that is over.
    """

    person: Person
    towards_me: tuple[Item, ...] = ()
    mine: tuple[Item, ...] = ()
    rhythm: Rhythm | None = None
    silence: Silence | None = None
    coverage: tuple[PlaceState, ...] = ()
    spoke: datetime | None = None
    settled: datetime | None = None
    exchanged: bool = False  # anything ever went both ways, or the user keeps them in a bucket
    kept: bool = False  # in a bucket of the user
    contact: datetime | None = None
    wanted: WantedRhythm | None = None
    step: Step | None = None
    tasks: tuple[Task, ...] = ()
    heard: tuple[Heard, ...] = ()
    meetings: tuple[Item, ...] = ()
    trips: tuple[Item, ...] = ()
    noted: datetime | None = None
    records: tuple[Item, ...] = ()
    changes: tuple[Change, ...] = ()
    standing: Standing | None = None
    acts: Acts | None = None
    back: Item | None = None
    back_after: int = 0
    days: tuple[Known, ...] = ()
    work: Known | Began | None = None
    met: Met | None = None


class Met(NamedTuple):
    """The meeting until after which the user put words off, and which is over: said, when they did; ends. It is no answer to these words."""

    said: datetime
    ends: datetime


class Asks(Enum):
    """What a prompt asks of the user; a person's wishes and words that wait for their answer bind each of them differently."""

    ANSWER = "answer"  # they turned to me: answering is no nagging
    CONTACT = "contact"  # I would begin
    GREETING = "greeting"  # I would begin, on a day of theirs: their wishes bind it, but it is no nagging
    SELF = "self"  # to be done without turning to them: a brief, a note


class Rule(Protocol):
    """One reason to get in touch."""

    name: str  # stored with the user's answers: never rename
    says: str  # what it is in one sentence, for the user; `marked`
    asks: Asks
    needs: str  # the field of History without which it has nothing to say
    minutes: int  # what it takes to do it, about

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        """Prompts for this person, shown ones and (with why_not) held-back ones."""
        ...


def ago(now: datetime, then: datetime) -> str:
    """ "today", "yesterday", "12 days ago", by the user's calendar days."""
    return away(-max(0, days_between(now, then)))


def quote(text: str, limit: int = 140, about: str = "") -> str:
    """The gist of a text in quotation marks, on one line: the sentence with `about` in it, else its question if it asks one, else its beginning."""
    line = " ".join(text.split())
    meant = ""
    if about:
        sentences = (part.strip() for part in line.replace("?", "?\n").replace(". ", ".\n").split("\n"))
        meant = next((part for part in sentences if about in part.casefold()), "")
    mark = line.find("?")
    asked = line[line.rfind(". ", 0, mark) + 2 : mark + 1].strip() if mark >= 0 and ". " in line[:mark] else line[: mark + 1]
    line = meant or asked or line
    return f"“{line if len(line) <= limit else line[: limit - 1].rstrip() + '…'}”"


def made(
    rule: Rule, history: History, tail: str, title: str, because: str, evidence: Sequence[Evidence], weight: float, why_not: str = ""
) -> Prompt:
    """A prompt of a rule. tail: what stays the same until something new happens. title: after the name. because: a whole sentence."""
    person = history.person
    return Prompt(
        key=f"{rule.name}:{person.uid}:{tail}", rule=rule.name, person_id=person.id, title=f"{person.name}: {title}", because=because,
        evidence=tuple(evidence), why_not=why_not, weight=weight,
    )  # fmt: skip


def evidence_of(item: Item) -> Evidence:
    """An item's own words, quoted; of what has none, what it is."""
    activity = item.activity
    assert activity is not None
    words = activity.text.strip() or activity.title.strip()
    return Evidence(sentence=quote(words) if words else _without_words(activity), activity=activity.key, published=activity.published)


def _without_words(activity: Activity) -> str:
    if activity.kind is Kind.REACTION:
        return say("A reaction {where}", where=where(activity))
    return say("Something without words {where}", where=where(activity))


def evidence_heard(heard: Heard) -> Evidence:
    """The words that say what it is, quoted."""
    activity = heard.item.activity
    assert activity is not None
    about = heard.told.by[0] if heard.told is not None and heard.told.by else heard.words[0].casefold() if heard.words else ""
    return Evidence(sentence=quote(activity.text or activity.title, about=about), activity=activity.key, published=activity.published)


class Newest(NamedTuple):
    """The words that a prompt is made of: the newest that wait, else the newest at all. evidence: these and those before them, quoted; why_not:
    why the prompt is held back, "" if it is not."""

    heard: Heard
    activity: Activity
    published: datetime
    evidence: list[Evidence]
    why_not: str


def newest_of(found: Sequence[Heard]) -> Newest | None:
    """Of words that a rule counts, newest first; those after which I said something to them are done with."""
    waiting = [heard for heard in found if heard.is_open]
    newest = next(iter(waiting or found), None)
    if newest is None or newest.item.activity is None or newest.item.published is None:
        return None
    return Newest(
        newest, newest.item.activity, newest.item.published, [evidence_heard(heard) for heard in (waiting or found)[:3]],
        "" if waiting else say("You wrote to them since."),
    )  # fmt: skip


def tail_of(item: Item) -> str:
    """The end of a key that rests on this item."""
    assert item.activity is not None
    return f"{item.activity.key.place}/{item.activity.key.native_id}"


def where(activity: Activity) -> str:
    """ "by mail", "in a comment on LinkedIn"."""
    place = activity.key.place
    if activity.kind is Kind.MAIL or place == "mail":
        return say("by mail")
    on = say("on a blog") if place == "blog" else say("in a forum") if place in ("discourse", "forum") else say("on {place}", place=place_name(place))
    if activity.kind is Kind.MESSAGE:
        return say("in a message {on_place}", on_place=on)
    return say("in a comment {on_place}", on_place=on) if activity.kind is Kind.COMMENT else on


def in_days(now: datetime, then: datetime) -> str:
    """ "today", "tomorrow", "in 12 days", by the user's calendar days."""
    return away(max(0, days_between(then, now)))


_NEAR = (marked("yesterday"), marked("today"), marked("tomorrow"))


def away(days: int) -> str:
    """ "12 days ago", "yesterday", "today", "tomorrow", "in 12 days"."""
    if abs(days) <= 1:
        return say(_NEAR[days + 1])
    return counted(days, "in {n} day", "in {n} days") if days > 0 else counted(-days, "{n} day ago", "{n} days ago")


def days_between(now: datetime, then: datetime) -> int:
    """The user's calendar days from then to now; negative for what is to come."""
    return (now.astimezone().date() - then.astimezone().date()).days


def not_read(coverage: Sequence[PlaceState], known_from: datetime) -> str:
    """Why a silence is not really known; "" when every place was read for long enough for it to be known."""
    for state in coverage:
        place, fails = place_name(state.place), state.failed is not None
        if state.until is None:
            never = say("{place} could not be read so far, so perhaps they are not silent.", place=place)
            return never if fails else say("{place} was never read, so perhaps they are not silent.", place=place)
        if state.until < known_from:
            until = short_day(state.until)
            if fails:
                return say("{place} could not be read since {until}, so perhaps they are not silent.", place=place, until=until)
            return say("{place} was last read on {until}, so perhaps they are not silent.", place=place, until=until)
    return ""


def text_of(item: Item, name: str) -> str:
    """What only the place knows of it: "until", "location", "stage"; "" for none."""
    return next((value for key, value in item.activity.extra if key == name), "") if item.activity else ""
