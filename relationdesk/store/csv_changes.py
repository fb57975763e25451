"""Of an export of everything: what a place said of somebody's work before an import changed it. See csv_tables.

The import itself is in no export, so in a desk made of one these rows stand under the moment when it was, with a minus before it, instead of under its number.
"""

from __future__ import annotations

from relationdesk.store.csv_lines import Table, columns

WORK = 6
"""`overwritten.tbl` of what an export told."""

NOTICED = (
    "SELECT b.at, b.id AS n, o.place_id, o.native_id, o.before FROM batches b CROSS JOIN overwritten o ON o.batch_id = b.id AND o.tbl = 1 WHERE b.at >= {since} AND b.undone_at IS NULL "
    f"UNION ALL SELECT -o.batch_id, 0, o.place_id, o.native_id, o.before FROM overwritten o WHERE o.batch_id <= -{{since}} AND o.tbl = {WORK}"
)
"""Every change of a profile since a moment: when it was noticed (unix seconds), by which import, whose, and what was told before as JSON."""
_OF_WORK = (
    f"SELECT at, min(n), place_id, native_id, before FROM ({NOTICED.format(since=1)}) WHERE coalesce(json_extract(before, '$.title'), "
    "json_extract(before, '$.company')) IS NOT NULL GROUP BY at, place_id, native_id"
)
"""The first of each moment."""

CHANGES = (
    Table(
        name="work_changes", part="profiles", order="c.at, l.name, c.native_id",
        source=f"FROM ({_OF_WORK}) c JOIN profiles q ON q.place_id = c.place_id AND q.native_id = c.native_id JOIN places l ON l.id = q.place_id "
        "LEFT JOIN people p ON p.id = q.person_id",
        columns=columns("""
            place | l.name
            native_id | q.native_id
            person_uid | p.uid
            title | coalesce(json_extract(c.before, '$.title'), q.title)
            company | coalesce(json_extract(c.before, '$.company'), q.company)
            noticed_at | c.at | time"""),
    ),
)
