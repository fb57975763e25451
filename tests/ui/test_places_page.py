"""Places on a real desk: how each login stands in words, what can be done, what files brought, who is talked to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from relationdesk.derived import Asked
from relationdesk.model import Changes, Key, Login, Progress, Rejected, Stream
from relationdesk.services import import_undo, places
from relationdesk.services.places import LoginRow, StreamState
from relationdesk.services.sync import Synced
from relationdesk.sources import FILE_SOURCES, door_log
from relationdesk.store import allowances, batches, half_imports, logins
from relationdesk.store.allowances import Used
from relationdesk.store.database import Desk, transaction
from relationdesk.store.reports import Report
from relationdesk.store.timekey import seconds
from relationdesk.troubles import Trouble
from relationdesk.ui.batch_row import BatchRow
from relationdesk.ui.drop_card import DropCard
from relationdesk.ui.login_card import LoginCard, allowance_sentence, login_title, state_of
from relationdesk.ui.page import Target
from relationdesk.ui.places_page import PlacesPage, hosts
from relationdesk.ui.remove_dialog import RemoveDialog
from relationdesk.ui.syncing import Syncs
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel
from tests.facts import NOW, arrive, bring, did, who
from tests.ui.office import Office, office

HOTEL = Login(id=0, source="mastodon", place="mastodon", address="https://hotel.example", user_name="sam")
FEEDS = Login(id=0, source="feed", place="blog", address="")
JOE = Stream(name="a:1", address="https://hotel.example/@joe", profile=Key("mastodon", "https://hotel.example/users/joe"), title="Joe Brown")
BLOG = Stream(name="https://backofhouse.example/feed", address="https://backofhouse.example/feed", title="The Back of House")


def fill(db: Desk) -> None:
    bring(db, (who("Ann Example", id_="ann"), did(who("Ann Example", id_="ann"), "a1")))
    batch = batches.every(db)[0].id
    with transaction(db):
        batches.finish(db, batch, profiles=1, activities=1, people=1, report=Report())
        first, second = logins.save(db, HOTEL), logins.save(db, FEEDS)
        logins.save_stream(db, first, JOE, is_followed=True)
        logins.save_stream(db, second, BLOG, is_followed=True)
        logins.set_cursor(db, first, JOE.name, "c", seconds(NOW - timedelta(minutes=4)))
        logins.tried(db, first, at=seconds(NOW - timedelta(minutes=4)), failure="", next_try=None)
        failure = "Backstairs did not answer. What was read before is kept."
        logins.tried(db, second, at=seconds(NOW), failure=failure, trouble=Trouble.DOWN, next_try=seconds(NOW + timedelta(minutes=20)))


@pytest.fixture
def at(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Office]:
    with office(tmp_path, look, qtbot, fill) as made:
        yield made


def shown(at: Office, width: int = 1216) -> PlacesPage:
    page = PlacesPage(at.context)
    at.qtbot.addWidget(page)
    at.context.tasks.changed.connect(page.on_changed)
    page.resize(width, 900)
    page.show()
    page.open(Target(page="places"))
    at.wait()
    return page


def card_of(page: PlacesPage, place: str) -> LoginCard:
    return next(card for card in page.cards.values() if card.row.login.place == place)


def test_each_login_says_how_it_stands(at: Office) -> None:
    page = shown(at)
    good, bad = card_of(page, "mastodon").sentence.text(), card_of(page, "blog").sentence.text()
    assert "Read 4 min ago." in good and "Next look in 26 min." in good
    assert bad.startswith("Backstairs did not answer. What was read before is kept. Next try ")
    assert page.head.subtitle.text() == "2 places, 1 needs you"


def test_a_desk_put_back_from_a_copy_reads_on_when_the_user_agrees(at: Office) -> None:
    at.context.tasks.write(held)
    at.wait()
    page = shown(at)
    button = page.findChild(Button, "go_on_reading")
    assert button is not None and "Paused" in card_of(page, "mastodon").sentence.text()
    button.click()
    at.wait(lambda: page.findChild(Button, "go_on_reading") is None)
    assert at.synced == [None] and "Paused" not in card_of(page, "mastodon").sentence.text()


def held(db: Desk) -> Changes:
    with transaction(db):
        logins.hold(db)
    return Changes(logins=True)


def test_buttons_ask_for_what_they_say(at: Office) -> None:
    page = shown(at)
    card = card_of(page, "mastodon")
    card.main_button.click()
    assert at.synced == [card.row.login.id]
    card._more.setChecked(True)
    pause = next(b for b in card.findChildren(Button) if b.text() == "Pause")
    pause.click()
    at.wait(lambda: "Paused" in card_of(page, "mastodon").sentence.text())
    card_of(page, "mastodon").main_button.click()
    at.wait(lambda: "Paused" not in card_of(page, "mastodon").sentence.text())


def asked_to_remove(at: Office, page: PlacesPage, place: str) -> RemoveDialog:
    card_of(page, place).acted.emit("remove")
    dialog = page.findChildren(RemoveDialog)[-1]
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    at.wait()
    return dialog


def test_removing_keeps_what_was_read_unless_told_otherwise(at: Office) -> None:
    page = shown(at)
    before = at.db.execute("SELECT count(*) FROM activities").fetchone()
    dialog = asked_to_remove(at, page, "blog")
    assert dialog.keep.isChecked() and not dialog.delete.isEnabled() and "nothing that only it brought" in dialog.gone.text()
    dialog.do.click()
    at.wait(lambda: len(page.cards) == 1)
    assert at.db.execute("SELECT count(*) FROM activities").fetchone() == before
    assert "stays" in at.toasts[-1] and not dialog.isVisible()


def test_removing_may_delete_what_only_it_brought_after_saying_how_much(at: Office) -> None:
    joe = who("Joe Brown", id_="https://hotel.example/users/joe")
    arrive(at.db, (joe, did(joe, "j1"), did(joe, "j2")))
    page = shown(at)
    before = at.db.execute("SELECT count(*) FROM activities").fetchone()[0]
    dialog = asked_to_remove(at, page, "mastodon")
    assert dialog.gone.text().startswith("2 activities go. This cannot be undone")
    dialog.reject()
    assert len(page.cards) == 2
    dialog = asked_to_remove(at, page, "mastodon")
    dialog.delete.click()
    dialog.do.click()
    at.wait(lambda: len(page.cards) == 1)
    assert at.db.execute("SELECT count(*) FROM activities").fetchone()[0] == before - 2
    assert at.toasts[-1] == "Removed, with what only it had brought."
    assert at.db.execute("SELECT 1 FROM people WHERE name = 'Joe Brown'").fetchone(), "people stay"


def test_what_is_followed_can_be_left(at: Office) -> None:
    page = shown(at)
    card = card_of(page, "mastodon")
    card._more.setChecked(True)
    button = next(b for b in card.findChildren(Button) if "No longer follow Joe Brown" in b.accessibleName())
    button.click()
    at.wait(lambda: not card_of(page, "mastodon").row.streams)
    assert logins.followed(at.db, card.row.login.id) == ()


def test_what_is_gone_for_good_says_so_and_is_asked_again_when_the_user_wants_it(at: Office) -> None:
    with transaction(at.db):
        login = next(login for login in logins.every(at.db) if login.source == "feed")
        logins.tried(at.db, login.id, at=seconds(NOW), failure="It is gone.", next_try=seconds(NOW + timedelta(minutes=30)))
        logins.stream_failed(at.db, login.id, BLOG.name, "backofhouse.example is gone. What was read before is kept. It is not asked any more.")
        logins.rest(at.db, login.id, BLOG.name, at=seconds(NOW), until=None)
    page = shown(at)
    card = page.cards[login.id]
    assert card.main_button.text() == "Look at it" and "Next try" not in card.sentence.text()
    card._more.click()
    assert "not asked any more" in " ".join(label.text() for label in card.findChildren(ParagraphLabel))
    asked: list[object] = []
    at.context.router.sync.connect(asked.append)
    (again,) = [button for button in card.findChildren(Button) if button.accessibleName() == f"Ask {BLOG.title} again"]
    again.click()
    at.wait()
    assert asked == [login.id] and logins.rests(at.db, login.id) == {}


def test_what_wants_to_be_asked_later_says_when(at: Office) -> None:
    with transaction(at.db):
        login = next(login for login in logins.every(at.db) if login.source == "feed")
        logins.set_cursor(at.db, login.id, BLOG.name, "c", seconds(NOW))
        logins.rest(at.db, login.id, BLOG.name, at=seconds(NOW), until=seconds(NOW + timedelta(hours=2)))
    page = shown(at)
    card = page.cards[login.id]
    card._more.click()
    assert [label for label in card.findChildren(PlainLabel) if "wants to be asked again" in label.toolTip()]
    assert not [button for button in card.findChildren(Button) if button.accessibleName().startswith("Ask ")]


def test_connections_name_every_host_that_is_asked(at: Office) -> None:
    door_log.forget()  # of what other tests asked
    page = shown(at)
    rows = places.login_rows(at.db)
    streams = {row.login.id: logins.followed(at.db, row.login.id) for row in rows}
    assert {row.host for row in hosts(rows, streams, {})} == {"hotel.example", "backofhouse.example"}
    texts = {label.text() for label in page._side.findChildren(PlainLabel)}
    assert {"hotel.example", "backofhouse.example"} <= texts


def test_somebody_read_at_home_is_counted_there(at: Office) -> None:
    (row,) = [row for row in places.login_rows(at.db) if row.login.source == "mastodon"]
    there = Stream(name="statuses:far.example:7", address="https://far.example", title="Far Away")
    assert ("far.example", 1) in {(found.host, found.followed) for found in hosts([row], {row.login.id: (there,)}, {})}


def test_whoever_was_asked_stands_there_with_how_often_and_how_much_came(at: Office) -> None:
    met = {"plc.directory": Asked(3, 1_240_000, NOW), "hotel.example": Asked(212, 4_000, NOW - timedelta(minutes=4))}
    rows = places.login_rows(at.db)
    streams = {row.login.id: logins.followed(at.db, row.login.id) for row in rows}
    found = hosts(rows, streams, met)
    assert [(row.host, row.followed, row.times) for row in found] == [("hotel.example", 1, 212), ("plc.directory", 0, 3), ("backofhouse.example", 1, 0)]
    row = shown(at)._host(found[1], NOW)
    assert "3 · 1.2 MB" in {label.text() for label in row.findChildren(PlainLabel)}


def test_an_import_can_be_taken_back_here(at: Office) -> None:
    page = shown(at)
    row = page.findChild(BatchRow)
    assert row is not None and "1 activity" in row.sentence
    row.undo_button.click()
    at.wait(lambda: batches.every(at.db)[0].undone)
    at.wait(lambda: "taken back" in page.findChild(BatchRow).sentence)
    assert at.db.execute("SELECT count(*) FROM activities").fetchone() == (0,)
    assert any(change.everything for change in at.changes)


def test_how_far_taking_back_is_stands_in_its_row_also_after_the_page_was_filled_anew(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it goes it is in no list; its row stays where it was, without a button, and says neither that it is there nor that it is gone."""
    go_on = threading.Event()

    def slow(db: Desk, now: datetime, batch_id: int, *, report: Callable[[Progress], None], stop: Callable[[], bool]) -> object:
        with transaction(db):
            half_imports.begin(db, batch_id, seconds(now))
        report(Progress(done=12, total=50, unit="entries"))
        go_on.wait(10)
        with transaction(db):
            half_imports.end(db, batch_id)
        return undo(db, now, batch_id)

    undo = import_undo.undo
    monkeypatch.setattr(import_undo, "undo", slow)
    page = shown(at)
    page.findChild(BatchRow).undo_button.click()
    assert page.findChild(BatchRow).sentence == "Being taken back …"
    at.qtbot.waitUntil(lambda: page.findChild(BatchRow).sentence == "12 of 50 taken out.")
    page.on_changed(Changes(everything=True))
    was = page.findChild(BatchRow)
    at.qtbot.waitUntil(lambda: page.findChild(BatchRow) is not was)
    row = page.findChild(BatchRow)
    assert row.sentence == "12 of 50 taken out." and row.undo_button.isHidden() and not batches.every(at.db)
    go_on.set()
    at.wait(lambda: "taken back since" in page.findChild(BatchRow).sentence)


