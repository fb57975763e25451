"""docs/import.md names every kind of file that is read, and nothing in the program's own words needs a list kept by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from relationdesk.services import recognising
from relationdesk.services.recognising import what_is_read
from relationdesk.sources import FILE_SOURCES

DOCS = (Path(__file__).resolve().parents[1] / "docs" / "import.md").read_text(encoding="utf-8")


def test_the_index_has_every_format_with_its_section() -> None:
    rows = re.findall(r"^\| \[([^\]]+)\]\(#([\w-]+)\) \| `(\w+)` \|", DOCS, re.MULTILINE)
    assert [name for _, _, name in rows] == [s.name for s in sorted(FILE_SOURCES, key=lambda s: s.title.casefold())]
    assert {name: title for title, _, name in rows} == {s.name: s.title for s in FILE_SOURCES}
    sections = {re.sub(r"[^\w -]", "", head.casefold()).strip().replace(" ", "-") for head in re.findall(r"^## (.+)$", DOCS, re.MULTILINE)}
    assert {anchor for _, anchor, _ in rows} <= sections


def test_what_is_read_stays_short_with_thirty_formats(monkeypatch: pytest.MonkeyPatch) -> None:
    first = ", ".join(source.title for source in FILE_SOURCES[:4])
    monkeypatch.setattr(recognising, "FILE_SOURCES", FILE_SOURCES[:4] * 8)
    assert what_is_read() == f"{first} and 28 more kinds of files"
    monkeypatch.setattr(recognising, "FILE_SOURCES", FILE_SOURCES[:3])
    assert what_is_read() == f"{FILE_SOURCES[0].title}, {FILE_SOURCES[1].title} and {FILE_SOURCES[2].title}"
