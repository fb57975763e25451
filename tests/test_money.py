"""Money as whole millionths: typed, shown, summed exactly, by months of a clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from relationdesk.errors import UserMistake
from relationdesk.money import month, next_month, rounded, shown, typed
from tests.paid import PRICES


@pytest.mark.parametrize(
    ("text", "micros"),
    [("5", 5_000_000), ("4.50", 4_500_000), ("4,5", 4_500_000), ("$0.005", 5_000), (" 5 USD ", 5_000_000), ("0", 0), ("0.000001", 1), ("100000", 100_000_000_000)],
)
def test_amounts_are_read_exactly(text: str, micros: int) -> None:
    assert typed(text) == micros


@pytest.mark.parametrize("text", ["", "-5", "five", "1e3", "5.5.5", "1,000.50", "0.0000001", "100001", "５", "nan", "∞"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(UserMistake, match="Nothing was changed"):
        typed(text)


@pytest.mark.parametrize(
    ("micros", "currency", "text"),
    [(5_000_000, "USD", "$5.00"), (5_000, "USD", "$0.005"), (4_200_000, "CHF", "4.20 CHF"), (1, "USD", "$0.000001"), (1_234_567_890_000, "EUR", "€1,234,567.89"), (-500_000, "USD", "-$0.50")],
)
def test_amounts_are_shown_as_people_write_them(micros: int, currency: str, text: str) -> None:
    assert shown(micros, currency) == text


def test_estimates_are_rounded_upwards() -> None:
    assert rounded(10_001) == "$0.02" and rounded(10_000) == "$0.01" and rounded(0) == "$0.00"


def test_a_month_begins_where_the_place_says() -> None:
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert (month(late, "UTC"), month(late, "Europe/Oslo"), month(late, "America/Los_Angeles")) == ("2026-12", "2027-01", "2026-12")
    assert next_month(late, "UTC") == datetime(2027, 1, 1, tzinfo=UTC)
    assert next_month(late, "Europe/Oslo") == datetime(2027, 1, 31, 23, tzinfo=UTC)
    assert next_month(datetime(2026, 1, 31, tzinfo=UTC), "UTC") == datetime(2026, 2, 1, tzinfo=UTC)


def test_a_price_list_sums_and_takes_the_users_own() -> None:
    assert PRICES.cost({"post": 3, "user": 2}) == 35_000
    assert PRICES.with_own({"post": 1_000, "nonsense": 5}).cost({"post": 3}) == 3_000
    assert PRICES.words() == "$0.005 for each of the posts, $0.01 for each of the profiles"