def test_a_running_sync_shows_how_far_it_is(at: Office) -> None:
    page = shown(at)
    syncs = Syncs(at.context, page)
    page.watch(syncs)
    card = card_of(page, "mastodon")
    syncs._jobs[card.row.login.id] = object()  # type: ignore[assignment]
    syncs.moved.emit(card.row.login.id, Progress(done=2, total=5, unit="profiles"))
    card = card_of(page, "mastodon")
    assert card.sentence.text() == "Reading 3 of 5 profiles." and card.main_button.text() == "Stop"
    syncs._jobs.clear()
    syncs.finished.emit(card.row.login.id, None)
    at.wait(lambda: card_of(page, "mastodon").main_button.text() == "Sync now")


@pytest.mark.parametrize("failures", [(), (("Joe", "Joe did not answer."),)])
def test_what_was_asked_for_is_told_by_the_name_on_its_card(at: Office, failures: tuple[tuple[str, str], ...]) -> None:
    (row,) = [row for row in places.login_rows(at.db) if row.login.source == "mastodon"]
    syncs = Syncs(at.context)
    syncs._asked = True
    syncs._tell(Synced(login=row.login, new=3, failures=failures))
    assert at.toasts == [f"{login_title(row)}: {failures[0][1] if failures else '3 new'}"]
    assert login_title(row) == "Mastodon · sam · hotel.example"


