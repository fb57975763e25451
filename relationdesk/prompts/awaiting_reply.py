"""They wrote to me or asked me something, and I have not answered in any place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from relationdesk.derived import Evidence, Item, Prompt
from relationdesk.model import Activity, Audience, Kind, Precision, Role
from relationdesk.prompts.base import Asks, History, ago, evidence_of, tail_of, where
from relationdesk.prompts.questions import closes, is_question
from relationdesk.saying import counted, marked, say
from relationdesk.text import listed, short_day

_TALK = frozenset({Kind.MAIL, Kind.MESSAGE, Kind.POST, Kind.REPLY, Kind.COMMENT})
_NAMED = 3
"""So many places and days a because sentence names; more are counted."""
_SHOWN = 5
"""So many words are quoted as evidence."""


class _Words(NamedTuple):
    item: Item
    asks: bool


@dataclass(frozen=True)
class AwaitingReply:
    """Something they sent to me, private or public, waits for an answer.

    Questions count at once. Private words without one count from `after_hours` to `plain_for_days`, unless they only
    close a conversation; public words only if they ask. Anything I did towards them afterwards, in whatever place, is an answer.
    """

    name = "awaiting_reply"
    says = marked("Somebody asked or wrote to you, and you have not answered in any place.")
    asks = Asks.ANSWER
    needs = "towards_me"
    minutes = 5
    after_hours: int = 20
    for_days: int = 60  # a question that is older is no longer waiting
    plain_for_days: int = 14  # nor are words without a question
    explained_for_days: int = 14  # so long an answered question is named among the held back

    def is_possible(self, title: str, text: str, private: bool, age: int, is_open: bool) -> bool:
        """Whether `find` may have anything to say about such words towards me; in doubt True. age: in whole seconds.

        is_open: they are newer than my newest words towards them, and than the newest call or meeting.
        """
        if age < 0:
            return False
        days = age // 86_400
        if private and is_open and days <= self.plain_for_days:
            return True
        return days <= (self.for_days if is_open else self.explained_for_days) and is_question(title, text)

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        if not history.towards_me:
            return
        answered = _answered(history, now)
        over = max((m for m in (answered, history.settled) if m is not None), default=None)
        later = [
            _Words(item, asks(item))
            for item in history.towards_me
            if (at := item.published) is not None and at <= now and (over is None or at > over)
        ]
        unanswered = [words for words in later if _is_talk(words)]
        waiting = [words for words in unanswered if self._waits(words, now)]
        if not waiting:
            yield from self._held_back(history, now, answered)
            return
        questions = sum(words.asks for words in waiting)
        oldest = min(words.item.published for words in waiting if words.item.published is not None)
        messages = len(waiting) - questions
        parts = [counted(questions, "a question", "{n} questions") if questions else "", counted(messages, "a message", "{n} messages") if messages else ""]
        yield Prompt(
            key=_key(self.name, history, unanswered[0].item),
            rule=self.name,
            person_id=history.person.id,
            title=f"{history.person.name}: {counted(len(waiting), '{what} waits for you', '{what} wait for you', what=listed([*filter(None, parts)]))}",
            because=say("{person} {done}, and you have not answered in any place.", person=history.person.name, done=_done(waiting, now)),
            evidence=_evidences([words.item for words in waiting]),
            weight=(60.0 if questions else 30.0) + 5 * len(waiting) + min(20.0, (now - oldest).days * 2.0),
        )

    def _waits(self, words: _Words, now: datetime) -> bool:
        activity, published = words.item.activity, words.item.published
        if activity is None or published is None:
            return False
        distance = now - published
        if words.asks:
            return distance <= timedelta(days=self.for_days)
        if activity.audience is not Audience.PRIVATE:
            return False
        return timedelta(hours=self.after_hours) <= distance <= timedelta(days=self.plain_for_days)

    def _held_back(self, history: History, now: datetime, answered: datetime | None) -> Iterator[Prompt]:
        """A question that was answered lately is named among the held back, so that silence is explained."""
        for item in history.towards_me:
            if item.published is None or not asks(item) or not timedelta(0) <= now - item.published <= timedelta(days=self.explained_for_days):
                continue
            if answered is not None and answered >= item.published:
                yield Prompt(
                    key=_key(self.name, history, item),
                    rule=self.name,
                    person_id=history.person.id,
                    title=f"{history.person.name}: {say('a question')}",
                    because=say("{person} asked {where} {when}.", person=history.person.name, where=_where(item), when=ago(now, item.published)),
                    evidence=(evidence_of(item),),
                    why_not=say("{how_answered} on {answered}, after the question.", how_answered=_how_answered(history, answered), answered=short_day(answered)),
                )
            return


def _answered(history: History, now: datetime) -> datetime | None:
    """When I last said something towards them, in any place or by telephone; None never."""
    met, spoke = history.met, history.spoke
    mine = [over for i in history.mine if i.published is not None and i.published <= now and (over := _over(i)) is not None]
    if spoke is not None and met is not None and met.said < spoke <= met.ends + _NOTED_WITHIN:
        spoke = None  # the note of that meeting
    return max((*mine, *((spoke,) if spoke is not None else ())), default=None)


_NOTED_WITHIN = timedelta(days=1)


_LENGTH = {Precision.DAY: timedelta(days=1), Precision.MONTH: timedelta(days=31), Precision.YEAR: timedelta(days=366)}


def _over(item: Item) -> datetime | None:
    """When it was over at the latest: what I wrote "on 3 March" may answer a question of that day."""
    if item.published is None or item.activity is None:
        return None
    length = _LENGTH.get(item.activity.precision)
    return item.published if length is None else item.published + length - timedelta(seconds=1)


def _how_answered(history: History, answered: datetime) -> str:
    mine = next((i.activity for i in history.mine if _over(i) == answered), None)
    if mine is None:
        return say("You spoke with {person}", person=history.person.name)
    if mine.kind in _TALK:
        return say("You wrote to {person} {where}", person=history.person.name, where=where(mine))
    return say("You turned to {person} {where}", person=history.person.name, where=where(mine))


def _is_talk(words: _Words) -> bool:
    """Words to me directly, not a copy, that want an answer at all. (Who is not me is no participant here to look at.)"""
    activity = words.item.activity
    return (
        activity is not None and activity.kind in _TALK and to_me_directly(activity)
        and (words.asks or not closes(activity.text))
    )  # fmt: skip


def to_me_directly(activity: Activity) -> bool:
    """Not only as a copy to everybody. Whether *I* am a copy only is asked where the words are looked up."""
    return not activity.participants or any(p.role is not Role.CC and p.role is not Role.BCC for p in activity.participants)


def asks(item: Item) -> bool:
    """True if the item's words hold a question."""
    return item.activity is not None and is_question(item.activity.title, item.activity.text)


