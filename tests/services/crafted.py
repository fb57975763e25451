"""A small desk full of what breaks exports: formulas, scripts, line ends, odd dates, namesakes, private words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from relationdesk.model import (
    Activity,
    Address,
    AddressKind,
    Audience,
    Coverage,
    DayKind,
    Key,
    Kind,
    LifeDay,
    NoteKind,
    Participant,
    Precision,
    Profile,
    Role,
)  # fmt: skip
from relationdesk.services import combining, notes, particulars, people, spans, tasks, templates, wishes
from relationdesk.store import merge, profiles, settings
from relationdesk.store.database import Desk, transaction
from relationdesk.store.ledger import decide
from relationdesk.store.people import insert, me
from relationdesk.store.staging import Staging
from relationdesk.store.templates import Purpose
from relationdesk.store.timekey import seconds
from relationdesk.wishes import Step, WantedRhythm

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SECRET = "the price we never tell anybody"
THREAD = "hidden-thread-77"
TEXTS = (
    '=HYPERLINK("http://bad.example";"x")', "+47 22 22 22 22", "-5", "-1+1", "@ada", "'=1", "''", "＝1", "\t=1", " =1",
    'a "quoted", cell', "line one\nline two\n\n=3", "carriage\r\nreturn\rend", "\U0001f600\U0001f468\u200d\U0001f469",
    "שלום עולם", "日本語のテキスト", "00123", "12345678901234567890", "", "\ufeffmark", "x" * 200_000,
)  # fmt: skip


def key(name: str) -> Key:
    return Key("mail", name)


def fill(db: Desk, extra_rows: int = 0) -> dict[str, int]:
    """People of this desk by name: "Me", "Ann" and "Ann 2" (namesakes of one firm)."""
    facts: list[Profile | Activity | Coverage] = [
        Profile(key=key("me"), display_name="Me", is_owner=True),
        Profile(
            key=key("ann"), display_name="=cmd|' /C calc'!A0", handle="@ann", bio="-2+3", known=True,
            days=(LifeDay(kind=DayKind.BIRTHDAY, month=2, day=29, year=1980), LifeDay(kind=DayKind.ANNIVERSARY, month=6, day=12)),
            addresses=(
                Address(kind=AddressKind.MAIL, value="ann@example.com", vouched=True),
                Address(kind=AddressKind.PHONE, value="+47 22 22 22 22"),
                Address(kind=AddressKind.PHONE, value="0047 1"),
            ),
        ),
        Profile(key=key("ann2"), display_name="Ann Example"),
        Profile(key=Key("mastodon", "https://a.example/ann"), display_name="Ann", handle="@ann@a.example"),
        Coverage(place="mail", since=NOW - timedelta(days=9), until=NOW),
        Coverage(place="mail", profile=key("ann"), until=NOW),
    ]  # fmt: skip
    for n, text in enumerate(TEXTS):
        facts.append(_activity(f"t{n}", text, NOW - timedelta(hours=n // 3), Precision.SECOND))
    facts += [
        _activity("old", "before the epoch", datetime(1961, 4, 12, 6, 7, tzinfo=UTC), Precision.MINUTE),
        _activity("first", "year one", datetime(1, 1, 1, tzinfo=UTC), Precision.YEAR),
        _activity("month", "in march", datetime(2020, 3, 1, tzinfo=UTC), Precision.MONTH),
        _activity("unknown", "some day", None, Precision.UNKNOWN),
        _activity("future", "next year", NOW + timedelta(days=400), Precision.DAY),
        _activity("private", SECRET, NOW, Precision.SECOND, private=True),
    ]
    facts += [_activity(f"n{n}", f"=row {n}", NOW - timedelta(minutes=n), Precision.SECOND) for n in range(extra_rows)]
    with Staging(db, now=seconds(NOW)) as staging:
        staging.add(facts)
        merge.prepare(staging)
        with transaction(db):
            merge.merge(staging, batch_id=None, now=seconds(NOW))
    return _decide(db)


def _activity(name: str, text: str, when: datetime | None, precision: Precision, *, private: bool = False) -> Activity:
    return Activity(
        key=Key("mail", name), actor=key("ann"), kind=Kind.MAIL, published=when, precision=precision, text=text,
        title=text[:40], thread=THREAD if private else "", audience=Audience.PRIVATE if private else Audience.PUBLIC,
        participants=(Participant(profile=key("me"), role=Role.TO), Participant(profile=key("ann2"), role=Role.CC)),
        extra=(("quoted", '=old "words"'), ("subject", "+x")),
    )  # fmt: skip


def _decide(db: Desk) -> dict[str, int]:
    at = seconds(NOW)
    with decide(db, "person", "People were made.", at) as d:
        firm = d.insert("companies", {"uid": "firm-uid", "name": "=Firm, Ltd", "is_key": 1, "made_at": at})
        made = {
            "Me": mine.id if (mine := me(db)) else insert(d, name="Me", now=at, is_me=True),
            "Ann": insert(d, name="Ann Example", now=at, title="+Head", company="=Firm, Ltd"),
            "Ann 2": insert(d, name="Ann Example", now=at),
        }
    for name, profile in (("Me", key("me")), ("Ann", key("ann")), ("Ann 2", key("ann2"))):
        stored = profiles.by_key(db, profile)
        assert stored is not None
        people.link(db, stored.id, made[name], NOW)
    fediverse = profiles.by_key(db, Key("mastodon", "https://a.example/ann"))
    assert fediverse is not None
    people.keep_apart(db, fediverse.id, made["Ann 2"], NOW)
    spans.link_for(db, fediverse.id, made["Ann"], NOW, first=None, last=date(2024, 2, 29))
    twin, _ = people.add_person(db, "=Ann the Other", NOW, title="+Cook")
    combining.combine(db, made["Ann"], twin, NOW)
    bucket, _ = people.make_bucket(db, "-VIP-", NOW, "#112233")
    people.set_in_bucket(db, bucket, (made["Ann"], made["Ann 2"]), True, NOW)
    notes.write(db, "=1+1 with @Ann Example", NOW, person_id=made["Ann"], kind=NoteKind.CALL, minutes=12, happened=NOW)
    with transaction(db):
        db.execute("INSERT INTO notes(uid, company_id, text, happened_at, saved_at) VALUES ('n2', ?, '日本', -5, ?)", (firm, at))
        db.execute("INSERT INTO note_versions SELECT id, 1, saved_at, '@earlier', 'note' FROM notes")
        db.execute("INSERT OR IGNORE INTO note_mentions SELECT id, ? FROM notes", (made["Ann 2"],))
        db.execute("INSERT INTO tags VALUES (?, '@tag')", (made["Ann"],))
        db.execute(
            "INSERT INTO captures(uid, profile_id, native_id, marks, kind, published, precision, audience, text, url, saved_at, brought_by, told_by, whom) "
            "SELECT '=c-' || native_id, profile_id, native_id, '[\"=1\"]', 'post', published, precision, audience, '=by hand', 'https://x.example', ?, 0, '[]', '[[\"mail\", \"ann\", 3]]' "
            "FROM activities WHERE native_id IN ('t0', 'unknown', 'private')",
            (at,),
        )
        db.execute(
            "INSERT INTO routes(uid, place_id, native_id, profile_place, profile_native_id, kind, remark, passed_to, passed_at, answered_at, made_at) "
            "SELECT '=r' || native_id, place_id, native_id, 'mail', 'ann', 'complaint', '=1+1', '@lee', ?1, NULL, ?1 FROM activities "
            "WHERE native_id IN ('t1', 'private') UNION ALL SELECT '=gone', id, 'not here', 'mail', 'ann', 'suggestion', '', '', NULL, ?1, ?1 FROM places "
            "WHERE name = 'mail'",
            (at,),
        )
        db.execute("INSERT INTO stand_ins SELECT id, ? FROM profiles WHERE native_id = 'ann2'", (at,))
        db.execute("INSERT INTO drafts VALUES ('anywhere', '=half', 'note', 0, NULL, ?)", (at,))
        for n, (state, audience) in enumerate((("draft", 0), ("failed", 2), ("sent", 2), ("given up", 1))):
            db.execute(
                "INSERT INTO outbox(uid, person_id, place, login, deed, towards, subject, text, recipients, audience, state, made_at, saved_at, queued, "
                "tries, tried_at, is_unsure, failure, native_id, url, sent_at) VALUES (?, ?, 'mail', 'imap:=me@x', 'mail', 't0', '=subject', ?, "
                "'[[\"to\", \"=ann@example.com\", \"@Ann\"]]', ?, ?, ?, ?, ?, 2, ?, ?, '=why', '-id', '', ?)",
                (f"=o{n}", made["Ann"] if n < 3 else None, SECRET if audience == 2 else "=outgoing\nwords", audience, state, at, at, at if n else None, at if n else None,
                 int(state == "failed"), at if state == "sent" else None),
            )  # fmt: skip
        db.execute("INSERT INTO prompt_answers SELECT 'gone_quiet:'||uid, 'gone_quiet', uid, 'later', ?, ? FROM people", (at, at))
        db.execute("INSERT INTO rounds(uid, origin, what, title, minutes, started_at, touched_at, stands, again_on) VALUES ('=r', 'search', '=x', '-r', 5, ?1, ?1, 1, '2026-12-04')", (at,))
        db.execute("INSERT INTO round_stops SELECT 1, uid, id, iif(id > 1, '', 'seen'), id = 2, -7 FROM people")
        db.execute("INSERT INTO round_visits SELECT 1, ?1, uid, ?1 + 60 FROM people WHERE id = 1", (at,))
        db.execute("INSERT INTO tombstones SELECT id, '=gone', 'withdrawn', ? FROM places", (at,))
        db.execute("INSERT INTO forgotten SELECT id, '+forgotten', ? FROM places", (at,))
        db.execute("UPDATE people SET looked_at = ? WHERE id = ?", (at, made["Ann 2"]))
        db.execute("INSERT INTO reminders VALUES ('=task', ?)", (at,))
    wishes.wish(
        db, made["Ann"], NOW, places=("mail",), every_days=90, not_until=NOW.date(), said=NOW.date(), source="=asked", activity=Key("mail", "t0"),
    )  # fmt: skip
    wishes.set_opted_out(db, made["Ann 2"], True, NOW)
    wishes.want(db, WantedRhythm(wished_days=14, longest_days=30), NOW, person_id=made["Ann"])
    wishes.want(db, WantedRhythm(wished_days=7, as_they_do=True), NOW, bucket_id=bucket)
    wishes.set_step(db, bucket, Step.ADVOCATE, NOW)
    weekly, _ = tasks.add(db, "=send the sheet", NOW, person_id=made["Ann"], due=NOW.date(), at=0, every="1 weeks", from_done=True)
    tasks.done(db, weekly.id, NOW)
    tasks.add(db, "'words", NOW, company_id=firm, mine=False)
    templates.save(db, NOW, name="=Thank you", purpose=Purpose.MAIL, subject="@{last topic}", text="-Hi {first name},\n\n=⟦day⟧")
    particulars.keep(db, made["Ann"], "dog", "+Bruno", NOW)
    settings.remember_mapping(db, ("=Wer", "-Laden"), {"=Wer": "name"})
    return made
