"""Random histories with imports in between: whatever is taken back, whenever, nothing of the user's is lost."""

from __future__ import annotations

import os
import random
from datetime import timedelta

import pytest

from relationdesk.services import people
from tests.facts import NOW
from tests.histories import assert_whole, fresh, history, play, seen, words_kept

LATER = NOW + timedelta(days=1)
SEEDS = range(int(os.environ.get("RELATIONDESK_HISTORIES", "40")))
"""A thousand are played by `make histories`; see one fail and give its number to `history`."""


@pytest.mark.parametrize("seed", SEEDS)
def test_all_taken_back_in_any_order_is_the_beginning(seed: int) -> None:
    steps = history(seed)
    db, plain = fresh(), fresh()
    play(plain, [step for step in steps if not step.decides])
    made = [id_ for id_ in play(db, steps) if id_ is not None]
    words = words_kept(db)
    assert {step.words for step, id_ in zip(steps, play(fresh(), steps), strict=True) if step.words and id_} <= words
    assert_whole(db)
    order = list(reversed(made)) if seed % 2 else random.Random(seed).sample(made, len(made))
    kept: list[str] = []
    for id_ in order:
        kept += people.undo(db, LATER, id_)[0].kept
        assert_whole(db)
        assert words <= words_kept(db)
    assert seed % 2 == 0 or kept == []
    now, begun = seen(db), seen(plain)
    if any("rest on it" in sentence or "were added" in sentence for sentence in kept):  # promised to stay, and said
        now, begun = ({k: v for k, v in part.items() if k not in ("people", "companies", "buckets")} for part in (now, begun))
    assert now == begun


@pytest.mark.parametrize("seed", SEEDS)
def test_one_taken_back_later_is_a_history_without_it(seed: int) -> None:
    steps = history(seed)
    db = fresh()
    made = play(db, steps)
    dice = random.Random(seed)
    alone = [
        n for n, id_ in enumerate(made)
        if id_ is not None and not any(steps[n].about & later.about for later in steps[n + 1 :])
    ]  # fmt: skip
    for n in dice.sample(alone, min(3, len(alone))):
        without = fresh()
        if [id_ is not None for id_ in play(without, steps[:n] + steps[n + 1 :])] != [id_ is not None for id_ in made[:n] + made[n + 1 :]]:
            continue
        again = fresh()
        id_ = play(again, steps)[n]
        done = people.undo(again, LATER, id_)[0]
        assert not done.kept
        assert seen(again) == seen(without), steps[n].kind
        assert words_kept(db) <= words_kept(again)
        people.redo(again)
        assert seen(again) == seen(db), steps[n].kind
        assert_whole(again)
