"""A message that only we can open: a place seals a key for us by RSA (PKCS#1 v1.5), its page shows it, and the user pastes it here.

The standard library has no RSA, and one short message, made for a pair of numbers that lives minutes and never leaves this program, is
no reason for a library of megabytes on every computer. Nothing here is for sealing, signing, or for answers that come over the network.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field

_BITS = 2048
_EXPONENT = 65537
_ROUNDS = 32
"""Of Miller and Rabin; a number that is none gets through with less than one in 2^64, and for random ones far less."""
_SMALL = [n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2))]
_RSA = bytes.fromhex("300d06092a864886f70d0101010500")
"""AlgorithmIdentifier of rsaEncryption (RFC 3279)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A pair of keys. public: what the other side seals with, as PEM (SubjectPublicKeyInfo)."""

    modulus: int
    secret: int = field(repr=False)

    @property
    def public(self) -> str:
        inner = _der(0x30, _integer(self.modulus) + _integer(_EXPONENT))
        text = base64.b64encode(_der(0x30, _RSA + _der(0x03, b"\0" + inner))).decode()
        lines = "\n".join(text[i : i + 64] for i in range(0, len(text), 64))
        return f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----\n"

    def opened(self, sealed: bytes) -> bytes | None:
        """What was sealed for us; None for anything else."""
        size = (self.modulus.bit_length() + 7) // 8
        number = int.from_bytes(sealed)
        if len(sealed) != size or number >= self.modulus:
            return None
        plain = pow(number, self.secret, self.modulus).to_bytes(size)
        end = plain.find(b"\0", 2)
        return plain[end + 1 :] if plain[:2] == b"\0\2" and end >= 10 else None


def new_seal() -> Seal:
    """A new pair; takes a second or two."""
    while True:
        p, q = _prime(), _prime()
        if p != q and (p - 1) % _EXPONENT and (q - 1) % _EXPONENT:
            return Seal(modulus=p * q, secret=pow(_EXPONENT, -1, (p - 1) * (q - 1)))


def _prime() -> int:
    """A prime of half the bits; its two highest are set, so that the product of two has all of them."""
    half = _BITS // 2
    while True:
        number = secrets.randbits(half) | (3 << (half - 2)) | 1
        if all(number % small for small in _SMALL) and _is_prime(number):
            return number


def _is_prime(number: int) -> bool:
    """Miller and Rabin."""
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(_ROUNDS):
        x = pow(secrets.randbelow(number - 3) + 2, odd, number)
        if x in (1, number - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % number
            if x == number - 1:
                break
        else:
            return False
    return True


def _der(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 128:
        return bytes([tag, length]) + content
    size = (length.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + length.to_bytes(size) + content


def _integer(number: int) -> bytes:
    return _der(0x02, number.to_bytes(number.bit_length() // 8 + 1))
