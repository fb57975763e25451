"""One line of a routed list: who said what, where and when, the user's remark, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from relationdesk.store.routes import Route, RouteKind
from relationdesk.text import given_name, one_line
from relationdesk.ui import when
from relationdesk.ui.chosen_row import ChosenRow
from relationdesk.ui.frame import Flow
from relationdesk.ui.page import Context
from relationdesk.ui.places import place_look
from relationdesk.ui.row_painter import Run
from relationdesk.ui.widgets.avatar import Avatar
from relationdesk.ui.widgets.card import NoteCard
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.pill import Pill
from relationdesk.ui.widgets.place_mark import PlaceMark

ICONS = {RouteKind.COMPLAINT: "triangle-alert", RouteKind.SUGGESTION: "sparkles", RouteKind.OPPORTUNITY: "trending-up"}
LINES, MOST = 4, 600


def tr(text: str) -> str:
    return QCoreApplication.translate("Routed", text)


def kind_name(kind: RouteKind) -> str:
    return {RouteKind.COMPLAINT: tr("Complaint"), RouteKind.SUGGESTION: tr("Suggestion"), RouteKind.OPPORTUNITY: tr("Opportunity")}[kind]


def list_name(kind: RouteKind) -> str:
    return {RouteKind.COMPLAINT: tr("Complaints"), RouteKind.SUGGESTION: tr("Suggestions"), RouteKind.OPPORTUNITY: tr("Opportunities")}[kind]


class RoutedRow(ChosenRow):
    def __init__(self, context: Context, route: Route, parent: QWidget | None = None) -> None:
        look, name = context.look, route.name or tr("Somebody")
        super().__init__(context, route.id, Avatar(look, name, route.person_id, size=40), gap=14, parent=parent)
        self.route = route
        self._column.addLayout(self._head(name))
        said = " · ".join(one_line(part, MOST) for part in (route.title, route.text) if part) if route.here else tr("This item is no longer in the desk.")
        self._column.addWidget(ParagraphLabel(look, said, role="body", tone="text1" if route.here else "text2", max_lines=LINES))
        if route.remark:
            note = NoteCard(look, padding=8)
            note.body.addWidget(ParagraphLabel(look, route.remark, role="small", tone="note_text"))
            self._column.addWidget(note)
        state = self._state()
        if state:
            self._column.addWidget(ParagraphLabel(look, state, role="small", tone="text2"))
        self.setAccessibleName(". ".join(part for part in (kind_name(route.kind), f"{name}, {route.company}" if route.company else name, said, route.remark, state) if part))

    def _head(self, name: str) -> QHBoxLayout:
        look, route, now = self._look, self.route, self._context.clock()
        row = QHBoxLayout()
        row.setSpacing(look.theme.px(8))
        who = ElidedLabel(look, (Run(name, strong=True), Run("  " + route.company, tone="text2")), role="body")
        age = PlainLabel(look, when.ago(route.published, now), role="small", tone="text2", tabular=True)
        age.setToolTip(when.exact(route.published, route.precision))
        pill = Pill(look, kind_name(route.kind), tone="attn" if route.answered is None else "ok", icon=ICONS[route.kind] if route.answered is None else "check")
        mark = PlaceMark(look, route.key.place, size=20)
        mark.setToolTip(place_look(route.key.place).title)
        row.addWidget(who, 1)
        for widget in (pill, mark, age):
            row.addWidget(widget)
        return row

    def _state(self) -> str:
        now, route = self._context.clock(), self.route
        said = []
        if route.passed is not None:
            words = tr("Passed on to {who}, {ago} ago") if route.passed_to else tr("Passed on {ago} ago")
            said.append(words.format(who=route.passed_to, ago=when.ago(route.passed, now)))
        if route.answered is not None:
            said.append(tr("Answered {ago} ago").format(ago=when.ago(route.answered, now)))
        return " · ".join(said)

    def _fill_actions(self, flow: Flow) -> None:
        route = self.route
        opening = tr("Open {name}").format(name=given_name(route.name)[:24]) if route.person_id is not None else tr("Open the place")
        wanted = [(opening, "open", "primary"), (tr("Answered") if route.answered is None else tr("Waits again"), "done", "secondary"),
                  (tr("Mail to a colleague"), "mail_on", "secondary"), (tr("Remark"), "remark", "secondary")]  # fmt: skip
        if route.url:
            wanted.append((tr("Original"), "open_original", "secondary"))
        wanted.append((tr("Off the list"), "take_off", "quiet"))
        for text, action, style in wanted:
            self._put_action(flow, text, action, style)
