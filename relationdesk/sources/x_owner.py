"""Whose X archive it is: account.js says so, the list of contents, or user_details.js; a file dropped alone may give it away.

Who is still not known is asked for, and never guessed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from relationdesk.errors import UnreadableFile
from relationdesk.model import Address, AddressKind, Key, Profile
from relationdesk.saying import marked, say
from relationdesk.sources import x_files as files
from relationdesk.sources.base import Ask, Options
from relationdesk.sources.container import Container
from relationdesk.sources.json_fields import record_of, string
from relationdesk.sources.x_files import Contents, Piece
from relationdesk.sources.x_messages import owner_of
from relationdesk.sources.x_people import PLACE, page_of
from relationdesk.sources.x_values import HANDLE, is_id
from relationdesk.text import canonical_url, mail_address, one_line, tidy

NOBODY = Profile(key=Key(PLACE, ""))
"""Where nothing in a file depends on whose it is."""
_LOOK = 1024 * 1024
_CONVERSATION = re.compile(rb"\"conversationId\"\s*:\s*\"(\d{1,20}-\d{1,20})\"")
_OWN_PICTURE = re.compile(rb"https?://(?:twitter|x)\.com/(\w{1,20})/status/(\d{1,20})/(?:photo|video)/")
_OWNERLESS = frozenset({files.FOLLOWERS, files.FOLLOWING, files.BIO, files.RENAMED, files.CONTENTS})
_LONGEST = 2_000
"""Characters of an address; a longer one leads nowhere."""
_SHORTENER = "https://t.co/"
"""Leads to the owner's page, but says nothing of it."""
_QUESTION = marked("Whose archive is this? The file does not say; give the handle (like @name) or the number of its owner.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """number or handle is filled if it is known whose it is."""

    number: str = ""
    handle: str = ""
    name: str = ""

    @property
    def known(self) -> bool:
        return bool(self.number or self.handle)

    @property
    def words(self) -> str:
        """ "Sam Carter (@samcarter)"."""
        if not self.name:
            return f"@{self.handle}" if self.handle else self.number
        return f"{self.name} (@{self.handle})" if self.handle else self.name


def told_owner(box: Container, found: Iterable[Piece], said: Contents) -> Owner:
    """Whose it is as far as the archive itself says."""
    found = tuple(found)
    row = files.first_row(box, found, files.OWNER)
    old = files.first_row(box, found, files.OLD_OWNER)
    for number, handle, name in (
        (string(row, "accountId", 40), string(row, "username", 60), string(row, "accountDisplayName", 300)),
        (string(old, "id", 40), string(old, "screen_name", 60), string(old, "full_name", 300)),
        said.owner,
    ):
        if is_id(number):
            return Owner(number=number, handle=handle if HANDLE.fullmatch(handle) else "", name=one_line(html.unescape(name)))
    return _given_away(box, found)


def _given_away(box: Container, found: Iterable[Piece]) -> Owner:
    """The number that is in every conversation, or the handle under which the owner's own pictures stand."""
    for piece in found:
        if piece.holds in (files.MESSAGES, files.MESSAGE_HEADERS):
            numbers = owner_of(_conversations(box, piece))
            if len(numbers) == 1:
                return Owner(number=numbers[0])
        elif piece.holds == files.MONTH:
            author = record_of(files.first_row(box, (piece,), files.MONTH), "user")
            if is_id(number := string(author, "id_str", 40)):
                return Owner(number=number, handle=string(author, "screen_name", 60), name=string(author, "name", 300))
        elif piece.holds in (files.POSTS, files.TABLE):
            head = box.head(piece.name, _LOOK)
            for handle, post in _OWN_PICTURE.findall(head):
                if re.search(rb"(?:\"id(?:_str)?\"\s*:\s*\"|(?:\A|\n)\"?)" + post + rb"\"", head):
                    return Owner(handle=handle.decode())
    return Owner()


def _conversations(box: Container, piece: Piece) -> list[str]:
    return [name.decode() for name in _CONVERSATION.findall(box.head(piece.name, _LOOK))]


def ask_for(box: Container, found: Iterable[Piece]) -> tuple[Ask, ...]:
    """The question whose it is; () where nothing depends on that."""
    found = tuple(found)
    if all(piece.holds in _OWNERLESS for piece in found):
        return ()
    numbers: tuple[str, ...] = ()
    for piece in found:
        if piece.holds in (files.MESSAGES, files.MESSAGE_HEADERS):
            numbers = owner_of(_conversations(box, piece))
    return (Ask(name="me", question=say(_QUESTION), choices=tuple((number, f"Number {number}") for number in numbers)),)


def owner_profile(box: Container, found: Iterable[Piece], said: Contents, options: Options) -> Profile:
    """The owner as the archive describes them, NOBODY where nothing depends on it. Raises UnreadableFile with the question."""
    found = tuple(found)
    owner = told_owner(box, found, said)
    me = options.me.strip().removeprefix("@")
    if not owner.known and is_id(me):
        owner = Owner(number=me)
    elif not owner.known and HANDLE.fullmatch(me):
        owner = Owner(handle=me)
    if not owner.known:
        if not ask_for(box, found):
            return NOBODY
        raise UnreadableFile(say("{question} Nothing was brought in.", question=say(_QUESTION)), source="x_archive")
    profile = Profile(
        key=Key(PLACE, owner.number or f"@{owner.handle.lower()}"), handle=owner.handle, display_name=owner.name,
        url=page_of(owner.number, owner.handle) if owner.handle else "", is_owner=True,
    )  # fmt: skip
    return _described(profile, files.first_row(box, found, files.OWNER), files.first_row(box, found, files.BIO), files.first_row(box, found, files.OLD_OWNER))


def _described(profile: Profile, who: Mapping[str, Any], bio: Mapping[str, Any], old: Mapping[str, Any]) -> Profile:
    """With the bio, the page it names, and the mail address at which X reaches the owner."""
    words = record_of(bio, "description") or {}
    text = words.get("bio") or old.get("bio")
    page = canonical_url(string(old, "expanded_url") or string(words, "website"))
    mail = mail_address(string(who, "email", 300))
    addresses = []
    if page and not page.startswith(_SHORTENER) and len(page) <= _LONGEST:
        addresses.append(Address(kind=AddressKind.WEB, value=page))
    if mail:
        addresses.append(Address(kind=AddressKind.MAIL, value=mail, vouched=True))
    return replace(profile, bio=tidy(html.unescape(text), 20_000) if isinstance(text, str) else "", addresses=tuple(addresses))
