"""What the composer says: who may read it, and where it goes."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from relationdesk.model import Audience
from relationdesk.outgoing import Deed
from relationdesk.services.engaging import Choice
from relationdesk.ui.places import login_name, place_look


def tr(text: str) -> str:
    return QCoreApplication.translate("Engage", text)


def audience_name(audience: Audience) -> str:
    return {
        Audience.PUBLIC: tr("Everybody can read it"), Audience.FOLLOWERS: tr("Your followers can read it"), Audience.PRIVATE: tr("Only who is named can read it"),
    }[audience]  # fmt: skip


def mine(choice: Choice) -> str:
    return login_name(choice.way.login) if choice.way is not None else ""


def choice_name(choice: Choice) -> str:
    """ "Mastodon · sam@hotel.example", "Mail · joe@hotel.example", "LinkedIn · on its page"."""
    title = place_look(choice.place).title
    if choice.to:
        return f"{title} · {choice.to}"
    if choice.way is None and choice.deed is Deed.MAIL:
        return tr("{place} · by your mail program").format(place=title)
    return f"{title} · {mine(choice)}" if choice.way is not None else tr("{place} · on its page").format(place=title)
