"""One entry of a list in an export of Meta, whatever year, network or format it is from: a friend, a like, a comment, a post.

Labels are in the owner's language. Where a record says what its values are only by such labels, values are found by what
they look like and by their order, which is the same in every language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from relationdesk.sources.json_fields import Json, record_of, records, string
from relationdesk.sources.meta_dates import NEVER, When, from_number, from_words
from relationdesk.sources.meta_html import Box
from relationdesk.sources.meta_text import name_of, words
from relationdesk.text import one_line

HANDLE = re.compile(r"[A-Za-z0-9._]{1,30}")
_PAGE_OF = re.compile(r"(?i)https?://(?:www\.)?(?:instagram\.com|threads\.(?:net|com))/(?:_u/)?@?([A-Za-z0-9._]{1,30})/?(?:[?#].*)?")
_POST_OF = re.compile(r"(?i)https?://(?:www\.)?(?:instagram\.com/(?:p|reel|tv|reels)/|threads\.(?:net|com)/)")
_IN_ADDRESS = re.compile(r"(?i)https?://(?:www\.)?(?:threads\.(?:net|com)/@|instagram\.com/(?:stories/(?!highlights/))?)([A-Za-z0-9._]{1,30})/(?:post|p|reel|\d{5,25})(?:/|$)")
_NOT_HANDLES = frozenset({"p", "reel", "reels", "tv", "stories", "explore", "direct"})
_USERNAME = frozenset(
    "username|benutzername|nom d'utilisateur|nom d’utilisateur|nombre de usuario|nome utente|gebruikersnaam|nazwa użytkownika|nome de usuário|nome de utilizador"
    "|kullanıcı adı|användarnamn|brugernavn|brukernavn|käyttäjänimi|uživatelské jméno|felhasználónév|nume de utilizator|имя пользователя|ім'я користувача"
    "|ім’я користувача|όνομα χρήστη|ユーザーネーム|사용자 이름|用户名|用戶名稱|nama pengguna|tên người dùng|اسم المستخدم|שם משתמש|نام کاربری|ชื่อผู้ใช้".split("|")
)  # fmt: skip
_DEEPEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """when: of the record. title: the sentence or name above it. who: the person or author it names, as a name (Facebook) or
    handle (Instagram). values: other values of it in their order. names: people it tags. id: the network's own number."""

    when: When = NEVER
    title: str = ""
    text: str = ""
    who: str = ""
    url: str = ""
    reaction: str = ""
    id: str = ""
    files: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()

    def labelled(self, labels: frozenset[str]) -> str:
        return next((value for label, value in self.values if label.casefold() in labels and value), "")


def handle_in(address: str) -> str:
    """ "ann" of "https://www.instagram.com/_u/ann"; "" for anything but a profile's page."""
    found = _PAGE_OF.fullmatch(address) or _IN_ADDRESS.match(address)
    return found[1] if found and found[1].casefold() not in _NOT_HANDLES else ""


def username(entry: Entry) -> str:
    return entry.labelled(_USERNAME)


def entries(record: Json) -> Iterator[Entry]:
    """What a record of JSON says, already mended: mostly one entry."""
    lists = records(record, "string_list_data")
    if lists:
        title = name_of(record.get("title"))
        for one in lists:
            href = string(one, "href")
            yield Entry(
                when=from_number(one.get("timestamp")), title=title, text=words(one.get("value")), url=href if href.startswith("http") else "",
                who=handle_in(href) or title, values=(("", string(one, "value")),),
            )  # fmt: skip
    elif isinstance(record.get("label_values"), list):
        yield _labelled(record)
    elif isinstance(record.get("string_map_data"), dict):
        yield _mapped(record)
    else:
        yield _plain(record)


