"""Foreign tables: whatever program wrote them, the rows come out, and a broken one costs one row."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator

import pytest

from relationdesk.model import Rejected
from relationdesk.sources.tables import MAX_RECORD, Row, Shape, examine, peek, rows


def table(data: bytes, **options: object) -> tuple[Shape, list[Row | Rejected]]:
    short_ok = bool(options.pop("short_ok", False))
    shape = examine(lambda: io.BytesIO(data), **options)  # type: ignore[arg-type]
    assert shape is not None
    return shape, list(rows(io.BytesIO(data), shape, "t.csv", short_ok=short_ok))


def values(data: bytes, **options: object) -> list[tuple[str, ...]]:
    return [row.values for row in table(data, **options)[1] if isinstance(row, Row)]


TEXT = "Name,City\nZoë,Łódź\nAnn,Köln\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode("utf-16"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.rstrip("\n").encode(),
        TEXT.replace("Ann", "A\0nn").encode(),
        TEXT.replace("\n", "\n\n,\n").encode(),
    ],
)
def test_the_same_table_however_it_is_written(data: bytes) -> None:
    assert values(data) == [("Zoë", "Łódź"), ("Ann", "Köln")]


def test_ansi_and_one_broken_byte() -> None:
    assert values("Name,City\nJosé,Málaga\n".encode("cp1252")) == [("José", "Málaga")]
    data = "Name,City\nZoë Łukasz Çağrı,Łódź\n".encode() + b"Ann,K\xf6ln\n"
    assert values(data) == [("Zoë Łukasz Çağrı", "Łódź"), ("Ann", "K\ufffdln")]


def test_columns_are_found_by_name_and_the_first_of_two_counts() -> None:
    shape, found = table(b' "First Name" ,E-Mail,E-Mail\n Ann ,a@x.example,b@x.example\n')
    row = found[0]
    assert isinstance(row, Row)
    assert shape.columns == ("first name", "e-mail", "e-mail")
    assert (row["first name"], row["e-mail"], row["no such"]) == ("Ann", "a@x.example", "")
    assert row.first("no such", "e-mail") == "a@x.example"


def test_the_header_is_found_behind_a_preamble() -> None:
    needs = [frozenset({"first name", "connected on"})]
    data = b'Notes:\n"A sentence, with commas\nand lines."\n\nFirst Name,Connected On\nAnn,01 Jan 2024\n'
    shape, found = table(data, needs=needs)
    assert shape.skip == 4
    assert found[0] == Row(line=6, values=("Ann", "01 Jan 2024"), index={"first name": 0, "connected on": 1})
    assert peek(b"Name,Date\n", needs=needs) is None
    assert peek(b"") is None
    assert peek(b"no table at all\n") is None


def test_rows_of_the_wrong_width_say_where() -> None:
    found = table(b"a,b,c\n1,2\n1,2,3\n1,2,3,4\n1,2,3,,\n")[1]
    assert found[0] == Rejected(where="t.csv line 2", reason="This row has 2 cells where 3 belong.")
    assert found[2] == Rejected(where="t.csv line 4", reason="This row has 4 cells where 3 belong.")
    assert [row.values for row in found if isinstance(row, Row)] == [("1", "2", "3")] * 2
    assert values(b"a,b,c\n1,2\n", short_ok=True) == [("1", "2", "")]


def test_line_numbers_count_lines_not_records() -> None:
    found = table(b'a,b\n"x\ny\nz",1\n2,3\n4\n')[1]
    assert [row.line for row in found if isinstance(row, Row)] == [2, 5]
    assert found[-1] == Rejected(where="t.csv line 6", reason="This row has 1 cells where 2 belong.")


def test_a_quote_never_closed_costs_one_row_not_the_rest() -> None:
    data = b'a,b\n1,2\n"3,4\n5,6\n7,8\n9,10\n'
    found = table(data)[1]
    assert [row.values for row in found if isinstance(row, Row)] == [("1", "2"), ("5", "6"), ("7", "8"), ("9", "10")]
    assert [one.where for one in found if isinstance(one, Rejected)] == ["t.csv line 3"]


DATES = frozenset({"date"})


def test_the_dialect_that_escapes_quotes_with_a_backslash() -> None:
    data = b'Date,Link,Message\n2024-01-01,u,"He said \\"yes, now\\"\nand left"\n2024-01-02,u,"plain, text"\n'
    shape, found = table(data, dates=DATES)
    assert shape.escape == "\\"
    assert [row["message"] for row in found if isinstance(row, Row)] == ['He said "yes, now"\nand left', "plain, text"]


def test_a_backslash_before_a_quote_is_not_always_an_escape() -> None:
    data = b'Date,Message\n2024-01-01,"folder C:\\"\n2024-01-02,"say ""\\"" twice"\n2024-01-03,c:\\new\n'
    shape, found = table(data, dates=DATES)
    assert shape.escape is None
    assert [row["message"] for row in found if isinstance(row, Row)] == ["folder C:\\", 'say "\\" twice', "c:\\new"]


def test_a_cell_longer_than_the_limit_of_the_library() -> None:
    assert len(values(b'a,b\n1,"' + b"x" * 500_000 + b'"\n')[0][1]) == 500_000


def test_an_endless_row_is_dropped_and_reading_goes_on() -> None:
    data = b"a,b\n1,2\n" + b"x" * (MAX_RECORD + 5) + b"\n3,4\n"
    found = table(data)[1]
    assert [row.values for row in found if isinstance(row, Row)] == [("1", "2"), ("3", "4")]
    assert isinstance(found[1], Rejected)


class _Endless(io.RawIOBase):
    """A table of many megabytes that is nowhere kept."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._lines = iter(range(lines))
        self._rest = b"a,b\n"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while len(self._rest) < len(buffer) and (n := next(self._lines, None)) is not None:
            self._rest += b'%d,"%s\n"\n' % (n, b"y" * 1000)
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def test_memory_does_not_grow_with_the_table() -> None:
    def stream() -> Iterator[Row | Rejected]:
        shape = examine(lambda: io.BufferedReader(_Endless(20_000)))
        assert shape is not None
        return rows(io.BufferedReader(_Endless(20_000)), shape, "t.csv")

    tracemalloc.start()
    try:
        count = sum(1 for _ in stream())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 20_000
    assert peak < 12 * 1024**2


def test_a_quote_that_never_closes_swallows_no_whole_row_behind_it() -> None:
    """The file ends before the quote does; without that, three rows would be one."""
    found = table(b'a,b,c\n1,2,6" pump\n3,4,"open\nloose\n5,6,7\n8,9,0\n')[1]
    assert [row.values for row in found if isinstance(row, Row)] == [("1", "2", '6" pump'), ("3", "4", "open"), ("5", "6", "7"), ("8", "9", "0")]
    assert [one.where for one in found if isinstance(one, Rejected)] == ["t.csv line 3"]
    assert values(b'a,b\n1,"cut off\nhere') == [("1", "cut off\nhere")], "what only breaks off is one record"
