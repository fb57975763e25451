"""LinkedIn's archive: every layout since 2018, counted against the real sets, and bent on purpose."""

from __future__ import annotations

import zipfile
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import (
    Activity,
    AddressKind,
    Audience,
    Coverage,
    Fact,
    Key,
    Kind,
    Precision,
    Profile,
    Progress,
    Rejected,
    Role,
)
from relationdesk.sources.base import Options
from relationdesk.sources.linkedin_archive import LinkedInArchive
from relationdesk.sources.linkedin_messages import split_names
from relationdesk.sources.linkedin_people import People
from relationdesk.sources.linkedin_words import post_urn, profile_url, slug, urn_time, when
from relationdesk.sources.seen import Seen
from tests import shared

REAL = shared.REAL / "linkedin"
FICTIONAL = REAL / "complete_fictional" / "Complete_LinkedInDataExport.zip"
OF_2026 = REAL / "Complete_LinkedInDataExport_03-09-2026"
OF_2018 = REAL / "Complete_LinkedInDataExport_11-04-2018"


class Found:
    """Everything a read brought, sorted by what it is."""

    def __init__(self, path: Path, me: str = "", parts: frozenset[str] | None = None) -> None:
        self.all = list(LinkedInArchive().read(path, Options(me=me, parts=parts)))
        self.facts: list[Fact] = [one for one in self.all if not isinstance(one, Progress)]
        self.profiles = [one for one in self.facts if isinstance(one, Profile)]
        self.activities = [one for one in self.facts if isinstance(one, Activity)]
        self.rejected = [one for one in self.facts if isinstance(one, Rejected)]
        self.coverage = [one for one in self.facts if isinstance(one, Coverage)]

    def of(self, kind: Kind) -> list[Activity]:
        return [one for one in self.activities if one.kind is kind]

    @property
    def owner(self) -> Profile:
        (owner,) = (one for one in self.profiles if one.is_owner)
        return owner

    def profile(self, native: str) -> Profile:
        return next(one for one in self.profiles if one.key.native_id == native)


@cache
def real(path: Path) -> Found:
    """One of the real sets, read once for all tests that only look at it."""
    if not path.exists():
        pytest.skip("the real sample archives are not on this computer")
    return Found(path)


def archive(folder: Path, **tables: str) -> Path:
    """A folder with these tables; "Email_Addresses" becomes "Email Addresses.csv"."""
    folder.mkdir(exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name.replace('__', ' ')}.csv").write_text(text, encoding="utf-8", newline="")
    return folder


def promises(found: Found) -> None:
    """What sources/base.py promises for every source."""
    seen: set[Key] = set()
    keys: set[Key] = set()
    for fact in found.facts:
        if isinstance(fact, Profile):
            seen.add(fact.key)
        elif isinstance(fact, Activity):
            assert fact.actor in seen
            assert all(one.profile in seen for one in fact.participants)
            assert fact.key not in keys
            keys.add(fact.key)
            assert (fact.published is None) == (fact.precision is Precision.UNKNOWN)
            assert fact.published is None or fact.published.tzinfo is UTC
            assert fact.extra == tuple(sorted(fact.extra))
    progress = [one for one in found.all if isinstance(one, Progress)]
    assert [one.done for one in progress] == sorted(one.done for one in progress)
    assert progress[-1].done == progress[-1].total


# The real sets


def test_the_large_archive() -> None:
    found = real(FICTIONAL)
    promises(found)
    assert Counter(one.kind.value for one in found.activities) == {
        "message": 19_959, "endorsement": 2_200, "connection": 2_000, "invitation": 162, "reaction": 80, "comment": 60,
        "recommendation": 48, "post": 25, "other": 15, "position": 11, "bookmark": 8,
    }  # fmt: skip
    assert (found.owner.key.native_id, found.owner.display_name) == ("fake-ada-byron-lovelace", "Ada Byron-Lovelace")
    mails = [one.value for one in found.owner.addresses if one.kind is AddressKind.MAIL and one.vouched]
    assert mails == ["ada.example@example.com", "ada.personal@example.com"]
    assert sum(one.kind is AddressKind.PHONE for one in found.owner.addresses) == 4
    assert found.rejected == [Rejected(where="messages.csv", reason="41 drafts were never sent and were left out.")]
    messages = found.of(Kind.MESSAGE)
    assert sum(one.actor == found.owner.key for one in messages) == 10_034
    assert len({one.thread for one in messages}) == 463
    assert all(one.audience is Audience.PRIVATE for one in messages)
    assert Counter(len(one.participants) for one in messages) == {1: 18_550, 2: 84, 3: 668, 4: 657}  # groups, of whom only what the owner wrote names all
    assert not [one.display_name for one in found.profiles if "," in one.display_name]
    times = sorted(one.published for one in messages if one.published)
    assert times[0] == datetime(1833, 2, 23, 15, 37, tzinfo=UTC)
    assert times[-1] == datetime(1853, 4, 29, 2, 51, tzinfo=UTC)
    assert sum("\n" in one.text for one in messages) == 14_839  # and 31 of the drafts: 14 870
    senders = {one.actor for one in messages}
    connected = {one.participants[0].profile for one in found.of(Kind.CONNECTION)}
    assert len(senders - {found.owner.key}) + 1 == 135
    assert len(senders & connected) == 132


