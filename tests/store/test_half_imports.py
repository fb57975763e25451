"""A batch that comes in portions is marked, and while the mark is there it counts as not brought in."""

from __future__ import annotations

import pytest

from relationdesk.errors import UserMistake
from relationdesk.store import batches, half_imports
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.half_imports import Half
from tests.facts import bring, who


def begun(db: Desk) -> int:
    with transaction(db):
        id_ = batches.begin(db, format="vcard", place="contacts", name="cards.vcf", at=0)
        half_imports.begin(db, id_)
    return id_


def test_from_the_first_portion_to_the_last() -> None:
    db = open_memory()
    bring(db, [who("Joe Brown")])
    id_ = begun(db)
    assert half_imports.every(db) == (Half(batch_id=id_, name="cards.vcf", decisions=0, is_ending=False),)
    assert [b.id for b in batches.every(db)] == [1]
    with transaction(db):
        half_imports.all_in(db, id_)
    assert half_imports.every(db)[0].is_ending and [b.id for b in batches.every(db)] == [1]
    with transaction(db):
        half_imports.end(db, id_)
    assert half_imports.every(db) == () and [b.id for b in batches.every(db)] == [id_, 1]


def test_what_must_wait_is_refused_in_a_sentence() -> None:
    db = open_memory()
    half_imports.refuse(db, "Nothing was changed.")
    begun(db)
    with pytest.raises(UserMistake, match=r"^An import is just being brought in or taken out\. Nothing was changed\. Try again when it is done\.$"):
        half_imports.refuse(db, "Nothing was changed.")


def test_what_was_there_before_is_remembered() -> None:
    db = open_memory()
    bring(db, [who("Joe Brown"), who("Ann Wren", "linkedin")])
    begun(db)
    places, kinds, decisions = db.execute("SELECT places, kinds, decisions FROM halves").fetchone()
    assert (places, kinds, decisions) == tuple(
        db.execute("SELECT (SELECT max(id) FROM places), (SELECT max(id) FROM kinds), (SELECT count(*) FROM decisions)").fetchone()
    )
