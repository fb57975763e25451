"""Slack's own markup as plain text: <@U1|ann>, <#C1|general>, <https://x.example|label>, &amp;."""

from __future__ import annotations

import re
from collections.abc import Mapping

from relationdesk.sources.chats import texts_within
from relationdesk.sources.json_fields import Json, records, string
from relationdesk.text import MAX_TEXT, tidy

_TOKEN = re.compile(r"<([^<>\n]{1,4000})>")
_USER = re.compile(r"<@([A-Z0-9]{2,40})[|>]")


def plain(text: str, users: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """users, channels: what each id is called. An unknown id stays as it is."""

    def shown(found: re.Match[str]) -> str:
        target, _, label = found[1].partition("|")
        if target.startswith("@"):
            return f"@{label or users.get(target[1:]) or target[1:]}"
        if target.startswith("#"):
            return f"#{label or channels.get(target[1:]) or target[1:]}"
        if target.startswith("!"):
            return label or f"@{target[1:].partition('^')[0]}"
        address = target.removeprefix("mailto:")
        return f"{label} ({address})" if label and label not in (address, target) else address

    text = _TOKEN.sub(shown, text[: MAX_TEXT + 1])
    return tidy(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def raw_text(message: Json) -> str:
    """Its text, else what stands in its blocks or in what it passes on; below it the words of another message that it shares."""
    text = message.get("text")
    if isinstance(text, str) and text.strip():
        shared = (_shared(one) for one in records(message, "attachments")[:20])
        return "\n".join(filter(None, (text, *shared)))
    return "".join(texts_within(message.get("blocks"))) or "\n".join(texts_within(message.get("attachments")))


def _shared(attachment: Json) -> str:
    """"> Ann: words" of a message that was passed on; "" for the picture of a page."""
    text, who = string(attachment, "text", MAX_TEXT), string(attachment, "author_name", 200)
    if not text or not (attachment.get("is_share") or attachment.get("is_msg_unfurl")):
        return ""
    return f"> {f'{who}: ' if who else ''}{text}"


def named_users(text: str) -> tuple[str, ...]:
    """The ids of those a text names."""
    return tuple(dict.fromkeys(_USER.findall(text)))
