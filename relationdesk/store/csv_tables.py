"""What an export of everything consists of: one entry per file, and where each cell comes from.

Cells marked as told again (person, company, mails, phones …) are for the reader; the way back ignores them. Each file
names `person_uid` or `relationdesk_uid`, by which a contact reader sees that it is ours and leaves it alone.
"""

from __future__ import annotations

from relationdesk.store.csv_changes import CHANGES
from relationdesk.store.csv_decisions import DECISIONS, PLACES
from relationdesk.store.csv_lines import Table
from relationdesk.store.csv_lines import columns as _columns
from relationdesk.store.csv_lines import named as _named
from relationdesk.store.csv_rounds import ROUNDS
from relationdesk.store.csv_routes import ROUTES
from relationdesk.store.csv_settings import SETTINGS
from relationdesk.store.csv_spans import SPANS
from relationdesk.store.csv_templates import TEMPLATES
from relationdesk.store.csv_told import TOLD
from relationdesk.store.csv_wishes import WISHES
from relationdesk.store.spans import holder
from relationdesk.store.staging import AUDIENCES, ROLES
from relationdesk.store.timekey import PRECISIONS


def _reached(kind: str) -> str:
    return (
        "(SELECT group_concat(value, '; ') FROM (SELECT DISTINCT d.value FROM profiles q JOIN addresses d ON "
        f"d.profile_id = q.id WHERE q.person_id = p.id AND d.kind = '{kind}' ORDER BY d.value))"
    )


