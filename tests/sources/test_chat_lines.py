"""Every header that phones write, the order of day and month, and what is only a line of a message."""

from __future__ import annotations

import io

import pytest

from relationdesk.sources.chat_lines import Dates, Order, date_of, entries, header, lines, split_author

HEADERS = {
    "[01/20/19 11:25] John Doe: x": ((1, 20, 2019), 11, 25, None, "John Doe"),
    "01/20/2019, 11:23 a. m. - John Doe: x": ((1, 20, 2019), 11, 23, None, "John Doe"),
    "12/31/18, 11:03\u202fPM - Ann: x": ((12, 31, 2018), 23, 3, None, "Ann"),
    "12/31/18, 12:03 AM - Ann: x": ((12, 31, 2018), 0, 3, None, "Ann"),
    "[31.12.24, 15:05:33] Ann: x": ((31, 12, 2024), 15, 5, 33, "Ann"),
    "\u200e[31/12/24, 3:05:33\u202fPM] Ann: x": ((31, 12, 2024), 15, 5, 33, "Ann"),
    "31.12.2024 klo 15.05 - Ann: x": ((31, 12, 2024), 15, 5, None, "Ann"),
    "20.12.2024, 15:05 Uhr - Ann: x": ((20, 12, 2024), 15, 5, None, "Ann"),
    "2024. 01. 25. 15:04 - Ann: x": ((2024, 1, 25), 15, 4, None, "Ann"),
    "2024. 1. 25. 오후 3:05 - 이름: x": ((2024, 1, 25), 15, 5, None, "이름"),
    "2024/1/25 下午3:05 - 姓名: x": ((2024, 1, 25), 15, 5, None, "姓名"),
    "[2024/1/25 上午12:05:12] 姓名: x": ((2024, 1, 25), 0, 5, 12, "姓名"),
    "25/03/14 15:05:33: Ann: x": ((25, 3, 2014), 15, 5, 33, "Ann"),
    "2024-01-25 15 h 04 - Ann: x": ((2024, 1, 25), 15, 4, None, "Ann"),
    "25.01.2024 г., 15:04 - Ann: x": ((25, 1, 2024), 15, 4, None, "Ann"),
    "15:04, 25/01/2024 - Ann: x": ((25, 1, 2024), 15, 4, None, "Ann"),
    "\u200f٢٥/٣/٢٠٢٤، ٣:٠٥ م - آن: x": ((25, 3, 2024), 15, 5, None, "آن"),
    "25/3/24, 15:05 - ~\u202fPush Name: x": ((25, 3, 2024), 15, 5, None, "~ Push Name"),
    "[25.01.2024 kl. 14.05.33] Ann: x": ((25, 1, 2024), 14, 5, 33, "Ann"),
    "25-01-2024 u 15:04 - Ann: x": ((25, 1, 2024), 15, 4, None, "Ann"),
    "25/12/2024, 3:05 μ.μ. – Ann: x": ((25, 12, 2024), 15, 5, None, "Ann"),
    "2024년 1월 25일 오후 3:05 - 이름: x": ((2024, 1, 25), 15, 5, None, "이름"),
    "2024年1月25日 下午3:05 - 姓名: x": ((2024, 1, 25), 15, 5, None, "姓名"),
    "25.01.2024 г., 15:04 ч. - Ann: x": ((25, 1, 2024), 15, 4, None, "Ann"),
    "[25.01.24 г., 15:04:33 ч.] Ann: x": ((25, 1, 2024), 15, 4, 33, "Ann"),
    "[2024-01-25 15 h 04 min 33 s] Ann: x": ((2024, 1, 25), 15, 4, 33, "Ann"),
    "[15:04:33, 25/1/24] Ann: x": ((25, 1, 2024), 15, 4, 33, "Ann"),
    "25/01/2024, 3:04 PTG - Ann: x": ((25, 1, 2024), 15, 4, None, "Ann"),
    "25/01/2024, 3:04 ከሰዓት - Ann: x": ((25, 1, 2024), 15, 4, None, "Ann"),
    "२५/१/२४, ३:०४ pm - Ann: x": ((25, 1, 2024), 15, 4, None, "Ann"),
    "[24. 1. 25. 오후 3:05:12] 이름: x": ((2024, 1, 25), 15, 5, 12, "이름"),
    "24/01/25 午後3:05 - 名: x": ((2024, 1, 25), 15, 5, None, "名"),
    "24年1月25日 下午3:05 - 姓名: x": ((2024, 1, 25), 15, 5, None, "姓名"),
    "25.1.2024 kl. 15.04 - Ann: x": ((25, 1, 2024), 15, 4, None, "Ann"),
}


@pytest.mark.parametrize("line", HEADERS)
def test_every_documented_header(line: str) -> None:
    numbers, hour, minute, second, author = HEADERS[line]
    found = header(line)
    assert found is not None
    assert (found.when.parts, found.when.hour, found.when.minute, found.when.second) == (numbers, hour, minute, second)
    assert split_author(found.rest) == (author, "x")


