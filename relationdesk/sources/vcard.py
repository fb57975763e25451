"""Address books as vCards (2.1, 3.0, 4.0): one file, a folder or a zip of them. Every card is one profile.

A card of a group (KIND:group) is neither a person nor a company and yields nothing. Of a picture only how it looks is read (see `portraits`),
postal addresses are not; a card inside a card (AGENT) is somebody else's and is passed over. Of somebody who has died no days are told.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from relationdesk.errors import UnreadableFile
from relationdesk.model import Fact, LifeDay, Profile, Progress, Rejected
from relationdesk.saying import marked, say
from relationdesk.sources.base import Options, Recognised
from relationdesk.sources.contact_cards import Entry, Identities, joined_name, page_of, profile_of
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.life_days import ANNIVERSARY, BIRTHDAY, WORK, field_of, life_day, one_of_a_kind
from relationdesk.sources.portraits import Pictures, pictured
from relationdesk.sources.vcard_lines import Property, RawCard, cards, physical_lines, picture, properties
from relationdesk.text import one_line

_ENDINGS = (".vcf", ".vcard")
_HEAD_BYTES = 64 * 1024
_PROGRESS_EVERY = 500  # cards
_COMPANY_MARKS = {"KIND": "org", "X-ABSHOWAS": "company", "X-ADDRESSBOOKSERVER-KIND": "org"}
_DAYS = {
    "BDAY": BIRTHDAY, "ANNIVERSARY": ANNIVERSARY, "X-ANNIVERSARY": ANNIVERSARY, "X-EVOLUTION-ANNIVERSARY": ANNIVERSARY, "X-KADDRESSBOOK-X-ANNIVERSARY": ANNIVERSARY,
    "X-MS-ANNIVERSARY": ANNIVERSARY, "X-WORK-ANNIVERSARY": WORK,
}  # fmt: skip
_REV = re.compile(r"(\d{4}-?\d\d-?\d\d)(?:[T ]?(\d\d:?\d\d:?\d\d)(?:[.,]\d+)?(Z|[-+]\d\d:?\d\d)?)?", re.IGNORECASE)
_EVENT = "contact_event"
_EVENTS = {"1": ANNIVERSARY, "3": BIRTHDAY}
_GROUP_MARKS = ("KIND", "X-ADDRESSBOOKSERVER-KIND")
_HANDLES = {
    "X-TWITTER": "twitter", "X-LINKEDIN": "linkedin", "X-FACEBOOK": "facebook", "X-INSTAGRAM": "instagram",
    "X-GITHUB": "github", "X-MASTODON": "mastodon", "X-BLUESKY": "bluesky", "X-XING": "xing",
}  # fmt: skip


class VCard:
    """Reads vCard files; see `FileSource`."""

    name = "vcard"
    title = marked("vCard file")
    place = "contacts"

    def recognise(self, path: Path) -> Recognised | None:
        """A file that begins with a card, or a folder or zip with such files (less certain among other files)."""
        try:
            with open_container(path) as container:
                members = _members(container)
                if not any(_begins_with_a_card(container, member) for member in members[:5]):
                    return None
                certainty = 0.95 if container.single else 0.9 if len(members) * 2 > len(container.names()) else 0.4
        except (UnreadableFile, OSError):
            return None
        title = self.title if container.single else "vCard files"
        return Recognised(format=self.name, title=title, place=self.place, certainty=certainty)

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """A Profile or a Rejected per card, in the order of the file names, then of the cards.

        Raises UnreadableFile if the file cannot be opened or holds no card at all.
        """
        identities = Identities()
        found = done = 0
        with open_container(path) as container, Pictures() as pictures:
            members = _members(container)
            total = sum(container.size(member) for member in members)
            for member in members:
                label = PurePosixPath(member).name
                identities.begin_file()
                with container.open(member) as stream:
                    for card in cards(stream):
                        found += 1
                        fact = _fact(card, label, self.place, identities, pictures)
                        if fact is not None:
                            yield fact
                        if found % _PROGRESS_EVERY == 0:
                            yield Progress(done=done + stream.tell(), total=total)
                done += container.size(member)
        if not found:
            raise UnreadableFile(
                say("There is no vCard in “{name}”. Nothing was brought in. Choose a file that ends in .vcf.", name=path.name)
            )
        yield Progress(done=total, total=total)


def profile(read: Sequence[Property], place: str, identities: Identities) -> Profile | None:
    """The profile a card tells of; None if it names nobody and reaches nobody."""
    return profile_of(_entry(read), place, identities)


def _members(container: Container) -> list[str]:
    if container.single:
        return list(container.names())
    return [name for name in container.names() if name.lower().endswith(_ENDINGS)]


def _begins_with_a_card(container: Container, member: str) -> bool:
    with container.open(member) as stream:
        head = stream.read(_HEAD_BYTES)
    lines = physical_lines(io.BytesIO(head))
    first = next((line for line in lines if line.strip(b" \t\0")), b"")
    return first.strip().upper().startswith(b"BEGIN:VCARD")


def _fact(card: RawCard, label: str, place: str, identities: Identities, pictures: Pictures) -> Fact | None:
    where = f"{label} card {card.number}"
    if card.flaw:
        return Rejected(where=where, reason=card.flaw)
    read = properties(card)
    if any(line.name in _GROUP_MARKS and line.text().strip().lower() == "group" for line in read):
        return None
    found = profile(read, place, identities)
    if found is None:
        return Rejected(where=where, reason=say("This card has no name, no mail address and no phone number."))
    lies_at, photo = picture(card)
    return replace(found, addresses=(*found.addresses, *pictured(lies_at), *pictures.look(photo)))


def _entry(read: Sequence[Property]) -> Entry:
    return Entry(
        own_id=one_line(_first(read, "UID"), 500),
        name=_first(read, "FN") or _structured_name(read),
        company=next((part for line in read if line.name == "ORG" for part in line.components() if part), ""),
        title=_first(read, "TITLE") or _first(read, "ROLE"),
        mails=tuple(line.text().strip().removeprefix("mailto:") for line in read if line.name == "EMAIL"),
        phones=tuple(_phone(line.text().strip()) for line in read if line.name == "TEL"),
        webs=tuple(page for line in read if (page := _page(line))),
        notes="\n\n".join(dict.fromkeys(line.text().strip() for line in read if line.name == "NOTE")),
        is_company=any(_COMPANY_MARKS.get(line.name) == line.text().strip().lower() for line in read),
        days=() if _first(read, "DEATHDATE") else one_of_a_kind(_days(read)),
        revised=_revised(_first(read, "REV")),
    )


def _revised(text: str) -> int:
    """When the card was changed, in unix seconds; 0 if it does not say. A time without a zone is taken as UTC, as phones write it."""
    found = _REV.match(text)
    if found is None:
        return 0
    date, clock, zone = (re.sub(r"[-:]", "", part or "") for part in found.groups())
    try:
        when = datetime.fromisoformat(f"{date}T{clock or '000000'}{zone or 'Z'}")
        return max(0, int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()))
    except (ValueError, OverflowError):
        return 0


def _days(read: Sequence[Property]) -> Iterator[LifeDay | None]:
    """Properties of their own; Apple's and Google's dates with a label beside them; Android's events."""
    labels = {line.group: line.text() for line in read if line.name == "X-ABLABEL" and line.group}
    for line in read:
        if line.parameter("CALSCALE").lower() not in ("", "gregorian"):
            continue
        field, text = _DAYS.get(line.name, ""), line.text()
        if line.name == "X-ABDATE":
            field = field_of(labels.get(line.group, "")) or next((found for kind in line.kinds if (found := field_of(kind))), "")
        elif line.name == "X-ANDROID-CUSTOM" and _EVENT in text:
            text, number, label = (*text.partition(_EVENT)[2].split(";"), "", "", "")[1:4]
            field = _EVENTS.get(number, "") or field_of(label)
        if field:
            yield life_day(field, text, no_year=line.parameter("X-APPLE-OMIT-YEAR"))


