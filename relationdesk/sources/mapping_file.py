"""A taught meaning of a table's columns as a small file that can be handed on: names of columns and of our fields, no more."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from relationdesk.errors import UnreadableFile, UserMistake
from relationdesk.saying import say
from relationdesk.sources.csv_columns import FIELDS, lacking
from relationdesk.sources.json_reader import read_json
from relationdesk.text import one_line

SIGN: Final = "relationdesk_mapping"
VERSION: Final = 1
MOST_BYTES: Final = 256 * 1024
MOST_COLUMNS: Final = 2_000
_LOOKED_AT: Final = 400
_BEGIN: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"' + SIGN.encode() + rb'"\s*:')


def write_mapping(path: Path, mapping: Mapping[str, str]) -> None:
    """Write {column: field}, over a file of that name. Raises UserMistake if it cannot be written; no half of it is left there."""
    text = json.dumps({SIGN: VERSION, "columns": dict(mapping)}, ensure_ascii=False, indent=2) + "\n"
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as e:
        part.unlink(missing_ok=True)
        raise UserMistake(say("The mapping could not be saved as “{path}” ({reason}). Nothing else was changed. Choose another place.", path=path, reason=e.strerror)) from e


def is_mapping(path: Path) -> bool:
    """Whether a file looks like one that `write_mapping` wrote, a broken one too. Reads its beginning; never raises."""
    try:
        with path.open("rb") as stream:
            return bool(_BEGIN.match(stream.read(_LOOKED_AT)))
    except OSError:
        return False


def read_mapping(path: Path) -> dict[str, str]:
    """{column: field of FIELDS} as `write_mapping` wrote it. Raises UnreadableFile for anything else, a later version, or too little."""
    found = _document(path)
    if not isinstance(found, dict) or SIGN not in found:
        raise _refused(path, say("is no mapping of columns"))
    version = found[SIGN]
    if type(version) is int and version > VERSION:
        raise UnreadableFile(say("“{name}” was made by a later RelationDesk. Nothing was brought in. Update RelationDesk to use it.", name=path.name))
    columns = found.get("columns")
    if type(version) is not int or version != VERSION or not isinstance(columns, dict) or len(columns) > MOST_COLUMNS:
        raise _refused(path, say("is no mapping of columns"))
    for column, field in columns.items():
        if field not in FIELDS:
            raise _refused(path, say("names a field that there is not, “{field}” for the column “{column}”", field=one_line(str(field), 40), column=one_line(column, 80)))
    if what := lacking(columns.values()):
        raise _refused(path, say("has no column for a name or a mail address") if what == "who" else say("has no column for the date of what was done"))
    return dict(columns)


def _document(path: Path) -> Any:
    try:
        with path.open("rb") as stream:
            start = stream.read(MOST_BYTES + 1)
    except OSError as e:
        raise UnreadableFile(say("“{name}” cannot be read ({reason}). Nothing was brought in. Choose another file.", name=path.name, reason=e.strerror)) from e
    if len(start) > MOST_BYTES:
        raise _refused(path, say("is too large for a mapping of columns"))
    try:
        return read_json(start.decode("utf-8-sig"))
    except ValueError as e:
        raise _refused(path, say("is no mapping of columns")) from e


def _refused(path: Path, why: str) -> UnreadableFile:
    return UnreadableFile(say("“{name}” {why}. Nothing was brought in. Ask for the file again: it is saved in the window, or with “mapping save”.", name=path.name, why=why))
