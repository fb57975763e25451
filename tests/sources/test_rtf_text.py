"""Rich text: what Outlook packs, what a page became in it, letters of every kind, and what attackers write."""

from __future__ import annotations

import random
import struct

import pytest

from relationdesk.sources.rtf_text import rtf_text, unpacked_rtf

PACKED = bytes.fromhex("2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0")
"""The example of [MS-OXRTFCP] 3.1.1."""


def test_packed_and_plain() -> None:
    assert unpacked_rtf(PACKED) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert rtf_text(unpacked_rtf(PACKED)) == "hello world"
    assert unpacked_rtf(struct.pack("<II4sI", 99, 7, b"MELA", 0) + b"{\\rtf1}and more") == b"{\\rtf1}"
    assert unpacked_rtf(struct.pack("<II4sI", 99, 7, b"????", 0) + b"{\\rtf1}") == unpacked_rtf(b"short") == b""


def test_a_repetition_that_reaches_into_itself() -> None:
    """Four letters, then ten more by pointing at the first of them."""
    start = 207
    packed = struct.pack("<II4sI", 0, 14, b"LZFu", 0) + b"\x10abcd" + struct.pack(">H", start << 4 | 8)
    assert unpacked_rtf(packed) == b"abcdabcdabcdab"


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (r"{\rtf1\ansi one\par two\tab three\line four}", "one\ntwo\tthree\nfour"),
        (r"{\rtf1\ansi\ansicpg1251 \'cf\'f0\'e8\'e2\'e5\'f2}", "Привет"),
        (r"{\rtf1\ansi\uc1 Gr\u252?\u223?e \u8212? \u-10179?\u-8704?}", "Grüße — 😀"),
        (r"{\rtf1{\fonttbl{\f0 Arial;}}{\colortbl;\red0;}{\stylesheet{\s0 Normal;}}{\*\generator Word;}{\info{\author Eve}}words}", "words"),
        (r"{\rtf1 a\~b\_c\-d \{x\} \\ \ldblquote q\rdblquote}", "a\u00a0b-cd {x} \\ “q”"),
        (r"{\rtf1\uc2 a\u228\'e4xb{\uc0 \u228 c}}", "aäbäc"),
        ("{\\rtf1 one\r\n two}", "one two"),
        (r"{\rtf1 open {and {not closed", "open and not closed"),
        ("no rtf", ""), ("", ""),
    ],
)  # fmt: skip
def test_words(rtf: str, text: str) -> None:
    assert rtf_text(rtf.encode("latin-1")) == text


def test_a_page_that_became_rich_text_is_read_as_the_page() -> None:
    rtf = (
        r"{\rtf1\ansi\ansicpg1252\fromhtml1 {\*\htmltag19 <html>}{\*\htmltag34 <head>}{\*\htmltag177 <title>no</title>}{\*\htmltag41 </head>}{\*\htmltag50 <body>}"
        r"{\*\htmltag64 <p>}\htmlrtf \par hidden\htmlrtf0 Dear \'c4nn,{\*\htmltag72 </p>}{\*\htmltag64 <p>}Tom &amp; Eve{\*\htmltag72 </p>}\htmlrtf }\htmlrtf0 {\*\htmltag58 </body>}}"
    )
    assert rtf_text(rtf.encode("latin-1")) == "Dear Änn,\n\nTom & Eve"


def test_nothing_raises_and_deep_nesting_is_bounded() -> None:
    assert rtf_text(b"{\\rtf1 " + b"{" * 100_000 + b"deep" + b"}" * 100_000 + b"}") == "deep"
    dice = random.Random(7)
    for _ in range(300):
        raw = bytearray(rb"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl x}\'e4\u252?{\*\x y}\htmltag <p>}" * 3)
        for _ in range(8):
            raw[dice.randrange(len(raw))] = dice.randrange(256)
        rtf_text(bytes(raw)).encode()
        unpacked_rtf(bytes(dice.randrange(256) for _ in range(8)) + b"LZFu" + bytes(dice.randrange(256) for _ in range(200)))
