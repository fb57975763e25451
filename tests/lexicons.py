"""Checks an answer against the official lexicons of the AT Protocol, where ../shared has them. Only what they require."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from tests import shared

SPECS = shared.SPECS / "atproto"
_TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}


@cache
def _document(nsid: str) -> Any:
    file = SPECS / "lexicons" / f"{nsid}.json"
    return json.loads(file.read_text(encoding="utf-8"))["defs"] if file.is_file() else None


def wrong(nsid: str, answer: Any) -> list[str]:
    """What is wrong with the answer to a query or the record of a collection, [] for nothing."""
    main = _document(nsid)["main"]
    schema = main["record"] if main["type"] == "record" else main["output"]["schema"]
    return list(_wrong(schema, answer, nsid, nsid))


def _wrong(schema: Any, value: Any, home: str, where: str) -> Iterator[str]:
    kind = schema["type"]
    if kind == "ref":
        yield from _named(schema["ref"], value, home, where)
    elif kind == "union":
        name = value.get("$type") if isinstance(value, dict) else None
        names = {ref.removeprefix("lex:"): ref for ref in schema["refs"]}
        if name is None:
            yield f"{where} does not say what it is"
        elif name in names or f"{name}#main" in names:
            yield from _named(names.get(name, names.get(f"{name}#main", "")), value, home, where)
    elif kind in _TYPES and (not isinstance(value, _TYPES[kind]) or (kind == "integer" and isinstance(value, bool))):
        yield f"{where} is no {kind}"
    elif kind == "object":
        yield from (f"{where}.{name} is missing" for name in schema.get("required", ()) if name not in value)
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                yield from _wrong(inner, value[name], home, f"{where}.{name}")
    elif kind == "array":
        for number, item in enumerate(value):
            yield from _wrong(schema["items"], item, home, f"{where}[{number}]")
    elif kind == "string":
        yield from _format(schema.get("format", ""), value, where)


def _named(ref: str, value: Any, home: str, where: str) -> Iterator[str]:
    nsid, _, name = ref.removeprefix("lex:").partition("#")
    defs = _document(nsid or home)
    if defs is not None and (name or "main") in defs:
        schema = defs[name or "main"]
        yield from _wrong(schema.get("record", schema), value, nsid or home, where)


def _format(name: str, value: str, where: str) -> Iterator[str]:
    patterns = {
        "at-uri": r"at://\S+", "did": r"did:[a-z]+:\S+", "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", "uri": r"\w+:\S+",
        "cid": r"baf\w{20,}",
    }  # fmt: skip
    if name in patterns and not re.fullmatch(patterns[name], value):
        yield f"{where} is no {name}: {value[:60]}"
