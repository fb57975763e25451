"""What comes within a day is no touch in the lists before it was, and is one from then on."""

from __future__ import annotations

from datetime import timedelta

from relationdesk.model import Kind
from relationdesk.services import people as decisions
from relationdesk.services.export import View, preview
from relationdesk.store import people, until_now
from relationdesk.store.database import open_memory
from tests.facts import NOW, arrive, did, who

ME = who("Sam Carter", "calendar", "sam@carter.example", owner=True)
JOE = who("Joe Brown", "calendar", "joe@alder.example")
HOUR = timedelta(hours=1)


def test_a_meeting_of_tomorrow_is_no_touch_today() -> None:
    db = open_memory()
    wrote, meets = did(ME, "wrote", NOW - 72 * HOUR, kind=Kind.MAIL, to=(JOE,)), did(ME, "review", NOW + 20 * HOUR, title="Review", kind=Kind.EVENT, to=(JOE,))
    arrive(db, (ME, JOE, did(JOE, "said", NOW - 96 * HOUR, to=(ME,)), wrote, meets))
    joe = next(one.id for one in people.page(db) if one.name == "Joe Brown")
    decisions.edit_person(db, joe, NOW, name="Joe Brown", title="", company="Alder")
    for now, last in ((NOW, NOW - 72 * HOUR), (NOW + 21 * HOUR, NOW + 20 * HOUR)):
        (row,) = until_now.page(db, now)
        assert (row.last_in, row.last_out) == (NOW - 96 * HOUR, last)
        (firm,) = until_now.company_lines(db, "", now)
        assert (firm.last_in, firm.last_out) == (NOW - 96 * HOUR, last)
        columns, ((*cells,),) = preview(db, View(kind="people", now=now), private=False)
        assert dict(zip(columns, cells, strict=True))["last_out"] == last.isoformat().replace("+00:00", "Z")
    assert people.page(db)[0].last_out == NOW + 20 * HOUR, "which is what the caches say"