def test_the_large_archive_in_detail() -> None:
    found = real(FICTIONAL)
    connected = [one for one in found.profiles if one.known and one.addresses]
    assert len({one.key for one in connected}) == 2_000
    first, last = connected[0], connected[-1]
    assert (first.display_name, first.company) == ("Charles Babbage", "Analytical Engines (stealth)")
    assert first.addresses[0].vouched
    assert last.display_name == "Faramir Tesla"
    days = [one.published for one in found.of(Kind.CONNECTION)]
    assert (days[0], days[-1]) == (datetime(1833, 6, 5, tzinfo=UTC), datetime(1843, 6, 17, tzinfo=UTC))
    assert {one.precision for one in found.of(Kind.CONNECTION)} == {Precision.DAY}
    invitations = found.of(Kind.INVITATION)
    assert sum(one.actor == found.owner.key for one in invitations) == 85
    reactions = Counter(dict(one.extra)["reaction"] for one in found.of(Kind.REACTION))
    assert reactions == {"MAYBE": 19, "EMPATHY": 18, "LIKE": 14, "INTEREST": 12, "APPRECIATION": 10, "PRAISE": 7}
    assert sum(one.actor == found.owner.key for one in found.of(Kind.ENDORSEMENT)) == 1_500
    assert sum(one.actor == found.owner.key for one in found.of(Kind.RECOMMENDATION)) == 21
    assert {one.precision for one in found.of(Kind.POSITION)} == {Precision.MONTH}
    shares = found.of(Kind.POST)
    assert all(one.text.startswith("Sharing this piece") for one in shares)
    assert {one.audience for one in shares} == {Audience.PUBLIC, Audience.FOLLOWERS}


@pytest.mark.parametrize("path", [FICTIONAL, OF_2026, OF_2018], ids=["fictional", "2026", "2018"])
def test_reading_twice_gives_the_same(path: Path) -> None:
    assert real(path).facts == Found(path).facts


def test_the_archive_of_2026() -> None:
    found = real(OF_2026)
    promises(found)
    assert (found.owner.key.native_id, found.owner.display_name) == ("jordanpike", "Jordan Pike")
    assert [one.participants[0].profile.native_id for one in found.of(Kind.CONNECTION)] == [
        "ines-okafor-l-3b2a91", "kofi-mensah-1188", "zoë-brandt",
    ]  # fmt: skip
    assert found.profile("ines-okafor-l-3b2a91").company == "Northwind Analytics, Inc."
    assert found.profile("zoë-brandt").title == '"Chief" of Staff'
    messages = found.of(Kind.MESSAGE)
    assert len(messages) == 4
    assert messages[0].text.count("\n") == 5
    assert '"next steps"' in messages[1].text
    assert messages[1].actor == found.owner.key
    assert len(messages[2].participants) == 3
    assert {one.role for one in messages[2].participants} == {Role.TO}
    assert [one.text for one in found.of(Kind.COMMENT)] == ["Great write-up"]
    assert [one.reason for one in found.rejected] == [
        "1 connection hides its name and was only counted.",
        "1 message is advertising and was left out.",
    ]
    assert len(found.profiles) == 4
    assert found.coverage == [Coverage(place="linkedin", until=datetime(2026, 3, 9, tzinfo=UTC))]


def test_the_archive_of_2018() -> None:
    found = real(OF_2018)
    promises(found)
    assert found.owner.display_name == "Sam Seller"
    (post,) = found.of(Kind.POST)
    assert (post.text, post.published) == ("Zażółć gęślą jaźń", datetime(2018, 3, 9, 14, 5, 22, tzinfo=UTC))
    (connection,) = found.of(Kind.CONNECTION)
    assert (connection.published, connection.precision) == (datetime(2018, 3, 9, tzinfo=UTC), Precision.DAY)
    messages = found.of(Kind.MESSAGE)
    assert [one.actor == found.owner.key for one in messages] == [False, True, False]
    assert [dict(one.extra)["folder"] for one in messages] == ["INBOX", "SENT", "ARCHIVED"]
    assert {one.precision for one in messages} == {Precision.MINUTE}
    assert len({one.thread for one in messages}) == 1
    (invitation,) = found.of(Kind.INVITATION)
    assert invitation.participants[0].profile == found.owner.key
    assert found.rejected == []


@pytest.mark.parametrize("path", [FICTIONAL, OF_2026, OF_2018], ids=["fictional", "2026", "2018"])
def test_the_sets_are_recognised(path: Path) -> None:
    if not path.exists():
        pytest.skip("the real sample archives are not on this computer")
    seen = LinkedInArchive().recognise(path)
    assert seen is not None
    assert seen.certainty > 0.9
    assert seen.owner == ("Ada Byron-Lovelace" if path == FICTIONAL else "")


@pytest.mark.parametrize("name", ["Connections.csv", "messages.csv"])
def test_one_table_dropped_alone(name: str, tmp_path: Path) -> None:
    if not OF_2026.exists():
        pytest.skip("the real sample archives are not on this computer")
    alone = tmp_path / f"my {name.casefold()} copy.txt"
    alone.write_bytes((OF_2026 / name).read_bytes())
    seen = LinkedInArchive().recognise(alone)
    assert seen is not None
    assert seen.certainty > 0.9
    found = Found(alone)
    promises(found)
    assert len(found.activities) == (3 if name == "Connections.csv" else 4)
    assert found.owner.key.native_id == ("me" if name == "Connections.csv" else "jordanpike")
    assert Found(alone, me="https://www.linkedin.com/in/JordanPike/").owner.key.native_id == "jordanpike"


# Layouts and quirks, on invented rows

