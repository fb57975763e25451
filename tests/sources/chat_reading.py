"""Reading a chat export in tests: its facts by kind, short to ask."""

from __future__ import annotations

from pathlib import Path

from relationdesk.model import Activity, Coverage, Fact, Kind, Profile, Progress, Rejected
from relationdesk.sources.base import FileSource, Options
from tests.shared import REAL

DATA = Path(__file__).parents[1] / "data"


class Found:
    """What a source read, with one profile per key: the last one told."""

    def __init__(self, source: FileSource, path: Path, me: str = "", parts: frozenset[str] | None = None, **answers: str) -> None:
        options = Options(me=me, answers=answers, parts=parts)
        self.facts: list[Fact] = [fact for fact in source.read(path, options) if not isinstance(fact, Progress)]
        self.activities = [fact for fact in self.facts if isinstance(fact, Activity)]
        self.messages = [one for one in self.activities if one.kind is Kind.MESSAGE]
        self.calls = [one for one in self.activities if one.kind is Kind.CALL]
        self.profiles = {fact.key.native_id: fact for fact in self.facts if isinstance(fact, Profile)}
        (self.owner,) = {fact.key: fact for fact in self.facts if isinstance(fact, Profile) and fact.is_owner}.values()
        self.rejects = [fact.reason for fact in self.facts if isinstance(fact, Rejected)]
        self.coverage = [fact for fact in self.facts if isinstance(fact, Coverage)]

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.activities]

    @property
    def mine(self) -> list[str]:
        return [one.text for one in self.activities if one.actor == self.owner.key]

    def others(self) -> dict[str, Profile]:
        return {native: one for native, one in self.profiles.items() if not one.is_owner}


def real(name: str) -> Path:
    import pytest

    path = REAL / name
    if not path.exists():
        pytest.skip(f"no real file {name} beside the checkout")
    return path


def towards(one: Activity) -> set[tuple[str, str]]:
    return {(p.profile.native_id, p.role.value) for p in one.participants}


def extra(one: Activity) -> dict[str, str]:
    return dict(one.extra)
