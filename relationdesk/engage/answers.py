"""The exact page on which something is answered where the desk cannot send it: web intents, message forms, the item itself.

Pure. What comes out is http, https or mailto, with everything foreign or typed percent-encoded; "" where there is no such page.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from relationdesk.engage.pages import fitting, is_page, mail_page, said
from relationdesk.model import Activity, Profile
from relationdesk.outgoing import Deed

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?")


def answer_page(place: str, deed: Deed, activity: Activity | None, profile: Profile | None, text: str, *, server: str = "") -> str:
    """Where this is done by hand, filled in as far as the place allows; "" for nowhere.

    activity: what is answered; profile: who is written to. server: "https://hotel.example", the user's own server in a place of many,
    "" if there is no login.
    """
    if deed in (Deed.MESSAGE, Deed.MAIL):
        return _message_page(place, profile, text)
    if activity is None:
        return ""
    if place == "x" and (number := _number(activity)):
        return _x_page(deed, number, text)
    if place == "mastodon" and _HOST.fullmatch(server.removeprefix("https://")) and is_page(activity.url):
        return f"{server}/authorize_interaction?{said(uri=activity.url)}"
    if place == "hackernews" and deed.has_words and activity.key.native_id.isdigit():
        return f"https://news.ycombinator.com/reply?{said(id=activity.key.native_id)}"
    return activity.url if is_page(activity.url) else ""


def _number(activity: Activity) -> str:
    found = re.search(r"/status(?:es)?/(\d{1,25})", activity.url)
    native = activity.key.native_id
    return native if native.isascii() and native.isdigit() else found.group(1) if found else ""


def _x_page(deed: Deed, number: str, text: str) -> str:
    if deed is Deed.LIKE:
        return f"https://x.com/intent/like?{said(tweet_id=number)}"
    if deed is Deed.BOOST:
        return f"https://x.com/intent/retweet?{said(tweet_id=number)}"
    return fitting(f"https://x.com/intent/post?{said(in_reply_to=number)}", "text", text)[0]


def _message_page(place: str, profile: Profile | None, text: str) -> str:
    if profile is None:
        return ""
    handle, native = profile.handle.lstrip("@"), profile.key.native_id
    page = profile.url if is_page(profile.url) else ""
    if place == "mail":
        return mail_page(native if "@" in native else handle, "", text)[0]
    if place == "x" and native.isascii() and native.isdigit():
        return fitting(f"https://x.com/messages/compose?{said(recipient_id=native)}", "text", text)[0]
    if place == "reddit" and re.fullmatch(r"[\w-]{1,30}", name := handle.removeprefix("u/")):
        return fitting(f"https://www.reddit.com/message/compose/?{said(to=name)}", "message", text)[0]
    if place == "whatsapp" and (digits := _digits(profile)):
        return fitting(f"https://wa.me/{digits}", "text", text)[0]
    if place == "telegram" and re.fullmatch(r"[A-Za-z]\w{3,31}", handle):
        return f"https://t.me/{handle}"
    if place == "discourse" and page and re.fullmatch(r"[\w.-]{1,60}", handle.partition("@")[0]):
        return fitting(f"https://{urlsplit(page).netloc}/new-message?{said(username=handle.partition('@')[0])}", "body", text)[0]
    return page


def _digits(profile: Profile) -> str:
    for value in (*(a.value for a in profile.addresses if a.kind.value == "phone"), profile.key.native_id, profile.handle):
        digits = re.sub(r"[\s()./-]", "", value)
        if re.fullmatch(r"(\+|00)\d{7,15}", digits):
            return digits.removeprefix("+").removeprefix("00")
    return ""
