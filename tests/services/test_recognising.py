"""What a path is: folders that hold the files of one export, two exports side by side, packages in packages."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity
from relationdesk.services import importing
from relationdesk.sources import container
from relationdesk.sources.base import Options
from relationdesk.sources.together import together, volumes, whole
from relationdesk.store.database import open_memory
from tests.facts import NOW
from tests.sources.test_container import tarred, zipped

DATA = Path(__file__).parents[1] / "data"


def packed(path: Path, folder: Path, *, only: str = "", without: str = "") -> Path:
    """A zip of the files of an example whose names begin so, or do not."""
    members = {one.relative_to(folder).as_posix(): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}
    chosen = {name: data for name, data in members.items() if name.startswith(only) and not (without and name.startswith(without))}
    path.parent.mkdir(exist_ok=True)
    return zipped(path, chosen)


def beside(folder: Path, **examples: str) -> Path:
    """A folder with copies of examples below these names."""
    for name, example in examples.items():
        shutil.copytree(DATA / example, folder / name)
    return folder


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        importing.recognise(path)
    return str(caught.value)


@pytest.fixture
def flickr() -> Path:
    return next(one for one in (DATA / "flickr_export").iterdir() if one.is_dir())


def test_files_of_one_export_are_one_although_only_one_says_whose_it_is(tmp_path: Path, flickr: Path) -> None:
    """Flickr puts the profile into one file and the photos into others, which only show the address of their page."""
    one, two = packed(tmp_path / "7_ab_part1.zip", flickr, only="photo_"), packed(tmp_path / "7_ab_part2.zip", flickr, without="photo_")
    alone, other = importing.recognise(one)[1], importing.recognise(two)[1]
    assert alone.owner != other.owner and alone.gathered and not other.gathered
    for files in ((one, two), (two, one)):
        source, seen = importing.recognise(together(files))
        assert (source.name, seen.owner) == ("flickr_export", other.owner)


@pytest.mark.parametrize("example", ["x_archive/today", "facebook_export/today", "instagram_export/today"])
def test_a_file_without_the_profile_is_no_stranger_to_the_one_that_has_it(tmp_path: Path, example: str) -> None:
    """It says nothing of its owner, so somebody who has changed their name is called two things."""
    apart = {"x": "data/account.js", "f": "personal_information", "i": "personal_information"}[example[0]]
    path = together([packed(tmp_path / "e-1.zip", DATA / example, only=apart), packed(tmp_path / "e-2.zip", DATA / example, without=apart)])
    assert importing.recognise(path)[1].owner == importing.recognise(DATA / example)[1].owner


def test_a_folder_of_nothing_but_the_files_of_one_export_is_that_export(tmp_path: Path, flickr: Path) -> None:
    folder = tmp_path / "downloads"
    one, two = packed(folder / "7_ab_part1.zip", flickr, only="photo_"), packed(folder / "7_ab_part2.zip", flickr, without="photo_")
    (folder / ".DS_Store").write_bytes(b"\0")
    assert volumes(whole(folder)) == (one, two)
    (folder / "mine.txt").write_text("a remark")
    assert whole(folder) == folder and "So can others, 2 in all: choose the files themselves, all at once." in refusal(folder)
    assert whole(one) == one and whole(tmp_path / "gone") == tmp_path / "gone"


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("mastodon_archive/archive", "x_archive/today", "one is this: Mastodon archive of "),
        ("facebook_export/today", "x_archive/today", "other is this: X archive of "),
        ("reddit_request/request", "flickr_export", "one is this: Reddit data request of "),
    ],
)
def test_two_exports_in_one_folder_are_named_and_neither_is_taken_for_all(tmp_path: Path, one: str, other: str, words: str) -> None:
    said = refusal(beside(tmp_path / "both", one=one, other=other))
    assert said.startswith("These are not files of one export. ") and words in said and said.endswith("Bring them in one by one.")


def test_two_people_of_one_place_in_one_folder_are_two(tmp_path: Path) -> None:
    folder = beside(tmp_path / "both", one="reddit_request/request", two="reddit_request/request")
    for name in ("statistics.csv", "messages.csv"):
        file = folder / "two" / name
        file.write_text(file.read_text(encoding="utf-8").replace("sam_oak", "tom_ash"), encoding="utf-8")
    said = refusal(folder)
    assert "Reddit data request of sam_oak" in said and "Reddit data request of tom_ash" in said


@pytest.mark.parametrize("example", ["google_takeout/Takeout", "instagram_export/today/your_instagram_activity", "facebook_export/today"])
def test_what_is_read_as_a_part_is_no_second_export(example: str) -> None:
    assert importing.recognise(DATA / example)[1].certainty > 0.8


def test_calendars_and_cards_of_several_people_may_lie_in_one_folder(tmp_path: Path) -> None:
    event = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:{who}\r\nBEGIN:VEVENT\r\nUID:{who}\r\nDTSTART:20240301T100000Z\r\nSUMMARY:Hi\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    for who in ("sam", "tom"):
        (tmp_path / "all" / who).mkdir(parents=True)
        (tmp_path / "all" / who / "c.ics").write_text(event.format(who=f"{who}@c.example"))
    assert importing.recognise(tmp_path / "all")[0].name == "ical"


@pytest.mark.parametrize("packed_as", ["folder", "x.zip", "x.tar.gz"])
def test_what_lies_in_it_is_found_out_once_for_all_kinds_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed_as: str) -> None:
    """A folder of ten thousand mails, or a packed archive of gigabytes, is not gone through once per kind."""
    members = {f"data/{one.name}": one.read_bytes() for one in (DATA / "x_archive" / "today" / "data").iterdir() if one.is_file()}
    path = tmp_path / packed_as
    if packed_as == "folder":
        shutil.copytree(DATA / "x_archive" / "today", path)
    else:
        (zipped if packed_as == "x.zip" else tarred)(path, members)
    looked: list[Path] = []
    really = container._members_of
    monkeypatch.setattr(container, "_members_of", lambda where, *more: (looked.append(where), really(where, *more))[1])
    source, seen = importing.recognise(path)
    assert (source.name, seen.owner, looked) == ("x_archive", "Sam Carter (@samcarter)", [path])
    assert [fact for fact in source.read(path, Options()) if isinstance(fact, Activity)] and looked == [path, path], "and anew when it is read"


def test_a_package_in_a_package_is_named(tmp_path: Path, flickr: Path) -> None:
    inner = packed(tmp_path / "inner.zip", flickr)
    outer = zipped(tmp_path / "outer.zip", {"inner.zip": inner.read_bytes()})
    assert refusal(outer) == "outer.zip holds another packed file, inner.zip. Nothing was brought in. Unpack outer.zip, and choose inner.zip by itself."


def test_nothing_in_it_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / ".DS_Store").write_bytes(b"\0")
    for path in (zipped(tmp_path / "empty.zip", {}), tmp_path / "folder"):
        assert refusal(path) == f"There is no file in {path.name}. Nothing was brought in. Check where it comes from."


def test_what_another_reader_could_read_beside_single_files_is_named(tmp_path: Path) -> None:
    for n in range(3):
        (tmp_path / f"{n}.vcf").write_text(f"BEGIN:VCARD\nVERSION:3.0\nFN:Ann Lee {n}\nEND:VCARD\n", encoding="utf-8")
    (tmp_path / "book.csv").write_text("Vorname;Nachname;E-Mail\nJoe;Brown;joe@alderfinch.example\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("Ask Ann about the meters.\n", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    db = open_memory()
    assert importing.stage(db, tmp_path, now=NOW).warnings == (f"Also in {tmp_path.name}, and not read: book.csv (Table). Choose them by themselves.",)
    (tmp_path / "book.csv").unlink()
    assert importing.stage(db, tmp_path, now=NOW).warnings == ()


@pytest.fixture
def patience() -> Iterator[None]:
    """Ends a test that waits at a pipe: a suite that hangs says nothing. No OSError, which readers take for a file that cannot be read."""

    def give_up(*_: object) -> None:
        raise AssertionError("waited at a pipe")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(10)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("name", ["pipe.vcf", "pipe.zip", "pipe"])
def test_a_pipe_is_not_waited_at(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    assert "no file but a device" in refusal(tmp_path / name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
@pytest.mark.usefixtures("patience")
def test_a_pipe_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "book.vcf").write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Ann Lee\nEND:VCARD\n", encoding="utf-8")
    os.mkfifo(tmp_path / "a.vcf")
    os.mkfifo(tmp_path / "b.csv")
    source, _ = importing.recognise(tmp_path)
    assert source.name == "vcard"
