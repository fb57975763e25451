"""One row of a LinkedIn table → facts. Each reader is a function of the row and the `Reading` it belongs to.

The author of a post that the owner commented on is not in the archive: never guessed, only linked.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import datetime

from relationdesk.model import (
    UNDATED,
    Activity,
    Address,
    AddressKind,
    Audience,
    Fact,
    Key,
    Kind,
    Participant,
    Precision,
    Profile,
    Role,
    pairs,
    unique,
)
from relationdesk.saying import counted, say
from relationdesk.sources.linkedin_messages import message
from relationdesk.sources.linkedin_people import PLACE, name_key
from relationdesk.sources.linkedin_reading import VISIBILITY, BadRow, Reading
from relationdesk.sources.linkedin_words import coarsened, post_urn, slug
from relationdesk.sources.tables import Row
from relationdesk.text import mail_address, one_line, tidy


def hidden(n: int) -> str:
    return counted(n, "{n} connection hides its name and was only counted.", "{n} connections hide their names and were only counted.")


def connection(row: Row, reading: Reading) -> Iterator[Fact]:
    people = reading.people
    name = one_line(f"{row['firstname']} {row['lastname']}")
    if not name_key(name) and not slug(row["url"]):
        reading.left_out[hidden] += 1
        return
    mail = mail_address(row["emailaddress"])
    native = people.connection(name, row["url"], mail or row["connectedon"])
    addresses = (Address(kind=AddressKind.MAIL, value=mail, vouched=True),) if mail else ()
    yield from people.known(native, name, title=row["position"], company=row["company"], addresses=addresses)
    if native == people.owner or not reading.is_new(f"connection:{native}"):
        return
    moment, precision = reading.time(row["connectedon"])
    if moment is not None and precision in (Precision.SECOND, Precision.MINUTE):  # 2018 gave a time without a zone
        moment, precision = moment.replace(hour=0, minute=0, second=0), Precision.DAY
    yield Activity(
        key=Key(PLACE, f"connection:{native}"), actor=people.owner_key, kind=Kind.CONNECTION, published=moment,
        precision=precision, audience=Audience.FOLLOWERS, participants=_subject(native),
    )  # fmt: skip


def invitation(row: Row, reading: Reading) -> Iterator[Fact]:
    people = reading.people
    outgoing = row["direction"].upper() == "OUTGOING"
    if not outgoing and row["direction"].upper() != "INCOMING":
        raise BadRow(say("This invitation does not say whether it was sent or received."))
    moment, precision = reading.time(row["sentat"])
    name, url = (row["to"], row["inviteeprofileurl"]) if outgoing else (row["from"], row["inviterprofileurl"])
    other = people.native(name, url)
    if not other or other == people.owner:
        raise BadRow(say("This invitation names nobody."))
    yield from (people.known if outgoing else people.met)(other, name)
    actor, subject = (people.owner, other) if outgoing else (other, people.owner)
    yield Activity(
        key=reading.key("invitation", row["direction"].upper(), other, moment.isoformat() if moment else ""),
        actor=Key(PLACE, actor), kind=Kind.INVITATION, published=moment, precision=precision,
        text=tidy(row["message"]), audience=Audience.PRIVATE, participants=_subject(subject),
        extra=pairs(accepted="yes" if people.is_connection(other) else ""),
    )  # fmt: skip


def endorsement_received(row: Row, reading: Reading) -> Iterator[Fact]:
    return _endorsement(row, reading, "endorser", received=True)


def endorsement_given(row: Row, reading: Reading) -> Iterator[Fact]:
    return _endorsement(row, reading, "endorsee", received=False)


def _endorsement(row: Row, reading: Reading, side: str, *, received: bool) -> Iterator[Fact]:
    name = one_line(f"{row[f'{side}firstname']} {row[f'{side}lastname']}")
    other = reading.people.native(name, row[f"{side}publicurl"])
    if not other or other == reading.people.owner:
        raise BadRow(say("This endorsement names nobody."))
    moment, precision = reading.time(row["endorsementdate"])
    skill, status = one_line(row["skillname"]), row["endorsementstatus"].upper()
    yield from reading.people.met(other, name)
    yield _directed(
        reading, Kind.ENDORSEMENT, other, received=received, moment=moment, precision=precision, title=skill,
        key=reading.key("endorsement", side, other, skill, moment.isoformat() if moment else ""), text="",
        shown=status in ("", "ACCEPTED"), status=status,
    )  # fmt: skip


def recommendation_received(row: Row, reading: Reading) -> Iterator[Fact]:
    return _recommendation(row, reading, received=True)


def recommendation_given(row: Row, reading: Reading) -> Iterator[Fact]:
    return _recommendation(row, reading, received=False)


def _recommendation(row: Row, reading: Reading, *, received: bool) -> Iterator[Fact]:
    name = one_line(f"{row['firstname']} {row['lastname']}")
    other = reading.people.native(name, "")
    if not other or other == reading.people.owner:
        raise BadRow(say("This recommendation names nobody."))
    moment, precision = reading.time(row["creationdate"])
    text, status = tidy(row["text"]), row["status"].upper()
    title = one_line(", ".join(part for part in (row["jobtitle"], row["company"]) if part))
    yield from reading.people.met(other, name)
    yield _directed(
        reading, Kind.RECOMMENDATION, other, received=received, moment=moment, precision=precision, title=title,
        key=reading.key("recommendation", "in" if received else "out", name_key(name), text), text=text,  # the table has no address
        shown=status in ("", "VISIBLE"), status=status,
    )  # fmt: skip


def _directed(
    reading: Reading, kind: Kind, other: str, *, received: bool, moment: datetime | None, precision: Precision,
    key: Key, title: str, text: str, shown: bool, status: str,
) -> Activity:  # fmt: skip
    actor, subject = (other, reading.people.owner) if received else (reading.people.owner, other)
    return Activity(
        key=key, actor=Key(PLACE, actor), kind=kind, published=moment, precision=precision, title=title, text=text,
        audience=Audience.PUBLIC if shown else Audience.PRIVATE, participants=_subject(subject),
        extra=pairs(status=status),
    )  # fmt: skip


def share(row: Row, reading: Reading) -> Iterator[Fact]:
    link, text, shared, visibility = row["sharelink"], row["sharecommentary"], row["sharedurl"], row["visibility"].upper()
    if not visibility and text.upper() in VISIBILITY:  # a layout whose cells stand one column to the left
        visibility, text, shared = text.upper(), shared, ""
    urn = post_urn(link)
    time = reading.time(row["date"], urn)
    text = tidy(text or row["sharedescription"])
    key = reading.numbered(urn) if urn else reading.key("share", row["date"], link, text)
    yield reading.own(
        key, Kind.POST, time, title=one_line(row["sharetitle"]), text=text, url=_web(link), post=urn,
        visibility=visibility, shared=_web(shared), media=_web(row["mediaurl"]),
    )  # fmt: skip


def repost(row: Row, reading: Reading) -> Iterator[Fact]:
    yield _about_post(row, reading, Kind.SHARE)


def comment(row: Row, reading: Reading) -> Iterator[Fact]:
    yield _about_post(row, reading, Kind.COMMENT, text=tidy(row["message"]))


def reaction(row: Row, reading: Reading) -> Iterator[Fact]:
    yield _about_post(row, reading, Kind.REACTION, reaction=one_line(row["type"]).upper())


def vote(row: Row, reading: Reading) -> Iterator[Fact]:
    yield _about_post(row, reading, Kind.OTHER, title="Voted", text=tidy(row["optiontext"]))


def saved_article(row: Row, reading: Reading) -> Iterator[Fact]:
    yield _about_post(row, reading, Kind.BOOKMARK, "savedat", title=one_line(row["name"]))


def saved_item(row: Row, reading: Reading) -> Iterator[Fact]:
    yield _about_post(row, reading, Kind.BOOKMARK, "createdtime", "saveditem")


def _about_post(
    row: Row, reading: Reading, kind: Kind, date: str = "date", link: str = "link", *,
    title: str = "", text: str = "", reaction: str = "",
) -> Activity:  # fmt: skip
    """What the owner did with somebody's post. Its number dates the post, not the deed: an empty date stays unknown."""
    time = reading.time(row[date])
    key = reading.key(kind.value, time[0].isoformat() if time[0] else "", row[link], text or reaction)
    return reading.own(
        key, kind, time, title=title, text=text, url=_web(row[link]), post=post_urn(row[link]), answers=True,
        visibility="CONNECTIONS" if kind is Kind.BOOKMARK else "PUBLIC", reaction=reaction,
    )  # fmt: skip


