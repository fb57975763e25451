"""Ctrl+K by keys alone: people, companies, buckets, pages, actions and full text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from relationdesk.services import notes, particulars, templates
from relationdesk.store import database
from relationdesk.store.templates import Purpose
from relationdesk.ui.main_window import MainWindow
from relationdesk.ui.page import Target
from relationdesk.ui.palette import Palette
from relationdesk.ui.palette_model import Entry, PaletteModel, snippet_runs
from relationdesk.ui.row_painter import Run
from relationdesk.ui.theme import Look
from tests.ui.desk import NOW, context_on, make_desk


@pytest.fixture
def palette(tmp_path: Path, look: Look, qtbot: Any) -> Iterator[Palette]:
    file = make_desk(tmp_path)
    db = database.connect(file)
    notes.write(db, "Prefers the blue panel meter", NOW, person_id=2)
    particulars.keep(db, 2, "dog", "Bruno", NOW)
    templates.save(db, NOW, name="Brunch <b>invitation</b>", purpose=Purpose.MESSAGE, text="Come to brunch.")
    db.close()
    window = MainWindow(context_on(file, look))
    window.start()
    window.show()
    qtbot.waitUntil(lambda: window.overview.people == 3)
    made = Palette(window.context, window)
    made.show()
    yield made
    window.close()
    window.context.tasks.close()
    window.deleteLater()


def _titles(palette: Palette) -> list[str]:
    entries = [palette.model.entry(row) for row in range(palette.model.rowCount())]
    return [entry.title for entry in entries if entry and not entry.heading]


def _type(palette: Palette, text: str, wanted: str, qtbot: Any) -> None:
    palette.field.setText(text)
    qtbot.waitUntil(lambda: wanted in _titles(palette) and not palette._context.tasks.busy())


def test_finds_people_companies_buckets_pages_and_actions(palette: Palette, qtbot: Any) -> None:
    for text, wanted in (
        ("ben", "Ben Example"), ("sample w", "Sample Works"), ("key", "Key people"), ("tod", "Today"), ("exp", "Export"),
    ):  # fmt: skip
        _type(palette, text, wanted, qtbot)


def test_an_operator_that_means_nothing_is_said(palette: Palette, qtbot: Any) -> None:
    palette.field.setText("kind:song panel")
    qtbot.waitUntil(lambda: palette.told.isVisible())
    assert palette.told.text().startswith("There is no kind “song”.")
    palette.field.setText("kind:note panel")
    qtbot.waitUntil(lambda: not palette.told.isVisible())


def test_enter_goes_to_the_first_and_arrows_move(palette: Palette, qtbot: Any) -> None:
    gone: list[Target] = []
    palette._context.router.go.connect(gone.append)
    _type(palette, "exa", "Ann Example", qtbot)
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    second = palette.model.entry(palette.list.currentIndex().row())
    assert second is not None
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert gone == [second.target]


def test_shift_enter_writes_a_note_on_that_person(palette: Palette, qtbot: Any) -> None:
    wanted: list[int] = []
    palette._context.router.new_note.disconnect()
    palette._context.router.new_note.connect(wanted.append)
    _type(palette, "cleo", "Cleo Sample", qtbot)
    qtbot.keyClick(palette.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert wanted == [3]


def test_full_text_with_a_marked_snippet_leads_to_the_person(palette: Palette, qtbot: Any) -> None:
    palette.field.setText("panel")
    qtbot.waitUntil(lambda: bool(palette._hits))
    entries = [palette.model.entry(row) for row in range(palette.model.rowCount())]
    hit = next(entry for entry in entries if entry and entry.place)
    assert hit.target == Target(page="person", id=2)
    assert Run("panel", "text1", True) in hit.runs


def test_an_action_is_done(palette: Palette, qtbot: Any) -> None:
    _type(palette, "compan", "Companies", qtbot)
    row = next(n for n in range(palette.model.rowCount()) if palette.model.entry(n).action == "go_companies")  # type: ignore[union-attr]
    window = palette._window
    palette.choose(row)
    page = window.page()
    assert page is not None
    assert page.name == "companies"


def test_what_is_kept_in_mind_and_templates_are_found(palette: Palette, qtbot: Any) -> None:
    went, asked = list[Target](), list[tuple[str, str]]()
    palette._context.router.go.connect(went.append)
    palette._context.router.agree.connect(lambda name, about: asked.append((name, about)))
    palette.field.setText("brun")
    qtbot.waitUntil(lambda: {"Kept in mind", "Templates"} <= {entry.title for entry in map(palette.model.entry, range(palette.model.rowCount())) if entry})
    rows = {entry.title: n for n in range(palette.model.rowCount()) if (entry := palette.model.entry(n)) is not None and entry.runs}
    words = {title: "".join(run.text for run in palette.model.entry(n).runs) for title, n in rows.items()}  # type: ignore[union-attr]
    assert words["Brunch <b>invitation</b>"] == "Come to brunch." and "dog: Bruno" in words.values()
    palette.choose(rows["Brunch <b>invitation</b>"])
    assert [name for name, _ in asked] == ["templates"] and asked[0][1]
    palette.choose(next(n for title, n in rows.items() if words[title] == "dog: Bruno"))
    assert [(one.page, one.id) for one in went] == [("person", 2)]


def test_nothing_found_says_so(palette: Palette, qtbot: Any) -> None:
    palette.field.setText("zzzzqq")
    qtbot.waitUntil(lambda: palette.model.rowCount() == 0 and not palette._context.tasks.busy())
    assert palette.nothing.isVisible()


def test_snippets_with_odd_marks_lose_no_text() -> None:
    assert snippet_runs("a \x02b\x03 c") == (Run("a "), Run("b", "text1", True), Run(" c"))
    assert "".join(run.text for run in snippet_runs("a \x02b")) == "a b"


def test_model_skips_headings(qapp: object) -> None:
    model = PaletteModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_entries([Entry(title="People", heading=True), Entry(title="Ann Example"), Entry(title="Ben Example")])
    assert [model.next_row(-1, 1), model.next_row(1, 1), model.next_row(2, 1), model.next_row(1, -1)] == [1, 2, 1, 2]
    model.set_entries([])
    assert model.next_row(-1, 1) == -1
    del tester