def test_what_a_place_allows_and_how_much_of_it_is_used_stand_on_its_card(at: Office) -> None:
    (row,) = [row for row in places.login_rows(at.db) if row.login.source == "mastodon"]
    day = Used(asked=1_240, most=10_000, span=timedelta(days=1), since=NOW - timedelta(hours=2), renewed=NOW + timedelta(minutes=30))
    allowances.save(at.db, row.login, day)
    card = card_of(shown(at), "mastodon")
    assert card.allowance.startswith("Asked 1,240 of the 10,000 times that Mastodon allows a day; counted anew from ")
    assert card.allowance in card.accessibleName() and card.allowance in [label.text() for label in card.findChildren(ParagraphLabel)]
    (row,) = [row for row in places.login_rows(at.db) if row.login.source == "mastodon"]
    assert allowance_sentence(row, NOW + timedelta(hours=1)).startswith("Asked 0 of ")
    hour = replace(row, used=replace(day, most=60, span=timedelta(hours=1)))
    assert "60 times that Mastodon allows an hour" in allowance_sentence(hour, NOW)
    assert allowance_sentence(replace(row, used=replace(day, span=timedelta(seconds=35))), NOW) == ""


def test_what_goes_on_later_because_no_more_is_allowed_is_told(at: Office) -> None:
    (row,) = [row for row in places.login_rows(at.db) if row.login.source == "mastodon"]
    syncs = Syncs(at.context)
    syncs._asked = True
    syncs._tell(Synced(login=row.login, new=3, rest=NOW + timedelta(minutes=1)))
    assert "3 new. The place allows no more questions now; reading goes on " in at.toasts[0]


