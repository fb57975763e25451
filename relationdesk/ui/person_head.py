"""The top of a person's page: who it is, where they work, in which buckets they are."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from relationdesk.services.review import Review
from relationdesk.ui.step_words import tr_step
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.avatar import Avatar
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import ElidedLabel, tooltip
from relationdesk.ui.widgets.pill import Pill, pill_size
from relationdesk.ui.widgets.switch import Switch

MOST_PILLS = 2


class PersonHead(QWidget):
    """`place_wanted`, `company_wanted(id)`, `side_wanted(bool)`, `menu_wanted(QWidget)`."""

    place_wanted = Signal()
    company_wanted = Signal(int)
    side_wanted = Signal(bool)
    menu_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._company: int | None = None
        self._company_name = ""
        self._avatar = Avatar(look, size=48)
        policy = self._avatar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._avatar.setSizePolicy(policy)
        self.name = ElidedLabel(look, role="title")
        self.name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._labels: list[tuple[str, str, str]] = []
        self._because: dict[str, str] = {}
        self._pills = [Pill(look, icon="star") for _ in range(MOST_PILLS)]
        self._below = [Pill(look, icon="star") for _ in range(MOST_PILLS)]
        self._rest = Pill(look, tone="neutral")
        self._role = ElidedLabel(look, role="body", tone="text2")
        self._role.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.company = Button(look, style="link", compact=True)
        self.company.clicked.connect(lambda: self._company is not None and self.company_wanted.emit(self._company))
        self.switch = Switch(
            look, [("person", self.tr("Person"), "square-user-round"), ("place", self.tr("Place"), "layers")], name=self.tr("View")
        )
        self.switch.chosen.connect(self._on_switch)
        self.side = Button(look, icon="panel-right", style="quiet", name=self.tr("About this person"))
        self.side.setCheckable(True)
        self.side.toggled.connect(self.side_wanted)
        self.side.hide()
        self.menu_button = Button(look, icon="ellipsis", style="quiet", name=self.tr("More"))
        self.menu_button.clicked.connect(lambda: self.menu_wanted.emit(self.menu_button))
        self._lay_out()
        self.clear()
        look.changed.connect(self._measure)

    def _lay_out(self) -> None:
        self._first, self._second = QHBoxLayout(), QHBoxLayout()
        self._first.addWidget(self.name)
        for pill in (*self._pills, *self._below, self._rest):
            pill.hide()
        for pill in self._pills:
            self._first.addWidget(pill)
        self._first.addStretch(1)
        for button in (self.switch, self.side, self.menu_button):
            self._first.addWidget(button)
        self._second.addWidget(self._role)
        for widget in (self.company, *self._below, self._rest):
            self._second.addWidget(widget)
        self._second.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(1)
        column.addLayout(self._first)
        column.addLayout(self._second)
        column.addStretch(1)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addLayout(column, 1)
        self._measure()

    def _measure(self) -> None:
        px = self._look.theme.px
        self._row.setContentsMargins(px(24), px(14), px(20), px(8))
        self._row.setSpacing(px(10))
        self.setMinimumWidth(px(220))
        self.company.ensurePolished()
        company = max(self.company.sizeHint().height(), self.company.minimumHeight())
        two_lines = self.switch.sizeHint().height() + 1 + company
        self.setMinimumHeight(px(14) + two_lines + px(8))  # the same for everybody: what is below never moves
        self._first.setSpacing(px(8))
        self._second.setSpacing(px(2))

    def _on_switch(self, which: str) -> None:
        self.switch.set_value("person")
        if which == "place":
            self.place_wanted.emit()

    def clear(self) -> None:
        """Nobody is shown yet."""
        self._avatar.set_person("", None)
        self._labels, self._company, self._company_name = [], None, ""
        for label in (self.name, self._role):
            label.set_runs("")
        for widget in (self._avatar, self.company):
            widget.hide()
        self._fit()

    def show_review(self, review: Review) -> None:
        person = review.person
        self._avatar.show()
        self._avatar.set_person(person.name, person.id)
        self.name.set_runs(person.name)
        waiting = self.side.isVisible() and any(not prompt.why_not for prompt in review.prompts)
        self._labels = [(bucket.name, "accent", "star") for bucket in review.buckets]
        self._ladder(review)
        if waiting:
            self._labels.insert(0, (self.tr("Waits for you"), "attn", "clock"))
        self._company, self._company_name = person.company_id, person.company
        self._role.set_runs(" · ".join(part for part in (self.tr("You") if person.is_me else "", person.title) if part))
        self._role.setVisible(bool(self._role.text()))
        self.company.setVisible(bool(person.company))
        self._fit()

    def _ladder(self, review: Review) -> None:
        """The step somebody stands on comes first; one that fits better stands behind it, its reason on the card and here on hover."""
        found = review.relationship
        if found is None or (found.step is None and found.suggested is None):
            return
        step = tr_step(found.step) if found.step else ""
        better = self.tr("{step}?").format(step=tr_step(found.suggested.step)) if found.suggested else ""
        self._labels.insert(0, (" → ".join(filter(None, (step, better))), "accent", "trending-up"))
        self._because = {self._labels[0][0]: found.suggested.because} if found.suggested else {}

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The name goes before the pills and the words of the switch: they are shown only where it has room."""
        px, gap = self._look.theme.px, self._look.theme.px(8)
        inside = self.width() - self._avatar.sizeHint().width() - px(54)
        room = inside - self.menu_button.sizeHint().width() - gap
        room -= self.side.sizeHint().width() + gap if not self.side.isHidden() else 0
        self.switch.set_bare(False)
        self.switch.set_bare(room - self.switch.sizeHint().width() - gap < px(190))
        self.switch.setVisible(room - self.switch.sizeHint().width() - gap >= px(80))
        room -= self.switch.sizeHint().width() + gap if not self.switch.isHidden() else 0
        wanted = self.name.sizeHint().width()
        self.name.setMinimumWidth(max(px(40), min(wanted, room)))
        metrics = QFontMetricsF(self._look.theme.font("strong"))
        beside = 0 if self._role.isHidden() else min(self._role.sizeHint().width(), inside * 2 // 5)
        shown = metrics.elidedText(self._company_name, Qt.TextElideMode.ElideRight, max(px(60), inside - beside - px(60)))
        self.company.set_content(shown, icon="building-2", name=self._company_name)
        company = 0 if self.company.isHidden() else self.company.sizeHint().width() + gap
        self._show_pills(room - wanted, inside - beside - company - gap)

    def _show_pills(self, room: int, below: int) -> None:
        """Beside the name as many as fit, then beside the company; how many there are besides stands behind them."""
        more = pill_size(self._look.theme, "+9").width() + self._look.theme.px(8)
        shown = self._fill(self._pills, self._labels, room, shorten=True)
        rest = self._labels[shown:]
        wide = self._fill(self._below, rest, below)
        shown += wide if wide == len(rest) else self._fill(self._below, rest, below - more)
        names = [text for text, _, _ in self._labels[shown:]]
        self._rest.set_pill(f"+{len(names)}" if names and below >= more else "", tone="neutral")
        self._rest.setToolTip(tooltip(", ".join(names)))
        self._rest.setAccessibleName(", ".join(names))

    def _fill(self, pills: list[Pill], labels: list[tuple[str, str, str]], room: int, *, shorten: bool = False) -> int:
        """How many of the labels these pills show in this room. shorten: the first rather shortened than not at all."""
        theme, shown = self._look.theme, 0
        for pill in pills:
            whole, tone, icon = labels[shown] if shown < len(labels) else ("", "accent", "")
            text = self._shortened(whole, icon, room - theme.px(8)) if shorten and not shown else whole
            room -= pill_size(theme, text, icon).width() + theme.px(8)
            pill.set_pill(text if room >= 0 else "", tone=tone, icon=icon)
            pill.setToolTip(tooltip("\n".join(filter(None, (whole if text != whole else "", self._because.get(whole, ""))))))
            pill.setAccessibleDescription(self._because.get(whole, ""))
            shown += bool(text) and room >= 0
        return shown

    def _shortened(self, text: str, icon: str, room: int) -> str:
        """As much of a pill's text as has room, but not less than a few letters of it."""
        theme = self._look.theme
        if not text or room < theme.px(84):
            return text
        inside = room - pill_size(theme, "", icon).width()
        return QFontMetricsF(theme.font("caption_strong", tabular=True)).elidedText(text, Qt.TextElideMode.ElideRight, inside)

    def set_folded(self, folded: bool) -> None:
        """The card does not fit beside the page: the button for it comes."""
        self.side.setVisible(folded)
        self.side.setChecked(False)
        self._fit()
