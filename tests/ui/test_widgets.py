"""The small parts: foreign text stays text, everything has a name, everything grows and mirrors, nothing hides its way
back."""

from __future__ import annotations

import ast
import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QProgressBar, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from relationdesk.ui.frame import Icon
from relationdesk.ui.row_painter import Run
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.avatar import Avatar, initials
from relationdesk.ui.widgets.buttons import STYLES, Button
from relationdesk.ui.widgets.card import KINDS, Card, NoteCard
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.empty import EmptyState
from relationdesk.ui.widgets.field import SearchField
from relationdesk.ui.widgets.form import Form, line_field
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel, tooltip
from relationdesk.ui.widgets.number_box import NumberBox
from relationdesk.ui.widgets.pill import Pill
from relationdesk.ui.widgets.place_mark import PlaceMark
from relationdesk.ui.widgets.progress import ProgressLine
from relationdesk.ui.widgets.rail import ActivityRail, RailBar, rail_csv, rail_table
from relationdesk.ui.widgets.switch import Switch
from relationdesk.ui.widgets.toast import Toast

UI = Path(__file__).resolve().parents[2] / "relationdesk" / "ui"
FOREIGN_TEXT = {"QLabel", "QTextBrowser", "QTextEdit", "QMessageBox", "QErrorMessage", "QInputDialog", "QWhatsThis"}
HOSTILE = "<img src='/etc/hostname'><b>Joe</b> & <table colspan=99999>"


def _names(tree: ast.AST) -> set[str]:
    """Every class that a module calls or derives from."""
    found = set()
    for node in ast.walk(tree):
        for used in [node.func] if isinstance(node, ast.Call) else node.bases if isinstance(node, ast.ClassDef) else []:
            found |= {used.id} if isinstance(used, ast.Name) else {used.attr} if isinstance(used, ast.Attribute) else set()
            if isinstance(used, ast.Attribute) and isinstance(used.value, ast.Name):
                found.add(used.value.id)
    return found


def test_the_search_for_labels_finds_them() -> None:
    tree = ast.parse("QLabel('x')\nQtWidgets.QTextBrowser()\nQMessageBox.about(1)\nclass A(QTextEdit): ...")
    assert FOREIGN_TEXT & _names(tree) == {"QLabel", "QTextBrowser", "QMessageBox", "QTextEdit"}


def test_nothing_that_reads_markup_is_made_outside_label_py() -> None:
    wrong = []
    for file in UI.rglob("*.py"):
        used = FOREIGN_TEXT & _names(ast.parse(file.read_text(encoding="utf-8")))
        if file.name == "label.py":
            used -= {"QLabel"}
        wrong += [f"{file.relative_to(UI)}: {name}" for name in sorted(used)]
    assert not wrong


@pytest.mark.parametrize("kind", [PlainLabel, ParagraphLabel, ElidedLabel])
def test_foreign_text_stays_text(qtbot: QtBot, look: Look, kind: type[PlainLabel]) -> None:
    label = kind(look, HOSTILE)
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == HOSTILE
    with pytest.raises(ValueError, match="plain text"):
        label.setTextFormat(Qt.TextFormat.RichText)


def test_tool_tips_do_not_read_markup() -> None:
    assert tooltip("Joe Brown") == "Joe Brown"
    assert "<img" not in tooltip(HOSTILE)
    assert tooltip("a<b\nc") == "<qt>a&lt;b<br>c</qt>"


def test_an_elided_label_says_all_on_hover_and_to_the_screen_reader(qtbot: QtBot, look: Look) -> None:
    label = ElidedLabel(look, "Director of Facilities, Iberia · Alder & Finch Hotels")
    qtbot.addWidget(label)
    label.resize(120, 30)
    label.show()
    assert "Iberia" in label.toolTip()
    assert label.accessibleName() == label.text()
    label.resize(900, 30)
    assert label.toolTip() == ""


def test_a_paragraph_is_as_high_as_its_text(qtbot: QtBot, look: Look) -> None:
    label = ParagraphLabel(look, (Run("Because", strong=True), Run(" he asked. " * 30)))
    qtbot.addWidget(label)
    assert label.heightForWidth(200) > 2 * label.heightForWidth(600) > 0
    before = label.heightForWidth(400)
    look.set_text_scale(2.0)
    assert label.heightForWidth(400) > 2 * before


