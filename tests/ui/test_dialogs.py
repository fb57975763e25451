"""The frame of dialogs: nothing in it is cut, its buttons are always on the screen, and who scrolls changes nothing."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QFormLayout, QPlainTextEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.label import ParagraphLabel


def made(look: Look, qtbot: QtBot, rows: int, *, high: int = 0) -> tuple[DialogFrame, list[QSpinBox], Button]:
    dialog = DialogFrame(look, "Title", sentence="Some words.", high=high)
    qtbot.addWidget(dialog)
    form, fields = QFormLayout(), [QSpinBox() for _ in range(rows)]
    for field in fields:
        form.addRow("Number", field)
    dialog.body.addWidget(ParagraphLabel(look, "Words that take several lines. " * 6, role="body"))
    dialog.body.addLayout(form)
    button = dialog.add_button("Keep")
    with qtbot.waitExposed(dialog):
        dialog.open_beside()
    qtbot.wait(1)
    return dialog, fields, button


def seen(dialog: DialogFrame, widget: QWidget) -> bool:
    """Whether all of it can be seen in the dialog as it stands."""
    return widget.visibleRegion().boundingRect().size() == widget.size() and dialog.rect().contains(widget.mapTo(dialog, widget.rect().bottomRight()))


def test_a_small_one_is_shown_whole_and_does_not_scroll(look: Look, qtbot: QtBot) -> None:
    dialog, fields, button = made(look, qtbot, 4)
    assert all(seen(dialog, field) and field.height() >= field.minimumSizeHint().height() for field in fields) and seen(dialog, button)
    assert not dialog._room.verticalScrollBar().isVisible()
    fields[0].hide()
    dialog.body.addWidget(more := QSpinBox())
    more.setMinimumHeight(90)
    qtbot.waitUntil(lambda: seen(dialog, more))
    assert not dialog._room.verticalScrollBar().isVisible()


def test_one_that_is_too_large_stays_on_the_screen_and_scrolls(look: Look, qtbot: QtBot) -> None:
    look.set_text_scale(2.0)
    dialog, fields, button = made(look, qtbot, 40)
    assert dialog.height() <= dialog.screen().availableGeometry().height() - 60
    assert seen(dialog, button) and dialog._room.verticalScrollBar().isVisible() and not seen(dialog, fields[-1])
    assert all(field.height() >= field.minimumSizeHint().height() for field in fields)
    dialog.show_soon(fields[-1])
    qtbot.waitUntil(lambda: seen(dialog, fields[-1]))


def test_what_can_give_way_does_before_anything_scrolls(look: Look, qtbot: QtBot) -> None:
    dialog, _fields, button = made(look, qtbot, 2)
    words = QPlainTextEdit()
    words.setMinimumHeight(60)
    dialog.body.addWidget(words, 1)
    qtbot.waitUntil(lambda: words.height() == words.sizeHint().height())
    least = dialog.height() - words.height() + 80
    dialog.resize(dialog.width(), least)
    qtbot.waitUntil(lambda: 60 <= words.height() <= 100)
    assert not dialog._room.verticalScrollBar().isVisible() and seen(dialog, button)
    dialog.resize(dialog.width(), least - 80)
    qtbot.waitUntil(lambda: dialog._room.verticalScrollBar().isVisible())
    assert words.height() == 60 and seen(dialog, button)
    words.setPlaceholderText("typed")
    dialog._sentence.set_runs("Other words.")
    qtbot.wait(1)
    assert dialog.height() == least - 80, "whoever made it smaller keeps it so"


def test_a_list_gets_the_height_it_wishes(look: Look, qtbot: QtBot) -> None:
    assert made(look, qtbot, 1, high=600)[0].height() == 600


def test_scrolling_past_a_field_changes_nothing_in_it(look: Look, qtbot: QtBot) -> None:
    dialog, fields, _ = made(look, qtbot, 40)
    chosen = QComboBox()
    chosen.addItems(["a", "b"])
    dialog.body.insertWidget(0, chosen)
    qtbot.waitUntil(lambda: chosen.isVisible() and chosen.focusPolicy() is Qt.FocusPolicy.StrongFocus)
    for field, value in ((fields[3], fields[3].value), (chosen, chosen.currentIndex)):
        for pixels in (120, -120, -120):
            at = QPointF(5, 5)
            turned = QWheelEvent(at, field.mapToGlobal(at), QPoint(), QPoint(0, pixels), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)
            QApplication.sendEvent(field, turned)
            assert value() == 0 and not turned.isAccepted(), "it goes on to what scrolls"
