"""The view: opens a long timeline by its first page only, measures only what is seen, pages on, stays put."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from relationdesk.ui.company_page import CompanyPage
from relationdesk.ui.page import Target
from relationdesk.ui.person_page import PersonPage
from relationdesk.ui.theme import Look
from relationdesk.ui.timeline_model import KEPT
from tests.ui.timeline_desk import Desk_, mail, make, post


def _open(tmp_path: Path, look: Look, qtbot, count: int) -> tuple[Desk_, PersonPage]:
    desk = Desk_(make(tmp_path / "desk", *(post(100 + n, text=f"Post {n} " + "word " * (n % 9 * 40)) for n in range(count))), look)
    page = _opened(PersonPage(desk.context), Target(page="person", id=desk.made.joe), desk, qtbot)
    return desk, page


def _opened(page, target: Target, desk: Desk_, qtbot):
    qtbot.addWidget(page)
    page.resize(924, 800)
    page.show()
    page.open(target)
    desk.settle(qtbot)
    return page


def test_ten_thousand_items_open_by_one_page(tmp_path: Path, look: Look, qtbot) -> None:
    desk, page = _open(tmp_path, look, qtbot, 10_000)
    view = page.view
    assert len(view.timeline().items()) <= 150
    view.grab()
    assert sum(view._known) < 40  # only what is in sight was laid out
    for _ in range(30):
        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
        desk.settle(qtbot)
    assert len(view.timeline().items()) <= KEPT
    assert view.timeline().newer is not None
    shown = [i.id for i in view.timeline().items()]
    assert shown == sorted(shown, reverse=True)
    for _ in range(30):
        view.verticalScrollBar().setValue(0)
        desk.settle(qtbot)
    assert view.timeline().newer is None
    assert view.timeline().items()[0].activity.key.native_id == "m1"
    desk.tasks.close()


def test_selection_stays_in_sight(tmp_path: Path, look: Look, qtbot) -> None:
    desk, page = _open(tmp_path, look, qtbot, 60)
    view = page.view
    view.setFocus()
    for _ in range(40):
        qtbot.keyClick(view, Qt.Key.Key_J)
        desk.settle(qtbot)
        rect = view.visualRect(view.currentIndex())
        room = view.viewport().rect()
        assert rect.top() >= 0 and (rect.bottom() <= room.bottom() or rect.height() > room.height())
    desk.tasks.close()


def test_nothing_is_left_of_a_row_whose_words_are_scrolled_past(tmp_path: Path, look: Look, qtbot) -> None:
    desk, page = _open(tmp_path, look, qtbot, 30)
    view = page.view
    rect = view.visualRect(view.timeline().index(1))  # the first item, below the day
    end = view.verticalScrollBar().value() + rect.bottom() + 1 - look.theme.px(15)  # where its side bar ends

    def colours(past: int) -> set[str]:
        view.verticalScrollBar().setValue(end - past)
        picture = view.viewport().grab().toImage()
        return {picture.pixelColor(look.theme.px(15) + 1, y).name() for y in range(4)}

    assert look.theme.tokens.them.lower() in colours(20)
    assert look.theme.tokens.them.lower() not in colours(4)
    desk.tasks.close()


def test_more_shows_all_and_less_folds(tmp_path: Path, look: Look, qtbot) -> None:
    desk, page = _open(tmp_path, look, qtbot, 90)
    view = page.view
    number = next(n for n, r in enumerate(view.timeline().rows()) if r.item and len(r.item.activity.text) > 900)
    view.setCurrentIndex(view.timeline().index(number))
    before = view.visualRect(view.currentIndex()).height()
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Space)
    view.grab()
    assert view.visualRect(view.currentIndex()).height() > before
    qtbot.keyClick(view, Qt.Key.Key_Space)
    view.grab()
    assert view.visualRect(view.currentIndex()).height() == before
    desk.tasks.close()


def test_a_page_that_arrives_does_not_move_where_one_reads(tmp_path: Path, look: Look, qtbot) -> None:
    """Older messages fold into conversations whose head is half scrolled away: that one grows upwards, out of sight."""
    talks = (mail(100 + n, thread=f"talk {n % 13 + n // 26 * 13}", title="Talk", text="Words " * (n % 5 * 30 + 1)) for n in range(500))
    desk = Desk_(make(tmp_path / "desk", *talks), look)
    page = _opened(PersonPage(desk.context), Target(page="person", id=desk.made.joe), desk, qtbot)
    view = page.view
    bar, model, moved, grown = view.verticalScrollBar(), view.timeline(), set(), 0

    def tops() -> dict[tuple[str, ...], int]:
        return {row.name: view.visualRect(model.index(n)).top() for n, row in enumerate(model.rows()) if row.item is not None}

    for _ in range(120):
        bar.setValue(bar.value() + 130)
        view.grab()
        before, height = tops(), view._tops[-1]
        read = next((name for name, top in before.items() if top >= 0), None)
        desk.settle(qtbot)
        view.grab()
        if read is not None:
            moved.add(before[read] - tops()[read])
        grown += view._tops[-1] != height
    assert grown >= 3 and moved == {0}
    desk.tasks.close()


def test_end_goes_to_the_oldest_and_home_to_the_newest(tmp_path: Path, look: Look, qtbot) -> None:
    desk, page = _open(tmp_path, look, qtbot, 3000)
    view = page.view
    view.setFocus()
    pages: list[object] = []
    view.timeline().rowsInserted.connect(lambda *_: pages.append(1))
    qtbot.keyClick(view, Qt.Key.Key_End)
    desk.settle(qtbot)
    assert view.current_item() == view.timeline().items()[-1] and view.timeline().older is None
    assert view.current_item().activity.text.startswith("Post 2999 ")
    view.grab()
    room = view.viewport().height()
    assert 0 < view.visualRect(view.currentIndex()).bottom() <= room and len(pages) <= 3, "and not through all between"
    qtbot.keyClick(view, Qt.Key.Key_K)
    desk.settle(qtbot)
    assert view.current_item().activity.text.startswith("Post 2998 ")
    qtbot.keyClick(view, Qt.Key.Key_Home)
    desk.settle(qtbot)
    assert view.verticalScrollBar().value() == 0 and view.timeline().newer is None
    assert view.timeline().items()[0].activity.key.native_id == "m1"
    desk.tasks.close()


def test_end_on_a_company_goes_page_by_page_until_a_key(tmp_path: Path, look: Look, qtbot) -> None:
    desk = Desk_(make(tmp_path / "desk", *(post(100 + n, text=f"Post {n}") for n in range(900))), look)
    page = _opened(CompanyPage(desk.context), Target(page="company", id=desk.made.company), desk, qtbot)
    view = page.view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_End)
    qtbot.keyClick(view, Qt.Key.Key_J)
    desk.settle(qtbot)
    assert view.timeline().older is not None, "another key stops it"
    qtbot.keyClick(view, Qt.Key.Key_End)
    desk.settle(qtbot)
    qtbot.waitUntil(lambda: view.timeline().older is None and not desk.tasks.busy())
    assert view.current_item().activity.text == "Post 899"
    desk.tasks.close()


def test_the_heading_of_a_day_has_no_ring(tmp_path: Path, look: Look, qtbot) -> None:
    """Qt makes it the current row when the keyboard comes: a speck stood in the corner then."""
    desk, page = _open(tmp_path, look, qtbot, 30)
    view = page.view
    view.verticalScrollBar().setValue(0)
    view.setFocus()
    view.setCurrentIndex(view.timeline().index(0))
    picture = view.viewport().grab().toImage()
    assert len({picture.pixelColor(x, y).name() for x in range(4) for y in range(4)}) == 1
    desk.tasks.close()
