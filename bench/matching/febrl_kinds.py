"""The Febrl sets as cards: what they tell beside a name, as more evidence in the product's own form.

The desk keeps no birthdays, postal addresses or numbers of social security, so the product has no such kinds; the finder takes a list of
them. Rows and bits are learned on cards made by febrl_world.py (other people, other seeds, other slips), never on the Febrl sets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bench.matching.febrl_weights import ROWS
from relationdesk.flip import by_name
from relationdesk.flip.kinds import Kind
from relationdesk.flip.rarity import Rarity
from relationdesk.flip.reason import Reason
from relationdesk.flip.slips import distance, is_slip
from relationdesk.flip.traits import Traits
from relationdesk.model import Key

FIELDS = ("given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state", "date_of_birth", "soc_sec_id")


@dataclass(frozen=True, slots=True)
class Card:
    """A record: folded texts, "" for what is missing."""

    given_name: str = ""
    surname: str = ""
    street_number: str = ""
    address_1: str = ""
    address_2: str = ""
    suburb: str = ""
    postcode: str = ""
    state: str = ""
    date_of_birth: str = ""
    soc_sec_id: str = ""


Cards = Mapping[Key, Card]


def kinds(cards: Cards) -> tuple[Kind, ...]:
    """The kinds for these cards: names as the product takes them, and one for each other field."""

    def names(a: Traits, b: Traits, rarity: Rarity) -> Iterator[Reason]:
        # In a register both names may have been copied wrongly, or one replaced, beside an official number: there they speak against it
        # and are no guard.
        yield from (replace(reason, bars=False) for reason in by_name.find(a, b, rarity))

    def fields(a: Traits, b: Traits, rarity: Rarity) -> Iterator[Reason]:
        x, y = cards.get(a.profile.key), cards.get(b.profile.key)
        if x is not None and y is not None:
            yield from _fields(x, y)

    return (names, fields)


def _fields(x: Card, y: Card) -> Iterator[Reason]:
    """A reason for each field that both have. Street and place may have changed places on a card."""
    street = _best(_words(x.address_1, y.address_1), _words(x.address_1, y.address_2), _words(x.address_2, y.address_1))
    place = _best(_words(x.address_2, y.address_2), _words(x.address_2, y.suburb), _words(x.suburb, y.address_2))
    likes = {
        "number": _digits(x.soc_sec_id, y.soc_sec_id), "birth": _digits(x.date_of_birth, y.date_of_birth), "street": street, "place": place,
        "suburb": _words(x.suburb, y.suburb), "house": _digits(x.street_number, y.street_number, 1), "postcode": _digits(x.postcode, y.postcode),
        "state": "" if not x.state or not y.state else "same" if x.state == y.state else "differs",
    }  # fmt: skip
    for kind, like in likes.items():
        if like:
            row = f"{kind}.{like}"
            yield Reason(sentence=row, weight=ROWS[row], row=row)


def _best(*likes: str) -> str:
    return next((like for like in ("same", "near", "differs") if like in likes), "")


def _digits(x: str, y: str, most: int = 2) -> str:
    """"same", "near" (up to `most` digits wrong), "differs"; "" for not known."""
    if not x or not y:
        return ""
    return "same" if x == y else "near" if distance(x, y, most) <= most else "differs"


def _words(a: str, b: str) -> str:
    """As _digits, for words with slips, cut short, or written together."""
    if not a or not b:
        return ""
    x, y = a.replace(" ", ""), b.replace(" ", "")
    if x == y:
        return "same"
    near = is_slip(x, y) or distance(x, y, 4) <= min(4, len(x) // 4) or (min(len(x), len(y)) > 5 and (x.startswith(y) or y.startswith(x)))
    return "near" if near else "differs"


def slots(card: Card) -> set[str]:
    """Under what a card is filed and looked for, beside its name: each two fields that one slip does not both spoil."""
    c, born = card, card.date_of_birth
    together = {
        "n": (c.soc_sec_id,), "d": (born,), "gp": (c.given_name, c.postcode), "fp": (c.surname, c.postcode), "gs": (c.given_name, c.suburb), "fs": (c.surname, c.suburb),
        "ap": (c.address_1, c.postcode), "as": (c.address_1, c.suburb), "bs": (c.address_2, c.suburb), "bp": (c.address_2, c.postcode), "hp": (c.street_number, c.postcode),
        "ab": (c.address_1, c.address_2), "ha": (c.street_number, c.address_1), "nd": (c.soc_sec_id[:4], born[:4]), "dn": (c.soc_sec_id[-4:], born[-4:]), "nf": (c.soc_sec_id[:4], c.surname[:3]),
        "ng": (c.soc_sec_id[-4:], c.given_name[:3]), "fy": (c.surname, born[:4]), "gy": (c.given_name, born[:4]), "hs": (c.street_number, c.suburb),
        "sy": (c.suburb, born[:4]), "py": (c.postcode, born[:4]),
    }  # fmt: skip
    return {f"{which}:{'/'.join(parts)}" for which, parts in together.items() if all(parts)}
