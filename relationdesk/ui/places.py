"""Places as the screen names them: one line per place. A place nobody listed gets its own name and a neutral mark."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from PySide6.QtCore import QCoreApplication

from relationdesk.model import Login
from relationdesk.text import place_name
from relationdesk.ui.words import QT_TRANSLATE_NOOP


class PlaceLook(NamedTuple):
    """title: what people call it, already translated. icon: a name for `resources.icon`. colour: "#RRGGBB", the
    colour it is known by; `Theme.place_colour` makes it readable."""

    title: str
    icon: str
    colour: str


_GREY = "#6B665D"
_WORDS = {
    "mail": (QT_TRANSLATE_NOOP("Places", "Mail"), "mail", "#3B5A9A"),
    "calendar": (QT_TRANSLATE_NOOP("Places", "Calendar"), "calendar", "#1C6E3A"),
    "caldav": (QT_TRANSLATE_NOOP("Places", "CalDAV"), "calendar", "#1C6E3A"),
    "blog": (QT_TRANSLATE_NOOP("Places", "Blog"), "rss", "#B4530F"),
    "podcast": (QT_TRANSLATE_NOOP("Places", "Podcast"), "podcast", "#8A2FA8"),
    "discourse": (QT_TRANSLATE_NOOP("Places", "Forum"), "messages-square", "#7A3DB0"),
    "forum": (QT_TRANSLATE_NOOP("Places", "Forum"), "messages-square", "#7A3DB0"),
    "tickets": (QT_TRANSLATE_NOOP("Places", "Tickets"), "life-buoy", "#B0204A"),
    "contacts": (QT_TRANSLATE_NOOP("Places", "Contacts"), "contact", "#2F6B7A"),
    "notes": (QT_TRANSLATE_NOOP("Places", "Your notes"), "notebook-pen", "#6B5500"),
    "note": (QT_TRANSLATE_NOOP("Places", "Your notes"), "notebook-pen", "#6B5500"),
    "phone": (QT_TRANSLATE_NOOP("Places", "Phone"), "phone", "#1C6E3A"),
    "crm": (QT_TRANSLATE_NOOP("Places", "CRM"), "handshake", "#1F5FA8"),
    "csv": (QT_TRANSLATE_NOOP("Places", "Table"), "table", "#4D6B2F"),
    "web": (QT_TRANSLATE_NOOP("Places", "Web"), "globe", "#2F6B7A"),
    "bookmarks": (QT_TRANSLATE_NOOP("Places", "Bookmarks"), "bookmark", "#3B5A9A"),
    "desk": (QT_TRANSLATE_NOOP("Places", "This desk"), "database", "#0B6A63"),
}
_NAMES = {  # called by their proper names (text.place_name), which are not translated
    "mastodon": ("places/mastodon", "#563ACC"),
    "bluesky": ("places/bluesky", "#0A66C2"),
    "x": ("places/x", "#1D1B18"),
    "linkedin": ("briefcase", "#0A66C2"),
    "facebook": ("places/facebook", "#0866FF"),
    "instagram": ("places/instagram", "#C1246B"),
    "threads": ("places/threads", "#1D1B18"),
    "youtube": ("places/youtube", "#CC0000"),
    "flickr": ("places/flickr", "#C0146B"),
    "reddit": ("places/reddit", "#D23C00"),
    "github": ("places/github", "#24292F"),
    "gitlab": ("places/gitlab", "#C2481B"),
    "hackernews": ("places/ycombinator", "#C2500F"),
    "stackexchange": ("places/stackexchange", "#1E5397"),
    "medium": ("places/medium", "#1D1B18"),
    "substack": ("places/substack", "#C4501A"),
    "wordpress": ("places/wordpress", "#21759B"),
    "ghost": ("places/ghost", "#15171A"),
    "tumblr": ("places/tumblr", "#36465D"),
    "meetup": ("places/meetup", "#C8203A"),
    "tripit": ("plane", "#1C6E3A"),
    "pinboard": ("places/pinboard", "#2A3FCF"),
    "raindrop": ("bookmark", "#1F6FC0"),
    "delicious": ("bookmark", "#2A4FCF"),
    "myspace": ("places/myspace", "#1D1B18"),
    "whatsapp": ("places/whatsapp", "#11833F"),
    "telegram": ("places/telegram", "#1A7DB5"),
    "slack": ("message-square", "#611F69"),
    "discord": ("places/discord", "#4752C4"),
    "signal": ("places/signal", "#3B45FD"),
    "activitystreams": ("layers", "#563ACC"),
    "google": ("globe", "#1F5FA8"),
    "hubspot": ("places/hubspot", "#C4472A"),
    "salesforce": ("handshake", "#0B6FB5"),
    "pipedrive": ("handshake", "#1C6E3A"),
    "zoho": ("handshake", "#B0204A"),
    "monica": ("contact", "#2F5FA8"),
    "zendesk": ("places/zendesk", "#03363D"),
    "vimeo": ("places/vimeo", "#0F7FAF"),
    "lemmy": ("places/lemmy", "#1D1B18"),
    "peertube": ("places/peertube", "#C4501A"),
    "pixelfed": ("places/pixelfed", "#563ACC"),
    "xing": ("places/xing", "#006567"),
}

KNOWN = frozenset(_WORDS) | frozenset(_NAMES)


def place_look(place: str) -> PlaceLook:
    """How a place is named and marked on the screen. An unknown one: its own name, a globe, grey. Never raises."""
    if place in _NAMES:
        return PlaceLook(place_name(place), *_NAMES[place])
    if place in _WORDS:
        title, icon, colour = _WORDS[place]
        return PlaceLook(QCoreApplication.translate("Places", title), icon, colour)
    return PlaceLook(place_name(place), "globe", _GREY)


def login_called(login: Login) -> str:
    """A login with its place: "Mastodon · hotel.example"; the place alone where nothing tells it apart."""
    return " · ".join(filter(None, (place_look(login.place).title, login_name(login))))


def login_name(login: Login) -> str:
    """Who and where a login is, without its place: "sam · hotel.example"; the server alone without a name, "" for neither."""
    host = urlsplit(login.address).netloc or login.address.removeprefix("https://")
    if login.user_name and host and login.user_name not in host:
        return f"{login.user_name} · {host}"
    return login.user_name or host
