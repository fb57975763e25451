"""What the three CRMs remember of when a record was changed, whatever its time says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest

from relationdesk.model import Fact, Profile
from relationdesk.sources.crm_memory import State, stamp
from relationdesk.sources.hubspot_objects import milliseconds
from relationdesk.sources.pipedrive_objects import changed as changed_in_pipedrive
from relationdesk.sources.pipedrive_objects import utc
from relationdesk.sources.salesforce_objects import changed as changed_in_salesforce
from tests.org import FIRST
from tests.sources import test_hubspot, test_pipedrive, test_salesforce

NOW = test_salesforce.NOW  # of all three
LATER = (NOW + timedelta(minutes=20) - FIRST) / timedelta(minutes=1)
FAR = "9999-12-31T23:59:59Z"


def names(facts: Iterable[Fact]) -> set[str]:
    return {fact.display_name for fact in facts if isinstance(fact, Profile)}


def hubspot() -> Callable[[], set[str]]:
    desk = test_hubspot.Desk()
    desk.facts()
    desk.portal.put("contacts", "99", firstname="Ann", lastname="Odd", lastmodifieddate=FAR)
    assert "Ann Odd" in names(desk.later())
    desk.portal.put("contacts", "98", LATER + 31, firstname="Bea", lastname="New")
    return lambda: names(desk.later())


def pipedrive() -> Callable[[], set[str]]:
    desk = test_pipedrive.Desk()
    desk.pipes.put("persons", 99, name="Ann Odd", update_time=FAR)
    assert "Ann Odd" in names(desk.facts())
    desk.pipes.put("persons", 98, LATER, name="Bea New")
    return lambda: names(desk.later())


def salesforce() -> Callable[[], set[str]]:
    desk = test_salesforce.Desk()
    desk.org.put("Contact", "003000000000099AAA", FirstName="Ann", LastName="Odd", SystemModstamp=FAR)
    assert "Ann Odd" in names(desk.facts())
    desk.org.put("Contact", "003000000000098AAA", LATER, FirstName="Bea", LastName="New")
    return lambda: names(desk.later())


@pytest.mark.parametrize("crm", [hubspot, pipedrive, salesforce], ids=lambda crm: crm.__name__)
def test_one_record_from_the_future_stops_no_later_reading(crm: Callable[[], Callable[[], set[str]]]) -> None:
    read = crm()
    assert read() & {"Ann Odd", "Bea New"} == {"Bea New"}
    assert not read() & {"Ann Odd", "Bea New"}, "once is enough"


@pytest.mark.parametrize("when", ["9999-12-31T23:59:59-14:00", FAR, "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "", "soon", "9" * 30])
def test_a_time_that_is_none_is_no_crash(when: str) -> None:
    expected = 253_402_300_799_000 if when == FAR else 0
    assert stamp(when) == milliseconds({"updatedAt": when}, "x") == changed_in_pipedrive({"update_time": when}) == changed_in_salesforce({"SystemModstamp": when}) == expected
    assert utc(when) == (FAR if when == FAR else when if when.startswith("0001-01-01T00:00:00Z") else "")


def test_a_cursor_that_lies_in_the_future_asks_from_now_on() -> None:
    assert State(since=10**15).reached(NOW) == stamp(NOW.isoformat()) and State(since=5).reached(NOW) == 5
