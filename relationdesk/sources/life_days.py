"""Birthdays and anniversaries as address books write them: "1979-05-04", "--0504", "5/4/1979", Apple's year 1604, Excel's 28979. Pure.

What is not told is left out: a year that stands for none, a date whose day and month nobody can tell apart, a month without a day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from relationdesk.model import DayKind, LifeDay, Precision
from relationdesk.sources.linkedin_words import when
from relationdesk.sources.table_dates import FROM_1900, at_number, numbers_of, order_of
from relationdesk.text import fold

BIRTHDAY, ANNIVERSARY, WORK = "birthday", "anniversary", "work_start"
FIELDS = (BIRTHDAY, ANNIVERSARY, WORK)
"""What a column of a contact list can be mapped to."""
EVENT_LABEL, EVENT_VALUE = "event_label", "event_value"
"""Google's pairs of columns: what a day is called, and the day. Not to be mapped to: one without the other says nothing."""
WORDS = {
    BIRTHDAY: "birthday|birthdate|birth date|date of birth|dateofbirth|dob|bday|geburtstag|geburtsdatum|anniversaire|date de naissance|cumpleaños|"
    "fecha de nacimiento|compleanno|data di nascita|data de nascimento|data de aniversário|geboortedatum|verjaardag|fødselsdag|fødselsdato|"
    "födelsedag|födelsedatum|syntymäpäivä|data urodzenia|urodziny|datum narození|narozeniny|születésnap|születési dátum|doğum günü|doğum tarihi|"
    "дата рождения|день рождения|γενέθλια|生日|出生日期|誕生日|생일|생년월일",
    ANNIVERSARY: "anniversary|wedding anniversary|wedding day|wedding date|wedding|hochzeitstag|jahrestag|anniversaire de mariage|aniversario de boda|"
    "aniversario de bodas|anniversario|anniversario di matrimonio|aniversário de casamento|trouwdag|huwelijksverjaardag|bryllupsdag|bröllopsdag|"
    "rocznica|rocznica ślubu|výročí|évforduló|yıldönümü|годовщина|годовщина свадьбы|επέτειος|纪念日|紀念日|結婚記念日|記念日|기념일|결혼기념일",
    WORK: "work anniversary|job anniversary|hire date|hired on|date hired|date of hire|employed since|employment start date|start of employment|"
    "job start date|works there since|in the job since|arbeitsjubiläum|firmenjubiläum|dienstjubiläum|eintrittsdatum|beschäftigt seit|"
    "date d'embauche|date d'entrée|fecha de contratación|fecha de ingreso|data di assunzione|data de admissão|datum in dienst|in dienst sinds|"
    "ansatt siden|ansat siden|anställd sedan|дата приёма на работу|дата приема на работу",
}  # fmt: skip
"""What such a column or label is called. The Spanish and Portuguese "aniversario" is left out: it is a wedding to one, a birthday to the other."""

_FIELD_OF = {fold(word): field for field, words in WORDS.items() for word in words.split("|")}
_KINDS = {BIRTHDAY: DayKind.BIRTHDAY, ANNIVERSARY: DayKind.ANNIVERSARY, WORK: DayKind.WORK}
_OLDEST, _LATEST = 1850, 2200
"""Years between these are told; 1604 (Apple), 1, 0 and their like stand for none. Outlook's "no date" is of 4501."""
_LEAP, _NONE = 2000, 1604
_LONGEST = 60
_COLUMNS = (*FIELDS, EVENT_VALUE)
_WHOLE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ].*)?")
_YEARLESS = re.compile(r"--(\d\d)-?(\d\d)(?:[T ].*)?")
_NO_YEAR = re.compile(r"\D*\d{1,2}\.?\D*|\d{1,2}[./]\d{1,2}\.?")
"""A day and a month alone: "4 May", "May 4", "4.5."."""


def field_of(word: str) -> str:
    """Of FIELDS, by the heading of a column or a label (Apple's "_$!<Anniversary>!$_", Google's "* Birthday"); "" for any other."""
    return _FIELD_OF.get(fold(word[:100].replace("_$!<", " ").replace(">!$_", " ")), "")


