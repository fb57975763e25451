"""A look-in round in the real window with real keys: from the bucket to the summary, over a pause and over a restart."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from relationdesk.services import people, round_queue, rounds
from relationdesk.store import buckets, database, notes
from relationdesk.store.database import Desk
from relationdesk.ui.export_dialog import ExportDialog
from relationdesk.ui.page import Target
from relationdesk.ui.round_bar import progress
from relationdesk.ui.round_end import day_words
from relationdesk.ui.round_page import RoundPage
from relationdesk.ui.round_rail import QueueModel, state_text
from relationdesk.ui.theme import Look
from tests.facts import NOW, ago, bring, did, person_id, who
from tests.ui.desk import sample_desk
from tests.ui.office import Office, office
from tests.ui.test_the_walk import CTRL, Walk

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_desk(tmp_path_factory.mktemp("sample")).parent


@pytest.fixture
def walk(built: Path, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Walk]:
    shutil.copytree(built, tmp_path / "desk")
    made = Walk(qapp, qtbot, tmp_path / "desk")
    yield made
    made.close()


def uid(db: Desk, name: str = "Top customers") -> str:
    bucket = buckets.by_name(db, name)
    assert bucket is not None
    return bucket.uid


def page_of(walk: Walk) -> RoundPage:
    page = walk.page("round")
    assert isinstance(page, RoundPage)
    return page


def begin(walk: Walk) -> RoundPage:
    walk.window.go(Target(page="round", extra=("bucket", uid(walk.db))))
    walk.wait(lambda: page_of(walk).is_walking() and page_of(walk).person._review is not None and page_of(walk).person._review.whole)
    return page_of(walk)


def at(page: RoundPage) -> str:
    assert page._round is not None
    here = page._round.here()
    return here.person.name if here is not None else ""


def names(page: RoundPage) -> list[str]:
    assert page._round is not None
    return [stop.person.name for stop in page._round.stops]


def test_a_bucket_is_walked_by_keys_to_its_summary(walk: Walk) -> None:
    bucket = buckets.by_name(walk.db, "Top customers")
    assert bucket is not None
    walk.window.go(Target(page="bucket", id=bucket.id))
    walk.wait(lambda: walk.window.people.round.isVisible())
    walk.key(Qt.Key.Key_L, mod=SHIFT)
    walk.wait(lambda: page_of(walk).is_walking())
    page = page_of(walk)
    order = names(page)
    walk.wait(lambda: page.person._review is not None and page.person._review.whole)
    assert (at(page), page.bar.words.text(), page.person.title()) == (order[0], "1 of 9 · just begun", order[0])
    walk.key(Qt.Key.Key_Right)
    assert at(page) == order[1] == page.person.title()
    walk.key(Qt.Key.Key_N)
    walk.type("Asked for the price per outlet")
    walk.key(Qt.Key.Key_Return, mod=CTRL)
    walk.key(Qt.Key.Key_F, mod=SHIFT)
    walk.key(Qt.Key.Key_J, mod=SHIFT)
    assert at(page) == order[2]
    walk.key(Qt.Key.Key_X)
    walk.key(Qt.Key.Key_K, mod=SHIFT)
    assert at(page) == order[2]
    walk.key(Qt.Key.Key_Right)
    for _ in order[3:]:
        walk.key(Qt.Key.Key_Right)
    walk.wait(lambda: page.stack.current() is page.end)
    found = page.end._found
    assert found is not None
    assert (len(found.looked()), len(found.skipped()), found.notes(), len(found.flagged()), len(found.left())) == (8, 1, 1, 1, 0)
    assert not page.end.go_on.isVisible()
    assert page.end.head.title.text() == "Round over Top customers"
    walk.key(Qt.Key.Key_E, mod=CTRL)
    walk.wait(lambda: bool(walk.window.findChildren(ExportDialog)))
    walk.dialog(ExportDialog).close()
    with walk.qtbot.waitActive(walk.window):
        walk.window.activateWindow()
    page.end.copy.click()
    assert QGuiApplication.clipboard().text().startswith("Look-in round: Top customers")
    page.end.next.click()
    walk.wait(lambda: page._round is not None and page._round.again == date(2026, 11, 27))
    assert page.end.next.text() == "Again next Friday"
    walk.key(Qt.Key.Key_K, mod=SHIFT)
    assert at(page) == order[8] and page.is_walking()


def test_it_goes_on_at_the_same_person_after_a_pause_and_after_a_restart(walk: Walk, qapp: QApplication) -> None:
    page = begin(walk)
    walk.key(Qt.Key.Key_Right)
    walk.key(Qt.Key.Key_Right)
    third = at(page)
    walk.key(Qt.Key.Key_P)
    walk.page("today")
    assert walk.window.toast.text() == f"Paused at {third}. The round goes on there."
    walk.key(Qt.Key.Key_G)
    walk.key(Qt.Key.Key_L)
    walk.wait(lambda: page_of(walk).is_walking())
    assert at(page) == third == page.person.title()
    folder, qtbot = walk.folder, walk.qtbot
    walk.window.close()
    walk.program.close()
    again = Walk(qapp, qtbot, folder)
    try:
        again.wait(lambda: page_of(again).is_walking())
        assert (at(page_of(again)), page_of(again).person.title()) == (third, third)
        assert page_of(again).bar.words.text().startswith("3 of 9")
        again.key(Qt.Key.Key_Right)
        assert page_of(again).bar.words.text().startswith("4 of 9")
    finally:
        again.close()


def test_done_answers_what_waits_and_is_taken_back_with_its_mark(walk: Walk) -> None:
    page = begin(walk)
    first = at(page)

    def waits() -> int:
        return sum(not card.prompt.why_not for card in page.person.card.prompt_cards())

    before = waits()
    assert before > 0
    for _ in range(before):  # an answer may hold the other prompts back
        walk.key(Qt.Key.Key_E)
        if at(page) != first:
            break
    assert at(page) != first
    assert page._round is not None
    assert page._round.stops[0].state == "done"
    walk.key(Qt.Key.Key_Z, mod=CTRL)
    walk.wait(lambda: page._round is not None and page._round.stops[0].state == "")
    walk.key(Qt.Key.Key_Left)
    walk.wait(lambda: at(page) == first and page.person._review is not None and page.person._review.whole)
    assert waits() >= 1


@pytest.mark.parametrize("how", ["later_sign", "never", "rule_off"])
def test_every_answer_on_the_card_is_understood_in_a_round(walk: Walk, how: str) -> None:
    page = begin(walk)
    first = at(page)
    walk.wait(lambda: page.person._review is not None and page.person._review.whole)
    while at(page) == first and (waiting := [card.prompt for card in page.person.card.prompt_cards() if not card.prompt.why_not]):
        page.person.deeds.answer(waiting[0], how, None)
        walk.wait(lambda: not walk.program.tasks.busy())
    walk.window.grab()
    assert page._round is not None and page._round.stops[0].state == ("later" if how == "later_sign" else "")


def test_later_without_a_prompt_comes_at_the_end(walk: Walk) -> None:
    walk.window.go(Target(page="round", extra=("people", "hannah")))
    walk.wait(lambda: page_of(walk).is_walking())
    page = page_of(walk)
    people.add_person(walk.db, "Hannah Second", NOW)
    page._anew()
    walk.wait(lambda: page._round is not None and len(page._round.stops) == 2)
    order = names(page)
    walk.wait(lambda: page.person._review is not None and page.person._review.whole)
    page._later()
    walk.wait(lambda: at(page) == order[1])
    assert names(page) == order[::-1]


def test_the_flip_leads_back_to_the_same_person_and_pixel(walk: Walk) -> None:
    page = begin(walk)
    walk.key(Qt.Key.Key_Right)
    second = at(page)
    page.person.view.setFocus()
    walk.wait(lambda: page.person._review is not None and page.person._review.whole)
    walk.key(Qt.Key.Key_J, Qt.Key.Key_J, Qt.Key.Key_J)
    item, where = page.person.view.current_item(), page.person.view.where()
    assert item is not None
    walk.key(Qt.Key.Key_F)
    walk.page("place")
    walk.key(Qt.Key.Key_Escape)
    walk.wait(lambda: page_of(walk).is_walking() and page.person.view.current_item() is not None)
    assert (at(page), page.person.view.where()) == (second, where)


def test_each_is_opened_at_what_is_new(walk: Walk) -> None:
    joe = person_id(walk.db, "Joe Brown")
    with database.transaction(walk.db):
        ((middle,),) = walk.db.execute("SELECT published FROM activities a JOIN profiles q ON q.id = a.profile_id WHERE q.person_id = ? AND published IS NOT NULL ORDER BY a.id DESC LIMIT 1 OFFSET 12", (joe,)).fetchall()
        walk.db.execute("UPDATE people SET looked_at = ? WHERE id = ?", (middle, joe))
    page = begin(walk)
    assert at(page) == "Joe Brown"
    view = page.person.view
    number = view.timeline().find(("new",))
    rect = view.visualRect(view.timeline().index(number))
    assert number > 5 and 0 < rect.top() < view.viewport().height()
    assert view.verticalScrollBar().value() > 0


@pytest.fixture
def desk(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Callable[..., Office]]:
    opened = []

    def make(fill: Callable[[Desk], object]) -> Office:
        manager = office(tmp_path, look, qtbot, fill)
        opened.append(manager)
        return manager.__enter__()

    yield make
    for manager in opened:
        manager.__exit__(None, None, None)


def three(db: Desk) -> None:
    joe, mary, bob = who("Joe Brown"), who("Mary Jones"), who("Bob Hale")
    bring(db, [who("Sam Carter", owner=True), joe, mary, bob, did(joe, "j", ago(days=1)), did(mary, "m", ago(days=2)), did(bob, "b", ago(days=3))])
    bucket, _ = people.make_bucket(db, "Key", NOW)
    people.make_bucket(db, "Empty", NOW)
    people.set_in_bucket(db, bucket, tuple(person_id(db, name) for name in ("Joe Brown", "Mary Jones", "Bob Hale")), True, NOW)


def opened(made: Office, target: Target) -> RoundPage:
    page = RoundPage(made.context)
    made.kept.append(page)
    made.qtbot.addWidget(page)
    made.context.tasks.changed.connect(page.on_changed)
    page.resize(1200, 800)
    page.show()
    page.open(target)
    made.wait()
    return page


def test_an_empty_desk_and_an_empty_bucket_say_what_to_do(desk: Callable[..., Office]) -> None:
    made = desk(lambda db: None)
    page = opened(made, Target(page="round"))
    made.wait(lambda: page.stack.current() is page.start)
    assert page.start._stack.current() is page.start._empty
    page.start._empty.button.click()
    assert made.went[-1].page == "people"


def test_an_empty_bucket_begins_nothing(desk: Callable[..., Office]) -> None:
    made = desk(three)
    page = opened(made, Target(page="round", extra=("bucket", uid(made.db, "Empty"))))
    made.wait(lambda: page.stack.current() is page.start)
    assert str(made.failed[-1]).startswith("There is nobody to look in on in Empty.")
    assert [row.accessibleName() for row in page.start.rows] == ["Key, 3 people"]
    page.start.rows[0].clicked.emit()
    made.wait(page.is_walking)
    assert at(page) == "Joe Brown"


def test_one_person_is_a_round_too(desk: Callable[..., Office]) -> None:
    made = desk(three)
    page = opened(made, Target(page="round", extra=("people", "joe")))
    made.wait(page.is_walking)
    assert page.bar.words.text().startswith("1 of 1") and not page.bar.buttons["previous_person"].isEnabled()
    QTest.keyClick(page, Qt.Key.Key_Right)
    made.wait(lambda: page.stack.current() is page.end)
    assert page.end.head.title.text() == "Round over “joe”"


def test_somebody_removed_while_looked_at_makes_way_for_the_next(desk: Callable[..., Office]) -> None:
    made = desk(three)
    page = opened(made, Target(page="round", extra=("bucket", uid(made.db, "Key"))))
    made.wait(page.is_walking)
    people.set_in_bucket(made.db, 1, (person_id(made.db, "Mary Jones"),), False, NOW)
    ann, _ = people.add_person(made.db, "Ann Example", NOW)
    made.context.tasks.write(people.set_in_bucket, 1, (ann,), True, NOW)
    made.wait(lambda: page.joined.isVisible())
    assert page._round is not None
    assert [state_text(stop) for stop in page._round.stops] == ["", "no longer in the bucket", ""]
    page.joined.click()
    made.wait(lambda: not page.joined.isVisible())
    assert names(page)[-1] == "Ann Example"
    with database.transaction(made.db):
        made.db.execute("UPDATE people SET uid = 'gone' WHERE name = 'Joe Brown'")
    made.context.tasks.changed.emit(people.set_no_prompts(made.db, person_id(made.db, "Bob Hale"), True, NOW))
    made.wait(lambda: at(page) == "Bob Hale")
    assert page.gone.isVisible()


def test_time_that_was_given_is_said_when_it_is_over(desk: Callable[..., Office]) -> None:
    made = desk(three)
    page = opened(made, Target(page="round", extra=("bucket", uid(made.db, "Key"))))
    made.wait(page.is_walking)
    entry = next(entry for entry in page.menu().actions() if entry.text() == "5 min")
    entry.trigger()
    made.wait(lambda: page._round is not None and page._round.minutes == 5)
    assert page.bar.words.text() == "1 of 3 · 0 of 5 min"
    with database.transaction(made.db):
        made.db.execute("UPDATE round_visits SET from_at = from_at - 400")
    page._on_tick()
    made.wait(lambda: "over" in page.bar.words.text())
    assert page.bar.words.text() == "1 of 3 · your 5 minutes are over · 3 left"
    page._finish()
    made.wait(lambda: page.stack.current() is page.end)
    assert page.end.go_on.text() == "Go on with 3 left"
    page.end.go_on.click()
    made.wait(page.is_walking)


def test_two_thousand_stand_in_the_queue(desk: Callable[..., Office]) -> None:
    def fill(db: Desk) -> None:
        with database.transaction(db):
            db.executemany("INSERT INTO people(uid, name, folded, made_at) VALUES (?,?,?,0)", [(f"u{n}", f"Person {n:04}", f"person {n:04}") for n in range(2000)])

    made = desk(fill)
    page = opened(made, Target(page="round", extra=("people", "person")))
    made.wait(page.is_walking)
    assert (page.queue.queue.rowCount(), page.numbers.text().replace(",", "")) == (2000, "2000 people 2000 to come")
    page.queue.clicked.emit(page.queue.queue.index(1500))
    made.wait(lambda: at(page) == "Person 1500")
    rect = page.queue.visualRect(page.queue.currentIndex())
    assert 0 <= rect.top() < page.queue.viewport().height()


def test_the_queue_is_a_sound_model(desk: Callable[..., Office], qtbot: QtBot) -> None:
    made = desk(three)
    found, _ = rounds.begin(made.db, "bucket", uid(made.db, "Key"), NOW)
    model = QueueModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_stops(found.stops)
    model.set_stops(rounds.flag(made.db, found.id, 1, True).stops)
    assert model.index(1).data(Qt.ItemDataRole.AccessibleTextRole) == "Mary Jones, flagged"
    model.set_stops(())
    assert model.rowCount() == 0


def test_words_of_progress_and_days(desk: Callable[..., Office]) -> None:
    made = desk(three)
    found, _ = rounds.begin(made.db, "bucket", uid(made.db, "Key"), NOW)
    assert progress(found) == "1 of 3 · just begun"
    with database.transaction(made.db):
        made.db.execute("UPDATE round_visits SET until_at = until_at + 360")
    assert progress(round_queue.loaded(made.db, found.id)) == "1 of 3 · 6 min"
    today = date(2026, 11, 20)
    assert [day_words(day, today) for day in (date(2026, 11, 21), date(2026, 11, 27), date(2026, 12, 20))] == ["tomorrow", "next Friday", "on 20 December"]


def test_narrow_and_mirrored(desk: Callable[..., Office]) -> None:
    made = desk(three)
    page = opened(made, Target(page="round", extra=("bucket", uid(made.db, "Key"))))
    made.wait(page.is_walking)
    assert page.rail.isVisible() and page.rail.x() == 0
    page.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    made.wait(lambda: page.rail.x() > 600)
    QTest.keyClick(page, Qt.Key.Key_Left)
    made.wait(lambda: at(page) == "Mary Jones")
    for width in (1200, 1050, 900):
        page.resize(width, 500)
        made.wait(lambda: page.bar.words.width() >= page.bar.words.sizeHint().width())
    page.resize(700, 500)
    made.wait(lambda: not page.rail.isVisible())
    assert page.bar.buttons["done"].text() == "" and page.bar.buttons["done"].accessibleName() == "Done"
    assert page.bar.buttons["next_person"].text() == "Next"
    assert notes.of_person(made.db, person_id(made.db, "Mary Jones")) == ()


def test_text_that_becomes_small_again_unfolds_the_card(walk: Walk) -> None:
    """(What folds in the head of a person is placed anew while the card moves beside it.)"""
    page, look = begin(walk), walk.window.context.look
    walk.window.resize(1440, 900)
    for scale, folded in ((2.0, True), (1.0, False)):
        look.set_text_scale(scale)
        walk.wait(lambda folded=folded: page.person.columns.is_folded() is folded)  # type: ignore[misc]
        walk.wait(lambda folded=folded: page.person.card.isVisible() is not folded)  # type: ignore[misc]
    assert page.person.columns._row.indexOf(page.person.card) > 0
