"""Use the window at random, as fuzz.py bends files: real keys, clicks, words, files dropped and sizes on a copy of the sample desk, while a blog that it
reads says something else each time, or nothing, or nonsense.

`python -m tests.at_random [STEPS [SEED …]]` (1,000 steps of ten seeds by default; `make at-random`) prints a line per seed and what went
wrong with the last steps before it; exit 1 if anything did. The suite runs a short form of it. Times decide when answers come home, so that a
seed does much the same again, not exactly the same.

Wrong is: an exception, a bug told by a job, a warning of Qt, an address of another kind opened, a window that went, or a desk that is not in order after it.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import traceback
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QDeadlineTimer,
    QEvent,
    QEventLoop,
    QMessageLogContext,
    QMimeData,
    QPoint,
    QPointF,
    Qt,
    QtMsgType,
    QUrl,
    qInstallMessageHandler,
)
from PySide6.QtGui import QDesktopServices, QDropEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)

from relationdesk.errors import RelationDeskError
from relationdesk.services import backup, sample
from relationdesk.store import database
from relationdesk.ui.application import Program, application
from tests.facts import NOW
from tests.feed_server import FeedServer

STEPS, SEEDS = 1_000, range(10)
LETTERS = "nrlmsewoaxtgcujkpbhdifqv?/.,1234567890"
WITH_CONTROL = "kfzptldbsnm,123456"
KEYS = tuple(
    getattr(Qt.Key, f"Key_{name}")
    for name in "Return Escape Tab Backtab Up Down Left Right Home End PageDown PageUp Space Delete Backspace F1 F5 Menu".split()
)
WORDS = (
    "hello @Joe", "from:joe", "שלום עולם", "a" * 200, "\U0001f468\u200d\U0001f469\u200d\U0001f467", '"quoted -minus', "9999-99-99", "3 March", "-1",
    "=cmd|' /C calc'!A0", ">me send sheet fri", "\u202eevil", "place:mail kind:zzz before:x",
)  # fmt: skip
SIZES = ((1440, 900), (1000, 640), (1200, 700), (1920, 1080))
NONE, LEFT, RIGHT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
SCHEMES = {"http", "https", "mailto", "file"}
"""What a click may open: a page, the mail program, a folder of the user's."""
OF_THE_SCREEN = "This plugin does not support"
"""What Qt says of having no screen."""


EXAMPLES = sorted(path for path in (Path(__file__).parent / "data").iterdir() if path.is_dir())


class Blog:
    """A feed on this computer. `turn` changes what it answers from now on."""

    def __init__(self, server: FeedServer, dice: random.Random) -> None:
        self.page = f"{server.base}/feed"
        self._server, self._dice, self._posts = server, dice, 1
        self._say()

    def turn(self) -> None:
        match self._dice.randrange(8):
            case 0:
                self._server.put("/feed", status=self._dice.choice((404, 410, 429, 500, 503)))
            case 1:
                self._server.put("/feed", "<html><title>Sign in</title></html>", Content_Type="text/html")
            case 2:
                self._server.put("/feed", "<rss", Content_Type="application/rss+xml")
            case _:
                self._posts += self._dice.choice((0, 1, 30))
                self._say()

    def _say(self) -> None:
        posts = "".join(
            f"<item><guid>{n}</guid><title>Post {n}</title><description>Meters again</description><pubDate>{format_datetime(NOW - timedelta(hours=n))}</pubDate></item>"
            for n in range(self._posts)
        )
        self._server.put("/feed", f"<rss version='2.0'><channel><title>A blog</title>{posts}</channel></rss>", Content_Type="application/rss+xml")


