"""A Takeout whole and in pieces: what each record means, which parts there are, what is not invented."""

from __future__ import annotations

import json
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Key, Kind, Precision, Profile, Progress, Rejected
from relationdesk.services.recognising import recognise
from relationdesk.sources.base import Options
from relationdesk.sources.google_deeds import moment
from relationdesk.sources.google_facts import video_of, words_of
from relationdesk.sources.google_takeout import GoogleTakeout
from tests.sources.chat_reading import DATA, extra, real, towards

HERE = DATA / "google_takeout" / "Takeout"
IDA_CHANNEL, ME = "UCidaidaidaidaidaidaida1", "UCsamsamsamsamsamsamsam1"
MAIL = b"From 1@x Thu Jan 04 10:00:00 2024\nFrom: Ida <ida@holm.example>\nTo: sam@oak.example\nSubject: Hi\nDate: Thu, 4 Jan 2024 10:00:00 +0000\nMessage-ID: <1@x>\n\nwords\n"
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nPRODID:x\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@google.com\r\nDTSTART:20240105T100000Z\r\nDTEND:20240105T110000Z\r\n"
    b"SUMMARY:Review\r\nORGANIZER:mailto:sam@oak.example\r\nATTENDEE;CN=Ida:mailto:ida@holm.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


class Read:
    def __init__(self, path: Path, *parts: str, me: str = "") -> None:
        options = Options(me=me, parts=frozenset(parts) if parts else None)
        self.facts = [fact for fact in GoogleTakeout().read(path, options) if not isinstance(fact, Progress)]
        self.activities = [fact for fact in self.facts if isinstance(fact, Activity)]
        self.profiles = {fact.key: fact for fact in self.facts if isinstance(fact, Profile)}
        self.rejects = [fact.reason for fact in self.facts if isinstance(fact, Rejected)]
        self.by_key = {one.key.native_id: one for one in self.activities}


def page(tmp_path: Path, *cells: str) -> Path:
    path = tmp_path / "a.html"
    outer = '<div class="outer-cell mdl-cell"><div class="header-cell"><p class="mdl-typography--title">{}</div></div>'
    path.write_text("<html><head><title>x</title><style>.mdl-cell{}</style></head><body>" + "".join(outer.format(cell) for cell in cells), encoding="utf-8")
    return path


def cell(body: str, product: str = "Search") -> str:
    return f'{product}<br></p></div><div class="content-cell mdl-cell mdl-typography--body-1">{body}</div>'


def test_the_real_activity() -> None:
    path = real("takeout/my_activity_html")
    assert recognise(path)[1].format == "google_takeout"
    found = Read(path).activities
    assert [extra(one)["action"] for one in found] == ["visited", "visited", "searched"]
    clocks = [datetime(2018, 1, 31, 22, 54, 50), datetime(2017, 2, 8, 0, 32, 39), datetime(2017, 2, 8, 0, 32, 36)]
    assert [one.published for one in found] == [clock.astimezone(UTC) for clock in clocks]
    assert found[1].url == "http://www.adobe.com/creativecloud.html" and found[0].key.native_id.endswith("@20180131T225450")


def test_the_real_comments() -> None:
    found = Read(real("takeout/youtube_comments_2024/comments.csv"))
    assert [one.text for one in found.activities] == [
        "> I am about to get buried in the concrete\nthe most normal  Veritasium video!", "Great illustration of Bell inequality!",
    ]  # fmt: skip
    assert found.rejects == [] and found.activities[0].actor == Key("youtube", "UCYnl1cugi7Lw1h8j6JNqNEg")


def test_the_real_history() -> None:
    found = Read(real("takeout/youtube_history"))
    assert [extra(one)["action"] for one in found.activities] == ["watched"] * 4
    assert [[p.profile.native_id for p in one.participants] for one in found.activities] == [["UCXuqSBlHAE6Xw-yeJA0Tunw"], [], ["UCalpha"], []]
    assert extra(found.activities[1])["by"] == "American Football"
    assert found.activities[3].title == "Watched https://www.youtube.com/watch?v=gone"
    assert found.activities[0].published == datetime(2025, 1, 15, 12, 30, 45, tzinfo=UTC)


def test_all_real_ones_together() -> None:
    assert len(Read(real("takeout")).activities) == 9


