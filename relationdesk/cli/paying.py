"""Commands about places that take money for being read: limit, prices."""

from __future__ import annotations

from typing import Any

import click

from relationdesk.cli.output import Front, Number, iso, json_option, now
from relationdesk.errors import UserMistake
from relationdesk.money import MICROS, shown, typed
from relationdesk.services import logins, places, spending
from relationdesk.services.spending import Money


def limit_for(way: logins.WayIn, text: str) -> int | None:
    """Millionths a month that were given for a login; None for a place that takes nothing. Raises UserMistake."""
    if not spending.is_priced(way.source):
        if text:
            raise UserMistake(f"{way.title} takes no money for being read. Nothing was changed; leave --monthly-limit out.")
        return None
    if not text:
        raise UserMistake(f"{way.title} takes money for being read. Nothing was asked; say the most it may take a month with --monthly-limit, for example --monthly-limit 5.")
    return typed(text)


def money_json(money: Money | None) -> dict[str, Any]:
    """What was spent, in millionths; null where nothing costs money."""
    told = None if money is None else {
        "currency": money.prices.currency, "limit_micros": money.limit, "spent_micros": money.spent, "perhaps_micros": money.open, "until": iso(money.renewed),
        "extras": sorted(money.extras), "spent_on": [{"title": spending.line_title(line), "item": line.item, "number": line.number, "micros": line.micros} for line in money.lines],
    }  # fmt: skip
    return {"spending": told}


@click.command("limit")
@click.argument("login_id", metavar="LOGIN", type=Number())
@click.argument("amount", default="")
@click.option("--extra", "extras", multiple=True, metavar="NAME", help="Read this, too, although it costs extra; “none” for nothing extra.")
@json_option
@click.pass_obj
def limit(front: Front, login_id: int, amount: str, extras: tuple[str, ...]) -> None:
    """Say what LOGIN spent this month; with AMOUNT, let it spend at most so much a month from now on (0: never)."""
    with front.open(write=bool(amount or extras)) as db:
        row = next((row for row in places.login_rows(db, now()) if row.login.id == login_id), None)
        if row is None:
            raise UserMistake(f"There is no login {login_id}. Nothing was changed. See them with: logins")
        if row.money is None:
            raise UserMistake(f"Reading {row.login.place} costs nothing. Nothing was changed.")
        if amount or extras:
            known = {price.name for price in row.money.prices.prices if price.extra}
            if wrong := set(extras) - known - {"none"}:
                raise UserMistake(f"Nothing called “{min(wrong)[:40]}” costs extra there. Nothing was changed. Choose {' or '.join(sorted(known)) or 'none'}.")
            most = typed(amount) if amount else row.money.limit or 0
            spending.set_limit(db, login_id, most, frozenset(extras) - {"none"} if extras else None)
            row = next(row for row in places.login_rows(db, now()) if row.login.id == login_id)
        money = row.money
        assert money is not None
    lines = [f"{spending.line_title(line)}: {line.number:,} {line.item}, {shown(line.micros, money.prices.currency)}" for line in money.lines]
    front.answer(money_json(money)["spending"], "\n".join([spending.spent_words(money, now()), *lines]))


@click.command("prices")
@click.argument("place")
@click.argument("changed", metavar="[NAME=AMOUNT]...", nargs=-1)
@json_option
@click.pass_obj
def prices(front: Front, place: str, changed: tuple[str, ...]) -> None:
    """What PLACE takes for what is read there, and what following this desk's people would cost; NAME=AMOUNT puts in a new price."""
    way = logins.way_in(place)
    if way is None or not spending.is_priced(way.source):
        raise UserMistake(f"“{place[:60]}” is no place that takes money for being read. Nothing was changed. See what a place costs with: places")
    own: dict[str, int] = {}
    for one in changed:
        name, equals, amount = one.partition("=")
        if not equals:
            raise UserMistake("A price is given as NAME=AMOUNT, like post=0.005. Nothing was changed.")
        own[name] = typed(amount)
    with front.open(write=bool(own)) as db:
        if own:
            spending.set_prices(db, way.source, own)
        found = spending.estimate(db, way.source, now())
    told = found.prices
    each = [{"name": price.name, "title": price.title, "micros": price.micros, "extra": price.extra} for price in told.prices]
    words = [f"{price.name}: {shown(price.micros, told.currency)} for each of the {price.title}" + (" (only if you say so)" if price.extra else "") for price in told.prices]
    words += [f"From {told.told} on {told.since}.", spending.estimate_words(found, spending.place_of(way.source))]
    front.answer(
        {"currency": told.currency, "told_by": told.told, "since": told.since.isoformat(), "prices": each, "micros_per_unit": MICROS,
         "people": found.people, "once_micros": found.once, "monthly_micros": found.monthly}, "\n".join(words),
    )  # fmt: skip


COMMANDS = (limit, prices)
