"""Folder, zip and file look alike from outside, and a hostile one cannot lead out, blow up or hang."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.sources.container import Limits, open_container
from relationdesk.sources.member_names import plain_stem, safe_name


def zipped(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def contents(path: Path, limits: Limits | None = None) -> dict[str, bytes]:
    with open_container(path, limits or Limits()) as box:
        found = {}
        for name in box.names():
            with box.open(name) as stream:
                found[name] = stream.read()
        return found


def test_folder_zip_and_file_give_the_same(tmp_path: Path) -> None:
    members = {"a.csv": b"one", "deep/b.csv": b"two" * 100_000}
    folder = tmp_path / "folder"
    for name, data in members.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    assert contents(folder) == members
    assert contents(zipped(tmp_path / "x.zip", members)) == members
    assert contents(folder / "a.csv") == {"a.csv": b"one"}


def test_the_kind_is_seen_in_the_content_not_in_the_name(tmp_path: Path) -> None:
    assert contents(zipped(tmp_path / "export.csv", {"a.csv": b"one", "b.csv": b"2"})) == {"a.csv": b"one", "b.csv": b"2"}
    (tmp_path / "table.zip").write_bytes(b"a,b\n1,2\n")
    assert contents(tmp_path / "table.zip") == {"table.zip": b"a,b\n1,2\n"}


def test_common_top_folders_are_taken_off(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"out/inner/a.csv": b"1", "out/inner/deep/b.csv": b"2", "__MACOSX/out/._a.csv": b"3"})
    with open_container(path) as box:
        assert box.names() == ("a.csv", "deep/b.csv")
        assert box.top == "out/inner"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a/b.csv", "a/b.csv"),
        ("a\\b.csv", "a/b.csv"),
        ("./a//b.csv", "a/b.csv"),
        ("../a.csv", ""),
        ("a/../../b.csv", ""),
        ("/etc/passwd", ""),
        ("C:\\x.csv", ""),
        ("..\\x.csv", ""),
        ("__MACOSX/a.csv", ""),
        ("a/._b.csv", ""),
        ("a/.DS_Store", ""),
        ("Zoe\u0308.csv", "Zo\u00eb.csv"),
        ("a.csv\0.exe", "a.csv"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_plain_stem() -> None:
    assert plain_stem("Jobs/Connections (1).CSV") == "connections"


def test_names_that_lead_out_are_ignored(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"../../evil.csv": b"1", "/abs.csv": b"2", "good.csv": b"3"})
    assert contents(path) == {"good.csv": b"3"}
    assert [file.name for file in tmp_path.iterdir()] == ["x.zip"]


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_bytes(b"secret")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.csv").write_bytes(b"1")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "loop").symlink_to(folder)
    assert contents(folder) == {"a.csv": b"1"}


def test_a_name_written_as_utf8_without_saying_so(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"Zoë.csv": b"1", "b.csv": b"2"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x03\x04") + 7] = 0  # the high byte of the flags: bit 11 says UTF-8
    data[data.index(b"PK\x01\x02") + 9] = 0
    path.write_bytes(bytes(data))
    assert set(contents(path)) == {"Zoë.csv", "b.csv"}


class _Pipe(io.RawIOBase):
    """A file that cannot go back, as servers write a zip while it is sent."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = path.open("wb")

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return self._file.write(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def test_zips_as_servers_write_them(tmp_path: Path) -> None:
    """Sizes behind the data, sizes of 64 bits, more than 65,535 members, and bytes after the end."""
    with _Pipe(tmp_path / "sent.zip") as pipe, zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"one" * 1000)
    assert contents(tmp_path / "sent.zip") == {"a.csv": b"one" * 1000}
    with zipfile.ZipFile(tmp_path / "large.zip", "w") as archive, archive.open("a.csv", "w", force_zip64=True) as member:
        member.write(b"one")
    assert contents(tmp_path / "large.zip") == {"a.csv": b"one"}
    many = zipped(tmp_path / "many.zip", {f"photos/{n}.jpg": b"" for n in range(66_000)} | {"a.csv": b"one"})
    with many.open("ab") as end:
        end.write(b"\0" * 100)
    with open_container(many) as box:
        assert len(box.names()) == 66_001 and box.head("a.csv", 10) == b"one"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", {"a.csv": bytes(80 * 1024**2)})
    with pytest.raises(UnreadableFile, match="far more"), open_container(path):
        pass


def test_overlapping_members_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"a.csv": b"x" * 5000, "b.csv": b"y" * 5000}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    struct.pack_into("<I", data, second + 42, 10)  # where the second member is said to begin
    path.write_bytes(bytes(data))
    with pytest.raises(UnreadableFile, match="far more"), open_container(path):
        pass


def test_limits_on_number_and_size(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {f"{n}.csv": b"1" * 50 for n in range(20)})
    for limits in (Limits(members=10), Limits(member_bytes=10), Limits(total_bytes=100)):
        with pytest.raises(UnreadableFile), open_container(path, limits):
            pass
    folder = tmp_path / "folder"
    folder.mkdir()
    for n in range(20):
        (folder / f"{n}.csv").touch()
    with pytest.raises(UnreadableFile, match="more than 10 files"), open_container(folder, Limits(members=10)):
        pass


