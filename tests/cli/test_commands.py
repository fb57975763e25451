"""What the commands do, and what they say when they cannot."""

from __future__ import annotations

import http.client
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from relationdesk.cli.main import run
from relationdesk.errors import UserMistake
from relationdesk.services import owner, sign_in, sync
from relationdesk.sources.base import WayBack
from relationdesk.sources.closed_places import closed
from relationdesk.sources.discourse import Discourse
from relationdesk.sources.door_callback import Callback
from relationdesk.sources.mastodon import Mastodon
from relationdesk.sources.salesforce import Salesforce
from relationdesk.store import database
from tests.cli.conftest import Command
from tests.forum import BASE, KEY, Board, shown_by


def test_the_sample_and_its_main_job(empty: Command) -> None:
    assert empty("sample").code == 0
    timeline = empty("timeline", "Joe Brown")
    assert "Lisbon kitchens" in timeline.out
    today = empty("today")
    assert "2 questions wait for you" in today.out
    assert "Charles Williams has gone quiet" in today.out
    assert empty("sample").code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["timeline", "Nobody Atall"], "nobody called"),
        (["person", "Mary Jones"], "could be 2 people"),
        (["timeline", "Joe Brown", "--kind", "sonnet"], "There is no kind"),
        (["timeline", "Joe Brown", "--before", "yesterday"], "is not a day"),
        (["link", "#99999", "Joe Brown"], "no profile"),
        (["note", "Joe Brown", "  "], "empty"),
        (["undo", "999"], "no import"),
        (["login", "myspace"], "closed its ways in"),
        (["sync", "77"], "no login 77"),
        (["picture", "today", "x.png", "--size", "huge"], "not a size"),
        (["import", "missing.zip"], "There is no file"),
        (["frobnicate"], "No such command"),
        (["person", ""], "nobody called"),
        (["link", "", "Joe Brown"], "Say which profile"),
        (["timeline", "Joe Brown", "--place", "nowhere"], "no place “nowhere”"),
        (["timeline", "Joe Brown", "--limit", "-5"], "is not a number"),
        (["undo", "--", "-1"], "is not a number"),
        (["undo", "9" * 40], "is not a number"),
        (["sync", "x"], "is not a number"),
        (["search", "  "], "nothing to search for"),
        (["follow", "mars", "x"], "no place “mars”"),
        (["follow", "mastodon", "x", "--login", "99"], "no login 99"),
        (["import", ""], "name is empty"),
        (["export", ""], "name is empty"),
        (["backup", ""], "name is empty"),
        (["backup", "/no/such/folder/copy.db"], "There is no folder"),
        (["restore", ""], "name is empty"),
        (["restore", __file__], "not a desk"),
        (["picture", "today", ""], "name is empty"),
        (["import", "n" * 300], "cannot be looked at"),
        (["tody"], "Did you mean 'today'? Nothing was changed."),
    ],
)
def test_the_users_fault_is_exit_2_with_a_sentence(desk: Command, arguments: list[str], words: str) -> None:
    said = desk(*arguments)
    assert said.code == 2
    assert words in said.err
    assert said.out == ""
    assert said.err.count("\n") == 1


def test_people_whom_no_words_fit(desk: Command) -> None:
    assert desk("people", "--query", "zzz").out == "Nobody fits these words.\n"


def test_a_note_lies_in_no_place(desk: Command) -> None:
    assert desk("timeline", "Joe Brown", "--kind", "note", "--json").json
    assert desk("timeline", "Joe Brown", "--kind", "note", "--place", "mastodon", "--json").json == []


