"""The menu by which a prompt is put off, until a day or until something happens, or is never to come again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication, QDate, QLocale, Qt
from PySide6.QtWidgets import QCalendarWidget, QMenu, QWidget, QWidgetAction

from relationdesk.derived import Prompt
from relationdesk.ui import when
from relationdesk.ui.prompt_words import rule_sentence
from relationdesk.ui.words import QT_TRANSLATE_NOOP

Answer = Callable[[str, datetime | None], object]
"""how, until: as in services.answering."""

_DAYS = ((1, QT_TRANSLATE_NOOP("Snooze", "&1 day")), (3, QT_TRANSLATE_NOOP("Snooze", "&3 days")), (7, QT_TRANSLATE_NOOP("Snooze", "&7 days")))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Snooze", text)


def snooze_menu(parent: QWidget, prompt: Prompt, now: datetime, answer: Answer) -> QMenu:
    """1, 3 or 7 days, or a day from the calendar (keys 1, 3, 7, D while it is open), and what is no day."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def add(words: str, how: str, until: datetime | None = None, beside: str = "") -> None:
        menu.addAction(f"{words}\t{beside}" if beside else words).triggered.connect(lambda: answer(how, until))

    for days, words in _DAYS:
        until = now + timedelta(days=days)
        local = until.astimezone()
        add(_tr(words), "later", until, QLocale().toString(QDate(local.year, local.month, local.day), "ddd d MMM"))
    _add_calendar(menu, now, answer)
    menu.addSeparator()
    add(_tr("Until &something comes from them"), "later_sign")
    if prompt.meets is not None:
        add(_tr("Until after the &meeting"), "later_meeting", beside=when.soon(prompt.meets, now, with_time=True))
    menu.addSeparator()
    add(_tr("Never again for this &person"), "never")
    add(_tr("Never again for any&body"), "rule_off")
    menu.actions()[-1].setToolTip(rule_sentence(prompt.rule))
    return menu


def _add_calendar(menu: QMenu, now: datetime, answer: Answer) -> None:
    inside, calendar = menu.addMenu(_tr("Another &day")), QCalendarWidget()
    calendar.setMinimumDate(QDate(now.year, now.month, now.day).addDays(1))
    calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)

    def on_day(day: QDate) -> None:
        menu.close()
        answer("later", morning(day, now))

    calendar.activated.connect(on_day)
    calendar.clicked.connect(on_day)
    holder = QWidgetAction(inside)
    holder.setDefaultWidget(calendar)
    inside.addAction(holder)


def morning(day: QDate, now: datetime) -> datetime:
    """The beginning of a day in the user's own time zone, aware; tomorrow where that has passed."""
    local = datetime(day.year(), day.month(), day.day()).astimezone()
    return local if local > now else now + timedelta(days=1)
