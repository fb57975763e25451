"""What was typed into a search, taken apart, and the words of it in the language of SQLite's full text index.

`joe "panel meter" -invoice from:mary in:vip -place:mail kind:note before:yesterday after:2025` … Words are joined by
and; the last one also finds what it begins, and so does any that ends in *. The same operator twice means either.
Nothing typed can break the query: each word reaches SQLite as a quoted string.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from relationdesk.saying import say
from relationdesk.store.scripts import has_unspaced, indexed, is_apart

LONGEST = 500
"""Characters of what was typed that are looked at."""


class Term(NamedTuple):
    """A word or phrase. begins: it may be the beginning of a longer word."""

    text: str
    begins: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What was typed. terms and signs (emoji, €) must all be found, without and without_signs must not.

    who (from:), buckets (in:), places and kinds: either of several; not_…: none of them. before/after: aware UTC,
    before exclusive, after inclusive. unclear: a sentence for each operator that could not be used and was left out.
    """

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    signs: tuple[str, ...] = ()
    without_signs: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    not_who: tuple[str, ...] = ()
    not_buckets: tuple[str, ...] = ()
    not_places: tuple[str, ...] = ()
    not_kinds: tuple[str, ...] = ()
    before: datetime | None = None
    after: datetime | None = None
    unclear: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_empty(self) -> bool:
        """True if nothing usable was typed: that finds nothing, rather than everything."""
        return self == Query()


_TOKEN = re.compile(r'(-?)(?:(from|in|place|kind|before|after):)?(?:"([^"]*)("?)|(\S+))', re.IGNORECASE)
_DATES = ("before", "after")
_EXAMPLES = {"from": "mary", "in": "vip", "place": "mail", "kind": "note"}
_FIELDS = {"from": "who", "in": "buckets", "place": "places", "kind": "kinds"}


def parse(text: str, today: date | None = None) -> Query:
    """Take a typed query apart. Never raises; an operator without a usable value is left out, and `unclear` says so.

    today: what `before:today` and `after:yesterday` count from; None: nothing was typed that is read so.
    """
    terms: dict[bool, list[Term]] = {False: [], True: []}
    signs: dict[bool, list[str]] = {False: [], True: []}
    values: dict[str, list[str]] = defaultdict(list)
    dates: dict[str, datetime] = {}
    unclear: list[str] = []
    typed = text[:LONGEST].replace("\x00", " ")
    for match in _TOKEN.finditer(typed):
        minus, operator, quoted, closed, plain = match.groups()
        value, operator = (plain if quoted is None else quoted), (operator or "").lower()
        when = _date(value, today) if operator in _DATES else None
        if when is not None:
            dates[{"before": "after", "after": "before"}[operator] if minus else operator] = when
        elif sentence := _left_out(operator, value, match.group().lstrip("-")):
            unclear.append(sentence)
        elif operator in _FIELDS:
            values[("not_" if minus else "") + _FIELDS[operator]].append(value.strip() if operator in ("from", "in") else value.strip().lower())
        elif re.search(r"[^\W_]", value):
            word = f"{operator} {value}" if operator else value
            unfinished = match.end() == len(typed) and closed != '"' and not minus
            terms[bool(minus)].append(Term(word.rstrip("*"), word.endswith("*") or (unfinished and _is_of_a_word(word[-1]))))
        elif any(_is_sign(c) for c in value):
            signs[bool(minus)].append(value)
    fields = {name: tuple(found) for name, found in values.items()}
    if (terms[True] or signs[True]) and not (terms[False] or signs[False] or values or dates):
        unclear.append(say("Only words to leave out were typed, so everything without them is shown."))
    return Query(
        terms=tuple(terms[False]), without=tuple(terms[True]), signs=tuple(signs[False]), without_signs=tuple(signs[True]),
        before=dates.get("before"), after=dates.get("after"), unclear=tuple(unclear), **fields,
    )  # fmt: skip