def test_parts_of_a_whole_one_and_what_is_only_read_if_asked_for() -> None:
    seen = recognise(HERE)[1]
    assert (seen.format, seen.owner, seen.asks) == ("google_takeout", "sam@oak.example", ())
    assert [(part.name, part.wanted) for part in seen.parts] == [
        ("contacts", True), ("chats", True), ("comments", True), ("subscriptions", True), ("watched", True), ("activity", False),
    ]  # fmt: skip
    assert not any(one.key.place == "google" and one.kind is Kind.OTHER for one in Read(HERE).activities)
    (searched,) = (one for one in Read(HERE, "activity").activities if one.key.place == "google")
    assert (searched.title, searched.published) == ("Searched for roses & co", datetime(2024, 1, 31, 21, 54, 50, tzinfo=UTC))


def test_history_in_another_language_and_as_html() -> None:
    found = Read(HERE, "watched")
    watched = [one for one in found.activities if extra(one).get("action") == "watched"]
    assert [one.title for one in watched] == ["Watched Hedges", "Ida’s garden angesehen"]
    assert watched[0].published == datetime(2024, 1, 31, 22, 54, 50, tzinfo=UTC)
    assert [towards(one) for one in watched] == [{("UCkimkimkimkimkimkimkim1", "subject")}, {(IDA_CHANNEL, "subject")}]
    assert {one.actor for one in watched} == {Key("youtube", ME)} and found.profiles[Key("youtube", ME)].is_owner
    assert found.rejects == [
        "It does not say what was done.", "Left out: what Google’s advertising showed (1).",
    ]  # fmt: skip


def test_likes_are_reactions_and_searches_on_youtube_are_left_out() -> None:
    found = Read(HERE, "activity")
    (liked,) = (one for one in found.activities if one.kind is Kind.REACTION)
    assert (liked.in_reply_to, extra(liked)["reaction"]) == ("yt:video:vid00000003", "like")
    assert "Left out: searches on YouTube (1)." in found.rejects


def test_comments_of_both_ages_and_live_chats() -> None:
    found = Read(HERE, "comments")
    assert [(name, one.text) for name, one in found.by_key.items()] == [("Ugz1", "Fine roses"), ("Ugz1.9x", "one\ntwo"), ("Lc1", "hello all")]
    assert (found.by_key["Ugz1.9x"].in_reply_to, found.by_key["Ugz1"].in_reply_to) == ("Ugz1", "yt:video:vid00000001")
    assert found.by_key["Ugz1"].url == "https://www.youtube.com/watch?v=vid00000001&lc=Ugz1"
    assert found.by_key["Ugz1"].published == datetime(2024, 1, 2, 10, tzinfo=UTC)
    assert extra(found.by_key["Lc1"]) == {"live": "yes", "paid": "5000000"}
    assert found.rejects == ["It has no id."]


def test_subscriptions_are_followed_channels() -> None:
    found = Read(HERE, "subscriptions").profiles
    assert found[Key("youtube", IDA_CHANNEL)].known and found[Key("youtube", IDA_CHANNEL)].display_name == "Ida Holm"


