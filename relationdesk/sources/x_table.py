"""tweets.csv, the table in the archives of 2012 to 2018, as rows of the shape that the other generations have.

The order of its columns varies. It names nobody by handle: who is mentioned is only known from the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from relationdesk.sources.tables import Row

_SHORT = re.compile(r"https?://t\.co/\w{1,40}")
_MENTION = re.compile(r"(?<![\w@])@(\w{1,20})")


def post_of(row: Row) -> Mapping[str, Any]:
    """One row as a post of the API; its times have no seconds of their own before 2010."""
    text = row["text"]
    shared = row["retweeted_status_id"]
    mentions = [] if shared else [{"screen_name": handle} for handle in _MENTION.findall(text)[:50]]
    answered = row["in_reply_to_user_id"]
    if answered and mentions and text.startswith("@"):
        mentions[0]["id_str"] = answered  # an answer begins with the one it is for
    links = [{"expanded_url": link} for link in dict.fromkeys(filter(None, row["expanded_urls"].split(",")[:20]))]
    whole = all(link["expanded_url"].startswith("http") for link in links)  # a comma may be of an address
    if whole and len(links) == len(shorts := dict.fromkeys(_SHORT.findall(text))):  # in the order of the text; else nothing says which is which
        links = [{**link, "url": short} for link, short in zip(links, shorts, strict=True)]
    return {
        "id_str": row["tweet_id"], "created_at": row["timestamp"], "text": text, "in_reply_to_user_id_str": answered,
        "in_reply_to_status_id_str": row["in_reply_to_status_id"], "retweeted_status_id": shared,
        "retweeted_status_user_id": row["retweeted_status_user_id"], "entities": {"user_mentions": mentions, "urls": links},
    }  # fmt: skip