def _is_of_a_word(c: str) -> bool:
    return c.isalnum() or unicodedata.combining(c) > 0


def _left_out(operator: str, value: str, typed: str) -> str:
    """The sentence for an operator that means nothing as it was typed, else ""."""
    bare = typed.lower().removesuffix(":") if not operator and typed.endswith(":") else ""
    operator = operator or (bare if bare in _FIELDS or bare in _DATES else "")
    if operator in _DATES:
        if bare:
            return say("“{operator}:” was typed without a day, so it was left out. Days are written 2026-11-20, 2026-11, 2026, today or yesterday.", operator=operator)
        return say("“{typed}” is no day, so it was left out. Days are written 2026-11-20, 2026-11, 2026, today or yesterday.", typed=typed[:80])
    if operator and (bare or not value.strip()):
        return say("“{operator}:” was typed without a name, so it was left out. The name follows at once: {operator}:{examples}.", operator=operator, examples=_EXAMPLES[operator])
    return ""


def _is_sign(c: str) -> bool:
    """An emoji, a currency sign: what the index holds no word for and yet somebody may look for."""
    return not c.isascii() and unicodedata.category(c) in ("So", "Sc")


def _date(text: str, today: date | None) -> datetime | None:
    """The beginning of a day, month or year, in UTC as all of them."""
    back = {"today": 0, "yesterday": 1}.get(text.lower())
    if back is not None and today is not None:
        return datetime(today.year, today.month, today.day, tzinfo=UTC) - timedelta(days=back)
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", text)
    if match is None:
        return None
    try:
        return datetime(int(match[1]), int(match[2] or 1), int(match[3] or 1), tzinfo=UTC)
    except ValueError:
        return None


def wanted(query: Query, columns: str) -> str:
    """The FTS5 expression for the words that must be there; "" without any."""
    return f"({columns}: ({' AND '.join(map(_term, query.terms))}))" if query.terms else ""


def unwanted(query: Query, columns: str) -> str:
    """The FTS5 expression for the words that must not be there; "" without any."""
    return f"({columns}: ({' OR '.join(map(_term, query.without))}))" if query.without else ""


def are_apart(terms: Iterable[Term]) -> bool:
    """True if one is in a script for which there is an index of its own."""
    return any(is_apart(term.text) for term in terms)


def _term(term: Term) -> str:
    begins = "*" if term.begins and not has_unspaced(term.text) else ""
    return "(" + " OR ".join(_quoted(text) + begins for text in dict.fromkeys(map(indexed, spellings(term.text)))) + ")"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


_SPELLINGS = (
    ("ss", "ß"), ("ß", "ss"), ("е", "ё"), ("ё", "е"), ("ı", "i"), ("ا", "أ"), ("ا", "إ"), ("ا", "آ"), ("أ", "ا"), ("إ", "ا"),
    ("آ", "ا"), ("ة", "ه"), ("ه", "ة"), ("ى", "ي"), ("ي", "ى"), ("α", "ά"), ("ε", "έ"), ("η", "ή"), ("ι", "ί"), ("ο", "ό"),
    ("υ", "ύ"), ("ω", "ώ"),
)  # fmt: skip
"""What the index keeps apart and people do not; Latin marks it folds itself."""
_AT_MOST = 12


def spellings(word: str) -> tuple[str, ...]:
    """The word, and other ways to write it: Strasse and Straße, елка and ёлка, with and without the Greek accent."""
    if word.isascii() and "ss" not in word.lower():
        return (word,)
    lower = unicodedata.normalize("NFC", word.lower())
    found = [word, _bare(lower)]
    for a, b in _SPELLINGS:
        found += [lower[:i] + b + lower[i + len(a) :] for i in range(len(lower)) if lower.startswith(a, i)]
    return tuple(dict.fromkeys(found))[:_AT_MOST]


def _bare(word: str) -> str:
    """Without vowel marks and accents, which Arabic, Hebrew and Greek are often written without."""
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c)) if not has_unspaced(word) else word
