"""One prompt on the Today page: who, what, because, evidence; its actions when it is the chosen one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from relationdesk.derived import Evidence
from relationdesk.saying import counted
from relationdesk.services.agenda import Agenda, Entry
from relationdesk.services.coming_days import Coming
from relationdesk.text import after_because
from relationdesk.ui import when
from relationdesk.ui.chosen_row import ChosenRow
from relationdesk.ui.clickable import Clickable, EvidenceLine
from relationdesk.ui.frame import Flow, Icon
from relationdesk.ui.page import Context
from relationdesk.ui.prompt_words import ICONS, rule_sentence, to_answer
from relationdesk.ui.row_painter import Run
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.avatar import Avatar
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel, tooltip


def because(sentence: str) -> tuple[Run, ...]:
    """The sentence with its first word said loudly: "Because Joe asked …"."""
    word = tr("Because")
    tail = sentence
    if sentence.lower().startswith(word.lower()):
        tail = sentence[len(word) :].lstrip()
    return (Run(word, strong=True), Run(" " + after_because(tail)))


def what(entry: Entry) -> str:
    """What the prompt is, without the name that stands beside it: "A question in public"."""
    words = entry.prompt.title.removeprefix(entry.person.name).lstrip(" :")
    return words[:1].upper() + words[1:]


def tr(text: str) -> str:
    return QCoreApplication.translate("TodayRow", text)


def nobody(found: Agenda | None) -> tuple[str, str]:
    """Title and words where nothing is on Today: nobody waits, or it is quiet for now."""
    if found is None or not found.resting:
        return tr("Nobody waits for you"), tr("Look in on somebody you like?")
    return tr("Quiet until {time}").format(time=found.quiet_until), counted(found.resting, "{n:,} prompt waits at the side.", "{n:,} prompts wait at the side.")


class PromptRow(ChosenRow):
    """A reason to get in touch, with its actions while it is the chosen one."""

    evidence_opened = Signal(object)  # Evidence
    above_buttons = 6

    def __init__(self, context: Context, entry: Entry, parent: QWidget | None = None) -> None:
        look, person = context.look, entry.person
        super().__init__(context, entry.prompt.key, Avatar(look, person.name, person.id, size=40), gap=14, between=2, parent=parent)
        self.entry = entry
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self._spoken())
        self._column.addLayout(self._head())
        self._column.addLayout(self._what())
        self._column.addWidget(ParagraphLabel(look, because(entry.prompt.because), role="body"))
        self._add_evidence(entry.prompt.evidence[:1], with_age=False)
        self._rest: QWidget | None = None

    def select(self, on: bool) -> None:
        super().select(on)
        if self._rest is not None and not on:
            self._rest.hide()

    def show_why(self) -> None:
        """Open, or close again, everything the prompt rests on and the rule behind it."""
        if self._rest is None:
            self._rest = self._all_reasons()
            self._column.addWidget(self._rest)
        else:
            self._rest.setVisible(not self._rest.isVisible())

    def _spoken(self) -> str:
        person, prompt = self.entry.person, self.entry.prompt
        who = f"{person.name}, {person.company}" if person.company else person.name
        return f"{who}. {prompt.title}. {''.join(run.text for run in because(prompt.because))}"

    def _head(self) -> QHBoxLayout:
        look, person, now = self._look, self.entry.person, self._context.clock()
        row = QHBoxLayout()
        row.setSpacing(look.theme.px(8))
        work = ", ".join(part for part in (person.title, person.company) if part)
        name = ElidedLabel(look, (Run(person.name, strong=True), Run("  " + work, tone="text2")), role="body")
        newest = self.entry.prompt.evidence[0].published if self.entry.prompt.evidence else None
        age = PlainLabel(look, when.ago(newest, now), role="small", tone="text2", tabular=True)
        age.setToolTip(when.exact(newest))
        row.addWidget(name, 1)
        row.addWidget(age)
        return row

    def _what(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._look.theme.px(6))
        icon = Icon(self._look, ICONS.get(self.entry.prompt.rule, "sparkles"), "attn", size=16)
        row.addWidget(icon)
        title = (Run(what(self.entry), tone="attn", strong=True),)
        row.addWidget(ElidedLabel(self._look, title, role="body"), 1)
        return row

    def _add_evidence(self, evidence: Iterable[Evidence], into: QVBoxLayout | None = None, *, with_age: bool = True) -> None:
        for piece in evidence:
            line = EvidenceLine(self._context, piece, with_age=with_age)
            line.clicked.connect(lambda piece=piece: self.evidence_opened.emit(piece))
            (into or self._column).addWidget(line)

    def _fill_actions(self, flow: Flow) -> None:
        first = self.entry.person.name.split()[0] if self.entry.person.name.split() else self.entry.person.name
        actions = [
            (self.tr("Open {name}").format(name=first[:24]), "open"), (self.tr("Note"), "note"), (self.tr("Snooze"), "snooze"),
            (self.tr("Done"), "done"), (self.tr("Why now?"), "why"),
        ]  # fmt: skip
        if to_answer(self.entry.prompt) is not None:  # in place of the note, so that they stand in one line; its key works all the same
            actions = [(self.tr("Answer"), "reply"), *(one for one in actions if one[1] != "note")]
        for n, (text, action) in enumerate(actions):
            self._put_action(flow, text, action, "secondary" if n else "primary")

    def _all_reasons(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, self._look.theme.px(6), 0, 0)
        column.setSpacing(self._look.theme.px(2))
        text = rule_sentence(self.entry.prompt.rule)
        column.addWidget(ParagraphLabel(self._look, text, role="small", tone="text2"))
        self._add_evidence(self.entry.prompt.evidence[1:], column)
        return holder


class ComingRow(Clickable):
    """A follow-up or a meeting of the coming days: what, when, and with whom."""

    def __init__(self, look: Look, coming: Coming, now: datetime, parent: QWidget | None = None) -> None:
        words = coming.text if coming.mine else self.tr("They promised: {text}").format(text=coming.text)
        at = when.soon(coming.at, now, with_time=not coming.all_day)
        at = self.tr("late since {day}").format(day=at) if coming.late else at
        line = " · ".join(part for part in (at, coming.name) if part)
        super().__init__(look, f"{words}. {line}", parent=parent)
        self.setToolTip(tooltip(f"{words}\n{line}"))
        px = look.theme.px
        row = QHBoxLayout(self)
        row.setContentsMargins(0, px(6), 0, px(6))
        row.setSpacing(px(10))
        tone = "attn_mark" if coming.late else "text2"
        row.addWidget(Icon(look, "calendar-clock" if coming.meeting is not None else "alarm-clock", tone), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(px(1))
        column.addWidget(ParagraphLabel(look, words, role="strong", max_lines=2))
        column.addWidget(ElidedLabel(look, line, role="small", tone="attn" if coming.late else "text2"))
        row.addLayout(column, 1)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class HeldRow(Clickable):
    """Somebody who is held back, and the sentence why. `again`: what the user said to it is to be taken back."""

    again = Signal()

    def __init__(self, look: Look, entry: Entry, parent: QWidget | None = None) -> None:
        why = entry.prompt.why_not
        super().__init__(look, f"{entry.prompt.title}. {why}", parent=parent)
        self.entry = entry
        px = look.theme.px
        row = QHBoxLayout(self)
        row.setContentsMargins(0, px(6), 0, px(6))
        row.setSpacing(px(10))
        row.addWidget(Avatar(look, entry.person.name, entry.person.id, size=28), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(px(1))
        column.addWidget(ElidedLabel(look, entry.person.name, role="strong"))
        column.addWidget(ParagraphLabel(look, what(entry), role="small", max_lines=2))
        column.addWidget(ParagraphLabel(look, why, role="small", tone="text2"))
        row.addLayout(column, 1)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if entry.answer:
            name = self.tr("Ask again about {name}").format(name=entry.person.name)
            button = Button(look, icon="undo-2", style="quiet", compact=True, name=name)
            button.setObjectName("again")
            button.clicked.connect(self.again)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)


def off_row(look: Look, rule: str, switch_on: Callable[[], object]) -> QWidget:
    """A rule that is switched off for everybody, and the way back."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(look.theme.px(10))
    words = rule_sentence(rule)
    row.addWidget(ParagraphLabel(look, words, role="small", tone="text2"), 1)
    name = QCoreApplication.translate("TodayRow", "Switch on again: {rule}").format(rule=words)
    button = Button(look, icon="undo-2", style="quiet", compact=True, name=name)
    button.setObjectName("switch_on")
    button.clicked.connect(lambda _=False: switch_on())
    row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
    return holder