def test_a_paragraph_is_never_cut_by_a_tight_layout(qtbot: QtBot, look: Look) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    labels = [ParagraphLabel(look, "He asked for a price and about the rules. " * 8) for _ in range(3)]
    for label in labels:
        column.addWidget(label)
    window.resize(300, 60)
    window.show()
    for scale in (1.0, 2.0):
        look.set_text_scale(scale)
        qtbot.waitUntil(lambda: all(label.height() >= label.heightForWidth(label.width()) for label in labels))


def test_a_label_begins_at_the_leading_side(qtbot: QtBot, look: Look) -> None:
    label = PlainLabel(look, "Joe Brown", role="h3")
    qtbot.addWidget(label)
    assert label.alignment() & Qt.AlignmentFlag.AlignLeft
    label.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert label.alignment() & Qt.AlignmentFlag.AlignRight


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Joe Brown", "JB"), ("Dr. Hannah Weiss", "HW"), ("Ana Kovač", "AK"), ("Zoe", "Z"), ("", "?"), ("@joebr0wn", "?"),
        ("info@harborline.example", "?"), ("  ", "?"), ("Jones, Mary", "JM"), ("12 34", "?"), ("نور حداد", "ن\u200cح"),
        ("mary jane watson", "MW"),
    ],
)  # fmt: skip
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def _make_all(look: Look) -> list[tuple[str, Callable[[], QWidget]]]:
    return [
        *((f"button {style}", lambda style=style: Button(look, "Reply", style=style, icon="reply", key="R")) for style in STYLES),
        ("icon button", lambda: Button(look, icon="ellipsis", name="More")),
        ("avatar", lambda: Avatar(look, "Joe Brown", 1)),
        ("place", lambda: PlaceMark(look, "mastodon")),
        ("pill", lambda: Pill(look, "Waits for you", tone="attn", icon="clock")),
        ("field", lambda: SearchField(look, "Search or jump", key="Ctrl K")),
        ("rail", lambda: _rail(look)),
        ("empty", lambda: EmptyState(look, "Nobody waits", "Look in on somebody?", button="Start round")),
        ("switch", lambda: Switch(look, (("a", "Person", "user"), ("b", "Place", "layers")), name="View")),
    ]  # fmt: skip


def _rail(look: Look) -> ActivityRail:
    rail = ActivityRail(look)
    rail.set_bars([RailBar(title=f"Week {n}", theirs=n % 4, ours=n % 3, read=n != 5, tick="Nov") for n in range(10)])
    return rail


def test_everything_has_a_name_and_paints_in_every_theme(qtbot: QtBot, look: Look) -> None:
    for title, make in _make_all(look):
        widget = make()
        qtbot.addWidget(widget)
        assert widget.accessibleName(), title
        small = widget.sizeHint()
        pictures: list[QImage] = []
        for mode, scale, direction in (
            ("light", 1.0, Qt.LayoutDirection.LeftToRight),
            ("dark", 1.0, Qt.LayoutDirection.LeftToRight),
            ("dark", 2.0, Qt.LayoutDirection.RightToLeft),
        ):
            look.set_mode(mode)
            look.set_text_scale(scale)
            widget.setLayoutDirection(direction)
            widget.resize(widget.sizeHint())
            pictures.append(widget.grab().toImage())
        assert pictures[0] != pictures[1] != pictures[2], title
        assert widget.sizeHint().height() >= small.height(), title
        look.set_mode("light")
        look.set_text_scale(1.0)


@pytest.mark.parametrize("scale", [0.75, 1.0, 2.0])
def test_targets_are_large_enough(qtbot: QtBot, look: Look, scale: float) -> None:
    look.set_text_scale(scale)
    for title, make in _make_all(look):
        widget = make()
        qtbot.addWidget(widget)
        for button in [widget, *widget.findChildren(QAbstractButton)]:
            if isinstance(button, QAbstractButton):
                assert button.sizeHint().height() >= 28, title
                assert button.sizeHint().width() >= 28, title


