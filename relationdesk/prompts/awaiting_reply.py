"""They wrote to me or asked me something, and I have not answered in any place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from relationdesk.model import Activity, Audience, Evidence, Item, Kind, Prompt, Role
from relationdesk.prompts.base import History, ago, quote
from relationdesk.text import short_day

_TALK = frozenset({Kind.MAIL, Kind.MESSAGE, Kind.POST, Kind.REPLY, Kind.COMMENT})
_CLOSERS = ("thanks", "thank you", "thx", "cheers", "danke", "merci", "gracias", "perfect", "great", "will do", "ok", "got it", "see you")


@dataclass(frozen=True)
class AwaitingReply:
    """Something they sent to me, private or public, waits for an answer.

    Questions count at once. Private words without one count from `after_hours` to `plain_for_days`, unless they only
    close a conversation; public words only if they ask. Anything I did towards them afterwards, in whatever place, is an answer.
    """

    name = "awaiting_reply"
    after_hours: int = 20
    for_days: int = 60  # a question that is older is no longer waiting
    plain_for_days: int = 14  # nor are words without a question
    explained_for_days: int = 14  # so long an answered question is named among the held back

    def is_possible(
        self, title: str, text: str, private: bool, published: datetime | None, answered: datetime | None, now: datetime
    ) -> bool:
        """Whether `find` may have anything to say about such words towards me; in doubt True.

        answered: my newest words towards them, or the newest call or meeting.
        """
        if published is None or published > now:
            return False
        is_open = answered is None or published > answered
        if is_question(title, text):
            return now - published <= timedelta(days=self.for_days if is_open else self.explained_for_days)
        return private and is_open and now - published <= timedelta(days=self.plain_for_days)

    def find(self, history: History, now: datetime) -> Iterator[Prompt]:
        mine = [i.published for i in history.mine if i.published is not None]
        answered = max([*mine, *([history.spoke] if history.spoke else [])], default=None)
        waiting = [
            item
            for item in history.towards_me
            if item.published is not None
            and now - timedelta(days=self.for_days) <= item.published <= now
            and (answered is None or item.published > answered)
            and self._waits(item, now)
        ]
        if not waiting:
            yield from self._held_back(history, now, answered)
            return
        questions = [item for item in waiting if asks(item)] or waiting
        asked = asks(questions[0])
        oldest = questions[-1]
        assert oldest.published is not None
        noun = "question" if asked else "message"
        what = f"a {noun}" if len(questions) == 1 else f"{len(questions)} {noun}s"
        waits = "waits" if len(questions) == 1 else "wait"
        yield Prompt(
            key=_key(self.name, history, questions[0]),
            rule=self.name,
            person_id=history.person.id,
            title=f"{history.person.name}: {what} {waits} for you",
            because=f"{history.person.name} {'asked' if asked else 'wrote'} {_where(oldest)} {ago(now, oldest.published)}, and you have not answered in any place.",
            evidence=tuple(_evidence(item) for item in questions[:5]),
            weight=(60.0 if asked else 30.0) + 5 * len(questions) + min(20.0, (now - oldest.published).days * 2.0),
        )

    def _waits(self, item: Item, now: datetime) -> bool:
        activity = item.activity
        if activity is None or activity.kind not in _TALK or item.published is None or not to_me_directly(activity):
            return False
        if asks(item):
            return True
        if activity.audience is not Audience.PRIVATE or closes(activity.text):
            return False
        return timedelta(hours=self.after_hours) <= now - item.published <= timedelta(days=self.plain_for_days)

    def _held_back(self, history: History, now: datetime, answered: datetime | None) -> Iterator[Prompt]:
        """A question that was answered lately is named among the held back, so that silence is explained."""
        for item in history.towards_me:
            if item.published is None or not asks(item) or now - item.published > timedelta(days=self.explained_for_days):
                continue
            if answered is not None and answered >= item.published:
                mine = next((i for i in history.mine if i.published == answered), None)
                place = mine.activity.key.place if mine and mine.activity else "call or meeting"
                yield Prompt(
                    key=_key(self.name, history, item),
                    rule=self.name,
                    person_id=history.person.id,
                    title=f"{history.person.name}: a question",
                    because=f"{history.person.name} asked {_where(item)}.",
                    evidence=(_evidence(item),),
                    why_not=f"You wrote to {history.person.name} on {short_day(answered)} ({place}), after the question.",
                )
            return


def to_me_directly(activity: Activity) -> bool:
    """Addressed to me, not only a copy. (Participants given here are already those that are me.)"""
    roles = {participant.role for participant in activity.participants}
    return not roles or bool(roles - {Role.CC, Role.BCC})


def asks(item: Item) -> bool:
    """True if the item's words hold a question."""
    return item.activity is not None and is_question(item.activity.title, item.activity.text)


_MARK = re.compile("[?？؟]")


def is_question(title: str, text: str) -> bool:
    """True if there is a question mark outside a web address, in any script."""
    words = f"{title} {text}"
    if "://" in words and _MARK.search(words):
        words = " ".join(word for word in words.split() if "://" not in word)
    return _MARK.search(words) is not None


def closes(text: str) -> bool:
    """True for a few words that end a conversation ("Thanks, great") and want no answer."""
    line = " ".join(text.split()).casefold().rstrip(" .!")
    return len(line) < 60 and line.startswith(_CLOSERS)


def _where(item: Item) -> str:
    if item.activity is None:
        return ""
    how = {Kind.MAIL: "by mail", Kind.MESSAGE: "a message", Kind.COMMENT: "a comment"}
    return how.get(item.activity.kind, f"on {item.activity.key.place.capitalize()}")


def _evidence(item: Item) -> Evidence:
    activity = item.activity
    assert activity is not None
    return Evidence(
        sentence=quote(activity.text or activity.title), activity=activity.key, published=activity.published
    )


def _key(name: str, history: History, newest: Item) -> str:
    assert newest.activity is not None
    return f"{name}:{history.person.uid}:{newest.activity.key.place}/{newest.activity.key.native_id}"
