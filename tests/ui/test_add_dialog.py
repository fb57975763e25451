"""Adding somebody in the window, by keys: told whom it may mean and who is asked, shown, chosen, kept, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QRadioButton
from pytestqt.qtbot import QtBot

from relationdesk.model import Key, Login, Profile
from relationdesk.services import adding, people
from relationdesk.store import logins, profiles
from relationdesk.store import people as rows
from relationdesk.store.database import Desk, transaction
from relationdesk.ui.add_dialog import AddDialog
from relationdesk.ui.add_rows import _lines
from relationdesk.ui.main_window import MainWindow
from relationdesk.ui.page import Target
from relationdesk.ui.palette import Palette
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.label import PlainLabel
from tests.facts import NOW
from tests.services.test_adding import JOE, Net
from tests.ui.desk import context_on, make_desk, put_away
from tests.ui.office import Office, office


def fill(db: Desk) -> None:
    people.add_person(db, "Joe Brown", NOW)


@pytest.fixture
def net(monkeypatch: pytest.MonkeyPatch) -> Net:
    made = Net()
    monkeypatch.setattr(adding, "look_up_all", partial(adding.look_up_all, door=made.door))
    monkeypatch.setattr(adding, "look_up", partial(adding.look_up, door=made.door))
    return made


@pytest.fixture
def at(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Office]:
    with office(tmp_path, look, qtbot, fill) as made:
        yield made


def opened(at: Office, text: str = "", person: object = None) -> AddDialog:
    dialog = AddDialog(at.context, "", person)  # type: ignore[arg-type]
    at.kept.append(dialog)
    at.qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    at.qtbot.keyClicks(dialog.field, text)
    settle(at)
    return dialog


def enter(at: Office, dialog: AddDialog) -> None:
    at.qtbot.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Return)
    settle(at)


def settle(at: Office) -> None:
    """Until all is home, and what a layout took in is shown."""
    at.wait()
    QApplication.processEvents()


def words(dialog: AddDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(PlainLabel) if label.isVisible())


def test_by_keys_alone_from_a_handle_to_a_person_and_back(at: Office, net: Net) -> None:
    dialog = opened(at, "@joe@hotel.example")
    assert dialog.go_button.text() == "Ask hotel.example" and net.asked == []
    enter(at, dialog)
    told = words(dialog)
    for part in ("Joe Brown", "Facilities at Alder & Finch", "1,204 followers", "there since 4 May 2018", "files.hotel.example; it was not loaded", "Nothing is kept yet."):
        assert part in told
    assert "files.hotel.example" not in net.asked and rows.count(at.db) == 1
    box = dialog.findChild(QCheckBox, "also:github")
    assert box is not None and not box.isChecked() and "Asks api.github.com" in box.accessibleName()
    box.setFocus()
    at.qtbot.keyClick(box, Qt.Key.Key_Space)
    assert box.isChecked() and "api.github.com" not in net.asked
    at.qtbot.keyClick(dialog.go_button, Qt.Key.Key_Return)
    at.wait(lambda: at.went)
    stored = profiles.by_key(at.db, Key("mastodon", "https://hotel.example/users/joe"))
    assert stored is not None and at.went == [Target(page="person", id=stored.person_id)] and "api.github.com" in net.asked
    assert len(at.synced) == 2 and any(changes.undo.startswith("Added Joe Brown") for changes in at.changes)
    people.undo(at.db, NOW)
    assert rows.count(at.db) == 1 and logins.every(at.db) == ()


def test_whose_it_is_can_be_chosen_among_those_in_the_desk(at: Office, net: Net) -> None:
    dialog = opened(at, "@joe@hotel.example")
    enter(at, dialog)
    radios = [radio for radio in dialog.findChildren(QRadioButton) if radio.isVisible()]
    assert [radio.isChecked() for radio in radios] == [True, False] and "Same name" in radios[1].accessibleName()
    radios[0].setFocus()
    at.qtbot.keyClick(radios[0], Qt.Key.Key_Down)
    assert radios[1].isChecked()
    at.qtbot.keyClick(dialog.go_button, Qt.Key.Key_Return)
    at.wait(lambda: at.went)
    assert rows.count(at.db) == 1 and [stored.profile.key.place for stored in profiles.of_person(at.db, at.went[0].id)] == ["mastodon"]


def test_of_several_the_arrow_keys_choose_and_only_that_one_is_asked(at: Office, net: Net) -> None:
    dialog = opened(at, "joe@hotel.example")
    assert dialog.go_button.text() == "Keep the link"
    first = next(radio for radio in dialog.findChildren(QRadioButton) if radio.isChecked())
    first.setFocus()
    at.qtbot.keyClick(first, Qt.Key.Key_Down)
    assert dialog.go_button.text() == "Ask hotel.example" and dialog.link_button.text() == "Keep only the link"
    dialog.link_button.click()
    assert net.asked == [] and "Nobody was asked" in words(dialog)
    at.qtbot.keyClick(dialog.go_button, Qt.Key.Key_Return)
    at.wait(lambda: at.went)
    assert net.asked == [] and profiles.of_person(at.db, at.went[0].id)[0].profile.key == Key("mastodon", "https://hotel.example/users/joe")


def test_a_domain_is_no_name_unless_it_is_said_to_be_one(at: Office, net: Net) -> None:
    dialog = opened(at, "joe.hotel.example")
    radios = [radio for radio in dialog.findChildren(QRadioButton) if radio.isVisible()]
    assert radios[0].isChecked() and "A person called" in radios[-1].accessibleName() and dialog.go_button.text().startswith("Ask ")
    radios[-1].click()
    enter(at, dialog)
    at.wait(lambda: at.went)
    person = rows.get(at.db, at.went[0].id)
    assert person is not None and person.name == "joe.hotel.example" and net.asked == []


def test_only_a_name_with_role_and_company(at: Office, net: Net) -> None:
    dialog = opened(at, "Rosa Nowak")
    assert dialog.role.isVisible() and dialog.go_button.text() == "Add"
    at.qtbot.keyClicks(dialog.role, "Miller")
    at.qtbot.keyClick(dialog.role, Qt.Key.Key_Return)
    at.wait(lambda: at.went)
    person = rows.get(at.db, at.went[0].id)
    assert person is not None and (person.name, person.title) == ("Rosa Nowak", "Miller") and net.asked == []


def test_what_leads_to_nobody_says_so_and_can_not_be_added(at: Office) -> None:
    dialog = opened(at, "https://x.com/home")
    assert "This leads to nobody" in words(dialog) and not dialog.go_button.isEnabled()
    enter(at, dialog)
    assert at.went == [] and rows.count(at.db) == 1


def test_who_is_here_already_is_opened(at: Office, net: Net) -> None:
    dialog = opened(at, "@joe@hotel.example")
    enter(at, dialog)
    at.qtbot.keyClick(dialog.go_button, Qt.Key.Key_Return)
    at.wait(lambda: at.went)
    again = opened(at, "https://hotel.example/@joe")
    assert again.go_button.text() == "Open Joe Brown"
    enter(at, again)
    assert at.went[1] == at.went[0]


def test_another_server_is_asked_only_after_a_word(at: Office, net: Net) -> None:
    del net.pages["https://hotel.example/api/v1/accounts/lookup"]
    link = {"rel": "self", "type": "application/activity+json", "href": "https://social.hotel.example/users/joe"}
    net.pages["https://hotel.example/.well-known/webfinger"] = {"links": [link]}
    there = {**JOE, "uri": "https://social.hotel.example/users/joe", "url": "https://social.hotel.example/@joe"}
    net.pages |= {"https://social.hotel.example/api/v1/accounts/lookup": there, "https://social.hotel.example/api/v1/accounts/42/statuses": []}
    dialog = opened(at, "@joe@hotel.example")
    enter(at, dialog)
    assert dialog.agree.isVisible() and dialog.agree.text() == "Ask social.hotel.example, too" and "social.hotel.example" not in net.asked
    at.qtbot.keyClick(dialog.agree, Qt.Key.Key_Space)
    at.wait(lambda: "Nothing is kept yet." in words(dialog))


def test_an_error_is_told_and_back_leads_to_the_field(at: Office, net: Net) -> None:
    net.pages.clear()
    dialog = opened(at, "github:joe-b")
    enter(at, dialog)
    assert dialog.problem.isVisible() and "Nothing was" in words(dialog) and dialog.go_button.isEnabled()
    dialog.link_button.click()
    assert not dialog.field.isVisible()
    at.qtbot.keyClick(dialog.back_button, Qt.Key.Key_Space)
    settle(at)
    assert dialog.field.isVisible() and dialog.field.text() == "github:joe-b" and dialog.go_button.text() == "Ask api.github.com"
    private = opened(at, "@joe@localhost:3000")
    enter(at, private)
    assert private.private.isVisible() and net.asked.count("localhost") == 0


def test_a_page_that_could_not_be_read_stays_a_link_and_is_told(at: Office, net: Net) -> None:
    del net.pages["https://api.github.com/users/joe-b"]
    dialog = opened(at, "@joe@hotel.example")
    enter(at, dialog)
    box = dialog.findChild(QCheckBox, "also:github")
    assert box is not None
    at.qtbot.keyClick(box, Qt.Key.Key_Space)
    at.qtbot.keyClick(dialog.go_button, Qt.Key.Key_Return)
    at.wait(lambda: at.failed)
    assert "GitHub: Nobody called joe-b" in str(at.failed[0]) and "The link was kept." in str(at.failed[0])
    assert profiles.by_key(at.db, Key("github", "@joe-b")) is not None


def test_for_somebody_it_is_theirs(at: Office, net: Net) -> None:
    joe = rows.find(at.db, "Joe Brown")
    dialog = opened(at, "@joe@hotel.example", joe)
    assert dialog.windowTitle() == "Add a place of Joe Brown"
    enter(at, dialog)
    assert not [radio for radio in dialog.findChildren(QRadioButton) if radio.isVisible()]
    at.qtbot.keyClick(dialog.follow, Qt.Key.Key_Space)
    at.qtbot.keyClick(dialog.go_button, Qt.Key.Key_Return)
    at.wait(lambda: at.went)
    assert at.went[0].id == joe.id and logins.every(at.db) == () and at.synced == []


def test_the_text_changes_while_it_is_looked_at(at: Office) -> None:
    with transaction(at.db):
        logins.save(at.db, Login(id=0, source="mastodon", place="mastodon", address="https://hotel.example"))
    dialog = opened(at, "@joe")
    dialog.field.setText("@joe@far.example")
    assert not dialog.go_button.isEnabled()
    at.wait()
    assert dialog.go_button.text() == "Ask far.example" and dialog.go_button.isEnabled()


def test_in_the_window_by_its_key_and_from_the_palette(tmp_path: Path, look: Look, qtbot: QtBot) -> None:
    window = MainWindow(context_on(make_desk(tmp_path), look))
    qtbot.addWidget(window)
    try:
        window.start()
        window.show()
        qtbot.waitUntil(lambda: not window.context.tasks.busy())
        window.activateWindow()
        window.actions_["new_person"].trigger()
        qtbot.waitUntil(lambda: bool(window.findChildren(AddDialog)))
        window.findChildren(AddDialog)[0].close()
        qtbot.waitUntil(lambda: not window.findChildren(AddDialog))
        window.dialogs.palette()
        palette = window.findChildren(Palette)[0]
        qtbot.keyClicks(palette.field, "github.com/joe-b")
        qtbot.waitUntil(lambda: not window.context.tasks.busy())
        entry = next(e for e in (palette.model.entry(n) for n in range(palette.model.rowCount())) if e is not None and e.adds)
        assert entry.title == "Add github.com/joe-b" and entry.aside == "GitHub"
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(window.findChildren(AddDialog)))
        assert window.findChildren(AddDialog)[0].field.text() == "github.com/joe-b"
        qtbot.waitUntil(lambda: not window.context.tasks.busy())
    finally:
        put_away(window)


def test_one_is_one(at: Office) -> None:
    counted = Profile(key=Key("github", "1"), extra=(("followers", "1"), ("repositories", "1"), ("posts", "2")))
    assert _lines(counted)[0] == "1 follower · 2 posts · 1 repository"


def test_the_keyboard_goes_through_what_was_found_before_it_comes_to_the_buttons(at: Office) -> None:
    dialog = opened(at, "joeb")
    stops = []
    for _ in range(8):
        at.qtbot.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Tab)
        stops.append(dialog.focusWidget())
    found = next(n for n, stop in enumerate(stops) if isinstance(stop, QRadioButton))
    assert found < min(n for n, stop in enumerate(stops) if stop is not None and stop in (dialog.go_button, dialog.link_button))
