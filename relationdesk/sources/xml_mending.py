"""The second try at a feed that is not well-formed: tags as they come, wrong nesting mended, stray signs kept as text.

Blogs paste HTML into feeds without escaping it; one "<br>" must not lose forty posts. Only reached after expat gave
up. Linear: every search goes forward once, and a tag is at most MAX_TAG long.
"""

from __future__ import annotations

import html
import re
from typing import Protocol

MAX_MENDED = 2_000_000
"""Characters of a document that is worth mending."""
MAX_SIGNS = 200_000
"""How many "<" are looked at one by one."""
MAX_TAG = 1_000

_NAME = re.compile(r"/?[A-Za-z_][\w:.-]{0,100}")
_ATTRIBUTE = re.compile(r"""(?<![\w:.-])([\w:.-]{1,80})\s{0,20}=\s{0,20}("[^"]*"|'[^']*'|[^\s"'<>]+)""")
_VOID = frozenset({"br", "hr", "img", "input", "wbr", "source", "embed", "param"})
_HIDDEN = (("<!--", "-->"), ("<?", "?>"))


class Receiver(Protocol):
    """What gets the parts of a document, as expat would call it."""

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...

    def end(self, tag: str, whole: bool = True) -> None: ...

    def data(self, text: str) -> None: ...


def mend(text: str, receiver: Receiver) -> bool:
    """Send the parts of `text` to `receiver`. False if the document breaks off before its root is closed.

    A closing tag closes what is open inside it (not whole then); one that fits nothing is left out.
    """
    if len(text) > MAX_MENDED or text.count("<") > MAX_SIGNS:
        return False
    opened: list[str] = []
    at = 0
    while at < len(text):
        sign = text.find("<", at)
        if sign < 0:
            receiver.data(html.unescape(text[at:]))
            break
        if sign > at:
            receiver.data(html.unescape(text[at:sign]))
        at = _part(text, sign, opened, receiver)
        if not opened and at < 0:
            return True
        at = abs(at)
    return False


def _part(text: str, sign: int, opened: list[str], receiver: Receiver) -> int:
    """Read what begins with "<" and say where it ends; negative if that closed the root."""
    if text.startswith("<![CDATA[", sign):
        end = text.find("]]>", sign)
        receiver.data(text[sign + 9 : end if end >= 0 else None])
        return end + 3 if end >= 0 else len(text)
    for opening, closing in _HIDDEN:
        if text.startswith(opening, sign):
            end = text.find(closing, sign + len(opening))
            return end + len(closing) if end >= 0 else len(text)
    end = text.find(">", sign, sign + MAX_TAG)
    name = _NAME.match(text, sign + 1)
    if end < 0 or name is None or name.end() > end:
        receiver.data("<")
        return sign + 1
    tag = name.group()
    if tag.startswith("/"):
        return _close(tag[1:], end + 1, opened, receiver)
    inside = text[name.end() : end]
    values = {found.group(1): html.unescape(found.group(2).strip("\"'")) for found in _ATTRIBUTE.finditer(inside)}
    receiver.start(tag, values)
    if inside.endswith("/") or tag.lower() in _VOID:
        receiver.end(tag)
    else:
        opened.append(tag)
    return end + 1


def _close(tag: str, after: int, opened: list[str], receiver: Receiver) -> int:
    """Depth is limited by the receiver, so looking through `opened` costs little."""
    if tag not in opened:
        return after
    while opened:
        last = opened.pop()
        receiver.end(last, last == tag)
        if last == tag:
            break
    return after if opened else -after