CONNECTIONS = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
MESSAGES = (
    "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER,"
    "ATTACHMENTS,IS MESSAGE DRAFT\n"
)
ME = "Ann Example,https://www.linkedin.com/in/ann"
BOB = "Bob Hale,https://www.linkedin.com/in/bob"
PROFILE = "First Name,Last Name,Headline\nAnn,Example,Sales\n"


def said(sender: str, to: str, content: str, *, when: str = "2024-05-01 10:00:00 UTC", rest: str = "INBOX,,No") -> str:
    return f"c1,,{sender},{to},{when},,{content},{rest}\n"


@pytest.mark.parametrize("between", [",", ", ", " ", "  "])
def test_a_message_to_several_is_to_each_of_them_whatever_is_between_their_addresses(tmp_path: Path, between: str) -> None:
    several = between.join(f"https://www.linkedin.com/in/{one}" for one in ("bob", "cid"))
    found = Found(archive(tmp_path / "a", messages=MESSAGES + said(ME, f'"Bob Hale, Cid Stranger","{several}"', "to both"), Profile=PROFILE))
    promises(found)
    (message,) = found.of(Kind.MESSAGE)
    assert [one.profile.native_id for one in message.participants] == ["bob", "cid"]
    assert {one.display_name for one in found.profiles} == {"Ann Example", "Bob Hale", "Cid Stranger"}


def test_equal_messages_stay_two_and_keep_their_keys(tmp_path: Path) -> None:
    rows = said(ME, BOB, "ping") * 3 + said(BOB, ME, "pong")
    path = archive(tmp_path / "a", messages=MESSAGES + rows, Profile=PROFILE)
    found = Found(path)
    promises(found)
    keys = [one.key.native_id for one in found.of(Kind.MESSAGE)]
    assert len(set(keys)) == 4
    assert keys[1] == f"{keys[0]}:2"
    longer = archive(tmp_path / "b", messages=MESSAGES + said(BOB, ME, "earlier") + rows, Profile=PROFILE)
    assert set(keys) < {one.key.native_id for one in Found(longer).of(Kind.MESSAGE)}


def test_written_to_is_known_and_merely_heard_of_is_not(tmp_path: Path) -> None:
    cid = "Cid Stranger,https://www.linkedin.com/in/cid"
    rows = said(cid, ME, "buy now") + said(ME, BOB, "hello")
    found = Found(archive(tmp_path / "a", messages=MESSAGES + rows, Profile=PROFILE))
    assert (found.profile("cid").known, found.profile("bob").known) == (False, True)


def test_drafts_spam_and_advertising_are_counted(tmp_path: Path) -> None:
    rows = (
        said(ME, BOB, "draft", rest="INBOX,,Yes")
        + said(BOB, ME, "spam", rest="SPAM,,No")
        + said(BOB, ME, '"<p class=""spinmail-quill-editor__spin-break"">Buy</p>"')
        + "c9,An offer,LinkedIn Member,," + ME + ",2024-05-01 10:00:00 UTC,,Buy,INBOX,,No\n"
        + said(",", ME, "nobody at all")
        + said(BOB, ME, "real")
    )
    found = Found(archive(tmp_path / "a", messages=MESSAGES + rows, Profile=PROFILE))
    promises(found)
    assert [one.text for one in found.of(Kind.MESSAGE)] == ["real"]
    assert sorted(one.reason.split()[0] for one in found.rejected) == ["1", "1", "1", "2"]
    assert {one.key.native_id for one in found.profiles} == {"ann", "bob"}


def test_a_member_linkedin_no_longer_names_is_somebody_in_each_conversation(tmp_path: Path) -> None:
    gone = "LinkedIn Member,"
    rows = said(gone, ME, "their words") + said(ME, gone, "mine") + said(gone, ME, "somebody else").replace("c1,", "c2,", 1)
    found = Found(archive(tmp_path / "a", messages=MESSAGES + rows, Profile=PROFILE))
    promises(found)
    first, mine, other = found.of(Kind.MESSAGE)
    assert first.actor == mine.participants[0].profile != other.actor
    assert mine.actor == found.owner.key and first.participants[0].profile == found.owner.key
    unknown = found.profile(other.actor.native_id)
    assert (unknown.display_name, unknown.handle, unknown.url, found.rejected) == ("LinkedIn Member", "", "", [])


def test_a_second_download_of_a_table_doubles_nothing(tmp_path: Path) -> None:
    rows = MESSAGES + said(ME, BOB, "ping") * 2
    once = Found(archive(tmp_path / "a", messages=rows, Connections=CONNECTIONS + f"Bob,Hale,{BOB.split(',')[1]},,,,08 Feb 2026\n"))
    (tmp_path / "a" / "messages (1).csv").write_text(rows)
    (tmp_path / "a" / "Connections (1).csv").write_bytes((tmp_path / "a" / "Connections.csv").read_bytes())
    twice = Found(tmp_path / "a")
    assert {one.key for one in twice.activities} == {one.key for one in once.activities} and len(once.activities) == 3


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["3/1/26, 14:37", "29/1/26, 2:37 PM"], [(3, 1), (29, 1)]),
        (["3/1/26, 2:37 PM", "1/29/26, 2:37 PM"], [(1, 3), (29, 1)]),
        (["3/1/26, 2:37 PM", "4/1/26, 2:37\u202fPM"], [(1, 3), (1, 4)]),
        (["13.1.26, 14:37", "3.1.26, 14:37"], [(13, 1), (3, 1)]),
    ],
)
def test_the_order_of_day_and_month_is_that_of_the_whole_table(tmp_path: Path, cells: list[str], days: list[tuple[int, int]]) -> None:
    rows = "".join(f'Ann Example,Bob {number},"{cell}",,OUTGOING\n' for number, cell in enumerate(cells))
    found = Found(archive(tmp_path / "a", Invitations="From,To,Sent At,Message,Direction\n" + rows))
    assert [(one.published.day, one.published.month) for one in found.of(Kind.INVITATION) if one.published] == days


