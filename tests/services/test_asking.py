"""What only the user can say about a file: it is asked, never guessed, and remembered where it holds again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.services import asking, desk_jobs, import_undo, importing
from relationdesk.sources.base import Ask, Options, Recognised
from relationdesk.sources.together import together
from relationdesk.store.database import Desk, open_desk
from tests.facts import NOW, state
from tests.parcel import listed, parcel
from tests.sources.test_container import zipped

SAID = {"me": "Sam", "answers": {"order": "day"}}


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    listed(monkeypatch)
    db = open_desk(tmp_path / "desk")
    yield db
    db.close()


def texts(db: Desk) -> set[str]:
    return {row[0] for row in db.execute("SELECT text FROM activities")}


def test_nothing_is_read_before_every_question_is_answered(db: Desk, tmp_path: Path) -> None:
    path, before = parcel(tmp_path / "p", letters="Ann: Hello"), state(db)
    for said in ({}, {"me": "Sam"}, {"answers": {"order": "day"}}, {"me": "Sam", "answers": {"order": "nonsense"}}):
        with pytest.raises(UnreadableFile, match=r"\? Nothing was brought in"):
            importing.import_now(db, path, now=NOW, **said)  # type: ignore[arg-type]
    assert state(db) == before
    importing.import_now(db, path, now=NOW, **SAID)  # type: ignore[arg-type]
    assert texts(db) == {"Hello"}


@pytest.mark.parametrize(("said", "meant"), [("day", "day"), ("1 February", "day"), ("january", "month"), ("1", ""), ("", ""), ("2 j", "month")])
def test_an_answer_may_be_given_in_its_words(said: str, meant: str) -> None:
    ask = Ask(name="order", question="?", choices=(("day", "1 February"), ("month", "2 January 1")))
    assert asking.choice(ask, said) == meant


def test_who_i_am_is_remembered_for_the_format_and_other_answers_for_the_same_question(db: Desk, tmp_path: Path) -> None:
    importing.import_now(db, parcel(tmp_path / "p", letters="Ann: Hello"), now=NOW, **SAID)  # type: ignore[arg-type]
    again = desk_jobs.examine(db, parcel(tmp_path / "again", letters="Ann: Again"))
    assert not again.unanswered and again.remembered and (again.options.me, again.options.answers) == ("Sam", {"order": "day"})
    other = desk_jobs.examine(db, parcel(tmp_path / "other", "Ben, Sam"))
    assert [ask.name for ask in other.unanswered] == ["order"] and other.options.me == "Sam", "another file, another order perhaps"
    stranger = desk_jobs.examine(db, parcel(tmp_path / "stranger", "Ann, Ben"))
    assert [ask.name for ask in stranger.unanswered] == ["me", "order"], "nobody in it is called so"


def test_the_order_of_dates_is_remembered_for_the_phone_and_said(tmp_path: Path) -> None:
    """Another chat written in the same way has other dates, so that its question is another one."""
    for name, month in (("Ida Holm", 3), ("Zoe Bell", 4)):
        lines = "".join(f"{month}/{day}/24, 9:0{day} AM - {who}: {day}\n" for day, who in enumerate((name, "Sam"), start=1))
        (tmp_path / f"WhatsApp Chat with {name}.txt").write_text(lines)
    db = open_desk(tmp_path / "desk")
    importing.import_now(db, tmp_path / "WhatsApp Chat with Ida Holm.txt", now=NOW, me="Sam", answers={"date_order": "month_first"})
    looked = desk_jobs.examine(db, tmp_path / "WhatsApp Chat with Zoe Bell.txt")
    assert not looked.unanswered and looked.remembered and looked.options.answers == {"date_order": "month_first"}
    db.close()


def test_who_i_am_is_known_from_another_export_of_the_place(tmp_path: Path) -> None:
    """One chat of Messenger's encrypted ones does not say whose it is, and Facebook's export did."""
    secure = tmp_path / "chat.json"
    said = [{"senderName": name, "text": "Hi", "timestamp": 1_730_000_000_000 + n} for n, name in enumerate(("Ana Ruiz", "Sam Cärter"))]
    secure.write_text(json.dumps({"participants": ["Ana Ruiz", "Sam Cärter"], "messages": said}))
    db = open_desk(tmp_path / "desk")
    assert [ask.name for ask in desk_jobs.examine(db, secure).unanswered] == ["me"]
    importing.import_now(db, Path(__file__).parents[1] / "data" / "facebook_export" / "today", now=NOW)
    looked = desk_jobs.examine(db, secure)
    assert not looked.unanswered and looked.options.me == "Sam Cärter"
    _, done = importing.import_now(db, secure, now=NOW)
    assert done is not None and done.counts.new_activities == 2
    db.close()


def test_a_handle_is_the_number_that_the_desk_knows(tmp_path: Path) -> None:
    """X's likes have their key by the number of who liked; by itself their file names nobody."""
    archive = Path(__file__).parents[1] / "data" / "x_archive" / "today"
    db = open_desk(tmp_path / "desk")
    importing.import_now(db, archive, now=NOW)
    before = state(db)
    importing.import_now(db, archive / "data" / "like.js", now=NOW, me="@SamCarter")
    assert state(db) == before
    db.close()


