"""Every page that has nothing to show says what will be here, and offers one next step that leads somewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from relationdesk.model import Bucket
from relationdesk.services import people
from relationdesk.store import buckets, database
from relationdesk.ui.main_window import MainWindow
from relationdesk.ui.page import Target
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.empty import EmptyState
from tests.ui.desk import NOW, context_on, make_desk, put_away


@pytest.fixture(params=["empty", "three people"])
def window(request: pytest.FixtureRequest, tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[MainWindow]:
    file = make_desk(tmp_path, ()) if request.param == "empty" else make_desk(tmp_path)
    made = MainWindow(context_on(file, look))
    made.resize(1440, 900)
    made.start()
    made.show()
    idle(made, qtbot)
    yield made
    put_away(made)


def idle(window: MainWindow, qtbot: QtBot, until: Callable[[], object] = lambda: True) -> None:
    qtbot.waitUntil(lambda: not window.context.tasks.busy() and bool(until()), timeout=10_000)


def empty(within: QWidget) -> EmptyState | None:
    return next((state for state in within.findChildren(EmptyState) if state.isVisible()), None)


@pytest.mark.parametrize("window", ["empty"], indirect=True)
@pytest.mark.parametrize("name", ["today", "people", "companies", "who", "place", "routed", "outbox"])
def test_an_empty_desk_offers_the_next_step_on_every_page(window: MainWindow, name: str, qtbot: QtBot) -> None:
    wanted: list[object] = []
    router = window.context.router
    for signal in (router.import_files, router.connect_place, router.go):
        signal.connect(lambda *what: wanted.append(what))
    window.go(Target(page=name))
    page = window.page()
    assert page is not None
    idle(window, qtbot, lambda: empty(page) is not None)
    state = empty(page)
    assert state is not None and state.button.isVisible() and state.button.text()
    state.button.click()
    idle(window, qtbot)
    assert len(wanted) == 1


@pytest.mark.parametrize("window", ["three people"], indirect=True)
@pytest.mark.parametrize("name", ["people", "companies"])
def test_a_search_that_finds_nothing_leads_back_to_all(window: MainWindow, name: str, qtbot: QtBot) -> None:
    window.go(Target(page=name))
    page = window.page()
    assert page is not None
    idle(window, qtbot)
    page.search.setText("nobody is called that")  # type: ignore[attr-defined]
    idle(window, qtbot, lambda: empty(page) is not None)
    empty(page).button.click()  # type: ignore[union-attr]
    idle(window, qtbot, lambda: empty(page) is None)
    assert page.search.text() == ""  # type: ignore[attr-defined]


@pytest.mark.parametrize("window", ["three people"], indirect=True)
@pytest.mark.parametrize("name", ["person", "company"])
def test_who_is_gone_leads_to_those_who_are_there(window: MainWindow, name: str, qtbot: QtBot) -> None:
    window.go(Target(page=name, id=999))
    page = window.page()
    assert page is not None
    idle(window, qtbot, lambda: empty(page) is not None)
    empty(page).button.click()  # type: ignore[union-attr]
    idle(window, qtbot)
    assert window.page().name == {"person": "people", "company": "companies"}[name]  # type: ignore[union-attr]


@pytest.mark.parametrize("window", ["three people"], indirect=True)
def test_an_empty_bucket_leads_to_everybody(window: MainWindow, qtbot: QtBot) -> None:
    db = database.connect(window.context.tasks._desk)
    number, _ = people.make_bucket(db, "Nobody yet", NOW)
    bucket: Bucket = next(b for b in buckets.every(db) if b.id == number)
    db.close()
    window.go(Target(page="person", id=1))
    window.people.set_bucket(bucket)
    idle(window, qtbot, lambda: empty(window.people) is not None)
    empty(window.people).button.click()  # type: ignore[union-attr]
    idle(window, qtbot, lambda: window.people.model.rowCount() == 3)
    assert window.people.bucket() is None


@pytest.mark.parametrize("window", ["three people"], indirect=True)
def test_questions_put_off_lead_to_those_that_wait(window: MainWindow, qtbot: QtBot) -> None:
    window.go(Target(page="who"))
    page = window.page()
    assert page is not None
    idle(window, qtbot)
    page.queue.set_which("later")  # type: ignore[attr-defined]
    page._load()  # type: ignore[attr-defined]
    idle(window, qtbot, lambda: empty(page) is not None and empty(page).button.text() == "What waits")  # type: ignore[union-attr]
    empty(page).button.click()  # type: ignore[union-attr]
    idle(window, qtbot)
    assert page.queue.which() == ""  # type: ignore[attr-defined]


@pytest.mark.parametrize("window", ["empty"], indirect=True)
@pytest.mark.parametrize("name", ["today", "people", "routed", "outbox"])
def test_with_large_text_in_a_small_window_no_word_is_cut(window: MainWindow, name: str, qtbot: QtBot) -> None:
    window.context.look.set_text_scale(2.0)
    window.resize(1000, 640)
    window.go(Target(page=name))
    page = window.page()
    assert page is not None
    idle(window, qtbot, lambda: empty(page) is not None)
    state = empty(page)
    assert state is not None
    for label in (state._title, state._sentence):
        qtbot.waitUntil(lambda label=label: label.height() >= label.heightForWidth(label.width()), timeout=2_000)  # type: ignore[misc]
    assert state.button.geometry().bottom() <= state.height()
