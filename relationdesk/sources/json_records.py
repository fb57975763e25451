"""The records of JSON that is too large to hold: one after the other, in bounded memory; a broken one costs itself.

Takes what exports really are: a list, an object with the list in one of its fields or deep inside, either of them behind
`window.YTD.tweets.part0 = `, or one document per line. Each record is decoded once, by the standard library.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import IO, Any, NoReturn

from relationdesk.saying import say

MOST = 4 * 1024 * 1024
"""Characters of one record; one of empty lists alone then takes 130 MB for a moment. A long post has some thousands."""
_CHUNK = 256 * 1024
_TAIL = 512
"""Characters that may belong to a pattern which the next chunk completes."""
_CUT = 16
_LONGEST_KEY = 80
"""Characters of a field's name by which records are found again."""
_BLANK = re.compile("[ \t\r\n\0\ufeff]*")
_ASSIGNMENT = re.compile(r"\s*(?:window\s*\.|var\s|Grailbird\s*\.)[^=\[{\"]{0,200}=")
_LINE = re.compile(r"\n[ \t\r]*(?=[{\[])")
_NEVER = r"(?!)"
_BRACKET = re.compile(r'[\[\]{}"]')
_IN_TEXT = re.compile(r'["\\]')
_FIRST_KEY = re.compile(r"\{\s*(\"[^\"\\]{1,80}\")\s*:")


class Bad(ValueError):
    """Here the text is no JSON, ends too early, or holds a record too large to be one; a sentence."""


class Large(Bad):
    """A value that is larger, or deeper, than any record is."""


class Lost(Bad):
    """The list that was being read broke, and what could be found again lies behind its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A record that could not be read. number: which of its list, the first being 1."""

    number: int
    reason: str


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(strict=False, parse_constant=_no_constant)
"""Not strict: a raw line break in a text is a slip of the exporter, no reason to lose the text."""


