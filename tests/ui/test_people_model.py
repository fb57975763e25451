"""People as rows: Qt's own tester agrees, sections are right, and 10,000 are instant."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from relationdesk.model import Person
from relationdesk.services.overview import Detail
from relationdesk.ui.people_model import PeopleModel
from relationdesk.ui.people_view import PeopleView
from relationdesk.ui.theme import Look
from tests.ui.desk import NOW


def _person(n: int, prompts: int = 0) -> Person:
    return Person(id=n, uid=f"u{n}", name=f"Ann Example {n}", company="Example Foods", open_prompts=prompts, last_in=NOW)


def _model() -> PeopleModel:
    return PeopleModel(lambda: NOW)


def test_qts_tester_agrees(qapp: object) -> None:
    model = _model()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_people([_person(1, 1), _person(2)], sections=True)
    model.set_details({1: Detail(prompt="A question waits for you")})
    model.set_people([_person(2)], sections=True)
    model.set_people([])
    assert model.rowCount() == 0
    del tester


def test_those_who_need_attention_stand_above_a_line(qapp: object) -> None:
    model = _model()
    model.set_people([_person(1, 1), _person(2), _person(3)], sections=True)
    assert [model.index(n).data() for n in range(model.rowCount())] == [
        "Needs attention · 1", "Ann Example 1", "Up to date · 2", "Ann Example 2", "Ann Example 3",
    ]  # fmt: skip
    assert not model.flags(model.index(0)) & Qt.ItemFlag.ItemIsSelectable
    assert model.index_of(3).row() == 4


def test_a_row_is_read_out_whole(qapp: object) -> None:
    model = _model()
    model.set_people([_person(1, 1)])
    model.set_details({1: Detail(prompt="Two questions wait for you")})
    spoken = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Ann Example 1, Example Foods, Two questions wait for you, now"


def test_the_same_people_again_move_nothing(qapp: object, qtbot) -> None:
    model = _model()
    model.set_people([_person(1), _person(2)])
    resets = []
    model.modelReset.connect(lambda: resets.append(1))
    model.set_people([replace(_person(1), name="Ann Other"), _person(2)])
    assert resets == []
    assert model.index(0).data() == "Ann Other"


def test_old_third_lines_stay_until_newer_come(qapp: object) -> None:
    model = _model()
    model.set_people([_person(1), _person(2)])
    assert model.missing(0, 1) == (1, 2)
    model.set_details({1: Detail(text="a"), 2: Detail(text="b")})
    assert model.missing(0, 1) == ()
    model.forget_details([2])
    assert model.missing(0, 1) == (2,)
    assert "b" in model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)


def test_of_ten_thousand_only_those_on_the_screen_are_asked_for(look: Look, qtbot) -> None:
    people = [_person(n, int(n < 40)) for n in range(10_000)]
    model = _model()
    view = PeopleView(look, model, clock=lambda: NOW)
    qtbot.addWidget(view)
    asked: set[int] = set()
    view.wanted.connect(asked.update)
    view.resize(292, 800)
    view.show()
    qtbot.waitExposed(view)
    model.set_people(people, sections=True)
    view.grab()
    assert view.rowHeight(0) < view.rowHeight(1)
    view.show_person(9_999)
    view.grab()
    qtbot.waitUntil(lambda: 9_999 in asked)
    assert len(asked) < 200


def test_marking_somebody_opens_nobody(look: Look, qtbot) -> None:
    model = _model()
    view = PeopleView(look, model, clock=lambda: NOW)
    qtbot.addWidget(view)
    model.set_people([_person(1), _person(2)])
    opened: list[int] = []
    view.chosen.connect(opened.append)
    view.show_person(2)
    view.setFocus()
    assert opened == []
    view.step(-1)
    assert opened == [1]


def test_who_has_two_lines_stands_in_the_middle_of_the_row(look: Look, qtbot) -> None:
    model = _model()
    view = PeopleView(look, model, clock=lambda: NOW)
    qtbot.addWidget(view)
    view.resize(292, 400)
    model.set_people([Person(id=1, uid="u1", name="HHHH", company="HHHH")], sections=False)
    picture = view.viewport().grab(view.visualRect(model.index(0, 0))).toImage()
    ground = picture.pixelColor(280, picture.height() // 2)
    inked = [y for y in range(4, picture.height() - 4) if any(picture.pixelColor(x, y) != ground for x in range(72, 140))]
    assert abs((inked[0] + inked[-1]) / 2 - picture.height() / 2) <= 4
