"""A reason to get in touch, on the person's own page: what, because, what it rests on, the way there, and the answers."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from relationdesk.derived import Prompt
from relationdesk.text import after_because
from relationdesk.ui.card_parts import card_head
from relationdesk.ui.clickable import EvidenceLine
from relationdesk.ui.frame import Flow, hint
from relationdesk.ui.page import Context
from relationdesk.ui.prompt_words import ICONS, to_answer
from relationdesk.ui.row_painter import Run
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card
from relationdesk.ui.widgets.label import ParagraphLabel


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
        tone, icon = "text2" if prompt.why_not else "attn_mark", ICONS.get(prompt.rule, "sparkles")
        self.body.addLayout(card_head(look, icon, title[:1].upper() + title[1:], tone=tone, number=number))
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
        self.reply = Button(look, self.tr("Answer"), style="primary", key=hint("reply"), compact=True)
        self.reply.clicked.connect(lambda: self.replied.emit(words))
        self.open = Button(look, self.tr("Open"), style="primary" if words is None else "secondary", key=hint("open_original"), compact=True)
        self.open.clicked.connect(lambda: self.opened.emit(first))
        if first is None:  # the only thing to do
            self.done = Button(look, self.tr("Done"), style="primary", key=hint("done"), compact=True)
        else:
            self.done = Button(look, icon="check", name=self.tr("Done"), key=hint("done"), compact=True)
        self.done.clicked.connect(lambda: self.answered.emit(self.prompt, "done", None))
        self.snooze = Button(look, icon="alarm-clock", name=self.tr("Snooze"), key=hint("snooze"), compact=True)
        self.snooze.clicked.connect(self._open_menu)
        for button in (self.reply, self.open, *((self.done, self.snooze) if first is None else (self.snooze, self.done))):
            flow.addWidget(button)
        self.reply.setVisible(words is not None)
        self.open.setVisible(first is not None)
        self.body.addWidget(row)

    def _open_menu(self) -> None:
        from relationdesk.ui.snooze_menu import snooze_menu  # with a calendar: not before the first picture

        menu = snooze_menu(self, self.prompt, self._context.clock(), lambda how, until: self.answered.emit(self.prompt, how, until))
        menu.popup(self.snooze.mapToGlobal(QPoint(0, self.snooze.height() + 4)))
