"""What is known of pictures: from where they lie, and by a look at those that a card holds. The pictures are drawn here, by Qt's own writers."""

from __future__ import annotations

import base64
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from relationdesk import looking_at
from relationdesk.model import Address, AddressKind
from relationdesk.sources import portraits
from relationdesk.sources.portraits import Pictures, pictured
from tests.sources.drawing import drawn, saved

SUM = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("url", "mark"),
    [
        (f"https://www.gravatar.com/avatar/{SUM}?s=80&d=identicon", f"gravatar:{SUM}"),
        (f"https://secure.gravatar.com/avatar/{SUM.upper()}.jpg", f"gravatar:{SUM}"),
        (f"//0.gravatar.com/avatar/{SUM * 2}", f"gravatar:{SUM * 2}"),
        (f"https://seccdn.libravatar.org/avatar/{SUM}?s=64", f"gravatar:{SUM}"),
        ("https://avatars.githubusercontent.com/u/4711?v=4", "github:4711"),
        ("https://avatars3.githubusercontent.com/u/4711", "github:4711"),
        (f"https://gravatar.com.evil.example/avatar/{SUM}", ""),
        (f"https://evil.example/gravatar.com/avatar/{SUM}", ""),
        (f"https://www.gravatar.com/avatar/{SUM}0", ""),
        (f"https://www.gravatar.com/avatar/{SUM[:-1]}", ""),
        ("https://avatars.githubusercontent.com/in/4711", ""),
        ("https://files.mastodon.example/accounts/avatars/1/original/a.png", ""),
        ("", ""),
    ],
)
def test_where_a_picture_lies(url: str, mark: str) -> None:
    assert pictured(url) == ((Address(kind=AddressKind.PICTURE, value=mark),) if mark else ())


def bits(address: Address) -> int:
    return int(address.value.removeprefix("look:"), 16)


def test_the_same_picture_looks_the_same_in_any_size_and_kind() -> None:
    with Pictures() as pictures:
        looks = [bits(*pictures.look(saved(drawn(7), kind, edge))) for kind, edge in (("JPG", 0), ("JPG", 96), ("PNG", 200), ("WEBP", 150))]
        others = [bits(*pictures.look(saved(drawn(seed)))) for seed in range(8, 20)]
    assert max((looks[0] ^ one).bit_count() for one in looks) <= 4
    assert min((looks[0] ^ one).bit_count() for one in others) > 10


def test_what_shines_through_is_white() -> None:
    clear = drawn(7).convertToFormat(QImage.Format.Format_ARGB32)
    clear = clear.createMaskFromColor(QColor("white").rgb(), Qt.MaskMode.MaskOutColor) and _without_white(clear)
    assert looking_at.look(saved(clear, "PNG")) == looking_at.look(saved(drawn(7), "PNG"))


def _without_white(image: QImage) -> QImage:
    for y in range(image.height()):
        for x in range(image.width()):
            if image.pixelColor(x, y) == QColor("white"):
                image.setPixelColor(x, y, QColor(0, 0, 0, 0))
    return image


def one_colour() -> bytes:
    image = QImage(200, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    return saved(image)


NOTHING_IN = {
    "nothing": b"", "three bytes": b"\xff\xd8\xff", "zeros": b"\xff\xd8\xff" + b"\0" * 400, "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "bmp": b"BM" + b"\0" * 100, "the head of a gif": b"GIF89a", "a sound": b"RIFF\0\0\0\0WAVEfmt ", "one colour": one_colour(), "cut": saved(drawn(1))[:120],
    "too wide": saved(drawn(1, 5000, 20)), "too large": saved(drawn(1)) + b"\0" * portraits.MOST_BYTES,
}  # fmt: skip


@pytest.mark.parametrize("what", NOTHING_IN)
def test_nothing_is_known_of(what: str) -> None:
    with Pictures() as pictures:
        assert pictures.look(NOTHING_IN[what]) == ()
        assert pictures.look(saved(drawn(2))), "the next one is looked at all the same"


def test_a_bomb_is_refused_by_what_it_says_of_itself() -> None:
    bomb = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAA//8AAP//CAYAAAA=") + b"\0" * 60
    assert looking_at.look(bomb) == looking_at.NOTHING


def test_a_program_that_ends_is_started_again_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    real = portraits._started
    monkeypatch.setattr(portraits, "_started", lambda: started.append(1) or real())
    with Pictures() as pictures:
        for _ in range(2):
            assert pictures.look(saved(drawn(2)))
            assert pictures._program is not None
            pictures._program.kill()
            pictures._program.wait()
            assert pictures.look(saved(drawn(2))) == ()
        assert pictures.look(saved(drawn(2)))
    assert len(started) == 3


def test_where_it_cannot_run_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with Pictures() as pictures:
        assert [pictures.look(saved(drawn(seed))) for seed in range(8)] == [()] * 8


def test_the_program_ends_with_the_block() -> None:
    with Pictures() as pictures:
        assert pictures.look(saved(drawn(2)))
        program = pictures._program
    assert program is not None and program.returncode is not None


def test_its_deadline_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Qt knows no picture that takes it this long, so the deadline is one that no picture can keep."""
    code = "import sys; from relationdesk import looking_at; looking_at.SECONDS = 1e-6; looking_at.look = lambda _: [None for _ in iter(int, 1)]; sys.exit(looking_at.main())"
    real = subprocess.Popen
    monkeypatch.setattr(portraits.subprocess, "Popen", lambda command, **more: real([command[0], "-c", code], **more))
    with Pictures() as pictures:
        assert pictures.look(saved(drawn(2))) == ()
