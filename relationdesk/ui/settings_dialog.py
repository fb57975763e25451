"""Settings: few, in words, kept at once. Look, syncing, prompts, copies of the desk, and where it lies."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QLocale, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.errors import RelationDeskError
from relationdesk.saying import counted
from relationdesk.services import backup, desk_jobs
from relationdesk.services.backup import Copy, Health
from relationdesk.services.key_store import KeyStore
from relationdesk.services.outbox import LONGEST_HOLD
from relationdesk.store import settings
from relationdesk.store.settings import Settings
from relationdesk.ui import when
from relationdesk.ui.cheat_sheet import CheatSheet
from relationdesk.ui.frame import Flow, ScrollColumn, clear
from relationdesk.ui.page import Context
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Divider
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.field import AnswerField
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.number_box import NumberBox
from relationdesk.ui.widgets.switch import Switch

COPIES_SHOWN = 8
MOST_WORDS = 1000
"""Letters of one list of words."""


class SettingsDialog(DialogFrame):
    """What is changed holds at once and is written at once."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        look = context.look
        super().__init__(look, "", width=620, high=680, parent=parent)
        self._context = context
        self._settings = Settings()
        self._folder: Path | None = None
        self.set_title(self.tr("Settings"), self.tr("Everything here is kept on this computer."))
        column = ScrollColumn(look, name=self.tr("Settings"), padding=(0, 0, 12, 8), gap=10)
        self._body = column.body
        self.body.addWidget(column)
        self._look_part()
        self._sync_part()
        self._copies_part()
        self.add_button(self.tr("Close"), self.close, default=True)
        tasks = context.tasks
        tasks.run(settings.load, done=self._on_settings, failed=self._fail)
        tasks.run(desk_jobs.folder, tasks.looked, done=self._on_where)
        self._ask_copies()

    # Parts

    def _heading(self, text: str) -> None:
        if self._body.count():
            self._body.addWidget(Divider(self.look))
        self._body.addWidget(PlainLabel(self.look, text, role="h3"))

    def _line(self, text: str, widget: QWidget) -> None:
        row = QHBoxLayout()
        row.setSpacing(self.look.theme.px(12))
        row.addWidget(ParagraphLabel(self.look, text, role="body", centred=True), 1)
        row.addWidget(widget)
        if not widget.accessibleName():
            widget.setAccessibleName(text)
        self._body.addLayout(row)

    def _number(self, low: int, high: int, step: int, suffix: str, name: str) -> NumberBox:
        box = NumberBox(self.look, low, high, suffix=suffix)
        box.setSingleStep(step)
        box.setKeyboardTracking(False)
        box.setMinimumWidth(self.look.theme.px(132))
        box.setObjectName(name)
        box.valueChanged.connect(lambda value: self._change(**{name: value}))
        return box

    def _hour(self, name: str) -> NumberBox:
        """An hour of the day, kept as its minute."""
        box = self._number(0, 23, 1, ":00", name)
        box.valueChanged.disconnect()
        box.valueChanged.connect(lambda value: self._change(**{name: value * 60}))
        return box

    def _look_part(self) -> None:
        self._heading(self.tr("Look"))
        choices = (("system", self.tr("As the system"), ""), ("light", self.tr("Light"), "sun"), ("dark", self.tr("Dark"), "moon"))
        self.theme = Switch(self.look, choices, name=self.tr("Theme"))
        self.theme.chosen.connect(lambda mode: self._change(theme=mode))
        self._line(self.tr("Theme"), self.theme)
        self.text_size = self._number(75, 200, 5, " %", "text_percent")
        self._line(self.tr("Text size"), self.text_size)
        self.bom = QCheckBox(self.tr("CSV files for Excel, so that accents arrive right"))
        self.bom.toggled.connect(lambda on: self._change(extra_bom=on))
        keys = Button(self.look, self.tr("All keys"), icon="keyboard", key="?", compact=True)
        keys.setObjectName("keys")
        keys.clicked.connect(lambda: CheatSheet(self._context, self).open_beside())
        self._line(self.tr("What the keyboard does"), keys)

    def _sync_part(self) -> None:
        self._heading(self.tr("Places and prompts"))
        self.every = self._number(5, 1440, 5, self.tr(" min"), "sync_every_minutes")
        self._line(self.tr("Look for something new every"), self.every)
        self.at_start = QCheckBox(self.tr("Look when RelationDesk starts"))
        self.at_start.toggled.connect(lambda on: self._change(sync_at_start=on))
        self._body.addWidget(self.at_start)
        self.cap = self._number(1, 50, 1, "", "prompts_at_most")
        self._line(self.tr("Prompts at a time, at most"), self.cap)
        self.per_person = self._number(1, 10, 1, "", "prompts_per_person")
        self._line(self.tr("About one person, at most"), self.per_person)
        rules = Button(self.look, self.tr("Rules of prompts"), icon="sliders-horizontal", compact=True)
        rules.setObjectName("rules")
        rules.clicked.connect(self._context.router.rules)
        self._line(self.tr("What you are prompted about"), rules)
        self._sending_part()
        self._words_part()
        self._rhythm_part()
        self._heading(self.tr("Files and sign-in keys"))
        self._body.addWidget(self.bom)
        words = self.tr("Sign-in keys are kept in the password store of this computer, never in the desk.")
        self.keys = ParagraphLabel(self.look, words, role="small", tone="text2")
        ask = Button(self.look, self.tr("Check the password store"), icon="key-round", compact=True)
        ask.clicked.connect(lambda: self._context.tasks.long(desk_jobs.password_store, done=self._on_keys, failed=self._fail, only_reads=True))
        self._body.addWidget(self.keys)
        self._body.addWidget(self._button_row(ask))

    def _sending_part(self) -> None:
        self._heading(self.tr("Sending"))
        self.hold = self._number(0, LONGEST_HOLD, 5, self.tr(" s"), "hold_seconds")
        self.hold.valueChanged.connect(self._say_hold)
        self._line(self.tr("What is sent can be taken back for"), self.hold)
        self.hold_said = ParagraphLabel(self.look, "", role="small", tone="text2")
        self._body.addWidget(self.hold_said)
        self._say_hold(self.hold.value())

    def _say_hold(self, seconds: int) -> None:
        waits = self.tr("It waits that long in the outbox. Likes and what is passed on wait, too.")
        self.hold_said.set_runs(waits if seconds else self.tr("Nothing can be taken back: what you send goes out at once."))

    def _words_part(self) -> None:
        """What public words are looked through for, and where the user is at home: without them the rules concerned are silent."""
        self._heading(self.tr("Words to watch for"))
        text = self.tr("Several are parted by commas. They are looked for in what people say in public, on this computer.")
        self._body.addWidget(ParagraphLabel(self.look, text, role="small", tone="text2"))
        self.words: dict[str, AnswerField] = {}
        for name, asked in (
            ("my_words", self.tr("Your firm and what it sells")), ("competitor_words", self.tr("Competitors")),
            ("watched_words", self.tr("Other words")), ("home_town", self.tr("Your town, to hear of visits")),
        ):  # fmt: skip
            field = self.words[name] = AnswerField()
            field.setObjectName(name)
            field.setMaxLength(MOST_WORDS)
            field.setMinimumWidth(self.look.theme.px(240))
            field.editingFinished.connect(self._keep_words)
            self._line(asked, field)

    def _rhythm_part(self) -> None:
        self._heading(self.tr("Rhythm and reminders"))
        self.rhythm = self._number(1, 3660, 1, self.tr(" days"), "rhythm_days")
        self._line(self.tr("A new rhythm begins with"), self.rhythm)
        self.remind = QCheckBox(self.tr("Remind me of follow-ups when they are due"))
        self.remind.toggled.connect(lambda on: self._change(remind=on))
        self._body.addWidget(self.remind)
        self.quiet_from = self._hour("quiet_from_minute")
        self._line(self.tr("Quiet from"), self.quiet_from)
        self.quiet_until = self._hour("quiet_until_minute")
        self._line(self.tr("Quiet until (the same hour: never quiet)"), self.quiet_until)

    def _copies_part(self) -> None:
        self._heading(self.tr("Copies of the desk"))
        text = self.tr("A checked copy is made every day and before anything risky. A copy holds everything but sign-in keys.")
        self._body.addWidget(ParagraphLabel(self.look, text, role="small", tone="text2"))
        self._list = QVBoxLayout()
        self._list.setSpacing(self.look.theme.px(4))
        self._body.addLayout(self._list)
        now = Button(self.look, self.tr("Copy now"), icon="database", compact=True)
        now.setObjectName("copy_now")
        now.clicked.connect(lambda: self._copy(None))
        to = Button(self.look, self.tr("Copy to a file…"), icon="download", compact=True)
        to.clicked.connect(self._copy_to)
        check = Button(self.look, self.tr("Check the desk"), icon="shield-check", compact=True)
        check.setObjectName("check")
        check.clicked.connect(lambda: self._context.tasks.write(backup.check, done=self._on_checked, failed=self._fail))
        self._body.addWidget(self._button_row(now, to, check))
        self.said = ParagraphLabel(self.look, "", role="small", tone="text2")
        self._body.addWidget(self.said)
        self._heading(self.tr("Where the desk is"))
        self.where = ParagraphLabel(self.look, "", role="small", tone="text2")
        self._body.addWidget(self.where)
        show = Button(self.look, self.tr("Show in folder"), icon="folder-open", compact=True)
        show.clicked.connect(self._show_folder)
        self._body.addWidget(self._button_row(show))

    def _button_row(self, *buttons: Button) -> QWidget:
        holder = QWidget()
        flow = Flow(self.look, gap=6)
        holder.setLayout(flow)
        for button in buttons:
            flow.addWidget(button)
        return holder

    # What is set

    def hideEvent(self, event: QHideEvent) -> None:
        """Closed by Esc in the middle of a word, which ends no editing: it is kept."""
        self._keep_words()
        super().hideEvent(event)

    def _keep_words(self) -> None:
        typed = {name: field.text().strip() for name, field in self.words.items() if field.isModified()}
        new = {name: text for name, text in typed.items() if text != getattr(self._settings, name)}
        if new:
            self._change(**new)

    def _on_settings(self, found: Settings) -> None:
        self._settings = found
        self.theme.set_value(found.theme if found.theme in ("system", "light", "dark") else "system")
        for widget, value in (
            (self.text_size, found.text_percent), (self.every, found.sync_every_minutes), (self.cap, found.prompts_at_most),
            (self.per_person, found.prompts_per_person), (self.hold, found.hold_seconds),
            (self.rhythm, found.rhythm_days), (self.quiet_from, found.quiet_from_minute // 60), (self.quiet_until, found.quiet_until_minute // 60),
        ):  # fmt: skip
            widget.blockSignals(True)
            widget.setValue(value)
            widget.blockSignals(False)
        self._say_hold(found.hold_seconds)
        for name, field in self.words.items():
            if not field.isModified():
                field.setText(getattr(found, name))
        for box, on in ((self.at_start, found.sync_at_start), (self.bom, found.extra_bom), (self.remind, found.remind)):
            box.blockSignals(True)
            box.setChecked(on)
            box.blockSignals(False)

    def _change(self, **values: object) -> None:
        self._settings = replace(self._settings, **values)  # type: ignore[arg-type]
        self._context.tasks.write(desk_jobs.change_settings, values, failed=self._fail)
        if "theme" in values:
            self.look.set_mode(self._settings.theme)
        if "text_percent" in values:
            self.look.set_text_scale(self._settings.text_percent / 100)

    def _on_keys(self, found: KeyStore) -> None:
        ready = self.tr("Sign-in keys are kept in the password store of this computer ({name}).").format(name=found.name)
        self.keys.set_runs(ready if found.state == "ready" else found.sentence)

    # Copies

    def _ask_copies(self) -> None:
        tasks = self._context.tasks
        tasks.run(desk_jobs.copies, tasks.looked, done=self._on_copies, failed=self._fail)

    def _on_copies(self, found: tuple[Copy, ...]) -> None:
        clear(self._list)
        locale = QLocale()
        for copy in found[:COPIES_SHOWN]:
            holder = QWidget()
            row = QHBoxLayout(holder)
            row.setContentsMargins(0, 0, 0, 0)
            text = f"{when.exact(copy.at)} · {copy.label.replace('-', ' ')} · {locale.formattedDataSize(copy.bytes)}"
            row.addWidget(ElidedLabel(self.look, text, role="small"), 1)
            back = Button(self.look, self.tr("How to go back"), style="link", compact=True)
            back.clicked.connect(lambda _=False, path=copy.path: self._how_to_restore(path))
            row.addWidget(back)
            self._list.addWidget(holder)
        if not found:
            self._list.addWidget(PlainLabel(self.look, self.tr("No copy yet."), role="small", tone="text2"))
        elif len(found) > COPIES_SHOWN:
            more = self.tr("and {n} older").format(n=len(found) - COPIES_SHOWN)
            self._list.addWidget(PlainLabel(self.look, more, role="small", tone="text2"))

    def _how_to_restore(self, path: Path) -> None:
        """A desk that is open cannot be replaced under the window: it is done by the command, with the window closed."""
        text = self.tr(
            "Close RelationDesk and run: relationdesk --desk \"{desk}\" restore \"{path}\". The desk as it is now is kept as a copy first, so nothing is lost."
        )
        self.said.set_runs(text.format(desk=self._folder or path.parent.parent, path=path))

    def _copy(self, file: Path | None) -> None:
        now: datetime = self._context.clock()
        self.said.set_runs(self.tr("Copying and checking…"))
        elsewhere = file is not None
        self._context.tasks.write(backup.backup, file, now, done=self._on_copied, failed=self._fail, only_reads=elsewhere)

    def _copy_to(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Copy the desk"), "relationdesk-copy.db")
        if name:
            self._copy(Path(name))

    def _on_copied(self, path: Path) -> None:
        self.said.set_runs(self.tr("Copied and checked: {name}").format(name=path.name))
        self._ask_copies()

    def _on_checked(self, found: Health) -> None:
        counts = ", ".join((
            counted(found.people, "{n:,} person", "{n:,} people"),
            counted(found.activities, "{n:,} activity", "{n:,} activities"),
            counted(found.notes, "{n:,} note", "{n:,} notes"),
        ))  # fmt: skip
        text = self.tr("The desk is sound: {counts}.").format(counts=counts)
        self.said.set_runs(" ".join(found.problems) if found.problems else text)

    def _on_where(self, folder: Path) -> None:
        self._folder = folder
        self.where.set_runs(str(folder))

    def _show_folder(self) -> None:
        if self._folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))

    def _fail(self, error: RelationDeskError) -> None:
        self.said.set_runs(str(error))
