"""What a key or menu does to answer an item or write to a person, the same on every page."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from relationdesk.derived import Item
from relationdesk.model import Direction, Key
from relationdesk.outgoing import Deed
from relationdesk.services import engaging
from relationdesk.ui.engage_dialog import EngageDialog
from relationdesk.ui.engage_words import tell_sent, tr
from relationdesk.ui.page import Context
from relationdesk.ui.places import place_look

DEEDS = {"like": Deed.LIKE, "boost": Deed.BOOST}


def act_on(context: Context, window: QWidget, action: str, item: Item) -> None:
    """Answer, like or pass on an item of somebody else's."""
    if item.activity is None or item.direction is not Direction.IN:
        context.router.toast.emit(tr("Only what others said is answered here."), False)
    elif action == "reply":
        answer(context, window, item.actor_person, (item.activity.key, *(mark.key for mark in item.marks)))
    else:
        press(context, item.actor_person, item.activity.key, DEEDS[action])


def answer(context: Context, window: QWidget, person_id: int | None, keys: tuple[Key, ...]) -> EngageDialog | None:
    """Open the composer; keys (): to write something new."""
    if context.tasks.looked is not None:
        context.router.failed.emit(context.tasks.looked.refusal())
        return None
    dialog = EngageDialog(context, person_id, keys, None, window)
    dialog.open_beside()
    return dialog


def press(context: Context, person_id: int | None, key: Key, deed: Deed) -> None:
    """Into the outbox where a login can, else the page on which it is done by hand, after its host was shown."""

    def done(found: object) -> None:
        if isinstance(found, str) and found:
            context.router.open_link.emit(found)
        elif isinstance(found, str):
            words = tr("{place} offers no way to like this from here. Answer instead.") if deed is Deed.LIKE else tr("{place} offers no way to pass this on from here. Answer instead.")
            context.router.toast.emit(words.format(place=place_look(key.place).title), False)
        else:
            tell_sent(context, found)

    context.tasks.write(engaging.one_press, person_id, key, deed, context.clock(), done=done, failed=context.router.failed.emit)


__all__ = ["DEEDS", "act_on", "answer", "press"]
