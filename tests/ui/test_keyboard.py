"""Every page can be used at once after it was opened by keys, and everything that takes the keyboard says what it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QDialog, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from relationdesk.services import people as decisions
from relationdesk.store import database, people
from relationdesk.ui.companies_page import CompanyRow
from relationdesk.ui.main_window import MainWindow
from relationdesk.ui.matches_page import MatchesPage
from relationdesk.ui.page import Page, Target
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.rail import ActivityRail
from tests.ui.desk import context_on, put_away, sample_desk

NOW = datetime(2026, 11, 20, 10, 12, tzinfo=UTC)
PAGES = ("today", "people", "person", "companies", "company", "who", "place", "places")
TYPED = (QLineEdit, QPlainTextEdit)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample desk, built once; what the tests here write does not disturb each other."""
    return sample_desk(tmp_path_factory.mktemp("sample"))


@pytest.fixture
def window(built: Path, look: Look, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(context_on(built, look))
    made.resize(1440, 900)
    made.start()
    made.show()
    with qtbot.waitActive(made):
        made.activateWindow()
    _idle(made, qtbot)
    yield made
    put_away(made)


def _idle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.context.tasks.busy(), timeout=10_000)


def _press(window: MainWindow, qtbot: QtBot, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(QApplication.focusWidget() or window, key)
    _idle(window, qtbot)


def _shown(window: MainWindow) -> Page:
    page = window.page()
    assert page is not None
    return page


def _has_focus(page: Page) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and (focus is page or page.isAncestorOf(focus))


def _target(built: Path, name: str) -> Target:
    db = database.connect(built)
    try:
        joe = next(p for p in people.page(db, query="Joe Brown", limit=9) if p.name == "Joe Brown")
    finally:
        db.close()
    ids = {"person": joe.id, "company": joe.company_id}
    return Target(page=name, id=ids.get(name), place="mail" if name == "place" else "")


def _go(window: MainWindow, built: Path, name: str, qtbot: QtBot) -> Page:
    window.go(_target(built, name))
    _idle(window, qtbot)
    assert _shown(window).name == name
    return _shown(window)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_the_keyboard_as_soon_as_it_is_open(
    window: MainWindow, built: Path, name: str, qtbot: QtBot
) -> None:
    page = _go(window, built, name, qtbot)
    focus = QApplication.focusWidget()
    assert _has_focus(page)
    assert not isinstance(focus, TYPED), "letters would be typed instead of meaning something"


def test_down_and_enter_open_the_first_of_the_people(window: MainWindow, qtbot: QtBot) -> None:
    _press(window, qtbot, Qt.Key.Key_G, Qt.Key.Key_P)
    page = _shown(window)
    first, second = page.model.people()[:2]  # type: ignore[attr-defined]
    _press(window, qtbot, Qt.Key.Key_Down)
    assert page.selected_ids() == (first.id,)  # type: ignore[attr-defined]
    _press(window, qtbot, Qt.Key.Key_J)
    assert page.selected_ids() == (second.id,)  # type: ignore[attr-defined]
    _press(window, qtbot, Qt.Key.Key_End)
    assert page.selected_ids() == (page.model.people()[-1].id,)  # type: ignore[attr-defined]
    _press(window, qtbot, Qt.Key.Key_Home, Qt.Key.Key_Return)
    assert _shown(window).position().id == first.id


def test_letters_in_the_people_column_are_keys_of_the_page(window: MainWindow, built: Path, qtbot: QtBot) -> None:
    page = _go(window, built, "person", qtbot)
    window.people.view.setFocus()
    _press(window, qtbot, Qt.Key.Key_J)
    assert page.view.current_item() is not None  # type: ignore[attr-defined]
    _press(window, qtbot, Qt.Key.Key_N)
    assert isinstance(QApplication.focusWidget(), QPlainTextEdit)


def test_down_and_enter_on_companies(window: MainWindow, qtbot: QtBot) -> None:
    _press(window, qtbot, Qt.Key.Key_G, Qt.Key.Key_C)
    page = _shown(window)
    qtbot.waitUntil(lambda: bool(page.rows) and _has_focus(page))  # type: ignore[attr-defined]
    _press(window, qtbot, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is page.rows[0])  # type: ignore[attr-defined]
    _press(window, qtbot, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is page.rows[1])  # type: ignore[attr-defined]
    company = page.rows[1].company.id  # type: ignore[attr-defined]
    _press(window, qtbot, Qt.Key.Key_Return)
    assert _shown(window).position().id == company


def test_a_star_keeps_the_keyboard_where_it_is(window: MainWindow, qtbot: QtBot) -> None:
    _press(window, qtbot, Qt.Key.Key_G, Qt.Key.Key_C)
    star = _shown(window).rows[0].star  # type: ignore[attr-defined]
    star.setFocus()
    name = star.accessibleName()
    _press(window, qtbot, Qt.Key.Key_Space)
    page = _shown(window)
    qtbot.waitUntil(lambda: page.rows[0].star is not star)  # type: ignore[attr-defined]
    focus = QApplication.focusWidget()
    assert focus is not None and isinstance(focus.parent(), CompanyRow)
    assert name not in [row.star.accessibleName() for row in page.rows]  # type: ignore[attr-defined]


def test_j_and_k_on_today_who_and_places(window: MainWindow, qtbot: QtBot) -> None:
    today = _shown(window)
    rows = today.choice.rows  # type: ignore[attr-defined]
    _press(window, qtbot, Qt.Key.Key_J)
    assert today.choice.current() is rows[1]  # type: ignore[attr-defined]
    _press(window, qtbot, Qt.Key.Key_K, Qt.Key.Key_G, Qt.Key.Key_W)
    who = _shown(window)
    _press(window, qtbot, Qt.Key.Key_Down)
    assert who.queue.row() == 1  # type: ignore[attr-defined]
    _press(window, qtbot, Qt.Key.Key_G, Qt.Key.Key_S)
    places = _shown(window)
    _press(window, qtbot, Qt.Key.Key_J)
    focus = QApplication.focusWidget()
    assert focus is not None and places.list.isAncestorOf(focus)  # type: ignore[attr-defined]


def test_a_person_of_whom_nothing_is_known_answers_to_keys(window: MainWindow, built: Path, qtbot: QtBot) -> None:
    made: list[int] = []
    window.context.tasks.write(decisions.add_person, "Nobody Example", NOW, done=lambda answer: made.append(answer[0]))
    _idle(window, qtbot)
    window.go(Target(page="person", id=made[0]))
    _idle(window, qtbot)
    assert not isinstance(QApplication.focusWidget(), TYPED)
    _press(window, qtbot, Qt.Key.Key_N)
    assert isinstance(QApplication.focusWidget(), QPlainTextEdit)
    window.undoing.undo()
    _idle(window, qtbot)


def test_flip_and_back_to_the_same_item_and_scroll(window: MainWindow, built: Path, qtbot: QtBot) -> None:
    page = _go(window, built, "person", qtbot)
    view = page.view  # type: ignore[attr-defined]
    _press(window, qtbot, *[Qt.Key.Key_J] * 45)
    item = view.current_item()
    while item.activity is None:
        _press(window, qtbot, Qt.Key.Key_J)
        item = view.current_item()
    view.verticalScrollBar().setValue(view.verticalScrollBar().value() + 70)
    key, chosen, offset = view.where()
    assert chosen and key == item.activity.key and view.verticalScrollBar().value() > 2000
    _press(window, qtbot, Qt.Key.Key_F)
    place = _shown(window)
    assert place.name == "place" and place.view.where()[:2] == (key, True)  # type: ignore[attr-defined]
    _press(window, qtbot, Qt.Key.Key_Escape)
    assert _shown(window) is page and view.where() == (key, True, offset)
    _press(window, qtbot, Qt.Key.Key_F)
    _press(window, qtbot, Qt.Key.Key_F)
    assert _shown(window) is page and view.where()[:2] == (key, True)
    _press(window, qtbot, Qt.Key.Key_F, Qt.Key.Key_F)  # the second before the place has come
    assert _shown(window) is page and view.where()[:2] == (key, True)


def test_back_to_where_nothing_was_in_hand(window: MainWindow, built: Path, qtbot: QtBot) -> None:
    page = _go(window, built, "person", qtbot)
    view = page.view  # type: ignore[attr-defined]
    view.setCurrentIndex(view.timeline().index(-1))
    for _ in range(12):
        view.verticalScrollBar().setValue(view.verticalScrollBar().value() + 300)
        _idle(window, qtbot)
    stood = view.where()
    assert stood[0] is not None and not stood[1]
    _press(window, qtbot, Qt.Key.Key_G, Qt.Key.Key_C, Qt.Key.Key_Escape)
    assert _shown(window) is page and view.where() == stood
    _press(window, qtbot, Qt.Key.Key_Home)
    assert view.verticalScrollBar().value() == 0 and view.timeline().newer is None


LETTERS = "jkfnoserblgtwc ?JKG"


@pytest.mark.parametrize("where", ["note", "search", "tag", "palette"])
def test_letters_stay_letters_where_one_types(window: MainWindow, built: Path, where: str, qtbot: QtBot) -> None:
    page = _go(window, built, "person", qtbot)
    person = page.position().id
    if where == "palette":
        QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        field = window.findChild(QDialog).field if window.findChild(QDialog) is not None else QApplication.focusWidget()
    else:
        found = {"note": page.composer.editor, "search": window.people.search, "tag": page.card.findChild(QLineEdit, "new_tag")}  # type: ignore[attr-defined]
        field = found[where]
    assert isinstance(field, TYPED)
    field.setFocus()
    QTest.keyClicks(field, LETTERS)
    _idle(window, qtbot)
    typed = field.toPlainText() if isinstance(field, QPlainTextEdit) else field.text()
    assert typed == LETTERS
    assert _shown(window) is page and page.position().id == person
    if where == "note":
        page.composer.throw_away()  # type: ignore[attr-defined]
    elif where == "search":
        field.clear()
    _idle(window, qtbot)


def test_keys_from_person_to_person_and_into_fields(window: MainWindow, built: Path, qtbot: QtBot) -> None:
    page = _go(window, built, "person", qtbot)
    shift, control = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
    people = [person.id for person in window.people.model.people()]
    at = people.index(page.position().id)
    QTest.keyClick(page.view, Qt.Key.Key_J, shift)  # type: ignore[attr-defined]
    _idle(window, qtbot)
    assert page.position().id == people[at + 1]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_K, shift)
    _idle(window, qtbot)
    assert page.position().id == people[at]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F, control)
    assert QApplication.focusWidget() is window.people.search
    QTest.keyClick(window.people.search, Qt.Key.Key_Escape)
    assert page.isAncestorOf(QApplication.focusWidget()) and _shown(window) is page
    _press(window, qtbot, Qt.Key.Key_N)
    assert QApplication.focusWidget() is page.composer.editor  # type: ignore[attr-defined]
    _press(window, qtbot, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is page.view and not page.composer._fields.isVisible()  # type: ignore[attr-defined]


# Names and roles


def _takes_keyboard(widget: QWidget) -> bool:
    inner = isinstance(widget.parentWidget(), QAbstractScrollArea) and widget.objectName() == "qt_scrollarea_viewport"
    return (
        bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isVisible() and widget.isEnabled() and not inner
    )


def _unnamed(window: MainWindow) -> list[str]:
    """What takes the keyboard and does not say what it is."""
    silent = {
        QAccessible.Role.NoRole,
        QAccessible.Role.Client,
        QAccessible.Role.Window,
    }  # a page and the rail are panes with a name
    found = []
    for widget in window.findChildren(QWidget):
        if not _takes_keyboard(widget):
            continue
        face = QAccessible.queryAccessibleInterface(widget)
        if (
            face is None
            or not face.text(QAccessible.Text.Name).strip()
            or (face.role() in silent and not isinstance(widget, Page | ActivityRail))
        ):
            role = face.role().name if face is not None else "none"
            found.append(f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}: {role}")
    return found


@pytest.mark.parametrize("name", PAGES)
def test_everything_that_takes_the_keyboard_has_name_and_role(
    window: MainWindow, built: Path, name: str, qtbot: QtBot
) -> None:
    _go(window, built, name, qtbot)
    assert _unnamed(window) == []


@pytest.mark.parametrize("name", PAGES)
def test_tab_goes_round_and_is_caught_nowhere(window: MainWindow, built: Path, name: str, qtbot: QtBot) -> None:
    page = _go(window, built, name, qtbot)
    seen: list[QWidget] = []
    for _ in range(300):
        focus = QApplication.focusWidget()
        assert focus is not None and focus.isVisible()
        if focus in seen:
            break
        seen.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert len(seen) > 3
    assert any(window.sidebar.isAncestorOf(widget) for widget in seen)
    assert any(page.isAncestorOf(widget) for widget in seen)


def test_rows_are_read_with_what_is_in_them(window: MainWindow, qtbot: QtBot) -> None:
    _press(window, qtbot, Qt.Key.Key_G, Qt.Key.Key_P)
    face = QAccessible.queryAccessibleInterface(_shown(window).view)  # type: ignore[attr-defined]
    assert face is not None
    read = [
        face.child(n).text(QAccessible.Text.Name) for n in range(min(6, face.childCount())) if face.child(n) is not None
    ]
    assert any("Joe Brown" in text and "Alder & Finch Hotels" in text for text in read), read


def test_the_placeholder_follows_the_text_size(window: MainWindow, built: Path, qtbot: QtBot) -> None:
    page = _go(window, built, "person", qtbot)
    editor = page.composer.editor  # type: ignore[attr-defined]
    window.context.look.set_text_scale(2)
    _idle(window, qtbot)
    assert editor.viewport().font().pixelSize() == window.context.look.theme.font("body").pixelSize()
    window.context.look.set_text_scale(1)
    _idle(window, qtbot)


@pytest.mark.parametrize("size", [(1000, 640), (1000, 700), (1440, 900)])
def test_after_an_answer_no_slip_lies_over_the_next_answers(window: MainWindow, built: Path, qtbot: QtBot, size: tuple[int, int]) -> None:
    """Neither when it comes nor once the next question is there, which may be longer or shorter."""
    window.resize(*size)
    page = _go(window, built, "who", qtbot)
    _press(window, qtbot, Qt.Key.Key_S)
    assert window.toast.isVisible() and isinstance(page, MatchesPage)
    slip = window.toast.geometry()
    answers = [button for button in page.asked.findChildren(Button) if button.objectName() and button.isVisible()]
    assert len(answers) >= 6
    assert [one.objectName() for one in answers if slip.intersects(QRect(one.mapTo(window, QPoint()), one.size()))] == []
    window.undoing.undo()
    _idle(window, qtbot)
