"""What an export says of what places told of somebody and when: names and roles, birthdays and anniversaries."""

from __future__ import annotations

from relationdesk.store.csv_lines import Table, columns

_OF = "JOIN profiles q ON q.id = t.profile_id JOIN places l ON l.id = q.place_id LEFT JOIN people p ON p.id = q.person_id"

TOLD = (
    Table(
        name="tellings", part="profiles", order="q.id, t.at, t.batch_id", source=f"FROM tellings t {_OF}",
        columns=columns("""
            place | l.name
            native_id | q.native_id
            person_uid | p.uid
            told_at | t.at | time
            display_name | t.name
            title | t.title
            company | t.company"""),
    ),
    Table(
        name="life_days", part="profiles", order="q.id, t.kind, t.at, t.batch_id", source=f"FROM life_days t {_OF}",
        columns=columns("""
            place | l.name
            native_id | q.native_id
            person_uid | p.uid
            life_day | t.kind | word
            month | t.month | whole
            day | t.day | whole
            year | t.year | whole
            told_at | t.at | time"""),
    ),
)  # fmt: skip