TEXT = '"{""text"":""Merci""}"'
LANGUAGES = {
    "de": (
        "Abos.csv|Kanal-ID,Kanal-URL,Kanaltitel", "{channel},http://www.youtube.com/channel/{channel},Ida Holm",
        "Kommentare.csv|Kommentar-ID,Kanal-ID,Zeitstempel der Erstellung des Kommentars,Preis,Übergeordnete Kommentar-ID,Beitrags-ID,Video-ID,Kommentartext,Kommentar-ID der obersten Ebene",
        "Ugz1.9x,{me},2024-01-02T10:00:00+00:00,0,Ugz1,,vid00000001,{text},Ugz1",
    ),
    "fr": (
        "abonnements.csv|ID de la chaîne,URL de la chaîne,Titre de la chaîne", "{channel},http://www.youtube.com/channel/{channel},Ida Holm",
        "commentaires.csv|ID de chaîne,Horodatage de création du commentaire,Prix,ID de commentaire,ID du commentaire parent,ID de vidéo,Texte du commentaire",
        "{me},2024-01-02T10:00:00+00:00,0,Ugz1.9x,Ugz1,vid00000001,{text}",
    ),
    "ja": (
        "登録チャンネル.csv|チャンネル ID,チャンネルの URL,チャンネルのタイトル", "{channel},http://www.youtube.com/channel/{channel},Ida Holm",
        "コメント.csv|コメント ID,チャンネル ID,コメントの作成タイムスタンプ,料金,親コメント ID,動画 ID,コメントのテキスト", "Ugz1.9x,{me},2024-01-02T10:00:00+00:00,0,Ugz1,vid00000001,{text}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_with_headings_in_another_language(tmp_path: Path, language: str) -> None:
    """What stands below the headings tells what they mean."""
    for table, row in zip(LANGUAGES[language][::2], LANGUAGES[language][1::2], strict=True):
        name, _, header = table.partition("|")
        folder = tmp_path / "Takeout" / "YouTube" / name.removesuffix(".csv")
        folder.mkdir(parents=True)
        (folder / name).write_text(header + "\n" + row.format(channel=IDA_CHANNEL, me=ME, text=TEXT) + "\n\n", encoding="utf-8")
    seen = GoogleTakeout().recognise(tmp_path / "Takeout")
    assert seen is not None and {part.name for part in seen.parts} == {"comments", "subscriptions"}
    found = Read(tmp_path / "Takeout")
    (comment,) = found.activities
    assert (comment.key.native_id, comment.text, comment.in_reply_to, comment.actor.native_id) == ("Ugz1.9x", "Merci", "Ugz1", ME)
    assert comment.url == "https://www.youtube.com/watch?v=vid00000001&lc=Ugz1.9x" and comment.published == datetime(2024, 1, 2, 10, tzinfo=UTC)
    assert found.profiles[Key("youtube", IDA_CHANNEL)].known and found.profiles[Key("youtube", IDA_CHANNEL)].display_name == "Ida Holm" and found.rejects == []


def test_live_chats_with_german_headings(tmp_path: Path) -> None:
    path = tmp_path / "Livechats.csv"
    path.write_text(f"Livechat-ID,Kanal-ID,Zeitstempel der Erstellung des Livechats,Preis,Video-ID,Text des Livechats\nLcXYZ,{ME},2024-01-02T10:00:00+00:00,0,vid00000001,{TEXT}\n", encoding="utf-8")
    (said,) = Read(path).activities
    assert (said.key.native_id, said.text, extra(said)) == ("LcXYZ", "Merci", {"live": "yes"})


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "Kanal,Zeit,Text\nUCabcabcabcabc,yesterday,{\"text\"}\n", "x,y,z\n,,\n", "UCabcabcabcabc,http://www.youtube.com/channel/UCabcabcabcabc,Ida\n"])
def test_tables_that_tell_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)
    assert GoogleTakeout().recognise(path) is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Montag, 20. Mai 2024 um 10:12:00 UTC", 12), ("lundi 20 mai 2024 à 10:12:00 UTC", 12), ("2024年5月20日月曜日 10:12:00 UTC", 12), ("2024년 5월 20일 월요일 오전 10시 12분 00초 UTC", None),
        ("lunes, 20 de mayo de 2024, 10:12:00 UTC", 12), ("segunda-feira, 20 de maio de 2024 às 10:12:00 UTC", 12), ("понедельник, 20 мая 2024 г. в 10:12:00 UTC", 12), ("poniedziałek, 20 maja 2024 10:12:00 UTC", 12),
        ("maandag 20 mei 2024 om 10:12:00 UTC", 12), ("måndag 20 maj 2024 kl. 10:12:00 UTC", 12), ("Monday, May 20, 2024 at 10:12:00\u202fAM UTC", 12), ("20 Mayıs 2024 Pazartesi 10:12:00 UTC", 12),
    ],
)  # fmt: skip
def test_dates_of_chats_in_other_languages(tmp_path: Path, written: str, expected: int | None) -> None:
    path = shutil.copytree(HERE, tmp_path / "Takeout")
    (chat,) = (one for one in path.rglob("messages.json") if "aaa/t1/m1" in one.read_text())
    message = {"creator": {"name": "Ida", "email": "ida@holm.example"}, "created_date": written, "text": "x", "message_id": "aaa/t1/m9"}
    chat.write_text(json.dumps({"messages": [message]}), encoding="utf-8")
    said = Read(path, "chats").by_key["chat:aaa/t1/m9"]
    assert said.published == (datetime(2024, 5, 20, 10, expected, tzinfo=UTC) if expected else None)


