"""Answer somebody, or write to them: where, who may read it, how much room is left, how it will look. What is typed is on disk within a second.

Where a login can send, Ctrl+Enter puts it in the outbox. Elsewhere the exact page opens, with the words on the clipboard.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from urllib.parse import urlsplit

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from relationdesk import lengths
from relationdesk.engage import naming, pages, templates
from relationdesk.errors import RelationDeskError
from relationdesk.model import Audience, Changes, Key
from relationdesk.outgoing import Deed, Entry
from relationdesk.services import engaging, particulars
from relationdesk.services import outbox as box
from relationdesk.services.engaging import Choice, Subject
from relationdesk.services.templates import PURPOSES, Ready
from relationdesk.store.templates import Purpose
from relationdesk.text import given_name, one_line
from relationdesk.ui import engage_return, links, when
from relationdesk.ui.engage_preview import Preview
from relationdesk.ui.engage_words import audience_name, choice_name, mine, not_told, tell_sent, tr, when_out
from relationdesk.ui.gaps import GapBar, GapMarks, rewrite, stand_on_gap
from relationdesk.ui.page import Context
from relationdesk.ui.places import place_look
from relationdesk.ui.resources import icon
from relationdesk.ui.row_painter import Run
from relationdesk.ui.template_picker import TemplatePicker
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.form import choice_field
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.place_mark import PlaceMark

EVERY_MS = 700
"""After so long without a pause what is typed goes to disk."""


class EngageDialog(DialogFrame):
    """person_id: to whom, None for somebody who is nobody's yet. keys: the item that is answered and its copies elsewhere, () to write
    something new. entry: what was begun before, from the outbox."""

    def __init__(self, context: Context, person_id: int | None, keys: Sequence[Key], entry: Entry | None = None, parent: QWidget | None = None) -> None:
        super().__init__(context.look, tr("One moment"), width=600, parent=parent)
        self._context, self._person_id, self._keys, self._entry = context, person_id, tuple(keys), entry
        self.subject: Subject | None = None
        self._last: box.New | None = None
        self._opening: str | None = ""  # the names that the words were begun with; None: the user took them out
        self._uid, self._dirty, self._busy, self._going = entry.uid if entry is not None else "", False, False, False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.flush)
        self._build()
        self.set_state()
        context.tasks.run(engaging.subject, person_id, self._keys, context.clock(), done=self._on_subject, failed=self._on_failed)

    def _build(self) -> None:
        look, px = self.look, self.look.theme.px
        self.quote = Card(look, "sunken", padding=10)
        row = QHBoxLayout()
        row.setSpacing(px(10))
        self._quote_row = row
        self.quoted = ParagraphLabel(look, "", role="small", tone="text2", max_lines=3)
        row.addWidget(self.quoted, 1)
        self.quote.body.addLayout(row)
        self.quote.hide()
        self.wish = Card(look, "attn", padding=12)
        self.wish_told = ParagraphLabel(look, "", role="small", tone="attn")
        self.anyway = QCheckBox(tr("Write all the same"))
        self.anyway.toggled.connect(lambda _: self.set_state())
        self.wish.body.addWidget(self.wish_told)
        self.wish.body.addWidget(self.anyway)
        self.wish.hide()
        self.where, self.audience = choice_field(look, tr("Where")), choice_field(look, tr("Who can read it"))
        self.where.currentIndexChanged.connect(self._on_where)
        self.audience.currentIndexChanged.connect(lambda _: self._touch())
        wide = look.theme.text_scale < 1.5
        places = QBoxLayout(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        places.setSpacing(px(8))
        places.addWidget(self.where, 3)
        places.addWidget(self.audience, 2)
        self.heading = QLineEdit()
        self.heading.setPlaceholderText(tr("Subject"))
        self.heading.setAccessibleName(tr("Subject"))
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(tr("Your words"))
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(px(120))
        self.text.installEventFilter(self)
        self.marks = GapMarks(look, self.text.document())
        self.gaps = GapBar(look)
        self.gaps.closed.connect(self._on_gap)
        self.gaps.found.connect(lambda: stand_on_gap(self.heading, self.text))
        self.template = Button(look, tr("Template"), style="quiet", icon="file-text", key="Ctrl T", compact=True)
        self.template.clicked.connect(self.pick_template)
        QShortcut(QKeySequence("Ctrl+T"), self).activated.connect(self.pick_template)
        self.count = PlainLabel(look, "", role="small", tone="text2", tabular=True)
        self.saved = PlainLabel(look, "", role="small", tone="text2")
        below = QHBoxLayout()
        below.addWidget(self.template)
        below.addWidget(self.saved, 1)
        below.addWidget(self.count)
        self.preview_button = QCheckBox(tr("Show how it will look"))
        self.preview = Preview(look)
        self.preview.hide()
        self.preview_button.toggled.connect(self._on_preview)
        self.told = ParagraphLabel(look, "", role="small", tone="text2")
        for part in (self.quote, self.wish):
            self.body.addWidget(part)
        self.body.addLayout(places)
        self.body.addWidget(self.heading)
        self.body.addWidget(self.text, 1)
        self.body.addLayout(below)
        for below_words in (self.gaps, self.preview_button, self.preview, self.told):
            self.body.addWidget(below_words)
        self.drop_button = self.add_button(tr("Throw away"), self._throw_away, first=True)
        self.add_button(tr("Keep as draft"))
        self.go = self.add_button(tr("Send"), self.send, style="primary", key="Ctrl ↵")
        self.text.textChanged.connect(self._touch)
        self.heading.textChanged.connect(self._touch)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Enter sends, from the words too."""
        typed = watched is self.text and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if not typed or event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or not event.modifiers() & Qt.KeyboardModifier.ControlModifier:  # type: ignore[attr-defined]
            return False
        self.send()
        return True

    # What it is about

    def _on_subject(self, found: Subject) -> None:
        self.subject = found
        name = one_line(given_name(found.name), 40) or tr("somebody")
        self.set_title(tr("Answer {name}").format(name=name) if self._keys else tr("Write to {name}").format(name=name))
        if found.activity is not None:
            said = " · ".join(part for part in (found.activity.title, one_line(found.activity.text, 400)) if part)
            self.quoted.set_runs((Run(f"{when.day(found.activity.published)}  " if found.activity.published else "", "text3"), Run(said)))
            self._quote_row.insertWidget(0, PlaceMark(self.look, found.activity.key.place, size=22), 0, Qt.AlignmentFlag.AlignTop)
            self.quote.show()
        draft = self._entry or found.draft
        self.where.blockSignals(True)
        for choice in found.choices:
            look = place_look(choice.place)
            self.where.addItem(icon(look.icon, self.look.theme.place_colour(choice.place).glyph, self.look.theme.px(18)), choice_name(choice), choice)
        if draft is not None:
            self._uid = draft.uid
        begun = (n for n, c in enumerate(found.choices) if draft is not None and c.place == draft.place and c.deed is draft.deed)
        self.where.setCurrentIndex(next(begun, 0 if draft is not None else found.usual))
        self.where.blockSignals(False)
        if draft is not None:
            self._put(draft.text, draft.subject)
            self._opening = naming.begun_with(draft.text, at_once.opening) if (at_once := self.choice()) is not None else ""
        self._on_where()
        if draft is not None:
            self.saved.setText(draft.failure or tr("Kept {when}").format(when=when.clock(draft.saved, self._context.clock())))
        self._dirty = False
        self.set_state()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self.show_soon(self.text)

    def _put(self, text: str, subject: str | None = None) -> None:
        """What is in the fields, without it counting as typed."""
        for field in (self.text, self.heading):
            field.blockSignals(True)
        if text != self.text.toPlainText():
            self.text.setPlainText(text)
        if subject is not None:
            self.heading.setText(subject)
        for field in (self.text, self.heading):
            field.blockSignals(False)
        self.text.moveCursor(self.text.textCursor().MoveOperation.End)

    def choice(self) -> Choice | None:
        found = self.where.currentData()
        return found if isinstance(found, Choice) else None

    def _on_where(self) -> None:
        choice = self.choice()
        may = choice.way.may if choice is not None and choice.way is not None else None
        self.audience.blockSignals(True)
        self.audience.clear()
        for audience in may.audiences if may is not None else ():
            self.audience.addItem(audience_name(audience), audience.value)
        self.audience.blockSignals(False)
        self.audience.setVisible(may is not None and len(may.audiences) > 1)
        is_mail = choice is not None and choice.deed is Deed.MAIL
        self.heading.setVisible(is_mail)
        if is_mail and choice is not None and choice.activity is not None and not self.heading.text():
            title = choice.activity.title
            self.heading.setText(title if title.lower().startswith("re:") or not title else f"Re: {title}")
        if choice is not None and self.subject is not None:
            said = self.subject.obstacle(choice.place)
            self.wish_told.set_runs(said)
            self.wish.setVisible(bool(said))
            text, self._opening = naming.reopen(self.text.toPlainText(), self._opening, choice.opening)
            self._put(text)
        self._touch()

    # What is typed

    def length(self) -> tuple[int, int]:
        """Characters as the place counts, and how many it takes (0: no limit)."""
        choice, text = self.choice(), self.text.toPlainText()
        if choice is None:
            return len(text), 0
        if choice.way is not None:
            return box.length(choice.way.login.source, choice.deed, text), choice.way.may.most
        limit = lengths.limit(choice.place, private=choice.deed in (Deed.MESSAGE, Deed.MAIL))
        return limit.count(text), limit.most

    def host(self) -> str:
        """Where the page lies that would be opened, "" for none."""
        choice = self.choice()
        page = choice.page("") if choice is not None and choice.way is None else ""
        return links.shown_host(urlsplit(page).hostname or "") if not page.startswith("mailto:") else ""

    def set_state(self) -> None:
        """Count, what the button does, whether it can be done."""
        choice, found = self.choice(), self.subject
        used, most = self.length()
        over = bool(most) and used > most
        self.count.setText(tr("{n} of {most}").format(n=f"{used:,}", most=f"{most:,}") if most else f"{used:,}" if used else "")
        self.count.set_tone("danger" if over else "text2")
        self.count.setAccessibleName(tr("{n} characters too long").format(n=used - most) if over else self.count.text())
        text = self.text.toPlainText()
        words = choice.is_said(text) if choice is not None else bool(text.strip())
        untold = choice.untold(text) if choice is not None and words else ""
        refused = found is not None and choice is not None and bool(found.obstacle(choice.place)) and not self.anyway.isChecked()
        if choice is None:
            self.told.set_runs(tr("There is no page and no login by which this can be answered. Open the original, or write to them instead.") if found is not None else "")
        elif choice.way is not None:
            here = "" if self.preview_button.isChecked() else not_told(choice, untold)  # else the preview says it
            self.told.set_runs(" ".join(filter(None, (when_out(mine(choice), found.hold_s if found is not None else 0), here))))
        elif choice.deed is Deed.MAIL:
            self.told.set_runs(tr("Your mail program opens with this text. You send it there."))
        else:
            opens = tr("Opens {host} in your browser; its owner can see that. The text is put on the clipboard.")
            self.told.set_runs(f"{choice.hint} {opens.format(host=self.host())}".strip())
        missing = templates.gaps("\n".join((self.heading.text() if choice is not None and choice.deed is Deed.MAIL else "", self.text.toPlainText())))
        self.gaps.set_gaps(missing, found.name if found is not None else "", may_keep=self._person_id is not None)
        by_hand = choice is not None and choice.way is None
        self.go.set_content((tr("Open mail program") if choice is not None and choice.deed is Deed.MAIL else tr("Copy and open {host}").format(host=self.host())) if by_hand else tr("Send"))
        self.go.setEnabled(choice is not None and words and not over and not missing and not refused and not self._going and not (untold and choice.deed is Deed.MESSAGE))
        self.drop_button.setVisible(words)
        self.preview_button.setVisible(choice is not None)
        self.template.setEnabled(choice is not None)
        self._fill_preview()

    def _touch(self) -> None:
        self._dirty = True
        self.refusal.hide()
        self.saved.setText("")
        if self.subject is not None and not self._timer.isActive():
            self._timer.start()
        self.set_state()

    def _on_preview(self, on: bool) -> None:
        self.preview.setVisible(on)
        self.set_state()

    def _fill_preview(self) -> None:
        choice = self.choice()
        if self.preview_button.isChecked() and choice is not None:
            me = self.subject.me if self.subject is not None else None
            self.preview.show_words(me.name if me is not None else "", choice, self.text.toPlainText())

    # Templates

    def pick_template(self) -> None:
        """Choose one; what it says comes in where the cursor stands, and its subject where there is none yet."""
        choice, found = self.choice(), self.subject
        if choice is not None and found is not None:
            purpose = PURPOSES.get(choice.deed, Purpose.MESSAGE)
            picker = TemplatePicker(self._context, self._person_id, purpose, name=found.name, parent=self)
            picker.chosen.connect(self.insert)
            picker.open_beside()

    def insert(self, ready: Ready) -> None:
        """A template, filled. Ctrl+Z in the field takes it out again."""
        self.text.insertPlainText(ready.text.text)
        if not self.heading.text().strip():
            self.heading.setText(ready.subject.text)
        self.activateWindow()
        self.text.setFocus()

    def _on_gap(self, gap: str, words: str, keep: bool) -> None:
        """Filled in, or taken out; kept in mind of them as well if so wished."""
        rewrite(self.text, templates.close(self.text.toPlainText(), gap, words))
        self.heading.setText(templates.close(self.heading.text(), gap, words))
        if keep:
            self._context.tasks.write(particulars.keep, self._person_id, gap, words, self._context.clock(), failed=self._on_failed)

    # On disk

    def _new(self) -> box.New | None:
        choice = self.choice()
        if choice is None:
            return None
        chosen, text = self.audience.currentData(), self.text.toPlainText()
        return engaging.new_of(
            self._person_id, choice, text if choice.is_said(text) else "", self.heading.text() if choice.deed is Deed.MAIL else "", Audience(chosen) if chosen else None
        )

    def flush(self) -> None:
        """Put it on disk now; one at a time, so that nothing is begun twice."""
        self._timer.stop()
        new = self._new()
        if not self._dirty or self._busy or self._going or new is None or self._context.tasks.looked is not None:
            return
        self._dirty, self._busy = False, True
        # A function, so that it is called when the dialog was closed meanwhile, too; so below.
        self._context.tasks.write(engaging.keep, self._uid, new, self._context.clock(), done=lambda kept: self._on_kept(kept), failed=self._on_failed)

    def _on_kept(self, answer: tuple[Entry | None, Changes]) -> None:
        entry = answer[0]
        self._busy = False
        self._uid = entry.uid if entry is not None else ""
        if self._last is not None:  # closed meanwhile: what was typed since goes to disk as well
            last, self._last = self._last, None
            self._context.tasks.write(engaging.keep, self._uid, last, self._context.clock(), failed=self._context.router.failed.emit)
        if not isValid(self):
            return
        self.saved.setText(tr("Kept on this computer") if entry is not None else "")
        if self._going:
            self._send_now()
        elif self._dirty:
            self._timer.start()

    # Off it goes

    def send(self) -> None:
        """By a login into the outbox; by hand onto the page. What is being kept just now gets its number first."""
        if not self.go.isEnabled():
            return
        self._timer.stop()
        self._going = True
        self.set_state()
        if not self._busy:
            self._send_now()

    def _send_now(self) -> None:
        new, choice, now = self._new(), self.choice(), self._context.clock()
        if new is None or choice is None:
            return
        write = self._context.tasks.write
        if choice.way is not None:
            write(engaging.send, self._uid, new, now, done=lambda sent: self._on_sent(sent), failed=self._on_failed)
        else:
            write(engaging.keep, self._uid, new, now, done=partial(self._open_page, choice), failed=self._on_failed)

    def _on_sent(self, answer: tuple[Entry, Changes]) -> None:
        tell_sent(self._context, answer)
        if isValid(self):
            self._leave()

    def _leave(self) -> None:
        self._dirty = False
        self.accept()

    def _open_page(self, choice: Choice, answer: tuple[Entry | None, Changes]) -> None:
        entry = answer[0]
        text = self.text.toPlainText()
        page = choice.page(text)
        if choice.deed is Deed.MAIL:
            page, _ = pages.mail_page(choice.to or (choice.profile.key.native_id if choice.profile else ""), self.heading.text(), text)
        QGuiApplication.clipboard().setText(text)
        if entry is not None:
            engage_return.ask_later(self._context, self.parentWidget(), entry, self.subject.name if self.subject is not None else "")
        self._leave()
        links.leave(page)

    def _throw_away(self) -> None:
        self.text.clear()
        self.heading.clear()
        self._dirty = False
        if self._uid and not self._busy:
            self._context.tasks.write(box.discard, self._uid, self._context.clock(), failed=self._context.router.failed.emit)
        self._uid = ""
        self.accept()

    def _on_failed(self, error: RelationDeskError) -> None:
        self._busy = self._going = False
        self.refuse(error)
        self.set_state()

    def done(self, result: int) -> None:
        self._last = self._new() if self._busy and self._dirty else None
        self.flush()
        super().done(result)
