"""Where the user has been: a bounded stack of targets, so that Esc leads back to the same item and scroll."""

from __future__ import annotations

from relationdesk.ui.page import Target

LONGEST = 100


class History:
    """`push` what is left, `pop` where to go back to."""

    def __init__(self) -> None:
        self._past: list[Target] = []

    def push(self, target: Target) -> None:
        """Remember a place; the same one twice in a row is one."""
        if not self._past or self._past[-1] != target:
            self._past = [*self._past[-LONGEST + 1 :], target]

    def pop(self) -> Target | None:
        return self._past.pop() if self._past else None

    def leads_back(self, target: Target) -> bool:
        """Whether this is the flip of an item that was flipped to its person in a stream: then it leads back there, not on to its place."""
        last = self._past[-1] if self._past else None
        return last is not None and last.page == "stream" and target.page == "place" and target.at is not None and last.chosen and last.at == target.at

    def __len__(self) -> int:
        return len(self._past)
