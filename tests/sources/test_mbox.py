"""Cutting an mbox: the published rule on real and invented files, in bounded memory."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from relationdesk.sources.mbox import is_separator, messages
from tests import shared

REAL = shared.REAL / "mail" / "mbox"


def cut(data: bytes, limit: int = 1_000_000) -> list[bytes]:
    return [raw for _, raw in messages(io.BytesIO(data), limit)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"From - Mon Jan 08 09:00:00 2024\nFrom: a@b\n", True),
        (b"From joe@acme.example Mon Jan  8 09:00:00 2024\r\nReturn-Path: <a@b>\r\n", True),
        (b"From joe@acme.example  Mon Jan 08 09:00:00 +0100 2024\nX-A: b\n", True),
        (b"From 1844347792267117879@xxx\nMIME-Version: 1.0\n", True),
        (b"From MAILER-DAEMON Fri Jul  8 12:08:34 2011\n>From someone\n", True),
        (b"From nobody\nReceived: by x\n", True),
        (b"From joe brown Mon Jan  8 09:00:00 2024\nFrom: a@b\n", True),
        (b"From what joe said Mon at noon\nFrom: a@b\n", False),
        (b"From Russia with love\n\nand", False),
        (b"From Russia\nNote: not a mail\n", False),
        (b"From here: on\nSubject: x\n", False),
        (b"From joe@acme.example Mon Jan 08 09:00:00 2024\nplain words\n", False),
        (b"From joe@acme.example Mon Jan 08 09:00:00 2024\n", False),
        (b"From", False),
    ],
)
def test_a_separator_is_confirmed_by_the_next_line(line: bytes, expected: bool) -> None:
    assert is_separator(line) is expected


def test_blank_line_is_not_needed_and_content_length_not_believed() -> None:
    data = b"From - Mon Jan 08 09:00:00 2024\nFrom: a@b\nContent-Length: 9999\n\none\nFrom - Tue Jan 09 09:00:00 2024\nTo: c@d\n\ntwo\n"
    first, second = cut(data)
    assert first.endswith(b"\none\n")
    assert second.endswith(b"\ntwo\n")


def test_one_mark_is_taken_off_escaped_from_lines() -> None:
    (only,) = cut(b"From - Mon Jan 08 09:00:00 2024\nA: b\n\n>From one\n>>From two\n> From three\nx >From four\n")
    assert only.endswith(b"\nFrom one\n>From two\n> From three\nx >From four\n")


def test_offsets_point_at_the_separators() -> None:
    data = b"\xef\xbb\xbfFrom - Mon Jan 08 09:00:00 2024\nA: b\n\nx\n\nFrom a@b\nC: d\n\ny\n"
    found = list(messages(io.BytesIO(data)))
    assert [data[offset : offset + 6] for offset, _ in found] == [b"From -", b"From a"]


def test_a_long_body_is_cut_but_the_next_message_is_found() -> None:
    data = b"From a@b\nSubject: long\n\n" + b"x" * 5_000_000 + b"\n\nFrom c@d\nSubject: next\n\nhello\n"
    first, second = cut(data, 10_000)
    assert len(first) == 10_000
    assert b"Subject: long" in first
    assert second.endswith(b"hello\n")


def test_separators_on_every_side_of_a_read_boundary() -> None:
    for shift in range(-40, 41):
        body = b"y" * (1024 * 1024 - 24 + shift)
        data = b"From a@b\nSubject: 1\n\n" + body + b"\nFrom - Mon Jan 08 09:00:00 2024\nSubject: 2\n\nz\n"
        assert [raw[-2:] for raw in cut(data, 10**8)] == [b"y\n", b"z\n"], shift


@pytest.mark.parametrize("data", [b"", b"\n\n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_nothing_in_it(data: bytes) -> None:
    assert cut(data) == []


def test_what_stands_before_the_first_separator_is_kept() -> None:
    assert cut(b"Subject: head lost\n\nx\nFrom a@b\nSubject: 2\n\ny\n")[0].startswith(b"Subject: head lost")


def test_real_from_lines() -> None:
    if not REAL.exists():
        pytest.skip("the sample exports are not there")
    first, second, third = cut((REAL / "from_lines.mbox").read_bytes())
    assert b"From Russia with love" in first
    assert b"\nFrom here on the line is quoted." in first
    assert b"Re: Postcards" in second
    assert b"List-Id" in third


def test_real_unquoted_from_lines() -> None:
    if not REAL.exists():
        pytest.skip("the sample exports are not there")
    found = cut((REAL / "unquoted_from_lines.mbox").read_bytes())
    assert [b"Subject: Message %d" % number in raw for number, raw in enumerate(found, 1)] == [True] * 4


class _Endless(io.RawIOBase):
    """A mailbox of `total` bytes that is never wholly in memory."""

    def __init__(self, total: int) -> None:
        self.left = total
        self.block = (b"From a@b Mon Jan 08 09:00:00 2024\nSubject: x\n\n" + b"Lorem From ipsum\nFrom there\n" * 3000) * 10

    def read(self, size: int = -1) -> bytes:
        data = self.block[: min(size, self.left)]
        self.left -= len(data)
        return data


CHILD = """
import sys
from relationdesk.sources.mbox import messages
from tests.memory import most_mb
from tests.sources.test_mbox import _Endless

def read(total):
    for _ in messages(_Endless(total)):
        pass

read(4_000_000)
before = most_mb()
read(240_000_000)
sys.stdout.write(str(most_mb() - before))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured on Unix only")
def test_memory_is_bounded() -> None:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=True, cwd=root, timeout=120)
    assert float(done.stdout) < 40