def test_without_a_login_it_says_the_first_step(tmp_path: Path, look: Look, qtbot: QtBot) -> None:
    with office(tmp_path, look, qtbot) as at:
        page = shown(at)
        assert "No place connected yet" in page.head.subtitle.text()
        next(b for b in page.findChildren(Button) if b.text() == "Connect a place").click()
        assert at.connected == [""]


@pytest.mark.parametrize(("place", "trouble", "button"), [
    ("mastodon", Trouble.REFUSED, "Sign in"), ("mastodon", Trouble.KEYLESS, "Sign in"), ("mastodon", Trouble.LOCKED, "Sync now"), ("mastodon", Trouble.DOWN, "Sync now"),
    ("blog", Trouble.REFUSED, "Sync now"),
])  # fmt: skip
def test_the_button_does_what_helps_whatever_the_sentence_says(at: Office, place: str, trouble: Trouble, button: str) -> None:
    """A blog that wants a login takes none from here, so there is nothing to sign in to."""
    with transaction(at.db):
        login = next(row.login for row in places.login_rows(at.db) if row.login.place == place)
        logins.tried(at.db, login.id, at=seconds(NOW), failure="Bitte melden Sie sich an. Nichts ist verloren.", trouble=trouble, next_try=None)
    page = shown(at)
    assert card_of(page, place).main_button.text() == button


