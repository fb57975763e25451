"""The words of a mail: armour taken off, what is encrypted named as such."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509 import Certificate
from cryptography.x509.oid import NameOID

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


def envelope(kind: str, raw: bytes) -> Body:
    headers = {"content-type": [f'application/{kind}; name="smime.p7m"'], "content-disposition": ["attachment; filename=smime.p7m"], "content-transfer-encoding": ["base64"]}
    return body(Headers(headers), base64.encodebytes(raw))


def signer() -> tuple[Certificate, EllipticCurvePrivateKey]:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ann")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    return made.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2027, 1, 1, tzinfo=UTC)).sign(key, hashes.SHA256()), key


MESSAGE = b"Content-Type: text/plain; charset=utf-8\r\n\r\nWords of Ann\r\n"


@pytest.mark.parametrize("kind", ["pkcs7-mime; smime-type=signed-data", "x-pkcs7-mime"])
def test_the_words_of_a_message_that_was_signed_in_an_envelope(kind: str) -> None:
    certificate, key = signer()
    raw = pkcs7.PKCS7SignatureBuilder().set_data(MESSAGE).add_signer(certificate, key, hashes.SHA256()).sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    assert envelope(kind, raw) == Body(text="Words of Ann")


def ber(tag: int, *inner: bytes) -> bytes:
    """Of a length that is not told beforehand, as programs write that send while they read."""
    return bytes((tag, 0x80)) + b"".join(inner) + b"\0\0"


def oid(last: str) -> bytes:
    return bytes.fromhex("0609" + "2a864886f70d0107" + last)


def test_words_in_pieces_and_lengths_not_told_beforehand() -> None:
    pieces = ber(0x24, bytes((4, 20)) + MESSAGE[:20], bytes((4, len(MESSAGE) - 20)) + MESSAGE[20:])
    raw = ber(0x30, oid("02"), ber(0xA0, ber(0x30, b"\x02\x01\x01", b"\x31\x00", ber(0x30, oid("01"), ber(0xA0, pieces)), b"\x31\x00")))
    assert envelope("pkcs7-mime", raw) == Body(text="Words of Ann")


@pytest.mark.parametrize("kind", ["pkcs7-mime; smime-type=enveloped-data", "pkcs7-mime", "x-pkcs7-mime; smime-type=signed-data"])
def test_an_encrypted_envelope_says_so_whatever_it_is_called(kind: str) -> None:
    assert envelope(kind, ber(0x30, oid("03"), ber(0xA0, b"\x30\x00"))) == Body(attachments=("encrypted text",))


@pytest.mark.parametrize("raw", [b"", b"\x30", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\x30\x80" * 2000, b"\xa0\x80" * 40, oid("02"), b"x" * 99, ber(0x30, oid("02")), ber(0x30, oid("02"), ber(0xA0, b"\x04\x02hi")),
                                 ber(0x30, oid("02"), b"\x05\x00" * 60_000)])
def test_a_bent_envelope_is_a_file_that_was_attached(raw: bytes) -> None:
    assert envelope("pkcs7-mime", raw) == Body(attachments=("smime.p7m",))
