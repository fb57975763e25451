"""Of an export of everything: whose a profile was for a time. See csv_tables."""

from __future__ import annotations

from relationdesk.store.csv_lines import Table, columns
from relationdesk.store.timekey import EPOCH_2000


def _day(position: str) -> str:
    """Told again: a day, "" for ever."""
    return f"iif(abs({position}) > 1000000000000, NULL, date(({position}) / 8 + {EPOCH_2000}, 'unixepoch'))"


SPANS = (
    Table(
        name="spans", part="links", order="s.profile_id, s.from_id",
        source="FROM spans s JOIN profiles q ON q.id = s.profile_id JOIN places l ON l.id = q.place_id LEFT JOIN people p ON p.id = s.person_id",
        columns=columns(f"""
            place | l.name
            native_id | q.native_id
            person_uid | p.uid
            person | p.name
            first_day | {_day("s.from_id")}
            last_day | {_day("s.until_id - 8")}
            from_position | s.from_id | whole
            until_position | s.until_id | whole
            is_forgotten | s.forgotten | whole"""),
    ),
)
