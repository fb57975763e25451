"""Places as the screen names them: one line per place. A place nobody listed gets its own name and a neutral mark."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

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
_NAMES = {  # proper names are not translated
    "mastodon": ("Mastodon", "places/mastodon", "#563ACC"),
    "bluesky": ("Bluesky", "places/bluesky", "#0A66C2"),
    "x": ("X", "places/x", "#1D1B18"),
    "linkedin": ("LinkedIn", "briefcase", "#0A66C2"),
    "facebook": ("Facebook", "places/facebook", "#0866FF"),
    "instagram": ("Instagram", "places/instagram", "#C1246B"),
    "threads": ("Threads", "places/threads", "#1D1B18"),
    "youtube": ("YouTube", "places/youtube", "#CC0000"),
    "flickr": ("Flickr", "places/flickr", "#C0146B"),
    "reddit": ("Reddit", "places/reddit", "#D23C00"),
    "github": ("GitHub", "places/github", "#24292F"),
    "gitlab": ("GitLab", "places/gitlab", "#C2481B"),
    "hackernews": ("Hacker News", "places/ycombinator", "#C2500F"),
    "stackexchange": ("Stack Exchange", "places/stackexchange", "#1E5397"),
    "medium": ("Medium", "places/medium", "#1D1B18"),
    "substack": ("Substack", "places/substack", "#C4501A"),
    "wordpress": ("WordPress", "places/wordpress", "#21759B"),
    "ghost": ("Ghost", "places/ghost", "#15171A"),
    "tumblr": ("Tumblr", "places/tumblr", "#36465D"),
    "meetup": ("Meetup", "places/meetup", "#C8203A"),
    "tripit": ("TripIt", "plane", "#1C6E3A"),
    "pinboard": ("Pinboard", "places/pinboard", "#2A3FCF"),
    "raindrop": ("Raindrop.io", "bookmark", "#1F6FC0"),
    "delicious": ("Delicious", "bookmark", "#2A4FCF"),
    "myspace": ("MySpace", "places/myspace", "#1D1B18"),
    "whatsapp": ("WhatsApp", "places/whatsapp", "#11833F"),
    "telegram": ("Telegram", "places/telegram", "#1A7DB5"),
    "slack": ("Slack", "message-square", "#611F69"),
    "discord": ("Discord", "places/discord", "#4752C4"),
    "signal": ("Signal", "places/signal", "#3B45FD"),
    "google": ("Google", "globe", "#1F5FA8"),
    "hubspot": ("HubSpot", "places/hubspot", "#C4472A"),
    "salesforce": ("Salesforce", "handshake", "#0B6FB5"),
    "pipedrive": ("Pipedrive", "handshake", "#1C6E3A"),
    "zendesk": ("Zendesk", "places/zendesk", "#03363D"),
    "vimeo": ("Vimeo", "places/vimeo", "#0F7FAF"),
    "lemmy": ("Lemmy", "places/lemmy", "#1D1B18"),
    "peertube": ("PeerTube", "places/peertube", "#C4501A"),
    "pixelfed": ("Pixelfed", "places/pixelfed", "#563ACC"),
    "xing": ("XING", "places/xing", "#006567"),
}

KNOWN = frozenset(_WORDS) | frozenset(_NAMES)


def place_look(place: str) -> PlaceLook:
    """How a place is named and marked on the screen. An unknown one: its own name, a globe, grey. Never raises."""
    if place in _NAMES:
        return PlaceLook(*_NAMES[place])
    if place in _WORDS:
        title, icon, colour = _WORDS[place]
        return PlaceLook(QCoreApplication.translate("Places", title), icon, colour)
    return PlaceLook(place[:1].upper() + place[1:40], "globe", _GREY)