def test_nothing_comes_from_a_closed_input(desk: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert desk("note", "Joe Brown").code == 2
    assert "No token" in desk("login", "mastodon", "--server", "https://hotel.example", "--token-stdin").err


def test_the_page_of_a_forum_that_makes_a_key_is_named_and_what_it_shows_is_read(desk: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    board = Board()
    monkeypatch.setattr("relationdesk.services.logins.Door", lambda **_: board.door())
    monkeypatch.setattr("relationdesk.services.key_store.keep", lambda name, secret: kept.append(secret))
    kept: list[str] = []

    class Paste:
        """Standard input, in which stands what the page shows that was named last."""

        def __iter__(self) -> Iterator[str]:
            made = cast(Discourse, sync.source_for("discourse"))._seals[-1]
            page = "?" + urlencode({"nonce": made.nonce, "public_key": made.seal.public})
            yield from ("\n", *shown_by(page).splitlines(keepends=True), "\n", "never read\n")

    monkeypatch.setattr(sys, "stdin", Paste())
    said = desk("login", "discourse", "--server", "forum.example", "--key-page")
    assert said.code == 0 and "as sam" in said.out and f"{BASE}/user-api-key/new?" in said.err and kept == [KEY]
    assert KEY not in said.out + said.err and "write" not in said.err
    assert "scopes=read%2Cwrite" in desk("login", "discourse", "--server", "forum.example", "--key-page", "--may-write").err
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert "Nothing came" in desk("login", "discourse", "--server", "forum.example", "--key-page").err
    assert "makes no keys" in desk("login", "mastodon", "--server", "hotel.example", "--key-page").err


def test_an_unset_variable_is_no_desk(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["--desk", "", "people"]) == 2
    (tmp_path / "file").touch()
    assert run(["--desk", "file", "people"]) == 2
    assert "is a file" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_of_several_files_the_good_ones_come_in(empty: Command, tmp_path: Path) -> None:
    card, blob = tmp_path / "ann.vcf", tmp_path / "blob.bin"
    card.write_text("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann Example\r\nEND:VCARD\r\n", encoding="utf-8")
    blob.write_bytes(bytes(range(256)) * 40)
    said = empty("import", str(blob), str(card), "--json")
    assert said.code == 2
    assert f"{blob}: " in said.err
    bad, good = said.json
    assert bad.keys() == {"path", "error"}
    assert (good["path"], good["new"]["people"]) == (str(card), 1)


def test_what_an_export_would_bring_is_only_said(desk: Command, empty: Command, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert desk("export", str(out)).code == 0
    tried = empty("import", str(out), "--dry-run", "--json").json
    assert tried["batch"] is None and tried["new"]["people"] == len(desk("people", "--json").json) + 1
    assert empty("people", "--json").json == []
    assert desk("import", str(out), "--dry-run").code == 2


def test_a_search_says_what_means_nothing_and_answers_a_list_all_the_same(desk: Command) -> None:
    for typed, sentence in (("kind:song kitchen", "There is no kind “song”."), ("from:", "“from:” was typed without a name"), ("kitchen before:noon", "is no day")):
        said = desk("search", typed, "--json")
        assert said.code == 0 and sentence in said.err and isinstance(said.json, list)
    assert desk("search", "kitchen before:noon", "--json").json == desk("search", "kitchen", "--json").json != []
    said = desk("search", "-kitchen", "--limit", "3", "--json")
    assert said.code == 0 and "Only words to leave out" in said.err and len(said.json) >= 3
    assert desk("search", "kitchen before:tomorrow").err and desk("search", "kitchen after:2020-01 before:today").err == ""


def test_a_reader_that_has_seen_enough(desk: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as broken, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", broken)
        code = desk("note", "Joe Brown", "the zeppelin is here").code
    assert code == 0
    assert len(desk("search", "zeppelin", "--json").json) == 1


def test_nothing_recognised_is_an_error(empty: Command, tmp_path: Path) -> None:
    blob = tmp_path / "blob.bin"
    blob.write_bytes(bytes(range(256)) * 40)
    said = empty("import", str(blob))
    assert said.code == 2
    assert "Nothing was brought in" in said.err


def test_a_damaged_desk_is_our_fault_and_left_alone(empty: Command, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "desk.db").write_bytes(b"this is not a desk" * 1000)
    before = (folder / "desk.db").read_bytes()
    said = empty("people")
    assert said.code == 1
    assert "damaged or is not a desk" in said.err
    assert (folder / "desk.db").read_bytes() == before


def test_link_unlink_keep_apart(desk: Command) -> None:
    waiting = desk("matches", "--json").json
    match = next(m for m in waiting if m["profile"]["display_name"] == "Robert Hale")
    number = f"#{match['profile']['id']}"
    assert desk("link", number, "Bob Hale").code == 0
    keys = [p["key"] for p in desk("person", "Bob Hale", "--json").json["profiles"]]
    assert match["profile"]["key"] in keys
    assert desk("unlink", number).code == 0
    after = desk("matches", "--json").json
    again = next(m for m in after if m["profile"]["key"] == match["profile"]["key"])
    assert "Bob Hale" not in [c["name"] for c in again["candidates"]]
    assert desk("keep-apart", number, "Joe Brown").code == 0


def test_a_note_is_in_the_timeline_and_found(desk: Command) -> None:
    assert desk("note", "Joe Brown", "Asked about the zeppelin hangar", "--kind", "call", "--minutes", "7").code == 0
    first = desk("timeline", "Joe Brown", "--limit", "1", "--json").json[0]
    assert (first["kind"], first["text"]) == ("call", "Asked about the zeppelin hangar")
    assert [line["text"] for line in desk("timeline", "Joe Brown", "--kind", "call", "--json", "--limit", "1").json] == ["Asked about the zeppelin hangar"]
    assert desk("search", "zeppelin", "--json").json[0]["id"] == first["id"]


def test_what_a_note_promises_is_told(desk: Command) -> None:
    said = desk("note", "Joe Brown", "Rang.\n>me send sheet 2027-03-05\n>them the contract")
    assert said.out.splitlines()[1:] == ["Follow-up: send sheet  2027-03-05", "Follow-up: theirs: the contract  some day"]
    made = desk("note", "Joe Brown", ">me call 2027-03-05", "--json").json
    assert [(one["text"], one["due"], one["note"]) for one in made["tasks"]] == [("call", "2027-03-05", made["note"])]
    assert desk("note", "Joe Brown", "Nothing to do", "--json").json["tasks"] == []


def test_filters(desk: Command) -> None:
    mails = desk("timeline", "Joe Brown", "--kind", "mail", "--json").json
    assert mails
    assert {line["kind"] for line in mails} == {"mail"}
    posts = desk("timeline", "Joe Brown", "--place", "mastodon", "--json").json
    assert {line["place"] for line in posts} == {"mastodon"}
    old = desk("timeline", "Joe Brown", "--before", "2026-01-01", "--json").json
    assert all(line["published"] < "2026-01-01" for line in old)


def test_export_into_an_empty_desk_gives_an_equal_one(desk: Command, empty: Command, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert desk("export", str(out), "--private").code == 0
    assert empty("import", str(out)).code == 0
    again = tmp_path / "again"
    assert empty("export", str(again), "--private").code == 0
    names = sorted(p.name for p in out.iterdir() if p.suffix == ".csv")
    assert names
    for name in names:
        assert (again / name).read_bytes() == (out / name).read_bytes(), name
    assert desk("export", str(out)).code == 2


def test_backup_restore_check(desk: Command, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert desk("backup", str(copy)).code == 0
    assert desk("note", "Joe Brown", "written after the copy").code == 0
    assert desk("restore", str(copy)).code == 0
    assert desk("search", "written after the copy", "--json").json == []
    assert desk("check").code == 0
    assert desk("backup", str(copy)).code == 2


def test_an_import_can_be_taken_back(desk: Command, tmp_path: Path) -> None:
    before = desk("people", "--json").json
    cards = tmp_path / "two.vcf"
    cards.write_text(
        "".join(f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{n} Example\r\nEND:VCARD\r\n" for n in ("Ann", "Ben")), encoding="utf-8"
    )
    batch = desk("import", str(cards), "--json").json["batch"]
    assert len(desk("people", "--json").json) == len(before) + 2
    assert desk("undo", str(batch)).code == 0
    assert desk("people", "--json").json == before


def test_a_desk_that_is_open_elsewhere_is_read_but_not_written(desk: Command, tmp_path: Path) -> None:
    with owner.owned(tmp_path / "desk"):
        assert desk("people").code == 0
        said = desk("note", "Joe Brown", "two at once")
    assert said.code == 2
    assert "open in another RelationDesk" in said.err


def test_a_sign_in_in_the_browser_names_its_page_and_waits_for_it(empty: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """The place itself is tested with the services; here the browser says no."""
    monkeypatch.setattr(Salesforce, "way_back", WayBack(path="/OauthRedirect", host="localhost"))
    monkeypatch.setattr(sys, "stdin", io.StringIO("3MVG9" + "a" * 40 + "\n"))
    pages: list[str] = []

    def browser(under_way: sign_in.SignIn, seconds: float) -> None:
        if not pages:
            pages.append(under_way.url)
            query = parse_qs(urlsplit(under_way.url).query)
            parts = urlsplit(query["redirect_uri"][0])
            wire = http.client.HTTPConnection("127.0.0.1", parts.port or 0, timeout=5)
            wire.request("GET", f"{parts.path}?state={query['state'][0]}&error=access_denied", headers={"Host": parts.netloc})
            wire.close()

    monkeypatch.setattr(sign_in.SignIn, "wait", browser)
    said = empty("login", "salesforce", "--server", "carter.my.salesforce.com", "--token-stdin")
    assert said.code == 2 and pages[0] in said.err and "refused in the browser" in said.err
    assert empty("logins", "--json").json == []


def test_a_server_of_mastodon_is_told_who_we_are_before_its_page_is_named(empty: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str, bool]] = []

    def register(self: Mastodon, address: str, back: str, door: object, *, writes: bool = False) -> str:
        asked.append((address, back, writes))
        return "app:c:s:r"

    def refused(self: Callback) -> str:
        raise UserMistake("The place did not let us in: the sign-in was refused in the browser. Nothing was changed; try again.")

    monkeypatch.setattr(Mastodon, "register", register)
    monkeypatch.setattr(Callback, "look", refused)
    said = empty("login", "mastodon", "--server", "town.example", "--browser", "--may-write")
    ((address, back, writes),) = asked
    assert (address, writes) == ("town.example", True) and re.fullmatch(r"http://127\.0\.0\.1:\d+/", back)
    assert said.code == 2 and "https://town.example/oauth/authorize?" in said.err and "refused in the browser" in said.err
    told = empty("login", "hubspot", "--server", "sam@carter.example", "--browser")
    assert told.code == 2 and "not signed in to so" in told.err and "service key" in told.err.lower() and len(asked) == 1


def test_places_tells_what_can_be_connected_and_what_cannot(empty: Command) -> None:
    every = {row["place"]: row for row in empty("places", "--json").json}
    assert every["mastodon"]["possible"] and every["mastodon"]["costs"].startswith("Nothing") and every["mastodon"]["why"] == ""
    closed_one = every["facebook_people"]
    assert every["facebook"]["possible"] and not closed_one["possible"] and closed_one["why"].endswith(".") and "zip" in closed_one["instead"]
    assert "facebook_people, not possible: " in empty("places", "face").out and "mastodon" not in empty("places", "face").out
    assert "follow feed ADDRESS" in empty("places", "zzz").out


@pytest.mark.parametrize("name", ["facebook_people", "Facebook people", "MySpace"])
def test_connecting_a_closed_place_says_why_not(empty: Command, name: str) -> None:
    told, said = closed(name), empty("login", name)
    assert said.code == 2 and told is not None and told.why in said.err and "Nothing was changed." in said.err and said.out == ""


def test_who_somebody_was_on_a_day(desk: Command, tmp_path: Path) -> None:
    uid = desk("person", "Bob Hale", "--json").json["uid"]
    db = database.open_desk(tmp_path / "desk")
    stored = db.execute("SELECT q.id, q.title, q.company FROM profiles q JOIN people p ON p.id = q.person_id WHERE p.uid = ? AND q.title <> ''", (uid,)).fetchone()
    with database.transaction(db):
        db.execute("DELETE FROM tellings WHERE profile_id IN (SELECT q.id FROM profiles q JOIN people p ON p.id = q.person_id WHERE p.uid = ?)", (uid,))
        db.executemany("INSERT INTO tellings(profile_id, at, batch_id, title, company) VALUES (?,?,0,?,?)", [(stored[0], 1_700_000_000, "Buyer", "Harborline"), (stored[0], 1_780_000_000, *stored[1:])])
    database.close_desk(db)
    then = desk("person", "Bob Hale", "--as-of", "2024-05-01", "--json").json["then"]
    assert (then["title"], then["company"], then["since"]) == ("Buyer", "Harborline", "2023-11-14T22:13:20Z")
    assert "on 2024-05-01: Buyer, Harborline (since 2023-11-14T22:13:20Z, told by" in desk("person", "Bob Hale", "--as-of", "2024-05-01").out
    assert stored[1] in desk("person", "Bob Hale", "--as-of", "2026-11-01").out
    assert "Nothing was told of Bob Hale by 2020-01-01" in desk("person", "Bob Hale", "--as-of", "2020-01-01").out
    assert desk("person", "Bob Hale", "--as-of", "soon").code != 0


def test_the_days_of_somebody_are_told_with_who_says_so(desk: Command) -> None:
    (day,) = desk("person", "Ingrid Solberg", "--json").json["days"]
    assert (day["kind"], day["places"], day["holds"]) == ("birthday", ["contacts"], True) and day["day"].startswith("--")
    assert "Birthday: " in desk("person", "Ingrid Solberg").out
    assert desk("person", "Bob Hale", "--json").json["days"] == []


def test_rules_are_listed_set_and_switched(desk: Command) -> None:
    found = {one["rule"]: one for one in desk("rules", "--json").json["rules"]}
    assert found["complaint"]["on"] and found["complaint"]["thresholds"] == [{"field": "days", "value": 14, "default": 14, "unit": "days", "from": 0, "to": 60}]
    shown = desk("rules").out
    assert "complaint (on): What they wrote sounds like a complaint" in shown and "`" not in shown  # words for the user, not for who reads the code
    assert desk("rules", "set", "complaint", "days", "7").out.startswith("Rule “complaint”: days 14 → 7.\n")
    assert "days 7 (days, from 0 to 60, by default 14)" in desk("rules").out
    assert desk("rules", "default", "complaint", "--json").json["rules"][0]["thresholds"][0]["value"] == 14
    assert desk("rules", "off", "complaint", "--json").json["rules"][0]["on"] is False and desk("today", "--json").json["off"] == ["complaint"]
    assert "It was so already." in desk("rules", "off", "complaint").out
    assert desk("rules", "on", "complaint", "--json").json["rules"][0]["on"] is True
    said = desk("rules", "set", "complaint", "days", "999")
    assert said.code == 2 and "choose one from 0 to 60" in said.err
