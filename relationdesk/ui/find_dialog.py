"""Find my contacts in a place: what would be sent and to whom, then who was found and what speaks for it, then what the user makes of it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from relationdesk.errors import RelationDeskError
from relationdesk.model import Bucket, Changes, Progress
from relationdesk.saying import counted, say
from relationdesk.services import finding
from relationdesk.services.finding import Hit, Looked, Plan
from relationdesk.services.keeping import Kept
from relationdesk.store import buckets
from relationdesk.ui.add_rows import Row, handle_of
from relationdesk.ui.frame import ScrollColumn
from relationdesk.ui.job_dialog import JobDialog
from relationdesk.ui.match_words import verdict
from relationdesk.ui.page import Context
from relationdesk.ui.places import place_look
from relationdesk.ui.resources import icon
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.place_mark import PlaceMark
from relationdesk.ui.widgets.progress import ProgressLine

HOSTS_NAMED = 4


class FindDialog(JobDialog):
    """Three steps: choose, look, take over. Until the second nobody is asked, until the third nothing is kept."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context.look, "", width=620, high=560, parent=parent)
        self._context = context
        self._plan: Plan | None = None
        self.rows: list[tuple[Hit, QCheckBox]] = []
        look = context.look
        self.set_title(self.tr("Find my contacts"), self.tr("In a place where you do not follow them yet. You see what would be sent before anything is."))
        self.place = QComboBox()
        self.place.setAccessibleName(self.tr("Where to look"))
        size = look.theme.px(18)
        self.place.setIconSize(QSize(size, size))
        for place in finding.PLACES:
            self.place.addItem(icon(place_look(place).icon, look.theme.place_colour(place).glyph, size), place_look(place).title, place)
        self.whom = QComboBox()
        self.whom.setAccessibleName(self.tr("Whom to look for"))
        self.whom.addItem(self.tr("Everybody on this desk"), "")
        self.whom.addItem(self.tr("People of key companies"), "key")
        self.says = ParagraphLabel(look, "", role="body")
        self.column = ScrollColumn(look, name=self.tr("What would be sent, and who was found"), padding=(0, 0, 10, 4), gap=6)
        self.problem = ParagraphLabel(look, "", role="small", tone="danger")
        self.problem.hide()
        self.progress = ProgressLine(look)
        self.progress.cancelled.connect(self._stop)
        for widget in (self.place, self.whom, self.says, self.column, self.problem, self.progress):
            self.body.addWidget(widget, 1 if widget is self.column else 0)
        self.add_button(self.tr("Close"))
        self.ask_me = self.add_button(self.tr("Put on Who is this?"), self._on_propose)
        self.go = self.add_button(self.tr("Ask"), self._on_go, style="primary", default=True)
        self.ask_me.hide()
        for choice in (self.place, self.whom):
            choice.currentIndexChanged.connect(self._make_plan)
        context.tasks.run(buckets.every, done=self._on_buckets)
        self._make_plan()

    def _on_buckets(self, found: tuple[Bucket, ...]) -> None:
        if not self._is_closed:
            for bucket in found:
                self.whom.addItem(bucket.name, bucket.name)

    # What would be sent

    def _make_plan(self, *_: object) -> None:
        self._plan = None
        self.go.setEnabled(False)
        place, whom = str(self.place.currentData()), str(self.whom.currentData())
        job = partial(finding.plan, whom=whom)
        self._context.tasks.run(job, place, done=partial(self._on_plan, place, whom), failed=self._on_failed)

    def _on_plan(self, place: str, whom: str, plan: Plan) -> None:
        if self._is_closed or (place, whom) != (self.place.currentData(), self.whom.currentData()):
            return
        self._plan = plan
        look = self._context.look
        self.column.fill(
            ParagraphLabel(look, self.tr("{sent} — {name}. {why}").format(sent=q.sent, name=q.person.name, why=q.why), role="small", tone="text2")
            for q in plan.questions
        )
        self.column.read_by_keys(bool(plan.questions))
        self.says.set_runs(plan_sentence(self, plan))
        self.go.setText(counted(len(plan.questions), "Ask {n:,} question", "Ask {n:,} questions"))
        self.go.setEnabled(bool(plan.questions))

    # Asking

    def _on_go(self) -> None:
        if self._job is not None:
            return
        if self.rows:
            self._on_add()
        elif self._plan is not None and self._plan.questions:
            for widget in (self.place, self.whom, self.go):
                widget.setEnabled(False)
            self.problem.hide()
            self.progress.begin(self.tr("Asking {place}").format(place=place_look(self._plan.place).title))
            agreed = frozenset(host for host, _ in self._plan.hosts)
            self._job = self._context.tasks.long(
                finding.look, self._plan, agreed, self._context.clock, progress=self._on_progress, done=self._on_looked, failed=self._on_failed
            )

    def _on_progress(self, progress: Progress) -> None:
        self.progress.set_progress(progress.done, progress.total, self.tr("Asked {n} of {total}").format(n=progress.done, total=progress.total))

    def _on_looked(self, looked: Looked) -> None:
        self._job = None
        if self._is_closed:
            return
        look = self._context.look
        self.progress.finish()
        self.column.read_by_keys(False)
        self.place.hide()
        self.whom.hide()
        widgets: list[QWidget] = []
        for hit in looked.hits:
            box = QCheckBox()
            box.setChecked(hit.candidate.weight > 0)
            box.toggled.connect(self._fit)
            profile = hit.met.profile
            title = " · ".join(filter(None, (profile.display_name, handle_of(hit.question.possible))))
            words = f"{hit.person.name}: {verdict(hit.candidate.weight)[0]}. {hit.candidate.sentence}"
            self.rows.append((hit, box))
            widgets.append(Row(look, box, PlaceMark(look, profile.key.place, size=26), title, words))
        if not looked.hits:
            widgets.append(PlainLabel(look, self.tr("Nobody of yours was found there."), role="strong", wrap=True))
        self.column.fill(widgets)
        self.says.set_runs(looked_sentence(self, looked))
        self.problem.set_runs(" ".join(looked.told[:3]))
        self.problem.setVisible(bool(looked.told))
        self.ask_me.setVisible(bool(self.rows))
        self.go.setVisible(bool(self.rows))
        self._fit()

    def _ticked(self) -> list[Hit]:
        return [hit for hit, box in self.rows if box.isChecked()]

    def _fit(self, *_: object) -> None:
        n = len(self._ticked())
        self.go.setText(self.tr("Link and follow {n}").format(n=n) if n else self.tr("Link and follow"))
        for button in (self.go, self.ask_me):
            button.setEnabled(bool(n) and self._job is None)

    # Taking over

    def _on_add(self) -> None:
        ticked = self._ticked()
        if not ticked:
            return
        for button in (self.go, self.ask_me):
            button.setEnabled(False)
        self._context.tasks.write(finding.take_over, ticked, self._context.clock(), done=self._on_added, failed=self._on_failed)

    def _on_added(self, answer: tuple[tuple[Kept, ...], Changes]) -> None:
        kept = answer[0]
        router = self._context.router
        router.toast.emit(self.tr("{n} linked and followed. Undo takes them back one by one.").format(n=len(kept)), True)
        for login_id in sorted({id_ for one in kept for id_ in one.logins}):
            router.sync.emit(login_id)
        self._leave()

    def _on_propose(self) -> None:
        for button in (self.go, self.ask_me):
            button.setEnabled(False)
        self._context.tasks.write(finding.propose, self._ticked(), self._context.clock(), done=self._on_proposed, failed=self._on_failed)

    def _on_proposed(self, answer: tuple[int, Changes]) -> None:
        self._context.router.toast.emit(self.tr("{n} wait on Who is this?").format(n=answer[0]), False)
        self._leave()

    def _leave(self) -> None:
        if not self._is_closed:
            self.accept()

    def _on_failed(self, error: RelationDeskError) -> None:
        self._job = None
        if self._is_closed:
            return
        self.progress.finish()
        self.problem.set_runs(str(error))
        self.problem.show()
        for widget in (self.place, self.whom):
            widget.setEnabled(True)
        if self.rows:
            self._fit()
        else:
            self.go.setEnabled(self._plan is not None and bool(self._plan.questions))


def plan_sentence(of: QWidget, plan: Plan) -> str:
    """Who would be asked how much, and what is left out."""
    place = place_look(plan.place).title
    known = counted(plan.known, "{n:,} person is known there already.", "{n:,} people are known there already.") if plan.known else ""
    if not plan.questions:
        return " ".join(filter(None, (say("Nothing of what is known of them leads to {place}, so nobody would be asked.", place=place), known)))
    named = ", ".join(f"{host} ({count:,})" for host, count in plan.hosts[:HOSTS_NAMED])
    rest = len(plan.hosts) - HOSTS_NAMED
    servers = named + (say(" and {n} more", n=rest) if rest > 0 else "")
    asks = say("These servers would be asked, and see what stands below: {servers}.", servers=servers)
    more = say("{n} more are left for another time.", n=f"{plan.more:,}") if plan.more else ""
    return " ".join(filter(None, (asks, known, more)))


def looked_sentence(of: QWidget, looked: Looked) -> str:
    text = say("{found} found, {asked} questions asked.", found=len(looked.hits), asked=f"{looked.asked:,}")
    if looked.strangers:
        text += " " + say("{n} others have such a name, but nothing speaks for their being yours; they are not kept.", n=looked.strangers)
    return text
