"""The company page: its people, what they did, notes on the company itself; nothing of anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from relationdesk.model import Key
from relationdesk.ui.clickable import Clickable
from relationdesk.ui.company_page import CompanyPage
from relationdesk.ui.page import Target
from relationdesk.ui.theme import Look
from tests.ui.timeline_desk import Desk_, make


@pytest.fixture
def desk(tmp_path: Path, look: Look, qtbot) -> Iterator[Desk_]:
    made = Desk_(make(tmp_path / "desk"), look)
    yield made
    made.tasks.close()


@pytest.fixture
def page(desk: Desk_, qtbot) -> CompanyPage:
    page = CompanyPage(desk.context)
    qtbot.addWidget(page)
    desk.tasks.changed.connect(page.on_changed)
    page.resize(924, 700)
    page.show()
    page.open(Target(page="company", id=desk.made.company))
    desk.settle(qtbot)
    page.view.setFocus()
    return page


def test_people_and_their_activity(page: CompanyPage, desk: Desk_) -> None:
    assert page.title() == "Alder & Finch Hotels"
    rows = page.card.findChildren(Clickable)
    assert [row.accessibleName().split(",")[0] for row in rows] == ["Joe Brown"]
    keys = {i.activity.key for i in page.view.timeline().items() if i.activity}
    assert Key("mail", "m1") in keys and Key("mail", "m5") not in keys
    rows[0].clicked.emit()
    assert desk.went[-1] == Target(page="person", id=desk.made.joe)


def test_note_on_the_company(page: CompanyPage, desk: Desk_, qtbot) -> None:
    qtbot.keyClick(page.view, Qt.Key.Key_N)
    qtbot.keyClicks(page.composer.editor, "Renews in June")
    qtbot.keyClick(page.composer.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle(qtbot)
    note = page.view.current_item().note
    assert (note.text, note.company_id, note.person_id) == ("Renews in June", desk.made.company, None)


def test_key_company_is_a_decision_with_undo(page: CompanyPage, desk: Desk_, qtbot) -> None:
    with qtbot.waitSignal(desk.tasks.changed) as said:
        page.key.click()
    desk.settle(qtbot)
    assert said.args[0].undo == "Alder & Finch Hotels is now a key company"
    assert page.key.isChecked()


def test_flip_to_the_person(page: CompanyPage, desk: Desk_, qtbot) -> None:
    page.view.go_to(Key("mastodon", "t30"))
    qtbot.keyClick(page.view, Qt.Key.Key_F)
    assert desk.went[-1] == Target(page="person", id=desk.made.joe, at=Key("mastodon", "t30"))


def test_company_that_is_gone(page: CompanyPage, desk: Desk_, qtbot) -> None:
    page.open(Target(page="company", id=9999))
    desk.settle(qtbot)
    assert page.empty.isVisible() and "no longer" in page.empty.accessibleName()


@pytest.mark.parametrize(("scale", "sentence"), [(1.0, True), (2.0, False)])
def test_a_long_name_is_not_cut_and_its_sentence_gives_way(page: CompanyPage, desk: Desk_, qtbot, scale: float, sentence: bool) -> None:
    desk.context.look.set_text_scale(scale)
    page.resize(990, 800)
    title = page.head.title
    qtbot.waitUntil(lambda: title.width() >= title.fontMetrics().horizontalAdvance("Alder & Finch Hotels"))
    assert title.text() == "Alder & Finch Hotels" and page.head.subtitle.isVisible() == sentence
    page.head.set_title("Alder & Finch Hotels and Restaurants of the Western Coast and all its Islands")
    qtbot.waitUntil(lambda: title.width() >= title.fontMetrics().horizontalAdvance(title.text()))
    assert title.text().endswith("…") and "Islands" in title.toolTip()


def test_the_people_of_a_company_fold_in_a_small_window_so_that_its_name_can_be_read(page: CompanyPage, qtbot) -> None:
    page.setMinimumSize(1, 1)  # as in the window, which lets no page keep it wide
    page.resize(776, 640)  # of a window of 1000 pixels
    qtbot.waitUntil(page.columns.is_folded)
    page.side_button.click()
    assert page.card.isVisible() and not page.view.isVisible()
    page.resize(1216, 900)
    qtbot.waitUntil(lambda: not page.columns.is_folded())
    page.resize(776, 640)
    qtbot.waitUntil(page.columns.is_folded)
    assert not page.side_button.isChecked() and not page.card.isVisible() and page.view.isVisible()
