"""The person page on a real desk: keys, the divider, prompts, late answers, drafts that survive, nothing that jumps."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from relationdesk.derived import Filter, Then
from relationdesk.model import Changes, Direction, Key, NoteKind, Profile
from relationdesk.services import drafts
from relationdesk.store import database, people
from relationdesk.store.database import transaction
from relationdesk.store.profiles import Stored
from relationdesk.ui import engaging
from relationdesk.ui.filter_bar import FilterBar
from relationdesk.ui.page import Target
from relationdesk.ui.person_dialog import PersonDialog
from relationdesk.ui.person_page import PersonPage
from relationdesk.ui.person_past import Past
from relationdesk.ui.profile_rows import ProfileRow, shown_name
from relationdesk.ui.theme import Look
from tests.ui.timeline_desk import NOW, Desk_, mail, make, post, put


@pytest.fixture
def desk(tmp_path: Path, look: Look, qtbot) -> Iterator[Desk_]:
    made = Desk_(make(tmp_path / "desk"), look)
    yield made
    made.tasks.close()


@pytest.fixture
def page(desk: Desk_, qtbot) -> PersonPage:
    return _page(desk, qtbot)


def _page(desk: Desk_, qtbot, **target) -> PersonPage:
    page = PersonPage(desk.context)
    qtbot.addWidget(page)
    desk.tasks.changed.connect(page.on_changed)
    page.resize(924, 800)
    page.show()
    page.open(Target(page="person", id=desk.made.joe, **target))
    desk.settle(qtbot)
    page.view.setFocus()
    return page


def _keys(page: PersonPage) -> list[str]:
    return [i.activity.key.native_id if i.activity else "note" for i in page.view.timeline().items()]


def test_shows_head_timeline_and_card(page: PersonPage, desk: Desk_) -> None:
    assert page.title() == "Joe Brown"
    assert page.head.company.accessibleName() == "Alder & Finch Hotels"
    assert _keys(page) == ["m1", "m2", "t30", "t60"]  # m3 is folded into m1: one conversation
    assert len(page.card.findChildren(ProfileRow)) == 2
    assert not page.empty.isVisible()


def test_keys_move_unfold_copy_open_and_flip(page: PersonPage, desk: Desk_, qtbot) -> None:
    view = page.view
    qtbot.keyClick(view, Qt.Key.Key_J)
    assert view.current_item().activity.key.native_id == "m1"
    qtbot.keyClick(view, Qt.Key.Key_Space)  # nothing is cut: Space shows the quoted text
    assert view.timeline().row(view.currentIndex().row()).quote
    qtbot.keyClick(view, Qt.Key.Key_C)
    assert "Two questions wait" in desk.copied[0]
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_J)
    assert view.current_item().activity.key.native_id == "t30"
    qtbot.keyClick(view, Qt.Key.Key_O)
    assert desk.links == ["https://hotel.example/@joe/30"]
    qtbot.keyClick(view, Qt.Key.Key_F)
    assert (desk.went[-1].page, desk.went[-1].place, desk.went[-1].at) == ("place", "mastodon", Key("mastodon", "t30"))
    qtbot.keyClick(view, Qt.Key.Key_K)
    assert view.current_item().activity.key.native_id == "m2"


def test_answering_means_what_waits(tmp_path: Path, look: Look, qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Key, ...]] = []
    monkeypatch.setattr(engaging, "answer", lambda _context, _window, _person, keys: asked.append(keys))
    desk = Desk_(make(tmp_path / "desk", mail(1, thread="two", text="Can we speak on Monday?")), look)
    page = _page(desk, qtbot)
    qtbot.waitUntil(lambda: len(page.card.prompt_cards()) == 1)
    qtbot.keyClick(page.view, Qt.Key.Key_R)  # nothing is in hand: to what waits
    qtbot.mouseClick(page.card.prompt_cards()[0].reply, Qt.MouseButton.LeftButton)
    assert asked == [(Key("mail", "m1"),)] * 2
    desk.tasks.close()


def test_done_and_open_mean_what_waits(tmp_path: Path, look: Look, qtbot) -> None:
    desk = Desk_(make(tmp_path / "desk", mail(1, thread="two", text="Can we speak on Monday?")), look)
    page = _page(desk, qtbot)
    qtbot.waitUntil(lambda: len(page.card.prompt_cards()) == 1)
    qtbot.keyClick(page.view, Qt.Key.Key_O)  # nothing is in hand: to what waits; a mail has no address to open
    assert page.view.current_item().activity.key.native_id == "m1" and desk.links == []
    assert "done" in page.view._tools_of(page.view._painted(page.view.currentIndex().row()))
    page.feed._on_acted("done", page.view.current_item())
    qtbot.waitUntil(lambda: page.card.prompt_cards() == [] and not desk.tasks.busy())
    assert "done" not in page.view._tools_of(page.view._painted(page.view.currentIndex().row()))
    desk.tasks.close()


def test_buttons_of_a_row_leave_room_for_its_words(page: PersonPage) -> None:
    row = next(row for row in page.view.timeline().rows() if row.item is not None)
    tools = page.view._tools
    assert tools.shown(row, waits=True, room=2000) == ("reply", "note", "snooze", "done", "flip", "menu")
    assert tools.shown(row, waits=True, room=200) == ("reply", "done", "menu")
    assert tools.shown(row, waits=True, room=0) == ("menu",)


def test_chips_keep_to_one_row_and_the_rest_is_in_the_menu(look: Look, qtbot) -> None:
    bar = FilterBar(look, lambda: NOW)
    qtbot.addWidget(bar)
    bar.set_places([("mail", 1200), ("mastodon", 24), ("linkedin", 7), ("blog", 3), ("reddit", 1)])
    bar.resize(400, 40)
    bar.show()
    assert bar.everything.accessibleName() == f"Everything {QLocale().toString(1235)}"
    shown = [place for place, chip in bar._chips.items() if chip.isVisible()]
    assert shown == ["mail", "mastodon"][: len(shown)] and bar.height() < 60
    assert bar._chips["mail"].accessibleName() == f"Mail, {QLocale().toString(1200)}"
    entries = {entry.text(): entry for entry in bar.menu().actions()}
    entries["Reddit, 1"].trigger()
    assert bar.which().places == {"reddit"} and bar.more.accessibleName() == "More 1"
    bar.resize(1200, 40)
    assert all(chip.isVisible() for chip in bar._chips.values()) and bar.more.accessibleName() == "More"


@pytest.mark.parametrize(
    ("place", "handle", "name", "url", "said"),
    [
        ("mastodon", "joeb@hotel.example", "Joe Brown", "", "@joeb@hotel.example"),
        ("x", "@joebr0wn", "Joe Brown", "", "@joebr0wn"),
        ("blog", "", "Joe Brown", "https://backofhouse.example/feed", "backofhouse.example"),
        ("blog", "", "The Back of House", "https://backofhouse.example", "The Back of House on backofhouse.example"),
        ("discourse", "joe_b", "Joe", "https://buildingtalk.example/u/joe_b", "joe_b on buildingtalk.example"),
        ("contacts", "", "Joe Brown", "", "Contacts"),
        ("hubspot", "", "Brown, J.", "", "Brown, J."),
        ("mail", "joe@hotel.example", "Joe Brown", "", "joe@hotel.example"),
        ("linkedin", "", "Joe Brown", "", "Joe Brown"),
        ("odd", "", "", "http://[broken", "native"),
    ],
)
def test_a_profile_is_called_by_what_tells_it_apart(qapp, place: str, handle: str, name: str, url: str, said: str) -> None:
    profile = Profile(key=Key(place, "native"), handle=handle, display_name=name, url=url)
    assert shown_name(Stored(id=1, profile=profile), "Joe Brown") == said


def test_conversation_unfolds_below_its_newest(page: PersonPage, desk: Desk_, qtbot) -> None:
    page.view.step(1)
    number = page.view.currentIndex().row()
    page.view._toggle_thread(number, page.view.timeline().row(number))
    desk.settle(qtbot)
    assert [r.name for r in page.view.timeline().rows() if r.name[0] == "earlier"] == [("earlier", "activity", "mail", "m3")]
    page.view._toggle_thread(number, page.view.timeline().row(number))
    assert not [r for r in page.view.timeline().rows() if r.name[0] == "earlier"]


def test_link_in_text_is_only_asked_for(page: PersonPage, desk: Desk_, qtbot) -> None:
    view = page.view
    view.step(1)
    painted = view._painted(view.currentIndex().row())
    rect, block = painted.texts[0]
    at = block.rect_of("https://hotel.example/plan").center().toPoint() + rect.topLeft()
    at += QPoint(0, view.visualRect(view.currentIndex()).top())
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert desk.links == ["https://hotel.example/plan"]  # without the full stop of the sentence


def test_rows_are_spoken(page: PersonPage) -> None:
    model = page.view.timeline()
    said = next(model.data(model.index(n), Qt.ItemDataRole.AccessibleTextRole) for n, r in enumerate(model.rows()) if r.item)
    assert said.startswith("Joe Brown, replied by mail, private, Mail 1, Two questions wait")
    assert "1 earlier message" in said and said.endswith("1 h ago")
    tree = QAccessible.queryAccessibleInterface(page.view)
    assert tree.role() == QAccessible.Role.List and tree.childCount() == model.rowCount()
    assert tree.text(QAccessible.Text.Name) == "Timeline of Joe Brown"


def test_late_answer_of_another_person_is_passed_over(page: PersonPage, desk: Desk_, qtbot) -> None:

    page.open(Target(page="person", id=desk.made.joe))
    page.open(Target(page="person", id=desk.made.me))
    desk.settle(qtbot)
    assert page.title() == "Sam Carter"
    turn = page.feed.turn()
    page._on_review(turn - 1, (None, ()))
    assert page.title() == "Sam Carter"


def test_nothing_is_read_any_more_of_whom_the_page_left(page: PersonPage, desk: Desk_, qtbot) -> None:

    go_on = threading.Event()
    desk.tasks.run(lambda db: go_on.wait(10))
    page.open(Target(page="person", id=desk.made.me))
    page.leave()
    go_on.set()
    desk.settle(qtbot)
    assert page.title() == ""


def test_that_somebody_was_looked_at_is_told_to_nobody(page: PersonPage, desk: Desk_, qtbot) -> None:
    told: list[Changes] = []
    desk.tasks.changed.connect(told.append)
    page.leave()
    desk.settle(qtbot)
    assert told == []


def test_filter_of_direction_and_empty_choice(page: PersonPage, desk: Desk_, qtbot) -> None:
    page._on_filter(Filter(directions=frozenset({Direction.OUT})))
    desk.settle(qtbot)
    assert _keys(page) == ["m2"]
    page._on_filter(Filter(until=NOW - timedelta(days=4000)))
    desk.settle(qtbot)
    assert page.empty.isVisible() and page.empty.button.text() == "Show everything"
    page.empty.button.click()
    desk.settle(qtbot)
    assert len(_keys(page)) == 4


def test_a_note_begun_before_the_page_is_there_is_a_note_about_who_comes(page: PersonPage, desk: Desk_, qtbot) -> None:
    page.open(Target(page="person", id=desk.made.me))
    qtbot.keyClick(page.view, Qt.Key.Key_N)
    for key in "he":  # H would log a contact, E would be Done
        qtbot.keyClicks(QApplication.focusWidget(), key)
    desk.settle(qtbot)
    assert page.composer.editor.hasFocus() and page.composer.editor.toPlainText() == "he"
    assert page.composer.drafts.slot() == drafts.slot_for(person_uid=page._review.person.uid)


def test_note_is_kept_and_stands_in_the_timeline(page: PersonPage, desk: Desk_, qtbot) -> None:
    qtbot.keyClick(page.view, Qt.Key.Key_N)
    assert page.composer.editor.hasFocus()
    page.composer.choose_kind(NoteKind.CALL)
    qtbot.keyClicks(page.composer.editor, "He wants a reference")
    qtbot.keyClick(page.composer.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle(qtbot)
    assert _keys(page)[0] == "note"
    note = page.view.current_item().note
    assert (note.text, note.kind) == ("He wants a reference", NoteKind.CALL)
    assert not page.composer.is_busy() and page.view.hasFocus()


def test_what_arrives_does_not_move_what_is_read(tmp_path: Path, look: Look, qtbot) -> None:
    desk = Desk_(make(tmp_path / "desk", *(post(100 + n) for n in range(60))), look)
    page = _page(desk, qtbot)
    bar = page.view.verticalScrollBar()
    bar.setValue(900)
    before = page.view.top_item()
    name, offset = page.view._held[0]
    db = database.connect(desk.made.file)
    put(db, mail(0, title="Just now"))
    db.close()
    page.on_changed(Changes(people=frozenset({desk.made.joe}), prompts=True))
    desk.settle(qtbot)
    assert _keys(page)[0] == "m0"
    assert page.view.top_item().activity.key == before.activity.key
    row = next(n for n, r in enumerate(page.view.timeline().rows()) if r.name == name)
    assert page.view.visualRect(page.view.timeline().index(row)).top() == offset
    assert page.arrived.isVisible() and page.arrived.text() == "1 new"
    page.arrived.click()
    assert bar.value() == 0
    desk.tasks.close()


def test_comes_back_as_it_was_left(tmp_path: Path, look: Look, qtbot) -> None:
    desk = Desk_(make(tmp_path / "desk", *(post(100 + n) for n in range(200))), look)
    page = _page(desk, qtbot, at=Key("mastodon", "t230"))
    assert page.view.current_item().activity.key.native_id == "t230"
    assert page.view.timeline().newer is not None
    visible = page.view.visualRect(page.view.currentIndex())
    assert 0 <= visible.top() < page.view.viewport().height()
    desk.tasks.close()


def test_unlink_asks_the_service_and_the_past_goes(page: PersonPage, desk: Desk_, qtbot) -> None:
    row = next(r for r in page.card.findChildren(ProfileRow) if r.stored.profile.key.place == "mastodon")
    with qtbot.waitSignal(desk.tasks.changed) as said:
        row.wanted.emit("unlink", row.stored)
    desk.settle(qtbot)
    assert said.args[0].undo
    assert "t30" not in _keys(page)


def test_leaving_remembers_that_it_was_looked_at(page: PersonPage, desk: Desk_, qtbot) -> None:
    page.leave()
    desk.settle(qtbot)
    db = database.connect(desk.made.file)
    put(db, mail(-1, published=NOW + timedelta(hours=1)))
    db.close()
    again = _page(desk, qtbot)
    labels = [r.label for r in again.view.timeline().rows()]
    assert any(label.startswith("New since") for label in labels)


def test_draft_survives_and_is_offered(page: PersonPage, desk: Desk_, qtbot) -> None:
    page.composer.start()
    qtbot.keyClicks(page.composer.editor, "Half a thou")
    with qtbot.waitSignal(page.composer.drafts.saved, timeout=3000):
        pass
    other = Desk_(desk.made, desk.context.look)  # the program died; the desk is opened again
    again = _page(other, qtbot)
    assert again.composer.editor.toPlainText() == "Half a thou"
    assert "did not keep" in again.composer._status.text()
    again.composer.throw_away()
    other.settle(qtbot)
    db = database.connect(desk.made.file)
    assert drafts.get(db, again.composer.drafts.slot()) is None
    db.close()
    other.tasks.close()


def test_the_button_of_the_card_is_there_whenever_the_card_is_not(desk: Desk_, qtbot) -> None:
    desk.context.look.set_text_scale(2.0)
    page = _page(desk, qtbot)
    assert page.columns.is_folded() and page.head.side.isVisible() and not page.card.isVisible()
    page.resize(1600, 800)
    qtbot.waitUntil(lambda: page.card.isVisible())
    assert not page.head.side.isVisible()


def test_while_nothing_came_yet_nothing_of_the_one_before_can_be_acted_on(page: PersonPage, desk: Desk_, qtbot, monkeypatch) -> None:

    high = page.head.height()
    monkeypatch.setattr(desk.context.tasks, "run", lambda *args, **how: None)
    page.open(Target(page="person", id=desk.made.me))
    assert page.card.signalsBlocked() and not page.empty.isVisible()
    page._patience.timeout.emit()
    assert page.empty.isVisible() and "One moment" in page.empty.accessibleName()
    assert page.head.minimumHeight() == high, "what is below it does not move"
    assert not page.card.isEnabled() and not page.head.company.isVisible() and not page.head.name.text()
    monkeypatch.undo()
    page.open(Target(page="person", id=desk.made.joe))
    desk.settle(qtbot)
    page._patience.timeout.emit()
    assert page.view.isVisible() and not page.empty.isVisible() and page.card.isEnabled() and not page.card.signalsBlocked()
    assert page.head.company.isVisible() and page.head.name.text() == "Joe Brown"


def test_a_narrow_head_keeps_the_switch_without_its_words(page: PersonPage, qtbot) -> None:
    head = page.head
    place = head.switch.findChildren(QAbstractButton)[1]
    wide = head.switch.sizeHint().width()
    page.resize(924 - (head.width() - 424), 800)
    qtbot.waitUntil(lambda: head.width() == 424)
    assert head.switch.isVisible() and head.switch.sizeHint().width() < wide // 2
    assert head.name.width() >= head.name.sizeHint().width()
    assert place.text() == place.toolTip() == "Place"
    with qtbot.waitSignal(page.context.router.go, timeout=1000) as caught:
        place.click()
    assert caught.args[0].page == "place"
    page.resize(1400, 800)
    qtbot.waitUntil(lambda: head.switch.sizeHint().width() == wide)
    assert place.toolTip() == ""


def test_the_composer_says_what_fits_into_its_line(page: PersonPage, qtbot) -> None:
    editor = page.composer.editor
    assert editor.placeholderText() == "Write a note about Joe. It stays on this computer."
    editor.set_placeholder("Write a note about Joe. " + "It stays here. " * 40, "Write a note about Joe")
    assert editor.placeholderText() == "Write a note about Joe"
    editor.set_placeholder("Write a note about " + "x" * 900)
    assert editor.placeholderText().endswith("…") and len(editor.placeholderText()) < 300


def test_a_call_or_meeting_begins_with_one_click(page: PersonPage, desk: Desk_, qtbot) -> None:
    _, meeting, call, _ = page.composer._closed
    assert call.accessibleName() == "Note a call" and call.isVisible() and meeting.isVisible()
    qtbot.mouseClick(call, Qt.MouseButton.LeftButton)
    assert page.composer._chosen is NoteKind.CALL and page.composer.editor.hasFocus() and not call.isVisible()
    qtbot.keyClick(page.composer.editor, Qt.Key.Key_Escape)
    assert call.isVisible()


def test_chosen_weeks_stay_chosen_until_everything_is_wanted(page: PersonPage, desk: Desk_, qtbot) -> None:
    last = len(page.rail._bars) - 1
    assert last == 51
    page.rail.setFocus()
    qtbot.keyClick(page.rail, Qt.Key.Key_Left)
    qtbot.keyClick(page.rail, Qt.Key.Key_Right)
    desk.settle(qtbot)
    assert page.rail.selection() == (last, last) and page.filters.which().since is not None
    assert "t60" not in _keys(page) and "m1" in _keys(page)
    page.on_changed(Changes(people=frozenset({desk.made.joe}), prompts=True))
    desk.settle(qtbot)
    assert page.rail.selection() == (last, last)
    page.filters.everything.click()
    desk.settle(qtbot)
    assert page.rail.selection() == (-1, -1) and "t60" in _keys(page)


def test_what_cannot_be_read_is_said_and_waits_no_longer(page: PersonPage, desk: Desk_, qtbot, monkeypatch) -> None:
    from relationdesk.errors import StoreUnusable

    sentence = "The desk cannot be read. Everything saved so far is safe. Try again."
    monkeypatch.setattr(desk.context.tasks, "run", lambda *args, failed, **how: failed(StoreUnusable(sentence)))
    with qtbot.waitSignal(desk.context.router.failed):
        page.open(Target(page="person", id=desk.made.me))
    assert not page._patience.isActive() and page.empty.isVisible() and not page.card.isEnabled()
    assert sentence in page.empty.accessibleName() and "One moment" not in page.empty.accessibleName()


def test_an_impostor_is_shown_on_the_card_and_leads_to_the_question(desk: Desk_, qtbot) -> None:
    db = database.open_desk(desk.made.folder)
    put(db, Profile(key=Key("mastodon", "fake"), handle="joebr0wn@elsewhere.example", display_name="Support"))
    (fake,) = db.execute("SELECT id FROM profiles WHERE native_id = 'fake'").fetchone()
    db.close()
    page = _page(desk, qtbot)
    (button,) = [b for b in page.card.findChildren(QAbstractButton) if b.text() == "Compare them"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (desk.went[-1].page, desk.went[-1].id) == ("who", fake)


def test_what_a_place_says_instead_stands_beside_and_can_be_taken(desk: Desk_, qtbot) -> None:
    db = database.open_desk(desk.made.folder)
    put(db, Profile(key=Key("mail", "joe@hotel.example"), display_name="Joe Brown", title="Head of Energy", company="Fernwood"))
    page = _page(desk, qtbot)
    assert any(w.accessibleName() == "Mail: Head of Energy, Fernwood" for w in page.card.findChildren(QWidget))
    (button,) = [b for b in page.card.findChildren(QAbstractButton) if b.text() == "Take theirs"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.settle(qtbot)
    person = people.get(db, desk.made.joe)
    db.close()
    assert person is not None and (person.title, person.company) == ("Head of Energy", "Fernwood")
    qtbot.waitUntil(lambda: not [b for b in page.card.findChildren(QAbstractButton) if b.text() == "Take theirs"], timeout=5000)


def test_what_is_only_looked_at_does_not_become_the_users_own_word(desk: Desk_, qtbot) -> None:
    db = database.open_desk(desk.made.folder)
    joe = people.get(db, desk.made.joe)
    with transaction(db):
        db.execute("UPDATE people SET own_title = NULL, own_company = NULL")
    for name, expected in (("Joe Brown", []), ("Joseph Brown", ["Changed Joe Brown"])):
        dialog = PersonDialog(desk.context, joe)
        dialog.show()
        dialog.name.setText(name)
        (keep,) = [b for b in dialog.findChildren(QAbstractButton) if b.text() == "Keep"]
        qtbot.mouseClick(keep, Qt.MouseButton.LeftButton)
        desk.settle(qtbot)
        assert [sentence for (sentence,) in db.execute("SELECT sentence FROM decisions WHERE sentence LIKE 'Changed%'")] == expected
    assert db.execute("SELECT name, own_title, own_company FROM people WHERE id = ?", (desk.made.joe,)).fetchone() == ("Joseph Brown", None, None)
    db.close()


def test_the_card_is_built_while_the_window_goes_on_and_of_nobody_whom_the_reader_has_left(page: PersonPage, desk: Desk_, qtbot) -> None:

    turns, fill = [0], page.card.fill
    page.card.fill = lambda widgets: (turns.append(turns[0]), fill(widgets))[1]  # type: ignore[method-assign]
    timer = QTimer()
    timer.timeout.connect(lambda: turns.__setitem__(0, turns[0] + 1))
    timer.start(0)
    page.open(Target(page="person", id=desk.made.joe + 1000))
    page.open(Target(page="person", id=desk.made.joe))
    qtbot.waitUntil(lambda: page.title() == "Joe Brown" and not desk.tasks.busy())
    timer.stop()
    assert len(turns) == 2 and turns[1] > 5  # filled once, of Joe, and not before others had several turns
    assert len(page.card.findChildren(ProfileRow)) == 2


def test_a_role_that_nobody_told_before_is_no_past(desk: Desk_, qtbot) -> None:
    page = _page(desk, qtbot)
    review = page.card._review
    assert review is not None
    unknown, editor = Then(since=None, name=review.person.name), Then(since=NOW, name=review.person.name, title="Editor")
    for history, shown in (((unknown, editor), 0), ((editor, unknown), 1)):
        page.card.show_review(replace(review, history=history))
        desk.settle(qtbot)
        assert len([one for one in page.card.findChildren(Past) if page.card.body.indexOf(one) >= 0]) == shown
