"""Pages of Meta's HTML exports: boxes of every year, and pages made to hurt."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from relationdesk.sources import meta_html
from relationdesk.sources.meta_dates import from_iso, from_number, from_words
from relationdesk.sources.meta_html import Box, boxes


def read(page: str) -> list[Box]:
    return list(boxes(io.BytesIO(page.encode("utf-8", "replace"))))


NEW = '<div class="pam _3-95 _2ph- _a6-g uiBoxWhite noborder"><h2 class="_2pim _a6-h">{0}</h2><div class="_3-95 _a6-p"><div><div>{1}</div></div></div><div class="_3-94 _a6-o">{2}</div></div>'
SECTION = '<section class="_a6-g"><h2 class="_a6-h">{0}</h2><div class="_a6-p"><div>{1}</div></div><footer class="_a6-o"><div class="_a72d">{2}</div></footer></section>'
OLD = '<div class="pam _3-95 _2pi0 _2lej uiBoxWhite noborder"><div class="_3-96 _2pio _2lek _2lel">{0}</div><div class="_3-96 _2let"><div><div>{1}</div></div></div><div class="_3-94 _2lem">{2}</div></div>'
UNKNOWN = '<div class="z1"><div class="z2">{0}</div><div class="z3">{1}</div><div class="z4">{2}</div></div>'


@pytest.mark.parametrize("shape", [NEW, SECTION, OLD, UNKNOWN])
def test_shapes_of_all_years(shape: str) -> None:
    page = "<html><body><div><a href='x.html'>Home</a></div><main>" + shape.format("Ann", "Hello", "Oct 19, 2019, 2:37 PM") + shape.format("Bo", "Yes", "Oct 19, 2019, 2:38 PM") + "</main></body></html>"
    assert [(one.name, one.text, one.date) for one in read(page)] == [("Ann", "Hello", "Oct 19, 2019, 2:37 PM"), ("Bo", "Yes", "Oct 19, 2019, 2:38 PM")]


def test_a_long_page_is_read_in_pieces_and_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meta_html, "_READ", 1000)
    monkeypatch.setattr(meta_html, "_PIECE", 2000)
    for shape in (NEW, OLD):
        page = "<html><main>" + "".join(shape.format("Ann", f"text {n}", "Oct 19, 2019, 2:37 PM") for n in range(200)) + "</main></html>"
        assert [one.text for one in read(page)] == [f"text {n}" for n in range(200)]


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 200_000, '<div class="_a6-g">' * 20_000, '<a href="x/y">' * 50_000, "<div>Oct 19, 2019, 2:37 PM</div>" * 20_000,
        '<div class="_a6-g"><div class="_a6-h">a</div><div class="_a6-p">' * 5_000, "<ul><li>" * 30_000, "\0\ud800<", '<div class="_a6-h">' + "x" * 500_000,
    ],
)  # fmt: skip
def test_pages_made_to_hurt(page: str) -> None:
    assert len(read(page)) <= 20_000


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Sep 13, 2020, 12:26 PM", "2020-09-13T12:26"), ("Oct 19, 2019 at 2:37 PM", "2019-10-19T14:37"), ("19 Oct 2019, 14:37", "2019-10-19T14:37"),
        ("Sep 22, 2017 6:33 am", "2017-09-22T06:33"), ("Sep 13, 2020 12:00:00 am", "2020-09-13T00:00:00"), ("13. März 2020 um 12:26", "2020-03-13T12:26"),
        ("13 févr. 2020 à 12:26", "2020-02-13T12:26"), ("13 de setembro de 2020 às 12:26", "2020-09-13T12:26"), ("13 wrz 2020, 12:26:05", "2020-09-13T12:26:05"),
        ("13 ene 2020 12:26", "2020-01-13T12:26"), ("13 mag 2020, 12:26", "2020-05-13T12:26"), ("13 mrt. 2020 12:26", "2020-03-13T12:26"), ("2020-09-13 12:26", "2020-09-13T12:26"),
        ("13 September 2020", "2020-09-13"), ("03/04/2020, 12:26", ""), ("see you on Sep 13", ""), ("Sep 31, 2020 12:00", ""), ("Sep 13, 2020, 25:99 PM", ""), ("May 1, 1066 10:00", ""),
    ],
)  # fmt: skip
def test_dates_in_words(text: str, written: str) -> None:
    when = from_words(text)
    assert when.written == written and (when.moment is None) == (written == "")


def test_dates_in_numbers() -> None:
    moment = datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC)
    assert [from_number(value).moment for value in (1_600_000_000, 1_600_000_000_000, "1600000000", 1.6e9)] == [moment] * 4
    assert [from_number(value).moment for value in (0, -1, True, None, "x", 10**40, float("inf"), float("nan"), [])] == [None] * 9
    assert from_iso("2020-09-13T12:26:40").moment == moment and from_iso("2020-09-13T14:26:40.5+02:00").moment == moment
    assert [from_iso(text).moment for text in ("", "0001-01-01T00:00:00", "9999-12-31T23:59:59-10:00")] == [None] * 3
