"""Plain text, canonical addresses, folded names. Pure, bounded, standard library only.

Everything foreign passes through here once, in its source, and is plain text ever after.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from relationdesk.saying import marked, say

MAX_TEXT = 1_000_000
"""Characters of one text that are kept; the rest of a longer one is cut, and ends in an ellipsis."""


_MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u06d6-\u06ed\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
"""Marks that stand above or below the letter before them."""
_HEAPED_MARKS = re.compile(f"([{_MARKS}]{{4}})[{_MARKS}]+")


def tidy(text: str, limit: int = MAX_TEXT) -> str:
    """Plain text for store and screen: no control characters, no lone surrogates, no runs of empty lines.

    Line ends become \\n; NUL and the invisible controls that can reorder or hide text (U+202A–E, U+2066–9) go.
    """
    if text.isprintable():  # most names, titles and addresses: nothing of what follows can be in them
        text = text.strip()
        return text if len(text) <= limit else text[: limit - 1] + "…"
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = re.sub("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", text)
    text = re.sub(r"(?<![ \t\u00a0])[ \t\u00a0]+\n", "\n", text)
    text = re.sub(r"\n[ \u00a0]+(?=\S)", "\n", text) if "\n " in text else text
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


def storable(text: str) -> str:
    """The user's own words as they are, but for NUL and lone surrogates (a terminal with another encoding), which no
    desk can hold."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def one_line(text: str, limit: int = 300) -> str:
    """Text on one line, for names and titles."""
    if text.isprintable() and "  " not in text:  # the usual name or title, and a quarter of the work
        line = text.strip()
    else:
        line = re.sub(r"\s+", " ", tidy(text)).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def tamed(text: str) -> str:
    """For the screen: at most four marks above or below one letter. Hundreds of them would be painted over the rows around."""
    return _HEAPED_MARKS.sub(r"\1", text)


_LONGEST_PAGE = 2_000


def canonical_url(url: str) -> str:
    """One spelling for one web address: https, host in lower case without www. and default port, no trailing slash,
    no fragment, no tracking parameters, path percent-decoded and encoded again. "" for anything but http(s), and for
    what is longer than any address that leads somewhere."""
    text = url.strip().encode("utf-8", "replace").decode("utf-8")
    text = text if text.isprintable() else re.sub("[\x00-\x1f\x7f]", "", text)
    if "://" not in text:
        if not re.match(r"^[\w-]+(\.[\w-]+)+(/|$|\?)", text):
            return ""
        text = "https://" + text
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower().removeprefix("www.")
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host:
        return ""
    host = f"[{host}]" if ":" in host else host
    if port not in (None, 80, 443):
        host = f"{host}:{port}"
    path = quote(unquote(parts.path), safe="/@:+~!$&'()*,;=-._").rstrip("/")
    query = urlencode([(k, v) for k, v in parse_qsl(parts.query) if not k.lower().startswith(("utm_", "fbclid"))])
    page = urlunsplit(("https", host, path, query, ""))
    return page if len(page) <= _LONGEST_PAGE else ""


RECORD = "record://"


def record_page(place: str, native_id: str) -> str:
    """What stands for the page of a record whose place does not say where that is, as in an export of a CRM. Nothing opens it."""
    return f"{RECORD}{place}/{native_id}"


LOOSE = "loose:"
"""How a native id begins where a file tells neither an id nor the second: another file of the place may tell of the same under another id. It is
the same where minute, words and side agree (`store/twins.py`)."""

ROLE_MAILBOXES = frozenset(
    "abuse accounting accounts admin administrator alert alerts all billing bookings bounce bounces careers client clients community "
    "compliance contact crew customer customers customerservice daemon desk donotreply dpo enquiries enquiry events everybody everyone "
    "facilities feedback finance frontdesk gdpr hello help helpdesk hi hostmaster hr info inbox inquiries inquiry invoice invoices it jobs "
    "legal list mail mailbox mailer mailerdaemon mailinglist marketing media member members news newsletter nobody noreply notification "
    "notifications notify office operations ops order orders partners payments payroll postmaster press privacy procurement purchasing "
    "reception recruiting reply reservations root sales secretary security service servicedesk shop spam staff store subscribe support "
    "system team tickets unsubscribe updates webmaster welcome "
    # German, French, Spanish, Portuguese, Italian, Dutch, the north, Polish
    "anfrage angebot auftrag bestellung bewerbung buchhaltung datenschutz einkauf empfang kasse kontakt kundendienst kundenservice "
    "personal post poststelle presse rechnung rechnungen sekretariat termin verkauf vertrieb verwaltung werkstatt zentrale "
    "accueil achats bonjour commande commandes commercial compta comptabilite direction facturation rh secretariat ventes "
    "administracion atencion compras contabilidad contacto facturacion hola pedidos soporte ventas atendimento comercial contato "
    "contatti financeiro vendas acquisti amministrazione assistenza commerciale contabilita fatture ordini segreteria vendite "
    "administratie facturen inkoop klantenservice verkoop faktura fakturor kundtjanst kundeservice ordre biuro faktury sklep".split()
)
"""Local parts, letters only, of mailboxes that belong to a desk, not to a human (RFC 2142 and common use): they link nobody."""


