"""The same words in two places within minutes: what is one's own, and what only goes round."""

from __future__ import annotations

import pytest

from relationdesk.flip.cross_posts import reason, same, telling

OWN = "The pastry section uses more power than the whole bar, and nobody has ever metered it."


@pytest.mark.parametrize("text", [
    "Thanks everybody!", "", "https://one.example/a-very-long-address-that-says-nothing-at-all-about-anybody #one #two @three",
    f"RT @joe: {OWN}", f"{OWN} (via @joe)", f"“{OWN}”", f"“{OWN}” — Maya Angelou", f"\"{OWN}\"", f"„{OWN}“",
])  # fmt: skip
def test_what_is_passed_on_quoted_or_short_is_nobodys_own(text: str) -> None:
    assert telling(text) == ""


def test_links_tags_case_and_marks_do_not_matter() -> None:
    one, other = telling(f"{OWN} https://x.example/1 #energy"), telling(OWN.upper().replace(",", " –"))
    assert one and same(one, other)


def test_a_place_may_cut_it_off() -> None:
    long = f"{OWN} We put a meter on it in May and the first bill came down by a fifth."
    assert same(telling(long), telling(long[:100] + "…"))
    assert not same(telling(long), telling(OWN.replace("pastry", "fish")))
    assert not same(telling(OWN)[:40], telling(OWN))


@pytest.mark.parametrize(("count", "colleagues", "row"), [(0, False, ""), (1, False, "talk.minutes"), (2, False, "talk.often"), (5, True, "talk.minutes")])
def test_several_count_more_but_not_of_one_firm(count: int, colleagues: bool, row: str) -> None:
    found = reason([OWN] * count, colleagues=colleagues)
    assert (found.row if found else "") == row
    assert found is None or OWN[:40] in found.sentence