class Walker:
    """Goes through one text: `next` looks, `value` takes a whole value, `fields` and `records` go into one."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        start = stream.read(_CHUNK)
        wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        self._decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8-sig")("replace")
        self._text = self._decoder.decode(start)
        self._at = 0
        self._passed = 0

    @property
    def place(self) -> int:
        """How many characters were gone through."""
        return self._passed + self._at

    def skip_assignment(self) -> None:
        """Go behind `window.x = `, if that is how the text begins."""
        if found := _ASSIGNMENT.match(self._text, self._at):
            self._at = found.end()

    def next(self) -> str:
        """The next character that means something, "" at the end. Does not take it."""
        while True:
            self._at = _BLANK.match(self._text, self._at).end()  # type: ignore[union-attr]  # matches nothing, too
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._longer():
                return ""

    def take(self) -> None:
        """Go behind the character that `next` showed."""
        self._at += 1

    def value(self) -> Any:
        """The value that begins here. Raises Bad, and then stays where it is."""
        self.next()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as e:
                cut = e.pos >= len(self._text) - _CUT or e.msg.startswith("Unterminated string")
                if cut and self._longer():
                    continue
                raise Bad(say("It breaks off.") if cut else say("It is damaged.")) from e
            except RecursionError as e:
                raise Large(say("It is damaged.")) from e
            except ValueError as e:
                raise Bad(say("It is damaged.")) from e
            if end < len(self._text) or isinstance(value, str | list | dict) or not self._longer():
                self._at = end
                return value

    def skip(self) -> None:
        """Go behind the value that begins here, however large it is, without making anything of it. Raises Bad."""
        if self.next() not in ("{", "[", '"'):
            self.value()
            return
        depth = 0
        while True:
            sign = self._find(_BRACKET)
            if sign == '"':
                self._pass_text()
            else:
                depth += 1 if sign in "{[" else -1
            if not depth:
                return

    def _pass_text(self) -> None:
        while self._find(_IN_TEXT) == "\\":
            if self._at >= len(self._text) and not self._longer():
                raise Bad(say("It breaks off."))
            self._at += 1

    def _find(self, signs: re.Pattern[str]) -> str:
        """Go behind the next of these signs, which is given back. Raises Bad where there is none."""
        while not (found := signs.search(self._text, self._at)):
            self._at = len(self._text)
            if not self._longer():
                raise Bad(say("It breaks off."))
        self._at = found.end()
        return found.group()

    def fields(self) -> Iterator[str]:
        """The names of the object that begins here; whoever asks takes each one's value. Raises Bad."""
        self.take()
        while (sign := self.next()) != "}":
            if sign == ",":
                self.take()
                continue
            name = self.value() if sign == '"' else None
            if not isinstance(name, str) or self.next() != ":":
                raise Bad(say("It is damaged.") if sign else say("It breaks off."))
            self.take()
            yield name
        self.take()

    def records(self, ends: re.Pattern[str] | None = None) -> Iterator[Any]:
        """What is in the list that begins here; Broken for what cannot be read.

        After a broken record it goes on with the next one that begins like those before. ends: what only stands behind
        this list; where that comes first, Lost is raised, standing there.
        """
        self.take()
        number, first = 0, ""
        while (sign := self.next()) != "]":
            if sign == ",":
                self.take()
                continue
            number += 1
            try:
                value = self.value()
            except Bad as e:
                yield Broken(number=number, reason=str(e) if sign else say("The file breaks off here."))
                if not sign or not self._find_again(first or self._first_key(), ends):
                    return
                continue
            if not first and isinstance(value, dict) and value and len(key := next(iter(value))) <= _LONGEST_KEY:
                first = json.dumps(key, ensure_ascii=False)
            yield value
        self.take()

    def go_to(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Stand before the next match; at the end of the text if there is none."""
        while True:
            if found := pattern.search(self._text, self._at):
                self._at = found.start()
                return found
            self._at = max(self._at, len(self._text) - _TAIL)
            if not self._longer():
                self._at = len(self._text)
                return None

    def _first_key(self) -> str:
        found = _FIRST_KEY.match(self._text, self._at)
        return found.group(1) if found else ""

    def _find_again(self, first: str, ends: re.Pattern[str] | None) -> bool:
        self._at += 1
        end, again = ends.pattern if ends else _NEVER, rf"\{{\s*{re.escape(first)}\s*:" if first else _NEVER
        found = self.go_to(re.compile(f"(?P<end>{end})|{again}"))
        if found and found["end"] is not None:
            raise Lost(say("It is damaged."))
        return found is not None

    def _longer(self) -> bool:
        """Read on; False at the end. What was gone through is forgotten. Raises Bad for a record without an end."""
        waiting = len(self._text) - self._at
        if waiting > MOST:
            raise Large(say("It is larger than any record is."))
        data = self._stream.read(min(max(_CHUNK, waiting), MOST + _CHUNK - waiting))
        more = self._decoder.decode(data, final=not data)
        self._passed += self._at
        self._text, self._at = self._text[self._at :] + more, 0
        return bool(data) or bool(more)


class Begun:
    """Stands for a record that is gone into."""


BEGUN = Begun()


class _First:
    """The beginning of a stream."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream, self._left = stream, limit

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data


def parts(stream: IO[bytes], lists: Collection[str], *, limit: int = 1 << 62) -> Iterator[tuple[str, Any]]:
    """(path, value) of what stands in a document of which at most `limit` bytes are read, in its order: every record of these lists
    under the path of its list, everything else on the way under its own; what is too large or too deep for a value is passed over.

    A path is names with dots, "" for the document, "*" for each record of a list that is gone into: "chats.list.*.messages". Such
    a record is BEGUN before its fields. Broken for a record that cannot be read, and under "" where the document breaks.
    """
    ways = {".".join(steps[:n]) for one in lists for steps in (one.split("."),) for n in range(len(steps) + 1)} - set(lists)
    walker = Walker(_First(stream, limit) if limit < 1 << 62 else stream)  # type: ignore[arg-type]  # reads as a stream does
    try:
        yield from _parts(walker, "", ways, lists)
    except Bad as e:
        yield "", Broken(number=0, reason=str(e))


def listed(stream: IO[bytes], path: str) -> Iterator[Any]:
    """Every record of the list at a path, as in `parts`. Broken for one that cannot be read, and once where the document breaks."""
    broken = False
    for where, value in parts(stream, {path}):
        if isinstance(value, Broken):
            if value.number or not broken:
                yield value
            broken = True
        elif where == path:
            yield value


def _parts(walker: Walker, path: str, ways: Collection[str], lists: Collection[str]) -> Iterator[tuple[str, Any]]:
    sign = walker.next()
    if sign == "[" and path in lists:
        # Behind a break, what looks like a record may be one of the next list of this name.
        ends = re.compile(rf'"{re.escape(path.rpartition(".")[2])}"\s*:\s*\[') if "*" in path else None
        for record in walker.records(ends):
            yield path, record
    elif sign == "[" and (each := _below(path, "*")) in ways:
        yield from _each(walker, each, ways, lists)
    elif sign == "{" and path in ways:
        for name in walker.fields():
            yield from _parts(walker, _below(path, name), ways, lists)
    else:
        try:
            value = walker.value()
        except Large:
            walker.skip()
        else:
            yield path, value


def _each(walker: Walker, path: str, ways: Collection[str], lists: Collection[str]) -> Iterator[tuple[str, Any]]:
    walker.take()
    while (sign := walker.next()) != "]":
        if not sign:
            raise Bad(say("It breaks off."))
        if sign == ",":
            walker.take()
        elif sign == "{":
            yield path, BEGUN
            yield from _parts(walker, path, ways, lists)
        else:
            walker.skip()
    walker.take()


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def lists_in(stream: IO[bytes], *, most: int, keep: int) -> dict[str, list[Any]]:
    """The lists that stand in the fields of the object that a document is, and in those of the objects in it, as far as they begin in the
    first `most` characters: path → its first records, at most so many. Where the document breaks, what was found until then."""
    found: dict[str, list[Any]] = {}
    walker = Walker(stream)
    try:
        if walker.next() == "{":
            _lists_of(walker, "", found, most, keep)
    except Bad:
        pass
    return found


def _lists_of(walker: Walker, path: str, found: dict[str, list[Any]], most: int, keep: int) -> None:
    for name in walker.fields():
        if walker.place > most:
            raise Bad(say("It is larger than any record is."))
        sign, below = walker.next(), _below(path, name)
        if sign == "[":
            # A name with a dot, or one that stands for every record, is no path that leads back here.
            kept = found.setdefault(below, []) if "." not in name and name != "*" else []
            for record in walker.records():
                if len(kept) < keep:
                    kept.append(record)
                if walker.place > most:
                    raise Bad(say("It is larger than any record is."))
        elif sign == "{" and not path:
            _lists_of(walker, name, found, most, keep)
        else:
            walker.skip()


def documents(stream: IO[bytes], lists: Collection[str] = ()) -> Iterator[Any]:
    """Every record of a text: of a list, of the lists in an object's fields of these names, or the object itself if it
    has none of them, and so on for one document per line. Broken for what cannot be read; numbers are per list."""
    walker = Walker(stream)
    walker.skip_assignment()
    number = 0
    while sign := walker.next():
        if sign in ",;":
            walker.take()
            continue
        number += 1
        try:
            if sign == "[":
                yield from walker.records()
            elif sign == "{":
                yield from _of_object(walker, lists)
            else:
                yield walker.value()
        except Bad as e:
            yield Broken(number=number, reason=str(e))
            walker.go_to(_LINE)


def _of_object(walker: Walker, lists: Collection[str]) -> Iterator[Any]:
    rest: dict[str, Any] = {}
    has_list = False
    start = walker.place
    for name in walker.fields():
        if name in lists and walker.next() == "[":
            has_list = True
            yield from walker.records()
            start = walker.place
            continue
        rest[name] = walker.value()
        if walker.place - start > MOST:
            raise Bad(say("It is larger than any record is."))
    if not has_list:
        yield rest
