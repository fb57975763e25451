"""Add somebody by anything that leads to them: a handle, an address, the page of a profile, or only a name.

First whom the text may mean, and who would be asked; then, if the user says so, what the place shows and what it names besides;
and only then anything is kept. Everything here is one decision, and Undo takes it back.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QLineEdit, QWidget

from relationdesk.errors import Cancelled, NotAgreed, PrivateAddress, RelationDeskError, UserMistake
from relationdesk.model import Changes, Person, Progress
from relationdesk.services import adding, keeping, people
from relationdesk.services.adding import Met, Offer, Possible
from relationdesk.services.keeping import Kept
from relationdesk.text import one_line
from relationdesk.ui import add_rows
from relationdesk.ui.frame import ScrollColumn
from relationdesk.ui.job_dialog import JobDialog
from relationdesk.ui.page import Context, Target
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card
from relationdesk.ui.widgets.field import AnswerField
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.progress import ProgressLine

HEIGHT = 430
"""Of what scrolls, at most, at 100 %: the dialog must not jump about while one types, nor leave a small screen."""

_BY_NAME = 10_000
"""One more than the number of the row that takes the text for a name."""


class AddDialog(JobDialog):
    """text: what the field begins with. person: whose place is added; None for somebody new or yet to be chosen."""

    def __init__(self, context: Context, text: str = "", person: Person | None = None, parent: QWidget | None = None) -> None:
        super().__init__(context.look, "", width=620, parent=parent)
        self._context, self._person = context, person
        self._possible: tuple[Possible, ...] = ()
        self._asked_for: str | None = None
        self._met: Met | None = None
        self._agreed: frozenset[str] = frozenset()
        self._ticked: dict[int, Offer] = {}
        self._group = QButtonGroup(self)
        self._group.idToggled.connect(lambda *_: self._fit())
        look = context.look
        self.field = AnswerField(text)
        self.field.setMaxLength(2000)
        self.field.setPlaceholderText(self.tr("@name@server, name.bsky.social, github.com/name, name@firm, Joe Brown"))
        self.field.setAccessibleName(self.tr("Handle, address, page or name"))
        self.field.textChanged.connect(self._on_typed)
        self.field.returnPressed.connect(self._on_enter)
        self.name, self.role, self.company = self._line(self.tr("Name")), self._line(self.tr("Role")), self._line(self.tr("Company"))
        self.follow = QCheckBox(self.tr("Read what they write from now on"))
        self.follow.setChecked(True)
        self.column = ScrollColumn(look, name=self.tr("What was found"), padding=(0, 0, 10, 4))
        self.problem = Card(look, "danger", padding=12)
        self._told = ParagraphLabel(look, "", role="small", tone="danger")
        self.private = QCheckBox(self.tr("This server is mine, or in my own network: ask it"))
        self.agree = Button(look, "", style="tinted", compact=True)
        self.agree.clicked.connect(self._on_agree)
        for widget in (self._told, self.private, self.agree):
            self.problem.body.addWidget(widget)
        self.progress = ProgressLine(look)
        self.progress.cancelled.connect(self._stop)
        for part in (self.field, self.column, self.problem, self.progress):
            self.body.addWidget(part, 1 if part is self.column else 0)
        self.back_button = self.add_button(self.tr("Back"), self._back, first=True)
        self.add_button(self.tr("Cancel"))
        self.link_button = self.add_button("", self._keep_link)
        self.go_button = self.add_button("", self._go, style="primary", default=True)
        self._show_typing()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _line(self, name: str) -> QLineEdit:
        field = QLineEdit(self)
        field.hide()
        field.setMaxLength(300)
        field.setPlaceholderText(name)
        field.setAccessibleName(name)
        return field

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.look.theme.px(HEIGHT + 190))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        screen = self.screen().availableGeometry().height() if self.screen() is not None else 0
        if not event.spontaneous() and screen:
            self.resize(self.width(), min(self.sizeHint().height(), screen - 60))

    # What the text may mean

    def _show_typing(self) -> None:
        """The first step, with what is in the field."""
        self._met, self._ticked = None, {}
        told = self.tr("A handle, an address, the page of a profile, or only a name. Nobody is asked before you say so.")
        self.set_title(self.tr("Add a place of {name}").format(name=self._person.name) if self._person else self.tr("Add somebody"), told)
        self.field.show()
        self.back_button.hide()
        self._say("")
        self._asked_for = None
        self._on_typed()

    def _on_typed(self) -> None:
        typed = self.field.text().strip()
        if typed == self._asked_for:
            return
        self._asked_for, self._agreed = typed, frozenset()
        self._say("")
        if self._job is not None:
            self._job.cancel()
        self._job = self._context.tasks.run(adding.possibilities, typed, done=partial(self._on_possible, typed), failed=self._on_failed)
        self._fit()

    def _on_possible(self, typed: str, found: tuple[Possible, ...]) -> None:
        self._job = None
        if typed != self._asked_for or self._met is not None:
            return
        self._possible = found
        look = self.look
        choices = [(number, add_rows.choice(look, possible)) for number, possible in enumerate(found)]
        if typed and self._person is None and not any(one.meant.sure for one in found) and "@" not in typed and "/" not in typed:
            a_domain = found and "." in typed and " " not in typed  # hardly anybody's name
            choices.insert(len(choices) if a_domain else 0, (_BY_NAME, add_rows.by_name(look, typed, self.role, self.company)))
        rows = [row for _, row in choices]
        self._fill(list(rows), typed)
        for number, row in choices:
            self._group.addButton(row.button, number)
        if rows:
            rows[0].button.setChecked(True)
        self._fit()

    def _fill(self, rows: list[QWidget], typed: str) -> None:
        for button in self._group.buttons():
            if not any(row.isAncestorOf(button) for row in rows):
                self._group.removeButton(button)
        ours = (self.name, self.role, self.company, self.follow)
        for kept in ours:  # what is cleared away goes for good
            if not any(row.isAncestorOf(kept) for row in rows):
                kept.setParent(self)
                kept.hide()
        if typed and not rows:
            words = self.tr("This leads to nobody. Type a handle like @name@server, or paste the page of a profile.")
            rows = [PlainLabel(self.look, words, tone="text2", wrap=True)]
        self.column.fill(rows)
        for kept in ours:
            kept.setVisible(self.column.isAncestorOf(kept))

    def _chosen(self) -> Possible | None:
        number = self._group.checkedId()
        return self._possible[number] if self._met is None and 0 <= number < len(self._possible) else None

    def _is_name(self) -> bool:
        return self._met is None and self._group.checkedId() == _BY_NAME

    # What can be done

    def _fit(self) -> None:
        """The buttons say what they do."""
        busy, chosen = self._job is not None and self._job.lane != "read", self._chosen()
        asked = self._asked_for == self.field.text().strip() and self._job is None
        words, link = self.tr("Add"), ""
        can = self._met is not None or (self._is_name() and asked)
        if chosen is not None:
            can = asked
            if chosen.person is not None and self._person is None:
                words = self.tr("Open {name}").format(name=one_line(chosen.person.name, 30))
            elif chosen.source:
                words = self.tr("Ask {host}").format(host=one_line(chosen.asks[0], 34) if chosen.asks else "")
                link = self.tr("Keep only the link")
            else:
                words = self.tr("Keep the link")
        self.go_button.set_content(words)
        self.go_button.setEnabled(can and not busy)
        self.link_button.set_content(link)
        self.link_button.setVisible(bool(link))
        self.link_button.setEnabled(can and not busy)

    def _on_enter(self) -> None:
        if self.go_button.isEnabled():
            self._go()

    def _go(self) -> None:
        chosen = self._chosen()
        if self._met is not None:
            self._add()
        elif self._is_name():
            args = (self.field.text(), self._context.clock(), self.company.text(), self.role.text())
            self._write(people.add_person, *args, done=self._on_added)
        elif chosen is not None and chosen.person is not None and self._person is None:
            self.accept()
            self._context.router.go.emit(Target(page="person", id=chosen.person.id))
        elif chosen is not None and chosen.source:
            self._ask(chosen)
        elif chosen is not None:
            self._show_met(adding.as_link(chosen.meant))

    def _keep_link(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._show_met(adding.as_link(chosen.meant))

    # Asking

    def _ask(self, chosen: Possible) -> None:
        self._say("")
        self._agreed |= frozenset(chosen.asks)
        self.progress.begin(self.tr("Asking {hosts}").format(hosts=", ".join(sorted(self._agreed))))
        ask = partial(adding.look_up, allow_private=self.private.isChecked())
        self._job = self._context.tasks.long(ask, chosen, self._agreed, done=self._on_met, failed=self._on_failed, only_reads=True)
        self._fit()

    def _on_met(self, met: Met) -> None:
        self._job = None
        self.progress.finish()
        self._show_met(met)

    def _on_failed(self, error: RelationDeskError) -> None:
        self._job = None
        self.progress.finish()
        self._say(self.tr("Stopped. Nothing was kept.") if isinstance(error, Cancelled) else str(error), error)
        self._fit()

    def _say(self, sentence: str, error: RelationDeskError | None = None) -> None:
        """What went wrong, with what can be done about it."""
        self._told.set_runs(sentence)
        self.private.setVisible(isinstance(error, PrivateAddress))
        self.agree.setVisible(isinstance(error, NotAgreed))
        if isinstance(error, NotAgreed):
            self.agree.set_content(self.tr("Ask {host}, too").format(host=one_line(error.host, 40)))
            self.agree.setProperty("host", error.host)
        self.problem.setVisible(bool(sentence))

    def _on_agree(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._agreed |= {str(self.agree.property("host"))}
            self._ask(chosen)

    # What is shown, and what of it is kept

    def _show_met(self, met: Met) -> None:
        self._met = met
        self._say("")
        told = self.tr("Nothing is kept yet.") if met.stream else self.tr("Nobody was asked. The link is kept, and what you write down yourself.")
        self.set_title(self.windowTitle(), told)
        self.field.hide()
        self.back_button.show()
        look = self.look
        self._fill([], "")
        rows: list[QWidget] = [add_rows.ShownCard(look, met), *self._whose_rows(met)]
        if met.stream is not None:
            rows.append(self.follow)
        if met.offers:
            words = self.tr("The profile names these, too. What you tick is asked and read as well; what is not certain becomes a question.")
            rows += [PlainLabel(look, self.tr("Also theirs?"), role="h3"), ParagraphLabel(look, words, role="small", tone="text2")]
            rows += [add_rows.offer_row(look, offer, partial(self._on_tick, n, offer)) for n, offer in enumerate(met.offers)]
        self._fill(rows, "")
        self.column.verticalScrollBar().setValue(0)
        self._fit()
        self.go_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _whose_rows(self, met: Met) -> list[QWidget]:
        """Somebody new, or one of those who are in the desk; nothing to choose where it was opened for somebody."""
        if self._person is not None:
            return []
        self.name.setText(met.profile.display_name or met.meant.name or met.profile.handle)
        rows = [add_rows.somebody_new(self.look, self.name), *(add_rows.candidate(self.look, *one) for one in met.whose)]
        for number, row in enumerate(rows):
            self._group.addButton(row.button, number)
        sure = next((n for n, (_, found) in enumerate(met.whose, 1) if found.certain), 0)
        rows[sure].button.setChecked(True)
        return [PlainLabel(self.look, self.tr("Whose is it?"), role="h3"), *rows] if met.whose else list(rows)

    def _on_tick(self, number: int, offer: Offer, on: bool) -> None:
        if on:
            self._ticked[number] = offer
        else:
            self._ticked.pop(number, None)

    def _back(self) -> None:
        self._stop()
        self._show_typing()

    def _add(self) -> None:
        chosen = [offer for _, offer in sorted(self._ticked.items())]
        if not chosen:
            self._keep(((), ()))
            return
        agreed = self._agreed.union(*(offer.possible.asks for offer in chosen))
        self.progress.begin(self.tr("Asking {hosts}").format(hosts=", ".join(sorted(agreed - self._agreed)) or self.tr("nobody else")))
        ask = partial(adding.look_up_all, allow_private=self.private.isChecked())
        self._job = self._context.tasks.long(
            ask, chosen, agreed, done=self._keep, failed=self._on_failed, progress=self._on_progress, only_reads=True
        )
        self._fit()

    def _on_progress(self, progress: Progress) -> None:
        self.progress.set_progress(progress.done, progress.total, self.tr("{n} of {total}").format(n=progress.done + 1, total=progress.total))

    def _keep(self, answer: tuple[tuple[Met, ...], tuple[str, ...]]) -> None:
        self._job = None
        self.progress.finish()
        if self._met is None:
            return
        also, told = answer
        number = self._group.checkedId()
        person = self._person or (self._met.whose[number - 1][0] if number > 0 else None)
        job = partial(
            keeping.keep, also=also, person_id=person.id if person else None, name=self.name.text(), follow=self.follow.isChecked()
        )
        self._write(job, self._met, self._context.clock(), done=partial(self._on_kept, told))

    def _write(self, job: Callable[..., Any], *args: Any, done: Callable[[Any], None]) -> None:
        self._job = self._context.tasks.write(job, *args, done=done, failed=self._on_failed)
        self._fit()

    def _on_added(self, answer: tuple[int, Changes]) -> None:
        self._finish(answer[0])

    def _on_kept(self, told: tuple[str, ...], kept: Kept) -> None:
        self._finish(kept.person_id)
        for login_id in kept.logins:
            self._context.router.sync.emit(login_id)
        if told:
            self._context.router.failed.emit(UserMistake(self.tr("{told} The link was kept.").format(told=" ".join(told))))

    def _finish(self, person_id: int) -> None:
        self._job = None
        self.accept()
        self._context.router.go.emit(Target(page="person", id=person_id))
