"""Of an export of everything: what was put on a list until it is answered. See csv_tables."""

from __future__ import annotations

from relationdesk.store.csv_lines import Table, columns
from relationdesk.store.routes import AT

ROUTES = (
    Table(
        name="routes", part="activities", order="r.id",
        source="FROM routes r JOIN places l ON l.id = r.place_id LEFT JOIN activities a ON a.place_id = r.place_id AND a.native_id = r.native_id "
        "LEFT JOIN places m ON m.name = r.profile_place LEFT JOIN profiles q ON q.place_id = m.id AND q.native_id = r.profile_native_id "
        "LEFT JOIN people p ON p.id = " + AT + " WHERE (a.id IS NULL OR {seen})",
        columns=columns("""
            relationdesk_uid | r.uid
            place | l.name
            native_id | r.native_id
            who_place | r.profile_place
            who_native_id | r.profile_native_id
            person_uid | p.uid
            person | p.name
            kind | r.kind
            remark | r.remark
            passed_to | r.passed_to
            passed_at | r.passed_at | time
            answered_at | r.answered_at | time
            made_at | r.made_at | time
            relationdesk_row | r.id | whole"""),
    ),
)  # fmt: skip
