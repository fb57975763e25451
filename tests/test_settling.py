"""Everybody is read once without a place having to refuse, key accounts first: a small part of what `bench.settling` plays through."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bench.settling import PLACES, settle

SOME = [replace(where, people=min(where.people, 24)) for where in PLACES if where.source in ("github", "stackexchange", "mastodon")]


@pytest.mark.parametrize("where", SOME, ids=[where.name for where in SOME])
def test_nobody_has_to_refuse_and_everybody_is_read(where) -> None:
    done = settle(where)
    assert done.refused == 0
    assert done.everybody is not None and done.key is not None and done.key <= done.everybody < timedelta(days=2)


def test_a_place_that_allows_less_than_it_says_still_ends() -> None:
    where = replace(next(w for w in PLACES if w.name == "GitHub, without"), people=12, most=30)
    done = settle(where)
    assert done.refused > 0 and done.everybody is not None
