"""They wrote to me or asked me something, and I have not answered in any place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from relationdesk.derived import Evidence, Item, Prompt
from relationdesk.model import Activity, Audience, Kind, Precision, Role
from relationdesk.prompts.base import History, ago, quote
from relationdesk.text import listed, place_name, short_day

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
            if item.published is not None and item.published <= now and (over is None or item.published > over)
        ]
        unanswered = [words for words in later if _is_talk(words)]
        waiting = [words for words in unanswered if self._waits(words, now)]
        if not waiting:
            yield from self._held_back(history, now, answered)
            return
        questions = sum(words.asks for words in waiting)
        oldest = min(words.item.published for words in waiting if words.item.published is not None)
        parts = [_counted(questions, "question"), _counted(len(waiting) - questions, "message")]
        yield Prompt(
            key=_key(self.name, history, unanswered[0].item),
            rule=self.name,
            person_id=history.person.id,
            title=f"{history.person.name}: {listed([*filter(None, parts)])} {'waits' if len(waiting) == 1 else 'wait'} for you",
            because=f"{history.person.name} {_done(waiting, now)}, and you have not answered in any place.",
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
                    title=f"{history.person.name}: a question",
                    because=f"{history.person.name} asked {_where(item)} {ago(now, item.published)}.",
                    evidence=(_evidence(item),),
                    why_not=f"{_how_answered(history, answered)} on {short_day(answered)}, after the question.",
                )
            return


def _answered(history: History, now: datetime) -> datetime | None:
    """When I last said something towards them, in any place or by telephone; None never."""
    mine = [over for i in history.mine if i.published is not None and i.published <= now and (over := _over(i)) is not None]
    return max((*mine, *((history.spoke,) if history.spoke is not None else ())), default=None)


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
        return f"You spoke with {history.person.name}"
    verb = "wrote to" if mine.kind in _TALK else "turned to"
    return f"You {verb} {history.person.name} {_place(mine)}"


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


_MARK = re.compile(
    r"[？؟⁇⁈⁉❓❔﹖¿՞፧⸮]|\?(?!\w+=)"  # not the ? of an address without its https
    r"|(?:ますか|ですか|でしょうか|ませんか|吗|嗎)(?=\W|$)"  # Japanese and Chinese ask without a mark, too
    r"|(?<=[\u0370-\u03ff])[;\u037e]"  # Greek
)
_PLAIN_MARK = re.compile(r"\?(?!\w+=)")
_REPLY = re.compile(r"\s*(?:re|aw|antw|sv|vs|odp|rif|r|fwd?|wg|tr|回复|答复|返信)\s*(?:\[\d+\])?\s*[:：]", re.IGNORECASE)


def is_question(title: str, text: str) -> bool:
    """True if there is a question outside a web address, in any script. The subject of an answer repeats what was asked."""
    words = text if _REPLY.match(title) else f"{title} {text}"
    mark = _PLAIN_MARK if words.isascii() else _MARK  # most words by far are plain, and cost a fortieth so
    if mark.search(words) is None:
        return False
    if "://" in words or "www." in words:
        words = " ".join(word for word in words.split() if "://" not in word and "www." not in word)
    return mark.search(words) is not None


_THANKS = re.compile(
    r"(?:many |no |vielen |besten |herzlichen |mille |muchas |tante |большое )?(?:thanks?|thank you|thx|ty|cheers|problem|danke|dank|dankeschön|"
    r"merci|gracias|grazie|obrigad[oa]|tack|takk|tak|bedankt|kiitos|dzięki|dziękuję|köszönöm|teşekkürler|спасибо|дякую|ευχαριστώ|"
    r"شكرا|תודה|धन्यवाद|see you|talk soon|bis dann|bis bald|à bientôt|hasta luego)(?!\w)|ありがとう|谢谢|謝謝|감사합니다",
    re.IGNORECASE,
)
_FINE = re.compile(
    r"(?:perfect|perfekt|parfait|perfecto|great|super|prima|will do|ok|okay|got it|noted|understood|agreed|done|yes|sure)(?!\w)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.,;:!…。！，、\n–—]+|\s-\s")
_LONGEST_GOODBYE = 60
"""Characters; whoever writes more has more to say."""


def closes(text: str) -> bool:
    """True for a few words that end a conversation ("Thanks, great. Joe") and want no answer, and for a bare emoji.

    Every part must close, or be no more than a name: "Great, please send the offer" goes on.
    """
    line = text.strip()
    if len(line) >= _LONGEST_GOODBYE:
        return False
    clauses = [clause.strip() for clause in _CLAUSE.split(line) if re.search(r"\w", clause)]
    return all(_is_goodbye(clause) for clause in clauses[:1]) and all(
        _is_goodbye(clause) or len(clause.split()) <= 2 for clause in clauses[1:]
    )


def _is_goodbye(clause: str) -> bool:
    return _THANKS.match(clause) is not None or (_FINE.match(clause) is not None and len(clause.split()) <= 3)


def _counted(n: int, noun: str) -> str:
    return "" if n == 0 else f"a {noun}" if n == 1 else f"{n} {noun}s"


def _done(waiting: Sequence[_Words], now: datetime) -> str:
    """ "asked by mail today and 8 days ago": newest first, as the evidence is; what was said just before is not repeated."""
    deeds = dict.fromkeys(
        ("asked" if words.asks else "wrote", _where(words.item), ago(now, words.item.published))
        for words in waiting
        if words.item.published is not None
    )
    if len(deeds) > _NAMED:
        return f"turned to you {len(waiting)} times, and last {' '.join(next(iter(deeds)))}"
    parts, before = [], ("", "", "")
    for deed in deeds:
        known = 2 if deed[:2] == before[:2] else 1 if deed[0] == before[0] else 0
        parts.append(" ".join(deed[known:]))
        before = deed
    return listed(parts)


def _where(item: Item) -> str:
    return "" if item.activity is None else _place(item.activity)


def _place(activity: Activity) -> str:
    """ "by mail", "in a comment on LinkedIn"."""
    place = activity.key.place
    if activity.kind is Kind.MAIL or place == "mail":
        return "by mail"
    on = {"blog": "on a blog", "discourse": "in a forum", "forum": "in a forum"}.get(place, f"on {place_name(place)}")
    how = {Kind.MESSAGE: "in a message ", Kind.COMMENT: "in a comment "}.get(activity.kind, "")
    return f"{how}{on}"


def _evidences(waiting: Sequence[Item]) -> tuple[Evidence, ...]:
    more = len(waiting) - _SHOWN
    rest = [Evidence(sentence=f"And {more} more before {'that' if more == 1 else 'those'}.")] if more > 0 else []
    return (*map(_evidence, waiting[:_SHOWN]), *rest)


def _evidence(item: Item) -> Evidence:
    activity = item.activity
    assert activity is not None
    return Evidence(
        sentence=quote(activity.text or activity.title), activity=activity.key, published=activity.published
    )


def _key(name: str, history: History, newest: Item) -> str:
    assert newest.activity is not None
    return f"{name}:{history.person.uid}:{newest.activity.key.place}/{newest.activity.key.native_id}"
