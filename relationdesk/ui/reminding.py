"""Shows reminders as notifications of the desktop, with what can be done about them; else by the tray, else in the window. And the first
words of a day.

What is due is decided by services/reminders.py; this only asks it, whenever the schedule ticks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon, QWidget

from relationdesk.model import Changes
from relationdesk.saying import counted
from relationdesk.services import agenda, reminders, tasks
from relationdesk.services.agenda import Agenda
from relationdesk.services.reminders import Digest, Reminder, Shown
from relationdesk.ui.notifications import Notification, Notifications
from relationdesk.ui.page import Context, Target

NAMED = 3
"""So many are named in one notification; the others are counted."""
LATER = timedelta(hours=1)


def tr(text: str) -> str:
    return QCoreApplication.translate("Reminders", text)


class Reminding(QObject):
    """say: a sentence in the window. raised: brings the window to the front. bus: where the desktop's notifications are, None for nowhere."""

    def __init__(
        self, context: Context, window: QWidget, *, say: Callable[[str], object], raised: Callable[[], object], has_tray: bool | None = None,
        bus: tuple[str, bool] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._context, self._window, self._say, self._raised = context, window, say, raised
        self._at: Callable[[], object] = raised
        self._turn: tuple[date, int] | None = None
        self.notifications = Notifications(self, bus)
        self.tray: QSystemTrayIcon | None = None
        self.menu = QMenu(window)
        self._fill_menu(())
        if QSystemTrayIcon.isSystemTrayAvailable() if has_tray is None else has_tray:
            self.tray = QSystemTrayIcon(QIcon(QApplication.windowIcon()), self)
            self.tray.setToolTip("RelationDesk")
            self.tray.setContextMenu(self.menu)
            self.tray.messageClicked.connect(self._on_clicked)
            self.tray.activated.connect(lambda reason: reason != QSystemTrayIcon.ActivationReason.Context and raised())
            self.tray.show()

    def begin(self) -> None:
        """What waits now, and the first words of the day, once a day."""
        self._turn = self._part_of_day()
        self._context.tasks.run(agenda.today, self._context.clock(), done=self._on_counted, failed=lambda error: None)

    def _part_of_day(self) -> tuple[date, int]:
        """The half hour by the user's wall clock: another one, also after a sleep or with a clock that was set, and what waits is another."""
        now = self._context.clock().astimezone()
        return now.date(), now.hour * 2 + now.minute // 30

    def _on_counted(self, _: Agenda) -> None:
        tasks_ = self._context.tasks
        tasks_.changed.emit(Changes(prompts=True))
        tasks_.write(reminders.digest, self._context.clock(), done=self._on_digest)

    def tick(self) -> None:
        """Ask what is due; written to only when something is. A window that stays open has its new day, and its end of quiet hours, as one that is opened."""
        if self._turn is not None and self._turn != self._part_of_day():
            self.begin()
        self._context.tasks.run(reminders.due, self._context.clock(), done=self._on_due, failed=lambda error: None)

    def close(self) -> None:
        """What stands on the desktop goes with the window."""
        self.notifications.close()
        if self.tray is not None:
            self.tray.hide()

    def _on_due(self, found: Shown) -> None:
        if found.timely or found.missed:
            self._context.tasks.write(reminders.take, self._context.clock(), done=self._on_taken)

    def _on_taken(self, found: Shown) -> None:
        """Each that is due alone, if there are few; what was missed together."""
        alone = found.timely if len(found.timely) <= NAMED else ()
        together = found.missed if alone else (*found.missed, *found.timely)
        if len(together) == 1:
            self._show(tr("Missed"), line(together[0]), self._about(together[0]))
        elif together:
            title = tr("Missed") if found.missed and not found.timely else tr("To follow up")
            self._show(title, named(together), {"default": (tr("Open"), self._today)})
        for one in alone:
            self._show(one.name or tr("To follow up"), one.text, self._about(one))
        self._fill_menu((*found.timely, *found.missed))

    def _about(self, one: Reminder) -> dict[str, tuple[str, Callable[[], object]]]:
        """What can be done about it: id → its words and what does it. "default" is a click on the whole."""
        return {
            "default": (tr("Open"), partial(self.go, one)), "open": (tr("Open"), partial(self.go, one)),
            "later": (tr("In an hour"), partial(self.later, one)), "done": (tr("Done"), partial(self._do, tasks.done, one.task_id)),
        }  # fmt: skip

    def _show(self, title: str, text: str, can: dict[str, tuple[str, Callable[[], object]]]) -> None:
        def otherwise() -> None:
            self._at = can["default"][1]
            if self.tray is not None and self.tray.supportsMessages():
                self.tray.showMessage(title, text, self.tray.icon())
            else:
                self._say(f"{title}: {'; '.join(text.splitlines())}")  # a line is a sentence there
                QApplication.alert(self._window)

        what = Notification(title=title, text=text, actions=tuple((id_, words) for id_, (words, _) in can.items()))
        self.notifications.show(what, lambda id_: can[id_][1]() if id_ in can else None, otherwise)

    def _fill_menu(self, shown: tuple[Reminder, ...]) -> None:
        """What was reminded of last, each with what can be done about it, and the window."""
        self.menu.clear()
        for one in shown[:NAMED]:
            entry = self.menu.addMenu(_plain(line(one)))
            for id_, (words, does) in self._about(one).items():
                if id_ != "default":
                    entry.addAction(words, does)
        self.menu.addAction(tr("Open RelationDesk"), lambda: self._raised())

    def _do(self, job: Callable[..., object], *what: object) -> None:
        self._context.tasks.write(job, *what, self._context.clock(), failed=self._context.router.failed.emit)

    def later(self, one: Reminder) -> None:
        """Remind of it an hour from now, whatever time it had."""
        self._do(reminders.later, one, LATER)

    def _on_clicked(self) -> None:
        self._at()

    def _today(self) -> None:
        self._raised()
        self._context.router.go.emit(Target(page="today"))

    def go(self, one: Reminder) -> None:
        """To whom it is about."""
        self._raised()
        if one.person_id is not None:
            self._context.router.go.emit(Target(page="person", id=one.person_id))
        elif one.company_id is not None:
            self._context.router.go.emit(Target(page="company", id=one.company_id))

    def _on_digest(self, found: Digest | None) -> None:
        if found is not None:
            self._say(digest_words(found))


def line(one: Reminder) -> str:
    """ "Priya Raman: send the sheet"."""
    return f"{one.name}: {one.text}" if one.name else one.text


def named(several: tuple[Reminder, ...]) -> str:
    """A line each, those beyond NAMED counted."""
    lines = [line(one) for one in several[:NAMED]]
    if len(several) > NAMED:
        lines.append(tr("and {n} more").format(n=len(several) - NAMED))
    return "\n".join(lines)


def digest_words(found: Digest) -> str:
    """ "Today: 1 follow-up is due (Bob Hale: call), 2 are late, 6 prompts wait."."""
    parts = []
    if found.today:
        count = counted(len(found.today), "{n:,} follow-up is due", "{n:,} follow-ups are due")
        parts.append(f"{count} ({'; '.join(line(one) for one in found.today[:NAMED])}{'; …' if len(found.today) > NAMED else ''})")
    if found.late:
        parts.append(counted(len(found.late), "{n:,} follow-up is late", "{n:,} follow-ups are late"))
    if found.prompts:
        parts.append(counted(found.prompts, "{n:,} prompt waits", "{n:,} prompts wait"))
    return tr("Today: {what}.").format(what=", ".join(parts))


def _plain(text: str) -> str:
    return text.replace("&", "&&")
