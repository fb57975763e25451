"""Days of people that come back every year and are near, made into what rules may know. Called by histories.py alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from relationdesk.life_days import Known, near
from relationdesk.prompts.anniversary import Anniversary
from relationdesk.prompts.base import Began
from relationdesk.prompts.birthday import Birthday
from relationdesk.prompts.work_anniversary import WorkAnniversary
from relationdesk.services import their_days
from relationdesk.services.histories_lately import Window, alike
from relationdesk.store import tellings
from relationdesk.store.tellings import Telling

_YEAR = 366


def read(window: Window) -> tuple[Mapping[int, tuple[Known, ...]], Mapping[int, Began]]:
    """(days of those who have one near now · since about when they are at their firm, of those for whom that is near), by person."""
    rules = (window.rule(Birthday), window.rule(Anniversary), window.rule(WorkAnniversary))
    ahead, late = min(_YEAR, max(rule.ahead_days for rule in rules)), min(_YEAR, max(rule.late_days for rule in rules))
    today = window.now.astimezone().date()
    found = their_days.near(window.db, today - timedelta(days=late), today + timedelta(days=ahead), window.ids)
    return their_days.of_people(window.db, found) if found else {}, _began(window, today, rules[-1])


def _began(window: Window, today: date, rule: WorkAnniversary) -> dict[int, Began]:
    """By what a place told last; of several places that whose word is newest."""
    found: dict[int, Began] = {}
    for person_id, profile_id, place, told_on in tellings.moved(window.db, window.ids):
        if told_on < today and near(told_on.month, told_on.day, today, min(_YEAR, rule.ahead_days), min(_YEAR, rule.late_days)) is not None:
            began = firm_since(tellings.of_profile(window.db, profile_id), place)
            if began is not None and began.until == told_on and (person_id not in found or found[person_id].until <= began.until):
                found[person_id] = began
    return found


def firm_since(told: Sequence[Telling], place: str) -> Began | None:
    """Between which two tellings they came to the firm where they are now; None if it was never told otherwise, or not known until when."""
    moved = [(before, after) for before, after in tellings.changes(told) if before.company and after.company and not alike(before.company, after.company)]
    if not moved or not alike(moved[-1][1].company, told[-1].company):
        return None
    before, after = moved[-1]
    since, until = tellings.day(before.at), tellings.day(after.at)
    if since is None or until is None:
        return None
    return Began(firm=after.company, before=before.company, place=place, since=since.date(), until=until.date())
