"""The rules as the user sets them: what there is to set, what is refused, that it holds at once, and that it can be taken back in any order."""

from __future__ import annotations

from datetime import timedelta

import pytest

from relationdesk.errors import UserMistake
from relationdesk.prompts import RULES, rules, thresholds
from relationdesk.prompts.limits import limit_of
from relationdesk.services import agenda, people, ruling
from relationdesk.store import ledger, prompts, settings
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW, ago, bring, did, who

ME, JOE = who("Sam Carter", owner=True), who("Joe Brown")


@pytest.fixture
def db() -> Desk:
    return open_memory()


def value(db: Desk, rule: str, field: str) -> int:
    (found,) = (t.value for ruled in ruling.every(db) if ruled.name == rule for t in ruled.thresholds if t.field == field)
    return found


def test_every_threshold_has_a_limit_it_lies_within() -> None:
    for name, meant in thresholds().items():
        rule, _, field = name.partition(".")
        limit = limit_of(rule, field)
        assert limit.low <= meant <= limit.high and limit.low < limit.high, name


def test_all_rules_are_listed_in_their_order_with_what_they_say(db: Desk) -> None:
    found = ruling.every(db)
    assert [one.name for one in found] == [rule.name for rule in RULES]
    assert all(one.on and one.says.endswith(".") and one.thresholds and not one.is_changed for one in found)
    assert sum(len(one.thresholds) for one in found) == len(thresholds())


def test_what_is_set_holds_and_is_undone(db: Desk) -> None:
    changes = ruling.set_threshold(db, "complaint", "days", 7, NOW)
    assert changes.undo == "Rule “complaint”: days 14 → 7" and changes.prompts and changes.everything
    assert value(db, "complaint", "days") == 7 and settings.thresholds(db) == {"complaint.days": 7}
    assert next(one.is_changed for one in ruling.every(db) if one.name == "complaint")
    people.undo(db, NOW)
    assert value(db, "complaint", "days") == 14 and settings.thresholds(db) == {}


def test_taken_back_in_any_order_it_is_as_it_was(db: Desk) -> None:
    for number in (7, 9):
        ruling.set_threshold(db, "complaint", "days", number, NOW)
    first, second = sorted(entry.id for entry in ledger.entries(db, 2))
    ledger.undo(db, first, 1)
    assert value(db, "complaint", "days") == 9
    ledger.undo(db, second, 1)
    assert value(db, "complaint", "days") == 14 and settings.thresholds(db) == {}


def test_back_to_default_is_one_decision(db: Desk) -> None:
    for field, number in (("at_least_days", 30), ("at_most_days", 200)):
        ruling.set_threshold(db, "gone_quiet", field, number, NOW)
    changes = ruling.back_to_default(db, "gone_quiet", NOW)
    assert changes.undo == "Rule “gone quiet”: at least days 30 → 14, at most days 200 → 365" and settings.thresholds(db) == {}
    people.undo(db, NOW)
    assert settings.thresholds(db) == {"gone_quiet.at_least_days": 30, "gone_quiet.at_most_days": 200}


def test_the_same_again_is_no_decision(db: Desk) -> None:
    assert ruling.set_threshold(db, "complaint", "days", 14, NOW).undo == "" and ruling.back_to_default(db, "complaint", NOW).undo == ""
    assert ledger.entries(db, 5) == ()


@pytest.mark.parametrize(
    ("rule", "field", "number", "said"),
    [
        ("no_such", "days", 3, "There is no rule “no_such”. Nothing was changed. Choose one of: awaiting_reply, "),
        ("complaint", "hours", 3, "The rule complaint has no threshold “hours”. Nothing was changed. It has: days."),
        ("complaint", "days", 61, "61 is no number of days for this: choose one from 0 to 60. Nothing was changed."),
        ("gone_quiet", "factor_percent", 50, "50 is no number of percent for this: choose one from 100 to 2000."),
    ],
)
def test_what_is_refused(db: Desk, rule: str, field: str, number: int, said: str) -> None:
    with pytest.raises(UserMistake) as refused:
        ruling.set_threshold(db, rule, field, number, NOW)
    assert str(refused.value).startswith(said) and ledger.entries(db, 5) == ()


def test_what_stands_in_the_store_out_of_range_is_brought_within(db: Desk) -> None:
    settings.set_threshold(db, "complaint.days", 5000)
    assert value(db, "complaint", "days") == 60
    (rule,) = (r for r in rules(settings.thresholds(db)) if r.name == "complaint")
    assert rule.days == 60  # type: ignore[attr-defined]
    ruling.set_threshold(db, "complaint", "days", 30, NOW)
    assert value(db, "complaint", "days") == 30


def test_the_switch_is_the_one_of_never_this_rule(db: Desk) -> None:
    bring(db, [ME, JOE, did(JOE, "c", ago(days=1), "The gateway is broken again", to=[ME])])
    (entry,) = (e for e in agenda.today(db, NOW).shown if e.prompt.rule == "complaint")
    agenda.answer(db, entry.prompt, "rule_off", NOW)
    assert [one.name for one in ruling.every(db) if not one.on] == ["complaint"]
    ruling.switch(db, "complaint", True, NOW)
    assert prompts.rules_off(db) == frozenset() and agenda.today(db, NOW).off == ()


def test_a_threshold_changes_what_today_shows(db: Desk) -> None:
    bring(db, [ME, JOE, did(JOE, "c", ago(days=10), "The gateway is broken again", to=[ME])])
    assert [e.prompt.rule for e in agenda.today(db, NOW).shown] == ["complaint"]
    ruling.set_threshold(db, "complaint", "days", 9, NOW)
    assert "complaint" not in [e.prompt.rule for e in agenda.today(db, NOW).shown]
    ruling.set_threshold(db, "complaint", "days", 20, NOW + timedelta(minutes=1))
    assert [e.prompt.rule for e in agenda.today(db, NOW).shown] == ["complaint"]
