"""Cells that no spreadsheet runs or changes, and the exact way back; SQL and Python must agree on every text."""

from __future__ import annotations

import csv
import io
import random

import pytest

from relationdesk.store.csv_lines import guard, line, text_sql, time_sql, unguard, whole_sql
from relationdesk.store.database import Desk, open_memory

ALPHABET = "=+-@＝＋－＠'\"\t\r\n ,;.\u00a0\u3000\ufeff0123456789ab\U0001f600\u05d0*[]?^"


@pytest.fixture(scope="module")
def db() -> Desk:
    return open_memory()


def in_sql(db: Desk, text: str | None) -> str:
    return str(db.execute(f"SELECT printf('\"%w\"', {text_sql('t')}) FROM (SELECT ? AS t)", (text,)).fetchone()[0])


GUARDED = [
    "=1+1", "+47 22 22 22 22", "-1+1", "@ada", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", " =1", "\u00a0=1", "\ufeff=1",
    "'=1", "''=1", "-", "--5", "-5.", "-1.2.3", "-5 ", "-99999999999999999", "00123", "12345678901234567890", "'-5", "'007",
    "=", "\t", "\n",
]  # fmt: skip
LEFT_ALONE = ["", "-5", "-12.5", "12", "0", "0.5", "Joe", "'", "''", "it's", "a=1", "'Joe'", "\U0001f600", "\u05d0\u05d1", "1/2", " a"]


@pytest.mark.parametrize("text", GUARDED)
def test_a_risky_text_gets_one_apostrophe(db: Desk, text: str) -> None:
    assert guard(text) == "'" + text
    assert unguard(guard(text)) == text
    assert in_sql(db, text) == '"' + guard(text).replace('"', '""') + '"'


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_a_harmless_text_or_plain_number_stays(db: Desk, text: str) -> None:
    assert guard(text) == text == unguard(text)
    assert in_sql(db, text) == '"' + text + '"'


def test_trap_10_any_text_comes_back_equal_and_inert(db: Desk) -> None:
    chance = random.Random(10)
    for _ in range(20_000):
        text = "".join(chance.choices(ALPHABET, k=chance.randint(0, 8)))
        cell = guard(text)
        assert unguard(cell) == text
        assert in_sql(db, text) == '"' + cell.replace('"', '""') + '"'
        assert cell[:1] not in tuple("=+@\t\r\n＝＋－＠"), text
    texts = ["".join(chance.choices(ALPHABET, k=chance.randint(0, 8))) for _ in range(500)]
    read = next(csv.reader(io.StringIO(line(texts), newline=""), strict=True))
    assert [unguard(cell) for cell in read] == texts


def test_nothing_known_is_an_empty_cell(db: Desk) -> None:
    assert in_sql(db, None) == '""'
    assert db.execute(f"SELECT {whole_sql('NULL')}, {time_sql('NULL')}").fetchone() == ("", "")


def test_times_are_iso_utc_also_before_1970(db: Desk) -> None:
    sql = f"SELECT {time_sql('t')} FROM (SELECT ? AS t)"
    assert db.execute(sql, (-1,)).fetchone()[0] == "1969-12-31T23:59:59Z"
    assert db.execute(sql, (-62135596800,)).fetchone()[0] == "0001-01-01T00:00:00Z"
    assert db.execute(sql, (253402300799,)).fetchone()[0] == "9999-12-31T23:59:59Z"
