"""limit, prices and login for a place that takes money."""

from __future__ import annotations

from pathlib import Path

import pytest

from relationdesk.services import logins, spending, sync
from relationdesk.store import logins as stored_logins
from relationdesk.store.database import open_desk, transaction
from tests.cli.conftest import Command
from tests.paid import LOGIN, Paid


@pytest.fixture
def paid(empty: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    for module in (spending, sync, logins):
        monkeypatch.setattr(module, "LIVE_SOURCES", (Paid(),))
    db = open_desk(tmp_path / "empty")
    with transaction(db):
        stored_logins.save(db, LOGIN)
    db.close()
    return empty


def test_a_limit_is_told_and_set(paid: Command) -> None:
    assert paid("limit", "1").out.strip() == "Its monthly limit is 0, so it is never asked."
    assert paid("limit", "1", "4.50", "--extra", "alt").out.startswith("Spent $0.00 of $4.50 this month; counted anew from ")
    (login,) = paid("logins", "--json").json
    assert (login["spending"]["limit_micros"], login["spending"]["spent_micros"], login["spending"]["extras"]) == (4_500_000, 0, ["alt"])
    assert paid("limit", "1", "--extra", "none", "--json").json["limit_micros"] == 4_500_000
    assert "Spent $0.00 of $4.50" in paid("logins").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("limit", "7"), "There is no login 7."), (("limit", "1", "much"), "no amount of money"), (("limit", "1", "--extra", "gold"), "Nothing called “gold”"),
        (("prices", "mastodon"), "no place that takes money"), (("prices", "paid", "post"), "NAME=AMOUNT"), (("prices", "paid", "tweet=1"), "no price “tweet”"),
        (("login", "paid", "--server", "@sam"), "say the most it may take a month"),
    ],
)
def test_mistakes_are_told_and_change_nothing(paid: Command, arguments: tuple[str, ...], words: str) -> None:
    said = paid(*arguments)
    assert said.code == 2 and words in said.err and ("Nothing was" in said.err)
    assert paid("limit", "1", "--json").json["limit_micros"] is None


def test_prices_are_told_and_changed(paid: Command) -> None:
    assert paid("prices", "paid").out.splitlines()[:3] == [
        "post: $0.005 for each of the posts", "user: $0.01 for each of the profiles", "alt: $0.005 for each of the pictures (only if you say so)",
    ]  # fmt: skip
    told = paid("prices", "paid", "post=0.006", "--json").json
    assert told["prices"][0] == {"name": "post", "title": "posts", "micros": 6_000, "extra": False} and told["told_by"] == "https://paid.example/prices"
