"""Several files of one export are one container, and names alone never put together what is not one."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity
from relationdesk.sources.base import Options
from relationdesk.sources.container import Limits, open_container
from relationdesk.sources.mail_files import MailFiles
from relationdesk.sources.together import grouped, missing, together, volume_of, volumes
from tests.sources.test_container import contents, zipped

MAIL = "From: Ann <ann{n}@x.example>\nTo: sam@x.example\nSubject: Hello {n}\nDate: Fri, 20 Nov 2026 09:00:00 +0000\nMessage-ID: <{n}@x>\n\nHello there.\n"


@pytest.mark.parametrize(
    ("name", "volume"),
    [
        ("takeout-20260301T101112Z-001.zip", ("takeout-20260301t101112z", 1)),
        ("takeout-20260301T101112Z-012.tgz", ("takeout-20260301t101112z", 12)),
        ("takeout-20260301T101112Z-4-002.tar.gz", ("takeout-20260301t101112z-4", 2)),
        ("facebook-samcarter-2026-03-01-AbC123xY.zip", ("facebook-samcarter-2026-03-01", None)),
        ("instagram-sam.carter-01_03_2026-AbC123xY.zip", ("instagram-sam.carter-01_03_2026", None)),
        ("facebook-samcarter_part_3.zip", ("facebook-samcarter_part", 3)),
        ("export part 2.zip", ("export", 2)),
        ("72157_abc_part1.zip", ("72157_abc", 1)),
        ("twitter-2026-03-01-0a1b2c3d4e5f_2.zip", ("twitter-2026-03-01-0a1b2c3d4e5f", 2)),
        ("WE_00D5g000000XyZ_1.ZIP", ("we_00d5g000000xyz", 1)),
        ("takeout-20260301T101112Z-001", ("takeout-20260301t101112z", 1)),
        ("Complete_LinkedInDataExport_03-09-2026.zip", None),
        ("Complete_LinkedInDataExport_03-09-26.zip", None),
        ("backup-2026-03-01.zip", None),
        ("export (1).zip", None),
        ("Backup 12.zip", None),
        ("message_1.json", None),
        ("letters-1.mbox", None),
        ("2026-03", None),
        ("export.zip", None),
        ("", None),
    ],
)
def test_which_file_of_which_export_a_name_tells(name: str, volume: tuple[str, int | None] | None) -> None:
    found = volume_of(Path("/d") / name)
    assert (None if found is None else (found.stem.removeprefix("/d/"), found.number)) == volume


def test_files_of_one_export_are_grouped_in_their_order_and_nothing_else_is() -> None:
    names = ["t-Z-002.zip", "cards.vcf", "t-Z-001.zip", "t-Z-010.zip", "u-Z-001.zip", "backup-2026-03-01.zip", "backup-2026-03-02.zip"]
    found = grouped(Path(name) for name in names)
    assert [[path.name for path in group] for group in found] == [
        ["t-Z-001.zip", "t-Z-002.zip", "t-Z-010.zip"], ["cards.vcf"], ["u-Z-001.zip"], ["backup-2026-03-01.zip"], ["backup-2026-03-02.zip"],
    ]  # fmt: skip
    assert grouped([Path("a/t-Z-1.zip"), Path("b/t-Z-2.zip")]) == ((Path("a/t-Z-1.zip"),), (Path("b/t-Z-2.zip"),)), "other folders"
    assert grouped([Path("t-Z-1.zip"), Path("t-Z-01.zip")]) == ((Path("t-Z-1.zip"),), (Path("t-Z-01.zip"),)), "a copy stands for itself"


def test_a_gap_is_told() -> None:
    assert missing(together([Path("t-Z-002.zip"), Path("t-Z-005.zip")])) == (1, 3, 4)
    assert missing(together([Path("t-Z-0.zip"), Path("t-Z-1.zip")])) == ()
    assert missing(Path("t-Z-002.zip")) == ()


def test_what_is_put_together_is_the_first_path_for_everything_else(tmp_path: Path) -> None:
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    path = together([first, second, first])
    assert path == first and path.name == "a.zip" and volumes(path) == (first, second)
    assert volumes(path.parent) == (tmp_path,) and volumes(path.with_name("c.zip")) == (tmp_path / "c.zip",)
    assert together([first]) == first and volumes(together([first])) == (first,)
    with pytest.raises(ValueError, match="no path"):
        together([])


def test_the_members_of_all_files_are_read_as_one(tmp_path: Path) -> None:
    first = zipped(tmp_path / "t-1.zip", {"Takeout/Mail/a.txt": b"1", "Takeout/index.html": b"same"})
    with tarfile.open(tmp_path / "t-2.tgz", "w:gz") as archive:
        (tmp_path / "b.txt").write_bytes(b"22")
        archive.add(tmp_path / "b.txt", "Takeout/Videos/b.txt")
    folder = tmp_path / "t-3"
    (folder / "Takeout").mkdir(parents=True)
    (folder / "Takeout" / "c.txt").write_bytes(b"333")
    assert contents(together([first, tmp_path / "t-2.tgz", folder])) == {
        "Mail/a.txt": b"1", "index.html": b"same", "Videos/b.txt": b"22", "c.txt": b"333",
    }  # fmt: skip


def test_no_line_is_lost_where_two_files_use_one_name(tmp_path: Path) -> None:
    """The same bytes are there once; other bytes stay beside them under a name of their own."""
    first = zipped(tmp_path / "f-1.zip", {"x/message_1.json": b"one", "x/same.json": b"equal"})
    second = zipped(tmp_path / "f-2.zip", {"x/message_1.json": b"two", "x/same.json": b"equal", "y/z.json": b"3"})
    assert contents(together([first, second])) == {
        "x/message_1.json": b"one", "x/message_1 (2).json": b"two", "x/same.json": b"equal", "y/z.json": b"3",
    }  # fmt: skip


def test_a_folder_of_the_files_own_name_is_no_part_of_the_export(tmp_path: Path) -> None:
    files = [zipped(tmp_path / f"f-{n}.zip", {f"f-{n}/posts/{n}.json": b"{}", f"f-{n}/{n}.txt": b""}) for n in (1, 2)]
    assert set(contents(together(files))) == {"posts/1.json", "1.txt", "posts/2.json", "2.txt"}


def test_single_files_lie_side_by_side(tmp_path: Path) -> None:
    for name, data in (("followers_1.json", b"1"), ("following.json", b"2")):
        (tmp_path / name).write_bytes(data)
    path = together([tmp_path / "followers_1.json", tmp_path / "following.json"])
    with open_container(path) as box:
        assert not box.single and box.names() == ("followers_1.json", "following.json")


def test_limits_hold_for_all_files_together_and_damage_names_its_file(tmp_path: Path) -> None:
    files = [zipped(tmp_path / f"f-{n}.zip", {f"{n}{i}.txt": b"x" * 100 for i in range(6)}) for n in (1, 2)]
    for limits in (Limits(members=10), Limits(total_bytes=1000)):
        with pytest.raises(UnreadableFile, match="far more"), open_container(together(files), limits):
            pass
    files[1].write_bytes(files[1].read_bytes()[:80])
    with pytest.raises(UnreadableFile, match=r"f-2\.zip.*damaged"), open_container(together(files)):
        pass


def test_mail_in_every_file_is_read(tmp_path: Path) -> None:
    """Its reader walks folders by itself."""
    for n in (1, 2):
        (tmp_path / f"mail-{n}").mkdir()
        (tmp_path / f"mail-{n}" / f"{n}.eml").write_text(MAIL.format(n=n), encoding="utf-8")
    facts = list(MailFiles().read(together([tmp_path / "mail-1", tmp_path / "mail-2"]), Options(me="sam@x.example")))
    assert [fact.title for fact in facts if isinstance(fact, Activity)] == ["Hello 1", "Hello 2"]


def test_a_password_is_told_for_the_file_that_has_one(tmp_path: Path) -> None:
    plain, locked = zipped(tmp_path / "f-1.zip", {"a": b"1"}), tmp_path / "f-2.zip"
    with zipfile.ZipFile(locked, "w") as archive:
        archive.writestr("b", b"2")
    data = bytearray(locked.read_bytes())
    for start in (data.find(b"PK\x03\x04") + 6, data.find(b"PK\x01\x02") + 8):
        data[start] |= 1
    locked.write_bytes(bytes(data))
    with pytest.raises(UnreadableFile, match=r"f-2\.zip.*password"), open_container(together([plain, locked])):
        pass
