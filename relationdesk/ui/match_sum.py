"""The evidence of *Who is this?* opened to its parts: what each piece counts, where that comes from, and what it adds up to."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.flip import weights
from relationdesk.flip.matching import START, Candidate
from relationdesk.flip.reason import Reason
from relationdesk.flip.weights import CERTAIN
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel


def _tr(text: str) -> str:
    return QCoreApplication.translate("Match", text)


def signed(bits: float) -> str:
    """ "+5.0", "−2.1", in the locale's own digits."""
    return f"{'−' if bits < 0 else '+'}{QLocale().toString(abs(bits), 'f', 1)}"


def origin(reason: Reason) -> str:
    """Where it comes from what a reason counts, in words."""
    row = weights.row(reason.row)
    if row.origin == "vouched":
        return _tr("a place vouches for it")
    if row.origin == "learned" and row.same is not None and row.two is not None:
        one, two = (QLocale().toString(100 * share, "f", 1) for share in (row.same, row.two))
        return _tr("learned: {one} % of the pairs of one human show it, {two} % of those of two").format(one=one, two=two)
    return _tr("learned") if row.origin == "learned" else _tr("set by hand")


def parts(candidate: Candidate) -> Iterator[tuple[str, str, str]]:
    """(what, how much, where from), first where it begins, then each reason, strongest first, at last what it adds up to."""
    yield _tr("To begin with"), signed(START), _tr("of five who are compared at all, one is the same")
    for reason in candidate.reasons:
        if reason.row:
            words = reason.words[:1].upper() + reason.words[1:]
            yield words, _tr("settles it") if reason.weight >= CERTAIN else signed(reason.weight), origin(reason)
    if not any(reason.weight >= CERTAIN for reason in candidate.reasons):
        yield _tr("Together"), signed(START + candidate.weight), _tr("each +1 doubles the odds that it is one human, each −1 halves them")


class SumUp(QWidget):
    """A button that opens the sum, and closes it again."""

    def __init__(self, look: Look, candidate: Candidate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._candidate = look, candidate
        self._sum: QWidget | None = None
        self.button = Button(look, _tr("How it adds up"), style="quiet", icon="chevron-down", compact=True)
        self.button.clicked.connect(self.toggle)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(look.theme.px(4))
        self._column.addLayout(row)

    def toggle(self) -> None:
        if self._sum is None:
            self._sum = self._made()
            self._column.addWidget(self._sum)
        else:
            self._sum.setVisible(self._sum.isHidden())
        shown = not self._sum.isHidden()
        self.button.set_content(_tr("Less") if shown else _tr("How it adds up"), icon="chevron-up" if shown else "chevron-down")

    def _made(self) -> QWidget:
        look, holder = self._look, QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look.theme.px(12))
        grid.setVerticalSpacing(look.theme.px(6))
        for n, (what, much, where) in enumerate(parts(self._candidate)):
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(ParagraphLabel(look, what, role="small_strong"))
            words.addWidget(ParagraphLabel(look, where, role="small", tone="text2"))
            grid.addLayout(words, n, 0)
            grid.addWidget(PlainLabel(look, much, role="small_strong", tabular=True), n, 1)
        grid.setColumnStretch(0, 1)
        return holder
