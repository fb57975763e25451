"""Whose export it is, from the profile that lies in most of them."""

from __future__ import annotations

import re
from typing import Any

from relationdesk.errors import UnreadableFile
from relationdesk.model import Address, AddressKind, Key, Profile, unique
from relationdesk.sources.container import Container
from relationdesk.sources.json_fields import record_of, records, string
from relationdesk.sources.json_reader import read_json
from relationdesk.sources.meta_entries import HANDLE, Entry, entries, entry_of, username
from relationdesk.sources.meta_files import FACEBOOK, OWNER, Export
from relationdesk.sources.meta_html import boxes
from relationdesk.sources.meta_text import mended_all, name_of, words
from relationdesk.text import mail_address

_MOST = 4 * 1024 * 1024
_LONGEST_NAME = 64
_NAME = frozenset("name|nome|nom|nombre|naam|imię|imię i nazwisko|full name|vollständiger name".split("|"))
_MAIL = frozenset("email|email address|e-mail|e-mail-adresse|adresse e-mail|correo electrónico|e-mailadres|adres e-mail|indirizzo e-mail".split("|"))
_PHONE = frozenset("phone number|phone number confirmed|telefonnummer|numéro de téléphone|número de teléfono|numero di telefono|telefoonnummer|numer telefonu|número de telefone".split("|"))
_BIO = frozenset("bio|biografie|biographie|biografía|biografia|steckbrief".split("|"))


def owner_of(box: Container, export: Export) -> Profile | None:
    """What the export says of its owner; the key is for the caller to make. Earlier names of the owner are in `former_names`."""
    for piece in export.of(OWNER, place=export.place):
        try:
            with box.open(piece.name) as stream:
                if piece.page:
                    found = _mapped([entry_of(one) for one in boxes(stream)], export.place)
                else:
                    found = _of_json(mended_all(read_json(stream.read(_MOST).decode("utf-8-sig", "replace"))), export.place)
        except (UnreadableFile, ValueError):
            continue
        if found is not None:
            return found
    return None


def former_names(box: Container, export: Export) -> frozenset[str]:
    """Names that Facebook's owner had before."""
    found: set[str] = set()
    for piece in export.of(OWNER, place=FACEBOOK):
        if piece.page:
            continue
        try:
            with box.open(piece.name) as stream:
                value = mended_all(read_json(stream.read(_MOST).decode("utf-8-sig", "replace")))
        except (UnreadableFile, ValueError):
            continue
        for profile in value.values() if isinstance(value, dict) else ():
            found |= {name_of(one.get("name")) for one in records(profile, "previous_names")}
    return frozenset(found - {""})


def _of_json(value: Any, place: str) -> Profile | None:
    if isinstance(value, dict):
        for inner in value.values():
            if isinstance(inner, list) and inner and isinstance(inner[0], dict):
                return _mapped([entry for one in inner[:5] if isinstance(one, dict) for entry in entries(one)], place)
            if isinstance(inner, dict) and record_of(inner, "name") is not None:
                return _facebook(inner)
        if string(value, "username"):  # Instagram before 2021
            return _profile(place, string(value, "username"), name_of(value.get("name")), (string(value, "email"),), (string(value, "phone_number"),), words(value.get("biography")))
    if isinstance(value, list):
        return _mapped([entry for one in value[:5] if isinstance(one, dict) for entry in entries(one)], place)
    return None


def _facebook(profile: dict[str, Any]) -> Profile | None:
    emails = record_of(profile, "emails") or {}
    mails = [one for name in ("emails", "previous_emails") for one in (emails.get(name) or ()) if name == "emails" and isinstance(one, str)]
    phones = [string(one, "phone_number", 60) for one in records(profile, "phone_numbers")]
    name = name_of((record_of(profile, "name") or {}).get("full_name"))
    found = _profile(FACEBOOK, string(profile, "username", 100), name, mails, phones, words(profile.get("about_me")), string(profile, "profile_uri"))
    return found if name else None


def _mapped(found: list[Entry], place: str) -> Profile | None:
    for entry in found:
        handle = username(entry)
        name = entry.labelled(_NAME)
        values = [value for _, value in entry.values]
        mails = [entry.labelled(_MAIL)]
        if place != FACEBOOK:
            handle = handle or _handle(values)
            name = name or _after(handle, values)
            mails += [value for value in values if handle and mail_address(value)][:1]
        if handle or name:
            return _profile(place, handle, name, mails, (entry.labelled(_PHONE),), entry.labelled(_BIO))
    return None


def _handle(values: list[str]) -> str:
    """The handle where labels are in a language that is not known: what comes first, but for ways to be reached."""
    first = next((value for value in values if not ("@" in value or re.fullmatch(r"[+\d ()-]*", value) or value in ("True", "False"))), "")
    return first if HANDLE.fullmatch(first) and first == first.casefold() else ""


def _after(handle: str, values: list[str]) -> str:
    """The name, which stands behind the handle."""
    name = values[at] if handle in values and (at := values.index(handle) + 1) < len(values) else ""
    return name if len(name) <= _LONGEST_NAME and "\n" not in name else ""


def _profile(place: str, handle: str, name: str, mails: Any, phones: Any, bio: str, url: str = "") -> Profile:
    addresses = [Address(kind=AddressKind.MAIL, value=mail, vouched=True) for one in mails if (mail := mail_address(one))]
    addresses += [Address(kind=AddressKind.PHONE, value=one, vouched=True) for one in phones if re.search(r"\d{5}", re.sub(r"\D", "", one))]
    handle = handle.lstrip("@")
    return Profile(
        key=Key(place, "me"), handle=handle if HANDLE.fullmatch(handle) or place == FACEBOOK else "", display_name=name_of(name), bio=bio,
        url=url if url.startswith("http") else "", addresses=unique(addresses),
    )  # fmt: skip
