"""What the program says below the window, ready to be said in another language.

Every sentence that a user may read goes through `say` or `counted`, as those of the window go through `tr`; the command line says
them in English. Nobody here knows Qt: who has a translator hands it in (`translated_by`), once, before anything is said. A text is
a literal with `{name}` for what is put in, never an f-string, so that it can be found and its parts can stand in another order.
What a place, a file or the user wrote is put in and never translated. What was written into the desk stays as it was said then.
"""

from __future__ import annotations

from collections.abc import Callable

Translator = Callable[[str, int], str]
"""(text, n) → the text in the user's language, or the same where there is none. n: how many, for languages with several plurals; -1: nothing is counted."""


class _Tongue:
    """The one in use: a language is the whole program's, as with gettext and QCoreApplication."""

    translate: Translator | None = None
    grouped: Callable[[int], str] | None = None


class _Number(int):
    """ "{n:,}" as people write numbers where the window is, "3,210" elsewhere."""

    def __format__(self, spec: str) -> str:
        return _Tongue.grouped(int(self)) if spec == "," and _Tongue.grouped is not None else int.__format__(self, spec)


def grouped_by(grouped: Callable[[int], str] | None) -> None:
    """How what is counted is written from now on; None: as in English."""
    _Tongue.grouped = grouped


def translated_by(translator: Translator | None) -> None:
    """From now on; None: in English. Whatever thread asks, so it must bear several at once."""
    _Tongue.translate = translator


def say(text: str, /, **values: object) -> str:
    """The text with what is put in. KeyError for a `{name}` that nobody gave."""
    translate = _Tongue.translate
    said = text if translate is None else translate(text, -1)
    return said.format(**values) if values else said


def counted(n: int, one: str, more: str, /, **values: object) -> str:
    """ "1 day", "1,200 days": `one` or `more` with `{n}` or `{n:,}`. A translator gets `more` and n, and has as many forms as its language."""
    translate = _Tongue.translate
    said = more if translate is None else translate(more, n)
    if said == more and n == 1:
        said = one
    return said.format(n=_Number(n), **values)


def marked(text: str) -> str:
    """The text unchanged: for a table that is made before anybody asks. Whoever looks for texts finds it, and it is `say`d where it is shown."""
    return text
