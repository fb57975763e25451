"""What was typed, taken apart: operators, quotes and minus in any order, and nothing unusable raises."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from relationdesk.store.search_words import Query, Term, are_apart, parse, spellings, unwanted, wanted

JOE = Term("joe", True)


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("", Query()), ("joe", Query(terms=(JOE,))), ("joe ", Query(terms=(Term("joe"),))),
        ("joe brow", Query(terms=(Term("joe"), Term("brow", True)))), ("jo* brown ", Query(terms=(Term("jo", True), Term("brown")))),
        ('"panel meter"', Query(terms=(Term("panel meter"),))), ('"panel met', Query(terms=(Term("panel met", True),))),
        ("-joe", Query(without=(Term("joe"),))), ('-"panel meter" joe', Query(without=(Term("panel meter"),), terms=(JOE,))),
        ("joe from:mary", Query(terms=(Term("joe"),), who=("mary",))), ("from:mary joe", Query(terms=(JOE,), who=("mary",))),
        ('FROM:"Mary Jones" -from:joe', Query(who=("Mary Jones",), not_who=("joe",))),
        ("place:Mail place:x -place:blog", Query(places=("mail", "x"), not_places=("blog",))),
        ("in:VIP -in:lost", Query(buckets=("VIP",), not_buckets=("lost",))), ("-kind:note kind:CALL", Query(kinds=("call",), not_kinds=("note",))),
        ("before:2026 after:2025-3", Query(before=datetime(2026, 1, 1, tzinfo=UTC), after=datetime(2025, 3, 1, tzinfo=UTC))),
        ("-before:2026-02-03", Query(after=datetime(2026, 2, 3, tzinfo=UTC))),
        ("before:2026-02-30 joe", Query(terms=(JOE,))), ("before:", Query()), ("from: mary ", Query(terms=(Term("mary"),))),
        ("after:2026", Query(after=datetime(2026, 1, 1, tzinfo=UTC))), ("kind:\"\" place:", Query()),
        ("odd:thing ", Query(terms=(Term("odd:thing"),))), ('from:"" "" - -- * "', Query(terms=())),
        ("👍 -🎉 € ?", Query(signs=("👍", "€"), without_signs=("🎉",))), ("x" * 10_000, Query(terms=(Term("x" * 500, True),))),
    ],
)  # fmt: skip
def test_taken_apart(typed: str, query: Query) -> None:
    assert parse(typed) == query
    assert parse(typed).is_empty is (query == Query())


@pytest.mark.parametrize(
    ("typed", "before", "after"),
    [
        ("before:today", 20, None), ("before:Yesterday", 19, None), ("after:yesterday", None, 19), ("after:TODAY before:2026-11-21", 21, 20),
        ("-after:yesterday", 19, None),
    ],
)  # fmt: skip
def test_days_in_words(typed: str, before: int | None, after: int | None) -> None:
    query = parse(typed, date(2026, 11, 20))
    assert (query.before and query.before.day, query.after and query.after.day) == (before, after)
    assert query.unclear == ()
    assert parse("before:today").unclear and parse("before:today").is_empty


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("joe from:", "“from:” was typed without a name, so it was left out. The name follows at once: from:mary."),
        ("-in: joe", "“in:” was typed without a name"), ('kind:"" joe', "“kind:” was typed without a name"), ("after: joe", "“after:” was typed without a day"),
        ("joe before:noon", "“before:noon” is no day, so it was left out. Days are written 2026-11-20"), ("-before:2026-13 joe", "“before:2026-13” is no day"),
        ("-joe", "Only words to leave out were typed, so everything without them is shown."), ("-🎉", "Only words to leave out"),
        ("joe -brown", ""), ("from:joe -brown", ""), ("odd: thing", ""), ("joe", ""), ("", ""), ("http://x.example/", ""),
    ],
)  # fmt: skip
def test_what_means_nothing_is_said(typed: str, said: str) -> None:
    found = parse(typed).unclear
    assert (len(found) == 1 and said in found[0]) if said else found == ()


def test_each_word_is_a_string_to_the_index() -> None:
    query = parse('a" OR b* -c:d')
    assert wanted(query, "text") == '(text: (("a""") AND ("OR") AND ("b"*)))'
    assert unwanted(query, "text") == '(text: (("c:d")))'
    assert wanted(parse("-c"), "text") == "" == unwanted(parse("a"), "text")


def test_a_word_without_spaces_is_a_phrase_of_its_characters() -> None:
    assert wanted(parse("会議"), "text") == '(text: ((" 会  議 ")))'
    assert are_apart(parse("joe 会議").terms) and not are_apart(parse("joe Москва").terms)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("strasse", "straße"), ("straße", "strasse"), ("STRASSE", "straße"), ("елка", "ёлка"), ("ёлка", "елка"), ("ısparta", "isparta"),
        ("الادارة", "الإدارة"), ("أحمد", "احمد"), ("שָׁלוֹם", "שלום"), ("ελληνικα", "ελληνικά"), ("Ελληνικά", "ελληνικα"),
    ],
)  # fmt: skip
def test_other_ways_to_write_a_word(word: str, other: str) -> None:
    found = spellings(word)
    assert other in found and found[0] == word and len(found) <= 12
    assert spellings("panel") == ("panel",) and spellings("会議") == ("会議",)
