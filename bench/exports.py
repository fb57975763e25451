"""Large files as the places write them, each with its floor: the same bytes read and decoded by the library alone, and not understood."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from relationdesk.sources.base import Options
from tests import cars
from tests.outlook_files import DataFile, Folder, Thing

MESSAGES, PEOPLE, POSTS, MAILS, EVENTS, SENT = 20_000, 20_000, 20_000, 2_000, 2_000, 4_000
SENTENCE = "Thanks for the plan, we will look at it on Monday and come back with “questions”, prices and dates. "
BEGIN = datetime(2024, 1, 8, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """count: what it holds. floor: reads and decodes the same bytes."""

    name: str
    format: str
    path: Path
    count: int
    floor_name: str
    floor: Callable[[Path], object]
    options: Options = Options()  # noqa: RUF009  # frozen


def exports(folder: Path) -> Iterator[Export]:
    """Each written when it is asked for."""
    yield Export(name=f"WhatsApp chat of {MESSAGES:,} messages", format="whatsapp", path=_whatsapp(folder), count=MESSAGES, floor_name="decoded, in lines", floor=_lines, options=Options(me="Sam Carter"))
    yield Export(name=f"Telegram export of {MESSAGES:,} messages", format="telegram", path=_telegram(folder), count=MESSAGES, floor_name="json", floor=_json)
    yield Export(name=f"Discord chat of {MESSAGES:,} messages", format="discord_chat", path=_discord(folder), count=MESSAGES, floor_name="json", floor=_json, options=Options(me="900000000000000001"))
    yield Export(name=f"Slack export of {MESSAGES:,} messages", format="slack_export", path=_slack(folder), count=MESSAGES, floor_name="zipfile and json", floor=_zipped_json, options=Options(me="U0SAM"))
    yield Export(name=f"Facebook export of {MESSAGES:,} messages, JSON", format="facebook_export", path=_facebook(folder), count=MESSAGES, floor_name="zipfile and json", floor=_zipped_json)
    yield Export(name=f"Facebook export of {SENT:,} messages, HTML", format="facebook_export", path=_facebook_pages(folder), count=SENT, floor_name="zipfile and selectolax", floor=_zipped_pages, options=Options(me="Sam Carter"))
    yield Export(name=f"X archive of {POSTS:,} posts", format="x_archive", path=_x(folder), count=POSTS, floor_name="zipfile and json", floor=_zipped_scripts)
    yield Export(name=f"Google Takeout of {MAILS:,} mails", format="google_takeout", path=_takeout(folder), count=MAILS, floor_name="zipfile, mailbox and email", floor=_zipped_mail)
    yield Export(name=f"calendar of {EVENTS:,} entries", format="ical", path=_calendar(folder), count=EVENTS, floor_name="icalendar", floor=_calendar_alone)
    yield Export(name=f"workbook of {PEOPLE:,} people", format="csv_contacts", path=_workbook(folder), count=PEOPLE, floor_name="openpyxl", floor=_workbook_alone)
    yield Export(name=f"Bluesky archive of {POSTS:,} posts", format="bluesky_archive", path=_car(folder), count=POSTS, floor_name="read and hashed", floor=_hashed)
    yield Export(name=f"Outlook data file of {SENT:,} mails", format="outlook_data", path=_outlook(folder), count=SENT, floor_name="read and hashed", floor=_hashed, options=Options(me="sam@seller.example"))


def _at(n: int) -> datetime:
    return BEGIN + timedelta(minutes=7 * n)


def _whatsapp(folder: Path) -> Path:
    path = folder / "WhatsApp Chat with Ida Holm.txt"
    lines = (f"{_at(n):%d/%m/%Y, %H:%M} - {('Ida Holm', 'Sam Carter')[n % 2]}: {SENTENCE}{n}\n" for n in range(MESSAGES))
    path.write_text("".join(lines), encoding="utf-8")
    return path


def _telegram(folder: Path) -> Path:
    chats = [
        {
            "name": f"Person {who}", "type": "personal_chat", "id": 100 + who,
            "messages": [
                {"id": n, "type": "message", "date": f"{_at(n):%Y-%m-%dT%H:%M:%S}", "date_unixtime": f"{_at(n).timestamp():.0f}", "from": ("Sam", f"Person {who}")[n % 2],
                 "from_id": ("user10", f"user{100 + who}")[n % 2], "text": [SENTENCE, {"type": "bold", "text": str(n)}], "text_entities": [{"type": "plain", "text": SENTENCE}]}
                for n in range(MESSAGES // 20)
            ],
        }
        for who in range(20)
    ]  # fmt: skip
    path = folder / "result.json"
    me = {"user_id": 10, "first_name": "Sam", "last_name": "Carter", "username": "@samc"}
    path.write_text(json.dumps({"about": "x", "personal_information": me, "chats": {"about": "y", "list": chats}}, indent=1, ensure_ascii=False), encoding="utf-8")
    return path


def _discord(folder: Path) -> Path:
    authors = [{"id": f"90000000000000000{n}", "name": name, "nickname": name, "isBot": False} for n, name in ((1, "otter"), (2, "nova"))]
    messages = [
        {"id": f"{1180000000000000000 + n}", "type": "Default", "timestamp": _at(n).isoformat(), "timestampEdited": None, "isPinned": False, "content": SENTENCE,
         "author": authors[n % 2], "attachments": [], "embeds": [], "stickers": [], "reactions": [], "mentions": []}
        for n in range(MESSAGES)
    ]  # fmt: skip
    head = {"guild": {"id": "0", "name": "Direct Messages"}, "channel": {"id": "1100000000000000001", "type": "DirectTextChat", "name": "nova"}, "exportedAt": "x"}
    path = folder / "chat.json"
    path.write_text(json.dumps({**head, "messages": messages, "messageCount": len(messages)}, indent=2, ensure_ascii=False), encoding="utf-8")
    return path


def _slack(folder: Path) -> Path:
    path = folder / "slack.zip"
    users = [{"id": f"U0{name.upper()}", "team_id": "T0", "name": name, "profile": {"real_name": name.title(), "email": f"{name}@firm.example"}} for name in ("sam", "ida", "bob")]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.json", json.dumps(users))
        archive.writestr("channels.json", json.dumps([{"id": "C01", "name": "launch", "members": [user["id"] for user in users]}]))
        for day in range(100):
            rows = [
                {"type": "message", "user": str(users[n % 3]["id"]), "ts": f"{_at(0).timestamp() + day * 86_400 + n:.6f}", "text": SENTENCE, "client_msg_id": f"{day}-{n}", "team": "T0",
                 "blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": SENTENCE}]}]}]}
                for n in range(MESSAGES // 100)
            ]  # fmt: skip
            archive.writestr(f"launch/{_at(0) + timedelta(days=day):%Y-%m-%d}.json", json.dumps(rows, indent=4))
    return path


def _facebook(folder: Path) -> Path:
    path = folder / "facebook-sam.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        profile = {"profile_v2": {"name": {"full_name": "Sam Carter"}}}
        archive.writestr("personal_information/profile_information/profile_information.json", json.dumps(profile))
        for who in range(20):
            names = [f"Person {who}", "Sam Carter"]
            rows = [{"sender_name": names[n % 2], "timestamp_ms": int(_at(n).timestamp() * 1000), "content": _broken(SENTENCE), "is_geoblocked_for_viewer": False} for n in range(MESSAGES // 20)]
            chat = {"participants": [{"name": name} for name in names], "messages": rows[::-1], "title": names[0], "is_still_participant": True, "thread_path": f"inbox/person_{who}"}
            archive.writestr(f"your_facebook_activity/messages/inbox/person_{who}/message_1.json", json.dumps(chat, indent=2))
    return path


def _broken(text: str) -> str:
    return text.encode().decode("latin-1")


def _facebook_pages(folder: Path) -> Path:
    path = folder / "facebook-pages.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for who in range(4):
            rows = "".join(
                f'<div class="pam _3-95 _2ph- _a6-g uiBoxWhite noborder"><div class="_2ph_ _a6-h _a6-i">{(f"Person {who}", "Sam Carter")[n % 2]}</div><div class="_2ph_ _a6-p"><div><div></div>'
                f'<div>{SENTENCE}</div><div></div></div></div><div class="_3-94 _a6-o"><div class="_a72d">{_at(n):%b %d, %Y %I:%M:%S %p}</div></div></div>'
                for n in range(SENT // 4)
            )
            page = f'<html><head><meta charset="utf-8"/><title>Person {who}</title></head><body class="_5vb_"><div class="_a705"><header><h1>Person {who}</h1></header><main class="_a706" role="main">'
            page += f'<div class="_3b0d">Participants: Person {who} and Sam Carter</div>{rows}</main></div></body></html>'
            archive.writestr(f"your_facebook_activity/messages/inbox/person_{who}/message_1.html", page)
    return path


def _x(folder: Path) -> Path:
    path = folder / "twitter.zip"
    posts = [
        {"tweet": {
            "id_str": str(1373616000000000000 + n), "id": str(1373616000000000000 + n), "created_at": f"{_at(n):%a %b %d %H:%M:%S +0000 %Y}", "full_text": f"@ida {SENTENCE}", "lang": "en", "retweeted": False,
            "entities": {"hashtags": [], "symbols": [], "urls": [], "user_mentions": [{"name": "Ida", "screen_name": "ida", "id_str": "2002", "id": "2002", "indices": ["0", "4"]}]},
            "favorite_count": "1", "retweet_count": "0", "source": "<a>web</a>", "in_reply_to_user_id_str": "2002", "in_reply_to_screen_name": "ida"}}
        for n in range(POSTS)
    ]  # fmt: skip
    account = [{"account": {"username": "samcarter", "accountId": "1001", "createdAt": "2007-11-15T13:18:50.000Z", "accountDisplayName": "Sam Carter"}}]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data/account.js", "window.YTD.account.part0 = " + json.dumps(account, indent=2))
        archive.writestr("data/tweets.js", "window.YTD.tweets.part0 = " + json.dumps(posts, indent=2, ensure_ascii=False))
    return path


def mbox(count: int) -> str:
    return "".join(
        f"From person{n}@firm.example Mon Jan 08 09:00:00 2024\nFrom: Person {n} <person{n}@firm.example>\nTo: sam@seller.example\n"
        f"Subject: Plan {n}\nDate: Mon, 08 Jan 2024 09:{n % 60:02}:00 +0000\nMessage-ID: <{n}@firm.example>\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{SENTENCE * 5}\n\n"
        for n in range(count)
    )


def _takeout(folder: Path) -> Path:
    path = folder / "takeout-20240108T090000Z-001.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Takeout/archive_browser.html", "<html></html>")
        archive.writestr("Takeout/Mail/All mail Including Spam and Trash.mbox", mbox(MAILS))
    return path


def _calendar(folder: Path) -> Path:
    path = folder / "calendar.ics"
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}@firm.example\r\nSUMMARY:Review {n}\r\nDESCRIPTION:Prices and dates\r\nDTSTART:{_at(n):%Y%m%dT%H%M%SZ}\r\nDTEND:{_at(n + 4):%Y%m%dT%H%M%SZ}\r\n"
        f"ORGANIZER;CN=Sam:mailto:sam@seller.example\r\nATTENDEE;CN=Person {n % 300};PARTSTAT=ACCEPTED:mailto:person{n % 300}@firm.example\r\nEND:VEVENT\r\n"
        for n in range(EVENTS)
    )
    path.write_text(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}END:VCALENDAR\r\n", encoding="utf-8", newline="")
    return path


def _workbook(folder: Path) -> Path:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("People")
    sheet.append(("First Name", "Last Name", "Email", "Phone", "Company", "Job Title", "Notes"))
    for n in range(PEOPLE):
        sheet.append((f"Person {n}", "Example", f"person{n}@firm{n % 400}.example", f"+47 22 {n:06}", f"Firm {n % 400}", "Buyer", SENTENCE))
    path = folder / "people.xlsx"
    book.save(path)
    return path


def _car(folder: Path) -> Path:
    start = int(BEGIN.timestamp() * 1e6)
    records = {
        f"app.bsky.feed.post/{cars.tid(start + n * 60_000_000)}": {"$type": "app.bsky.feed.post", "text": SENTENCE, "createdAt": f"{BEGIN + timedelta(minutes=n):%Y-%m-%dT%H:%M:%SZ}", "langs": ["en"]}
        for n in range(POSTS)
    }
    path = folder / "repo.car"
    path.write_bytes(cars.repository(records, per_node=4_000))
    return path


def _outlook(folder: Path) -> Path:
    things = [
        Thing(
            properties={
                0x001A: "IPM.Note", 0x0037: f"Plan {n}", 0x0039: _at(n), 0x1000: SENTENCE * 5, 0x1035: f"<{n}@firm.example>", 0x0C1A: f"Person {n}", 0x0C1F: f"person{n}@firm.example",
            },
            people=[{0x3001: "Sam", 0x39FE: "sam@seller.example", 0x0C15: 1}],
        )
        for n in range(SENT)
    ]  # fmt: skip
    return DataFile().save(folder / "outlook.pst", Folder(name="Inbox", things=things))


# The floors


def _lines(path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        for _ in file:
            pass


def _json(path: Path) -> None:
    json.loads(path.read_bytes())


def _zipped_json(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            json.loads(archive.read(name))


def _zipped_scripts(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            json.loads(archive.read(name).partition(b"=")[2])


def _zipped_pages(path: Path) -> None:
    from selectolax.lexbor import LexborHTMLParser

    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            LexborHTMLParser(archive.read(name)).css("div._a6-g")


def _zipped_mail(path: Path) -> None:
    import email
    import email.policy
    import mailbox
    import tempfile

    with zipfile.ZipFile(path) as archive, tempfile.NamedTemporaryFile(suffix=".mbox") as copy:
        copy.write(archive.read("Takeout/Mail/All mail Including Spam and Trash.mbox"))
        copy.flush()
        for raw in mailbox.mbox(copy.name, create=False):
            email.message_from_bytes(raw.as_bytes(), policy=email.policy.default).get_content()


def _calendar_alone(path: Path) -> None:
    from icalendar import Calendar

    Calendar.from_ical(path.read_bytes())


def _workbook_alone(path: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    for row in book.worksheets[0].iter_rows(values_only=True):
        assert row
    book.close()


def _hashed(path: Path) -> None:
    with path.open("rb") as file:
        hashlib.file_digest(file, "sha256")
