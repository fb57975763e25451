"""What a login may spend in a month, and what it spent: set aside before a question goes out, settled when its answer came.

Keyed by `Login.secret_name`. What is in no settled answer (the program was killed, the answer broke off) stays counted with the most
that it may have cost: no month is overspent, whatever ends the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from relationdesk.store.database import Desk

_SINCE = "login = ? AND month >= ?"
"""Of this month, and of later ones: those come from a clock that stood wrong, and may well have been this month's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """micros: at most so many millionths of `currency` a month, 0 for never. extras: names of what is read although it costs extra."""

    currency: str
    micros: int
    extras: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expense:
    """What one stream took of one sort of thing. stream: "" for looking somebody up."""

    stream: str
    item: str
    number: int
    micros: int


def budget(db: Desk, login: str) -> Budget | None:
    """None: nobody said how much it may spend, so it may spend nothing."""
    row = db.execute("SELECT currency, micros, extras FROM budgets WHERE login = ?", (login,)).fetchone()
    return None if row is None else Budget(currency=row[0], micros=row[1], extras=frozenset(row[2].split()))


def set_budget(db: Desk, login: str, new: Budget) -> None:
    """Inside `transaction`."""
    db.execute(
        "INSERT INTO budgets(login, currency, micros, extras) VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET currency = excluded.currency, "
        "micros = excluded.micros, extras = excluded.extras",
        (login, new.currency, new.micros, " ".join(sorted(new.extras))),
    )  # fmt: skip


def known(db: Desk, source: str, user_name: str) -> str:
    """The key under which this user of the place has spent or may spend already, "" for none."""
    if not user_name:
        return ""
    beginning = f"{source}:{user_name}@".casefold()
    names = (row[0] for row in db.execute("SELECT login FROM budgets UNION SELECT login FROM expenses UNION SELECT login FROM reservations"))
    return next((name for name in names if name.casefold().startswith(beginning)), "")


def spent(db: Desk, login: str, month: str) -> int:
    """Millionths of this month, with what is still open."""
    (settled,) = db.execute(f"SELECT coalesce(sum(micros), 0) FROM expenses WHERE {_SINCE}", (login, month)).fetchone()
    return int(settled) + open_(db, login, month)


def open_(db: Desk, login: str, month: str) -> int:
    """Millionths that questions may have cost whose answer never came, or is on its way."""
    (held,) = db.execute(f"SELECT coalesce(sum(micros), 0) FROM reservations WHERE {_SINCE}", (login, month)).fetchone()
    return int(held)


def expenses(db: Desk, login: str, month: str) -> tuple[Expense, ...]:
    """What the money went for, dearest first."""
    rows = db.execute(
        f"SELECT stream, item, sum(number), sum(micros) FROM expenses WHERE {_SINCE} GROUP BY stream, item ORDER BY 4 DESC, stream, item", (login, month)
    )
    return tuple(Expense(stream=stream, item=item, number=number, micros=micros) for stream, item, number, micros in rows)


def reserve(db: Desk, login: str, month: str, stream: str, micros: int, now: int) -> int:
    """Set so much aside; its ticket. Inside `transaction`, in which it was looked whether there is so much."""
    cursor = db.execute(
        "INSERT INTO reservations(login, month, stream, micros, made_at) VALUES (?,?,?,?,?)", (login, month, stream, micros, now)
    )
    return int(cursor.lastrowid or 0)


def settle(db: Desk, ticket: int, items: Mapping[str, tuple[int, int]]) -> None:
    """What a question really took, by item: how many, and millionths for all of them. Settled once only. Inside `transaction`."""
    row = db.execute("SELECT login, month, stream FROM reservations WHERE id = ?", (ticket,)).fetchone()
    if row is None:
        return
    login, month, stream = row
    db.execute("DELETE FROM reservations WHERE id = ?", (ticket,))
    for item, (number, micros) in items.items():
        if number:
            _add(db, login, month, stream, item, number, micros)


def _add(db: Desk, login: str, month: str, stream: str, item: str, number: int, micros: int) -> None:
    db.execute(
        "INSERT INTO expenses(login, month, stream, item, number, micros) VALUES (?,?,?,?,?,?) ON CONFLICT DO UPDATE SET "
        "number = number + excluded.number, micros = micros + excluded.micros",
        (login, month, stream, item, number, micros),
    )


def hand_over(db: Desk, giver: str, taker: str) -> None:
    """What was spent and allowed before it was known who signs in becomes the login's. Inside `transaction`."""
    if giver == taker:
        return
    found = budget(db, giver)
    if found is not None:
        set_budget(db, taker, found)
        db.execute("DELETE FROM budgets WHERE login = ?", (giver,))
    for row in db.execute("SELECT month, stream, item, number, micros FROM expenses WHERE login = ?", (giver,)).fetchall():
        _add(db, taker, *row)
    db.execute("DELETE FROM expenses WHERE login = ?", (giver,))
    db.execute("UPDATE reservations SET login = ? WHERE login = ?", (taker, giver))


def forget_who(db: Desk, native_id: str) -> None:
    """What reading somebody took is no longer told apart, because their number stands in the names of streams ("posts:2244"), also of
    those that are no longer followed. Inside `transaction`."""
    theirs = "substr(stream, instr(stream, ':') + 1) = ?"
    rows = db.execute(f"SELECT login, month, item, number, micros FROM expenses WHERE {theirs}", (native_id,)).fetchall()
    db.execute(f"DELETE FROM expenses WHERE {theirs}", (native_id,))
    for login, month, item, number, micros in rows:
        _add(db, login, month, "", item, number, micros)
    db.execute(f"UPDATE reservations SET stream = '' WHERE {theirs}", (native_id,))
