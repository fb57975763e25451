"""Places that speak JSON, read from their examples in tests/data, against what stands beside them in `expected.json`: for each stream
one line per fact, in the order of reading. Each record there is a trap that the place is known for."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from relationdesk.model import Activity, Audience, Coverage, Fact, Profile, Rejected, Tombstone
from relationdesk.sources import LIVE_SOURCES
from tests.sources.test_promises import EXAMPLES, live_streams

EXPECTED = "expected.json"
NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
SOURCES = [source for source in LIVE_SOURCES if (EXAMPLES / source.name / EXPECTED).is_file()]


def line(fact: Fact) -> str:
    """A fact on one line, everything in it that its place says."""
    if isinstance(fact, Profile):
        flags = [word for word, is_so in (("known", fact.known), ("owner", fact.is_owner), ("company", fact.is_company)) if is_so]
        addresses = [address.value + ("!" if address.vouched else "") for address in fact.addresses]
        words = [fact.key.native_id, fact.handle, fact.display_name, fact.url, fact.bio, fact.title, fact.company, *addresses, *flags]
        return "profile: " + " | ".join(words).rstrip(" |")
    if isinstance(fact, Activity):
        people = [f"{participant.role.value} {participant.profile.native_id}" for participant in fact.participants]
        extra = [f"{name}={value}" for name, value in fact.extra]
        when = fact.published.strftime("%Y-%m-%d %H:%M:%S") if fact.published else "?"
        audience = "" if fact.audience is Audience.PUBLIC else fact.audience.value
        words = [fact.key.native_id, f"{fact.kind.value} of {fact.actor.native_id}", when, audience, fact.title, fact.text, fact.url, f"in {fact.thread}" if fact.thread else "",
                 f"to {fact.in_reply_to}" if fact.in_reply_to else "", *people, *extra]  # fmt: skip
        return "activity: " + " | ".join(word for word in words if word)
    if isinstance(fact, Rejected):
        return f"rejected: {fact.where}: {fact.reason}"
    if isinstance(fact, Tombstone):
        return f"withdrawn: {fact.key.native_id}"
    assert isinstance(fact, Coverage)
    return f"covered: {fact.profile.native_id if fact.profile else 'all'} from {f'{fact.since:%Y-%m-%d %H:%M}' if fact.since else 'the beginning'}"


def read(source: Any, folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    chosen = type(source)(lambda: NOW)
    for login, stream, token, door in live_streams(chosen, folder):
        name = f"{stream.name} of {login.user_name or 'nobody'}"
        found[name] = [line(fact) for page in chosen.pages(login, stream, "", token, door) for fact in page.facts]
    return found


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_example_reads_as_expected(source: Any) -> None:
    folder = EXAMPLES / source.name
    assert read(source, folder) == json.loads((folder / EXPECTED).read_text(encoding="utf-8"))


def test_there_are_such_examples() -> None:
    assert SOURCES