def position(row: Row, reading: Reading) -> Iterator[Fact]:
    company, title = one_line(row["companyname"]), one_line(row["title"])
    if not company and not title:
        raise BadRow(say("This position names neither a company nor a title."))
    moment, precision = reading.time(row["startedon"])
    if moment is not None:
        moment, precision = coarsened(moment, precision)
    yield reading.own(
        reading.key("position", company, title, moment.isoformat() if moment else ""), Kind.POSITION,
        (moment, precision), title=title, text=tidy(row["description"]), company=company,
        location=one_line(row["location"]), until=one_line(row["finishedon"], 40),
    )  # fmt: skip


def note(row: Row, reading: Reading) -> Iterator[Fact]:
    """The owner's private words about a connection, kept at LinkedIn since 2026."""
    people = reading.people
    name = one_line(f"{row['connectionfirstname']} {row['connectionlastname']}")
    native = people.native(name, row["connectionprofileurl"])
    if not native or not row["note"]:
        raise BadRow(say("This note is empty or names nobody."))
    moment, precision = reading.time(row.first("createdon", "editedon"))
    yield from people.known(native, name)
    yield Activity(
        key=reading.key("note", native, moment.isoformat() if moment else ""), actor=people.owner_key, kind=Kind.OTHER,
        published=moment, precision=precision, title="Note on LinkedIn", text=tidy(row["note"]),
        audience=Audience.PRIVATE, participants=_subject(native),
    )  # fmt: skip


