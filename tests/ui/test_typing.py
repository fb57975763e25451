"""Killed while a note is being typed in the real window: the next start offers what was said to be saved."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from relationdesk.store.database import close_desk, open_desk
from relationdesk.ui.page import Target
from relationdesk.ui.person_page import PersonPage
from tests.facts import bring, did, who
from tests.ui.test_the_walk import Walk
from tests.ui.typing import words


@pytest.mark.slow
def test_killed_while_typing_the_draft_is_offered(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> None:
    db = open_desk(tmp_path)
    bring(db, [who("Joe Brown"), did(who("Joe Brown"), "a")])
    close_desk(db)
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen([sys.executable, "-m", "tests.ui.typing", str(tmp_path)], stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    safe = [int(process.stdout.readline()) for _ in range(3)][-1]
    process.kill()
    process.communicate()
    walk = Walk(qapp, qtbot, tmp_path)
    try:
        walk.window.context.router.go.emit(Target(page="person", id=1))
        walk.wait(lambda: isinstance(walk.window.page(), PersonPage) and walk.window.page().composer.editor.toPlainText() != "")
        composer = walk.window.page().composer  # type: ignore[union-attr]
        found = composer.editor.toPlainText()
        assert safe > 20 and len(found) >= safe and found == words(len(found))
        assert "did not keep" in composer._status.text()
    finally:
        walk.close()