def test_chats() -> None:
    found = Read(HERE, "chats")
    assert list(found.by_key) == ["chat:aaa/t1/m1", "chat:aaa/t1/m2", "chat:bbb/t2/m1"]
    first, answer, space = found.activities
    assert (first.actor, towards(first)) == (Key("google", "ida@holm.example"), {("sam@oak.example", "to")})
    assert (first.text, first.published) == ("Hello\nSam", datetime(2016, 11, 3, 11, 59, 50, tzinfo=UTC))
    assert towards(answer) == {("ida@holm.example", "to")} and extra(answer) == {"attachments": "offer.pdf"}
    assert extra(space) == {"conversation": "Crew"}
    assert found.profiles[Key("google", "sam@oak.example")].is_owner
    assert found.rejects == ["It does not say who wrote it, or has no id."]


def test_chats_without_users_ask_who_i_am(tmp_path: Path) -> None:
    folder = shutil.copytree(HERE, tmp_path / "Takeout")
    shutil.rmtree(folder / "Google Chat" / "Users")
    assert [ask.name for ask in recognise(folder)[1].asks] == ["me"]
    with pytest.raises(UnreadableFile, match="Which mail address is yours"):
        Read(folder)
    assert Read(folder, "comments").activities
    assert Read(folder, "chats", me="Sam@oak.example").profiles[Key("google", "sam@oak.example")].is_owner


def test_contacts_mail_and_calendar_are_parts_of_the_zip(tmp_path: Path) -> None:
    path = tmp_path / "takeout-20240601T100000Z-001.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(HERE / "Kontakte" / "Alle.vcf", "Takeout/Contacts/All Contacts/All Contacts.vcf")
        archive.writestr("Takeout/Mail/All mail Including Spam and Trash.mbox", MAIL * 3)
        archive.writestr("Takeout/Calendar/sam.ics", CALENDAR)
        archive.writestr("Takeout/archive_browser.html", "<html>Archiv</html>")
        for number in range(90):
            archive.writestr(f"Takeout/Google Photos/a/{number}.json", '{"title": "a.jpg", "photoTakenTime": {}}')
    seen = recognise(path)[1]
    assert (seen.format, [part.name for part in seen.parts]) == ("google_takeout", ["contacts", "mail", "calendar"])
    assert {one.key.place for one in Read(path).activities} >= {"mail", "calendar"}
    assert {one.key.place for one in Read(path, "mail").activities} == {"mail"}
    assert {fact.key.place for fact in Read(path, "contacts").facts if isinstance(fact, Profile)} == {"contacts"}


def test_only_mail_or_only_contacts_are_left_to_their_own_source(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "takeout-1.zip", "w") as archive:
        archive.writestr("Takeout/Mail/a.mbox", MAIL)
    assert recognise(tmp_path / "takeout-1.zip")[1].format == "mail_files"
    assert recognise(HERE / "Kontakte" / "Alle.vcf")[1].format == "vcard"


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("Jan 31, 2018, 10:54:50 PM PST", "2018-02-01T06:54:50+00:00"), ("Jan 31, 2018, 10:54:50\u202fPM GMT+05:30", "2018-01-31T17:24:50+00:00"),
        ("31 Jan 2018, 22:54:50 GMT", "2018-01-31T22:54:50+00:00"), ("31.01.2018, 22:54:50 MEZ", "2018-01-31T21:54:50+00:00"),
        ("31 janv. 2018, 22:54:50 CET", "2018-01-31T21:54:50+00:00"), ("2018/01/31 22:54:50 JST", "2018-01-31T13:54:50+00:00"),
        ("5 de jan. de 2018, 22:54:50 UTC", "2018-01-05T22:54:50+00:00"), ("05/06/2018, 22:54:50 UTC", ""), ("2018. 1. 31. 오후 10:54:50 KST", "2018-01-31T13:54:50+00:00"),
        ("Dec 31, 9999, 11:54:50 PM GMT-14:00", ""), ("", ""), ("yesterday", ""),
    ],
)  # fmt: skip
def test_dates_of_html(written: str, seen: str) -> None:
    found, precision, _ = moment(written)
    assert (found.isoformat() if found else "") == seen and (precision is Precision.UNKNOWN) == (not seen)


@pytest.mark.parametrize(
    ("url", "video"),
    [
        ("https://www.youtube.com/watch?v=a_b-c", "a_b-c"), ("https://music.youtube.com/watch?v=abc", "abc"), ("https://youtu.be/abc?t=1", "abc"),
        ("https://www.youtube.com/shorts/abc", "abc"), ("https://evil.example/watch?v=abc", ""), ("https://[", ""), ("https://www.youtube.com/watch", ""),
    ],
)  # fmt: skip
def test_videos(url: str, video: str) -> None:
    assert video_of(url) == video


