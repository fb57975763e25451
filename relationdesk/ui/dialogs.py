"""Which dialog opens for what. Each is imported when it is first wanted, is not modal, and lets go of itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, QPoint
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QDialog, QFileDialog, QMenu

from relationdesk.model import Bucket, Changes
from relationdesk.services import people
from relationdesk.store import buckets
from relationdesk.ui import links
from relationdesk.ui.page import Context, Target
from relationdesk.ui.people_view import PeopleView

if TYPE_CHECKING:
    from relationdesk.ui.main_window import MainWindow

DIALOGS = {
    "import": "relationdesk.ui.import_dialog:ImportDialog",
    "export": "relationdesk.ui.export_dialog:ExportDialog",
    "settings": "relationdesk.ui.settings_dialog:SettingsDialog",
    "rules": "relationdesk.ui.rules_dialog:RulesDialog",
    "connect": "relationdesk.ui.connect_dialog:ConnectDialog",
    "note": "relationdesk.ui.note_dialog:NoteDialog",
    "add": "relationdesk.ui.add_dialog:AddDialog",
    "follow_up": "relationdesk.ui.follow_up_dialog:FollowUpDialog",
    "templates": "relationdesk.ui.templates_dialog:TemplatesDialog",
    "particular": "relationdesk.ui.particulars:ParticularDialog",
    "contact": "relationdesk.ui.contact_dialog:ContactDialog",
    "agreed": "relationdesk.ui.agreed_dialog:AgreedDialog",
    "span": "relationdesk.ui.span_dialog:SpanDialog",
    "capture": "relationdesk.ui.capture_dialog:CaptureDialog",
    "person": "relationdesk.ui.person_dialog:PersonDialog",
    "bucket": "relationdesk.ui.bucket_dialog:BucketDialog",
    "palette": "relationdesk.ui.palette:Palette",
    "keys": "relationdesk.ui.cheat_sheet:CheatSheet",
    "bug": "relationdesk.ui.error_dialog:ErrorDialog",
}
"""name → module:class. Constructor: (context, what it is about, parent); without the middle where there is nothing."""

WRITES = frozenset({"import", "connect", "note", "add", "capture", "person", "bucket", "follow_up", "contact", "agreed", "particular", "span", "templates"})
"""Those that only write: not opened where nothing can be written, so that nothing is typed in vain."""


def tr(text: str) -> str:
    return QCoreApplication.translate("Window", text)


class Dialogs(QObject):
    """The dialogs of one window."""

    def __init__(self, context: Context, window: MainWindow) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self._bug: QDialog | None = None
        router = context.router
        router.import_files.connect(self.import_files)
        router.export.connect(partial(self._open, "export"))
        router.connect_place.connect(partial(self._open, "connect"))
        router.add_somebody.connect(partial(self._open, "add"))
        router.capture.connect(partial(self._open, "capture"))
        router.agree.connect(self._open)
        router.rules.connect(self.rules)
        router.new_note.connect(partial(self._open, "note"))
        router.open_link.connect(self.open_link)

    def _open(self, name: str, *about: Any) -> QDialog | None:
        if name in WRITES and self._refused():
            return None
        module, _, cls = DIALOGS[name].partition(":")
        if not find_spec(module):
            self._window.notice.say(tr("This is not in this version yet. Nothing was changed."))
            return None
        dialog: QDialog = getattr(import_module(module), cls)(self._context, *about, self._window)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
        return dialog

    def _refused(self) -> bool:
        looked = self._context.tasks.looked
        if looked is not None:
            self._context.router.failed.emit(looked.refusal())
        return looked is not None

    # Bringing in and out

    def choose_files(self) -> None:
        """Ask which files to bring in. An archive may also be a folder: that one is dropped."""
        if self._refused():
            return
        picker = QFileDialog(self._window, tr("Bring in files"))
        picker.setFileMode(QFileDialog.FileMode.ExistingFiles)
        picker.filesSelected.connect(lambda names: self.import_files([Path(name) for name in names]))
        picker.open()

    def import_files(self, files: list[Path]) -> None:
        """Preview these; with none, ask which."""
        if files:
            self._open("import", files)
        else:
            self.choose_files()

    def settings(self) -> None:
        self._open("settings")

    def rules(self) -> None:
        self._open("rules")

    # People and buckets

    def new_person(self) -> None:
        """By a handle, an address, a page, or only a name."""
        self._open("add", "", None)

    def new_bucket(self) -> None:
        self._open("bucket", None)

    def edit_bucket(self, bucket: Bucket) -> None:
        self._open("bucket", bucket)

    def move_bucket(self, bucket: Bucket, by: int) -> None:
        """One place up (-1) or down (1) in the user's order."""
        ids = [b.id for b in self._window.overview.buckets]
        at = ids.index(bucket.id) if bucket.id in ids else -1
        if at >= 0 and 0 <= at + by < len(ids):
            ids[at], ids[at + by] = ids[at + by], ids[at]
            self._write(people.order_buckets, tuple(ids), self._context.clock())

    def buckets_of(self, person_ids: tuple[int, ...]) -> None:
        """A menu of buckets at the mouse or in the window's middle: ticked where everybody named is inside."""

        def show(inside: tuple[Bucket, ...]) -> None:
            self._bucket_menu(person_ids, frozenset(b.id for b in inside))

        if len(person_ids) == 1:
            self._context.tasks.run(buckets.of_person, person_ids[0], done=show, failed=self._context.router.failed.emit)
        elif person_ids:
            show(())

    def _bucket_menu(self, person_ids: tuple[int, ...], inside: frozenset[int]) -> None:
        menu = QMenu(self._window)
        menu.setAccessibleName(tr("Buckets"))
        menu.aboutToHide.connect(menu.deleteLater)
        for bucket in self._window.overview.buckets:
            action = menu.addAction(bucket.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(bucket.id in inside)
            put = partial(people.set_in_bucket, inside=bucket.id not in inside, now=self._context.clock())
            action.triggered.connect(lambda _=False, id_=bucket.id, put=put: self._write(put, id_, person_ids))
        menu.addSeparator()
        menu.addAction(tr("New bucket…"), self.new_bucket)
        at = QCursor.pos()
        if not self._window.frameGeometry().contains(at):
            at = self._window.mapToGlobal(self._window.rect().center())
        menu.popup(at)

    def _write(self, job: Callable[..., Changes], *args: Any) -> None:
        self._context.tasks.write(job, *args, failed=self._context.router.failed.emit)

    def link_dropped(self, url: str, at: QPoint) -> None:
        """A link from the browser: on somebody it is what they did, elsewhere it may lead to somebody."""
        person_id = self._person_at(at)
        if person_id is not None:
            self._context.router.capture.emit(person_id, url, None)
        else:
            self._context.router.add_somebody.emit(url, None)

    def _person_at(self, at: QPoint) -> int | None:
        """Whose row is at this point of the screen, else whose page is shown."""
        for view in self._window.findChildren(PeopleView):
            inside = view.viewport().mapFromGlobal(at)
            if view.isVisible() and view.viewport().rect().contains(inside):
                return view.person_at(inside)
        page = self._window.page()
        here = page.position() if page is not None else Target(page="")
        return here.id if here.page == "person" else None

    # Help

    def palette(self) -> None:
        self._open("palette")

    def cheat_sheet(self) -> None:
        self._open("keys")

    def open_link(self, address: str) -> None:
        """Only web and mail, and only after the real host was shown."""
        link = links.check(address)
        if link is None:
            self._window.notice.say(links.refused_sentence())
            return
        links.LinkDialog(self._context.look, link, self._window).open_beside()

    def bug(self, error: BaseException) -> None:
        """A mistake of ours is shown once; while its dialog is open, further ones do not pile up."""
        if self._bug is None:
            self._bug = self._open("bug", error)
            if self._bug is not None:
                self._bug.destroyed.connect(self._on_bug_gone)

    def _on_bug_gone(self) -> None:
        self._bug = None
