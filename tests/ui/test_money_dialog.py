"""A place that takes money: its price before it is connected, the user's limit, and what was spent, in sight."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from relationdesk.errors import SpentUp
from relationdesk.model import Login
from relationdesk.services import logins, spending, sync
from relationdesk.services.places import LoginRow, login_rows
from relationdesk.store import logins as stored_logins
from relationdesk.store import spending as stored
from relationdesk.store.database import Desk, transaction
from relationdesk.store.timekey import seconds
from relationdesk.troubles import Trouble
from relationdesk.ui.connect_dialog import ConnectDialog
from relationdesk.ui.login_card import LoginCard, state_of
from relationdesk.ui.money_dialog import MoneyDialog
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from tests.facts import NOW, bring, who
from tests.paid import KEY, LOGIN, PRICES, Paid
from tests.ui.office import Office, office
from tests.ui.test_settings_dialog import shown


def fill(db: Desk) -> None:
    bring(db, [who("Joe Brown", "x")])
    with transaction(db):
        stored_logins.save(db, LOGIN)


@pytest.fixture
def at(tmp_path: Path, look: Look, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    for module in (spending, sync, logins):
        monkeypatch.setattr(module, "LIVE_SOURCES", (Paid(),))
    with office(tmp_path, look, qtbot, fill) as made:
        yield made


def row_of(at: Office, dollars: float | None = 5.0) -> LoginRow:
    if dollars is not None:
        spending.set_limit(at.db, stored_logins.every(at.db)[0].id, int(dollars * 1_000_000))
    (row,) = login_rows(at.db, NOW)
    return row


def card(at: Office, row: LoginRow) -> LoginCard:
    return shown(at, LoginCard(at.context, row, every_minutes=30, running=False, is_open=True))  # type: ignore[no-any-return]


# Before it is connected


def test_what_it_costs_and_would_cost_stands_in_the_dialog_and_nothing_is_asked_without_a_limit(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int | None] = []

    def connect(db: Desk, source: str, address: str, token: str, clock: object, *, limit: int | None, **options: object) -> Login:
        asked.append(limit)
        raise SpentUp("It is never asked. What was read before is kept.", until=NOW)

    monkeypatch.setattr(logins, "connect", connect)
    dialog = shown(at, ConnectDialog(at.context, "paid"))
    assert dialog.limit.prices.text().startswith("$0.005 for each of the posts, $0.01 for each of the profiles, as paid.example says in August 2026.")
    assert dialog.limit.estimate.text().startswith("One person of this desk has a profile on X. Following them would cost up to $0.06 once, and then about $0.75 a month")
    dialog.address.setText("@sam")
    assert not dialog.go_button.isEnabled()
    dialog.connect_place()
    dialog.limit.field.setText("much")
    dialog.connect_place()
    assert asked == [] and "no amount of money" in dialog.said.text() and dialog.go_button.isEnabled()
    dialog.limit.field.setText("4.50")
    dialog.connect_place()
    at.wait()
    assert asked == [4_500_000] and "never asked" in dialog.said.text()


def test_signing_in_again_leaves_the_limit_as_it_was(at: Office) -> None:
    dialog = shown(at, ConnectDialog(at.context, "paid @sam"))
    assert dialog.go_button.isEnabled() and dialog.limit.micros() is None and dialog.limit.field.placeholderText() == "as before"


# On its card


def test_the_card_says_what_was_spent_of_what_and_when_it_is_counted_anew(at: Office) -> None:
    never = card(at, row_of(at, None))
    assert never.allowance == "Its monthly limit is 0, so it is never asked."
    purse = spending.Purse(at.db, Paid(), KEY, PRICES, lambda: NOW)
    row_of(at)
    purse.settle(purse.reserve({"post": 100}), {"post": 66})
    purse.reserve({"post": 20})
    made = card(at, row_of(at))
    assert made.allowance == "Spent $0.43 of $5.00 this month, $0.10 of it perhaps; counted anew from 1 December."
    assert made.allowance in made.accessibleName()
    heard: list[str] = []
    made.acted.connect(heard.append)
    next(b for b in made.findChildren(Button) if b.text() == "Limit and costs …").click()
    assert heard == ["money"]


def test_a_limit_that_is_reached_is_no_alarm(at: Office) -> None:
    (login,) = stored_logins.every(at.db)
    with transaction(at.db):
        failure = "The monthly limit of Paid place leaves $0.10, and the next question may cost $0.50, so it was not asked. What was read before is kept; reading goes on."
        stored_logins.tried(at.db, login.id, at=seconds(NOW), failure=failure, trouble=Trouble.LIMIT, next_try=None)
    state = state_of(row_of(at, None), NOW, 30)
    assert (state.word, state.needs_you) == ("Limit reached", False) and state.sentence.startswith(failure)


# Its dialog


def test_limit_extras_and_prices_are_changed_together(at: Office) -> None:
    row_of(at)
    purse = spending.Purse(at.db, Paid(), KEY, PRICES, lambda: NOW)
    purse.stream = "posts:2"
    purse.settle(purse.reserve({"post": 10, "user": 1}), {"post": 7, "user": 1})
    dialog = shown(at, MoneyDialog(at.context, row_of(at)))
    texts = [label.text() for label in dialog.findChildren(type(dialog._title))]
    assert dialog.limit.text() == "5.00" and "$0.035" in texts
    assert [box.text() for box in dialog.extras.values()] == ["Also pictures, $0.005 each"]
    dialog.limit.setText("12.34")
    dialog.extras["alt"].setChecked(True)
    dialog.prices["post"].setText("0.006")
    dialog.save()
    at.wait()
    assert stored.budget(at.db, KEY) == stored.Budget(currency="USD", micros=12_340_000, extras=frozenset({"alt"}))
    money = row_of(at, None).money
    assert money is not None and money.prices.of("post").micros == 6_000 and money.spent == 45_000
    assert at.toasts == ["At most $12.34 a month."] and any(change.logins for change in at.changes)


def test_what_is_no_amount_changes_nothing(at: Office) -> None:
    dialog = shown(at, MoneyDialog(at.context, row_of(at)))
    dialog.prices["user"].setText("-1")
    dialog.limit.setText("9")
    dialog.save()
    at.wait()
    assert "no amount of money" in dialog.refusal.text() and dialog.refusal.isVisible()
    money = row_of(at, None).money
    assert money is not None and money.limit == 5_000_000