def _first(read: Sequence[Property], name: str) -> str:
    """The text that the card prefers, else the first there is."""
    found = [line for line in read if line.name == name and line.text().strip()]
    return min(found, key=_preference).text().strip() if found else ""


def _preference(line: Property) -> int:
    """1 for what a card of version 4 prefers most, up to 100; more for what says nothing of it."""
    said = line.parameter("PREF")
    return int(said) if re.fullmatch(r"[1-9]\d?|100", said) else 101


def _structured_name(read: Sequence[Property]) -> str:
    """N is family; given; additional; prefixes; suffixes, each perhaps several parted by commas."""
    line = next((line for line in read if line.name == "N"), None)
    if line is None:
        return _first(read, "NICKNAME")
    parts = [part.replace(",", " ") for part in line.components()]
    family, given, middle, prefix, suffix = (parts + [""] * 5)[:5]
    return joined_name(prefix, given, middle, family, suffix) or _first(read, "NICKNAME")


def _phone(text: str) -> str:
    """4.0 writes phones as URIs: tel:+1-418-555-0154;ext=102 (RFC 3966)."""
    if text[:4].lower() != "tel:":
        return text
    number, *parameters = text[4:].split(";")
    extension = next((value[4:] for value in parameters if value.lower().startswith("ext=")), "")
    return f"{number} ext. {extension}" if extension else number


def _page(line: Property) -> str:
    if line.name == "URL":
        return line.text().strip()
    if line.name in _HANDLES:
        return page_of(_HANDLES[line.name], line.text())
    if line.name not in ("X-SOCIALPROFILE", "SOCIALPROFILE", "IMPP"):
        return ""
    value = line.text().strip()
    if value.lower().startswith(("http://", "https://")):
        return value
    handle = line.parameter("X-USER") or line.parameter("USERNAME") or value.partition(":")[2] or value
    services = (*line.kinds, line.parameter("SERVICE-TYPE").lower(), line.parameter("X-SERVICE-TYPE").lower())
    return next((page for service in services if (page := page_of(service, handle))), "")
