"""What stands for Mastodon's answers in the sample and in the tests, held against the shapes of its entities where ../shared has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from relationdesk.services.sample_input import write_sample
from relationdesk.sources.mastodon_facts import facts, notification_facts
from tests.shared import SPECS
from tests.sources.test_mastodon import status

pytestmark = pytest.mark.skipif(not SPECS.is_dir(), reason="needs ../shared/places/specs")


def wrong(shape: str, value: Any) -> list[str]:
    schema = json.loads((SPECS / "mastodon" / "shapes.json").read_text(encoding="utf-8")) | {"$ref": f"#/$defs/{shape}"}
    return [f"{error.json_path}: {error.message[:200]}" for error in jsonschema.Draft202012Validator(schema).iter_errors(value)]


def shape_of(path: Path) -> str:
    parts = path.parts[path.parts.index("mastodon") + 2 :]
    if parts[0] == "well-known":
        return "WebFinger"
    if path.name == "notifications.json":
        return "Notifications"
    if path.name == "statuses.json":
        return "Statuses"
    if parts[2:3] == ("statuses",):
        return "Status"
    return "Account" if parts[2:3] == ("accounts",) and len(parts) == 4 else ""


def files(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*.json")):
        if "mastodon" in path.parts and (shape := shape_of(path)):
            yield path, shape


def test_the_sample_answers_as_mastodon_does(tmp_path: Path) -> None:
    write_sample(tmp_path, date(2026, 11, 27))
    found = list(files(tmp_path))
    assert {shape for _, shape in found} >= {"Account", "Status", "Statuses", "Notifications", "WebFinger"}
    assert [(path.name, shape, each) for path, shape in found for each in wrong(shape, json.loads(path.read_text(encoding="utf-8")))] == []


def test_the_posts_of_the_tests_are_of_that_shape_and_other_things_are_not() -> None:
    assert wrong("Status", status(1)) == [] and wrong("Status", {**status(1), "id": 5}) != []


def test_the_shared_examples_are_read() -> None:
    posts = json.loads((SPECS / "samples" / "mastodon_statuses.json").read_text(encoding="utf-8"))
    assert wrong("Statuses", posts) == [] and all(facts(post) for post in posts)
    assert notification_facts({"id": "1", "type": "mention", "created_at": "2026-11-20T10:00:00Z", "account": posts[0]["account"], "status": posts[0]}, None, {})