def test_connections_before_addresses_find_theirs_through_messages(tmp_path: Path) -> None:
    connections = (
        "First Name,Last Name,Email Address,Company,Position,Connected On\n"
        'Bob,Hale,,Acme,Buyer,4-Apr-21\n"Jane","Doe, Ph.D.",,Acme,CTO,05 Apr 2021\n'
        "Max,Muster,max1@x.example,A,,05 Apr 2021\nMax,Muster,max2@x.example,B,,05 Apr 2021\n"
    )
    old = "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,DATE,SUBJECT,CONTENT,FOLDER\n"
    rows = (
        f'c1,,{BOB},"Ann Example, Jane Doe, Ph.D.",2021-06-01 10:00:00 UTC,,hi,INBOX\n'
        f'c1,,{ME},"Bob Hale, Jane Doe, Ph.D.",2021-06-01 10:01:00 UTC,,ho,INBOX\n'
    )
    found = Found(archive(tmp_path / "a", Connections=connections, messages=old + rows, Profile=PROFILE))
    promises(found)
    assert found.owner.key.native_id == "ann"
    assert [one.participants[0].profile.native_id for one in found.of(Kind.CONNECTION)] == [
        "bob", "name:jane doe ph d", "name:max muster#max1@x.example", "name:max muster#max2@x.example",
    ]  # fmt: skip
    to = [{one.profile.native_id for one in message.participants} for message in found.of(Kind.MESSAGE)]
    assert to == [{"ann", "name:jane doe ph d"}, {"bob", "name:jane doe ph d"}]


def test_a_connection_that_hides_its_name_is_counted(tmp_path: Path) -> None:
    found = Found(archive(tmp_path / "a", Connections=CONNECTIONS + ",,,,,,07 Jun 2026\n,,,,,,21 Feb 2026\nBob,Hale,,,,,08 Feb 2026", Profile=PROFILE))
    assert len(found.of(Kind.CONNECTION)) == 1 and [one.reason for one in found.rejected] == ["2 connections hide their names and were only counted."]


def test_a_namesake_of_the_owner_is_somebody_else(tmp_path: Path) -> None:
    connections = "First Name,Last Name,Company,Position,Connected On\nAnn,Example,Acme,,05 Apr 2021\n"
    found = Found(archive(tmp_path / "Complete_LinkedInDataExport_04-06-2021", Connections=connections, Profile=PROFILE))
    promises(found)
    (one,) = found.of(Kind.CONNECTION)
    assert one.participants[0].profile not in (one.actor, found.owner.key)
    assert found.coverage == [Coverage(place="linkedin", until=datetime(2021, 4, 6, tzinfo=UTC))]


def test_a_resave_by_excel(tmp_path: Path) -> None:
    text = "\ufeffNotes:;;;\r\n\r\nFirst Name;Last Name;Connected On;Company\r\nBob;Hale;4-Apr-21;Acme;;\r\n"
    path = archive(tmp_path / "a", Connections=text)
    found = Found(path)
    (one,) = found.of(Kind.CONNECTION)
    assert (one.published, found.profile("name:bob hale").company) == (datetime(2021, 4, 4, tzinfo=UTC), "Acme")


def test_the_tables_of_2018(tmp_path: Path) -> None:
    """Names only, times without a zone, and some tables in UTF-16 with tabs beside others in UTF-8 with commas."""
    path = archive(
        tmp_path / "a", Connections='First Name,Last Name,Email Address,Company,Position,Connected On\nBob,Hale,b@x.example,Acme,Buyer,"3/9/18, 2:05 PM"\n',
        Messages='From,To,Date,Subject,Content,Direction,Folder\nBob Hale,Ann Example,"10/11/18, 9:15 AM",Hi,one,INCOMING,INBOX\nAnn Example,Bob Hale,"10/12/18, 9:15 AM",Re,two,OUTGOING,SENT\n',
        Profile=PROFILE,
    )  # fmt: skip
    shares = "Date\tShare Title\tShare Description\tShare Link\tShare Commentary\tShared URL\tMedia URL\tType\tVisibility\n2018/03/09 14:05:22 UTC\tT\tD\thttps://www.linkedin.com/feed/update/urn:li:share:6378000000000000000\tZażółć\thttps://e.example\t\tx\tMEMBER_NETWORK\n"
    (path / "Shares.csv").write_bytes(shares.encode("utf-16"))
    found = Found(path)
    promises(found)
    (known,), (post,), (theirs, mine) = found.of(Kind.CONNECTION), found.of(Kind.POST), found.of(Kind.MESSAGE)
    assert (known.published, known.precision) == (datetime(2018, 3, 9, tzinfo=UTC), Precision.DAY)
    assert (post.title, post.text, post.published, post.audience) == ("T", "Zażółć", datetime(2018, 3, 9, 14, 5, 22, tzinfo=UTC), Audience.FOLLOWERS)
    assert (theirs.actor.native_id, mine.actor, mine.precision) == ("name:bob hale", found.owner.key, Precision.MINUTE) and theirs.thread == mine.thread


