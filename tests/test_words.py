"""Every text that is asked for by a name, and not as a literal, stands in a table that a translator gets, in the context in which it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from relationdesk.flip import weights
from relationdesk.prompts import RULES
from relationdesk.sources import FILE_SOURCES, LIVE_SOURCES, crm_layouts
from relationdesk.sources.base import Part, Priced
from relationdesk.sources.closed_places import BY_HAND, CLOSED
from tests import words

ELSEWHERE = {
    "sample.STOPPED", "bringing.STOPPED", "decisions.SETTLED[how]", "kind.SAFE", "self.SAFE", "row(self.row).words", "price.title", "money.prices.of(name).note",
    "told.why", "one.why", "source.way_in.key_from", "way.costs", "way.signs_in", "way.title", "way.key_title", "way.gives", "way.key_from", "way.follow",
    "titles.get(batch.format, batch.format)", "titles[format]", "seen.title", "source.title", "what.title", "part.title", "rule.says", "says", "records.what", "title",
    "sign.title", "sign.advice", "words", "rights", "what", "part", "doubt", "why.value", "told", "text", "' '.join(ready.missing)",
}
"""Fields of what is told below, or names of a text that was `marked` where it was handed over."""
OF_THE_STUDIO = "window.py"
PROPER = {
    "Bluesky", "GitHub", "GitLab", "HubSpot", "Instagram", "LinkedIn", "Mastodon", "Pinboard", "Pipedrive", "Raindrop.io", "Reddit", "Salesforce", "Threads", "X", "YouTube",
}  # fmt: skip
"""Names that are the same in every language."""


@cache
def said() -> frozenset[str]:
    return frozenset(text.text for text in words.every() if text.context == words.SAID)


@cache
def known() -> frozenset[tuple[str, str]]:
    return frozenset((text.context, text.text) for text in words.every())


def test_a_text_asked_for_by_name_stands_in_a_table_that_is_found() -> None:
    asked = [one for one in words.asked_by_name() if not one[0].startswith(OF_THE_STUDIO)]
    assert [(where, text) for where, text, found in asked if not found and text not in ELSEWHERE] == []
    assert sum(bool(found) for _, _, found in asked) > 80
    assert [(where, text) for where, _, found in asked for text in found if (text.context, text.text) not in known()] == []


def told_by_tables() -> Iterator[str]:
    for source in LIVE_SOURCES:
        way = source.way_in
        yield from (way.title, way.gives, way.follow, way.signs_in, way.key_from, way.key_title, way.costs)
        if isinstance(source, Priced):
            yield from (text for price in source.prices.prices for text in (price.title, price.note))
    yield from (text for one in CLOSED for text in (one.why, one.archive))
    yield BY_HAND
    for reader in FILE_SOURCES:
        yield reader.title
        yield from (part.title for part in vars(reader).values() if isinstance(part, Part))
    yield from (rule.says for rule in RULES)
    yield from (row.words for row in weights.read(weights.TABLE).values())
    yield from (one.what for one in crm_layouts.RECORDS)


def test_what_tables_tell_is_in_the_file_for_translators() -> None:
    told = [text for text in told_by_tables() if text]
    assert len(told) > 200 and sorted({text for text in told if text not in said() | PROPER}) == []
