"""Who is behind a handle, where they are at home, and whether a domain used as a handle is really theirs.

A handle is believed when both ways agree: the domain names the DID, and the DID's own document names the domain.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from relationdesk.errors import SourceError, UnexpectedAnswer
from relationdesk.model import Address, AddressKind, Profile, unique
from relationdesk.saying import say
from relationdesk.sources.bluesky_ids import is_did, is_handle
from relationdesk.sources.bluesky_talk import Talk
from relationdesk.sources.json_fields import Json, records, string
from relationdesk.text import canonical_url

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

DIRECTORY = "https://plc.directory"
_COMMON = (".bsky.social", ".bsky.team")
"""Handles under these are given to anybody; their pages are nobody's."""


def actor_in(address: str) -> str:
    """The handle (lower case) or DID in a handle, profile page, post page or at-uri; "" for none."""
    text = address.strip()
    page = re.fullmatch(r"(?:https?://)?[^/\s]+/profile/([^/?#\s]+)(?:[/?#]\S*)?", text, re.IGNORECASE)
    record = re.fullmatch(r"at://([^/\s]+)(?:/\S*)?", text)
    domain = re.fullmatch(r"(?:https?://)?([^/\s]+)/?", text, re.IGNORECASE)
    found = page or record or domain
    text = found.group(1) if found else ""
    text = re.sub("%3a", ":", text, flags=re.IGNORECASE).removeprefix("@")
    if is_did(text):
        return text
    return text.lower() if is_handle(text) else ""


def did_of(handle: str, talk: Talk) -> str:
    """The DID a handle stands for, "" if there is none."""
    if is_did(handle):
        return handle
    found = string(talk.ask("com.atproto.identity.resolveHandle", [("handle", handle)]).data, "did", 2_048)
    return found if is_did(found) else ""


def document(did: str, door: Door) -> Json:
    """A DID's own document. Raises the errors of the door, and UnexpectedAnswer for what is none."""
    if did.startswith("did:plc:"):
        url = f"{DIRECTORY}/{quote(did, safe=':')}"
    elif did.startswith("did:web:") and is_handle(did[8:]):
        url = f"https://{did[8:].lower()}/.well-known/did.json"
    else:
        raise UnexpectedAnswer(say("This profile names itself in a way we do not know. Nothing was changed."))
    found = door.get_json(url)
    if not isinstance(found, dict) or found.get("id") != did:
        raise UnexpectedAnswer(say("{netloc} answered something that is not the expected data. Nothing was changed.", netloc=urlsplit(url).netloc))
    return found


def home_of(doc: Json) -> str:
    """The server that keeps somebody's records ("https://…"), "" if their document names none."""
    for service in records(doc, "service"):
        url = urlsplit(string(service, "serviceEndpoint"))
        if string(service, "id").endswith("#atproto_pds") and url.scheme == "https" and url.hostname and "@" not in url.netloc:
            return f"https://{url.netloc.lower()}"
    return ""


def names_in(doc: Json) -> frozenset[str]:
    """The handles a DID's document calls its own, in lower case."""
    known = doc.get("alsoKnownAs")
    names = [name for name in known if isinstance(name, str)] if isinstance(known, list) else []
    return frozenset(name[5:].lower() for name in names if name.startswith("at://"))


def with_domain(profile: Profile, talk: Talk) -> Profile:
    """The profile with its domain as a vouched web address, if it has one of its own and both ways agree; else as it was.

    A name that the home server itself hands out (joe.pds.example on pds.example) is no domain of Joe's. Never raises a SourceError.
    """
    handle, did = profile.handle, profile.key.native_id
    if not handle or handle.endswith(_COMMON):
        return profile
    try:
        if did_of(handle, talk) != did:
            return profile
        doc = document(did, talk.door)
    except SourceError:
        return profile
    server = urlsplit(home_of(doc)).hostname or ""
    if handle not in names_in(doc) or (server and handle.endswith(f".{server}")):
        return profile
    domain = Address(kind=AddressKind.WEB, value=canonical_url(f"https://{handle}"), vouched=True)
    return replace(profile, addresses=unique([domain, *profile.addresses]))
