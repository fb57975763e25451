"""Which source reads a file, judged by its content; and why none does, as exactly as its content tells."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from relationdesk.errors import UnreadableFile
from relationdesk.saying import counted, say
from relationdesk.sources import FILE_SOURCES
from relationdesk.sources.base import FileSource, Recognised
from relationdesk.sources.container import looked_into_once, open_container, refuse_device
from relationdesk.sources.elsewhere import inside, packed_in, sign_of
from relationdesk.sources.together import volumes
from relationdesk.text import listed

TITLES_NAMED = 4
"""So many kinds of files a sentence names before it only counts the others."""
_IN_ANY_EXPORT = frozenset({"mail", "contacts", "calendar"})
"""Places whose files lie in the exports of others too: the second file of a Takeout may hold nothing but a mailbox."""
_SURE = 0.8
_LOOSE = frozenset({"vcard", "csv_contacts", "mail_files", "ical", "bookmarks", "outlook_mail", "outlook_calendar"})
"""Formats whose files lie in a folder by themselves, beside those of others; all other folders are one export, to which what is in them belongs."""


def recognise(path: Path, format: str = "") -> tuple[FileSource, Recognised]:
    """Which source reads this file, or these of one export. Raises UnreadableFile if none does, or if they are not of one."""
    for file in volumes(path):
        if not file.exists():
            raise UnreadableFile(say("There is no file {name} at that place. Nothing was brought in. Check the path.", name=file.name))
        refuse_device(file)
    chosen = [source for source in FILE_SOURCES if not format or source.name == format]
    if not chosen:
        names = ", ".join(source.name for source in FILE_SOURCES)
        raise UnreadableFile(say("“{format}” is not a format that can be read. Nothing was brought in. Choose one of: {names}.", format=format, names=names))
    best = _best(path, chosen)
    if best is None:
        if path.is_file() and path.stat().st_size == 0:
            raise UnreadableFile(say("{name} is empty. Nothing was brought in. Check where it comes from.", name=path.name), source=format)
        with open_container(path) as container:  # says it better for what is damaged, encrypted or a bomb
            if not container.names() and not container.book:
                raise UnreadableFile(say("There is no file in {name}. Nothing was brought in. Check where it comes from.", name=path.name), source=format)
        raise UnreadableFile(_unknown(path, format), source=format)
    _refuse_strangers(path, best[1])
    return best


def passed_over(path: Path, seen: Recognised) -> tuple[str, ...]:
    """The files of a folder that a reader of single files passes over and another could read, as "book.csv (Table)"; the first twenty are looked at."""
    if seen.format not in _LOOSE or not path.is_dir():
        return ()
    own = [source for source in FILE_SOURCES if source.name == seen.format]
    beside = (file for file in inside(path) if file.is_file() and _best(file, own) is None)
    return tuple(f"{file.name} ({say(what.title)})" for file, what in _readable(beside))


def _readable(paths: Iterable[Path]) -> list[tuple[Path, Recognised]]:
    """Those of them that any source reads by themselves."""
    return [(path, found[1]) for path in paths if (found := _best(path, FILE_SOURCES)) is not None]


def _best(path: Path, sources: list[FileSource] | tuple[FileSource, ...]) -> tuple[FileSource, Recognised] | None:
    with looked_into_once():
        found = [(source, seen) for source in sources if (seen := source.recognise(path)) is not None]
    return max(found, key=lambda pair: pair[1].certainty, default=None)


def _refuse_strangers(path: Path, whole: Recognised) -> None:
    """Files put together, or folders in a folder, that are exports of two places or two people: what is in the second would be passed over,
    or taken for the first one's."""
    files = volumes(path)
    beside = len(files) < 2  # mailboxes, cards and calendars of several people may lie in one folder
    if beside:
        files = tuple(one for one in inside(path) if one.is_dir())
    parts = {part.name for part in whole.parts}
    first: tuple[Path, Recognised] | None = None
    for file in files if len(files) > 1 else ():
        found = _best(file, FILE_SOURCES)
        if found is None or found[1].certainty < _SURE:
            continue
        seen = found[1]
        if (seen.place in _IN_ANY_EXPORT and (beside or seen.format != whole.format)) or (seen.place in parts and seen.place != whole.place):
            continue
        if first is not None and (seen.place != first[1].place or _differ(seen, first[1])):
            one, other = (say("{file} is this: {what}", file=where.name, what=_whose(what)) for where, what in (first, (file, seen)))
            raise UnreadableFile(say("These are not files of one export. {one}. {other}. Nothing was brought in. Bring them in one by one.", one=one, other=other))
        if first is None or not first[1].owner or first[1].gathered:
            first = (file, seen)


def _differ(one: Recognised, other: Recognised) -> bool:
    """Whether both say whose they are, and not the same."""
    return bool(one.owner and other.owner) and not (one.gathered or other.gathered) and one.owner != other.owner


def _whose(seen: Recognised) -> str:
    return say("{title} of {owner}", title=say(seen.title), owner=seen.owner) if seen.owner else say(seen.title)


def what_is_read() -> str:
    """ "LinkedIn archive, vCard, Contact list (CSV), Mailbox and 27 more": short, however many there are."""
    titles = [say(source.title) for source in FILE_SOURCES]
    if len(titles) <= TITLES_NAMED + 1:
        return listed(titles)
    return counted(len(titles) - TITLES_NAMED, "{titles} and {n} more kind of files", "{titles} and {n} more kinds of files", titles=", ".join(titles[:TITLES_NAMED]))


def _unknown(path: Path, format: str) -> str:
    """Why no source reads it, as exactly as its content tells, and what to do."""
    if format:
        titles = {source.name: source.title for source in FILE_SOURCES}
        return say("{name} does not look like this format ({title}). Nothing was brought in. Leave the format out, and it is recognised by its content.", name=path.name, title=say(titles[format]))
    if readable := _readable(inside(path)):
        part, seen = readable[0]
        better = say("Choose it by itself.") if len(readable) == 1 else say("So can others, {n} in all: choose the files themselves, all at once.", n=len(readable))
        return say("{folder} is a folder with different things in it. Nothing was brought in. {part} in it can be read ({title}). {better}", folder=path.name, part=part.name, title=say(seen.title), better=better)
    if package := packed_in(path):
        return say("{name} holds another packed file, {package}. Nothing was brought in. Unpack {name}, and choose {package} by itself.", name=path.name, package=package)
    reads = say("RelationDesk reads: {what_is_read}.", what_is_read=what_is_read())
    for part in (path, *inside(path)):
        if sign := sign_of(part):
            what = part.name if part == path else say("{file} in the folder {folder}", file=part.name, folder=path.name)
            return say("{file} is {title}, which RelationDesk does not read. Nothing was brought in. {advice}", file=what, title=say(sign.title), advice=say(sign.advice) if sign.advice else reads)
    return say("{file} is not a file RelationDesk knows how to read. Nothing was brought in. {reads}", file=path.name, reads=reads)