_LETTER = r"[^\s<>\"'(),:;\[\]\\@\x00-\x1f\x7f]"
_LONGEST_MAIL = 254
_MAIL = re.compile(rf"(?<!{_LETTER}){_LETTER}+@{_LETTER}+")


def mail_address(text: str) -> str:
    """A mail address in lower case, without display name or angle brackets; "" if it is none, or longer than any (RFC 5321)."""
    # Only from the beginning of a word: from each of its letters it would take quadratic time.
    match = _MAIL.search(text)
    return match.group(0).lower().strip(".") if match and len(match.group(0)) <= _LONGEST_MAIL else ""


def is_role_mailbox(address: str) -> bool:
    """True for info@, no-reply@, support.de@, sales2@ … with or without a +tag."""
    local = fold(address.partition("@")[0].partition("+")[0])
    words = [word for word in re.split(r"[^a-z]+", local) if word]
    flat = "".join(words)
    if flat in ROLE_MAILBOXES or flat.startswith(("noreply", "donotreply")):
        return True
    return bool(words) and words[0] in ROLE_MAILBOXES and all(len(word) <= 2 for word in words[1:])


def base_mail(address: str) -> str:
    """joe+list@x.example → joe@x.example: for suggestions only, never for links."""
    local, _, host = address.partition("@")
    return f"{local.partition('+')[0]}@{host}"


_TITLES = frozenset(
    "dr prof professor mr mrs ms miss sir dame herr frau mx ing dipl mag phd md mba jr sr ii iii esq".split()
)


_LETTERS: dict[int, str] = {
    ord(a): b for a, b in {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}.items()
}


