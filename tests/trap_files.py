"""Small real files for the traps, written as the places write them: a mailbox, cards, a LinkedIn archive; and what the
desk then says of a person."""

from __future__ import annotations

import json
import zipfile
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from relationdesk.derived import Filter
from relationdesk.services import agenda, importing, review
from relationdesk.store.database import Desk
from tests.facts import NOW, person_id

SAM = "Sam Carter <sam@carter.example>"


def take_in(db: Desk, *files: Path) -> None:
    """As the command brings them in, one after the other. The mailbox is Sam's."""
    for file in files:
        importing.import_now(db, file, now=NOW, me="sam@carter.example" if file.suffix == ".mbox" else "")


def mailbox(path: Path, *mails: tuple[str, str, datetime, str, str]) -> Path:
    """(from, to, when, subject, text) of each."""
    parts = []
    for n, (sender, to, when, subject, text) in enumerate(mails):
        sent = f"From x@y Mon Nov  2 09:00:00 2026\nMessage-ID: <{path.stem}-{n}@mail.example>\nDate: {format_datetime(when)}\n"
        parts.append(f"{sent}From: {sender}\nTo: {to}\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n\n")
    path.write_text("".join(parts), encoding="utf-8")
    return path


def cards(path: Path, *people: tuple[str, str]) -> Path:
    """(name, mail address) of each; "" for no address."""
    lines = []
    for n, (name, mail) in enumerate(people):
        lines += ["BEGIN:VCARD", "VERSION:3.0", f"UID:{path.stem}-{n}", f"FN:{name}", *([f"EMAIL:{mail}"] if mail else []), "END:VCARD"]
    path.write_bytes("".join(line + "\r\n" for line in lines).encode())
    return path


def linkedin(path: Path, *people: tuple[str, str, str], messages: tuple[tuple[str, datetime, str], ...] = ()) -> Path:
    """Sam's archive: (given name, family name, mail address) of each connection; (page, when, text) of messages to Sam."""
    me = "https://www.linkedin.com/in/sam-carter"
    known = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    known += "".join(f"{given},{family},{page(given, family)},{mail},Alder,Head,09 Nov 2026\n" for given, family, mail in people)
    said = "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER\n"
    said += "".join(f"c-{who},,Them,{who},Sam Carter,{me},{when:%Y-%m-%d %H:%M:%S} UTC,,{text},INBOX\n" for who, when, text in messages)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Connections.csv", 'Notes:\r\n"About this file"\r\n\r\n' + known)
        archive.writestr("messages.csv", said)
        archive.writestr("Profile.csv", "First Name,Last Name,Headline\nSam,Carter,Metering\n")
        archive.writestr("Email Addresses.csv", "Email Address,Confirmed,Primary,Updated On\nsam@carter.example,Yes,Yes,\n")
    return path


def said_on_three(folder: Path, words: str, when: datetime) -> tuple[Path, Path, Path]:
    """Sam's archives of X, Mastodon and LinkedIn: the same words in each, some minutes apart, as a program posts them everywhere."""
    x, mastodon, shares = folder / "x", folder / "mastodon", folder / "Complete_LinkedInDataExport_11-20-2026"
    (x / "data").mkdir(parents=True)
    post = {"id_str": "1991000000000000001", "created_at": f"{when:%a %b %d %H:%M:%S +0000 %Y}", "full_text": f"{words} https://t.co/a", "entities": {}}
    for name, rows in (("account", [{"account": {"accountId": "1001", "username": "samcarter", "accountDisplayName": "Sam Carter"}}]), ("tweets", [{"tweet": post}])):
        (x / "data" / f"{name}.js").write_text(f"window.YTD.{name}.part0 = {json.dumps(rows)}", encoding="utf-8")
    me, public = "https://hotel.example/users/sam", ["https://www.w3.org/ns/activitystreams#Public"]
    at = f"{when + timedelta(minutes=3):%Y-%m-%dT%H:%M:%SZ}"
    note = {"id": f"{me}/statuses/1", "type": "Note", "published": at, "url": "https://hotel.example/@sam/1", "attributedTo": me, "to": public, "content": f"<p>{words}</p>"}
    create = {"id": f"{me}/statuses/1/activity", "type": "Create", "actor": me, "published": at, "to": public, "object": note}
    mastodon.mkdir()
    for name, content in (
        ("actor", {"id": me, "type": "Person", "preferredUsername": "sam", "name": "Sam Carter", "url": "https://hotel.example/@sam"}),
        ("outbox", {"id": "outbox.json", "type": "OrderedCollection", "totalItems": 1, "orderedItems": [create]}),
    ):
        (mastodon / f"{name}.json").write_text(json.dumps({"@context": "https://www.w3.org/ns/activitystreams", **content}), encoding="utf-8")
    shares.mkdir()
    (shares / "Profile.csv").write_text("First Name,Last Name,Headline\nSam,Carter,Metering\n", encoding="utf-8")
    link = "https://www.linkedin.com/feed/update/urn:li:share:7390000000000000001"
    (shares / "Shares.csv").write_text(
        f'Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n{when + timedelta(minutes=7):%Y-%m-%d %H:%M:%S},{link},"{words}",,,PUBLIC\n', encoding="utf-8"
    )
    return x, mastodon, shares


def page(given: str, family: str) -> str:
    return f"https://www.linkedin.com/in/{given}-{family}".lower()


def texts(db: Desk, pid: int) -> set[str]:
    items = review.stretch(db, pid, Filter()).items
    return {i.note.text if i.note else i.activity.text if i.activity else "" for i in items}


def prompts(db: Desk, name: str, now: datetime = NOW) -> dict[str, str]:
    """Rule → why not, of one person."""
    return {p.rule: p.why_not for p in agenda.of_person(db, person_id(db, name), now)}
