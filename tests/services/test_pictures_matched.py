"""From a file or a place to the question: pictures bring two profiles together, and never link by themselves."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from relationdesk.model import Address, AddressKind, Fact, Key, Profile, Progress
from relationdesk.services import match_loading, matching
from relationdesk.services.match_index import Index
from relationdesk.sources.base import Options
from relationdesk.sources.vcard import VCard
from relationdesk.store.database import open_memory
from tests.facts import bring, who
from tests.services.test_match_index import filled
from tests.sources.drawing import drawn, saved

MAIL = "joe@alderfinch.example"
SUM = f"gravatar:{hashlib.sha256(MAIL.encode()).hexdigest()}"


def pictured(profile: Profile, mark: str) -> Profile:
    return replace(profile, addresses=(*profile.addresses, Address(kind=AddressKind.PICTURE, value=mark)))


def near(profile: Profile, other: Profile, way: str) -> list[str]:
    db = open_memory()
    bring(db, (other,))
    index = filled(db) if way == "filed" else Index(db)
    index.load([profile] * (match_loading.MANY + 1 if way == "whole" else 1))
    return [person.name for person in index.near(profile)]


@pytest.mark.parametrize("way", ["few", "whole", "filed"])
@pytest.mark.parametrize(
    ("profile", "other"),
    [
        (pictured(who("joeb", "gitlab", "1"), SUM), who("Joe Brown", "contacts", mail=MAIL)),
        (who("", "contacts", "1", mail=MAIL), pictured(who("Joe Brown", "gitlab"), SUM)),
        (pictured(who("jb", "feed", "1"), "github:4711"), who("Joe Brown", "github", "4711")),
        (who("jb", "github", "4711"), pictured(who("Joe Brown", "feed", "1"), "github:4711")),
        (pictured(who("", "monica", "1"), "look:f0e1d2c3b4a59687"), pictured(who("Joe Brown", "contacts"), "look:f0e1d2c3b4a59686")),
    ],
)
def test_who_is_near_by_picture(profile: Profile, other: Profile, way: str) -> None:
    assert near(profile, other, way) == ["Joe Brown"]


def test_two_cards_with_one_picture_become_a_question(tmp_path: Path) -> None:
    def card(name: str, *, edge: int) -> str:
        photo = base64.b64encode(saved(drawn(3), "JPG", edge)).decode()
        return f"BEGIN:VCARD\nVERSION:3.0\nUID:{name}\nFN:{name}\nPHOTO;ENCODING=b;TYPE=JPEG:{photo}\nEND:VCARD\n"

    (tmp_path / "book.vcf").write_text(card("Robert Hale", edge=0), encoding="utf-8")
    (fact,) = (fact for fact in VCard().read(tmp_path / "book.vcf", Options()) if isinstance(fact, Profile))
    (tmp_path / "other.vcf").write_text(card("bobby", edge=96), encoding="utf-8")
    facts: list[Fact | Progress] = list(VCard().read(tmp_path / "other.vcf", Options()))
    (other,) = (one for one in facts if isinstance(one, Profile))
    db = open_memory()
    bring(db, (fact,))
    bring(db, (replace(other, key=Key("monica", "bobby"), known=False),))
    (match,) = matching.waiting(db)
    assert match.profile.profile.display_name == "bobby"
    assert [reason.sentence for reason in match.candidates[0][1].reasons] == ["Both have the same picture."]

