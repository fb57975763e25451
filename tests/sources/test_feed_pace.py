"""How soon a feed is asked again: what it says of itself, what its server says of its cache, and the bounds of both."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from relationdesk.sources.feed_formats import read_feed
from relationdesk.sources.feed_pace import NO_WISH, Rhythm, again, remembered

NOW = datetime(2026, 11, 25, 9, 20, tzinfo=UTC)  # a Wednesday
SY = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'


def wish(channel: str, spaces: str = "") -> Rhythm:
    text = f'<rss version="2.0" {spaces}><channel><title>a</title>{channel}<item><guid>1</guid></item></channel></rss>'
    return read_feed(text.encode(), "https://hotel.example/feed").rhythm


@pytest.mark.parametrize(
    ("channel", "found"),
    [
        ("", NO_WISH),
        ("<ttl>60</ttl>", Rhythm(60)),
        ("<ttl> 90\n</ttl>", Rhythm(90)),
        ("<ttl>-5</ttl>", NO_WISH),
        ("<ttl>1.5</ttl>", NO_WISH),
        ("<ttl>99999999999999999999</ttl>", NO_WISH),
        ("<ttl>999999</ttl>", Rhythm(1440)),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>", Rhythm(60)),
        ("<sy:updatePeriod> Daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", Rhythm(360)),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", Rhythm(1440)),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", Rhythm(1440)),
        ("<sy:updatePeriod>sometimes</sy:updatePeriod>", NO_WISH),
        ("<ttl>60</ttl><sy:updatePeriod>daily</sy:updatePeriod>", Rhythm(1440)),
        ("<skipHours><hour>3</hour><hour>24</hour><hour>25</hour><hour>x</hour></skipHours>", Rhythm(0, (0, 3))),
        ("<skipDays><day>Sunday</day><day> saturday</day><day>Someday</day></skipDays>", Rhythm(0, (), (5, 6))),
    ],
)
def test_what_a_feed_says(channel: str, found: Rhythm) -> None:
    assert wish(channel, SY) == found
    assert remembered([found.minutes, list(found.hours), list(found.days)]) == found


def test_an_old_feed_and_an_atom_feed_say_it_too() -> None:
    rdf = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" {SY}><channel><title>a</title>
        <sy:updatePeriod>daily</sy:updatePeriod></channel><item><title>b</title></item></rdf:RDF>"""
    atom = f"""<feed xmlns="http://www.w3.org/2005/Atom" {SY}><sy:updatePeriod>daily</sy:updatePeriod><entry><id>1</id></entry></feed>"""
    done = '{"version":"https://jsonfeed.org/version/1.1","expired":true,"items":[{"id":"1"}]}'
    assert [read_feed(text.encode(), "https://hotel.example/feed").rhythm for text in (rdf, atom, done)] == [Rhythm(1440)] * 3


@pytest.mark.parametrize(
    ("rhythm", "cache", "minutes"),
    [
        (NO_WISH, "", 30),
        (NO_WISH, "max-age=0", 30),
        (NO_WISH, "public, max-age=7200", 120),
        (NO_WISH, "max-age=31536000, immutable", 360),
        (NO_WISH, "no-cache, max-age=7200", 30),
        (NO_WISH, "no-store, max-age=7200", 30),
        (NO_WISH, "s-maxage=7200", 30),
        (NO_WISH, "max-age=none", 30),
        (Rhythm(5), "", 30),
        (Rhythm(240), "max-age=60", 240),
        (Rhythm(999_999), "", 1440),
        (Rhythm(0, (9, 10, 11)), "", 160),  # 12:00
        (Rhythm(0, tuple(range(24))), "", 30),
        (Rhythm(0, (), (2,)), "", 880),  # midnight
        (Rhythm(0, (), tuple(range(7))), "", 30),
        (Rhythm(1440, (), (3, 4)), "", 3760),  # Saturday 0:00: the day after tomorrow and the next are left out
    ],
)
def test_it_is_kept_within_bounds(rhythm: Rhythm, cache: str, minutes: int) -> None:
    assert again(NOW, rhythm, {"cache-control": cache} if cache else {}) == NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize("kept", [None, "", [], [1], [1, 2, 3], ["60", [], []], {"minutes": 5}, [60, ["x"], [9]]])
def test_a_bent_memory_of_it_is_no_crash(kept: object) -> None:
    assert remembered(kept).hours == () and again(NOW, remembered(kept), {}) >= NOW + timedelta(minutes=30)
