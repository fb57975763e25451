"""Rows of a timeline: separators, the divider, folding across pages, a bounded window; and Qt's own tester."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtTest import QAbstractItemModelTester

from relationdesk.derived import Item, PlaceState
from relationdesk.model import Direction, Kind, Note, NoteKind, Precision
from relationdesk.services.review import Stretch
from relationdesk.store.timekey import id_at
from relationdesk.ui import timeline_words as words
from relationdesk.ui.timeline_model import KEPT, RowKind, TimelineModel
from relationdesk.ui.timeline_text import Words, marks
from tests.ui.timeline_desk import NOW, mail, post


def item(activity, **values) -> Item:
    return Item(id=id_at(activity.published) if activity.published else -1, activity=activity, actor_name="Joe Brown", **values)


@pytest.fixture
def model(qtbot) -> TimelineModel:
    made = TimelineModel(lambda: NOW)
    made.tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    return made


def test_separators_and_divider(model: TimelineModel) -> None:
    stretch = Stretch(items=(item(post(1), is_new=True), item(post(30)), item(post(31))))
    model.show(stretch, looked=NOW - timedelta(days=1))
    kinds = [row.kind for row in model.rows()]
    assert kinds == [RowKind.DAY, RowKind.ITEM, RowKind.NEW, RowKind.DAY, RowKind.ITEM, RowKind.ITEM]
    assert model.row(0).label == "Today"


def test_what_is_arranged_ahead_stands_where_it_arrived_and_says_its_own_day(model: TimelineModel) -> None:
    """Else today comes twice, before and after a day of next week."""
    meeting = replace(item(post(-100, kind=Kind.EVENT)), id=id_at(NOW - timedelta(hours=2)))
    model.show(Stretch(items=(item(post(1)), meeting, item(post(3)))))
    assert [row.label for row in model.rows() if row.kind is RowKind.DAY] == ["Today"]
    said = words.standing_time(meeting)
    assert said.endswith(words.time_of(meeting)) and "24 November" in said
    assert words.standing_time(item(post(1))) == words.time_of(item(post(1)))
    assert "24 November 2026" in words.full_time(meeting)


def test_long_pause_is_said_but_not_called_quiet(model: TimelineModel) -> None:
    model.show(Stretch(items=(item(post(1)), item(post(1 + 24 * 20)))))
    assert [r.label for r in model.rows() if r.kind is RowKind.GAP] == ["19 days with nothing known"]
    model.show(Stretch(items=(item(post(1)), item(post(1 + 24 * 20)))), gaps=False)
    assert not [r for r in model.rows() if r.kind is RowKind.GAP]


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ([("mail", None, 20)], "5 days quiet"),
        ([("mail", 1, 20), ("blog", None, 8)], "5 days quiet"),
        ([("mail", None, 2)], "Not read 4 November – 8 November"),
        ([("mail", 9, 20)], "Not read 4 November – 8 November"),
        ([("mail", None, None)], "Not read 4 November – 8 November"),
        ([("mail", None, 20), ("blog", None, 3)], "5 days with nothing known. Not all read: Blog"),
        ([("mail", None, 6)], "5 days with nothing known. Not all read: Mail"),
        ([], "5 days with nothing known"),
    ],
)
def test_quiet_and_unknown_never_look_the_same(qapp, states, said: str) -> None:
    def at(day: int | None) -> datetime | None:
        return None if day is None else datetime(2026, 11, day, 12, tzinfo=UTC)

    found = [PlaceState(place=place, since=at(since), until=at(until)) for place, since, until in states]
    assert words.pause(date(2026, 11, 4), date(2026, 11, 8), found) == said


def test_a_pause_becomes_quiet_when_it_is_known_what_was_read(model: TimelineModel) -> None:
    model.show(Stretch(items=(item(post(24 * 20)), item(post(24 * 21)))))
    assert (model.row(0).kind, model.row(0).label) == (RowKind.GAP, "20 days with nothing known")
    model.set_coverage([PlaceState(place="mastodon", until=NOW)])
    assert (model.row(0).kind, model.row(0).label) == (RowKind.GAP, "20 days quiet")
    model.show(Stretch(items=(item(post(24 * 20)),), newer=7))  # what is above is not loaded: nothing is said of it
    assert model.row(0).kind is RowKind.DAY


def test_all_pauses_become_quiet_at_once(model: TimelineModel) -> None:
    model.show(Stretch(items=(item(post(24 * 20)), item(post(24 * 60)), item(post(24 * 90)))))
    heard: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last, roles: heard.append((first.row(), last.row())))
    model.set_coverage([PlaceState(place="mastodon", until=NOW)])
    gaps = [number for number, row in enumerate(model.rows()) if row.kind is RowKind.GAP]
    assert len(gaps) == 3 and heard == [(gaps[0], gaps[-1])]


def test_older_message_folds_into_its_conversation(model: TimelineModel) -> None:
    model.show(Stretch(items=(item(mail(1, thread="x")),), older=5))
    model.add_older(Stretch(items=(item(mail(9, thread="x")), item(mail(10))), older=None))
    assert [len(i.earlier) for i in model.items()] == [1, 0]
    assert model.find(("activity", "mail", "m9")) == model.find(("activity", "mail", "m1"))


def test_flat_model_folds_nothing(qtbot) -> None:
    model = TimelineModel(lambda: NOW, flat=True)
    model.show(Stretch(items=(item(mail(1, thread="x")),)))
    model.add_older(Stretch(items=(item(mail(9, thread="x")),)))
    assert len(model.items()) == 2


def test_window_is_bounded_both_ways(model: TimelineModel) -> None:
    def page(start: int) -> tuple[Item, ...]:
        return tuple(item(post(n)) for n in range(start, start + 50))

    model.show(Stretch(items=page(1000), older=1))
    for start in range(1050, 1700, 50):
        model.add_older(Stretch(items=page(start), older=1))
    assert len(model.items()) == KEPT and model.newer == model.items()[0].id
    model.add_newer(Stretch(items=page(900), newer=None))
    assert len(model.items()) == KEPT and model.older == model.items()[-1].id


@pytest.mark.parametrize(
    ("precision", "published", "label", "time"),
    [
        (Precision.DAY, datetime(2026, 11, 3, tzinfo=UTC), "Tuesday", ""),
        (Precision.MONTH, datetime(2026, 10, 1, tzinfo=UTC), "October 2026", ""),
        (Precision.YEAR, datetime(2019, 1, 1, tzinfo=UTC), "2019", ""),
        (Precision.UNKNOWN, None, "Date unknown", "date unknown"),
    ],
)
def test_time_is_never_more_exact_than_known(model: TimelineModel, precision, published, label, time) -> None:
    one = item(post(1, precision=precision, published=published))
    model.show(Stretch(items=(one,)), gaps=False)
    assert model.row(0).label == label
    assert words.time_of(one) == time
    assert "00:00" not in words.spoken(one, NOW)


def test_note_words() -> None:
    note = Note(id=1, uid="u", person_id=1, company_id=None, kind=NoteKind.CALL, text="Hm", happened=NOW, saved=NOW, minutes=12)
    assert words.note_line(note) == "Call, 12 min · only on this computer"


def test_every_kind_has_words() -> None:
    for kind in Kind:
        assert words.kind_title(kind) and words.deed(item(post(1, kind=kind)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://a.example/x.", ["https://a.example/x"]),
        ("(https://a.example/x_(y))", ["https://a.example/x_(y)"]),
        ("javascript:alert(1) file:///etc/passwd ftp://a.example", []),
        ("mail mailto:joe@a.example, now", ["mailto:joe@a.example"]),
    ],
)
def test_only_web_and_mail_addresses_are_found(text: str, found: list[str]) -> None:
    assert [mark.address for mark in marks(text) if mark.address] == found


def test_text_is_bounded_and_never_markup(look) -> None:
    hostile = Words(look.theme, "<img src=/etc/hostname>" + "x" * 300_000, 400, max_lines=4)
    assert hostile.truncated and hostile.height <= look.theme.line_height("body") * 5
    assert Words(look.theme, "مرحبا بالعالم\nHello 🐕", 400).height > 0


def test_a_meeting_is_planned_with_people_and_a_mail_goes_to_them() -> None:
    """What is still to come is told in the same words as what was."""
    event, sent = item(post(1, kind=Kind.EVENT)), item(post(2, kind=Kind.MAIL))
    ours = {"direction": Direction.OUT, "towards": ("Joe Brown", "Priya Raman")}
    assert words.deed(event) == "planned an event on Mastodon"
    assert words.deed(replace(event, **ours)) == "planned a meeting with Joe Brown and Priya Raman"
    assert words.deed(replace(sent, **ours)).endswith(" to Joe Brown and Priya Raman")