def test_nobody_is_not_remembered(db: Desk, tmp_path: Path) -> None:
    importing.import_now(db, parcel(tmp_path / "p", letters="Ann: Hello"), now=NOW, me="-", answers={"order": "day"})
    assert [ask.name for ask in desk_jobs.examine(db, tmp_path / "p").unanswered] == ["me"]


def test_a_dry_run_remembers_nothing(db: Desk, tmp_path: Path) -> None:
    path = parcel(tmp_path / "p", letters="Ann: Hello")
    importing.import_now(db, path, now=NOW, dry_run=True, **SAID)  # type: ignore[arg-type]
    assert len(desk_jobs.examine(db, path).unanswered) == 2


def test_only_the_parts_that_are_wanted_are_read(db: Desk, tmp_path: Path) -> None:
    path = parcel(tmp_path / "p", "Ann | Sam", people="Ann: Shop\nBen: Bar", letters="Ann: Hello", clubs="Ann: Chess")
    for parts, found in ((None, {"Hello"}), (frozenset({"clubs"}), {"Chess"}), (frozenset({"people"}), set())):
        importing.import_now(db, path, now=NOW, parts=parts)
        assert texts(db) == found
        import_undo.undo(db, NOW)
    with pytest.raises(UnreadableFile, match="No part of p was chosen"):
        importing.import_now(db, path, now=NOW, parts=frozenset())


def test_parts_chosen_in_the_window_are_those_of_next_time_and_new_ones_are_read_as_usual(db: Desk, tmp_path: Path) -> None:
    path = parcel(tmp_path / "p", "Ann | Sam", people="Ann: Shop", letters="Ann: Hello")
    assert desk_jobs.examine(db, path).options.parts is None
    importing.bring_in(db, importing.stage(db, path, now=NOW, parts=frozenset({"people", "clubs"})), NOW)
    looked = desk_jobs.examine(db, path)
    assert looked.options.parts == {"people", "clubs"}
    importing.import_now(db, path, now=NOW)
    assert texts(db) == {"Hello"}, "the command line reads what it is told, else everything that is wanted anyway"


@pytest.mark.parametrize(
    ("only", "without", "read"),
    [((), (), None), (("letters",), (), {"letters"}), ((), ("letters",), {"people"}), (("clubs", "people"), ("people",), {"clubs"})],
)
def test_parts_by_name(tmp_path: Path, only: tuple[str, ...], without: tuple[str, ...], read: set[str] | None, db: Desk) -> None:
    seen = importing.recognise(parcel(tmp_path / "p"))[1]
    assert asking.chosen_parts(seen, only, without) == read
    assert asking.chosen_parts(Recognised(format="f", title="F", place="p", certainty=1), only, without) is None


def test_several_files_of_one_export_are_one_batch_under_one_name(db: Desk, tmp_path: Path) -> None:
    first = zipped(tmp_path / "p-1.zip", {"parcel.txt": b"Ann | Sam", "letters1.txt": b"Ann: One"})
    third = zipped(tmp_path / "p-3.zip", {"letters2.txt": b"Ann: Two\nnonsense"})
    preview, done = importing.import_now(db, together([first, third]), now=NOW)
    assert texts(db) == {"One", "Two"} and done is not None
    assert "File 2 of this export is missing" in preview.warnings[0]
    assert db.execute("SELECT name FROM batches").fetchall() == [("p-1.zip and 1 more",)]
    before = state(db)
    importing.import_now(db, together([third, first]), now=NOW)
    assert state(db) == before, "in another order it is the same"


def test_files_of_two_owners_are_no_export(db: Desk, tmp_path: Path) -> None:
    files = [zipped(tmp_path / f"p-{n}.zip", {"parcel.txt": f"Ann | {owner}".encode()}) for n, owner in ((1, "Sam"), (2, "Ben"))]
    with pytest.raises(UnreadableFile, match=r"not files of one export\. p-1\.zip is this: Parcel of Sam\. p-2\.zip is this: Parcel of Ben"):
        importing.import_now(db, together(files), now=NOW)
    with pytest.raises(UnreadableFile, match=r"no file p-4\.zip"):
        importing.import_now(db, together([files[0], tmp_path / "p-4.zip"]), now=NOW)


def test_a_remembered_answer_that_was_damaged_is_asked_again(db: Desk, tmp_path: Path) -> None:
    path = parcel(tmp_path / "p", letters="Ann: Hello")
    importing.import_now(db, path, now=NOW, **SAID)  # type: ignore[arg-type]
    db.execute("UPDATE settings SET value = '[1' WHERE name LIKE 'answer:%' OR name LIKE 'parts:%'")
    looked = desk_jobs.examine(db, path)
    assert [ask.name for ask in looked.unanswered] == ["order"] and looked.options.parts is None
    assert looked.options.me == "Sam", "whose it was, the desk itself has kept"


def test_options_for_a_file_that_asks_nothing_keep_what_was_said(db: Desk) -> None:
    seen = Recognised(format="mail_files", title="Mailbox", place="mail", certainty=1)
    assert asking.options_for(db, seen, me="sam@x.example") == Options(me="sam@x.example")
