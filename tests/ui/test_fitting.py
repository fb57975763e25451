"""No text is cut: pages and dialogs with long, right-to-left and hostile names, in small windows, at 200 % and mirrored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QAbstractSpinBox, QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from relationdesk.model import Kind, Login, Stream
from relationdesk.services.export import View
from relationdesk.services.logins import ways_in
from relationdesk.store import database, logins
from relationdesk.store.database import transaction
from relationdesk.studio import Shot, Studio, studio
from relationdesk.ui.page import Target
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel
from tests.facts import ago, arrive, did, who

pytestmark = pytest.mark.slow

WAYS = (*(way.source for way in ways_in()), "closed/outlook", "closed/facebook_people")
LONG = "Maximiliane-Theodora Freifrau von und zu Hohenlohe-Waldenburg-Schillingsfürst-Oettingen"
ME = who("Sam Carter", "mail", "sam@carter.example", owner=True, mail="sam@carter.example")
THEM = (
    who(LONG, "mail", "max@hotel.example", mail="max@hotel.example", company="Hotels " * 12, title="Head of " + "everything and " * 9),
    who("نور حداد من شبكة الطاقة الجنوبية", "mail", "nour@grid.example", mail="nour@grid.example", company="شبكة الطاقة"),
    who("<b>Bobby</b> &amp; Tables", "mail", "b@x.example", mail="b@x.example"),
)
STRANGERS = tuple(who(name, id_=f"https://hotel.example/users/{n}", known=False, bio="Boilers " * 60) for n, name in enumerate((LONG, "x" * 90, "نور حداد")))


def fill(folder: Path) -> None:
    db = database.open_desk(folder)
    arrive(db, (ME, *THEM))
    words = "Would the gateway live with our rules, and what does an outlet cost? " * 4
    arrive(db, tuple(did(p, f"q{n}", ago(hours=n + 3), words, kind=Kind.MAIL, to=(ME,), private=True) for n, p in enumerate(THEM)))
    arrive(db, (*STRANGERS, *(did(p, f"s{n}", ago(days=n), words) for n, p in enumerate(STRANGERS))))
    with transaction(db):
        login = logins.save(db, Login(id=0, source="feed", place="blog", address=""))
        for n in range(3):
            logins.save_stream(db, login, Stream(name=f"f{n}", address=f"https://f{n}.example/feed", title=LONG), is_followed=True)
        failure = "backstairs.example says that this page does not exist any more, and has said so since last Monday. What was read is kept."
        logins.tried(db, login, at=1, failure=failure, next_try=None)
    db.close()


def cut(root: QWidget) -> list[str]:
    """What does not fit: labels and buttons smaller than their text, or beyond the side of what holds them."""
    found = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisibleTo(root) or isinstance(widget.parentWidget(), QAbstractSpinBox | QAbstractItemView):
            continue
        words = widget.text() if isinstance(widget, PlainLabel | QAbstractButton) else ""
        if not words:
            continue
        if isinstance(widget, ParagraphLabel) or (isinstance(widget, PlainLabel) and widget.wordWrap()):
            fits = widget.height() + 1 >= widget.heightForWidth(widget.width())
        elif isinstance(widget, PlainLabel):
            fits = widget.width() + 1 >= widget.fontMetrics().horizontalAdvance(words) and widget.height() >= widget.fontMetrics().height()
        else:
            fits = widget.width() >= widget.minimumSizeHint().width() and widget.height() >= widget.minimumSizeHint().height()
        room = QRect(0, 0, root.width(), 1)
        left, right = widget.mapTo(root, widget.rect().topLeft()).x(), widget.mapTo(root, widget.rect().topRight()).x()
        if not fits or left < room.left() or right > room.right() + 1:
            found.append(f"{type(widget).__name__} “{words[:40]}” {widget.size().toTuple()} at {left}–{right} of {root.width()}")
    return found


@pytest.fixture(scope="module")
def made(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("fitting")
    fill(folder)
    with studio(folder) as one:
        yield one


SHOTS = (
    Shot(), Shot(size=(1000, 640)), Shot(size=(720, 480)), Shot(percent=200), Shot(size=(1000, 640), percent=150, dark=True),
)  # fmt: skip


@pytest.mark.parametrize("mirrored", [False, True], ids=["ltr", "rtl"])
@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
@pytest.mark.parametrize("name", ["today", "round", "who", "places", "welcome"])
def test_no_text_of_a_page_is_cut(made: Studio, qapp: QApplication, name: str, shot: Shot, mirrored: bool) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight)
    try:
        made.light(shot)
        made.window.go(Target(page=name))
        made.settle()
        page = made.window.page()
        assert page is not None and page.name == name
        for card in getattr(page, "cards", {}).values():
            card._more.setChecked(True)
        made.settle()
        assert cut(page) == []
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("name", ["settings", "connect", *WAYS, "export", "everything", "person", "bucket", "link", "bug", "import"])
def test_no_text_of_a_dialog_is_cut(made: Studio, qtbot: QtBot, tmp_path: Path, name: str, percent: int) -> None:
    made.light(Shot(percent=percent))
    router, dialogs = made.window.context.router, made.window.dialogs
    table = tmp_path / f"{LONG[:60]}.csv"
    table.write_text("Wer,Elektropost,Was sonst noch zu sagen wäre, wenn jemand fragte\nAnn,ann@x.example,viel\n", encoding="utf-8")
    {
        "settings": dialogs.settings, "connect": lambda: router.connect_place.emit(""), **{way: lambda way=way: router.connect_place.emit(way) for way in WAYS},
        "export": lambda: router.export.emit(View(kind="people", title=LONG)), "everything": lambda: router.export.emit(None),
        "person": dialogs.new_person, "bucket": dialogs.new_bucket, "link": lambda: router.open_link.emit("https://a@" + "b" * 60 + ".example/" + "c" * 200),
        "bug": lambda: dialogs.bug(ValueError("x")), "import": lambda: router.import_files.emit([table, tmp_path / "nothing.bin"]),
    }[name]()  # fmt: skip
    dialog = made.window.findChildren(QDialog)[-1]
    made.settle()
    try:
        assert cut(dialog) == []
        area = made.window.screen().availableGeometry()
        assert dialog.height() <= max(900, area.height()) and dialog.width() <= 1440
    finally:
        dialog.close()
        made.settle()
