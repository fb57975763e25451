"""How the program starts: window or command, which desk, and the main job in words where there is no screen."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QDeadlineTimer
from PySide6.QtWidgets import QApplication

from relationdesk import app, window
from relationdesk.services import backup, heavy_jobs
from relationdesk.services.desk_copy import LookedAt
from relationdesk.store import database, settings
from relationdesk.ui import application, layout_memory
from relationdesk.ui.doorbell import ring
from tests.facts import NOW, bring, who
from tests.store.test_faults import damaged_desk
from tests.ui.desk import make_desk

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("given", "expected"),
    [([], True), (["--desk", "here"], True), (["--desk=here"], True), (["--desk"], False), (["--desk", ""], False), (["--desk="], False), (["--desk", "here", "--json"], False), (["people"], False), (["--desk", "here", "people"], False),
     (["--desk=here", "people"], False), (["--version"], False), (["--help"], False), (["people", "--desk", "here"], False), ([""], False)],
)  # fmt: skip
def test_a_window_only_without_a_command(given: list[str], expected: bool) -> None:
    assert app._wants_window(given) is expected


@pytest.mark.parametrize("given", [["--desk", "~/one/two"], ["--desk=~/one/two"]])
def test_the_desk_that_is_named(given: list[str]) -> None:
    assert app._desk_of(given) == Path.home() / "one" / "two"


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, ".local/share/relationdesk"), ("linux", {"XDG_DATA_HOME": "~/data"}, "data/relationdesk"),
        ("darwin", {}, "Library/Application Support/RelationDesk"), ("win32", {}, "AppData/Local/RelationDesk"),
        ("win32", {"LOCALAPPDATA": "~/local"}, "local/RelationDesk"), ("linux", {"RELATIONDESK_DESK": "~/mine"}, "mine"),
        ("win32", {"RELATIONDESK_DESK": "~/mine"}, "mine"), ("linux", {"RELATIONDESK_DESK": "", "XDG_DATA_HOME": ""}, ".local/share/relationdesk"),
        ("win32", {"LOCALAPPDATA": ""}, "AppData/Local/RelationDesk"),
    ],
)  # fmt: skip
def test_the_desk_of_each_system(monkeypatch: pytest.MonkeyPatch, platform: str, environment: dict[str, str], expected: str) -> None:
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA", "RELATIONDESK_DESK"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value if name == "RELATIONDESK_DESK" else os.path.expanduser(value))  # noqa: PTH111
    monkeypatch.setattr(sys, "platform", platform)
    assert app.desk_folder() == Path.home() / expected
    assert app._desk_of([]) == app.desk_folder()


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [("linux", {}, False), ("linux", {"DISPLAY": ":0"}, True), ("linux", {"WAYLAND_DISPLAY": "w"}, True), ("linux", {"QT_QPA_PLATFORM": "offscreen"}, True),
     ("linux", {"DISPLAY": ""}, False), ("darwin", {}, True), ("win32", {}, True)],
)  # fmt: skip
def test_where_there_is_a_screen(monkeypatch: pytest.MonkeyPatch, platform: str, environment: dict[str, str], expected: bool) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert window.has_screen() is expected


def test_a_command_ends_with_its_code(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "umask", lambda mask: mask)  # of this process, for all later tests
    with pytest.raises(SystemExit) as done:
        app.main(["--desk", str(tmp_path / "desk"), "people"])
    assert done.value.code == 0
    with pytest.raises(SystemExit) as done:
        app.main(["--desk", str(tmp_path / "desk"), "no-such-command"])
    assert done.value.code == 2
    assert "no-such-command" in capsys.readouterr().err


def test_a_desk_never_depends_on_where_one_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RELATIONDESK_DESK", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", "data")
    assert app.desk_folder() == Path.home() / ".local" / "share" / "relationdesk"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a screen")
@pytest.mark.parametrize("named", [{}, {"QT_QPA_PLATFORM": "moon"}], ids=["nothing", "what Qt has not"])
def test_without_a_screen_the_main_job_in_words(named: dict[str, str], tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-W", "ignore:Binding", "-m", "relationdesk", "--desk", str(desk)], env={**environment, **named, "PYTHONPATH": str(ROOT)}, cwd=tmp_path,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stderr.splitlines() == (["Could not find the Qt platform plugin \"moon\" in \"\""] if named else [])
    assert done.stdout.startswith("There is no screen here")
    assert done.stdout.index("Joe Brown, newest first") < done.stdout.index("Today:")
    assert not desk.exists()  # the user's own desk is not touched
    pictures = list(tmp_path.rglob("window.png"))
    assert len(pictures) == 1 and pictures[0].read_bytes().startswith(b"\x89PNG")


@pytest.fixture
def heeded() -> Iterator[None]:
    """Whoever runs the tests in the background ignores Ctrl+C, or with nohup the end of the terminal, and so would every child; one that has a handler starts its children without."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if sys.platform != "win32" else []))}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no signal reaches a window there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_closes_the_window_and_what_is_being_written_is_finished(number: signal.Signals, tmp_path: Path, heeded: None) -> None:
    make_desk(tmp_path / "desk")
    with subprocess.Popen(
        [sys.executable, "-m", "relationdesk", "--desk", str(tmp_path / "desk")], env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as program:  # fmt: skip
        deadline = QDeadlineTimer(60_000)
        while not ring(tmp_path / "desk") and not deadline.hasExpired():
            pass
        program.send_signal(number)
        try:
            said = program.communicate(timeout=30)[1]
        finally:
            program.kill()
    assert program.returncode == 0 and "Traceback" not in said
    db = database.connect(tmp_path / "desk" / "desk.db")
    assert settings.value(db, layout_memory.NAME)  # written while the window closes
    db.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no signal reaches a command there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_stops_a_command_as_ctrl_c_does(number: signal.Signals, heeded: None) -> None:
    waits = (
        "import signal; from relationdesk import app; from relationdesk.cli import main as cli\n"
        "cli.relationdesk.main = lambda *_, **__: (print('ready', flush=True), signal.pause())\napp.main(['people'])"
    )
    with subprocess.Popen([sys.executable, "-c", waits], env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None and program.stdout.readline() == "ready\n"
        program.send_signal(number)
        try:
            said = program.communicate(timeout=30)[1]
        finally:
            program.kill()
    assert said == "Stopped. Nothing was left half-done.\n" and program.returncode == 2


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Asked:
    """Every question before there is a window, answered with `yes`; the window itself is not opened."""
    found = Asked()
    monkeypatch.setattr(application, "asked", found.ask)
    monkeypatch.setattr(application, "refused", lambda _app, error: found.refused.append(str(error)) or 1)
    monkeypatch.setattr(application, "run", lambda desk, **named: found.opened.append(desk) or 0)
    monkeypatch.setattr(application, "look", found.look)
    return found


class Asked:
    def __init__(self) -> None:
        self.answer = 1
        self.looked: list[tuple[str, list[str]]] = []
        self.questions: list[str] = []
        self.refused: list[str] = []
        self.opened: list[Path] = []

    def ask(self, _app: object, title: str, sentence: str, *answers: str) -> int:
        self.questions.append(f"{title}: {sentence} {list(answers)}")
        return self.answer

    def look(self, looked: LookedAt) -> int:
        with closing(database.connect(heavy_jobs.desk_file(looked.copy))) as db:
            self.looked.append((looked.happened, [name for (name,) in db.execute("SELECT name FROM people ORDER BY name")]))
        return 0


def test_a_damaged_desk_is_put_back_only_if_the_user_says_so(tmp_path: Path, asked: Asked) -> None:
    db = database.open_desk(tmp_path)
    bring(db, [who("Joe Brown")])
    backup.backup(db, None, NOW)
    database.close_desk(db)
    (tmp_path / "desk.db").write_bytes(b"\xa5" * 50_000)
    asked.answer = 0
    assert window.open_window(tmp_path) == 1 and not asked.refused and not asked.looked
    assert (tmp_path / "desk.db").read_bytes() == b"\xa5" * 50_000
    assert "by-hand.db" in asked.questions[0] and "Put back the copy of" in asked.questions[0]
    asked.answer = 1  # nothing can be read of it
    assert window.open_window(tmp_path) == 1 and "by-hand.db" in asked.refused[0]
    asked.answer = 2
    assert window.open_window(tmp_path) == 0 and asked.opened == [tmp_path]
    db = database.open_desk(tmp_path)
    assert db.execute("SELECT name FROM people").fetchall() == [("Joe Brown",)]
    db.close()
    (damaged,) = (tmp_path / "backups").glob("*-damaged.db")
    assert damaged.read_bytes() == b"\xa5" * 50_000


@pytest.mark.parametrize("with_copy", [True, False])
def test_what_can_be_read_of_a_damaged_desk_is_shown(tmp_path: Path, asked: Asked, with_copy: bool) -> None:
    db = damaged_desk(tmp_path)
    if with_copy:
        (tmp_path / "backups").mkdir()
        (tmp_path / "backups" / "20261119T000000Z-daily.db").touch()
    db.close()
    before = (tmp_path / "desk.db").read_bytes()
    assert window.open_window(tmp_path) == 0 and not asked.refused and not asked.opened
    assert len(asked.questions) == with_copy
    ((happened, names),) = asked.looked
    assert "is damaged" in happened and "left exactly as it is" in happened and names == ["Joe Brown"]
    assert (tmp_path / "desk.db").read_bytes() == before


def test_a_desk_where_nothing_can_be_written_is_shown_all_the_same(tmp_path: Path, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    db = database.open_desk(tmp_path)
    bring(db, [who("Joe Brown")])
    database.close_desk(db)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    monkeypatch.setattr(database.os, "access", lambda folder, _mode: Path(folder) != tmp_path)
    assert window.open_window(tmp_path) == 0 and not asked.refused and not asked.questions
    ((happened, names),) = asked.looked
    assert str(tmp_path) in happened and "is safe" in happened and names == ["Joe Brown"]
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_newer_or_foreign_desk_is_not_looked_at(tmp_path: Path, asked: Asked) -> None:
    db = database.open_desk(tmp_path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    assert window.open_window(tmp_path) == 1
    assert "newer version" in asked.refused[0] and not asked.looked
    db = database.connect(tmp_path / "desk.db")
    db.execute("PRAGMA application_id = 7")
    db.close()
    assert window.open_window(tmp_path) == 1
    assert "another program" in asked.refused[1] and not asked.looked


def test_a_new_desk_in_a_bad_place_is_told_before_anything_is_written(tmp_path: Path, asked: Asked) -> None:
    desk = tmp_path / "Dropbox" / "desk"
    asked.answer = 0
    assert window.open_window(desk) == 1
    assert "Dropbox" in asked.questions[0] and list(tmp_path.iterdir()) == []
    asked.answer = 1
    assert window.open_window(desk) == 0
    assert window.open_window(desk) == 0 and len(asked.questions) == 2


@pytest.mark.parametrize("home", ["", "here", None])
def test_a_home_that_names_no_folder_makes_no_desk_where_one_stands(monkeypatch: pytest.MonkeyPatch, home: str | None) -> None:
    pwd = pytest.importorskip("pwd")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", "")
    monkeypatch.delenv("RELATIONDESK_DESK", raising=False)
    monkeypatch.delenv("HOME") if home is None else monkeypatch.setenv("HOME", home)
    assert app.desk_folder() == Path(pwd.getpwuid(os.getuid()).pw_dir) / ".local/share/relationdesk"


def test_the_first_picture_waits_for_nothing_that_it_does_not_show() -> None:
    """What a person's page brings along when it is imported: each of these would cost a good part of a bare window's start."""
    dear = ("httpx", "keyring", "apscheduler", "sqlite_utils", "relationdesk.sources", "relationdesk.services.matching", "relationdesk.store.batches",
            "relationdesk.store.outbox", "relationdesk.ui.follow_up_dialog", "relationdesk.services.notes", "relationdesk.services.promised", "relationdesk.services.desk_copy", "platform",
            "relationdesk.services.people", "relationdesk.services.relationship", "relationdesk.services.searching", "relationdesk.engage.templates", "relationdesk.prompts")  # fmt: skip
    code = "import sys; import relationdesk.window, relationdesk.ui.main_window, relationdesk.ui.person_page; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert "relationdesk.ui.timeline_view" in loaded and not set(dear) & set(loaded)
