"""One table of keys: no key means two things on a page, and the keys of design.md §4 are these."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from relationdesk.ui.actions import EVERYWHERE, GROUPS, PAGES, SPECS, Actions, action_text, group_text, meet
from relationdesk.ui.cheat_sheet import shown_specs
from relationdesk.ui.keys import native_key
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button

DESIGN = {
    "palette": "Ctrl+K", "find": "Ctrl+F", "note_anywhere": "Ctrl+Shift+N", "note": "N", "reply": "R", "like": "L",
    "open_original": "O", "flip": "F", "snooze": "S", "done": "E", "follow_up": "T", "buckets": "B", "next_item": "J",
    "previous_item": "K", "next_person": "Shift+J", "previous_person": "Shift+K", "go_today": "G, T",
    "go_people": "G, P", "go_companies": "G, C", "go_who": "G, W", "go_places": "G, S", "more": "Space",
    "open": "Return", "back": "Esc", "undo": "Ctrl+Z", "redo": "Ctrl+Shift+Z", "send": "Ctrl+Return",
    "import": "Ctrl+I", "export": "Ctrl+E", "sync": "Ctrl+R", "cheat_sheet": "?", "same_person": "L",
    "somebody_new": "N", "keep_apart": "A", "a_company": "C", "not_a_human": "H", "later": "S",
}  # fmt: skip


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    widget.setLayout(QVBoxLayout())
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def actions(look: Look, window: QWidget) -> Actions:
    return Actions(look, window)


def test_the_keys_of_the_design() -> None:
    assert {name: key for name, key in ((s.id, s.key) for s in SPECS) if name in DESIGN} == DESIGN


def test_r_answers_wherever_there_are_items() -> None:
    """And the sheet of keys shows it, with all else by which something leaves the desk."""
    (reply,) = (spec for spec in SPECS if spec.id == "reply")
    assert action_text(reply) == "Answer" and reply.pages >= {"today", "person", "place", "round"}
    assert {"reply", "like", "boost", "write_to", "go_outbox", "go_routed"} <= {spec.id for spec in shown_specs()}


@pytest.mark.parametrize("page", sorted(PAGES))
def test_no_key_means_two_things_on_a_page(page: str) -> None:
    here = [spec for spec in SPECS if spec.applies(page) and spec.key]
    for one, other in itertools.combinations(here, 2):
        a, b = QKeySequence(one.key), QKeySequence(other.key)
        none = QKeySequence.SequenceMatch.NoMatch
        assert a.matches(b) == none and b.matches(a) == none, f"{one.id} and {other.id} on {page}"


def test_ids_are_unique_and_groups_and_pages_exist() -> None:
    assert len({spec.id for spec in SPECS}) == len(SPECS)
    assert {spec.group for spec in SPECS} == set(GROUPS)
    for spec in SPECS:
        assert spec.pages <= PAGES
        assert action_text(spec)
        assert not spec.key or QKeySequence(spec.key)[0].key() != Qt.Key.Key_unknown
    assert group_text("go") == "Go"


def test_only_what_applies_is_enabled(actions: Actions) -> None:
    actions.set_page("who")
    assert actions["same_person"].isEnabled()
    assert not actions["like"].isEnabled()
    actions.set_page("person")
    assert not actions["same_person"].isEnabled()
    assert actions["like"].isEnabled()
    assert actions["palette"].isEnabled()


def test_a_key_triggers_in_the_window_but_stays_a_letter_in_a_field(
    qtbot: QtBot, window: QWidget, actions: Actions
) -> None:
    field, button = QLineEdit(), Button(actions._look, "Something")
    for widget in (field, button):
        window.layout().addWidget(widget)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    actions.set_page("person")
    button.setFocus()
    with qtbot.waitSignal(actions["note"].triggered, timeout=1000):
        qtbot.keyClick(button, Qt.Key.Key_N)
    field.setFocus()
    with qtbot.assertNotEmitted(actions["note"].triggered):
        qtbot.keyClick(field, Qt.Key.Key_N)
    assert field.text() == "n"


def test_space_stays_with_a_button(qtbot: QtBot, window: QWidget, actions: Actions) -> None:
    button = Button(actions._look, "Something")
    window.layout().addWidget(button)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    actions.set_page("person")
    button.setFocus()
    with qtbot.waitSignal(button.clicked, timeout=1000):
        qtbot.keyClick(button, Qt.Key.Key_Space)


def test_keys_can_be_changed_and_told_apart(look: Look, window: QWidget, actions: Actions) -> None:
    assert [spec.id for spec in actions.conflicts("like", "R")] == ["reply"]
    assert not actions.conflicts("same_person", "R"), "they never meet on a page"
    assert not actions.conflicts("like", "")
    actions.set_key("like", "Ctrl+L")
    assert actions["like"].shortcut() == QKeySequence("Ctrl+L")
    assert actions.changed_keys() == {"like": "Ctrl+L"}
    again = Actions(look, window, keys={"like": "", "gone_since_long": "X"})
    assert again["like"].shortcut().isEmpty()
    assert again.changed_keys() == {"like": ""}


def test_a_button_follows_its_action(qtbot: QtBot, window: QWidget, actions: Actions) -> None:
    button = Button(actions._look, "Reply", style="primary")
    qtbot.addWidget(button)
    button.follow(actions["reply"])
    actions.set_page("who")
    assert not button.isEnabled()
    actions.set_page("today")
    with qtbot.waitSignal(actions["reply"].triggered, timeout=1000):
        button.click()
    assert button.accessibleDescription() == "R"


@pytest.mark.parametrize(("key", "words"), [("Ctrl+K", "Ctrl K"), ("G, T", "G then T"), ("Ctrl+Return", "Ctrl ↵"), ("Return", "↵"), ("?", "?"), ("", "")])
def test_how_keys_are_written(key: str, words: str) -> None:
    assert native_key(key) == words


def test_for_page_keeps_the_order_of_the_table(actions: Actions) -> None:
    ids = [spec.id for spec in actions.for_page("who", "who")]
    assert ids[0] == "same_person" and len(ids) == 7
    assert all(spec.pages == EVERYWHERE or "who" in spec.pages for spec in actions.for_page("who"))
    assert meet(actions.spec("palette"), actions.spec("later"))