@pytest.mark.parametrize(
    "line",
    [
        "01/02/24 body that begins with a date", "2024-01-05 15:04 nothing", "[15:00, 1/2/2024] Ann: pasted", "12/03/24 15:05 lunch - with Ann",
        "", "[", "01/02/24, 25:00 - Ann: no such hour", "01/02/24, 15:61 - Ann: x", "9" * 5000, "[" * 5000, "01/02/24, " * 900,
    ],
)  # fmt: skip
def test_what_is_only_a_line(line: str) -> None:
    assert header(line) is None


@pytest.mark.parametrize(
    ("rest", "found"),
    [
        ("John Doe:.", ("John Doe", "")), ("John: a : b", ("John", "a : b")), ("You were added", ("", "You were added")), ("이름 : 본문", ("이름", "본문")),
        ('Ann changed the subject to "Crew: all"', ("", 'Ann changed the subject to "Crew: all"')), ("see https://x.example", ("", "see https://x.example")),
    ],
)  # fmt: skip
def test_author_or_the_phone_itself(rest: str, found: tuple[str, str]) -> None:
    assert split_author(rest) == found


def order(*dates: str) -> Order:
    seen = Dates()
    for date in dates:
        found = header(f"{date}, 10:00 - A: x")
        assert found is not None
        seen.add(found.when)
    return seen.order(in_time=True)


def test_the_order_of_day_and_month() -> None:
    assert order("01/02/24", "13/02/24").day_first is True
    assert order("01/02/24", "02/13/24").day_first is False
    assert order("01.02.24").day_first is True  # nobody writes month.day.year
    # Read as days they run on, as months they go back from November to January, twice.
    assert order("11/02/24", "12/02/24", "01/03/24", "12/03/24", "01/04/24").day_first is True
    assert order("02/11/24", "02/12/24", "03/01/24", "03/12/24", "04/01/24").day_first is False


def test_the_course_of_time_proves_nothing_in_a_table() -> None:
    seen = Dates()
    for date in ("11/02/24", "12/02/24", "01/03/24", "12/03/24", "01/04/24"):
        found = header(f"{date}, 10:00 - A: x")
        assert found is not None
        seen.add(found.when)
    assert seen.order() == Order(None, (11, 2, 2024))


@pytest.mark.parametrize("dates", [
    ("03/04/24",), ("03/04/24", "04/05/24"), ("05/06/24", "06/06/24"), ("03/04/24", "04/03/24"),
    ("01/05/24", "02/05/24", "03/05/24", "04/05/24"), ("05/01/24", "05/02/24", "05/03/24", "05/04/24"),  # more of one than of the other proves nothing
    ("11/02/24", "12/02/24", "01/03/24"),  # once: a message may be late
    ("11/02/24", "12/02/24", "01/03/24", "10/02/24", "12/03/24", "01/04/24"),  # out of order in both
    ("01/02/24", "13/02/24", "02/13/24"),  # days in both places
])  # fmt: skip
def test_an_order_that_nothing_decides_is_asked(dates: tuple[str, ...]) -> None:
    assert order(*dates) == Order(None, (int(dates[0][:2]), int(dates[0][3:5]), 2024))


def test_dates_that_say_the_same_either_way_need_no_question() -> None:
    assert order("04/04/24").day_first is not None


def test_one_file_may_mix_orders() -> None:
    raw = b"2020-06-01, 10:00 - A: 1\n2020.04.01, 10:00 - A: 2\n2020/05/01, 10:00 - A: 3\n13/07/2025, 10:00 - A: 4\n01/07/2025, 10:00 - A: 5\n"
    found = [date_of(e.when, day_first=True) for e in entries(io.BytesIO(raw), frozenset({"dash"}))]
    assert found == [(2020, 6, 1), (2020, 4, 1), (2020, 5, 1), (2025, 7, 13), (2025, 7, 1)]


def test_a_month_above_twelve_is_the_day_and_thai_and_persian_years_are_turned() -> None:
    for line, day_first, expected in (
        ("01/20/24", True, (2024, 1, 20)), ("20/01/24", False, (2024, 1, 20)), ("20/01/2567", True, (2024, 1, 20)), ("20/1/67", True, (2024, 1, 20)),
        ("۱۴۰۲/۱۰/۳۰", True, (2024, 1, 20)), ("1403/12/30", True, (2025, 3, 20)), ("1404/1/1", True, (2025, 3, 21)),
    ):
        found = header(f"{line}, 10:00 - A: x")
        assert found is not None and date_of(found.when, day_first=day_first) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_lines_in_every_encoding(encoding: str) -> None:
    assert [line.lstrip("\ufeff") for line in lines(io.BytesIO("é\r\nö\n".encode(encoding)))] == ["é", "ö"]


def test_a_pasted_piece_of_another_chat_stays_in_its_message() -> None:
    raw = b"13/07/2025, 10:00 - A: look\n[13/07/25, 09:00:00] B: hi\n13/07/2025, 10:01 - B: yes\n"
    assert [e.body for e in entries(io.BytesIO(raw), frozenset({"dash"}))] == ["look\n[13/07/25, 09:00:00] B: hi", "yes"]
