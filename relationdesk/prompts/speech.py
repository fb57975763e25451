"""Is it a complaint, praise, a suggestion, an introduction or a question? By a table of words in eight languages; unsure is nothing.

Each text is read once, word by word, so the time it takes grows with its length alone, whatever stands in it.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from relationdesk.prompts.questions import closes, is_question
from relationdesk.prompts.speech_table import HELPING, NEGATIONS, STRONG, WEAK


class Speech(Enum):
    """What somebody's words are. Stored with the user's answers: never rename."""

    QUESTION = "question"
    COMPLAINT = "complaint"
    PRAISE = "praise"
    SUGGESTION = "suggestion"
    REFERRAL = "referral"  # they introduce somebody


class Told(NamedTuple):
    """What it is, and the words that said so, as in the table; () for a question. sure: a strong phrase is among them."""

    speech: Speech
    by: tuple[str, ...]
    sure: bool = True


LOOKED_AT = 4_000
"""Characters; whoever complains says so before that."""
ENOUGH = 2
"""One strong phrase, or two weak ones."""
CLEAR = 1
"""So much more than the next: less is unsure."""
LONG = 80
"""Words per which one more weak word is wanted: in a long text everything occurs."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_BLANKS = {n: " " for n in range(128) if not (chr(n).isalnum() or chr(n) == "'")}
_ACCENTS = re.compile("[\u0300-\u036f]")


def words_of(text: str) -> list[str]:
    """The words in small letters, without accents: "n'est", "funziona"."""
    text = text[:LOOKED_AT].casefold()
    if text.isascii():  # most words by far, and in a quarter of the time
        words = text.translate(_BLANKS).split()
        return words if "'" not in text else [part for word in words for part in (_WORD.findall(word) if "'" in word else (word,))]
    text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.replace("\u2019", "'").replace("\u02bc", "'")))
    return _WORD.findall(text)


class _Phrase(NamedTuple):
    rest: tuple[str, ...]
    speech: Speech
    strength: int  # 2 strong, 1 weak, 0 helping
    shown: str


def _table() -> dict[str, tuple[_Phrase, ...]]:
    """By first word, the longest phrase first; what stands there twice counts with its larger strength."""
    found: dict[tuple[str, ...], _Phrase] = {}
    for strength, lines in ((0, HELPING), (1, WEAK), (ENOUGH, STRONG)):
        for _, kind, phrases in lines:
            for shown in phrases.split(" | "):
                words = tuple(words_of(shown))
                found[words] = _Phrase(words[1:], Speech(kind), strength, shown)
    by_first: dict[str, list[_Phrase]] = {}
    for words, phrase in found.items():
        by_first.setdefault(words[0], []).append(phrase)
    return {first: tuple(sorted(several, key=lambda p: (-len(p.rest), p.rest))) for first, several in by_first.items()}


_PHRASES = _table()
_NOT = frozenset(NEGATIONS.split())


@lru_cache(maxsize=8192)  # the same words are looked at after each sync for as long as they are new
def tell(title: str, text: str) -> Told | None:
    """What these words are; None if that is not clear.

    A complaint that asks is a complaint. Of praise and complaint in one text neither is clear, unless one outweighs the other.
    """
    words = words_of(f"{title}. {text}" if title else text)
    told: dict[Speech, dict[str, int]] = {}
    after = 0  # words before this one belong to a phrase already
    for at in [n for n, word in enumerate(words) if word in _PHRASES]:
        phrase = _at(words, at) if at >= after else None
        if phrase is None:
            continue
        after = at + 1 + len(phrase.rest)
        speech = _turned(phrase, words, at)
        if speech is not None:
            told.setdefault(speech, {})[phrase.shown] = phrase.strength
    points = {speech: _points(list(said.values())) for speech, said in told.items()}
    best = max(points, key=lambda speech: (points[speech], speech.value), default=None)
    if best is not None and points[best] >= ENOUGH:
        sure = ENOUGH in told[best].values()
        next_best = max((n for speech, n in points.items() if speech is not best), default=0)
        enough = points[best] - next_best >= CLEAR and (sure or points[best] >= ENOUGH + len(words) // LONG)
        return Told(best, tuple(told[best]), sure) if enough and not closes(text) else None
    return Told(Speech.QUESTION, ()) if is_question(title, text) else None


def _points(strengths: list[int]) -> int:
    """The helping ones count as long as one of the others is there."""
    return sum(max(1, n) for n in strengths) if any(strengths) else 0


def _at(words: list[str], at: int) -> _Phrase | None:
    for phrase in _PHRASES[words[at]]:
        if not phrase.rest or tuple(words[at + 1 : at + 1 + len(phrase.rest)]) == phrase.rest:
            return phrase
    return None


def _turned(phrase: _Phrase, words: list[str], at: int) -> Speech | None:
    """ "not helpful" is no praise but a complaint; "no problem" is neither."""
    if phrase.speech in (Speech.SUGGESTION, Speech.REFERRAL) or _NOT.isdisjoint(words[max(0, at - 2) : at]):
        return phrase.speech
    return Speech.COMPLAINT if phrase.speech is Speech.PRAISE else None