class Hand:
    """Does one thing after the other to whatever stands in front, and remembers the last ones."""

    def __init__(self, app: QApplication, window: QWidget, dice: random.Random) -> None:
        self._app, self._window, self._dice = app, window, dice
        self.did: deque[str] = deque(maxlen=8)
        self._deeds: tuple[tuple[Callable[[], None], int], ...] = (
            (self._letter, 30), (self._key, 22), (self._control, 8), (self._words, 6), (self._click, 28), (self._size, 3), (self._drop, 1),
        )  # fmt: skip

    def step(self) -> None:
        (deed,) = self._dice.choices([d for d, _ in self._deeds], [weight for _, weight in self._deeds])
        for dialog in self._app.topLevelWidgets():
            if isinstance(dialog, QFileDialog):  # it waits in a loop of its own for an answer about files
                dialog.close()
        with suppress(RuntimeError):  # what stood in front has let go of itself between two clicks of one step
            deed()

    def _front(self) -> QWidget:
        over = self._app.activePopupWidget() or self._app.activeModalWidget()
        dialogs = [w for w in self._app.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
        return over or (self._dice.choice(dialogs) if dialogs and self._dice.random() < 0.9 else self._window)

    def _focus(self) -> QWidget:
        front, there = self._front(), self._app.focusWidget()
        return there if there is not None and (front is self._window or front.isAncestorOf(there)) else front

    def _press(self, key: Qt.Key | str, held: Qt.KeyboardModifier = NONE) -> None:
        there = self._focus()
        self.did.append(f"{held.name} {getattr(key, 'name', key)} in {type(there).__name__}")
        QTest.keyClick(there, key, held)  # type: ignore[call-overload]

    def _letter(self) -> None:
        self._press(self._dice.choice(LETTERS), Qt.KeyboardModifier.ShiftModifier if self._dice.random() < 0.15 else NONE)

    def _key(self) -> None:
        self._press(self._dice.choice(KEYS))

    def _control(self) -> None:
        held = Qt.KeyboardModifier.ControlModifier
        self._press(self._dice.choice(WITH_CONTROL), held | Qt.KeyboardModifier.ShiftModifier if self._dice.random() < 0.3 else held)

    def _words(self) -> None:
        there, words = self._focus(), self._dice.choice(WORDS)
        if isinstance(there, QLineEdit | QPlainTextEdit):
            self.did.append(f"{words[:12]!r} into {type(there).__name__}")
            for letter in words[:40]:
                self._app.sendEvent(there, QKeyEvent(QEvent.Type.KeyPress, 0, NONE, letter))

    def _click(self) -> None:
        front = self._front()
        if isinstance(front, QMenu):
            entry = self._dice.choice([a for a in front.actions() if a.isEnabled() and not a.isSeparator()])
            self.did.append(f"chose {entry.text()}")
            QTest.mouseClick(front, LEFT, NONE, front.actionGeometry(entry).center())
            return
        kind = QWidget if front is self._window and self._dice.random() < 0.4 else QAbstractButton
        if there := [w for w in front.findChildren(kind) if w.isVisible() and w.isEnabled() and w.width() > 4]:
            target = self._dice.choice(there)
            at = QPoint(self._dice.randrange(target.width()), self._dice.randrange(max(1, target.height())))
            self.did.append(f"clicked {type(target).__name__} {target.accessibleName() or getattr(target, 'text', str)()}"[:60])
            QTest.mouseClick(target, RIGHT if self._dice.random() < 0.08 else LEFT, NONE, at)

    def _drop(self) -> None:
        path, data = self._dice.choice(EXAMPLES), QMimeData()
        self.did.append(f"dropped {path.name}")
        data.setUrls([QUrl.fromLocalFile(str(path))])
        at = QPointF(self._window.width() / 2, self._window.height() / 2)
        self._app.sendEvent(self._window, QDropEvent(at, Qt.DropAction.CopyAction, data, LEFT, NONE))

    def _size(self) -> None:
        self._window.resize(*self._dice.choice(SIZES))


def child(seed: int, steps: int) -> list[str]:
    """What went wrong; at most a dozen."""
    wrong: list[str] = []
    hand: Hand | None = None

    def say(text: str) -> None:
        wrong.append(f"{text}\n    after: {'; '.join(hand.did) if hand is not None else 'nothing'}")

    def raised(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        say("".join(traceback.format_exception(kind, error, trace))[-1500:])

    def told(error: Exception) -> None:
        if not isinstance(error, RelationDeskError):  # a sentence of ours is an answer, not a bug
            raised(type(error), error, error.__traceback__)

    def qt(level: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if not text.startswith(OF_THE_SCREEN):
            say(f"Qt: {text}")

    def opened(url: QUrl) -> bool:
        if url.scheme() not in SCHEMES:
            say(f"An address was opened: {url.toString()}")
        return True

    def no_file(*_: object, **__: object) -> tuple[str, str]:
        return "", ""

    qInstallMessageHandler(qt)
    QDesktopServices.openUrl = staticmethod(opened)  # type: ignore[assignment]
    QFileDialog.getOpenFileName = QFileDialog.getSaveFileName = staticmethod(no_file)  # type: ignore[assignment]
    QFileDialog.getOpenFileNames = staticmethod(lambda *_, **__: ([], ""))  # type: ignore[assignment]
    QFileDialog.getExistingDirectory = staticmethod(lambda *_, **__: "")  # type: ignore[assignment]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as shut:
        server = shut.enter_context(FeedServer())
        dice = random.Random(seed)
        blog = Blog(server, dice)
        with closing(database.open_desk(Path(folder))) as db:
            sample.build(db, NOW)
        follow = ("--desk", folder, "follow", "feed", blog.page, "--allow-private")
        subprocess.run([sys.executable, "-m", "relationdesk", *follow], check=True, capture_output=True)
        app = application()
        program = Program(app, Path(folder), first_start=False, clock=lambda: NOW)
        program.tasks.bug.connect(told)
        sys.excepthook = raised
        program.open()
        _breathe(app, lambda: program.window is not None and program.window.isVisible())
        window = program.window
        assert window is not None
        window.activateWindow()
        hand = Hand(app, window, dice)
        for _ in range(steps):
            hand.step()
            if dice.random() < 0.05:
                blog.turn()
                window.syncs.start()
            for _ in range(dice.choice((1, 1, 2, 10))):
                _breathe(app)
            if not window.isVisible():
                say("The window went.")
            if len(wrong) >= 12 or not window.isVisible():
                break
        _breathe(app, lambda: not program.tasks.busy())
        window.close()
        program.close()
        with closing(database.open_desk(Path(folder))) as db:
            wrong.extend(backup.check(db).problems)
    return wrong


def _breathe(app: QApplication, until: Callable[[], bool] = lambda: True) -> None:
    """At least once; no longer than half a minute."""
    patience = QDeadlineTimer(30_000)
    while True:
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # only a running loop would
        if until() or patience.hasExpired():
            return


def run(seed: int, steps: int) -> str:
    """What went wrong, in a child of its own; empty if nothing did."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.at_random", "--child", str(seed), str(steps)], capture_output=True, text=True, check=False,
        cwd=Path(__file__).parents[1],
    )  # fmt: skip
    return f"{done.stdout}{done.stderr[-2000:]}" if done.returncode else ""


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if sys.argv[1:2] == ["--child"]:
        wrong = child(int(sys.argv[2]), int(sys.argv[3]))
        sys.stdout.writelines(f"{line}\n" for line in wrong)
        return 1 if wrong else 0
    steps, seeds = int(sys.argv[1]) if len(sys.argv) > 1 else STEPS, [int(seed) for seed in sys.argv[2:]] or SEEDS
    failed = False
    for seed in seeds:
        wrong = run(seed, steps)
        failed = failed or bool(wrong)
        sys.stdout.write(f"{seed}: {steps:,} steps, {'wrong' if wrong else 'nothing wrong'}\n{wrong}")
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
