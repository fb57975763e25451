"""Records of large JSON: each in turn, whatever wraps them; a broken one costs itself, and nothing is read without bound."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest

from relationdesk.sources.json_records import MOST, Broken, Lost, Walker, documents


def read(raw: str | bytes, *lists: str) -> list[Any]:
    return list(documents(io.BytesIO(raw.encode() if isinstance(raw, str) else raw), lists))


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("", []), (" \n\ufeff", []), ("[]", []), ("{}", [{}]), ("[1, 2]", [1, 2]), ('"word"', ["word"]),
        ('[{"a": 1}, {"a": 2}]', [{"a": 1}, {"a": 2}]), ('{"a": 1}\n{"a": 2}\n', [{"a": 1}, {"a": 2}]),
        ('window.YTD.tweets.part0 = [ {"a": 1} ];', [{"a": 1}]), ('\ufeffwindow.YTD.like.part12=[{"a":1}]', [{"a": 1}]),
        ('Grailbird.data.tweets_2014_05 = \n [ {"a": "="} ]', [{"a": "="}]), ('var user_details = {"id": "1"}', [{"id": "1"}]),
        ('{"type": "C", "items": [{"a": 1}], "more": [2]}', [{"a": 1}]), ('{"a": "line\nbreak\x00"}', [{"a": "line\nbreak\x00"}]),
    ],
)  # fmt: skip
def test_whatever_wraps_them(raw: str, found: list[Any]) -> None:
    assert read(raw, "items") == found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    assert read('[{"a": "Zażółć 🤓"}]'.encode(encoding)) == [{"a": "Zażółć 🤓"}]


def test_chunks_may_end_anywhere() -> None:
    rows = [{"id": str(n), "text": "wörds " * (n % 700), "n": n * 1000, "inner": [{"id": "x"}]} for n in range(1500)]
    raw = json.dumps(rows, ensure_ascii=False, indent=1)
    assert len(raw) > 1_000_000
    assert read(raw) == rows


@pytest.mark.parametrize("broken", ['{"id": "2", "a": }', '{"id": "2" "a": 1}', '{"id": "2", "a": NaN}', "nonsense", '{"id": "2", "a": "x" y"}'])
def test_a_broken_record_costs_itself(broken: str) -> None:
    found = read(f'[{{"id": "1", "in": [{{"x": 1}}]}}, {broken}, {{"id": "3"}}, {{"id": "4"}}]')
    assert [row for row in found if not isinstance(row, Broken)] == [{"id": "1", "in": [{"x": 1}]}, {"id": "3"}, {"id": "4"}]
    assert [(row.number, row.reason) for row in found if isinstance(row, Broken)] == [(2, "It is damaged.")]


def test_a_line_that_is_no_json_costs_itself() -> None:
    found = read('{"a": 1}\n{"a": }\n{"a": 3}\n')
    assert [isinstance(row, Broken) for row in found] == [False, True, False]


@pytest.mark.parametrize("raw", ['[{"a": 1}, {"a": ', '[{"a": 1}, {"a": "tex', '[{"a": 1},', '[{"a": 1}', '{"items": [{"a": 1}'])
def test_what_breaks_off_keeps_what_stands_before(raw: str) -> None:
    first, *rest = read(raw, "items")
    assert first == {"a": 1} and rest and all(isinstance(row, Broken) for row in rest)


@pytest.mark.parametrize(
    "raw", ["[" * 100_000, '{"a":' * 100_000, "[[" + "[]," * (2 * MOST), '["' + "a" * (6 * MOST), "[" + "9" * 5000 + "]", '{"a":1,' + '"b":[1],' * MOST],
    ids=["brackets", "objects", "empty lists", "a text", "a number", "fields"],
)  # fmt: skip
def test_what_is_made_to_hurt_is_broken(raw: str) -> None:
    assert all(isinstance(row, Broken) for row in read(raw))


def test_a_list_that_breaks_does_not_take_the_next_one_for_its_own() -> None:
    raw = '[{"m": {"id": 1}}, {"m": oops ]}}, {"conversation": [{"m": {"id": 3}}]}]'
    walker = Walker(io.BytesIO(raw.encode()))
    walker.next()
    found: list[Any] = []
    with pytest.raises(Lost):
        found.extend(walker.records(re.compile(r"\{\s*\"conversation\"")))
    assert walker.next() == "{" and walker.value() == {"conversation": [{"m": {"id": 3}}]}


def test_a_field_of_endless_name_is_no_sign_to_look_for() -> None:
    first, *rest = read('[{"' + "k" * 1_000_000 + '": 1}, oops, {"a": 2}]')
    assert isinstance(first, dict) and all(isinstance(row, Broken) for row in rest)