def test_a_button_works_by_key_and_says_its_key(qtbot: QtBot, look: Look) -> None:
    button = Button(look, "Reply", style="primary", key="R")
    qtbot.addWidget(button)
    assert (button.accessibleName(), button.accessibleDescription()) == ("Reply", "R")
    with qtbot.waitSignal(button.clicked, timeout=1000):
        qtbot.keyClick(button, Qt.Key.Key_Space)
    chip = Button(look, style="chip", icon="mail", count="61", name="Mail, 61")
    qtbot.addWidget(chip)
    assert chip.accessibleName() == "Mail, 61"
    assert chip.toolTip() == "Mail, 61"


@pytest.mark.parametrize("style", sorted(STYLES))
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_keyboard_focus_can_be_seen(qtbot: QtBot, look: Look, style: str, mode: str) -> None:
    look.set_mode(mode)
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    button, other = Button(look, "Reply", style=style), Button(look, "Open")
    for widget in (button, other):
        column.addWidget(widget)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    other.setFocus()
    before = button.grab().toImage()
    button.setFocus(Qt.FocusReason.MouseFocusReason)
    assert button.grab().toImage() == before, "a mouse needs no ring"
    other.setFocus()
    qtbot.keyClick(other, Qt.Key.Key_Tab)
    assert button.hasFocus()
    assert button.grab().toImage() != before


def test_a_chosen_chip_looks_chosen(qtbot: QtBot, look: Look) -> None:
    chip = Button(look, "Everything", style="chip", count="128")
    qtbot.addWidget(chip)
    chip.setCheckable(True)
    chip.resize(chip.sizeHint())
    before = chip.grab().toImage()
    chip.setChecked(True)
    assert chip.grab().toImage() != before


def test_toast_undoes_once_and_goes(qtbot: QtBot, look: Look) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    toast, undone = Toast(look, window), []
    toast.say(HOSTILE, lambda: undone.append(1))
    assert toast.isVisible()
    assert toast.accessibleName() == toast.text() == HOSTILE
    button = toast.findChild(Button)
    button.click()
    assert undone == [1]
    assert not toast.isVisible()
    button.click()
    assert undone == [1]


def test_toast_stays_over_the_bottom_edge_and_inside(qtbot: QtBot, look: Look) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    toast = Toast(look, window)
    toast.say("Robert Hale linked with Bob Hale", lambda: None)
    window.resize(360, 300)
    assert window.rect().contains(toast.geometry())
    look.set_text_scale(2.0)
    assert window.rect().contains(toast.geometry())
    toast.say("Saved")
    assert not toast.findChild(Button).isVisible()


def test_toast_goes_by_itself_but_waits_for_the_keyboard(qtbot: QtBot, look: Look) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    toast = Toast(look, window, stay_ms=20)
    toast.say("Linked", lambda: None)
    toast.findChild(Button).setFocus()
    with qtbot.waitSignal(toast._timer.timeout, timeout=1000):
        pass
    assert toast.isVisible()
    toast.findChild(Button).clearFocus()
    qtbot.waitUntil(lambda: not toast.isVisible(), timeout=1000)


def test_rail_in_words_and_as_csv() -> None:
    bars = [RailBar(title="Week of 5 November", theirs=3, ours=1), RailBar(title='"x"', theirs=0, ours=0, read=False)]
    assert rail_table(bars) == 'Week of 5 November: 3 from them, 1 from you\n"x": not read'
    assert rail_csv(bars) == 'period,theirs,ours,read\r\n"Week of 5 November",3,1,yes\r\n"""x""",0,0,no\r\n'


