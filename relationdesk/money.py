"""Money that places take for being read: whole millionths of a currency, so that sums are exact, and the months in which it is counted.

Standard library only. How much a place takes stands with its source; what was spent stands in the desk.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from relationdesk.errors import UserMistake
from relationdesk.saying import say

MICROS = 1_000_000
"""Parts of one unit of a currency."""
MOST = 100_000 * MICROS
"""A limit above this is a slip of the finger."""
_AMOUNT = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,6}))?")
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one thing costs that a place hands out. name: stored, never rename. title: a plural noun ("posts"). micros: millionths for each.

    extra: it is only read if the user says so, because it costs besides what one came for. note: a sentence what it is good for.
    """

    name: str
    title: str
    micros: int
    extra: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What a place takes. currency: ISO 4217. told: the page that says so, as of `since`. zone: by whose clock its months are counted.

    look, begin, each: what looking somebody up takes, what following them takes once, and for each thing they do afterwards, by the names
    of `prices`: estimates are made of them.
    """

    currency: str
    prices: tuple[Price, ...]
    told: str
    since: date
    zone: str = "UTC"
    look: tuple[tuple[str, int], ...] = ()
    begin: tuple[tuple[str, int], ...] = ()
    each: tuple[tuple[str, int], ...] = ()

    def of(self, name: str) -> Price:
        """Raises KeyError for what has no price."""
        return {price.name: price for price in self.prices}[name]

    def cost(self, things: Mapping[str, int]) -> int:
        """What so many of each cost, in millionths."""
        return sum(self.of(name).micros * count for name, count in things.items())

    def with_own(self, own: Mapping[str, int]) -> Prices:
        """The same with the prices that the user put in; names that are not sold here are left out."""
        return replace(self, prices=tuple(replace(price, micros=own.get(price.name, price.micros)) for price in self.prices))

    def words(self) -> str:
        """ "$0.005 for each of the posts, $0.01 for each of the profiles"."""
        return ", ".join(say("{price} for each of the {what}", price=shown(price.micros, self.currency), what=say(price.title)) for price in self.prices if not price.extra)


def typed(text: str) -> int:
    """Millionths in "5", "4.50", "4,50", "$4.50". Raises UserMistake for anything else."""
    found = _AMOUNT.fullmatch(re.sub(r"[\s$€£]|[A-Z]{3}\b", "", text.strip()))
    if found is None:
        raise UserMistake(say("This is no amount of money. Nothing was changed; type it like 5 or 4.50, or 0 for never."))
    micros = int(found[1]) * MICROS + int((found[2] or "").ljust(6, "0"))
    if micros > MOST:
        raise UserMistake(say("More than {money} a month is surely a slip. Nothing was changed; type less.", money=shown(MOST)))
    return micros


def shown(micros: int, currency: str = "USD") -> str:
    """ "$4.20", "$0.005", "4.20 CHF": two decimals, more only where they are needed."""
    whole, part = divmod(abs(micros), MICROS)
    decimals = f"{part:06}".rstrip("0").ljust(2, "0")
    number = f"{'-' if micros < 0 else ''}{_SIGNS.get(currency, '')}{whole:,}.{decimals}"
    return number if currency in _SIGNS else f"{number} {currency}"


def rounded(micros: int, currency: str = "USD") -> str:
    """For estimates: to the cent, upwards."""
    return shown(-(-micros // 10_000) * 10_000, currency)


def month(now: datetime, zone: str) -> str:
    """ "2026-11": the month there. Months sort as texts."""
    return f"{now.astimezone(ZoneInfo(zone)):%Y-%m}"


def next_month(now: datetime, zone: str) -> datetime:
    """When the next one begins there, aware UTC."""
    there = now.astimezone(ZoneInfo(zone))
    year, number = divmod(there.year * 12 + there.month, 12)
    return datetime(year, number + 1, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