def _plain(record: Json) -> Entry:
    """The shapes of Facebook before 2024, and Instagram's posts."""
    when = from_number(record.get("timestamp") or record.get("creation_timestamp") or record.get("added_timestamp") or record.get("created_timestamp"))
    text, who, url, reaction, id_ = "", name_of(record.get("name")), string(record, "uri") or string(record, "href"), "", string(record, "fbid", 60)
    for one in records(record, "data"):
        text = text or words(one.get("post"))
        comment, react = record_of(one, "comment"), record_of(one, "reaction")
        if comment is not None:
            text, who = words(comment.get("comment")), name_of(comment.get("author"))
            when = when if when.moment else from_number(comment.get("timestamp"))
        if react is not None:
            reaction, who = string(react, "reaction", 40), name_of(react.get("actor"))
        who = who or name_of(one.get("name"))
        url = url or string(one, "uri") or string(one, "url")
    files: list[str] = []
    links: list[str] = []
    for attachment in records(record, "attachments"):
        for one in records(attachment, "data"):
            text = text or words(one.get("text"))
            external, media, place = record_of(one, "external_context"), record_of(one, "media"), record_of(one, "place")
            if external is not None:
                links += filter(None, (string(external, "name"), string(external, "url")))
            if media is not None:
                files.append(string(media, "uri"))
                text = text or words(media.get("description"))
            if place is not None:
                links.append(string(place, "name"))
            happened = record_of(one, "event") or record_of(one, "life_event")
            links.append(string(happened, "name") or string(happened, "title"))
    media_list = records(record, "media")
    for one in media_list:
        files.append(string(one, "uri"))
        text = text or words(one.get("title"))
        when = when if when.moment else from_number(one.get("creation_timestamp"))
        reaction = "reply" if (record_of(one, "text_app_post") or {}).get("is_reply") is True else reaction
    title = words(record.get("title"))
    if media_list or ("uri" in record and "creation_timestamp" in record):
        text, title = title or text, ""
        files = files or [string(record, "uri")]
    text = "\n".join(dict.fromkeys(filter(None, (text, *links))))
    tags = tuple(filter(None, (name_of(one.get("name")) for one in records(record, "tags"))))
    return Entry(
        when=when, title=one_line(title), text=text, who=who, url=url if url.startswith("http") else "", reaction=reaction, id=id_,
        files=tuple(filter(None, files)), names=tags, values=(("", reach),) if (reach := string(record, "contact_info", 200)) else (),
    )  # fmt: skip


def _mapped(record: Json) -> Entry:
    """Instagram: {label: {value, href, timestamp}}."""
    when, url, values = NEVER, "", []
    for label, one in list(record["string_map_data"].items())[:100]:
        if not isinstance(one, dict):
            continue
        if isinstance(one.get("value"), str):
            values.append((one_line(str(label), 100), words(one["value"])))
        href = string(one, "href")
        url = url or (href if href.startswith("http") else "")
        when = when if when.moment else from_number(one.get("timestamp"))
    title = name_of(record.get("title"))
    return Entry(when=when, title=title, who=title or handle_in(url), url=url, values=tuple(values), files=tuple(filter(None, (string(one, "uri") for one in records(record, "media_list_data")))))


def _labelled(record: Json) -> Entry:
    """The records of 2024 and after: {label, value | href | timestamp_value | dict | vec}, in each other."""
    values: list[tuple[str, str]] = []
    times: list[When] = []
    links: list[str] = []
    _gather(record["label_values"], values, times, links, 0)
    links += [value for _, value in values if value.startswith("http")]
    when = from_number(record.get("timestamp") or record.get("creation_timestamp"))
    if when.moment is None:
        when = next((one for one in times if one.moment), NEVER)
    plain = tuple((label, value) for label, value in values if not value.startswith("http"))
    post = next((link for link in links if _POST_OF.match(link)), "")
    handle = next((found for link in links if (found := handle_in(link))), "")
    files = tuple(filter(None, (string(one, "uri") for one in records(record, "media"))))
    entry = Entry(
        when=when, title=one_line(words(record.get("title"))), url=post or next(iter(links), ""), id=string(record, "fbid", 60), values=plain, files=files,
    )  # fmt: skip
    return replace(entry, who=username(entry) or _whose(record["label_values"]) or handle)


def _whose(items: Any) -> str:
    """The handle of whoever a post belongs to, in any language: the last of several values that stand in each other twice."""
    for group in items if isinstance(items, list) else ():
        for inner in records(group, "dict"):
            said = [string(one, "value", 100) for one in records(inner, "dict")]
            if len(said) > 1 and HANDLE.fullmatch(said[-1]):
                return said[-1]
    return ""


def _gather(items: Any, values: list[tuple[str, str]], times: list[When], links: list[str], depth: int) -> None:
    if depth > _DEEPEST or not isinstance(items, list):
        return
    for one in items[:100]:
        if not isinstance(one, dict):
            continue
        if isinstance(one.get("value"), str) and one["value"]:
            values.append((string(one, "label", 100), words(one["value"])))
        if href := string(one, "href"):
            links.append(href)
        times.append(from_number(one.get("timestamp_value")))
        _gather(one.get("dict"), values, times, links, depth + 1)
        _gather(one.get("vec"), values, times, links, depth + 1)


def entry_of(box: Box) -> Entry:
    """The same of a box on a page of HTML."""
    url, label = next(iter(box.links), ("", ""))
    when = from_words(box.date)
    pairs = tuple((name, value) for name, value in box.pairs if value != box.date)
    text = box.text
    if url and label:  # a page of likes or follows shows its link and nothing else
        text = text.removesuffix(f"({url})").strip()
        text = "" if text == url else text
    return Entry(
        when=when, title=box.name, text=text, who=handle_in(url) or box.name or (label if HANDLE.fullmatch(label) else ""), url=url, values=pairs or ((("", label),) if label else ()),
        files=box.files,
    )  # fmt: skip