TABLES = (
    PLACES,
    Table(
        name="companies", part="companies", source="FROM companies c", order="c.id",
        columns=_columns("""
            relationdesk_uid | c.uid
            name | c.name
            is_key | c.is_key | whole
            made_at | c.made_at | time
            relationdesk_row | c.id | whole"""),
    ),
    Table(
        name="people", part="people", source="FROM people p LEFT JOIN companies c ON c.id = p.company_id", order="p.id",
        columns=_columns(f"""
            person_uid | p.uid
            name | p.name
            title | p.title
            company_uid | c.uid
            company | c.name
            own_words | trim(iif(p.own_title IS NULL, '', 'title ') || iif(p.own_company IS NULL, '', 'company'))
            mails | {_reached("mail")}
            phones | {_reached("phone")}
            is_me | p.is_me | whole
            looked_at | p.looked_at | time
            made_at | p.made_at | time
            relationdesk_row | p.id | whole"""),
    ),
    Table(
        name="profiles", part="profiles", order="q.id",
        source="FROM profiles q JOIN places l ON l.id = q.place_id LEFT JOIN people p ON p.id = q.person_id",
        columns=_columns("""
            place | l.name
            native_id | q.native_id
            person_uid | p.uid
            person | p.name
            handle | q.handle
            display_name | q.display_name
            url | q.url
            bio | q.bio
            title | q.title
            company | q.company
            known | q.known | whole
            is_company | q.is_company | whole
            is_owner | q.is_owner | whole
            relationdesk_row | q.id | whole"""),
    ),
    Table(
        name="addresses", part="profiles", order="q.id, d.kind, d.value",
        source="FROM addresses d JOIN profiles q ON q.id = d.profile_id JOIN places l ON l.id = q.place_id "
        "LEFT JOIN people p ON p.id = q.person_id",
        columns=_columns("""
            place | l.name
            native_id | q.native_id
            person_uid | p.uid
            kind | d.kind
            value | d.value
            vouched | d.vouched | whole"""),
    ),
    Table(
        name="stand_ins", part="profiles", order="q.id",
        source="FROM stand_ins s JOIN profiles q ON q.id = s.profile_id JOIN places l ON l.id = q.place_id LEFT JOIN people p ON p.id = q.person_id",
        columns=_columns("""
            place | l.name
            native_id | q.native_id
            person_uid | p.uid
            relationdesk_at | s.at | time"""),
    ),
    *TOLD,
    *CHANGES,
    Table(
        name="links", part="links", order="q.id",
        source="FROM profiles q JOIN places l ON l.id = q.place_id LEFT JOIN people p ON p.id = q.person_id LEFT JOIN "
        "companies c ON c.id = q.company_id WHERE q.person_id IS NOT NULL OR q.company_id IS NOT NULL OR q.settled <> '' "
        "OR q.linked_how <> '' OR q.linked_by <> ''",
        columns=_columns("""
            place | l.name
            native_id | q.native_id
            person_uid | p.uid
            person | p.name
            company_uid | c.uid
            how | q.linked_how
            by | q.linked_by
            settled | q.settled"""),
    ),
    Table(
        name="buckets", part="buckets", source="FROM buckets b", order="b.id",
        columns=_columns("""
            relationdesk_uid | b.uid
            name | b.name
            colour | b.colour
            position | b.position | whole
            relationdesk_row | b.id | whole"""),
    ),
    Table(
        name="bucket_people", part="buckets", order="b.id, x.at, p.id",
        source="FROM bucket_people x JOIN buckets b ON b.id = x.bucket_id JOIN people p ON p.id = x.person_id",
        columns=_columns("""
            bucket_uid | b.uid
            bucket | b.name
            person_uid | p.uid
            person | p.name
            at | x.at | time"""),
    ),
    *WISHES,
    Table(
        name="tags", part="tags", source="FROM tags x JOIN people p ON p.id = x.person_id", order="p.id, x.tag",
        columns=_columns("""
            person_uid | p.uid
            person | p.name
            tag | x.tag"""),
    ),
    Table(
        name="activities", part="activities", order="a.id",
        source="FROM activities a JOIN profiles q ON q.id = a.profile_id JOIN places l ON l.id = a.place_id JOIN places m "
        "ON m.id = q.place_id JOIN kinds k ON k.id = a.kind LEFT JOIN people p ON p.id = " + holder("a.id", "q") + " WHERE {seen}",
        columns=_columns(f"""
            position | a.id | whole
            place | l.name
            native_id | a.native_id
            actor_place | m.name
            actor_native_id | q.native_id
            person_uid | p.uid
            person | p.name
            kind | k.name | word
            published | a.published | time
            precision | {_named("a.precision", PRECISIONS)} | word
            audience | {_named("a.audience", AUDIENCES)} | word
            towards | a.towards | whole
            title | a.title
            text | a.text
            url | a.url
            in_reply_to | a.in_reply_to
            thread | a.thread
            extra | a.extra"""),
    ),
    Table(
        name="participants", part="activities", order="x.activity_id, x.role, x.profile_id",
        source="FROM participants x JOIN activities a ON a.id = x.activity_id JOIN places l ON l.id = a.place_id JOIN "
        "profiles q ON q.id = x.profile_id JOIN places m ON m.id = q.place_id LEFT JOIN people p ON p.id = " + holder("x.activity_id", "q")
        + " WHERE {seen}",
        columns=_columns(f"""
            place | l.name
            native_id | a.native_id
            role | {_named("x.role", ROLES)} | word
            who_place | m.name
            who_native_id | q.native_id
            person_uid | p.uid
            person | p.name"""),
    ),
    Table(
        name="captures", part="activities", order="c.id",
        source="FROM captures c JOIN profiles q ON q.id = c.profile_id JOIN places l ON l.id = q.place_id JOIN activities a ON a.place_id = "
        "q.place_id AND a.native_id = c.native_id LEFT JOIN people p ON p.id = " + holder("a.id", "q") + " WHERE {seen}",
        columns=_columns(f"""
            relationdesk_uid | c.uid
            place | l.name
            native_id | c.native_id
            actor_native_id | q.native_id
            person_uid | p.uid
            person | p.name
            kind | c.kind | word
            published | c.published | time
            precision | {_named("c.precision", PRECISIONS)} | word
            audience | {_named("c.audience", AUDIENCES)} | word
            title | c.title
            text | c.text
            url | c.url
            marks | c.marks
            brought | c.brought_by IS NOT NULL | whole
            told_by | c.told_by
            whom | c.whom
            saved_at | c.saved_at | time
            relationdesk_row | c.id | whole"""),
    ),
    Table(
        name="notes", part="notes", order="n.id",
        source="FROM notes n LEFT JOIN people p ON p.id = n.person_id LEFT JOIN companies c ON c.id = n.company_id",
        columns=_columns("""
            note_uid | n.uid
            person_uid | p.uid
            person | p.name
            company_uid | c.uid
            company | c.name
            kind | n.kind
            happened_at | n.happened_at | time
            minutes | n.minutes | whole
            text | n.text
            saved_at | n.saved_at | time
            trashed_at | n.trashed_at | time
            relationdesk_row | n.id | whole"""),
    ),
    Table(
        name="note_mentions", part="notes", order="n.id, p.id",
        source="FROM note_mentions x JOIN notes n ON n.id = x.note_id JOIN people p ON p.id = x.person_id",
        columns=_columns("""
            note_uid | n.uid
            person_uid | p.uid
            person | p.name"""),
    ),
    Table(
        name="note_versions", part="notes", order="n.id, v.n",
        source="FROM note_versions v JOIN notes n ON n.id = v.note_id LEFT JOIN people p ON p.id = n.person_id",
        columns=_columns("""
            note_uid | n.uid
            person_uid | p.uid
            n | v.n | whole
            saved_at | v.saved_at | time
            kind | v.kind
            text | v.text"""),
    ),
    Table(
        name="drafts", part="notes", source="FROM drafts f", order="f.slot",
        columns=_columns("""
            relationdesk_slot | f.slot
            kind | f.kind
            minutes | f.minutes | whole
            happened_at | f.happened_at | time
            saved_at | f.saved_at | time
            text | f.text"""),
    ),
    Table(
        name="outbox", part="notes", order="a.id", source="FROM outbox a LEFT JOIN people p ON p.id = a.person_id WHERE {seen}",
        columns=_columns(f"""
            relationdesk_uid | a.uid
            person_uid | p.uid
            person | p.name
            place | a.place
            login | a.login
            deed | a.deed | word
            answered | a.towards
            subject | a.subject
            text | a.text
            recipients | a.recipients
            audience | {_named("a.audience", AUDIENCES)} | word
            state | a.state | word
            made_at | a.made_at | time
            saved_at | a.saved_at | time
            queued | a.queued | time
            tries | a.tries | whole
            tried_at | a.tried_at | time
            is_unsure | a.is_unsure | whole
            failure | a.failure
            native_id | a.native_id
            url | a.url
            sent_at | a.sent_at | time
            relationdesk_row | a.id | whole"""),
    ),
    Table(
        name="prompt_answers", part="prompts", source="FROM prompt_answers t", order="t.key",
        columns=_columns("""
            key | t.key
            rule | t.rule
            person_uid | t.person_uid
            answer | t.answer
            until | t.until | time
            at | t.at | time"""),
    ),
    Table(
        name="variants", part="people", order="p.id, v.what, v.value",
        source="FROM variants v JOIN people p ON p.id = v.person_id",
        columns=_columns("""
            person_uid | p.uid
            person | p.name
            what | v.what
            value | v.value"""),
    ),
    Table(
        name="kept_apart", part="links", order="l.name, k.native_id, k.other",
        source="FROM kept_apart k JOIN places l ON l.id = k.place_id",
        columns=_columns("""
            place | l.name
            native_id | k.native_id
            relationdesk_other | k.other
            at | k.at | time"""),
    ),
    Table(
        name="tombstones", part="tombstones", order="l.name, t.native_id",
        source="FROM tombstones t JOIN places l ON l.id = t.place_id",
        columns=_columns("""
            place | l.name
            native_id | t.native_id
            why | t.why
            relationdesk_at | t.at | time"""),
    ),
    Table(
        name="forgotten", part="tombstones", order="l.name, t.native_id",
        source="FROM forgotten t JOIN places l ON l.id = t.place_id",
        columns=_columns("""
            place | l.name
            native_id | t.native_id
            relationdesk_at | t.at | time"""),
    ),
    Table(
        name="coverage", part="coverage", order="l.name, m.name, q.native_id",
        source="FROM coverage v JOIN places l ON l.id = v.place_id LEFT JOIN profiles q ON q.id = v.profile_id "
        "LEFT JOIN places m ON m.id = q.place_id LEFT JOIN people p ON p.id = q.person_id "
        "WHERE v.profile_id = 0 OR q.id IS NOT NULL",
        columns=_columns("""
            place | l.name
            who_place | m.name
            who_native_id | q.native_id
            person_uid | p.uid
            read_from | v.read_from | time
            read_until | v.read_until | time
            failed_at | v.failed_at | time
            failure | v.failure"""),
    ),
    *ROUTES, *ROUNDS, *SPANS, *TEMPLATES, SETTINGS, *DECISIONS,
)  # fmt: skip

PARTS = frozenset(table.part for table in TABLES)
"""What can be asked for."""
