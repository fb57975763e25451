"""What an export says of what was agreed with people: rhythms, steps, wishes, and follow-ups with their reminders. See csv_tables."""

from __future__ import annotations

from relationdesk.store.csv_lines import Table, columns

WISHES = (
    Table(
        name="rhythms", part="wishes", order="r.id",
        source="FROM rhythms r LEFT JOIN people p ON p.id = r.person_id LEFT JOIN buckets b ON b.id = r.bucket_id",
        columns=columns("""
            person_uid | p.uid
            person | p.name
            bucket_uid | b.uid
            bucket | b.name
            wished_days | r.wished_days | whole
            longest_days | r.longest_days | whole
            as_they_do | r.as_they_do | whole
            relationdesk_row | r.id | whole"""),
    ),
    Table(
        name="steps", part="wishes", source="FROM steps s JOIN buckets b ON b.id = s.bucket_id", order="s.bucket_id",
        columns=columns("""
            bucket_uid | b.uid
            bucket | b.name
            relationdesk_step | s.step"""),
    ),
    Table(
        name="wishes", part="wishes", source="FROM wishes w JOIN people p ON p.id = w.person_id", order="w.id",
        columns=columns("""
            relationdesk_uid | w.uid
            person_uid | p.uid
            person | p.name
            places | w.places
            every_days | w.every_days | whole
            not_until | w.not_until
            opted_out | w.opted_out | whole
            said | w.said
            source | w.source
            place | w.place
            native_id | w.native_id
            saved_at | w.saved_at | time
            relationdesk_row | w.id | whole"""),
    ),
    Table(
        name="tasks", part="tasks", order="t.id",
        source="FROM tasks t LEFT JOIN people p ON p.id = t.person_id LEFT JOIN companies c ON c.id = t.company_id",
        columns=columns("""
            relationdesk_uid | t.uid
            person_uid | p.uid
            person | p.name
            company_uid | c.uid
            company | c.name
            text | t.text
            mine | t.mine | whole
            due | t.due
            due_minute | t.due_minute | whole
            every | t.every
            month_day | t.month_day | whole
            from_done | t.from_done | whole
            note_uid | t.note_uid
            note_line | t.note_line
            is_edited | t.is_edited | whole
            done_at | t.done_at | time
            made_at | t.made_at | time
            relationdesk_row | t.id | whole"""),
    ),
    Table(
        name="reminders", part="tasks", source="FROM reminders r", order="r.key",
        columns=columns("""
            relationdesk_key | r.key
            at | r.at | time"""),
    ),
)  # fmt: skip