def life_day(field: str, text: str, *, no_year: str = "", day_first: bool | None = None, days_from: int | None = FROM_1900) -> LifeDay | None:
    """The day that a text tells; None if it tells none. field: of FIELDS. no_year: a year that stands for none here.

    day_first: which of two numbers is the day, None if nobody knows: then such a date tells nothing, unless it can only be one.
    days_from: as in `table_dates.at_number`, None in the same way.
    """
    text = " ".join(text[:_LONGEST].split())
    if found := _WHOLE.fullmatch(text):
        return built(_KINDS[field], int(found[2]), int(found[3]), None if found[1] == no_year else int(found[1]))
    if found := _YEARLESS.fullmatch(text):
        return built(_KINDS[field], int(found[1]), int(found[2]), None)
    if at_number(text):
        at = at_number(text, days_from)[0] if days_from else None  # type: ignore[index]  # it is a number of days
        return built(_KINDS[field], at.month, at.day, at.year) if at else None
    if (numbers := numbers_of(text)) is not None:
        one, two, year = numbers.parts[0], numbers.parts[1], numbers.parts[2]
        told = year if re.match(r"\D*\d+\D+\d+\D+\d{4}", text) else None  # of two digits nobody knows the century
        first = True if numbers.dotted else day_first
        if one != two and max(one, two) <= 12 and first is None:
            return None
        month, day = (two, one) if one > 12 or (first and two <= 12) else (one, two)
        return built(_KINDS[field], month, day, told)
    if _NO_YEAR.fullmatch(text) and not text.isdigit():
        return _without_year(field, text, day_first)
    worded = when(text)
    if worded is None or worded[1] in (Precision.MONTH, Precision.YEAR):
        return None
    return built(_KINDS[field], worded[0].month, worded[0].day, worded[0].year if re.search(r"\d{4}", text) else None)


def built(kind: DayKind, month: int, day: int, year: int | None) -> LifeDay | None:
    """None for what no calendar has, or what stands for "no date"."""
    if year is not None and year >= _LATEST:
        return None
    told = year if year is not None and year >= _OLDEST else None
    try:
        date(told or _LEAP, month, day)
    except ValueError:
        return None
    return LifeDay(kind=kind, month=month, day=day, year=told)


def _without_year(field: str, text: str, day_first: bool | None) -> LifeDay | None:
    text = text.rstrip("., ")
    if re.fullmatch(r"\d+[./]\d+", text):
        return life_day(field, f"{text}{'.' if '.' in text else '/'}{_NONE}", day_first=day_first)
    worded = when(f"{text} {_LEAP}")
    return built(_KINDS[field], worded[0].month, worded[0].day, None) if worded is not None else None


def one_of_a_kind(found: Iterable[LifeDay | None]) -> tuple[LifeDay, ...]:
    """The first of each kind, in the order of `DayKind`."""
    first: dict[DayKind, LifeDay] = {}
    for day in found:
        if day is not None:
            first.setdefault(day.kind, day)
    return tuple(first[kind] for kind in DayKind if kind in first)


def tells(fields: Iterable[str]) -> bool:
    """True if a column may hold such days. fields: as of `csv_columns.fields_of`."""
    return not set(_COLUMNS).isdisjoint(fields)


def cells(fields: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """What stands in these columns. fields: one for each."""
    at = [place for place, field in enumerate(fields) if field in _COLUMNS]
    return (row[place] for row in rows for place in at if place < len(row))


def is_day_first(texts: Iterable[str]) -> bool | None:
    """Whether these dates have the day first; None if they can be read either way."""
    order = order_of(texts)
    return None if order.day_first is None and order.example else bool(order.day_first)


def example_of(texts: Iterable[str]) -> tuple[int, int, int] | None:
    """One of the dates that can be read either way; None if their order is known."""
    order = order_of(texts)
    return order.example if order.day_first is None else None