def test_every_cell_in_quotes_and_lines_in_the_middle_as_since_2026(tmp_path: Path) -> None:
    head = MESSAGES.strip().replace(",", '","')
    row = '"c1","","Bob Hale","https://www.linkedin.com/in/bob","Ann Example","https://www.linkedin.com/in/ann","2026-04-01 10:00:00 UTC","","real\nlines, ""quoted""\n\nend","ARCHIVED","","No"'
    (one,) = Found(archive(tmp_path / "a", messages=f'"{head}"\r\n{row}\r\n', Profile=PROFILE)).of(Kind.MESSAGE)
    assert one.text == 'real\nlines, "quoted"\n\nend' and dict(one.extra)["folder"] == "ARCHIVED"


def test_tables_that_are_nobodys_business_are_left_alone(tmp_path: Path) -> None:
    coach = MESSAGES + "c9,,Coach,,Ann Example,https://www.linkedin.com/in/ann,2026-04-01 10:00:00 UTC,,coach says,INBOX,,No\n"
    left = {"guide_messages": coach, "coach_messages": coach, "learning_role_play_messages": coach, "learning_coach_messages": "No conversations found\n", "LearningCoachMessages": coach}
    left |= {"Ad_Targeting": "Member Age,Company Names,Company Names\n30,A,B\n", "Logins": "Login Date,IP Address\nx,1\n", "Search__Queries": "Time,Search Query\nx,y\n"}
    found = Found(archive(tmp_path / "a", messages=MESSAGES + said(ME, BOB, "hello"), Profile=PROFILE, **left))
    assert [one.text for one in found.activities] == ["hello"] and not found.rejected


def test_a_repost_a_vote_and_a_name_at_the_beginning_of_a_comment_are_of_no_one_else(tmp_path: Path) -> None:
    """Whose post it was the archive does not say; a name in the words may be anybody's."""
    path = archive(tmp_path / "a", **{name: EVERY_TABLE[name] for name in ("Connections", "InstantReposts", "Votes", "Profile")})
    (path / "Comments.csv").write_text("Date,Link,Message\n2026-05-07 17:00:00,https://www.linkedin.com/feed/update/urn:li:activity:7458194261025673217,Bob Hale thank you\n")
    found = Found(path)
    assert [(one.kind, one.participants, one.in_reply_to[:16]) for one in found.activities if one.kind is not Kind.CONNECTION] == [
        (Kind.SHARE, (), "urn:li:activity:"), (Kind.COMMENT, (), "urn:li:activity:"), (Kind.OTHER, (), "urn:li:activity:"),
    ]  # fmt: skip


def test_comments_in_the_other_quoting_and_without_a_date(tmp_path: Path) -> None:
    link = "https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A7458194261025673216"
    text = f'Date,Link,Message\n2024-01-02 03:04:05,{link},"He said \\"no, thanks\\"\nand left"\n,{link},undated\n'
    found = Found(archive(tmp_path / "a", Comments_17529409=text))
    promises(found)
    first, second = found.of(Kind.COMMENT)
    assert first.text == 'He said "no, thanks"\nand left'
    assert first.thread == first.in_reply_to == "urn:li:activity:7458194261025673216"
    assert (second.published, second.precision) == (None, Precision.UNKNOWN)


def test_an_undated_post_is_dated_by_its_number(tmp_path: Path) -> None:
    link = "https://www.linkedin.com/feed/update/urn:li:share:7458194261025673216"
    text = f"Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n,{link},Hello,,,CONNECTIONS\n"
    (post,) = Found(archive(tmp_path / "a", Shares=text)).of(Kind.POST)
    assert post.published == datetime(2026, 5, 7, 16, 41, 18, tzinfo=UTC)
    assert (post.key.native_id, post.audience) == ("urn:li:share:7458194261025673216", Audience.FOLLOWERS)


def test_what_was_received_is_done_by_the_other(tmp_path: Path) -> None:
    endorsements = (
        "Endorsement Date,Skill Name,Endorser First Name,Endorser Last Name,Endorser Public Url,Endorsement Status\n"
        "2024/02/01 15:02:55 UTC,Sales,Bob,Hale,www.linkedin.com/in/bob,PENDING\n"
    )
    notes = (
        "Connection First Name,Connection Last Name,Connection Profile URL,Note,Created On,Edited On\n"
        "Bob,Hale,https://www.linkedin.com/in/bob,likes tea,2026-01-02 10:00:00 UTC,\n"
    )
    found = Found(archive(tmp_path / "a", Endorsement_Received_Info=endorsements, Notes=notes, Profile=PROFILE))
    promises(found)
    (endorsement,) = found.of(Kind.ENDORSEMENT)
    assert (endorsement.actor.native_id, endorsement.title, endorsement.audience) == ("bob", "Sales", Audience.PRIVATE)
    assert endorsement.participants[0].profile == found.owner.key
    (note,) = found.of(Kind.OTHER)
    assert (note.actor, note.text, note.audience) == (found.owner.key, "likes tea", Audience.PRIVATE)


def test_the_owner_has_what_the_archive_says(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "a",
        Profile="First Name,Last Name,Headline,Websites\nAnn,Example,Sales,[BLOG:https://ann.example/]\n",
        Email__Addresses="Email Address,Confirmed,Primary\nAnn@X.example,Yes,Yes\nother@x.example,No,No\nNot Available,,\n",
        Positions="Company Name,Title,Description,Location,Started On,Finished On\nAcme,Lead,,,Jan 2024,\nOld,Clerk,,,2019,2020\n",
    )
    found = Found(path)
    owner = found.owner
    assert (owner.company, owner.title, owner.bio) == ("Acme", "Lead", "Sales")
    assert [(one.value, one.vouched) for one in owner.addresses] == [
        ("https://ann.example", False), ("ann@x.example", True), ("other@x.example", False),
    ]  # fmt: skip
    assert [(one.precision, one.published) for one in found.of(Kind.POSITION)] == [
        (Precision.MONTH, datetime(2024, 1, 1, tzinfo=UTC)), (Precision.YEAR, datetime(2019, 1, 1, tzinfo=UTC)),
    ]  # fmt: skip


