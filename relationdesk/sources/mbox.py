"""Cuts an mbox of any size into messages, in bounded memory. The standard library cuts wrongly and indexes everything.

A separator is a line `From <sender> [<day> … HH:MM …]` whose next line looks like a header (or is an escaped `>From `).
No blank line before it is asked for (a third of a real file has none) and Content-Length is not believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

MAX_MESSAGE = 4 * 1024 * 1024
"""Bytes kept of one message; the rest of a longer body is passed over. Text stands before attachments in real mail."""

_CHUNK = 1024 * 1024
_LOOK = 1200
"""Bytes after a candidate that are enough to decide: a separator line and the name of the next header."""
_MARK = b"\nFrom "

_SEPARATOR = re.compile(
    rb"From +(?P<sender>-|\S{1,320})(?:(?: +\S{1,60}){1,4}?(?=[ \t](?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b))? *(?P<date>[ \t](?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b[^\r\n]{0,120}?\d\d?:\d\d[^\r\n]{0,80})?[ \t]*\r?\n"
    rb"(?P<next>>?From |[!-9;-~]{1,100}:|(?P<empty>\r?\n(?:(?:\r?\n){0,20}From |\s{0,20}\Z)))"
)
_MAIL_HEADER = re.compile(
    rb"(?:return-path|received|delivered-to|x-[\w-]+|from|to|cc|date|subject|message-id|mime-version|content-[\w-]+|"
    rb"sender|reply-to|status|envelope-to|dkim-signature|references|in-reply-to|arc-[\w-]+):",
    re.IGNORECASE,
)


def is_separator(window: bytes) -> bool:
    """True if `window` begins with a separator line and the line after it confirms it.

    "From Russia" above a line "Note: …" is prose: without a date, a sender that is no address needs a mail header.
    """
    found = _SEPARATOR.match(window)
    if found is None:
        return False
    if found["empty"] is not None:  # a message of no bytes between two separators
        return bool(found["date"])
    if found["date"] or found["sender"] == b"-" or b"@" in found["sender"]:
        return True
    return _MAIL_HEADER.match(window, found.start("next")) is not None


def messages(stream: BinaryIO, limit: int = MAX_MESSAGE) -> Iterator[tuple[int, bytes]]:
    """(byte offset, raw message with its From_ line and one `>` taken off each `>From `), in the order of the file.

    At most `limit` bytes of each are kept. What stands before the first separator is one message of its own unless it
    is blank. Reads to the end, does not seek or close. Raises only what `stream.read` raises.
    """
    start = stream.read(3)
    if start == b"\xef\xbb\xbf":
        base, start = 2, b""
    else:
        base = -1
    buffer = b"\n" + start  # so that the very first line is found like any other; `base` is the offset of buffer[0]
    message: list[bytes] = []
    size, begins, ended = 0, base + 1, False
    while not ended:
        chunk = stream.read(_CHUNK)
        ended = not chunk
        buffer += chunk
        done, at = 0, 0
        while True:
            at = buffer.find(_MARK, at)
            if at < 0:
                keep = len(buffer) if ended else max(done, len(buffer) - len(_MARK) + 1)
                break
            if len(buffer) - at < _LOOK and not ended:
                keep = at
                break
            if not is_separator(buffer[at + 1 : at + 1 + _LOOK]):
                at += 1
                continue
            _take(message, buffer[done : at + 1], limit - size)
            yield from _whole(begins, message)
            message, size, begins = [], 0, base + at + 1
            done = at = at + 1
        size += _take(message, buffer[done:keep], limit - size)
        buffer, base = buffer[keep:], base + keep
    yield from _whole(begins, message)


def _take(message: list[bytes], data: bytes, room: int) -> int:
    data = data[: max(room, 0)]
    if data:
        message.append(data)
    return len(data)


def _whole(offset: int, parts: list[bytes]) -> Iterator[tuple[int, bytes]]:
    raw = b"".join(parts).lstrip(b"\r\n")
    if raw.strip():
        yield offset, re.sub(rb"(?m)^>(>*From )", rb"\1", raw) if b">From " in raw else raw