@pytest.mark.parametrize(("place", "button"), [("mastodon", "Sign in"), ("blog", "Look at it")])
def test_a_key_that_is_no_longer_taken_asks_to_sign_in_although_some_was_read_before(at: Office, place: str, button: str) -> None:
    refused = "hotel.example does not accept this login (any more). What was read before is kept; sign in again."
    with transaction(at.db):
        login = next(row.login for row in places.login_rows(at.db) if row.login.place == place)
        logins.save_stream(at.db, login.id, Stream(name="own", address="https://hotel.example", title="My posts"), is_followed=False)
        logins.set_cursor(at.db, login.id, "own", "c", seconds(NOW - timedelta(minutes=4)))
        logins.stream_failed(at.db, login.id, JOE.name if place == "mastodon" else BLOG.name, refused, Trouble.REFUSED)
        logins.tried(at.db, login.id, at=seconds(NOW), failure=refused, trouble=Trouble.REFUSED, next_try=seconds(NOW + timedelta(days=1)))
    card = card_of(shown(at), place)
    assert (card.main_button.text(), state_of(card.row, NOW, 30).needs_you) == (button, True)


def test_titles_and_partial_failures() -> None:
    stream = StreamState(name="x", title="x", good=NOW, failure="gone")
    row = LoginRow(login=Login(id=1, source="feed", place="blog", address="", last_good=NOW), streams=(stream, stream), needs_you=True)
    assert login_title(row) == "Blog, 2 feeds"
    state = state_of(row, NOW, 30)
    assert state.needs_you and "2 of 2 could not be read" in state.sentence


def test_the_side_folds_on_a_narrow_page(at: Office) -> None:
    page = shown(at, 700)
    assert page._aside.isVisible() and not page._side.isVisible()
    page._aside.click()
    assert page._side.isVisible() and not page.list.isVisible()


def feeds(*, paused: bool, failure: str = "") -> LoginRow:
    login = Login(
        id=2, source="feed", place="blog", address="", paused=paused, failure=failure and f"Backstairs: {failure}",
        last_good=NOW - timedelta(days=11), last_tried=NOW - timedelta(hours=6), next_try=NOW + timedelta(hours=1),
    )  # fmt: skip
    good = StreamState(name="a", title="The Back of House", good=NOW - timedelta(hours=6), failure="")
    return LoginRow(login=login, streams=(good, StreamState(name="b", title="Backstairs", good=NOW - timedelta(days=11), failure=failure)), needs_you=bool(failure))


GONE = "backstairs.example says that this page does not exist any more. What was read before is kept."


