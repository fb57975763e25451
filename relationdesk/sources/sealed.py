"""A message that only we can open: a place seals a key for us by RSA (PKCS#1 v1.5), its page shows it, and the user pastes it here.

The pair of keys lives minutes and never leaves this program. That a message without a right seal opens to nonsense is the library's
answer to whoever tries many; what was opened is therefore checked by whoever wanted it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_BITS = 2048


@dataclass(frozen=True, slots=True)
class Seal:
    """A pair of keys. public: what the other side seals with, as PEM (SubjectPublicKeyInfo)."""

    _key: RSAPrivateKey = field(repr=False)

    @property
    def public(self) -> str:
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def opened(self, sealed: bytes) -> bytes | None:
        """What was sealed for us; None or nonsense for anything else."""
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

        try:
            return self._key.decrypt(sealed, PKCS1v15())
        except ValueError:
            return None


def new_seal() -> Seal:
    """A new pair; takes a fraction of a second."""
    from cryptography.hazmat.primitives.asymmetric import rsa  # 50 ms that only who makes such a key pays for

    return Seal(rsa.generate_private_key(public_exponent=65537, key_size=_BITS))
