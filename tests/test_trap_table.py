"""docs/traps.md names, for every format, each thing that files get wrong with the test that shows what comes of it, docs/places.md
the same for every place; none of these tests may vanish or be renamed without the tables."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from relationdesk.sources import FILE_SOURCES, LIVE_SOURCES

TESTS = Path(__file__).resolve().parent


def sections(name: str) -> dict[str, str]:
    table = (TESTS.parent / "docs" / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", table, re.MULTILINE | re.DOTALL))


TABLES = {"traps.md": sections("traps.md"), "places.md": sections("places.md")}
HEADS = {
    "traps.md": ["| the trap | what comes of it | shown by |", "|---|---|---|"],
    "places.md": ["| what it is like | what comes of it | shown by |", "|---|---|---|"],
}
SHOWN = re.compile(r"`(test_\w+)::(test_\w+)`")


@cache
def named_in(stem: str) -> frozenset[str]:
    """Names of the tests in the files of that name, wherever below `tests`; none where there is no such file."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in TESTS.rglob(f"{stem}.py"))
    return frozenset(node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef))


def test_the_sections_are_formats_and_places() -> None:
    assert set(TABLES["traps.md"]) == {"shared", *(source.name for source in FILE_SOURCES)}
    assert set(TABLES["places.md"]) == {"shared", *(source.name for source in LIVE_SOURCES)}


@pytest.mark.parametrize(("table", "section"), [(table, section) for table, found in TABLES.items() for section in found])
def test_every_trap_is_shown_by_a_test(table: str, section: str) -> None:
    lines = [line for line in TABLES[table][section].splitlines() if line]
    head = HEADS[table]
    rows = lines[len(head) :]
    assert lines[: len(head)] == head and rows
    for row in rows:
        cells = re.split(r"(?<!\\)\|", row.strip().removeprefix("|").removesuffix("|"))
        assert len(cells) == 3 and all(cell.strip() for cell in cells), row
        shown = SHOWN.findall(cells[-1])
        assert shown and SHOWN.sub("", cells[-1]).strip(" ,") == "", row
        assert not [f"{stem}::{name}" for stem, name in shown if name not in named_in(stem)], row