@pytest.mark.parametrize("cell_text", ["{", "[" * 5_000, '{"text":1}', "plain {words}", '{"takeoutSegments":[{"mention":{}}]}'])
def test_words_that_are_no_segments_stay(cell_text: str) -> None:
    assert words_of(cell_text) == cell_text


def test_a_cell_without_end_costs_itself(tmp_path: Path) -> None:
    good = cell("Visited&nbsp;<a href='https://a.example/'>A</a><br>Jan 31, 2018, 10:54:50 PM UTC")
    found = Read(page(tmp_path, good, cell("x" * 1_500_000), good.replace("a.example", "b.example")))
    assert [one.url for one in found.activities] == ["https://a.example/", "https://b.example/"]
    assert found.rejects == ["This cell is larger than any is."]


def test_a_video_that_is_gone_is_its_address_and_of_nobody(tmp_path: Path) -> None:
    url = "https://www.youtube.com/watch?v=abc"
    (tmp_path / "a.json").write_text(json.dumps([{"header": "YouTube", "title": f"Watched {url}", "titleUrl": url, "time": "2025-01-15T12:30:45Z"}]))
    (one,) = Read(tmp_path / "a.json").activities
    assert (one.title, one.url, one.participants) == (f"Watched {url}", url, ())


def test_html_and_json_of_one_history_share_their_keys(tmp_path: Path) -> None:
    (html,) = Read(page(tmp_path, cell('Watched <a href="https://www.youtube.com/watch?v=abc">A</a><br>Jan 15, 2025, 12:30:45 PM UTC', "YouTube"))).activities
    (tmp_path / "a.json").write_text('[{"header":"YouTube","title":"Watched A","titleUrl":"https://www.youtube.com/watch?v=abc","time":"2025-01-15T12:30:45.9Z"}]')
    (as_json,) = Read(tmp_path / "a.json").activities
    assert html.key == as_json.key and html.published == as_json.published


def test_a_comment_on_a_post_has_its_page_and_the_letters_of_more_zones_are_known(tmp_path: Path) -> None:
    path = tmp_path / "comments.csv"
    path.write_text(f'Channel ID,Comment Create Timestamp,Price,Comment ID,Parent Comment ID,Post ID,Video ID,Comment Text,Top-Level Comment ID\n{ME},2024-02-04T10:00:00+00:00,0,Ugx2,,UgkxPost1,,"{{""text"":""Nice""}}",\n')
    (one,) = Read(path).activities
    assert (one.url, one.in_reply_to) == ("https://www.youtube.com/post/UgkxPost1", "yt:post:UgkxPost1")
    assert moment("2 Oca 2024 13:00:00 TRT")[0] == datetime(2024, 1, 2, 10, tzinfo=UTC)


def test_what_was_said_in_a_chat_has_the_signs_that_others_gave(tmp_path: Path) -> None:
    talk = tmp_path / "Takeout" / "Google Chat" / "Groups" / "DM 1"
    talk.mkdir(parents=True)
    sam, ida = ({"name": name, "email": f"{name.lower()}@oak.example", "user_type": "Human"} for name in ("Sam", "Ida"))
    signs = [{"emoji": {"unicode": "👍"}, "reactor_emails": ["ida@oak.example"]}, {"emoji": {"custom_emoji": {}}, "reactor_emails": []}]
    message = {"creator": sam, "created_date": "Friday, November 4, 2016 at 2:00:05\u202fAM UTC", "text": "Hi", "topic_id": "t", "message_id": "1/t/t", "reactions": signs}
    (talk / "messages.json").write_text(json.dumps({"messages": [message]}))
    (talk / "group_info.json").write_text(json.dumps({"members": [sam, ida]}))
    user = tmp_path / "Takeout" / "Google Chat" / "Users" / "User 1"
    user.mkdir(parents=True)
    (user / "user_info.json").write_text(json.dumps({"user": sam}))
    (one,) = Read(tmp_path).activities
    assert (one.text, extra(one)["reactions"], one.published) == ("Hi", "👍 ida@oak.example", datetime(2016, 11, 4, 2, 0, 5, tzinfo=UTC))