EVERY_TABLE = {
    "Connections": CONNECTIONS + "Bob,Hale,https://www.linkedin.com/in/bob,,,,05 Apr 2021\n",
    "messages": MESSAGES + said(ME, BOB, "hello"),
    "Invitations": "From,To,Sent At,Message,Direction\nAnn Example,Cid Hale,\"1/29/24, 2:37 PM\",hi,OUTGOING\n",
    "Shares": "Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n2026-05-07 16:41:18,https://www.linkedin.com/feed/update/urn:li:share:7458194261025673216,mine,,,PUBLIC\n",
    "InstantReposts": "Date,Link\n2026-05-07 17:03:00,https://www.linkedin.com/feed/update/urn:li:activity:7458194261025673219\n",
    "Comments": "Date,Link,Message\n2026-05-07 17:00:00,https://www.linkedin.com/feed/update/urn:li:activity:7458194261025673217,said\n",
    "Reactions": "Date,Type,Link\n2026-05-07 17:01:00,PRAISE,https://www.linkedin.com/feed/update/urn:li:activity:7458194261025673217\n",
    "Votes": "Date,Link,OptionText\n2026-05-07 17:04:00,https://www.linkedin.com/feed/update/urn:li:activity:7458194261025673220,Yes\n",
    "Endorsement_Received_Info": "Endorsement Date,Skill Name,Endorser First Name,Endorser Last Name,Endorser Public Url,Endorsement Status\n"
    "2024/02/01 15:02:55 UTC,Sales,Bob,Hale,www.linkedin.com/in/bob,ACCEPTED\n",
    "Recommendations_Given": "First Name,Last Name,Company,Job Title,Text,Creation Date,Status\nBob,Hale,Oak,Head,Good,\"03/05/24, 09:15 AM\",VISIBLE\n",
    "Positions": "Company Name,Title,Description,Location,Started On,Finished On\nAcme,Lead,,,Jan 2024,\n",
    "Saved_Items": "savedItem,CreatedTime\nhttps://www.linkedin.com/feed/update/urn:li:activity:7458194261025673221,2026-05-07 17:05:00\n",
    "Notes": "Connection First Name,Connection Last Name,Connection Profile URL,Note,Created On,Edited On\nBob,Hale,https://www.linkedin.com/in/bob,likes tea,2026-01-02 10:00:00,\n",
    "ImportedContacts": "FirstName,MiddleName,LastName,Title,Emails,PhoneNumbers,CreatedAt,FullName\nHal,,Jay,Boss,\"hal@j.example, h@j.example\",+1 555 0100,\"9/10/18, 9:15 AM\",Hal Jay\n",
    "Profile": PROFILE,
}


@pytest.mark.parametrize(
    ("part", "kinds"),
    [
        ("connections", [Kind.CONNECTION]), ("messages", [Kind.MESSAGE]), ("invitations", [Kind.INVITATION]), ("posts", [Kind.POST, Kind.SHARE]), ("comments", [Kind.COMMENT]),
        ("reactions", [Kind.REACTION, Kind.OTHER]), ("endorsements", [Kind.ENDORSEMENT, Kind.RECOMMENDATION]), ("positions", [Kind.POSITION]), ("saved", [Kind.BOOKMARK]),
        ("notes", [Kind.OTHER]), ("contacts", []),
    ],
)  # fmt: skip
def test_each_part_can_be_read_by_itself(tmp_path: Path, part: str, kinds: list[Kind]) -> None:
    path = archive(tmp_path / "a", **EVERY_TABLE)
    seen = LinkedInArchive().recognise(path)
    assert seen is not None and part in [one.name for one in seen.parts]
    found = Found(path, parts=frozenset({part}))
    promises(found)
    assert [one.kind for one in found.activities] == kinds
    assert (found.owner.company, found.owner.title) == ("Acme", "Lead"), "whose it is does not depend on what is read"


def test_uploaded_contacts_are_only_read_if_asked_for(tmp_path: Path) -> None:
    path = archive(tmp_path / "a", **EVERY_TABLE)
    seen = LinkedInArchive().recognise(path)
    assert seen is not None and [one.name for one in seen.parts if not one.wanted] == ["contacts"]
    assert not [one for one in Found(path).profiles if one.key.native_id.startswith("contact:")]
    (hal,) = (one for one in Found(path, parts=frozenset({"contacts"})).profiles if not one.is_owner)
    assert (hal.display_name, hal.title, hal.known, [one.value for one in hal.addresses]) == ("Hal Jay", "Boss", True, ["hal@j.example", "h@j.example", "+1 555 0100"])
    assert LinkedInArchive().recognise(path / "ImportedContacts.csv") is None, "by itself it is a contact list"


def test_one_table_has_no_parts_to_choose_from(tmp_path: Path) -> None:
    seen = LinkedInArchive().recognise(archive(tmp_path / "a", messages=EVERY_TABLE["messages"], Profile=PROFILE))
    assert seen is not None and seen.parts == ()


