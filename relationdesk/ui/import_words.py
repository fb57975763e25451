"""What the card of an import says: counts, progress, what would change, what was refused."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from relationdesk.model import Progress
from relationdesk.saying import counted
from relationdesk.services.importing import Imported, Preview
from relationdesk.store.differences import Difference
from relationdesk.store.merge import Counts
from relationdesk.text import one_line
from relationdesk.ui import when
from relationdesk.ui.places import place_look
from relationdesk.ui.row_painter import Run
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel

DIFFERENCES_SHOWN = 4


def tr(text: str) -> str:
    return QCoreApplication.translate("Import", text)


def _together(*parts: str) -> str:
    """ "3 new profiles, 1 changed"; what is none is not said."""
    return ", ".join(filter(None, parts))


def _changed(c: Counts) -> Iterator[str]:
    if c.changed:
        yield counted(c.changed, "{n:,} changed", "{n:,} changed")
    if c.changed_profiles:
        yield counted(c.changed_profiles, "{n:,} profile changed", "{n:,} profiles changed")
    if c.withdrawn:
        yield counted(c.withdrawn, "{n:,} called off or deleted", "{n:,} called off or deleted")


def is_news(preview: Preview) -> bool:
    """Whether bringing it in would do anything."""
    c = preview.counts
    return bool(c.new_profiles or c.new_activities or c.changed or c.changed_profiles or c.withdrawn)


def counts(preview: Preview) -> str:
    """What would come, in one or two sentences."""
    c = preview.counts
    said = _together(
        counted(c.new_profiles, "{n:,} new profile", "{n:,} new profiles") if c.new_profiles else "",
        counted(c.new_activities, "{n:,} new activity", "{n:,} new activities") if c.new_activities else "",
        *_changed(c), counted(c.unchanged, "{n:,} already here", "{n:,} already here") if c.unchanged else "",
    )  # fmt: skip
    if is_news(preview):
        return f"{said}."
    return counted(c.unchanged, "Nothing new: what is in it is already here.", "Nothing new: all {n:,} are already here.") if c.unchanged else tr("Nothing new: what is in it is already here.")


def brought(imported: Imported) -> str:
    """The report in words."""
    c = imported.counts
    came = _together(
        counted(c.new_activities, "{n:,} activity", "{n:,} activities") if c.new_activities else "",
        counted(c.new_profiles, "{n:,} profile", "{n:,} profiles") if c.new_profiles else "", *_changed(c),
    )  # fmt: skip
    then = _together(
        counted(imported.people, "{n:,} new person", "{n:,} new people") if imported.people else "",
        counted(imported.linked, "{n:,} linked to somebody known", "{n:,} linked to people who are known") if imported.linked else "",
        counted(imported.waiting, "{n:,} waits on Who is this?", "{n:,} wait on Who is this?") if imported.waiting else "",
    )  # fmt: skip
    text = tr("Brought in: {what}.").format(what=came) if came else tr("Nothing new was in it.")
    return f"{text} {then}." if then else text


def progress_words(progress: Progress, elapsed: float) -> str:
    """How far it is, how much was found so far, how long it will take. elapsed: seconds."""
    locale = QLocale()
    if progress.unit == "bytes":
        done, total = (locale.formattedDataSize(n, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat) for n in (progress.done, progress.total))
    else:
        done, total = locale.toString(progress.done), f"{locale.toString(progress.total)} {progress.unit}"
    words = (tr("{done} of {total} read.") if progress.total else tr("{done} read.")).format(done=done, total=total)
    found = tr("{n} found so far.").format(n=counted(progress.found, "{n:,} entry", "{n:,} entries")) if progress.found else ""
    return " ".join(filter(None, (words, found, when.left(elapsed, progress.done, progress.total))))


def bringing_words(progress: Progress, elapsed: float) -> str:
    """How much is in already, then how many are compared with the people who are known. elapsed: seconds of this part."""
    done, total = (QLocale().toString(n) for n in (progress.done, progress.total))
    words = tr("{done} of {total} brought in.") if progress.unit == "entries" else tr("{done} of {total} compared with your people.")
    return " ".join(filter(None, (words.format(done=done, total=total), when.left(elapsed, progress.done, progress.total))))


def taking_words(progress: Progress, elapsed: float) -> str:
    """How much of an import is out again. elapsed: seconds."""
    done, total = (QLocale().toString(n) for n in (progress.done, progress.total))
    return " ".join(filter(None, (tr("{done} of {total} taken out.").format(done=done, total=total), when.left(elapsed, progress.done, progress.total))))


def _field(one: Difference) -> str:
    words = {
        "display_name": tr("name"), "handle": tr("handle"), "company": tr("company"), "title": tr("role"), "url": tr("page"),
        "bio": tr("about"), "address": tr("new address"), "text": tr("words"),
        "birthday": tr("birthday"), "anniversary": tr("anniversary"), "work": tr("in the job since"),
    }  # fmt: skip
    return tr("heading") if one.kind and one.field == "title" else words.get(one.field, one.field)


def difference_line(look: Look, one: Difference) -> ParagraphLabel:
    """Whose, what of it, how it was and how it would be."""
    about = f" · {place_look(one.place).title} · {_field(one)}: "
    runs = [Run(one_line(one.whose, 80) or "–", strong=True), Run(about, tone="text2")]
    if one.before:
        runs.append(Run(f"{one_line(one.before, 120)} → "))
    runs.append(Run(one_line(one.after, 120)))
    return ParagraphLabel(look, runs, role="caption", max_lines=2)


class Differences(QWidget):
    """The first of what would change, and the others on demand."""

    def __init__(self, look: Look, found: tuple[Difference, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._rest = look, found[DIFFERENCES_SHOWN:]
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(look.theme.px(3))
        self._column.addWidget(PlainLabel(look, self.tr("Would change what is known:"), role="small_strong"))
        for one in found[:DIFFERENCES_SHOWN]:
            self._column.addWidget(difference_line(look, one))
        self._more = Button(look, self.tr("Show {n} more").format(n=len(self._rest)), style="link", compact=True)
        self._more.setObjectName("more")
        self._more.clicked.connect(self._show_rest)
        self._more.setVisible(bool(self._rest))
        self._column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)

    def _show_rest(self) -> None:
        self._more.hide()
        for one in self._rest:
            self._column.addWidget(difference_line(self._look, one))
