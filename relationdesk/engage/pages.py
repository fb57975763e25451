"""Links that leave the desk with words in them: mail, and pages that open filled in. Percent-encoded, and never longer than is taken.

Pure. Nothing is opened here: the window shows the real host first.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

MOST_LINK = 1_900
"""Characters of a link that browsers and mail programs take on every system; Windows hands on 2,048."""


def said(**values: str) -> str:
    """A query; %20 for a blank, because mail programs and some pages show a plus as one."""
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in values.items() if value)


def fitting(page: str, name: str, text: str) -> tuple[str, bool]:
    """The page with the text as its last value, as much as fits; whether that is all of it."""
    mark = f"{'&' if '?' in page else '?'}{name}="
    room = MOST_LINK - len(page) - len(mark)
    encoded = quote(text, safe="")
    if not text or len(encoded) <= room:
        return (f"{page}{mark}{encoded}" if text else page), True
    words = text
    while words and len(quote(words + "…", safe="")) > room:
        words = words[: max(0, min(len(words) - 1, len(words) * room // max(1, len(quote(words + "…", safe="")))))]
    words = words.removesuffix("\r")  # half a line end
    return f"{page}{mark}{quote(words + '…', safe='')}", False


def mail_page(to: str, subject: str, text: str) -> tuple[str, bool]:
    """A link that opens the mail program with this mail; whether all of the text is in it. to: an address or "" for nobody yet."""
    page = f"mailto:{quote(to, safe='@.+-_')}"
    if subject:
        page += f"?{said(subject=subject[:300])}"
    return fitting(page, "body", text.replace("\r\n", "\n").replace("\n", "\r\n"))


def is_page(address: str) -> bool:
    """Whether an address is one of a web page, with a host that is one."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None and port != 0 and address.isprintable() and " " not in address


def takes_text(page: str) -> bool:
    """Whether the page opens with the text in it; else it is pasted."""
    return bool(re.search(r"[?&](text|body|message)=", page))
