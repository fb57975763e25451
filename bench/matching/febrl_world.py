"""Invented cards in the shape of the Febrl sets, with the truth, on which the bits of febrl_weights.py are learned.

`python -m bench.matching.febrl_world SEED PEOPLE OUT.csv`: of every person one card, and of six in ten one or two more that were copied
badly: of each field one in five has one or two letters typed wrongly, one in twenty is empty, names and suburbs are now and then
others altogether, words are split or joined, given and family name or two lines of the address change places. Only the columns are those of Febrl; names are pools.py's, the rest is made of words.
"""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

from bench.matching import pools
from bench.matching.febrl_kinds import FIELDS

_WORDS = "ash bell clar dun east farn glen hay iron kirk lang mar nor oak park quin red stan thorn up vale west wood york black green white stone brook field hill ford".split()
_ROADS = "street road place crescent avenue court close drive circuit way".split()
_STATES = "nsw vic qld wa sa tas act nt".split()


def _word(rng: random.Random) -> str:
    return rng.choice(_WORDS) + rng.choice(_WORDS)


def card(rng: random.Random) -> dict[str, str]:
    """A card without a fault."""
    called = pools.name(rng)
    while called.culture not in ("en_US", "en_GB"):
        called = pools.name(rng)
    born = f"{rng.randrange(1900, 2000)}{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}"
    return {
        "given_name": called.given.lower(), "surname": called.family.lower(), "street_number": str(rng.randrange(1, 200)),
        "address_1": f"{_word(rng)} {rng.choice(_ROADS)}", "address_2": f"{_word(rng)} {_word(rng)}" if rng.random() < 0.8 else "",
        "suburb": f"{_word(rng)}{rng.choice(('', ' north', ' heights', ' park'))}", "postcode": str(rng.randrange(2000, 7500)), "state": rng.choice(_STATES),
        "date_of_birth": born, "soc_sec_id": str(rng.randrange(1_000_000, 10_000_000)),
    }  # fmt: skip


def copied(rng: random.Random, original: dict[str, str]) -> dict[str, str]:
    """The same badly copied."""
    bad = dict(original)
    for one, other in (("given_name", "surname"), ("address_1", "address_2")):
        if rng.random() < 0.03:
            bad[one], bad[other] = bad[other], bad[one]
    for field in FIELDS:
        luck = rng.random()
        if luck < 0.02 and field in ("given_name", "surname", "street_number", "suburb"):
            bad[field] = card(rng)[field]
        elif luck < 0.06 and field not in ("soc_sec_id", "postcode"):
            bad[field] = ""
        elif luck < 0.25 and len(bad[field]) > 1:
            for _ in range(rng.choice((1, 1, 1, 2))):
                bad[field] = _slip(rng, bad[field])
        elif luck < 0.28 and " " in bad[field]:
            bad[field] = bad[field].replace(" ", "", 1)
    return bad


def _slip(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text))
    alphabet = "0123456789" if text.isdigit() else "abcdefghijklmnopqrstuvwxyz"
    return rng.choice((
        text[:at] + text[at + 1 :], text[:at] + rng.choice(alphabet) + text[at:], text[:at] + rng.choice(alphabet) + text[at + 1 :],
        text[: max(0, at - 1)] + text[max(0, at - 1) : at + 1][::-1] + text[at + 1 :],
    ))  # fmt: skip


if __name__ == "__main__":
    rng = random.Random(f"relationdesk cards {sys.argv[1]}")
    with Path(sys.argv[3]).open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(("rec_id", *FIELDS))
        for n in range(int(sys.argv[2])):
            original = card(rng)
            table.writerow((f"rec-{n}-org", *original.values()))
            for k in range(rng.choice((0, 0, 1, 1, 2))):
                table.writerow((f"rec-{n}-dup-{k}", *(copied(rng, original)[field] for field in FIELDS)))
