"""Whatever the columns of a table are called: what is in them is read, or it is said which of them were not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Profile, Rejected
from relationdesk.sources.base import Options
from relationdesk.sources.csv_contacts import CsvContacts

KNOWN = (("Name", "Nachname", "Nombre"), ("E-Mail", "Correo", "Courriel"), ("Telefon", "Téléphone", "Phone"))
"""Of each of VALUES: a value under the heading of another kind is another matter."""
LETTERS = "abcdefgorvxzäöüßñçéжя名前 -_"
VALUES = ("Joe Brown", "joe@acme.example", "+49 30 1112223")


def _heading(chance: random.Random, known: tuple[str, ...]) -> str:
    return chance.choice(known) if chance.random() < 0.3 else " ".join(("q" + "".join(chance.choices(LETTERS, k=chance.randint(2, 12)))).split())


@pytest.mark.parametrize("seed", range(10))
def test_a_mail_or_phone_under_any_heading_is_read_or_its_column_is_named(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    path = tmp_path / "list.csv"
    for _ in range(30):
        headings = [_heading(chance, known) for known in KNOWN]
        if len({heading.casefold() for heading in headings}) < len(VALUES):
            continue
        separator = chance.choice(",;\t")
        path.write_text("".join(separator.join(row) + "\n" for row in (headings, VALUES)), encoding="utf-8")
        recognised = CsvContacts().recognise(path)
        assert recognised is not None and recognised.columns == tuple(headings)
        try:
            found = list(CsvContacts().read(path, Options()))
        except UnreadableFile as e:
            assert all(f"“{heading}”" in str(e) for heading in headings), "who reads it can say what each holds"
            continue
        named = " ".join(fact.reason for fact in found if isinstance(fact, Rejected))
        read = repr([fact for fact in found if isinstance(fact, Profile)])
        for heading, value in zip(headings, VALUES, strict=True):
            assert value in read or f"“{heading}”" in named, (headings, value, named)
