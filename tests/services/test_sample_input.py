"""The sample desk is real raw input, whatever the day: it parses, it moves as a whole, and it tells the story of the design."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from relationdesk.errors import Gone
from relationdesk.model import Activity, Key, Kind, Rejected, Stream, Tombstone
from relationdesk.services.sample_input import BASE, recorded_answer, sample_folder, shifted, story_day, write_sample
from relationdesk.sources.base import FileSource, Options
from relationdesk.sources.bluesky import Bluesky
from relationdesk.sources.csv_contacts import CsvContacts
from relationdesk.sources.door import Door
from relationdesk.sources.feed import Feed
from relationdesk.sources.ical import ICalendar
from relationdesk.sources.linkedin_archive import LinkedInArchive
from relationdesk.sources.mail_files import MailFiles
from relationdesk.sources.mastodon import Mastodon
from relationdesk.sources.vcard import VCard

PLACES_OWN_HOSTS = (
    "www.linkedin.com", "public.api.bsky.app", "plc.directory", "bsky.app", "www.youtube.com", "www.flickr.com", "www.reddit.com", "github.com",
    "www.w3.org", "purl.org", "www.itunes.com", "search.yahoo.com", "webfinger.net",
)  # fmt: skip
PEOPLE = (
    "Joe Brown", "Priya Raman", "Tomás Vega", "Lena Vogt", "Mary Jones", "Gary Jones", "Ingrid Solberg",
    "Charles Williams", "Aisha Noor", "Bob Hale", "Robert,Hale", "Kenji Mori", "Ana Kovač", "Olivia Grant",
    "Jonas Lind", "Dr. Hannah Weiss", "Anna,Wikström", "Joe Tanaka", "Kim Tanaka", "Zoe Brown", "نور حداد",
    "Miguel Ortega", "sofie.brandt@brandt.example", "info@harborline.example", "joebr0wn",
)  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    write_sample(folder, BASE)
    return folder


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("later")
    write_sample(folder, BASE + timedelta(days=40))
    return folder


def texts(folder: Path) -> dict[str, str]:
    """Every written file and every table in a zip, by name."""
    found: dict[str, str] = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = file.relative_to(folder).as_posix()
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as archive:
                found |= {f"{name}/{entry}": archive.read(entry).decode("utf-8") for entry in archive.namelist()}
        else:
            found[name] = file.read_bytes().decode("utf-8")
    return found


def mails(folder: Path) -> list[EmailMessage]:
    parts: list[bytes] = []
    for file in sorted((folder / "mail").iterdir()):
        parts += re.split(rb"(?m)^From \S+@\S+ .*\n", file.read_bytes())[1:]
    return [message_from_bytes(part, policy=policy.default) for part in parts]  # type: ignore[arg-type,misc]


def answer(folder: Path, url: str) -> Any:
    status, headers, body = recorded_answer(folder, url)
    assert status == 200 and headers["content-type"].startswith("application/json")
    return json.loads(body)


def test_every_file_is_what_its_ending_says(base: Path) -> None:
    kinds = set()
    for name, text in texts(base).items():
        ending = name.rpartition(".")[2]
        kinds.add(ending)
        assert re.search(r"\{\{\d", text) is None, name
        if ending == "json":
            json.loads(text)
        elif ending == "xml":
            ElementTree.fromstring(text)
        elif ending == "html":
            assert text.startswith("<!DOCTYPE html>") and 'rel="me"' in text
        elif ending == "csv":
            rows = list(csv.reader(io.StringIO(text.partition("\n\n")[2] if text.startswith("Notes:") else text)))
            assert len(rows) > 1 and {len(row) for row in rows} == {len(rows[0])}, name
        elif ending == "vcf":
            assert text.count("BEGIN:VCARD\r\n") == text.count("END:VCARD\r\n") == 20
            assert all(re.match(r"[A-Z]+[;:]", line) for line in text.split("\r\n") if line)
        elif ending == "ics":
            assert text.startswith("BEGIN:VCALENDAR\r\n") and text.count("BEGIN:VEVENT\r\n") == text.count("END:VEVENT\r\n") == 2
    assert kinds == {"json", "xml", "csv", "vcf", "ics", "mbox", "html", "gone"}


def test_every_mail_is_whole_and_threads_hold_together(base: Path) -> None:
    found = mails(base)
    ids = [mail["Message-ID"] for mail in found]
    assert len(found) > 230 and len(set(ids)) == len(ids)
    for mail in found:
        assert mail.defects == [] and mail["From"].addresses and mail["To"].addresses
        assert mail.get_content().strip()
        assert mail["In-Reply-To"] is None or mail["In-Reply-To"] in ids
        assert parsedate_to_datetime(mail["Date"]) <= datetime(2026, 11, 20, 10, 12, tzinfo=UTC)


DATES = (
    (r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000", "%a, %d %b %Y %H:%M:%S +0000"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?=Z|\.000Z)", "%Y-%m-%dT%H:%M:%S"),
    (r"(?<![\d-])\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?", "%Y-%m-%d %H:%M"),
    (r"(?<=,)\d\d \w{3} \d{4}(?=\n)", "%d %b %Y"),
    (r"\d+/\d+/\d\d, \d+:\d\d [AP]M", "%m/%d/%y, %I:%M %p"),
    (r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d UTC", "%Y/%m/%d %H:%M:%S UTC"),
)


@pytest.mark.parametrize(("pattern", "spelling"), DATES)
def test_every_date_moves_by_the_same_days(base: Path, later: Path, pattern: str, spelling: str) -> None:
    def moments(folder: Path) -> list[datetime]:
        found = [text for name, whole in texts(folder).items() for text in re.findall(pattern, whole)]
        return [datetime.strptime(text[:16] if spelling.endswith("%d %H:%M") else text, spelling) for text in found]

    before, after = moments(base), moments(later)
    assert len(before) >= 15
    assert after == [moment + timedelta(days=40) for moment in before]


def test_ids_stay_where_they_are(base: Path, later: Path) -> None:
    pattern = re.compile(r'Message-ID: .*|<guid.*|<id>.*|"(?:id|uri|url)": ?"[^"]*"|UID:.*|urn%3A\S*')
    before, after = ({n: pattern.findall(t) for n, t in texts(folder).items()} for folder in (base, later))
    assert before == after and sum(map(len, before.values())) > 800


def test_weekdays_are_spelt_from_the_moved_day() -> None:
    text = "On {{2026-11-20T09:12:00|wrote}} {{2026-11-20|wd}} {{2027-01-12|day}} {{2026-11-20T09:12:00|mbox}}"
    assert shifted(text, 0) == "On Fri, 20 Nov 2026 at 09:12 fri 12 January Fri Nov 20 09:12:00 2026"
    assert shifted(text, 12) == "On Wed, 2 Dec 2026 at 09:12 wed 24 January Wed Dec  2 09:12:00 2026"
    with pytest.raises(KeyError):
        shifted("{{2026-11-20|stardate}}", 0)


def test_nothing_of_the_story_lies_in_the_future() -> None:
    assert story_day(datetime(2026, 12, 1, 10, 12, tzinfo=UTC)) == date(2026, 12, 1)
    assert story_day(datetime(2026, 12, 1, 10, 11, tzinfo=UTC)) == date(2026, 11, 30)


def test_only_invented_hosts_beside_the_places_own(base: Path) -> None:
    whole = "\n".join(texts(base).values())
    hosts = set(re.findall(r"(?:https?://|wss://|[\w.+-]+@)((?:[\w-]+\.)+[a-z]{2,})\b", whole))
    assert {host for host in hosts if not host.endswith(".example")} <= set(PLACES_OWN_HOSTS)


def test_everybody_of_the_story_is_there_and_the_house_word_rule_holds(base: Path) -> None:
    found = texts(base)
    whole = "\n".join(found.values())
    assert [name for name in PEOPLE if name not in whole] == []
    spoken = "\n".join(text for name, text in found.items() if not name.startswith("mastodon/"))
    assert re.findall(r"(?i).*\baccounts?\b.*", spoken) == []


def test_what_waits_is_not_answered(base: Path) -> None:
    found = {mail["Message-ID"]: mail for mail in mails(base)}
    answered = {mail["In-Reply-To"] for mail in found.values()}
    waiting = next(mail for mail in found.values() if "I need the price per outlet" in mail.get_content())
    assert waiting["Message-ID"] not in answered and waiting["References"].count("<") == 2
    mention = next(n for n in answer(base, "https://hotel.example/api/v1/notifications") if "single hotel" in str(n))
    mine = answer(base, "https://hotel.example/api/v1/accounts/109000000003333333/statuses?limit=40")
    assert mine[0]["account"]["acct"] == "sam"
    assert mention["status"]["id"] not in {status["in_reply_to_id"] for status in mine}
    aisha = max((m for m in found.values() if "aisha" in f"{m['From']}{m['To']}"), key=lambda m: m["Date"].datetime)
    assert "sam@carter.example" in aisha["From"] and aisha["Date"].datetime.date() == date(2026, 11, 17)


def test_charles_has_been_quiet_for_31_days_against_his_rhythm(base: Path) -> None:
    days = sorted(m["Date"].datetime.date() for m in mails(base) if "charles.williams" in str(m["From"]))
    assert (BASE - days[-1]).days == 31
    assert max((b - a).days for a, b in pairwise(days)) <= 10


def test_a_crossposted_article_is_in_three_places(base: Path) -> None:
    found = texts(base)
    assert "https://backofhouse.example/night-load" in found["feeds/backofhouse.example/feed.xml"]
    assert "https://backofhouse.example/night-load" in found["linkedin/Basic_LinkedInDataExport.zip/messages.csv"]
    assert any("night-load" in text for name, text in found.items() if name.endswith("/statuses.json"))


def test_the_blog_of_tomas_could_be_read_once_and_is_gone_now(base: Path) -> None:
    url = "https://backstairs.example/feed.xml"
    assert recorded_answer(base / "earlier", url)[0] == 200
    assert recorded_answer(base, url)[0] == 410


def test_index_names_only_what_is_there(base: Path) -> None:
    index = json.loads((base / "index.json").read_text("utf-8"))
    assert all((base / file["path"]).is_file() for file in index["files"])
    whole = "\n".join(texts(base).values())
    for login, reading in ((one, reading) for one in index["logins"] for reading in one["readings"]):
        for follow in reading["follows"]:
            if login["source"] == "bluesky":
                who = answer(base, f"https://pds.carter.example/xrpc/app.bsky.actor.getProfile?actor={follow.rpartition('/')[2].removeprefix('@')}")
                assert answer(base, f"https://pds.carter.example/xrpc/app.bsky.feed.getAuthorFeed?actor={who['did']}")["feed"]
            elif login["source"] == "feed":
                assert recorded_answer(base / reading["folder"], follow)[0] == 200, follow
            else:
                user = follow.removeprefix("@")
                found = answer(base, f"{login['address']}/api/v1/accounts/lookup?acct={user}")
                assert answer(base, f"{login['address']}/api/v1/accounts/{found['id']}/statuses?limit=40")
    for decision in index["decisions"]:
        who = decision.get("who", [])
        for address in [who] if isinstance(who, str) else who:
            assert whole.count(address) > 1, address
    assert {"bucket", "note"} <= {decision["do"] for decision in index["decisions"]}


def test_recorded_lists_obey_their_paging(base: Path) -> None:
    address = "https://hotel.example/api/v1/accounts/109000000001111111/statuses"
    whole = answer(base, f"{address}?limit=40")
    ids = [status["id"] for status in whole]
    assert len(ids) == 24 and ids == sorted(ids, key=int, reverse=True)
    assert [s["id"] for s in answer(base, f"{address}?limit=5&max_id={ids[4]}")] == ids[5:10]
    assert [s["id"] for s in answer(base, f"{address}?limit=5&min_id={ids[10]}")] == ids[5:10]
    assert [s["id"] for s in answer(base, f"{address}?limit=5&since_id={ids[10]}")] == ids[:5]
    assert answer(base, f"{address}?limit=40&min_id={ids[0]}") == []
    mentions = answer(base, "https://hotel.example/api/v1/notifications?types[]=mention&limit=80")
    assert mentions and {item["type"] for item in mentions} == {"mention"}
    link = recorded_answer(base, f"{address}?limit=5")[1]["link"]
    assert f'max_id={ids[4]}>; rel="next"' in link and f'min_id={ids[0]}>; rel="prev"' in link


def test_a_recorded_status_is_told_by_its_id(base: Path) -> None:
    address = "https://hotel.example/api/v1"
    ids = [status["id"] for status in answer(base, f"{address}/accounts/109000000001111111/statuses?limit=2")]
    assert answer(base, f"{address}/statuses/{ids[0]}")["id"] == ids[0]
    found = answer(base, f"{address}/statuses?id%5B%5D={ids[0]}&id[]={ids[1]}&id[]=1")
    assert {status["id"] for status in found} == set(ids)
    assert recorded_answer(base, f"{address}/statuses/1")[0] == 404


def test_every_reply_finds_what_it_answers(base: Path) -> None:
    for file in (base / "mastodon").glob("*/api/v1/accounts/*/statuses.json"):
        server = file.relative_to(base / "mastodon").parts[0]
        for status in json.loads(file.read_bytes()):
            if status["in_reply_to_id"]:
                parent = answer(base, f"https://{server}/api/v1/statuses/{status['in_reply_to_id']}")
                assert parent["account"]["id"] == status["in_reply_to_account_id"]


@pytest.mark.parametrize(
    "url",
    ["https://hotel.example/api/v1/unknown", "https://hotel.example/../../index", "https://elsewhere.example/", "nonsense"],
)
def test_what_is_not_recorded_is_not_found(base: Path, url: str) -> None:
    status, _headers, body = recorded_answer(base, url)
    assert status == 404 and "error" in json.loads(body)


def test_the_resources_hold_no_bare_date_of_an_item() -> None:
    """Whoever adds a mail or a post without a mark would freeze it in time."""
    root = sample_folder()
    bare = re.compile(r"(?m)^Date: (?!\{\{)|\"(?:createdAt|indexedAt)\": ?\"(?!\{\{)|<pubDate>(?!\{\{)|<published>(?!\{\{)|\"created_at\": ?\"(?!\{\{)")
    files = [path for path in root.rglob("*") if path.is_file() and path.name != "README.md"]
    assert [file.name for file in files if bare.search(file.read_text("utf-8"))] == []


@pytest.mark.parametrize("days", [-900, -1213])
def test_our_own_sources_read_all_of_it(tmp_path: Path, days: int) -> None:
    """In the past on purpose: a mail from the future is doubted, and whether BASE is past depends on the clock."""
    write_sample(tmp_path, BASE + timedelta(days=days))
    index = json.loads((tmp_path / "index.json").read_text("utf-8"))
    sources: dict[str, FileSource] = {
        source.name: source for source in (VCard(), CsvContacts(), LinkedInArchive(), MailFiles(), ICalendar())
    }
    activities: list[Activity] = []
    for file in index["files"]:
        source, path = sources[file["format"]], tmp_path / file["path"]
        assert source.recognise(path) is not None
        facts = list(source.read(path, Options(me=file["me"], mine=frozenset({"sam@carter.example"}))))
        assert [fact for fact in facts if isinstance(fact, Rejected)] == []
        activities += [fact for fact in facts if isinstance(fact, Activity)]
    assert len({activity.key for activity in activities}) > 440
    assert all(activity.published for activity in activities)
    said = [activity.published for activity in activities if activity.published and activity.kind is not Kind.EVENT]
    assert max(said) == datetime(2026, 11, 20, 9, 12, tzinfo=UTC) + timedelta(days=days)
    assert [activity.title for activity in activities if activity.kind is Kind.EVENT] == ["Quarterly review, Alder & Finch", "Site walk, Rotterdam"]


def test_our_own_live_sources_read_all_of_it(base: Path) -> None:
    index = json.loads((base / "index.json").read_text("utf-8"))
    activities: set[Key] = set()
    gone: list[str] = []
    for told in index["logins"]:
        followed: list[Stream] = []
        for reading in told["readings"]:
            root = base / reading["folder"]
            at = datetime.fromisoformat(reading["at"])
            source = {"mastodon": Mastodon, "bluesky": Bluesky, "feed": Feed}[told["source"]](partial(_same, at))
            door = Door(transport=httpx.MockTransport(partial(_response, root)))
            login = source.connect(told["address"], told["token"], door)
            followed += [source.follow(who, login, told["token"], door)[0] for who in reading["follows"]]
            for stream in source.streams(login, tuple(followed)):
                try:
                    pages = list(source.pages(login, stream, "", told["token"], door))
                except Gone:
                    gone.append(stream.address)
                    continue
                facts = [fact for page in pages for fact in page.facts]
                assert not any(isinstance(fact, Rejected | Tombstone) for fact in facts)
                assert any(isinstance(fact, Activity) for fact in facts), stream.name
                activities |= {fact.key for fact in facts if isinstance(fact, Activity)}
    assert gone == ["https://backstairs.example/feed.xml"]
    assert len(activities) > 165


def _response(folder: Path, request: httpx.Request) -> httpx.Response:
    status, headers, body = recorded_answer(folder, str(request.url))
    return httpx.Response(status, headers=headers, content=body)


def _same(moment: datetime) -> datetime:
    return moment
