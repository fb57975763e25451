"""Names what RelationDesk cannot read yet, so that a refusal says "this is a Google Takeout" and what to do instead.

Looks at content: names of members, first bytes, headers of tables. It reads nothing else and never yields a fact.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from relationdesk.errors import UnreadableFile
from relationdesk.saying import marked
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.csv_dialect import shape_of
from relationdesk.text import fold

_HEAD_BYTES = 64 * 1024
_MOST_NAMES = 20_000
_MOST_LOOKED_INTO = 20
_PACKED = re.compile(r"(?i)\.(?:zip|tgz|tar|tar\.gz|7z|rar)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What gives something away. All conditions that are given must hold.

    title: "an Excel workbook". advice: what to do instead, a whole sentence, "" if there is nothing.
    names: for folders and zips, patterns of which each fits some member. head: for one file, a pattern of its beginning (of a file of
    Office followed by its table of contents). columns: for one table, folded headers that are all in it. file: a pattern of the name of
    one file, for what has nothing telling in it.
    """

    title: str
    advice: str = ""
    names: tuple[str, ...] = ()
    head: bytes = b""
    columns: frozenset[str] = frozenset()
    file: str = ""


def _columns(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


_SAVE_AS_CSV = marked("Save the sheet as CSV and choose that file.")
_AS_MAIL = marked("Export the mails as mbox or EML, and choose those.")
_TELEGRAM = marked("In Telegram Desktop, export again and choose “Machine-readable JSON” as the format; then choose the result.json.")
_PACKAGE = marked("Choose the package.zip that Discord sent you, or the whole folder.")
_SIGNAL = marked("On the phone, choose Settings, Chats, and export them as plain text; then choose that folder.")
_WHATSAPP = marked("In each chat, choose “Export chat”, and choose the file it makes.")
_BLUESKY = marked("In Bluesky, choose Settings, Export my data, and bring in the repo.car that you get.")
_TAKEOUT = marked("Ask Google for contacts, mail, calendar, YouTube, Chat or My Activity, and choose what it makes.")
_WHOLE_X = marked("Choose the zip that X sent you, or its folder.")
_MASTODON = marked("On your server choose Preferences, Import and export, and request your archive; or follow the person in Places.")
_META = marked("Choose the zip that Meta gave you, or all of them together if there are several.")
_AS_LIST = marked("Save the list in it as CSV and choose that file.")
_AS_VCARD = marked("Export it as vCard (.vcf), and choose that file.")
_DISCORD_JSON = marked("Export it as JSON in DiscordChatExporter, and choose that file.")
_JSON = rb"\A\s*[\[{]"
_OFFICE = rb"\A\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _holding(part: str) -> bytes:
    """A file of Office with a part of this name."""
    return _OFFICE + rb".*" + re.escape(f"{part}\0".encode("utf-16-le"))


ANY_JSON = "a JSON file"
SIGNS = (
    Sign(title="an old or binary Excel workbook", advice=marked("Save it as .xlsx or its sheet as CSV, and choose that file."), names=(r"^(xl/)?workbook\.(xml|bin)$", r"(^|/)styles\.(xml|bin)$")),
    Sign(title="an OpenDocument file", advice=_SAVE_AS_CSV, names=(r"^content\.xml$", r"^mimetype$")),
    Sign(title="a Word document", advice=_AS_LIST, names=(r"^(word/)?document\.xml$",)),
    Sign(title="a presentation", advice=_AS_LIST, names=(r"^(ppt/)?presentation\.xml$",)),
    Sign(title="an Apple Numbers or Pages document", advice=marked("Export it as CSV and choose that file."), names=(r"\.iwa$",)),
    Sign(title="an Apple Contacts archive", advice=marked("In Contacts, export a vCard instead."), names=(r"(^|/)addressbook.*\.abcddb$",)),
    Sign(title="an archive of Outlook for Mac (OLM)", advice=marked("In Outlook, drag the mails, or a whole folder of them, out of its window into a folder, and choose that."), names=(r"(^|/)com\.microsoft\.__messages(/|$)",)),
    Sign(title="a workbook with a password", advice=marked("Save it without its password, and choose that file."), head=_holding("EncryptedPackage")),
    Sign(title="an old Excel workbook (.xls)", advice=marked("Save it as .xlsx or its sheet as CSV, and choose that file."), head=_holding("Workbook") + b"|" + _holding("Book")),
    Sign(title="an old Word document", advice=_AS_LIST, head=_holding("WordDocument")),
    Sign(title="an old Office file or a workbook with a password", advice=marked("Save a table as CSV or without its password, and choose that."), head=_OFFICE),
    Sign(title="a packed Outlook data file (PST)", advice=marked("Unpack it, and choose the data file itself."), names=(r"\.(pst|ost)$",)),
    Sign(title="a PDF document", advice=marked("Choose what it was made from: the list as CSV or workbook, the mails as EML."), head=rb"\A%PDF-"),
    Sign(title="a database file", head=rb"\ASQLite format 3\x00"),
    Sign(title="a package of another kind than zip", advice=marked("Unpack it, and choose the folder."), head=rb"\A(?:7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|BZh[1-9]1AY&SY|\xfd7zXZ\x00|\x28\xb5\x2f\xfd)"),
    Sign(title="an Access database", advice=marked("Export the table in it as CSV, and choose that file."), head=rb"\A\x00\x01\x00\x00Standard (?:Jet|ACE) DB"),
    Sign(title="a database of Lotus Notes", advice=marked("Export the mails in it as EML and the contacts as vCard, and choose those."), head=rb"\A\x1a\x00\x00[\x03\x04]"),
    Sign(title="a mailbox of Outlook Express", advice=_AS_MAIL, head=rb"\A\xcf\xad\x12\xfe"),
    Sign(title="a Windows address book (WAB)", advice=_AS_VCARD, head=rb"\A\x9c\xcb\xcb\x8d\x13\x75\xd2\x11"),
    Sign(title="an index that Thunderbird keeps of a mailbox", advice=marked("Choose the file of the same name without .msf; an address book, export as vCard."), head=rb"\A// <!-- <mdb:mork"),
    Sign(title="an address book in LDIF", advice=_AS_VCARD, head=rb"(?i)\A(?:#[^\n]{0,200}\n|version: ?\d\r?\n|\s){0,20}dn::? ?\S"),
    Sign(title="a contact list as jCard or xCard", advice=_AS_VCARD, head=rb"\A\s*\[\s*\"vcard\"|\A\s*<[^\x00]{0,400}urn:ietf:params:xml:ns:vcard"),
    Sign(title="a backup of text messages", head=rb"\A\s*<[^\x00]{0,2000}<smses\b|\A\s*<smses\b"),
    Sign(title="a text document (RTF)", advice=_AS_LIST, head=rb"\A\{\\rtf"),
    Sign(title="a link to a document of Google's", advice=marked("Open it, choose File, Download, as .xlsx or CSV, and choose that file."), head=_JSON + rb"[^\x00]{0,400}\"doc_id\"\s*:"),
    Sign(title="a picture", head=rb"\A(?:\x89PNG|\xff\xd8\xff|GIF8|BM....\x00\x00\x00\x00|RIFF....WEBP|....ftyp(?:heic|avif))"),
    Sign(title="an X (Twitter) archive", advice=_WHOLE_X, names=(r"(^|/)(account|tweets?|manifest|follower)\.js$",)),
    Sign(title="a part of an X (Twitter) archive", advice=_WHOLE_X, head=rb"\A\s*window\.(?:YTD|__THAR_CONFIG)\b"),
    Sign(title="a part of a Facebook or Instagram export of other things", advice=_META, names=(r"(^|/)(your_(facebook|instagram)_activity|your_activity_across_facebook)(/|$)",)),
    Sign(title="a page of a Facebook or Instagram export", advice=_META, head=rb"(?i)\A\s*(?:<!DOCTYPE[^>]*>\s*)?<html[^\x00]*class=\"[^\"]*\b_a6-[ghop]"),
    Sign(title="a part of a Discord data package", advice=_PACKAGE, head=_JSON + rb"[^\x00]{0,4000}(?:\"global_name\"\s*:|\"Contents\"\s*:|\"recipients\"\s*:\s*\[\"\d{15,})"),
    Sign(title="a page of a Telegram export", advice=_TELEGRAM, names=(r"(^|/)messages\d*\.html$", r"(^|/)(css/style\.css|js/script\.js|export_results\.html)$")),
    Sign(title="a page of a Telegram export", advice=_TELEGRAM, head=rb"(?i)\A\s*<!DOCTYPE html>[^\x00]*class=\"page_wrap\"|\A\s*<!DOCTYPE html>[^\x00]*<title>Exported Data</title>"),
    Sign(title="an encrypted backup of Signal", advice=_SIGNAL, names=(r"(^|/)signal-\d{4}-.*\.backup$|(^|/)signalbackups?(/|$)",)),
    Sign(title="an encrypted backup of Signal", advice=_SIGNAL, file=r"^signal-\d{4}-.*\.backup$"),
    Sign(title="a chat of Discord as a table", advice=_DISCORD_JSON, columns=_columns("authorid|author|date|content")),
    Sign(title="a chat of Discord as a page or text", advice=_DISCORD_JSON, head=rb"(?i)\A\s*<!DOCTYPE html>[^\x00]*\bchatlog\b|\A={20,80}\r?\nGuild: "),
    Sign(title="an encrypted backup of WhatsApp", advice=_WHATSAPP, names=(r"(^|/)msgstore.*\.crypt\d*$",)),
    Sign(title="an encrypted backup of WhatsApp", advice=_WHATSAPP, file=r"^msgstore.*\.crypt\d*$"),
    Sign(title="a damaged Outlook data file", advice=marked("Close Outlook, copy the file again, and choose the copy."), file=r"\.(pst|ost)$"),
    Sign(title="an answer of a Mastodon server", advice=_MASTODON, head=_JSON + rb"[^\x00]*\"(?:spoiler_text|in_reply_to_account_id|reblogs_count)\"\s*:"),
    Sign(title="a CAR file without a Bluesky repository", advice=_BLUESKY, head=rb"\A.{1,60}eroots"),
    Sign(title="a piece of Bluesky's stream", advice=_BLUESKY, head=_JSON + rb"[^\x00]{0,400}\"\$bytes\"|" + _JSON + rb"[^\x00]{0,400}\"root\"\s*:\s*\"bafy"),
    Sign(title="a Google Takeout of other things", advice=_TAKEOUT, names=(r"(^|/)archive_browser\.html$",)),
    Sign(title="a table of a Reddit data request without its words", advice=marked("Choose the whole zip that Reddit sent you."), columns=_columns("permalink|subreddit")),
    Sign(title="a table of a Reddit data request without its words", advice=marked("Choose the whole zip that Reddit sent you."), columns=_columns("permalink|thread id|from|to")),
    Sign(title="a list of people whom Mastodon hides", columns=_columns("account address|hide notifications")),
    Sign(title="a Mastodon list", columns=_columns("account address|show boosts")),
    Sign(title="an Outlook calendar", columns=_columns("subject|start date|start time|end date")),
    Sign(title="a list of Outlook mails without their dates", advice=_AS_MAIL, columns=_columns("subject|body|from name|from address")),
    Sign(title="a table of a Discord data package", advice=_PACKAGE, columns=_columns("id|timestamp|contents|attachments")),
    Sign(title="a file of what the columns of a table mean", advice=marked("Drop it on the window, or give it to: relationdesk mapping take."), head=rb'\A(?:\xef\xbb\xbf)?\s*\{\s*"relationdesk_mapping"'),
    Sign(title=ANY_JSON, head=_JSON + rb"\s*[\[{\"\]}\d]"),
    Sign(title="a web page", head=rb"(?i)\A(?:\xef\xbb\xbf)?\s*(?:<!--[^\x00]{0,2000}?-->\s*)?(?:<!DOCTYPE html|<html)"),
)  # fmt: skip
"""In the order of asking: what is unmistakable first, mere wrappings last."""

_EMPTY_BOOK = Sign(title="a workbook without anything in its visible sheets", advice=marked("Show the sheet with the list in it, save, and choose it again."))
_HEADLESS = Sign(title="a table without a line that says what its columns are", advice=marked("Put one above it, such as Name, Email, and choose it again."))
_COLUMNS = frozenset().union(*(sign.columns for sign in SIGNS))
_MAIL = re.compile(r"[^\s@<>,;]{1,100}@[^\s@<>,;]{1,100}\.[^\s@<>,;]{1,30}")


def table_sign(columns: Iterable[str]) -> Sign | None:
    """What a table with these headers belongs to, if it is no list of people."""
    folded = {fold(column[:200]) for column in columns}
    return next((sign for sign in SIGNS if sign.columns and sign.columns <= folded), None)


def sign_of(path: Path) -> Sign | None:
    """What a file or folder that no source reads is; None for what nobody knows. Never raises."""
    try:
        with open_container(path) as container:
            if not container.single:
                return _by_names(container) or (_EMPTY_BOOK if container.book and not container.names() else None)
            with container.open(container.names()[0]) as stream:
                head = stream.read(_HEAD_BYTES)
        head += _contents(path, head)
    except (UnreadableFile, OSError):
        return None
    shape = shape_of(head, lambda cell: fold(cell[:200]) in _COLUMNS)
    if shape and (found := table_sign(shape.header)):
        return found
    head = head.removeprefix(codecs.BOM_UTF8)
    found = next((sign for sign in SIGNS if (sign.head and re.search(sign.head, head, re.DOTALL)) or (sign.file and re.search(sign.file, path.name.casefold()))), None)
    return found or (_HEADLESS if _is_headless(head) else None)


def _contents(path: Path, head: bytes) -> bytes:
    """The table of contents of a file of Office, which may lie anywhere in it; b"" for any other file."""
    if not head.startswith(_OFFICE_HEAD) or len(head) < 512:
        return b""
    shift, first = int.from_bytes(head[30:32], "little"), int.from_bytes(head[48:52], "little")
    if shift not in (9, 12):
        return b""
    with path.open("rb") as file:
        file.seek((first + 1) << shift)
        return file.read(8_192)


def _is_headless(head: bytes) -> bool:
    """A table that begins with somebody's mail address: nothing says what the other columns are."""
    lines = [line for line in head[:8_192].decode("utf-8", "replace").splitlines() if line.strip()][:3]
    for mark in ",;\t":
        rows = list(csv.reader(lines, delimiter=mark))
        if lines and len({len(row) for row in rows}) == 1 and len(rows[0]) > 1:
            return any(all(_MAIL.fullmatch(row[place].strip()) for row in rows) for place in range(len(rows[0])))
    return False


def _by_names(container: Container) -> Sign | None:
    """The folders that all members share were taken off their names, so they are looked at as well."""
    above = f"{container.path.name}/{container.top}".casefold().strip("/")
    names = [name.casefold() for name in container.names()[:_MOST_NAMES]] + [above]
    return next(
        (
            sign
            for sign in SIGNS
            if sign.names and all(any(re.search(pattern, name) for name in names) for pattern in sign.names)
        ),
        None,
    )


def packed_in(path: Path) -> str:
    """The first packed file among the members of a packed file; "" for none, and for a folder. Never raises."""
    if not path.is_file():
        return ""
    try:
        with open_container(path) as container:
            names = () if container.single else container.names()
    except (UnreadableFile, OSError):
        return ""
    return next((PurePosixPath(name).name for name in names if _PACKED.search(name)), "")


def inside(path: Path) -> tuple[Path, ...]:
    """The files and folders that lie directly in a folder, by name, at most twenty; () for anything else."""
    try:
        found = sorted(one for one in path.iterdir() if not one.name.startswith(".") and not one.is_symlink())
    except OSError:
        return ()
    return tuple(found[:_MOST_LOOKED_INTO])
