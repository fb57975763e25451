"""Questions that a file leaves to the user: how they are asked, which answer was meant, and the refusal while there is none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from relationdesk.errors import UnreadableFile
from relationdesk.saying import say
from relationdesk.sources.base import Ask, Options
from relationdesk.text import fold, one_line

NOBODY_HERE = "-"
"""The answer to "me" of somebody who wrote nothing in this chat."""
MOST_CHOICES = 5_000
WHO: Final = "me"
"""The name of the question whose file it is."""


def who_asks(question: str, people: Iterable[tuple[str, str]], *, nobody: str = "") -> Ask:
    """Which of these is the owner. people: (answer, name), the likelier first. nobody: the words for none of them."""
    choices = tuple((answer, one_line(name) or answer) for answer, name in people)[:MOST_CHOICES]
    return Ask(name=WHO, question=question, choices=(*choices, (NOBODY_HERE, nobody)) if nobody else choices)


def unanswered(ask: Ask, source: str) -> UnreadableFile:
    """The refusal of a file whose question has no answer yet."""
    return UnreadableFile(say("{question} Nothing was brought in: this has to be answered first.", question=ask.question), source=source)


def chosen(said: str, ask: Ask) -> str:
    """Which of the choices was meant: by the answer, else by the words if they fit one only; "" for none."""
    said = said.strip()
    if any(said == answer for answer, _ in ask.choices):
        return said
    folded = fold(said)
    fits = {answer for answer, words in ask.choices if folded and folded in (fold(words), fold(answer))}
    return fits.pop() if len(fits) == 1 else ""


def answer_to(ask: Ask, options: Options, source: str) -> str:
    """What the user chose. Raises UnreadableFile with the question while there is no answer, or none that fits."""
    said = options.me if ask.name == WHO else options.answers.get(ask.name, "")
    said = said or options.answers.get(ask.name, "")
    found = chosen(said, ask)
    if found:
        return found
    if said and ask.name == WHO:
        names = ", ".join(words for _, words in ask.choices[:5])
        raise UnreadableFile(say("“{said}” is nobody in this file. {question} Nothing was brought in. It names: {names}.", said=one_line(said, 80), question=ask.question, names=names), source=source)
    raise unanswered(ask, source)