_HIDDEN = re.compile("[\u00ad\u034f\u061c\u0640\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
"""Characters that show nothing, turn text around, or change how the one before looks or how long it is drawn."""


_BETWEEN_WORDS = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Text for comparing: NFKD without marks or hidden characters, case folded, ß→ss, ø→o, ł→l, one space, no punctuation."""
    if text.isascii():  # most names by far, and a tenth of the work
        return " ".join(_BETWEEN_WORDS.sub(" ", text.lower()).split())
    text = _HIDDEN.sub("", text)
    # Twice, because fancy letters ("𝐉𝐨𝐞") become plain capitals only by the first normalisation.
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(_BETWEEN_WORDS.sub(" ", text.translate(_LETTERS)).split())


_LOOKS = str.maketrans(
    "авекмнорстухіјѕԁԛԝһӏьգհոսցαβγεηικνορτυχωɑɡɩοօᴀʙᴄᴅᴇɢʜᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ",
    "abekmhopctyxijsdqwhlbqhnugabyenikvoptuxwagiooabcdeghjklmnoprtuvwyz",
)
"""Letters of other alphabets and the Latin ones they are taken for, as folded letters."""
_DIGITS = str.maketrans("013457", "oleast")
_ODD = re.compile("[0-9|]")


def look(folded: str) -> str:
    """What folded words look like at a glance: Cyrillic, Greek or digits among them as the Latin letters they are taken for."""
    if not folded.isascii() or _ODD.search(folded):
        words = (w.translate(_DIGITS) if w.isdigit() is False and any(c.isalpha() for c in w) else w for w in folded.split())
        folded = " ".join(words).translate(_LOOKS)
    return folded.replace("i", "l")  # a capital i


_SHOWS_NOTHING = re.compile("[\u00ad\u200b\u202d\u202e\u2060-\u2064\ufeff]")
"""Hidden characters that no name needs; joiners and marks of direction belong to some scripts and to emoji."""
_CAPITAL_I = re.compile("(?<=[A-Za-z])I(?=[a-z])|(?<=[a-z])I")


def imitates(a: str, b: str) -> bool:
    """True if two names look the same and are not: other letters, digits, a capital I for an l, or characters that show
    nothing. Karl and Kari only look alike in capitals, so they are two names."""
    (x, seen_x, plain_x), (y, seen_y, plain_y) = _glance(a), _glance(b)
    if x == y:
        return bool(_SHOWS_NOTHING.search(a)) != bool(_SHOWS_NOTHING.search(b)) and len(x) > 3
    return seen_x == seen_y and not (plain_x and plain_y)


@lru_cache(maxsize=16384)
def _glance(name: str) -> tuple[str, str, bool]:
    """A name folded, what it looks like, and whether it is written in plain letters."""
    folded = fold(name)
    return folded, look(folded), _is_plain(name, folded)


def _is_plain(name: str, folded: str) -> bool:
    return folded.isascii() and not _ODD.search(folded) and not _CAPITAL_I.search(name)


@lru_cache(maxsize=8192)
def name_words(name: str) -> tuple[str, ...]:
    """The folded words of a human name, given name first; "Jones, Mary" is turned; titles and suffixes go."""
    given_first = name
    if name.count(",") == 1:
        last, _, first = name.partition(",")
        if fold(first) and not all(word in _TITLES for word in fold(first).split()):
            given_first = f"{first} {last}"
    words = [word for word in fold(given_first).split() if word not in _TITLES]
    return tuple(words)


@cache
def _whole() -> re.Pattern[str]:
    """Made when it is first needed: that takes longer than reading this file (4 ms)."""
    return re.compile("[\u3040-\u30ff\u3400-\u9fff]{2,}|[\u1100-\u11ff]{4,}")


def is_whole_name(words: tuple[str, ...]) -> bool:
    """True for one folded word that is family and given name together, as Chinese, Japanese and Korean write them."""
    return len(words) == 1 and not words[0].isascii() and _whole().fullmatch(words[0]) is not None


def given_name(name: str) -> str:
    """The word a person is called by in a sentence; the whole for addresses and single words."""
    if "@" in name:
        return name
    last, _, first = name.partition(",")
    turned = f"{first} {last}" if name.count(",") == 1 and any(word not in _TITLES for word in fold(first).split()) else name
    words = [w for w in turned.split() if w.rstrip(".,").casefold() not in _ADDRESSED]
    return words[0].rstrip(",") if words else name


_ADDRESSED = frozenset({"dr", "prof", "mr", "mrs", "ms", "herr", "frau"})


def initials(name: str) -> str:
    """One or two letters for an avatar; "?" for no letters at all."""
    words = [word for word in re.split(r"[\s,.]+", name) if word and word[0].isalnum()]
    words = [word for word in words if fold(word) not in _TITLES] or words
    if not words:
        return "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


_NAMES = {
    name.lower().partition(".")[0].replace(" ", ""): name
    for name in (
        "LinkedIn", "YouTube", "GitHub", "GitLab", "WordPress", "HubSpot", "Hacker News", "Stack Exchange", "TripIt", "Raindrop.io",
        "MySpace", "WhatsApp", "PeerTube", "XING", "CRM", "ActivityStreams",
    )
}
"""Proper names that are not simply written with a capital letter."""
_WORDS = {
    "discourse": marked("Forum"), "contacts": marked("Your address book"), "csv": marked("Table"), "notes": marked("Your notes"), "note": marked("Your notes"),
    "desk": marked("This desk"), "mail": marked("Mail"), "blog": marked("Blog"), "calendar": marked("Calendar"), "bookmarks": marked("Bookmarks"),
}  # fmt: skip
"""Places that have no name of their own."""


def place_name(place: str) -> str:
    """A place as people write it, in a sentence or as a title: "LinkedIn", "Mastodon"."""
    return say(_WORDS[place]) if place in _WORDS else _NAMES.get(place) or place[:1].upper() + place[1:40]


def full_stop(sentence: str) -> str:
    """With a full stop at its end, which it may have already: the last name may be "Joe B."."""
    return sentence if sentence.endswith((".", "…")) else f"{sentence}."


def after_because(sentence: str) -> str:
    """The sentence as it goes on after "Because": "You meet" becomes "you meet", a name stays."""
    return sentence[:1].lower() + sentence[1:] if sentence.startswith(("You ", "The ", "At ")) else sentence


def listed(parts: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return say("{first} and {last}", first=", ".join(parts[:-1]), last=parts[-1])


MONTHS = (
    marked("January"), marked("February"), marked("March"), marked("April"), marked("May"), marked("June"), marked("July"), marked("August"), marked("September"), marked("October"), marked("November"), marked("December"),
)  # fmt: skip


def day(when: date) -> str:
    """ "6 November 2026", for sentences: a moment in the user's own time zone, or a day of their calendar."""
    local = _local(when)
    return say("{day} {month} {year}", day=local.day, month=say(MONTHS[local.month - 1]), year=local.year)


def short_day(when: date) -> str:
    """ "6 November": the same without the year."""
    local = _local(when)
    return say("{day} {month}", day=local.day, month=say(MONTHS[local.month - 1]))


def _local(when: date) -> date:
    return when.astimezone() if isinstance(when, datetime) else when
