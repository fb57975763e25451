"""Several files of one export (`takeout-…-001.zip`, `-002.zip`) as one path, so that every source reads them as one.

Whoever opens the path by `container.open_container` gets the members of all of them; for everything else it is the
path of the first. Names alone say what belongs together; whether they really are one export, `services/importing` checks.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from relationdesk.sources.member_names import safe_name

if sys.platform == "win32":
    from pathlib import WindowsPath as _Path
else:
    from pathlib import PosixPath as _Path

_PACKED = re.compile(r"(?i)\.(zip|tgz|tar\.gz)$")
_DATE = r"(?:\d{4}[-_.]\d{1,2}[-_.]\d{1,2}|\d{1,2}[-_.]\d{1,2}[-_.](?:\d{4}|\d{2}))"
_ENDS_IN_DATE = re.compile(_DATE + "$")
_NUMBER = re.compile(r"(?i)^(?P<stem>.*[^\W\d_].*?)(?:[-_.]|[-_. ](?:part|pt|vol)[-_. ]?|part)(?P<number>\d{1,3})$")
_META = re.compile(rf"(?i)^(?P<stem>(?:facebook|instagram|threads)-.+-{_DATE})-[a-z0-9]{{4,40}}$")
"""Facebook and Instagram give every file of an export letters of its own instead of a number."""


class _Together(_Path):
    """The path of the first file, which knows the others. Made by `together`; whatever is derived from it is a plain path."""

    others: tuple[Path, ...] = ()


def together(paths: Iterable[Path]) -> Path:
    """These files of one export, in this order, as one path; a single one as it is. Raises ValueError for none."""
    found = tuple(dict.fromkeys(Path(path) for path in paths))
    if not found:
        raise ValueError("no path")
    if len(found) == 1:
        return found[0]
    made = _Together(found[0])
    made.others = found[1:]
    return made


def volumes(path: Path) -> tuple[Path, ...]:
    """The files behind a path: one, or all that were put together."""
    others: tuple[Path, ...] = getattr(path, "others", ())
    return (Path(path), *others)


def whole(path: Path) -> Path:
    """What a path stands for: a folder that holds nothing but the packed files of one export stands for these, anything else for itself."""
    if len(volumes(path)) > 1 or not path.is_dir():
        return path
    files: list[Path] = []
    try:
        for one in path.iterdir():
            if not safe_name(one.name):  # what systems leave in folders
                continue
            if not _PACKED.search(one.name) or not one.is_file():
                return path
            files.append(one)
    except OSError:
        return path
    groups = grouped(sorted(files))
    return together(groups[0]) if len(groups) == 1 else path


class Volume(NamedTuple):
    """What a name says: which export, and the how manieth file of it; number None where the name does not tell."""

    stem: str
    number: int | None


def volume_of(path: Path) -> Volume | None:
    """None for a name that is no numbered file of an export. A browser's " (1)" is a second copy and no number."""
    packed = _PACKED.search(path.name)
    if path.suffix and not packed and not re.fullmatch(r"\.\d*", path.suffix):
        return None
    name = path.name[: packed.start()] if packed else path.name
    if meta := _META.match(name):
        return Volume(f"{path.parent}/{meta['stem'].casefold()}", None)
    found = _NUMBER.match(name)
    if found is None or _ENDS_IN_DATE.search(name):
        return None
    return Volume(f"{path.parent}/{found['stem'].casefold()}", int(found["number"]))


def grouped(paths: Iterable[Path]) -> tuple[tuple[Path, ...], ...]:
    """The paths, those side by side that look like files of one export: in the order of their numbers, at the place of the first."""
    groups: dict[object, dict[object, Path]] = {}
    for path in dict.fromkeys(paths):
        volume = volume_of(path)
        if volume is None:
            groups[path] = {path: path}
            continue
        group = groups.setdefault(volume.stem, {})
        number = path if volume.number is None else volume.number
        if number in group:  # the same number twice: a copy, which stands for itself
            groups[path] = {path: path}
        else:
            group[number] = path
    return tuple(tuple(sorted(group.values(), key=_order)) for group in groups.values())


def missing(path: Path) -> tuple[int, ...]:
    """Numbers of files that are not among those put together, though later ones are; () for a single file."""
    files = volumes(path)
    numbers = {volume.number for file in files if (volume := volume_of(file)) is not None and volume.number is not None}
    if len(files) < 2 or not numbers:
        return ()
    return tuple(number for number in range(min(min(numbers), 1), max(numbers)) if number not in numbers)[:50]


def _order(path: Path) -> tuple[int, str]:
    volume = volume_of(path)
    return (volume.number or 0) if volume else 0, path.name
