"""How often something was there before, in eight bytes each: two million messages cost 32 MiB, not a gigabyte.

For formats without ids: the second of two equal records must get a key of its own, and the same one at every import.
"""

from __future__ import annotations

import hashlib
from array import array


class Seen:
    """Counts texts by a 64-bit digest. One false repeat among two million texts has a chance of one in ten million."""

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * 1024))
        self._used = 0
        self._repeats: dict[int, int] = {}

    def count(self, text: str) -> int:
        """How often this text has been counted, now included: 1 for a new one."""
        digest = int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big") or 1
        if self._put(self._slots, digest):
            self._used += 1
            if self._used * 2 > len(self._slots):
                self._grow()
            return 1
        self._repeats[digest] = self._repeats.get(digest, 1) + 1
        return self._repeats[digest]

    @staticmethod
    def _put(slots: array[int], digest: int) -> bool:
        mask = len(slots) - 1
        place = digest & mask
        while slots[place]:
            if slots[place] == digest:
                return False
            place = (place + 1) & mask
        slots[place] = digest
        return True

    def _grow(self) -> None:
        larger = array("Q", bytes(8 * len(self._slots) * 2))
        for digest in self._slots:
            if digest:
                self._put(larger, digest)
        self._slots = larger
