"""Whether a folder is a good place for a desk: told before the first write, because SQLite breaks on network folders and
programs that copy a folder to other computers copy a desk in the middle of a sentence."""

from __future__ import annotations

import sys
from pathlib import Path

from relationdesk.saying import say

_NETWORK = frozenset("nfs nfs4 cifs smb3 smbfs fuse.sshfs 9p afs ceph fuse.glusterfs webdav fuse.davfs davfs afpfs".split())
_WITHOUT_RIGHTS = frozenset("vfat msdos exfat fuseblk".split())
_SYNCED = {
    "dropbox": "Dropbox", "onedrive": "OneDrive", "icloud": "iCloud", "mobile documents": "iCloud", "icloud drive": "iCloud",
    "icloud~": "iCloud", "clouddocs": "iCloud", "google drive": "Google Drive", "googledrive": "Google Drive", "my drive": "Google Drive",
    "nextcloud": "Nextcloud", "owncloud": "ownCloud", "syncthing": "Syncthing",
}  # fmt: skip
"""Beginnings of folder names in small letters. "OneDrive - Firm" and "Dropbox (Personal)" begin so too."""


def warning(folder: Path) -> str:
    """One sentence against this folder, "" if it is a good one. Looks at names and mounts; writes and asks nothing."""
    where = folder.expanduser().absolute()
    with_links = where.resolve()
    synced = _synced(with_links) or _synced(where)
    if synced:
        return (
            say("{folder} is kept in step by {synced}, which can damage a desk while it is open. A folder outside of it is safe; keep only copies of the desk there (the backup command).", folder=folder, synced=synced)
        )
    kind = file_system(with_links)
    if kind in _NETWORK:
        return (
            say("{folder} lies on a network drive ({kind}), where a desk can be damaged. A folder on this computer’s own disk is safe; keep only copies of the desk there (the backup command).", folder=folder, kind=kind)
        )
    if kind in _WITHOUT_RIGHTS:
        return (
            say("{folder} lies on a disk ({kind}) that cannot keep a desk from being read by others. A folder on this computer’s own disk is safe.", folder=folder, kind=kind)
        )
    return ""


def _synced(folder: Path) -> str:
    for part in folder.parts:
        name = part.lower()
        for begin, title in _SYNCED.items():
            if name == begin or (name.startswith(begin) and not name[len(begin)].isalnum()):
                return title
    return ""


def file_system(folder: Path, mounts: str | None = None) -> str:
    """The kind of file system a folder lies on ("ext4"), by the longest mount above it; "" where that cannot be known."""
    if mounts is None:
        if not sys.platform.startswith("linux"):
            return ""
        try:
            mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return ""
    found, longest = "", -1
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        at = Path(parts[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"))
        if folder.is_relative_to(at) and len(at.parts) >= longest:
            found, longest = parts[2], len(at.parts)
    return found
