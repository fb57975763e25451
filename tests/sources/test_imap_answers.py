"""What mail servers say, in the ways they say it."""

from __future__ import annotations

import random

import pytest

from relationdesk.sources.imap_answers import (
    Mail,
    Response,
    as_set,
    folder_name,
    found_uids,
    mail,
    quoted,
    response,
    status,
    tokens,
)


def fetch(*pieces: bytes) -> Response:
    return Response(kind="FETCH", number=1, pieces=pieces)


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        ((rb"(UID 7 FLAGS (\Seen \Draft) RFC822.SIZE 12)",), Mail(uid=7, flags=frozenset({"\\seen", "\\draft"}), size=12)),
        ((b"(UID 7 BODY[HEADER]<0> {5}", b"a: b\n", b")"), Mail(uid=7, content=b"a: b\n")),
        ((b"(BODY[HEADER.FIELDS (FROM)] {3}", b")(\r", rb" FLAGS () UID 7)"), Mail(uid=7, content=b")(\r")),
        ((b'(UID 7 BODY[] "short (\\"text\\")")',), Mail(uid=7, content=b'short ("text")')),
        ((b"(UID 7 BODY[] NIL)",), Mail(uid=7, content=b"")),
        ((b"(UID 7 X-GM-THRID 123 MODSEQ (5))",), Mail(uid=7, thread="123")),
        ((b"(FLAGS ())",), None),
        ((b"nonsense",), None),
    ],
)
def test_fetch(pieces: tuple[bytes, ...], said: Mail | None) -> None:
    assert mail(fetch(*pieces)) == said


def test_untagged_answers() -> None:
    assert response((b"12 FETCH (UID 1)",)) == Response(kind="FETCH", number=12, pieces=(b"(UID 1)",))
    assert response((b"search 1 2",)).kind == "SEARCH" and response((b"\xff\xff",)).kind == ""
    assert status(Response(kind="STATUS", pieces=(b'"a b" (UIDNEXT 5 UIDVALIDITY 3 MESSAGES x)',))) == (3, 5, 0)
    assert tokens((rb'(\HasNoChildren) "/" {3}', b'a"b', b"")) == [[rb"\HasNoChildren"], b"/", b'a"b']
    assert tokens((b'() "." [Gmail]/Sent',)) == [[], b".", b"[Gmail]/Sent"]


def test_uids() -> None:
    plain, short = Response(kind="SEARCH", pieces=(b"5 3 3 99",)), Response(kind="ESEARCH", pieces=(b'(TAG "R1") UID ALL 3:5,9',))
    assert list(found_uids([plain], 1, 50, 10)) == [3, 5] and list(found_uids([short], 4, 50, 10)) == [4, 5, 9]
    assert list(found_uids([Response(kind="ESEARCH", pieces=(b'(TAG "R1") UID',))], 1, 9, 10)) == []
    with pytest.raises(ValueError, match="more"):
        found_uids([Response(kind="ESEARCH", pieces=(b"UID ALL 1:4294967295",))], 1, 2**32, 1000)
    assert as_set([1, 2, 3, 7, 9, 10]) == "1:3,7,9:10"


def test_names_and_strings() -> None:
    assert folder_name("Entw&APw-rfe") == "Entwürfe" and folder_name("A &- B") == "A & B" and folder_name("&x-") == "&x-"
    assert quoted('a"\\') == '"a\\"\\\\"'
    for text in ("ü", "a\r\nb"):
        with pytest.raises(ValueError, match="quoted"):
            quoted(text)


def test_no_bytes_do_more_than_raise_value_errors() -> None:
    dice = random.Random(7)
    words = [b"(", b")", b'"', b"\\", b"[", b"]", b"{5}", b"UID 1", b"BODY[", b"FLAGS", b" ", b"\xff", b"NIL", b"9" * 30]
    for _ in range(5_000):
        line = b"".join(dice.choice(words) for _ in range(dice.randrange(20)))
        answer = response((line, b"lit", line))
        for ask in (mail, status, lambda one: found_uids([one], 1, 10, 10)):
            try:
                ask(answer)
            except ValueError:
                continue