def test_who_was_written_to_and_never_answered_is_still_the_owner(tmp_path: Path) -> None:
    """Profile.csv has the name and no address; beside it stands the address, in what others wrote to them."""
    cid = "Cid Stranger,https://www.linkedin.com/in/cid"
    namesake = "Ann Example,https://www.linkedin.com/in/other-ann"
    connections = CONNECTIONS + "Ann,Example,https://www.linkedin.com/in/other-ann,,,,05 Apr 2021\n"
    found = Found(archive(tmp_path / "a", Connections=connections, messages=MESSAGES + said(BOB, namesake, "to her") + said(cid, ME, "buy now"), Profile=PROFILE))
    assert found.owner.key.native_id == "ann"


def test_a_recommendation_keeps_its_key_whether_the_address_is_known_or_not(tmp_path: Path) -> None:
    whole = archive(tmp_path / "a", **EVERY_TABLE)
    alone = archive(tmp_path / "b", Recommendations_Given=EVERY_TABLE["Recommendations_Given"], Profile=PROFILE)
    (one,), (other,) = Found(whole).of(Kind.RECOMMENDATION), Found(alone).of(Kind.RECOMMENDATION)
    assert one.participants[0].profile.native_id == "bob" and other.participants[0].profile.native_id == "name:bob hale"
    assert one.key == other.key


def test_two_archives_in_one_folder(tmp_path: Path) -> None:
    box = archive(tmp_path / "both")
    archive(box / "one", Connections=CONNECTIONS + "Bob,Hale,https://www.linkedin.com/in/bob,,,,05 Apr 2021\n", Profile=PROFILE)
    archive(box / "two", Connections=CONNECTIONS + "Cid,Hale,https://www.linkedin.com/in/cid,,,,05 Apr 2021\n")
    found = Found(box)
    assert [one.participants[0].profile.native_id for one in found.of(Kind.CONNECTION)] == ["bob"]
    assert [one.where for one in found.rejected] == ["two"]


# Broken and hostile


def test_broken_rows_cost_one_row_each(tmp_path: Path) -> None:
    rows = (
        said(BOB, ME, "one")
        + "only,three,cells\n"
        + said(BOB, ME, "bad date", when="yesterday")
        + said(BOB, ME, "late", when="2024-13-45 99:00:00 UTC")
        + said(BOB, ME, "\0two\0")
        + said(BOB, ME, "x" * 200_000)
    )
    found = Found(archive(tmp_path / "a", messages=MESSAGES + rows, Profile=PROFILE))
    promises(found)
    assert [len(one.text) for one in found.of(Kind.MESSAGE)] == [3, 3, 200_000]
    assert [one.where for one in found.rejected] == ["messages.csv line 3", "messages.csv line 4", "messages.csv line 5"]


def test_very_many_broken_rows_are_summed_up(tmp_path: Path) -> None:
    found = Found(archive(tmp_path / "a", messages=MESSAGES + said(BOB, ME, "one") + "broken,row\n" * 1000))
    assert len(found.rejected) == 201
    assert found.rejected[-1].reason == "800 more rows could not be read."


def test_damage_in_one_member_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "Basic_LinkedInDataExport_02-01-2024.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as box:
        box.writestr("Connections.csv", CONNECTIONS + "Bob,Hale,https://www.linkedin.com/in/bob,,MARK,,05 Apr 2021\n")
        box.writestr("Profile.csv", PROFILE)
        box.writestr("messages.csv", MESSAGES + "".join(said(BOB, ME, f"message {n}") for n in range(2000)) + "LATE\n")
    path.write_bytes(path.read_bytes().replace(b"MARK", b"XXXX").replace(b"LATE", b"XXXX"))
    found = Found(path)
    promises(found)
    assert [one.where for one in found.rejected] == ["Connections.csv", "messages.csv"]
    assert all("damaged" in one.reason for one in found.rejected)
    assert 1000 < len(found.of(Kind.MESSAGE)) < 2000
    assert found.coverage == [Coverage(place="linkedin", until=datetime(2024, 2, 1, tzinfo=UTC))]


