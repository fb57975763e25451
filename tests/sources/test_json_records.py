"""Records of large JSON: each in turn, whatever wraps them; a broken one costs itself, and nothing is read without bound."""

from __future__ import annotations

import io
import json
import re
import tracemalloc
from typing import Any

import pytest

from relationdesk.sources import json_records
from relationdesk.sources.json_records import (
    BEGUN,
    MOST,
    Broken,
    Lost,
    Walker,
    documents,
    listed,
    parts,
)


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


class Counting(io.BytesIO):
    """A stream that knows how far it was read."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


def pieces(raw: str | bytes, *lists: str, limit: int = 1 << 62) -> list[tuple[str, Any]]:
    stream = io.BytesIO(raw.encode() if isinstance(raw, str) else raw)
    return [(path, "broken" if isinstance(value, Broken) else "begun" if value is BEGUN else value) for path, value in parts(stream, lists, limit=limit)]


CHATS = '{"about": "x", "chats": {"list": [{"name": "a", "messages": [{"id": 1}, {"id": 2}], "type": "t"}, 7, {"messages": []}]}, "end": [1, {"b": 2}]}'


def test_parts_come_in_the_order_of_the_document() -> None:
    assert pieces(CHATS, "chats.list.*.messages") == [
        ("about", "x"), ("chats.list.*", "begun"), ("chats.list.*.name", "a"), ("chats.list.*.messages", {"id": 1}),
        ("chats.list.*.messages", {"id": 2}), ("chats.list.*.type", "t"), ("chats.list.*", "begun"), ("end", [1, {"b": 2}]),
    ]  # fmt: skip
    assert pieces(CHATS, "end", "other")[-2:] == [("end", 1), ("end", {"b": 2})]
    assert pieces('[{"c": [1]}, [2], {"c": 3}]', "*.c") == [("*", "begun"), ("*.c", 1), ("*", "begun"), ("*.c", 3)]


@pytest.mark.parametrize("cut", range(1, len(CHATS)))
def test_parts_of_what_breaks_off_are_those_before(cut: int) -> None:
    whole, found = pieces(CHATS, "chats.list.*.messages"), pieces(CHATS[:-cut], "chats.list.*.messages")
    assert "broken" in [value for _, value in found]
    told = [one for one in found if one[1] != "broken"]
    assert told == whole[: len(told)]


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("[1, 2]", [1, 2]), ("", ["broken"]), ("{}", [{}]), ("\ufeff[1]", [1]), ("[1, oops", [1, "broken"]), ("[1", [1, "broken"]),
        ('[{"a": 1}, {"a" 2}, {"a": 3}]', [{"a": 1}, "broken", {"a": 3}]), ('[{"a": "\\ud83d"}]', [{"a": "\ud83d"}]), ("[1]\0\0\0", [1]),
    ],
)  # fmt: skip
def test_a_list_by_itself(raw: str, found: list[Any]) -> None:
    assert ["broken" if isinstance(one, Broken) else one for one in listed(io.BytesIO(raw.encode()), "")] == found


def test_a_list_in_a_field_is_found_behind_anything() -> None:
    head = '{"photos": [' + ",".join(['{"u": "\\\\\\"]}{["}'] * 400_000) + '], "messages": [{"id": 1}, {"id" 2}, {"id": 3}]'
    assert len(head) > MOST
    assert ["broken" if isinstance(one, Broken) else one for one in listed(io.BytesIO((head + "}").encode()), "messages")] == [{"id": 1}, "broken", {"id": 3}]
    assert [one for one in listed(io.BytesIO(head.encode()), "messages") if isinstance(one, dict)] == [{"id": 1}, {"id": 3}]


SMALL = 300_000


@pytest.mark.parametrize(
    "large", ['"' + 'a\\"' * SMALL + '"', "[" + "[]," * SMALL + "[]]", '{"a":' * SMALL + "1" + "}" * SMALL, "[" * 60_000 + "]" * 60_000],
    ids=["text", "lists", "objects", "deep"],
)  # fmt: skip
def test_what_nobody_asked_for_may_be_of_any_size(large: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_records, "MOST", SMALL)
    assert pieces(f'{{"a": 1, "b": {large}, "c": [2]}}', "c") == [("a", 1), ("c", 2)]
    assert pieces(f'{{"a": 1, "b": {large[:-1]}', "c") == [("a", 1), ("", "broken")]


@pytest.mark.parametrize(
    "bad", ["[" * 4 * SMALL, '{"a":' * SMALL, '{"id": 2, "in": [' + "[]," * (2 * SMALL), '["' + "a" * (6 * SMALL)], ids=["brackets", "objects", "lists", "text"]
)
def test_a_record_made_to_hurt_is_broken_and_memory_stays_bounded(bad: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_records, "MOST", SMALL)
    stream = io.BytesIO(f'{{"messages": [{{"id": 1}}, {bad}'.encode())
    tracemalloc.start()
    try:
        found = list(listed(stream, "messages"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found[0] == {"id": 1} and len(found) > 1 and all(isinstance(one, Broken) for one in found[1:])
    assert peak < 100 * SMALL, peak


def test_a_look_at_the_beginning_takes_no_more_than_that() -> None:
    stream = Counting(CHATS[:-20].encode() + b" " * 2**20 + CHATS[-20:].encode())
    assert ("about", "x") in list(parts(stream, {"chats.list.*.messages"}, limit=1000)) and stream.taken == 1000
