"""What an export says of templates, and of what the user keeps in mind of people. See csv_tables."""

from __future__ import annotations

from relationdesk.store.csv_lines import Table, columns

TEMPLATES = (
    Table(
        name="templates", part="templates", source="FROM templates t", order="t.id",
        columns=columns("""
            relationdesk_uid | t.uid
            name | t.name
            purpose | t.purpose
            subject | t.subject
            text | t.text
            made_at | t.made_at | time
            saved_at | t.saved_at | time
            relationdesk_row | t.id | whole"""),
    ),
    Table(
        name="particulars", part="notes", source="FROM particulars x JOIN people p ON p.id = x.person_id", order="x.id",
        columns=columns("""
            relationdesk_uid | x.uid
            person_uid | p.uid
            person | p.name
            label | x.label
            text | x.text
            saved_at | x.saved_at | time
            relationdesk_row | x.id | whole"""),
    ),
)  # fmt: skip