class WeekChart(QWidget):
    """What was done and what was put off on the last seven days, as bars; the numbers are its accessible text."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._days: tuple[tuple[str, int, int], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    def set_days(self, days: Iterable[tuple[str, int, int]]) -> None:
        """(short name of the day, done, put off), oldest first."""
        self._days = tuple(days)
        words = self.tr("{day}: {done} done, {later} put off")
        spoken = "; ".join(words.format(day=day, done=done, later=later) for day, done, later in self._days)
        self.setAccessibleName(spoken)
        self.setToolTip(spoken.replace("; ", "\n"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 80 + self._look.theme.px(22))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._days:
            return
        theme, painter = self._look.theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room, step = self.height() - theme.px(22), self.width() / len(self._days)
        most = max(1, *(done + later for _, done, later in self._days))
        painter.fillRect(QRectF(0, room, self.width(), 1), theme.colour("border"))
        painter.setFont(theme.font("caption"))
        for n, (name, done, later) in enumerate(self._days):
            left = (len(self._days) - 1 - n if self.isRightToLeft() else n) * step
            wide, floor = min(step * 0.66, 36.0), float(room)
            for count, token in ((done, "them"), (later, "you")):
                if count:
                    tall = max(4.0, (room - 8) * count / most)
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(theme.colour(token))
                    painter.drawRoundedRect(QRectF(left + (step - wide) / 2, floor - tall, wide, tall), 2, 2)
                    floor -= tall + 2
            painter.setPen(theme.colour("text2"))
            painter.drawText(QRectF(left, room, step, theme.px(22)), Qt.AlignmentFlag.AlignCenter, name)
