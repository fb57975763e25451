"""The block *Relationship* of a person's card: rhythm and last contact, who begins, what they asked for, what is to be followed up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from relationdesk.saying import counted
from relationdesk.services.relationship import Relationship
from relationdesk.services.review import Review
from relationdesk.services.wishes import in_words
from relationdesk.text import given_name, one_line, place_name
from relationdesk.ui import when
from relationdesk.ui.card_parts import fact_line, leading, part_title
from relationdesk.ui.follow_up_words import comes_again
from relationdesk.ui.frame import Icon
from relationdesk.ui.page import Context
from relationdesk.ui.row_painter import Run
from relationdesk.ui.step_words import tr_step
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, tooltip
from relationdesk.ui.widgets.meter import Meter
from relationdesk.ui.words import QT_TRANSLATE_NOOP
from relationdesk.wishes import Task

MOST_TASKS = 5


def tr(text: str) -> str:
    return QCoreApplication.translate("Relationship", text)


_PARTS = {
    "mornings": QT_TRANSLATE_NOOP("Relationship", "mornings"), "afternoons": QT_TRANSLATE_NOOP("Relationship", "afternoons"),
    "evenings": QT_TRANSLATE_NOOP("Relationship", "evenings"), "nights": QT_TRANSLATE_NOOP("Relationship", "nights"),
}  # fmt: skip


class RelationshipBlock(QWidget):
    """`edit`: change rhythm and wishes; `follow_up(Task or None)`: a new one, or that one; `ticked(Task)`; `stepped(Step)`; `logged`: note a contact."""

    edit = Signal()
    follow_up = Signal(object)
    ticked = Signal(object)
    stepped = Signal(object)
    logged = Signal()

    def __init__(self, context: Context, review: Review, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._look, self._review = context, context.look, review
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        found = review.relationship or Relationship()
        name = one_line(given_name(review.person.name), 24)
        change = Button(self._look, tr("Edit"), style="link", compact=True, name=tr("Edit rhythm and wishes of {name}").format(name=name))
        change.clicked.connect(self.edit)
        self._column.addWidget(part_title(self._look, tr("Relationship"), change))
        parts = (self._rhythm(found), self._touches(found, name), self._habits(found, name), self._ladder(found), self._wishes(found), self._tasks(found))
        for part in parts:
            for widget in part:
                self._column.addWidget(widget)

    def _rhythm(self, found: Relationship) -> Iterable[QWidget]:
        """What is wished, how far it is, and by when."""
        if found.wanted is None or found.every_days is None:
            if self._review.usual_days is not None:
                usual = tr("The pause between two signs of theirs that was usual in the last year.")
                yield fact_line(self._look, tr("Their rhythm"), often(self._review.usual_days), usual)
            return
        today = self._context.clock().astimezone().date()
        of = tr("As {bucket} wishes.").format(bucket=found.wanted.of) if found.wanted.of else tr("Set for this person.")
        every = often(found.every_days)
        if found.due is None:
            yield fact_line(self._look, tr("Rhythm"), tr("{every}, not yet in touch").format(every=every), of)
            return
        gone = found.every_days - (found.due - today).days
        late = today > found.due
        days = counted((today - found.due).days, "{n:,} day", "{n:,} days")
        state = tr("{every}, {days} over").format(every=every, days=days) if late else tr("{every}, on track").format(every=every)
        yield fact_line(self._look, tr("Rhythm"), state, of, "attn" if late else "text1")
        yield Meter(self._look, gone / found.every_days, late=late, words=f"{tr('Rhythm')}: {state}")
        holder, px = QWidget(), self._look.theme.px
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, px(4), 0, px(2))
        row.addWidget(ElidedLabel(self._look, tr("Last contact {when}").format(when=_day(found.contact.last, today)), role="caption", tone="text2"), 1)
        next_by = ElidedLabel(self._look, tr("next by {day}").format(day=when.short_day(found.due, self._context.clock().astimezone().date())), role="caption", tone="text2")
        next_by.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        row.addWidget(next_by)
        yield holder

    def _touches(self, found: Relationship, name: str) -> Iterable[QWidget]:
        now = self._context.clock()
        for label, at in ((tr("Last from {name} to you").format(name=name), found.contact.theirs), (tr("Last from you"), found.contact.mine),
                          (tr("Last spoken"), found.contact.spoken)):  # fmt: skip
            if at is not None or label != tr("Last spoken"):
                yield fact_line(self._look, label, when.long_ago(at, now) if at else tr("never"), when.exact(at) if at else "")
        log = Button(self._look, tr("Log a contact"), style="quiet", icon="phone", compact=True, elide=True)
        log.clicked.connect(self.logged)
        yield leading(log)

    def _habits(self, found: Relationship, name: str) -> Iterable[QWidget]:
        theirs, mine = found.begins
        if theirs + mine:
            share = round(100 * theirs / (theirs + mine))
            exact = tr("Of {n} conversations of the last year; one begins after three days of silence.").format(n=theirs + mine)
            yield fact_line(self._look, tr("Who starts it"), tr("{name} {n}%, you {m}%").format(name=name, n=share, m=100 - share), exact)
        if found.recommended:
            yield fact_line(self._look, tr("Recommended you"), counted(found.recommended, "{n:,} time", "{n:,} times"))
        place, part = found.best
        if place:
            value = f"{place_name(place)}, {tr(_PARTS[part])}" if part else place_name(place)
            yield fact_line(self._look, tr("Best reached"), value, tr("Where most of their words to you came in the last year."))

    def _ladder(self, found: Relationship) -> Iterable[QWidget]:
        if found.step is not None:
            yield fact_line(self._look, tr("Step"), tr_step(found.step))
        if found.suggested is not None:
            step = tr_step(found.suggested.step)
            yield ParagraphLabel(self._look, found.suggested.because, role="small", tone="text2")
            up = Button(self._look, tr("Move up to {step}").format(step=step), style="quiet", icon="trending-up", compact=True, elide=True)
            up.setObjectName("step_up")
            up.clicked.connect(lambda: self.stepped.emit(found.suggested.step if found.suggested else None))
            yield leading(up)

    def _wishes(self, found: Relationship) -> Iterable[QWidget]:
        """The one that holds: what it binds to, and below it the words it is known from."""
        if not found.wishes:
            return
        wish, look = found.wishes[0], self._look
        said = in_words(wish)
        yield part_title(self._look, tr("Asked not to be contacted") if wish.opted_out else tr("What they asked for"))
        if wish.opted_out or wish.places or wish.every_days or wish.not_until or not wish.source:
            yield ParagraphLabel(look, [Run(said[:1].upper() + said[1:], strong=True)], role="body", tone="danger" if wish.opted_out else "text1")
        if wish.source:
            yield ParagraphLabel(look, wish.source, role="small", tone="text2")

    def _tasks(self, found: Relationship) -> Iterable[QWidget]:
        add = Button(self._look, tr("Add"), style="link", compact=True, name=tr("Add a follow-up"))
        add.clicked.connect(lambda: self.follow_up.emit(None))
        yield part_title(self._look, tr("Follow-ups"), add)
        yield from task_rows(self._context, found.tasks[:MOST_TASKS], self)
        if len(found.tasks) > MOST_TASKS:
            yield ElidedLabel(self._look, tr("and {n} later").format(n=len(found.tasks) - MOST_TASKS), role="small", tone="text2")
        if not found.tasks:
            yield ParagraphLabel(self._look, tr("Nothing is promised. Write “>me send the sheet fri” in a note, or add it here."), role="small", tone="text2")


def task_rows(context: Context, tasks: Iterable[Task], to: RelationshipBlock | CompanyTasks) -> Iterable[QWidget]:
    """A box to tick, the words as a button that changes it, and the day."""
    look, today = context.look, context.clock().astimezone().date()
    for task in tasks:
        holder, px = QWidget(), look.theme.px
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(6))
        box = QCheckBox()
        box.setAccessibleName(tr("Done: {text}").format(text=task.text))
        box.setToolTip(tooltip(tr("Done")))
        box.setEnabled(context.tasks.looked is None)
        box.clicked.connect(lambda _=False, t=task: to.ticked.emit(t))
        said, again = task.text if task.mine else tr("They: {text}").format(text=task.text), comes_again(task)
        text = Button(look, said, style="quiet", compact=True, elide=True, name=tr("Change follow-up: {text}").format(text=" · ".join(filter(None, (said, again)))))
        text.setToolTip(tooltip(said))
        text.clicked.connect(partial(to.follow_up.emit, task))
        row.addWidget(box)
        row.addWidget(text, 1, Qt.AlignmentFlag.AlignLeading)
        if again:
            row.addWidget(Icon(look, "refresh-cw", "text3", size=14, name=again))
        if task.due is not None:
            late = task.due < today
            day = ElidedLabel(look, when.due(task.due, task.at, today) if task.due else "", role="caption", tone="attn" if late else "text2")
            day.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            row.addWidget(day)
        yield holder


class CompanyTasks(QWidget):
    """Follow-ups on a company itself, for its page."""

    follow_up = Signal(object)
    ticked = Signal(object)

    def __init__(self, context: Context, tasks: tuple[Task, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.addWidget(ElidedLabel(context.look, tr("Follow-ups"), role="small_strong", tone="text2"), 1)
        add = Button(context.look, tr("Add"), style="link", compact=True, name=tr("Add a follow-up"))
        add.clicked.connect(lambda: self.follow_up.emit(None))
        head.addWidget(add)
        column.addLayout(head)
        for row in task_rows(context, tasks, self):
            column.addWidget(row)


def often(days: int) -> str:
    """ "every 2 weeks", in the user's language."""
    if days == 1:
        return tr("every day")
    if days % 7 == 0 and days <= 70:
        return tr("every week") if days == 7 else tr("every {n} weeks").format(n=days // 7)
    if days in (30, 31):
        return tr("every month")
    if days in (90, 91, 92):
        return tr("every quarter")
    return tr("every {days}").format(days=counted(days, "{n:,} day", "{n:,} days"))


def _day(at: datetime | None, today: date) -> str:
    if at is None:
        return tr("never")
    day = at.astimezone().date()
    return {0: tr("today"), 1: tr("yesterday")}.get((today - day).days) or when.short_day(day, today)
