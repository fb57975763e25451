"""What the composer says: who may read it, and where it goes."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from relationdesk.model import Audience, Changes
from relationdesk.outgoing import Deed, Entry
from relationdesk.saying import counted
from relationdesk.services.engaging import Choice
from relationdesk.ui.page import Context
from relationdesk.ui.places import login_name, place_look


def tr(text: str) -> str:
    return QCoreApplication.translate("Engage", text)


def audience_name(audience: Audience) -> str:
    return {
        Audience.PUBLIC: tr("Everybody can read it"), Audience.FOLLOWERS: tr("Your followers can read it"), Audience.PRIVATE: tr("Only who is named can read it"),
    }[audience]  # fmt: skip


def mine(choice: Choice) -> str:
    return login_name(choice.way.login) if choice.way is not None else ""


def when_out(who: str, hold_s: int) -> str:
    """By which login it goes, and how long it can be taken back."""
    if hold_s <= 0:
        return tr("Goes out as {who} at once; it cannot be taken back.").format(who=who)
    return tr("Goes out as {who} after {seconds}; until then it can be taken back.").format(who=who, seconds=counted(hold_s, "{n:,} second", "{n:,} seconds"))


def not_told(choice: Choice, name: str) -> str:
    """Of whom the words do not name, in a place that tells only who is named; "" for nobody."""
    if not name:
        return ""
    if choice.deed is Deed.MESSAGE:
        return tr("It reaches only those whom it names: write {name} in it.").format(name=name)
    return tr("{name} is not named in it, so {place} may not tell them.").format(name=name, place=place_look(choice.place).title)


def tell_sent(context: Context, answer: object) -> None:
    """What can be taken back is told with its Undo by the window; of what goes out at once only that it does."""
    entry, changes = answer if isinstance(answer, tuple) and len(answer) == 2 else (None, None)
    if isinstance(entry, Entry) and isinstance(changes, Changes) and not changes.undo:
        context.router.toast.emit(tr("On its way. It cannot be taken back.") if entry.deed.has_words else tr("On its way."), False)


def choice_name(choice: Choice) -> str:
    """ "Mastodon · sam@hotel.example", "Mail · joe@hotel.example", "LinkedIn · on its page"."""
    title = place_look(choice.place).title
    if choice.to:
        return f"{title} · {choice.to}"
    if choice.way is None and choice.deed is Deed.MAIL:
        return tr("{place} · by your mail program").format(place=title)
    return f"{title} · {mine(choice)}" if choice.way is not None else tr("{place} · on its page").format(place=title)
