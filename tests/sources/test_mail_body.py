"""The words of a mail: armour taken off, what is encrypted named as such."""

from __future__ import annotations

import pytest

from relationdesk.sources.mail_body import Body, body
from relationdesk.sources.mail_headers import Headers

SIGNATURE = "-----BEGIN PGP SIGNATURE-----\nVersion: x\n\niQE\n-----END PGP SIGNATURE-----\n"


def words(text: str) -> Body:
    return body(Headers(), text.encode())


def test_signed_text_is_read_without_its_armour() -> None:
    text = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n- -- \nJoe\n{SIGNATURE}\nfooter"
    assert words(text) == Body(text="Hello\n--\nJoe\n\nfooter")
    assert words(text.replace("\n", "\r\n")) == words(text)


def test_encrypted_text_is_named_and_not_shown() -> None:
    text = "See:\n\n-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n"
    assert words(text) == Body(text="See:", attachments=("encrypted text",))
    assert words("-----BEGIN PGP MESSAGE-----\n" * 3) == Body(attachments=("encrypted text",))


@pytest.mark.parametrize(("kind", "raw"), [
    ('multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"', "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream; name=encrypted.asc\n\nx\n--b--"),
    ("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "MIIB"),
])  # fmt: skip
def test_a_mail_that_is_encrypted_as_a_whole_says_so(kind: str, raw: str) -> None:
    assert body(Headers({"content-type": [kind]}), raw.encode()) == Body(attachments=("encrypted text",))


def test_who_writes_about_it_is_not_cut() -> None:
    text = "The line -----BEGIN PGP MESSAGE----- begins it."
    assert words(text) == Body(text=text)