@pytest.mark.parametrize("data", [b"", b"\0" * 5000, b"PK\x03\x04 and no more", b"a,b\n1,2\n", b"\xff\xfe\0", "é".encode() * 999])
def test_what_is_no_archive_is_refused_in_our_words(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "Connections.csv"
    path.write_bytes(data)
    assert LinkedInArchive().recognise(path) is None
    with pytest.raises(UnreadableFile, match="Nothing was brought in"):
        Found(path)


def test_hostile_cells_do_no_harm(tmp_path: Path) -> None:
    urls = ",".join(f"https://www.linkedin.com/in/p{n}" for n in range(5000))
    rows = (
        said("Bob Hale,https://evil.example/in/ann", ME, "not her")
        + f'c2,,{ME},"many","{urls}",2024-05-01 10:00:00 UTC,,all,INBOX,,No\n'
        + said("\u202eeve,http://[::1/in/x", ME, "ab\u202ecd")
        + said("Ann Example,https://www.linkedin.com/in/%FF%00%2e%2e", ME, "odd")
    )
    found = Found(archive(tmp_path / "a", messages=MESSAGES + rows, Profile=PROFILE), me="ann")
    promises(found)
    first, second, third, fourth = found.of(Kind.MESSAGE)
    assert first.actor.native_id == "name:bob hale"
    assert len(second.participants) == 500
    assert (third.text, third.actor.native_id) == ("abcd", "name:eve")
    assert fourth.actor != found.owner.key


def test_unknown_owner_is_never_guessed(tmp_path: Path) -> None:
    found = Found(archive(tmp_path / "a", messages=MESSAGES + said(BOB, ME, "one") + said(ME, BOB, "two")))
    assert found.owner.key.native_id == "me"
    connections = CONNECTIONS + "Bob,Hale,https://www.linkedin.com/in/bob,,,,05 Apr 2021\n"
    path = archive(tmp_path / "a", Connections=connections)
    assert Found(path).owner.key.native_id == "ann"
    assert Found(path, me="Bob").owner.key.native_id == "bob"


# Words


@pytest.mark.parametrize(
    ("text", "moment", "precision"),
    [
        ("08 Feb 2026", (2026, 2, 8), Precision.DAY),
        ("12 mars 2021", (2021, 3, 12), Precision.DAY),
        ("12 févr. 2021", (2021, 2, 12), Precision.DAY),
        ("1 juil. 2021", (2021, 7, 1), Precision.DAY),
        ("1 juin 2021", (2021, 6, 1), Precision.DAY),
        ("3. März 2021", (2021, 3, 3), Precision.DAY),
        ("5 de agosto de 2021", (2021, 8, 5), Precision.DAY),
        ("29 gru 2021", (2021, 12, 29), Precision.DAY),
        ("15 мая 2021", (2021, 5, 15), Precision.DAY),
        ("май 2021", (2021, 5, 1), Precision.MONTH),
        ("2021年3月12日", (2021, 3, 12), Precision.DAY),
        ("déc. 2019", (2019, 12, 1), Precision.MONTH),
        ("1/29/26, 2:37 p.m.", (2026, 1, 29, 14, 37), Precision.MINUTE),
        ("4-Apr-21", (2021, 4, 4), Precision.DAY),
        ("3/9/18, 2:05 PM", (2018, 3, 9, 14, 5), Precision.MINUTE),
        ("1/29/26, 12:37\u202fAM", (2026, 1, 29, 0, 37), Precision.MINUTE),
        ("29/1/2026 08:00", (2026, 1, 29, 8, 0), Precision.MINUTE),
        ("2025-06-01 14:03:22 UTC", (2025, 6, 1, 14, 3, 22), Precision.SECOND),
        ("2018/03/09 14:05:22 UTC", (2018, 3, 9, 14, 5, 22), Precision.SECOND),
        ("2026-05-07 16:41:18", (2026, 5, 7, 16, 41, 18), Precision.SECOND),
        ("2026-05-07T16:41:18Z", (2026, 5, 7, 16, 41, 18), Precision.SECOND),
        ("Sat Sep 05 08:12:14 UTC 2026", (2026, 9, 5, 8, 12, 14), Precision.SECOND),
        ("Jan 2024", (2024, 1, 1), Precision.MONTH),
        ("2019", (2019, 1, 1), Precision.YEAR),
        ("45631.0", (2024, 12, 5), Precision.DAY),
        ("05 Jun 1833", (1833, 6, 5), Precision.DAY),
    ],
)
def test_dates(text: str, moment: tuple[int, ...], precision: Precision) -> None:
    assert when(text) == (datetime(*moment, tzinfo=UTC), precision)  # type: ignore[misc]


@pytest.mark.parametrize("text", ["", "soon", "31 Feb 2024", "0000-00-00", "2024-01-01 25:00:00", "99/99/99", "1.23E+15", "9" * 400])
def test_no_dates(text: str) -> None:
    assert when(text) is None


@pytest.mark.parametrize(
    ("url", "native"),
    [
        ("https://www.linkedin.com/in/zo%C3%AB-brandt", "zoë-brandt"),
        ("https://www.linkedin.com/in/Zoe\u0308-Brandt/?trk=x", "zoë-brandt"),
        ("www.linkedin.com/in/bob/", "bob"),
        ("http://de.linkedin.com/in/bob/en", "bob"),
        ("https://www.linkedin.com/pub/jane-doe/1/2b/3c", "pub/jane-doe/1/2b/3c"),
        ("https://www.linkedin.com/company/adatum", "company/adatum"),
        ("https://linkedin.com.evil.example/in/bob", ""),
        ("https://www.linkedin.com/feed/", ""),
        ("bob", ""),
        ("", ""),
    ],
)
def test_slugs(url: str, native: str) -> None:
    assert slug(url) == native
    assert not native or slug(profile_url(native)) == native


def test_posts() -> None:
    assert post_urn("https://www.linkedin.com/posts/x_activity-7458194261025673216-AaAa") == "urn:li:activity:7458194261025673216"
    assert post_urn("https://www.linkedin.com/") == ""
    assert urn_time("urn:li:activity:1") is None
    assert urn_time("urn:li:activity:" + "9" * 20) is None


def test_names_in_one_cell() -> None:
    people = People()
    for name in ("Jane Doe, Ph.D.", "Bob Hale", "Ann Example"):
        people.learn(name, "")
    assert split_names("Ann Example, Jane Doe, Ph.D., Bob Hale", people) == ["Ann Example", "Jane Doe, Ph.D.", "Bob Hale"]
    assert split_names("Bob Hale, MBA, Cid Unknown", people) == ["Bob Hale", "Cid Unknown"]
    assert split_names("New Name, Ph.D.", people) == ["New Name, Ph.D."]


def test_seen_counts_and_grows() -> None:
    seen = Seen()
    assert [seen.count(str(n)) for n in range(5000)] == [1] * 5000
    assert [seen.count("7"), seen.count("7"), seen.count("8")] == [2, 3, 2]