def uploaded(row: Row, reading: Reading) -> Iterator[Fact]:
    """Somebody of an address book that the owner let LinkedIn read: no member, as far as the archive tells."""
    mails = [mail for text in re.split(r"[,;\s]+", row.first("emails", "emailaddress")) if (mail := mail_address(text))]
    phones = [phone for text in re.split(r"[,;]", row["phonenumbers"]) if (phone := one_line(text, 60))]
    name = one_line(row["fullname"] or " ".join(filter(None, (row["firstname"], row["middlename"], row["lastname"]))))
    if not name_key(name) and not mails:
        raise BadRow(say("This contact has no name and no mail address."))
    addresses = [Address(kind=AddressKind.MAIL, value=mail) for mail in mails] + [Address(kind=AddressKind.PHONE, value=phone) for phone in phones]
    yield Profile(
        key=Key(PLACE, f"contact:{hashlib.sha1(chr(0).join((name_key(name), *sorted(mails))).encode('utf-8', 'replace')).hexdigest()}"), display_name=name,
        title=one_line(row["title"]), company=one_line(row["companies"]), addresses=unique(addresses), known=True, revised=UNDATED,
    )  # fmt: skip


READERS: dict[str, Callable[[Row, Reading], Iterator[Fact]]] = {
    "connections": connection, "messages": message, "invitations": invitation,
    "endorsementreceivedinfo": endorsement_received, "endorsementgiveninfo": endorsement_given,
    "recommendationsreceived": recommendation_received, "recommendationsgiven": recommendation_given,
    "shares": share, "instantreposts": repost, "comments": comment, "reactions": reaction, "votes": vote,
    "savedarticles": saved_article, "saveditems": saved_item, "positions": position, "notes": note, "uploaded": uploaded,
}  # fmt: skip


def _subject(native: str) -> tuple[Participant, ...]:
    return (Participant(profile=Key(PLACE, native), role=Role.SUBJECT),)


def _web(url: str) -> str:
    """The address as it was written, if a browser may open it."""
    url = one_line(url, 2000)
    return url if url.casefold().startswith(("http://", "https://")) else ""
