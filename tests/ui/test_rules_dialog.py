"""The rules of prompts in the window: a switch and numbers that hold at once, by keyboard, with what others change meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from relationdesk.prompts import RULES, thresholds
from relationdesk.services import agenda, people
from relationdesk.store import prompts, settings
from relationdesk.ui.rule_words import field_name, rule_name
from relationdesk.ui.rules_dialog import RulesDialog
from relationdesk.ui.settings_dialog import SettingsDialog
from relationdesk.ui.theme import Look
from relationdesk.ui.today_page import TodayPage
from relationdesk.ui.widgets.buttons import Button
from tests.facts import NOW, ago, arrive, did, who
from tests.ui.office import Office, office

ME, JOE = who("Sam Carter", owner=True), who("Joe Brown")


@pytest.fixture
def at(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Office]:
    facts = (ME, JOE, did(JOE, "c", ago(days=10), "The gateway is broken again", to=[ME]))
    with office(tmp_path, look, qtbot, lambda db: arrive(db, facts)) as made:
        yield made


def opened(at: Office) -> RulesDialog:
    dialog = RulesDialog(at.context)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    at.qtbot.addWidget(dialog)
    at.kept.append(dialog)
    dialog.show()
    at.wait(lambda: dialog.blocks)
    return dialog


def open_prompts(at: Office) -> int:
    return int(at.db.execute("SELECT open_prompts FROM people WHERE name = 'Joe Brown'").fetchone()[0])


def test_every_rule_and_every_number_has_words(at: Office) -> None:
    dialog = opened(at)
    assert list(dialog.blocks) == [rule.name for rule in RULES]
    for name, block in dialog.blocks.items():
        assert rule_name(name) != name.replace("_", " ") and block.on.text() == rule_name(name) and block.on.accessibleDescription()
        for field, box in block.boxes.items():
            assert box.accessibleName() == f"{rule_name(name)}: {field_name(name, field)}" and box.accessibleDescription().startswith("From ")
            assert box.value() == thresholds()[f"{name}.{field}"]
            assert box.suffix().strip() and box.minimum() < box.maximum()
        assert block.default.isHidden()


def test_a_number_is_set_by_keys_kept_and_counted_anew(at: Office) -> None:
    agenda.today(at.db, NOW)
    assert open_prompts(at) == 1
    dialog = opened(at)
    block = dialog.blocks["complaint"]
    box = block.boxes["days"]
    box.setFocus()
    box.selectAll()
    at.qtbot.keyClicks(box, "9")
    at.qtbot.keyClick(box, Qt.Key.Key_Return)
    assert dialog.isVisible(), "Return ends the number, it does not close the dialog"
    block.keep()
    at.wait(lambda: settings.thresholds(at.db) == {"complaint.days": 9})
    at.wait(lambda: open_prompts(at) == 0)
    at.wait(lambda: not block.default.isHidden())
    block.default.click()
    at.wait(lambda: settings.thresholds(at.db) == {} and box.value() == 14)
    assert block.default.isHidden()


def test_holding_an_arrow_is_one_decision(at: Office) -> None:
    dialog = opened(at)
    box = dialog.blocks["birthday"].boxes["ahead_days"]
    for _ in range(4):
        at.qtbot.keyClick(box, Qt.Key.Key_Up)
    assert settings.thresholds(at.db) == {}
    dialog.close()
    at.wait(lambda: settings.thresholds(at.db) == {"birthday.ahead_days": 7})
    assert at.db.execute("SELECT count(*) FROM decisions WHERE kind = 'rule'").fetchone() == (1,)


def test_a_number_left_alone_is_kept(at: Office) -> None:
    dialog = opened(at)
    dialog.blocks["birthday"].boxes["ahead_days"].stepUp()
    at.wait(lambda: settings.thresholds(at.db) == {"birthday.ahead_days": 4})


def test_a_rule_is_switched_off_and_on(at: Office) -> None:
    block = opened(at).blocks["complaint"]
    at.qtbot.keyClick(block.on, Qt.Key.Key_Space)
    at.wait(lambda: prompts.rules_off(at.db) == {"complaint"} and not block.boxes["days"].isEnabled())
    block.on.click()
    at.wait(lambda: prompts.rules_off(at.db) == frozenset() and block.boxes["days"].isEnabled())


def test_undo_is_seen_at_once(at: Office) -> None:
    block = opened(at).blocks["complaint"]
    block.boxes["days"].setValue(30)
    block.keep()
    at.wait(lambda: settings.thresholds(at.db) == {"complaint.days": 30})
    at.context.tasks.write(people.undo, NOW)
    at.wait(lambda: block.boxes["days"].value() == 14)


def test_settings_and_today_lead_there(at: Office) -> None:
    asked: list[int] = []
    at.context.router.rules.connect(lambda: asked.append(1))
    dialog = SettingsDialog(at.context)
    at.qtbot.addWidget(dialog)
    at.kept.append(dialog)
    at.wait()
    dialog.findChild(Button, "rules").click()
    page = TodayPage(at.context)
    at.qtbot.addWidget(page)
    page.open(page.position())
    at.wait(lambda: hasattr(page, "rules"))
    page.rules.click()
    assert asked == [1, 1]
