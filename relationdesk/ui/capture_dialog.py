"""Write down by hand what somebody did: an address that was pasted or dropped, some words, where it was, and when.

The date is asked for and never made up: only what is typed is known. What is being typed is on disk within a second.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from relationdesk.derived import Item
from relationdesk.errors import RelationDeskError, UserMistake
from relationdesk.model import Activity, Changes, Key, Kind, Person, Precision
from relationdesk.services import capturing
from relationdesk.services.capturing import KINDS, MOST_WORDS, Seen, Subject, Words
from relationdesk.services.drafts import Draft
from relationdesk.services.typed_dates import EXAMPLE, Known, typed_date
from relationdesk.store.captures import Capture
from relationdesk.store.profiles import Stored
from relationdesk.text import given_name, one_line
from relationdesk.ui import timeline_words as words
from relationdesk.ui.frame import Flow
from relationdesk.ui.note_draft import DraftKeeper, Wording
from relationdesk.ui.page import Context
from relationdesk.ui.places import KNOWN, place_look
from relationdesk.ui.resources import icon
from relationdesk.ui.tasks import Job
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.field import AnswerField
from relationdesk.ui.widgets.form import Form, choice_field
from relationdesk.ui.widgets.label import ParagraphLabel
from relationdesk.ui.words import QT_TRANSLATE_NOOP

_KINDS = {
    Kind.POST: QT_TRANSLATE_NOOP("CaptureDialog", "Post"), Kind.COMMENT: QT_TRANSLATE_NOOP("CaptureDialog", "Comment"),
    Kind.ARTICLE: QT_TRANSLATE_NOOP("CaptureDialog", "Article"), Kind.VIDEO: QT_TRANSLATE_NOOP("CaptureDialog", "Video"),
    Kind.PHOTO: QT_TRANSLATE_NOOP("CaptureDialog", "Photo"), Kind.MESSAGE: QT_TRANSLATE_NOOP("CaptureDialog", "Message (private)"),
    Kind.EVENT: QT_TRANSLATE_NOOP("CaptureDialog", "Event"), Kind.OTHER: QT_TRANSLATE_NOOP("CaptureDialog", "Something else"),
}  # fmt: skip
_NOT_HERE = frozenset({"notes", "note", "desk", "csv", "contacts", "bookmarks", "activitystreams", "forum", "tickets"})
"""Names of places on the screen where nobody does anything."""


class CaptureDialog(DialogFrame):
    """about: the person's id, and what was pasted; key: of what was written down before and is changed now."""

    def __init__(
        self, context: Context, person_id: int, pasted: str = "", key: Key | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(context.look, "", width=580, parent=parent)
        self._context, self._person_id, self._key = context, person_id, key
        self._person: Person | None = None
        self._mine: tuple[Stored, ...] = ()
        self._seen: Seen | None = None
        self._job: Job | None = None
        self._pasted = pasted
        self.set_title(self.tr("Write down what they did"), self.tr("It appears on their timeline, as if it had been read there. Only you can take it away."))
        self.drafts = DraftKeeper(context, self._wording, self)
        self.drafts.found.connect(self._on_draft)
        self._build()
        self._say("")
        self._show()
        self._reading = context.tasks.run(capturing.subject, person_id, key, done=self._on_about, failed=context.router.failed.emit)

    def _build(self) -> None:
        look = self.look
        self.address = AnswerField()
        self.address.setMaxLength(2000)
        self.address.setPlaceholderText("https://")
        self.address.setAccessibleName(self.tr("Address"))
        self.words = QPlainTextEdit()
        self.words.setAccessibleName(self.tr("Words"))
        self.words.setPlaceholderText(self.tr("What they wrote or did, in their words or yours"))
        self.words.setTabChangesFocus(True)
        self.words.installEventFilter(self)
        self.place, self.profile, self.kind = (choice_field(look, name) for name in (self.tr("Place"), self.tr("Profile"), self.tr("What it was")))
        for kind in KINDS:
            self.kind.addItem(QCoreApplication.translate("CaptureDialog", _KINDS[kind]), kind.value)
        self.date = AnswerField()
        self.date.setMaxLength(60)
        self.date.setPlaceholderText(self.tr("{day}, {month}, {year}, {day} 10:12, yesterday").format(day=EXAMPLE, month=EXAMPLE[:7], year=EXAMPLE[:4]))
        self.date.setAccessibleName(self.tr("When it was"))
        self.date_told = ParagraphLabel(look, "", role="small", tone="text2")
        self.itself = Button(look, "", style="link", compact=True)
        self.itself.clicked.connect(self._take_own_date)
        self.unknown = Button(look, self.tr("I do not know"), style="link", compact=True)
        self.unknown.clicked.connect(lambda: self.date.setText(self.tr("unknown")))
        help_, holder = Flow(look, gap=16, between=4), QWidget()
        holder.setLayout(help_)
        for button in (self.itself, self.unknown):
            help_.addWidget(button)
        form = Form(look)
        where = QHBoxLayout()
        where.setSpacing(look.theme.px(8))
        for box in (self.place, self.profile, self.kind):
            where.addWidget(box, 1)
        for name, field in (
            (self.tr("Address"), self.address), (self.tr("Words"), self.words), (self.tr("Where"), where), (self.tr("When"), self.date), ("", self.date_told), ("", holder),
        ):  # fmt: skip
            form.add(field, name)
        self.problem = Card(look, "danger", padding=12)
        self._told = ParagraphLabel(look, "", role="small", tone="danger")
        self.problem.body.addWidget(self._told)
        self.body.addLayout(form, 1)
        self.body.addWidget(self.problem)
        self.add_button(self.tr("Cancel"))
        self.keep_button = self.add_button(self.tr("Keep"), self._keep, style="primary", default=True)
        self.address.textChanged.connect(self._on_address)
        self.words.textChanged.connect(self._on_typed)
        self.date.textChanged.connect(self._on_typed)
        self.place.currentIndexChanged.connect(self._on_place)
        self.profile.currentIndexChanged.connect(lambda _: self._show())
        for one in (self.address, self.date):
            one.returnPressed.connect(self._keep)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Enter keeps, from the words too."""
        if watched is self.words and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._keep()
                return True
        return False

    # What it is about

    def _on_about(self, about: Subject) -> None:
        self._person, self._mine, made = about.person, about.profiles, about.made
        if self._person is None:
            self._say(self.tr("This person is no longer in the desk. Nothing can be kept."))
            return
        name = one_line(given_name(self._person.name), 40)
        self.set_title(self.tr("Write down what {name} did").format(name=name), self.tr("It appears on their timeline, as if it had been read there. Only you can take it away."))
        self._fill_places()
        if made is not None:
            self._fill_with(made)
        elif self._pasted.strip():
            self._take(self._pasted)
        elif self._person is not None:
            self.drafts.open(f"capture:{self._person.uid}")
        self.address.setFocus()
        self._show()

    def _fill_places(self) -> None:
        """Their places first, then all others by name."""
        theirs = list(dict.fromkeys(stored.profile.key.place for stored in self._mine))
        others = sorted(KNOWN - set(theirs) - _NOT_HERE, key=lambda place: place_look(place).title.casefold())
        self.place.blockSignals(True)
        self.place.clear()
        self.place.addItem(self.tr("Which place?"), "")
        for place in (*theirs, *others):
            self._offer_place(place)
        self.place.blockSignals(False)

    def _offer_place(self, place: str) -> None:
        look, size = self.look, self.look.theme.px(18)
        self.place.addItem(icon(place_look(place).icon, look.theme.place_colour(place).glyph, size), place_look(place).title, place)

    def _choose_place(self, place: str) -> None:
        if place and self.place.findData(place) < 0:
            self._offer_place(place)
        self.place.setCurrentIndex(max(0, self.place.findData(place)))

    def _fill_with(self, made: Capture) -> None:
        self.set_title(self.tr("Change what you wrote down"), self.tr("The place told of it as well: its words are shown, yours stay beside them.") if made.brought else "")
        self.address.setText(made.url)
        self.words.setPlainText(made.text)
        self._choose_place(made.key.place)
        self.place.setEnabled(False)
        self.profile.hide()
        self.kind.setCurrentIndex(max(0, self.kind.findData(made.kind.value)))
        self.date.setText(_as_typed(made.published, made.precision) or self.tr("unknown"))

    def _take(self, pasted: str) -> None:
        """A pasted or dropped text: its address, the rest of its words, and what they tell."""
        self._look(pasted[:MOST_WORDS], whole=True)

    def _look(self, text: str, *, whole: bool = False) -> None:
        self._reading.cancel()
        self._reading = self._context.tasks.run(
            capturing.look_at, self._person_id, text, done=partial(self._on_seen, whole), failed=self._on_failed
        )

    def _on_address(self) -> None:
        self._look(self.address.text().strip())
        self._on_typed()

    def _on_seen(self, whole: bool, seen: Seen) -> None:
        if whole:
            self.address.blockSignals(True)
            self.address.setText(seen.url)
            self.address.setCursorPosition(0)
            self.address.blockSignals(False)
            self.words.setPlainText(seen.words)
            (self.date if seen.words else self.words).setFocus()
            if self._person is not None:
                self.drafts.open(f"capture:{self._person.uid}")
        elif seen.url != self.address.text().strip().rstrip(".,;:!?)"):
            return
        self._seen = seen
        if self._key is None and seen.place:
            self._choose_place(seen.place)
            self.kind.setCurrentIndex(max(0, self.kind.findData(seen.kind.value)))
            if seen.whose is not None:
                self.profile.setCurrentIndex(max(0, self.profile.findData(seen.whose.id)))
        self._show()

    def _on_place(self) -> None:
        """Which of several profiles, where they have several there."""
        place = self.place.currentData()
        there = [stored for stored in self._mine if stored.profile.key.place == place]
        self.profile.clear()
        self.profile.addItem(self.tr("Which profile?"), None)
        for stored in there:
            self.profile.addItem(one_line(stored.profile.handle or stored.profile.url or stored.profile.key.native_id, 60), stored.id)
        if self._seen is not None and self._seen.whose is not None:
            self.profile.setCurrentIndex(max(0, self.profile.findData(self._seen.whose.id)))
        self._show()

    # What is typed

    def _wording(self) -> Wording:
        return Wording(text="\n".join(part for part in (self.address.text().strip(), self.words.toPlainText()) if part.strip()))

    def _on_draft(self, draft: Draft, here: bool) -> None:
        """Typed before and not kept. What stands here already is not touched: the found words go below."""
        if not self._wording().text.strip():
            self._take(draft.text)
        elif draft.text.strip() not in self._wording().text:
            self.words.appendPlainText(f"\n{draft.text}")

    def _on_typed(self) -> None:
        if self._key is None:
            self.drafts.touch()
        self._say("")
        self._show()

    def _known(self) -> Known | None:
        """The date as it was typed; None for none yet. Raises UserMistake."""
        typed = self.date.text().strip()
        if not typed:
            return None
        return typed_date("unknown" if typed == self.tr("unknown") else typed, self._context.clock())

    def _take_own_date(self) -> None:
        if self._seen is not None and self._seen.at is not None:
            self.date.setText(f"{self._seen.at:%Y-%m-%dT%H:%M:%SZ}")

    def _show(self) -> None:
        """What the date means, which profile has to be chosen, and whether it can be kept."""
        known, told, tone = None, self.tr("Only what you type is kept: the day, the month, the year, or the minute."), "text2"
        try:
            known = self._known()
        except UserMistake as e:
            told, tone = str(e), "attn"
        if known is not None:
            told = _date_words(known)
        self.date_told.set_tone(tone)
        self.date_told.set_runs(told)
        at = self._seen.at if self._seen is not None and not self.date.text().strip() else None
        self.itself.set_content(self.tr("The address says {when}").format(when=_date_words((at, Precision.MINUTE))) if at is not None else "")
        self.itself.setVisible(at is not None)
        self.unknown.setVisible(not self.date.text().strip())
        several = self.profile.count() > 2 and self._key is None
        self.profile.setVisible(several)
        said = bool(self.address.text().strip() or self.words.toPlainText().strip())
        chosen = not several or self.profile.currentData() is not None or bool(self._seen and self._seen.url and self._seen.whose is None)
        self.keep_button.setEnabled(self._person is not None and said and known is not None and bool(self.place.currentData()) and chosen and self._job is None)

    def _say(self, sentence: str) -> None:
        self._told.set_runs(sentence)
        self.problem.setVisible(bool(sentence))

    # Keeping

    def _keep(self) -> None:
        if not self.keep_button.isEnabled():
            return
        known = self._known()
        assert known is not None
        said = Words(
            place=self.place.currentData(), url=self.address.text().strip(), text=self.words.toPlainText(), kind=Kind(self.kind.currentData()),
            published=known[0], precision=known[1],
        )  # fmt: skip
        now, tasks = self._context.clock(), self._context.tasks
        if self._key is not None:
            self._job = tasks.write(capturing.change, self._key, said, now, done=self._on_kept, failed=self._on_failed)
        else:
            job = partial(capturing.capture, profile_id=self.profile.currentData())
            self._job = tasks.write(job, self._person_id, said, now, done=self._on_kept, failed=self._on_failed)
        self._show()

    def _on_kept(self, answer: tuple[Capture, Changes]) -> None:
        self._job = None
        self.words.clear()
        self.address.clear()
        self.drafts.flush()
        self.accept()

    def _on_failed(self, error: RelationDeskError) -> None:
        self._job = None
        self._say(str(error))
        self._show()

    def done(self, result: int) -> None:
        self._reading.cancel()
        self.drafts.flush()
        super().done(result)


def _as_typed(published: datetime | None, precision: Precision) -> str:
    """The date as it would be typed; "" for an unknown one."""
    if published is None:
        return ""
    forms = {Precision.YEAR: "%Y", Precision.MONTH: "%Y-%m", Precision.DAY: "%Y-%m-%d", Precision.MINUTE: "%Y-%m-%d %H:%M"}
    local = published if precision in (Precision.YEAR, Precision.MONTH, Precision.DAY) else published.astimezone()
    return local.strftime(forms.get(precision, "%Y-%m-%d %H:%M:%S"))


def _date_words(known: Known) -> str:
    """ "Friday 20 November 2026", "November 2026": as the timeline will say it."""
    return words.full_time(Item(id=0, activity=Activity(key=Key("", ""), actor=Key("", ""), kind=Kind.POST, published=known[0], precision=known[1])))