def _done(waiting: Sequence[_Words], now: datetime) -> str:
    """ "asked by mail today and 8 days ago": newest first, as the evidence is; what was said just before is not repeated."""
    deeds = dict.fromkeys(
        (words.asks, _where(words.item), ago(now, words.item.published))
        for words in waiting
        if words.item.published is not None
    )
    if len(deeds) > _NAMED:
        return say("turned to you {times} times, and last {deed}", times=len(waiting), deed=_deed(*next(iter(deeds))))
    parts: list[str] = []
    asked: bool | None = None
    there = ""
    for asks_, there_, when in deeds:
        parts.append(_deed(asks_, there_, when) if asks_ is not asked else when if there_ == there else say("{where} {when}", where=there_, when=when))
        asked, there = asks_, there_
    return listed(parts)


def _deed(asks_: bool, there: str, when: str) -> str:
    return say("asked {where} {when}", where=there, when=when) if asks_ else say("wrote {where} {when}", where=there, when=when)


def _where(item: Item) -> str:
    return "" if item.activity is None else where(item.activity)


def _evidences(waiting: Sequence[Item]) -> tuple[Evidence, ...]:
    more = len(waiting) - _SHOWN
    rest = [Evidence(sentence=counted(more, "And {n} more before that.", "And {n} more before those."))] if more > 0 else []
    return (*map(evidence_of, waiting[:_SHOWN]), *rest)


def _key(name: str, history: History, newest: Item) -> str:
    return f"{name}:{history.person.uid}:{tail_of(newest)}"