def test_rail_selects_by_mouse_and_by_key(qtbot: QtBot, look: Look) -> None:
    rail = _rail(look)
    qtbot.addWidget(rail)
    rail.resize(400, 80)
    seen: list[tuple[int, int]] = []
    rail.selected.connect(lambda first, last: seen.append((first, last)))
    qtbot.mousePress(rail, Qt.MouseButton.LeftButton, pos=QPoint(100, 20))
    assert seen[-1] == (2, 2)
    qtbot.keyClick(rail, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(rail, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert seen[-1] == rail.selection() == (2, 4)
    qtbot.keyClick(rail, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert seen[-1] == (2, 3)
    qtbot.keyClick(rail, Qt.Key.Key_Escape)
    assert seen[-1] == (-1, -1)
    assert "Week 5: not read" in rail.accessibleDescription()
    rail.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert rail.bar_rect(0).left() > rail.bar_rect(9).left()


def test_an_empty_rail_does_nothing(qtbot: QtBot, look: Look) -> None:
    rail = ActivityRail(look)
    qtbot.addWidget(rail)
    qtbot.mousePress(rail, Qt.MouseButton.LeftButton)
    qtbot.keyClick(rail, Qt.Key.Key_Right)
    assert rail.selection() == (-1, -1)
    assert not rail.grab().isNull()


def test_progress_speaks_and_can_be_stopped_once(qtbot: QtBot, look: Look) -> None:
    line = ProgressLine(look)
    qtbot.addWidget(line)
    line.begin("Reading Bluesky")
    assert not line.isVisible(), "nothing flickers for what takes an instant"
    line.show_at_once()
    line.set_progress(3_000_000_000, 4_000_000_000, "Reading 3 of 4 GB")
    bar = line.findChild(QProgressBar)
    assert (bar.value(), bar.maximum()) == (750, 1000)
    assert (bar.accessibleName(), bar.accessibleDescription()) == ("Reading Bluesky", "Reading 3 of 4 GB")
    with qtbot.waitSignal(line.cancelled, timeout=1000):
        line.findChild(Button).click()
    assert not line.findChild(Button).isEnabled()
    line.finish()
    assert not line.isVisible()


def test_progress_shows_by_itself_after_a_while(qtbot: QtBot, look: Look) -> None:
    line = ProgressLine(look)
    qtbot.addWidget(line)
    line.begin("Reading")
    qtbot.waitUntil(line.isVisible, timeout=2000)


def test_empty_state_has_at_most_one_button(qtbot: QtBot, look: Look) -> None:
    state = EmptyState(look, "Nobody waits for you", "Look in on somebody you like?", button="Start round")
    qtbot.addWidget(state)
    state.resize(500, 500)
    state.show()
    with qtbot.waitSignal(state.chosen, timeout=1000):
        state.button.click()
    state.set_state("Nothing here yet", "Bring in a file to begin.")
    assert not state.button.isVisible()
    assert state.accessibleName() == "Nothing here yet. Bring in a file to begin."
    texts = [label.text() for label in state.findChildren(QLabel)]
    assert texts == ["Nothing here yet", "Bring in a file to begin."]


def test_switch_tells_the_choice_of_the_user_only(qtbot: QtBot, look: Look) -> None:
    switch = Switch(look, (("person", "Person", "user"), ("place", "Place", "layers")), name="View")
    qtbot.addWidget(switch)
    assert switch.value() == "person"
    with qtbot.assertNotEmitted(switch.chosen):
        switch.set_value("place")
    with qtbot.waitSignal(switch.chosen, timeout=1000) as caught:
        switch.findChildren(QAbstractButton)[0].click()
    assert caught.args == ["person"]


def test_dialog_is_beside_and_escapable(qtbot: QtBot, look: Look) -> None:
    dialog = DialogFrame(look, "Forget Joe Brown", sentence="This cannot be undone.")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    pressed: list[str] = []
    dialog.add_button("Keep")
    dialog.add_button("Forget", lambda: pressed.append("forget"), style="danger")
    dialog.open_beside()
    assert not dialog.isModal()
    assert dialog.windowTitle() == "Forget Joe Brown"
    dialog.findChildren(Button)[1].click()
    assert pressed == ["forget"]
    with qtbot.waitSignal(dialog.rejected, timeout=1000):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_cards_hold_their_kind(qtbot: QtBot, look: Look) -> None:
    seen = set()
    for kind in KINDS:
        card = Card(look, kind)
        qtbot.addWidget(card)
        card.resize(120, 60)
        seen.add(bytes(card.grab().toImage().constBits()))
    assert len(seen) == len(KINDS)
    note = NoteCard(look)
    qtbot.addWidget(note)
    note.resize(120, 60)
    assert note.grab().toImage().pixelColor(60, 30).name().upper() == look.theme.tokens.note


def test_place_mark_names_its_place(qtbot: QtBot, look: Look) -> None:
    mark = PlaceMark(look, "linkedin")
    qtbot.addWidget(mark)
    assert mark.accessibleName() == mark.toolTip() == "LinkedIn"


def test_a_change_of_theme_reaches_the_living_only(qtbot: QtBot, look: Look) -> None:
    """Pages come and go; a part that is gone must neither be called nor be kept."""
    window = QWidget()
    for _, make in _make_all(look):
        make().setParent(window)
    Toast(look, window).say("Linked")
    gone = weakref.ref(window.findChild(Button))
    window.deleteLater()
    del window
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert gone() is None
    look.set_mode("dark")
    look.set_text_scale(1.5)


def test_a_button_that_gives_way_keeps_its_name(look: Look, qtbot: QtBot) -> None:
    button = Button(look, "<b>Bucket</b> " + "long " * 40, style="chip", icon="star", elide=True, name="Take out of it")
    qtbot.addWidget(button)
    button.resize(160, 32)
    assert button.minimumSizeHint().width() <= 160 < button.sizeHint().width()
    assert button.accessibleName() == "Take out of it" and button.toolTip() == "Take out of it"
    assert Button(look, "Keep").minimumSizeHint() == Button(look, "Keep").sizeHint()


def test_the_words_of_a_number_stand_off_its_frame_at_every_size(look: Look, qtbot: QtBot) -> None:
    box = NumberBox(look, 0, 60, suffix=" days", one=" day", name="Every")
    qtbot.addWidget(box)
    before = box.lineEdit().textMargins().left()
    look.set_text_scale(2.0)
    assert before > 0 and box.lineEdit().textMargins().left() == 2 * before and box.accessibleName() == "Every"
    assert [box.text() for value in (0, 1, 2) if box.setValue(value) is None] == ["0 days", "1 day", "2 days"]


def test_a_dialog_grows_with_what_comes_and_cuts_no_field(look: Look, qtbot: QtBot) -> None:
    dialog = DialogFrame(look, "When somebody.with.a.long.address@alderfinch.example is Joe Brown", sentence="Some words that take two lines. " * 4)
    qtbot.addWidget(dialog)
    field, said = QLineEdit("2026-10-31"), PlainLabel(look, "", wrap=True)
    dialog.body.addWidget(field)
    dialog.body.addWidget(said)
    dialog.add_button("Keep")
    dialog.show()
    before = dialog.height()
    said.setText("\n".join(["Until 31 October 2026: Joe Brown, 25 items"] * 12))
    qtbot.waitUntil(lambda: dialog.height() > before)
    assert field.height() >= field.sizeHint().height()


def test_a_number_says_its_unit_for_one_however_it_was_set(look: Look, qtbot: QtBot) -> None:
    box = NumberBox(look, 0, 60, suffix=" days", one=" day")
    qtbot.addWidget(box)
    assert box.text() == "0 days"
    box.blockSignals(True)  # as it is filled from the desk
    box.setValue(1)
    box.blockSignals(False)
    assert box.text() == "1 day"
    box.stepUp()
    assert box.text() == "2 days"
    assert NumberBox(look, 1, 60, suffix=" days", one=" day").text() == "1 day"


def test_what_points_to_the_end_of_a_line_points_there_in_a_mirrored_window(look: Look, qtbot: QtBot) -> None:
    mirrored, plain = Icon(look, "chevron-right", "text1"), Icon(look, "chevron-left", "text1")
    one, other = (Button(look, icon="arrow-right", name="Next") for _ in range(2))
    for widget in (mirrored, plain, one, other):
        qtbot.addWidget(widget)
        widget.resize(40, 40)
    for widget in (mirrored, other):
        widget.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert mirrored.grab().toImage() == plain.grab().toImage()
    assert one.grab().toImage() != other.grab().toImage()


def test_the_name_of_a_field_stands_in_line_with_its_words(look, qtbot) -> None:
    """Also beside a number, whose frame is higher than that of a line."""
    line, number, holder = line_field("Role", "what they do"), NumberBox(look, 0, 9, name="Days"), QWidget()
    qtbot.addWidget(holder)
    form = Form(look, line, number, parent=holder)
    holder.resize(400, holder.sizeHint().height())
    holder.show()
    for field in (line, number):
        label = form.labelForField(field)
        assert label.text() == field.accessibleName()
        assert abs(label.geometry().center().y() - field.geometry().center().y()) <= 1
