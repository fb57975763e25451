"""What is asked of a place, held against its official description where ../shared has one: every question that the example of the source
makes, by its path, the names of its parameters and their values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from relationdesk.errors import SourceError
from relationdesk.services.sample_input import recorded_answer, write_sample
from relationdesk.sources.bluesky import Bluesky
from relationdesk.sources.door import Door
from relationdesk.sources.github import GitHub
from relationdesk.sources.replay import Replay
from tests.recorded_web import recorded
from tests.shared import SPECS

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.skipif(not SPECS.is_dir(), reason="needs ../shared/places/specs")


def asked(source: Any, folder: Path, answers: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Path and query of every question of two readings of all logins of an example."""
    found: list[str] = []

    def note(url: str) -> tuple[int, dict[str, str], bytes]:
        found.append(url)
        return answers(url)  # type: ignore[no-any-return]

    for entry in json.loads((folder / "index.json").read_text(encoding="utf-8"))["logins"]:
        if entry["source"] != source.name:
            continue
        door, followed = Door(transport=Replay(note), clock=lambda: NOW), []
        login = source.connect(entry["address"], entry["token"], door)
        for address in (address for reading in entry["readings"] for address in reading["follows"]):
            try:
                followed.append(source.follow(address, login, entry["token"], door)[0])
            except SourceError:
                continue  # gone in the story
        for stream in source.streams(login, tuple(followed)):
            cursor = ""
            for day in range(2):
                later = type(source)(lambda day=day: NOW + timedelta(days=day))
                try:
                    for page in later.pages(login, stream, cursor, entry["token"], door):
                        cursor = page.cursor or cursor
                except SourceError:
                    continue
    assert len(found) > 10
    return [(urlsplit(url).path, parse_qsl(urlsplit(url).query, keep_blank_values=True)) for url in dict.fromkeys(found)]


def odd(schema: Any, text: str) -> bool:
    """Whether a value of a query is none that its schema (of OpenAPI or a lexicon) allows."""
    kind = schema.get("type")
    if kind == "integer":
        return not text.isdigit() or not schema.get("minimum", 0) <= int(text) <= schema.get("maximum", int(text))
    if kind == "boolean":
        return text not in ("true", "false")
    if kind == "array":
        return odd(schema["items"], text)
    return text not in schema.get("enum", [text]) or (schema.get("format") == "date-time" and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text))


def wrong_for_github(questions: list[tuple[str, list[tuple[str, str]]]]) -> tuple[list[str], int]:
    """Complaints, and how many questions there is a description of."""
    spec = json.loads((SPECS / "github" / "api.github.com.slice.json").read_text(encoding="utf-8"))
    known = {re.compile(re.sub(r"\\\{[^/]*\\\}", "[^/]+", re.escape(path))): one["get"] for path, one in spec["paths"].items() if "get" in one}
    found, described = [], 0
    for path, query in questions:
        operation = next((one for pattern, one in known.items() if pattern.fullmatch(path)), None)
        if operation is None:
            continue
        described += 1
        listed = [spec["components"]["parameters"][one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in operation.get("parameters", ())]
        named = {one["name"]: one["schema"] for one in listed if one["in"] == "query"}
        found += [f"{path}: {name}={value}" for name, value in query if name not in named or odd(named[name], value)]
    return found, described


def wrong_for_bluesky(questions: list[tuple[str, list[tuple[str, str]]]]) -> Iterator[str]:
    for path, query in questions:
        file = SPECS / "atproto" / "lexicons" / f"{path.removeprefix('/xrpc/')}.json"
        if not path.startswith("/xrpc/") or not file.is_file():
            continue
        main = json.loads(file.read_text(encoding="utf-8"))["defs"]["main"]
        if main["type"] != "query":
            continue
        told = main.get("parameters", {})
        named = told.get("properties", {})
        yield from (f"{path}: {name}={value}" for name, value in query if name not in named or odd(named[name], value))
        yield from (f"{path}: {name} is missing" for name in told.get("required", ()) if name not in dict(query))
        counts = {name: sum(one == name for one, _ in query) for name, schema in named.items() if schema["type"] == "array"}
        yield from (f"{path}: {count} times {name}" for name, count in counts.items() if count > named[name].get("maxLength", 10**9))


def test_github_is_asked_as_its_description_says() -> None:
    folder = Path(__file__).parents[1] / "data" / "github"
    complaints, described = wrong_for_github(asked(GitHub(lambda: NOW), folder, partial(recorded, folder)))
    assert complaints == [] and described >= 5


def test_bluesky_is_asked_as_its_lexicons_say(tmp_path: Path) -> None:
    write_sample(tmp_path, NOW.date())
    questions = asked(Bluesky(lambda: NOW), tmp_path, partial(recorded_answer, tmp_path))
    names = {path.rpartition(".")[2] for path, _ in questions}
    assert list(wrong_for_bluesky(questions)) == [] and names >= {"getProfile", "getAuthorFeed", "listNotifications"}


def test_what_is_asked_wrongly_is_seen() -> None:
    feed = "/xrpc/app.bsky.feed.getAuthorFeed"
    assert list(wrong_for_bluesky([(feed, [("actor", "did:plc:x"), ("limit", "500")])])) == [f"{feed}: limit=500"]
    assert list(wrong_for_bluesky([(feed, [("colour", "red")])])) == [f"{feed}: colour=red", f"{feed}: actor is missing"]
    assert wrong_for_github([("/notifications", [("since", "yesterday"), ("all", "true")])]) == (["/notifications: since=yesterday"], 1)
