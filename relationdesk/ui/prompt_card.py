"""A reason to get in touch, on the person's own page: what, because, what it rests on, the way there, and the answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from relationdesk.derived import Prompt
from relationdesk.text import after_because
from relationdesk.ui.clickable import EvidenceLine
from relationdesk.ui.frame import Flow, Icon, hint
from relationdesk.ui.page import Context
from relationdesk.ui.prompt_words import ICONS, add_other_ways, to_answer
from relationdesk.ui.row_painter import Run
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card
from relationdesk.ui.widgets.label import ParagraphLabel

SNOOZES = (1, 3, 7)


class PromptCard(Card):
    """`answered(Prompt, how, until)`: how as in services.agenda.answer. `shown(Key)`: look at what it rests on.
    `opened(Key)`: go there, and to the original where there is one. `replied(Key)`: say something to it."""

    answered = Signal(object, str, object)
    shown = Signal(object)
    opened = Signal(object)
    replied = Signal(object)

    def __init__(self, context: Context, prompt: Prompt, number: str = "", parent: QWidget | None = None) -> None:
        """number: "1 of 2", or ""."""
        look = context.look
        super().__init__(look, "sunken" if prompt.why_not else "attn", padding=14, parent=parent)
        self.prompt, self._context = prompt, context
        title = prompt.title.split(": ", 1)[-1]
        head = QHBoxLayout()
        head.setSpacing(look.theme.px(8))
        tone = "text2" if prompt.why_not else "attn_mark"
        head.addWidget(Icon(look, ICONS.get(prompt.rule, "sparkles"), tone), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(ParagraphLabel(look, title[:1].upper() + title[1:], role="h3", max_lines=3), 1)
        if number:
            head.addWidget(ParagraphLabel(look, number, role="caption", tone="text2", max_lines=1))
        self.body.addLayout(head)
        because = self.tr("Because")
        rest = prompt.because[len(because) :].lstrip() if prompt.because.startswith(because) else prompt.because
        self.body.addWidget(ParagraphLabel(look, [Run(because, strong=True), Run(" " + after_because(rest), "text2")], role="body"))
        for piece in prompt.evidence[:2]:
            line = EvidenceLine(context, piece)
            line.clicked.connect(partial(self.shown.emit, piece.activity))
            self.body.addWidget(line)
        if prompt.why_not:
            self.body.addWidget(ParagraphLabel(look, self.tr("Held back: {why}").format(why=prompt.why_not), role="small", tone="text2"))
        else:
            self._add_buttons()
        self.setAccessibleName(f"{title}. {prompt.because}")

    def _add_buttons(self) -> None:
        look, row = self._context.look, QWidget()
        flow = Flow(look, gap=6)
        row.setLayout(flow)
        first = next((piece.activity for piece in self.prompt.evidence if piece.activity is not None), None)
        words = to_answer(self.prompt)
        self.reply = Button(look, self.tr("Answer"), style="primary", icon="reply", key=hint("reply"), compact=True)
        self.reply.clicked.connect(lambda: self.replied.emit(words))
        self.open = Button(look, self.tr("Open"), style="primary" if words is None else "secondary", key=hint("open_original"), compact=True)
        self.open.clicked.connect(lambda: self.opened.emit(first))
        style = "secondary" if first is not None else "primary"
        self.done = Button(look, self.tr("Done"), style=style, key=hint("done"), compact=True)
        self.done.clicked.connect(lambda: self.answered.emit(self.prompt, "done", None))
        self.snooze = Button(look, icon="alarm-clock", name=self.tr("Snooze"), key=hint("snooze"), compact=True)
        self.snooze.clicked.connect(self._open_menu)
        self.never = Button(look, icon="x", compact=True, name=self.tr("Never such a prompt for this person"))
        self.never.clicked.connect(lambda: self.answered.emit(self.prompt, "never", None))
        for button in (self.reply, self.open, self.done, self.snooze, self.never):
            flow.addWidget(button)
        self.reply.setVisible(words is not None)
        self.open.setVisible(first is not None)
        self.body.addWidget(row)

    def snooze_menu(self) -> QMenu:
        menu, now = QMenu(self), self._context.clock()
        menu.aboutToHide.connect(menu.deleteLater)
        for days in SNOOZES:
            words = self.tr("Tomorrow") if days == 1 else self.tr("In {n} days").format(n=days)
            menu.addAction(words).triggered.connect(partial(self._put_off, now + timedelta(days=days)))
        add_other_ways(menu, self.prompt, self._context.clock(), lambda how, until: self.answered.emit(self.prompt, how, until))
        return menu

    def _open_menu(self) -> None:
        self.snooze_menu().popup(self.snooze.mapToGlobal(QPoint(0, self.snooze.height() + 4)))

    def _put_off(self, until: datetime, *_: object) -> None:
        self.answered.emit(self.prompt, "later", until)
