"""The look ahead through a LinkedIn archive: whose it is, and which address belongs to which name.

Both are needed before the first fact is handed on, since the actor of most activities is the owner, and before 2023
connections had no address. Long tables are read only as far as the answer needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from relationdesk.model import UNDATED, Address, AddressKind, Profile, unique
from relationdesk.sources.base import Options
from relationdesk.sources.container import Container
from relationdesk.sources.linkedin_people import People, name_key
from relationdesk.sources.linkedin_tables import Table, good_rows
from relationdesk.sources.linkedin_words import links, profile_url, slug
from relationdesk.sources.tables import Row
from relationdesk.text import canonical_url, mail_address, one_line, tidy

_MOST_PEERS = 100_000
_ENOUGH = 50
"""Messages after which one who took part in all of them is the owner."""


def survey(people: People, box: Container, tables: Iterable[Table], options: Options) -> Iterator[None]:
    """Fills the directory and its owner; what cannot be known stays `OWNER`. Yields now and then, for the impatient."""
    by_name: dict[str, list[Table]] = {}
    for table in tables:
        by_name.setdefault(table.spec.name, []).append(table)
    _owner_from_options(people, options)
    for table in by_name.get("profile", ()):
        row = next(iter(good_rows(box, table)), None)
        people.owner_name = people.owner_name or (_full_name(row) if row else "")
    for table in by_name.get("invitations", ()):
        _invitations(people, good_rows(box, table))
    bare = _connections(people, box, by_name.get("connections", ()))
    for direction in ("received", "given"):
        for table in by_name.get(f"endorsement{direction}info", ()):
            side = "endorser" if direction == "received" else "endorsee"
            for row in good_rows(box, table):
                people.learn(_full_name(row, side), row[f"{side}publicurl"])
    for table in by_name.get("messages", ()):
        old = "recipientprofileurls" not in table.shape.columns
        if old or bare or not people.owner_known:
            yield from _messages(people, good_rows(box, table), to_the_end=old or bare)
        if people.owner_known and not people.owner_name:
            people.owner_name = _name_beside(people.owner, good_rows(box, table))
    people.settle()


def owner_profile(box: Container, tables: Iterable[Table], people: People) -> Profile:
    """All that the archive says about its owner, in one Profile."""
    own: dict[str, str] = {}
    addresses: list[Address] = []
    for table in tables:
        if table.spec.name not in ("profile", "emailaddresses", "phonenumbers", "positions"):
            continue
        for row in good_rows(box, table):
            if table.spec.name == "profile":
                own = own or _own(row)
                addresses += _sites(row)
            elif table.spec.name == "emailaddresses":
                mail = mail_address(row["emailaddress"])
                vouched = row["confirmed"].casefold() in ("", "yes", "true")
                addresses.append(Address(kind=AddressKind.MAIL, value=mail, vouched=vouched))
            elif table.spec.name == "phonenumbers":
                number = one_line(f"{row['extension']} {row['number']}", 60)
                addresses.append(Address(kind=AddressKind.PHONE, value=number))
            elif not row["finishedon"] and "company" not in own:
                own |= {"company": one_line(row["companyname"]), "title": one_line(row["title"])}
    named = people.owner_known and not people.owner.startswith("name:")
    return Profile(
        key=people.owner_key,
        handle=people.owner if named else "",
        display_name=one_line(people.owner_name),
        url=profile_url(people.owner) if named else "",
        bio=own.get("bio", ""),
        title=own.get("title", ""),
        company=own.get("company", ""),
        addresses=unique(addresses),
        is_owner=True,
        revised=UNDATED,
    )


def _own(row: Row) -> dict[str, str]:
    return {"bio": tidy("\n\n".join(part for part in (row["headline"], row["summary"]) if part))}


def _sites(row: Row) -> list[Address]:
    """ "[PERSONAL:https://a.example,BLOG:https://b.example]" """
    found = (canonical_url(part.strip().partition(":")[2]) for part in row["websites"].strip("[]").split(","))
    return [Address(kind=AddressKind.WEB, value=url) for url in found if url]


def _full_name(row: Row, side: str = "") -> str:
    return one_line(f"{row[f'{side}firstname']} {row[f'{side}lastname']}")


def _owner_from_options(people: People, options: Options) -> None:
    me = options.me.strip().lstrip("@")
    if not me:
        return
    if native := slug(me):
        people.owner = native
    elif " " in me or "@" in me:
        people.owner_name = "" if "@" in me else one_line(me)
    else:
        people.owner = me.casefold()


def _invitations(people: People, rows: Iterable[Row]) -> None:
    for row in rows:
        people.learn(row["from"], row["inviterprofileurl"])
        people.learn(row["to"], row["inviteeprofileurl"])
        if row["direction"].upper() == "OUTGOING":
            people.claim(row["from"], row["inviterprofileurl"])
        elif row["direction"].upper() == "INCOMING":
            people.claim(row["to"], row["inviteeprofileurl"])


def _connections(people: People, box: Container, tables: Iterable[Table]) -> bool:
    """True if there are connections without an address."""
    bare = False
    for table in tables:
        bare = bare or "url" not in table.shape.columns
        for row in good_rows(box, table):
            people.learn_connection(_full_name(row), row["url"])
    return bare


def _messages(people: People, rows: Iterable[Row], *, to_the_end: bool) -> Iterator[None]:
    """The owner takes part in every message: whoever is in all of them and no connection is the owner."""
    common: set[str] | None = None
    for number, row in enumerate(rows):
        if number % 1000 == 0:
            yield
        people.learn(row["from"], row["senderprofileurl"])
        if row["direction"].upper() == "OUTGOING":
            people.claim(row["from"], row["senderprofileurl"])
        elif row["direction"].upper() == "INCOMING" and name_key(row["to"]):
            people.claim(row["to"], "")
        elif people.is_owner_name(row["from"]):
            people.claim(row["from"], row["senderprofileurl"])
        elif people.is_owner_name(row["to"]) and len(to := links(row["recipientprofileurls"])) <= 1 and not people.is_connection(slug("".join(to))):
            people.claim(row["to"], "".join(to))  # who took part in it and did not write it
        if people.owner_known and not to_the_end:
            return
        if common is not None and len(common) == 1 and number >= _ENOUGH and not to_the_end:
            break
        peers = {native for link in (*links(row["recipientprofileurls"]), row["senderprofileurl"]) if (native := slug(link))}
        if len(peers) > 1 or (peers and row["recipientprofileurls"]):
            common = set(sorted(peers)[:_MOST_PEERS]) if common is None else common & peers
    candidates = {native for native in common or () if not people.is_connection(native)}
    if not people.owner_known and len(candidates) == 1:
        people.owner = candidates.pop()


def _name_beside(native: str, rows: Iterable[Row]) -> str:
    for row in rows:
        if slug(row["senderprofileurl"]) == native and name_key(row["from"]):
            return one_line(row["from"])
        if [slug(link) for link in links(row["recipientprofileurls"])] == [native] and name_key(row["to"]):
            return one_line(row["to"])
    return ""
