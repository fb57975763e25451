"""What an export says of look-in rounds: the round itself, its queue, and when whom was looked at."""

from __future__ import annotations

from relationdesk.store.csv_lines import Table, columns

ROUNDS = (
    Table(
        name="rounds", part="rounds", source="FROM rounds r", order="r.id",
        columns=columns("""
            relationdesk_uid | r.uid
            origin | r.origin
            what | r.what
            title | r.title
            minutes | r.minutes | whole
            started_at | r.started_at | time
            touched_at | r.touched_at | time
            stands | r.stands | whole
            ended_at | r.ended_at | time
            again_on | r.again_on
            relationdesk_row | r.id | whole"""),
    ),
    Table(
        name="round_stops", part="rounds", order="r.id, s.n, s.person_uid", source="FROM round_stops s JOIN rounds r ON r.id = s.round_id",
        columns=columns("""
            round_uid | r.uid
            person_uid | s.person_uid
            n | s.n | whole
            state | s.state
            flagged | s.flagged | whole
            known_position | s.known | whole"""),
    ),
    Table(
        name="round_visits", part="rounds", order="r.id, v.from_at, v.person_uid", source="FROM round_visits v JOIN rounds r ON r.id = v.round_id",
        columns=columns("""
            round_uid | r.uid
            person_uid | v.person_uid
            from_at | v.from_at | time
            until_at | v.until_at | time"""),
    ),
)  # fmt: skip