@pytest.mark.parametrize(
    ("row", "recorded", "word", "sentence"),
    [
        (feeds(paused=False, failure=GONE), False, "Needs you", f"1 of 2 were read 6 h ago. Backstairs: {GONE} Next try"),
        (feeds(paused=True, failure=GONE), False, "Paused", "Paused: this place is not asked. What was read stays. 1 of 2 were read 6 h ago."),
        (feeds(paused=True, failure=GONE), True, "Needs you", f"1 of 2 were read 6 h ago. Backstairs: {GONE}"),
        (feeds(paused=True), True, "Up to date", "Read 6 h ago. Part of the sample: its answers were recorded, and no computer is asked."),
    ],
)
def test_a_place_of_which_some_fails_is_told_in_one_breath(row: LoginRow, recorded: bool, word: str, sentence: str) -> None:
    state = state_of(row, NOW, 30, recorded=recorded)
    assert (state.word, state.needs_you) == (word, word == "Needs you")
    assert state.sentence.startswith(sentence) and ("Next try" in state.sentence) == (word == "Needs you" and not recorded)


def test_what_is_typed_stays_while_a_sync_ends(at: Office) -> None:
    page = shown(at)
    login_id = next(login_id for login_id, card in page.cards.items() if card.row.login.source == "mastodon")
    page.cards[login_id]._more.setChecked(True)
    field = page.cards[login_id]._follow_field
    assert field is not None
    field.setFocus()
    at.qtbot.keyClicks(field, "@joe@hotel")
    page._load()
    at.wait(lambda: page.cards[login_id]._follow_field is not field)
    again = page.cards[login_id]._follow_field
    assert again is not None and again.text() == "@joe@hotel" and page.focusWidget() is again


def test_the_report_of_an_import_is_shown_copied_and_saved_also_after_it_was_taken_back(
    at: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = tuple(Rejected(where=f"a.csv line {n}", reason="No name.") for n in range(2, 72))
    with transaction(at.db):
        batch = batches.begin(at.db, format="vcard", place="contacts", name="cards.vcf", at=seconds(NOW))
        kept = Report(read=20_412, refused=70, rejects=refused, left_out=("likes",), answers=(("Who are you?", "Sam"),), warnings=("Careful.",))
        batches.finish(at.db, batch, profiles=1, activities=2, people=3, report=kept)
    import_undo.undo(at.db, NOW, batch)
    page = shown(at)
    row = next(row for row in page.findChildren(BatchRow) if row.batch.id == batch)
    link = row.findChild(Button, "report")
    assert link is not None and link.text() == "70 refused"
    link.click()
    at.wait(lambda: row.findChild(Button, "copy") is not None)
    said = " ".join(label.text() for label in row.findChildren(PlainLabel))
    for words in ("70 of 20,412 records were refused:", "a.csv line 2", "and 20 more", "Left out as chosen: likes", "Who are you? Answer: Sam", "Careful."):
        assert words in said
    copy, save = row.findChild(Button, "copy"), row.findChild(Button, "save")
    assert copy is not None and save is not None
    copy.click()
    at.wait(lambda: "a.csv line 71: No name." in QGuiApplication.clipboard().text())
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "report.txt"), ""))
    save.click()
    at.wait(lambda: (tmp_path / "report.txt").exists() and "Saved as report.txt." in at.toasts)
    assert "a.csv line 71: No name." in (tmp_path / "report.txt").read_text(encoding="utf-8")
    link.click()
    at.wait(lambda: not copy.isVisible())


def test_what_can_be_brought_in_is_counted_and_listed_on_demand(at: Office) -> None:
    card = shown(at).findChild(DropCard)
    assert card is not None
    shorter = " ".join(label.text() for label in card.findChildren(PlainLabel) if label.isVisible())
    assert FILE_SOURCES[0].title in shorter and len(shorter) < 260
    card.kinds_button.click()
    every = " ".join(label.text() for label in card.findChildren(PlainLabel) if label.isVisible())
    assert all(source.title in every for source in FILE_SOURCES)
