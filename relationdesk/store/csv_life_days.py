"""What an export says of birthdays and anniversaries, as every place told them."""

from __future__ import annotations

from relationdesk.store.csv_lines import Table, columns

LIFE_DAYS = Table(
    name="life_days", part="profiles", order="q.id, d.kind, d.at, d.batch_id",
    source="FROM life_days d JOIN profiles q ON q.id = d.profile_id JOIN places l ON l.id = q.place_id LEFT JOIN people p ON p.id = q.person_id",
    columns=columns("""
        place | l.name
        native_id | q.native_id
        person_uid | p.uid
        life_day | d.kind | word
        month | d.month | whole
        day | d.day | whole
        year | d.year | whole
        told_at | d.at | time"""),
)
