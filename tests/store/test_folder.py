"""A place that is bad for a desk is told by its name or its mount, and an ordinary one is left in peace."""

from __future__ import annotations

from pathlib import Path

import pytest

from relationdesk.store import folder

MOUNTS = r"""
/dev/sda1 / ext4 rw 0 0
proc /proc proc rw 0 0
server:/home /home/ann/net nfs4 rw 0 0
//nas/share /mnt/nas cifs rw 0 0
ann@host:/ /mnt/far\040away fuse.sshfs rw 0 0
share /mnt/host 9p rw 0 0
/dev/sdb1 /media/stick vfat rw 0 0
/dev/sda2 /home/ann/net/local ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("where", "kind"),
    [("/home/ann", "ext4"), ("/home/ann/net/desk", "nfs4"), ("/mnt/nas", "cifs"), ("/mnt/far away/x", "fuse.sshfs"),
     ("/mnt/host/a", "9p"), ("/media/stick", "vfat"), ("/home/ann/net/local/x", "ext4"), ("/home/ann/network", "ext4")],
)  # fmt: skip
def test_the_nearest_mount_above_counts(where: str, kind: str) -> None:
    assert folder.file_system(Path(where), MOUNTS) == kind


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "fuse.sshfs", "9p", "vfat"])
def test_a_bad_file_system_is_named(kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(folder, "file_system", lambda _folder: kind)
    assert kind in folder.warning(tmp_path) and str(tmp_path) in folder.warning(tmp_path)
    monkeypatch.setattr(folder, "file_system", lambda _folder: "ext4")
    assert folder.warning(tmp_path) == ""


@pytest.mark.parametrize(
    ("name", "title"),
    [("Dropbox", "Dropbox"), ("Dropbox (Personal)", "Dropbox"), ("OneDrive - Harborline", "OneDrive"), ("Nextcloud", "Nextcloud"),
     ("Mobile Documents", "iCloud"), ("iCloud Drive", "iCloud"), ("Google Drive", "Google Drive")],
)  # fmt: skip
def test_a_folder_that_is_copied_to_other_computers_is_named(name: str, title: str, tmp_path: Path) -> None:
    assert title in folder.warning(tmp_path / name / "desk")
    assert folder.warning(tmp_path / f"about-{name.lower()}x" / "desk") == ""


def test_a_link_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "desk").symlink_to(tmp_path / "Dropbox")
    assert "Dropbox" in folder.warning(tmp_path / "desk")
