"""What a place seals for us opens, and nothing else does; checked against another implementation where there is one."""

from __future__ import annotations

import base64
import secrets

import pytest

from relationdesk.sources.sealed import Seal, _is_prime, new_seal


@pytest.fixture(scope="module")
def seal() -> Seal:
    return new_seal()


def sealed(message: bytes, seal: Seal) -> bytes:
    """PKCS#1 v1.5 (RFC 8017, 7.2.1)."""
    size = (seal.modulus.bit_length() + 7) // 8
    padding = bytes(secrets.randbelow(255) + 1 for _ in range(size - len(message) - 3))
    return pow(int.from_bytes(b"\0\2" + padding + b"\0" + message), 65537, seal.modulus).to_bytes(size)


def test_what_is_sealed_for_us_opens(seal: Seal) -> None:
    assert seal.modulus.bit_length() == 2048
    for message in (b'{"key":"k"}', b"", b"\0\0", b"x" * 245):
        assert seal.opened(sealed(message, seal)) == message


def test_what_is_not_does_not(seal: Seal) -> None:
    good = sealed(b"words", seal)
    other = new_seal()
    assert other.opened(good) != b"words" and other.modulus != seal.modulus
    for bad in (b"", good[:-1], good + b"\0", b"\xff" * 256, b"\0" * 256, bytes(256)):
        assert seal.opened(bad) is None


def test_the_secret_is_not_shown(seal: Seal) -> None:
    assert str(seal.secret) not in repr(seal)


def test_primes() -> None:
    assert [n for n in range(5, 60, 2) if _is_prime(n)] == [5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59]
    assert not any(map(_is_prime, (561, 1105, 1729, 41041, 825265, 2**127 - 3)))  # Carmichael numbers fool Fermat
    assert _is_prime(2**127 - 1)


def test_another_implementation_understands_the_public_key(seal: Seal) -> None:
    serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
    padding = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.padding")
    theirs = serialization.load_pem_public_key(seal.public.encode())
    assert theirs.public_numbers().n == seal.modulus
    assert seal.opened(theirs.encrypt(b'{"key":"k"}', padding.PKCS1v15())) == b'{"key":"k"}'


def test_the_public_key_is_pem(seal: Seal) -> None:
    lines = seal.public.strip().split("\n")
    assert (lines[0], lines[-1]) == ("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----")
    assert base64.b64decode("".join(lines[1:-1]))[:2] == b"\x30\x82" and max(map(len, lines)) == 64
