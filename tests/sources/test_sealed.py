"""What a place seals for us opens, and nothing else does."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from relationdesk.sources.sealed import Seal, new_seal


@pytest.fixture(scope="module")
def seal() -> Seal:
    return new_seal()


def sealed(message: bytes, seal: Seal) -> bytes:
    """As the place does it, which knows nothing but the public key."""
    key = load_pem_public_key(seal.public.encode())
    assert isinstance(key, RSAPublicKey) and key.key_size == 2048
    return key.encrypt(message, PKCS1v15())


def test_what_is_sealed_for_us_opens(seal: Seal) -> None:
    for message in (b'{"key":"k"}', b"", b"\0\0", b"x" * 245):
        assert seal.opened(sealed(message, seal)) == message


def test_what_is_not_does_not(seal: Seal) -> None:
    good = sealed(b"words", seal)
    assert new_seal().opened(good) != b"words"
    for bad in (b"", good[:-1], good + b"\0", b"\xff" * 256, b"\0" * 256, bytes(256)):
        assert seal.opened(bad) != b"words"


def test_the_secret_is_not_shown(seal: Seal) -> None:
    assert repr(seal) == "Seal()"
    assert seal.public.startswith("-----BEGIN PUBLIC KEY-----\n")
