"""What is known of somebody's picture without loading it, and how one looks that a file brought.

A place tells where a picture lies. Most of these addresses mean nothing elsewhere and are not kept; two kinds of them say whose picture it is in
any place: Gravatar's (and Libravatar's) are sums of a mail address, GitHub's the number of a profile. Pictures inside of files (the PHOTO of a card)
are bytes of strangers, so they are looked at by a program of its own with a deadline (`relationdesk/looking_at.py`), which answers with 64 bits; the
picture itself is not kept.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from types import TracebackType

from relationdesk.model import Address, AddressKind

MOST_BYTES = 2 * 1024 * 1024
"""Of one picture in a card; a larger one is not looked at."""
_SUM = re.compile(r"(?:https?:)?//(?:[\w-]{1,60}\.){0,3}(?:gravatar\.com|libravatar\.org)/avatar/([0-9a-f]{64}|[0-9a-f]{32})(?![0-9a-z])", re.IGNORECASE)
_NUMBER = re.compile(r"https?://avatars\d{0,3}\.githubusercontent\.com/u/(\d{1,15})(?!\d)", re.IGNORECASE)
_KINDS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF")
"""How a JPEG, PNG, GIF and WebP begin. Nothing else is looked at, SVG least of all."""
_FAILURES = 5
"""Programs that may end before their time until no more of a file's pictures are looked at."""


def pictured(url: str) -> tuple[Address, ...]:
    """What the address of a picture says of whose it is, if anything."""
    if found := _SUM.match(url):
        return (Address(kind=AddressKind.PICTURE, value=f"gravatar:{found[1].lower()}"),)
    if found := _NUMBER.match(url):
        return (Address(kind=AddressKind.PICTURE, value=f"github:{found[1]}"),)
    return ()


class Pictures:
    """Looks at pictures, one after another, in a program that is started with the first and ended with the block. Where it cannot run, nothing is
    known of any."""

    def __init__(self) -> None:
        self._program: subprocess.Popen[bytes] | None = None
        self._failures = 0

    def __enter__(self) -> Pictures:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end()

    def look(self, picture: bytes) -> tuple[Address, ...]:
        """How it looks; () for what is none, is too large, or shows nothing (one colour)."""
        if not picture.startswith(_KINDS) or len(picture) > MOST_BYTES or self._failures >= _FAILURES:
            return ()
        answer = self._asked(picture)
        if len(answer) != 17:  # it ended: at its deadline, or because of what it read
            self._end()
            self._failures += 1
            return ()
        bits = answer[:16].decode("ascii", "replace")
        return (Address(kind=AddressKind.PICTURE, value=f"look:{bits}"),) if re.fullmatch(r"[0-9a-f]{16}", bits) else ()

    def _asked(self, picture: bytes) -> bytes:
        try:
            program = self._program = self._program or _started()
            assert program.stdin is not None and program.stdout is not None
            program.stdin.write(len(picture).to_bytes(4, "big") + picture)
            program.stdin.flush()
            return program.stdout.read(17)
        except OSError:
            return b""

    def _end(self) -> None:
        program, self._program = self._program, None
        if program is not None:
            program.kill()
            program.communicate()


def _started() -> subprocess.Popen[bytes]:
    # -P: what lies in the folder the user happens to be in is not imported.
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "relationdesk.looking_at"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0) if os.name == "nt" else 0,
    )  # fmt: skip
