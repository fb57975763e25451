"""Names of what lies in a folder or archive: which of them are believed, and what one is called without its decorations."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

_JUNK_FOLDERS = frozenset({"__macosx"})
_JUNK_FILES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


def safe_name(name: str) -> str:
    """A member's name with '/' and NFC; "" for junk of file managers and for names that lead out of the container."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").split("\0", 1)[0])
    if name.startswith("/") or re.match(r"^[A-Za-z]:", name):
        return ""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if not parts or ".." in parts or any(part.casefold() in _JUNK_FOLDERS for part in parts):
        return ""
    last = parts[-1]
    return "" if last.startswith("._") or last.casefold() in _JUNK_FILES else "/".join(parts)


def plain_stem(name: str) -> str:
    """The file name without folders, ending and a browser's " (1)", case folded: "Jobs/Data (1).CSV" → "data"."""
    stem = PurePosixPath(name).stem.casefold()
    return re.sub(r"\s*\(\d+\)$", "", stem).strip()