def test_an_encrypted_zip_says_what_to_do(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"a.csv": b"1"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    with pytest.raises(UnreadableFile, match="password"), open_container(path):
        pass


@pytest.mark.parametrize("keep", [4, 30, 0.5, 0.95])
def test_a_cut_zip_is_called_damaged(tmp_path: Path, keep: float) -> None:
    path = zipped(tmp_path / "x.zip", {"a.csv": bytes(range(256)) * 100, "b.csv": b"2"})
    data = path.read_bytes()
    path.write_bytes(data[: int(keep if keep > 1 else len(data) * keep)])
    with pytest.raises(UnreadableFile, match="damaged"), open_container(path):
        pass


def test_damage_inside_one_member_spares_the_others_and_what_stands_before_it(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"a.csv": b"0123456789" * 20_000, "b.csv": b"fine"}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[150_000] ^= 0xFF
    path.write_bytes(bytes(data))
    with open_container(path) as box:
        with box.open("b.csv") as stream:
            assert stream.read() == b"fine"
        with box.open("a.csv") as stream:
            assert stream.read(100_000) == b"0123456789" * 10_000
            with pytest.raises(UnreadableFile, match=r"a\.csv.*damaged"):
                stream.read()


def test_an_unknown_compression_costs_one_member(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", b"1", zipfile.ZIP_LZMA)
        archive.writestr("b.csv", b"2")
    with open_container(path) as box:
        with pytest.raises(UnreadableFile, match=r"a\.csv.*another program"):
            box.open("a.csv")
        with box.open("b.csv") as stream:
            assert stream.read() == b"2"


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="not there"), open_container(tmp_path / "none.zip"):
        pass


def tarred(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def test_a_tar_reads_like_a_zip(tmp_path: Path) -> None:
    members = {"top/a.csv": b"one", "top/deep/b.csv": b"two" * 100_000, "top/../../evil.csv": b"no"}
    assert contents(tarred(tmp_path / "x.tar.gz", members)) == {"a.csv": b"one", "deep/b.csv": b"two" * 100_000}


def test_links_and_devices_in_a_tar_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "x.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for name, kind in (("link", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("pipe", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    assert contents(path) == {}


def test_a_tar_bomb_and_a_cut_tar(tmp_path: Path) -> None:
    path = tarred(tmp_path / "x.tar.gz", {"a.csv": bytes(80 * 1024**2)})
    with pytest.raises(UnreadableFile, match="far more"), open_container(path):
        pass
    path = tarred(tmp_path / "y.tar.gz", {"a.csv": bytes(range(256)) * 1000, "b.csv": b"2" * 5000})
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(UnreadableFile, match="damaged"), open_container(path):
        pass


def test_one_packed_file_is_no_damage_and_a_tar_without_its_packing_is_read(tmp_path: Path) -> None:
    """Safari takes the .gz off what it downloads."""
    members = {"top/a.csv": b"one", "top/b.csv": bytes(range(256)) * 1000}
    (tmp_path / "x.tar").write_bytes(gzip.decompress(tarred(tmp_path / "x.tar.gz", members).read_bytes()))
    assert contents(tmp_path / "x.tar") == {"a.csv": b"one", "b.csv": bytes(range(256)) * 1000}
    (tmp_path / "z.gz").write_bytes(gzip.compress(b"no tar at all" * 1000))
    with pytest.raises(UnreadableFile, match="one packed file and no export"), open_container(tmp_path / "z.gz"):
        pass
    for cut in (gzip.compress(bytes(range(256)) * 1000)[:100], b"\x1f\x8b\x08"):
        (tmp_path / "z.gz").write_bytes(cut)
        with pytest.raises(UnreadableFile, match="damaged"), open_container(tmp_path / "z.gz"):
            pass


def test_a_tar_header_of_gigabytes_is_not_read_into_memory(tmp_path: Path) -> None:
    info = tarfile.TarInfo("PaxHeader")
    info.type, info.size = tarfile.XHDTYPE, 64 * 1024**2
    (tmp_path / "x.tgz").write_bytes(gzip.compress(info.tobuf(tarfile.USTAR_FORMAT) + bytes(info.size)))
    with pytest.raises(UnreadableFile, match="damaged"), open_container(tmp_path / "x.tgz"):
        pass


def test_errors_of_the_caller_stay_the_callers(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"1")
    with pytest.raises(PermissionError, match="mine"), open_container(tmp_path / "a.csv"):
        raise PermissionError("mine")


def test_the_stream_counts(tmp_path: Path) -> None:
    with open_container(zipped(tmp_path / "x.zip", {"a.csv": b"x" * 100, "b": b""})) as box:
        assert box.size("a.csv") == 100
        with box.open("a.csv") as stream:
            stream.read(40)
            assert stream.tell() == 40
