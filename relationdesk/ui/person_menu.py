"""What else can be done with a person: the menu behind the three dots of their page."""

from __future__ import annotations

from functools import partial
from importlib import import_module

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from relationdesk.services import people
from relationdesk.services.review import Review
from relationdesk.ui import timeline_words as words
from relationdesk.ui.note_dialog import TrashDialog
from relationdesk.ui.page import Context
from relationdesk.ui.resources import icon
from relationdesk.ui.words import QT_TRANSLATE_NOOP

_MORE = (
    (QT_TRANSLATE_NOOP("Timeline", "Combine with somebody…"), "users", "combine_dialog:CombineDialog"),
    (QT_TRANSLATE_NOOP("Timeline", "Make two people of this one…"), "split", "split_dialog:SplitDialog"),
    (QT_TRANSLATE_NOOP("Timeline", "Decisions about this person"), "history", "decisions_dialog:DecisionsDialog"),
)
"""(words, picture, module:dialog); a dialog is imported when it is wanted."""


def _open(name: str, context: Context, review: Review, button: QWidget, *_: object) -> None:
    module, cls = name.split(":")
    getattr(import_module(f"relationdesk.ui.{module}"), cls)(context, review.person, button.window()).open_beside()


def person_menu(context: Context, review: Review, button: QWidget) -> QMenu:
    """Shown below the button; goes by itself."""
    menu, person, router = QMenu(button), review.person, context.router
    theme, now = context.look.theme, context.clock()
    menu.aboutToHide.connect(menu.deleteLater)

    def add(text: str, picture: str) -> object:
        return menu.addAction(icon(picture, theme.tokens.text2, theme.px(18)), text).triggered

    add(words.tr("Add a place of theirs"), "user-plus").connect(lambda: router.add_somebody.emit("", person))  # type: ignore[attr-defined]
    add(words.tr("Copy the name"), "copy").connect(lambda: router.copy.emit(person.name))  # type: ignore[attr-defined]
    add(words.tr("Notes in the trash"), "trash-2").connect(lambda: TrashDialog(context, button.window()).open_beside())  # type: ignore[attr-defined]
    menu.addSeparator()
    for text, picture, name in _MORE:
        add(words.tr(text), picture).connect(partial(_open, name, context, review, button))  # type: ignore[attr-defined]
    menu.addSeparator()
    if not person.is_me:
        text = words.tr("Allow prompts again") if review.no_prompts else words.tr("No prompts about this person")
        add(text, "hand").connect(  # type: ignore[attr-defined]
            lambda: context.tasks.write(people.set_no_prompts, person.id, not review.no_prompts, now, failed=router.failed.emit)
        )
        add(words.tr("This is me"), "user").connect(  # type: ignore[attr-defined]
            lambda: context.tasks.write(people.set_me, person.id, now, failed=router.failed.emit)
        )
        menu.addSeparator()
        add(words.tr("Forget this person…"), "trash-2").connect(partial(_open, "forget_dialog:ForgetDialog", context, review, button))  # type: ignore[attr-defined]
    menu.popup(button.mapToGlobal(QPoint(0, button.height() + 4)))
    return menu
