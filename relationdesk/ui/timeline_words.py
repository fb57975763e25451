"""What a timeline says about an item in words: who did what, when, and the sentence for the screen reader.

Pure but for the translation and the locale. A date without a time never shows a time, an unknown one says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from relationdesk.derived import Item, PlaceState
from relationdesk.model import Audience, Direction, Kind, Note, NoteKind, Precision, Role
from relationdesk.saying import counted
from relationdesk.store import timekey
from relationdesk.text import given_name, one_line
from relationdesk.ui import when
from relationdesk.ui.places import place_look
from relationdesk.ui.words import QT_TRANSLATE_NOOP

_THEIRS = {
    Kind.POST: QT_TRANSLATE_NOOP("Timeline", "posted on {place}"),
    Kind.REPLY: QT_TRANSLATE_NOOP("Timeline", "answered on {place}"),
    Kind.COMMENT: QT_TRANSLATE_NOOP("Timeline", "commented on {place}"),
    Kind.SHARE: QT_TRANSLATE_NOOP("Timeline", "shared on {place}"),
    Kind.REACTION: QT_TRANSLATE_NOOP("Timeline", "reacted on {place}"),
    Kind.MESSAGE: QT_TRANSLATE_NOOP("Timeline", "wrote a message on {place}"),
    Kind.MAIL: QT_TRANSLATE_NOOP("Timeline", "wrote by mail"),
    Kind.INVITATION: QT_TRANSLATE_NOOP("Timeline", "sent an invitation on {place}"),
    Kind.CONNECTION: QT_TRANSLATE_NOOP("Timeline", "connected on {place}"),
    Kind.ENDORSEMENT: QT_TRANSLATE_NOOP("Timeline", "endorsed a skill on {place}"),
    Kind.RECOMMENDATION: QT_TRANSLATE_NOOP("Timeline", "recommended on {place}"),
    Kind.POSITION: QT_TRANSLATE_NOOP("Timeline", "changed position on {place}"),
    Kind.ARTICLE: QT_TRANSLATE_NOOP("Timeline", "published on {place}"),
    Kind.VIDEO: QT_TRANSLATE_NOOP("Timeline", "published a video on {place}"),
    Kind.PHOTO: QT_TRANSLATE_NOOP("Timeline", "published a photo on {place}"),
    Kind.BOOKMARK: QT_TRANSLATE_NOOP("Timeline", "bookmarked on {place}"),
    Kind.EVENT: QT_TRANSLATE_NOOP("Timeline", "planned an event on {place}"),
    Kind.OTHER: QT_TRANSLATE_NOOP("Timeline", "did something on {place}"),
    Kind.CALL: QT_TRANSLATE_NOOP("Timeline", "called on {place}"),
}
_IN_A_TABLE = {
    Kind.CALL: QT_TRANSLATE_NOOP("Timeline", "called"), Kind.EVENT: QT_TRANSLATE_NOOP("Timeline", "met you"),
    Kind.MESSAGE: QT_TRANSLATE_NOOP("Timeline", "wrote a message"), Kind.OTHER: QT_TRANSLATE_NOOP("Timeline", "did something"),
}  # fmt: skip
_MEETING = QT_TRANSLATE_NOOP("Timeline", "planned a meeting")
_MET = QT_TRANSLATE_NOOP("Timeline", "met")
"""What a table of one's own tells did not happen on an address book."""
_REPLIED_MAIL = QT_TRANSLATE_NOOP("Timeline", "replied by mail")
_TOWARDS = QT_TRANSLATE_NOOP("Timeline", "{deed} to {names}")
_WITH = QT_TRANSLATE_NOOP("Timeline", "{deed} with {names}")
_KINDS = {
    Kind.POST: QT_TRANSLATE_NOOP("Timeline", "Posts"),
    Kind.REPLY: QT_TRANSLATE_NOOP("Timeline", "Replies"),
    Kind.COMMENT: QT_TRANSLATE_NOOP("Timeline", "Comments"),
    Kind.SHARE: QT_TRANSLATE_NOOP("Timeline", "Passed on"),
    Kind.REACTION: QT_TRANSLATE_NOOP("Timeline", "Reactions"),
    Kind.MESSAGE: QT_TRANSLATE_NOOP("Timeline", "Messages"),
    Kind.MAIL: QT_TRANSLATE_NOOP("Timeline", "Mail"),
    Kind.INVITATION: QT_TRANSLATE_NOOP("Timeline", "Invitations"),
    Kind.CONNECTION: QT_TRANSLATE_NOOP("Timeline", "Connections"),
    Kind.ENDORSEMENT: QT_TRANSLATE_NOOP("Timeline", "Endorsements"),
    Kind.RECOMMENDATION: QT_TRANSLATE_NOOP("Timeline", "Recommendations"),
    Kind.POSITION: QT_TRANSLATE_NOOP("Timeline", "Positions"),
    Kind.ARTICLE: QT_TRANSLATE_NOOP("Timeline", "Articles"),
    Kind.VIDEO: QT_TRANSLATE_NOOP("Timeline", "Videos"),
    Kind.PHOTO: QT_TRANSLATE_NOOP("Timeline", "Photos"),
    Kind.BOOKMARK: QT_TRANSLATE_NOOP("Timeline", "Bookmarks"),
    Kind.EVENT: QT_TRANSLATE_NOOP("Timeline", "Events"),
    Kind.OTHER: QT_TRANSLATE_NOOP("Timeline", "Other"),
    Kind.CALL: QT_TRANSLATE_NOOP("Timeline", "Calls"),
}
_NOTE_KINDS = {
    NoteKind.NOTE: QT_TRANSLATE_NOOP("Timeline", "Note"),
    NoteKind.CALL: QT_TRANSLATE_NOOP("Timeline", "Call"),
    NoteKind.MEETING: QT_TRANSLATE_NOOP("Timeline", "Meeting"),
}


def tr(text: str) -> str:
    return QCoreApplication.translate("Timeline", text)


def kind_title(kind: Kind) -> str:
    """ "Posts", "Mail": for filters."""
    return tr(_KINDS[kind])


def note_kind_title(kind: NoteKind) -> str:
    return tr(_NOTE_KINDS[kind])


def actor(item: Item, *, whole: bool = False) -> str:
    """ "You" for the desk's owner, else the given name (whole: the whole name, for lists of many people)."""
    if item.note is not None or item.direction is not Direction.IN:
        return tr("You")
    return one_line(item.actor_name, 80) if whole else one_line(given_name(item.actor_name), 40)


def deed(item: Item) -> str:
    """ "replied by mail", "posted on Mastodon and Blog": what was done, and towards whom where it is ours."""
    activity = item.activity
    if activity is None:
        return ""
    places = _names(tuple(place_look(place).title for place in item.places))
    ours = item.direction is Direction.OUT and bool(item.towards)
    if activity.kind is Kind.MAIL and activity.in_reply_to:
        words = tr(_REPLIED_MAIL)
    elif item.places == ("contacts",) and activity.kind in _IN_A_TABLE:
        words = tr(_MET if activity.kind is Kind.EVENT and item.direction is not Direction.IN else _IN_A_TABLE[activity.kind])
    elif activity.kind is Kind.EVENT and ours:
        words = tr(_MEETING)
    else:
        words = tr(_THEIRS[activity.kind]).format(place=places)
    if ours:
        words = tr(_WITH if activity.kind is Kind.EVENT else _TOWARDS).format(deed=words, names=_names(item.towards, 3))
    return words


def by_hand(item: Item) -> str:
    """That the user wrote it down, and in which words, where the place has others; "" for what only the place told."""
    if item.by_hand is None or item.activity is None:
        return ""
    if item.by_hand.strip() and item.by_hand.strip() != item.activity.text.strip():
        return tr("You wrote down: {text}").format(text=one_line(item.by_hand, 400))
    return tr("Written down by you")


def _names(names: tuple[str, ...], limit: int = 4) -> str:
    shown = [one_line(name, 40) for name in names[:limit]]
    if len(names) > limit:
        return tr("{names} and {n} more").format(names=", ".join(shown), n=len(names) - limit)
    return tr("{first} and {last}").format(first=", ".join(shown[:-1]), last=shown[-1]) if len(shown) > 1 else "".join(shown)


def answers_to(item: Item) -> str:
    """ "In reply to Sam Carter", "" for what is no public answer."""
    activity = item.activity
    if activity is None or not activity.in_reply_to or activity.kind in (Kind.MAIL, Kind.MESSAGE):
        return ""
    roles = [p.role for p in activity.participants]
    if Role.REPLY_TO in roles and len(item.towards) == len(roles):
        return tr("In reply to {name}").format(name=one_line(item.towards[roles.index(Role.REPLY_TO)], 60))
    return tr("In reply to an earlier post")


def day_of(item: Item) -> tuple[str, date | None]:
    """What a day separator groups by: ("day" | "month" | "year" | "unknown", the date or its beginning).

    A moment belongs to the user's own day; a date without a time is that date everywhere.
    """
    when_ = item.published
    if when_ is None:
        return "unknown", None
    precision = Precision.SECOND if item.activity is None else item.activity.precision
    if precision in (Precision.SECOND, Precision.MINUTE):
        return "day", local_day(when_)
    if precision is Precision.UNKNOWN:
        return "unknown", None
    return precision.value, when_.astimezone(UTC).date()


def standing_day(item: Item) -> tuple[str, date | None]:
    """`day_of` where it stands: what was arranged ahead stands on the day on which that became known."""
    arranged = _arranged(item)
    return ("day", local_day(arranged)) if arranged is not None else day_of(item)


def _arranged(item: Item) -> datetime | None:
    """When something dated ahead became known; None for what stands at its own time."""
    known = timekey.moment_of_id(item.id) if item.activity is not None else None
    ahead = known is not None and item.published is not None and item.published - known > timedelta(seconds=timekey.NEAR_SECONDS)
    return known if ahead else None


def local_day(moment: datetime) -> date:
    try:
        return moment.astimezone().date()
    except (OverflowError, ValueError, OSError):  # the years 1 and 9999
        return moment.date()


def pause(first: date, last: date, states: Sequence[PlaceState]) -> str:
    """What is said of days without anything, both included: quiet, not read, or not all read. Quiet and unknown never
    look the same: quiet is only what every place was read for, throughout."""
    days = counted((last - first).days + 1, "{n:,} day", "{n:,} days")
    unread = [state for state in states if not _read_throughout(state, first, last)]
    if not states:
        return tr("{days} with nothing known").format(days=days)
    if not unread:
        return tr("{days} quiet").format(days=days)
    if not any(_read_partly(state, first, last) for state in states):
        form = "d MMMM" if first.year == last.year else "d MMMM yyyy"
        span = [QLocale().toString(QDate(d.year, d.month, d.day), form) for d in (first, last)]
        return tr("Not read {first} – {last}").format(first=span[0], last=span[1])
    names = _names(tuple(dict.fromkeys(place_look(state.place).title for state in unread)))
    return tr("{days} with nothing known. Not all read: {places}").format(days=days, places=names)


def _read_throughout(state: PlaceState, first: date, last: date) -> bool:
    until, since = state.until, state.since
    return until is not None and local_day(until) >= last and (since is None or local_day(since) <= first)


def _read_partly(state: PlaceState, first: date, last: date) -> bool:
    until, since = state.until, state.since
    return until is not None and local_day(until) >= first and (since is None or local_day(since) <= last)


def separator(group: tuple[str, date | None], now: datetime) -> tuple[str, str]:
    """The two parts of a day separator: ("Today", "Friday 20 November"), ("November 2026", ""), ("Date unknown", "")."""
    how, day = group
    if day is None:
        return tr("Date unknown"), ""
    locale, shown = QLocale(), QDate(day.year, day.month, day.day)
    if how == "year":
        return str(day.year), ""
    if how == "month":
        return locale.toString(shown, "MMMM yyyy"), ""
    days = (local_day(now) - day).days
    form = "d MMMM" if day.year == local_day(now).year else "d MMMM yyyy"
    if days == 0:
        return tr("Today"), locale.toString(shown, "dddd " + form)
    if days == 1:
        return tr("Yesterday"), locale.toString(shown, "dddd " + form)
    return locale.toString(shown, "dddd"), locale.toString(shown, form)


def time_of(item: Item) -> str:
    """ "09:12" for a known moment; "" for a date without a time (its separator says the date)."""
    when_ = item.published
    if when_ is None:
        return tr("date unknown")
    if item.activity is not None and item.activity.precision not in (Precision.SECOND, Precision.MINUTE):
        return ""
    try:
        local = when_.astimezone()
    except (OverflowError, ValueError, OSError):
        local = when_
    pattern = QLocale().timeFormat(QLocale.FormatType.ShortFormat).replace(":ss", "").replace("t", "").strip()
    from_locale = QDate(local.year, local.month, local.day).startOfDay().addSecs(local.hour * 3600 + local.minute * 60)
    return QLocale().toString(from_locale.time(), pattern) if from_locale.isValid() else f"{local:%H:%M}"


def standing_time(item: Item) -> str:
    """`time_of`, with its own day for what stands on another: "3 December, 09:00"."""
    day = day_of(item)[1]
    if day is None or _arranged(item) is None:
        return time_of(item)
    return ", ".join(part for part in (QLocale().toString(QDate(day.year, day.month, day.day), "d MMMM"), time_of(item)) if part)


def full_time(item: Item) -> str:
    """The whole date (and time, if known) for the hover and the screen reader."""
    group = day_of(item)
    if group[1] is None:
        return tr("date unknown")
    shown = QDate(group[1].year, group[1].month, group[1].day)
    if group[0] == "year":
        return str(group[1].year)
    words = QLocale().toString(shown, "MMMM yyyy" if group[0] == "month" else "dddd d MMMM yyyy")
    return ", ".join(part for part in (words, time_of(item)) if part)


def waits(item: Item, now: datetime) -> str:
    """ "Waits for you · 1 h"."""
    age = when.ago(item.published, now) if day_of(item)[0] == "day" else ""
    return tr("Waits for you · {span}").format(span=age) if age else tr("Waits for you")


def note_line(note: Note) -> str:
    """ "Call, 12 min · only on this computer": what stands beside *Your note*."""
    parts = [] if note.kind is NoteKind.NOTE else [note_kind_title(note.kind)]
    if note.minutes:
        parts.append(tr("{n} min").format(n=note.minutes))
    return " · ".join(part for part in (", ".join(parts), tr("only on this computer")) if part)


def earlier_line(item: Item) -> str:
    """ "2 earlier messages · you, Joe" for a folded conversation, "" for none."""
    if not item.earlier:
        return ""
    names = tuple(dict.fromkeys(tr("you") if e.direction is not Direction.IN else given_name(e.actor_name) for e in item.earlier))
    count = counted(len(item.earlier), "{n:,} earlier message", "{n:,} earlier messages")
    return f"{count} · {', '.join(one_line(n, 30) for n in names[:4])}"


def quoted(item: Item) -> str:
    """Quoted history that the source folded away, "" for none."""
    return "" if item.activity is None else dict(item.activity.extra).get("quoted", "")


def is_private(item: Item) -> bool:
    return item.activity is not None and item.activity.audience is Audience.PRIVATE


def spoken(item: Item, now: datetime) -> str:
    """The row as a screen reader says it: who, where, what, when."""
    if item.note is not None:
        parts = [tr("Your note"), note_line(item.note), one_line(item.note.text, 240)]
    else:
        activity = item.activity
        assert activity is not None
        parts = [
            tr("You") if item.direction is not Direction.IN else one_line(item.actor_name, 80), deed(item),
            tr("private") if is_private(item) else "", by_hand(item), one_line(activity.title, 160), one_line(activity.text, 240),
            earlier_line(item),
        ]  # fmt: skip
    ago = when.ago(item.published, now) if day_of(item)[0] == "day" else ""
    parts += [tr("new") if item.is_new else "", full_time(item), tr("{span} ago").format(span=ago) if ago else ""]
    return ", ".join(part for part in parts if part)


def copied(item: Item) -> str:
    """What *Copy* puts on the clipboard: head line, title, text, address."""
    if item.note is not None:
        return item.note.text
    activity = item.activity
    assert activity is not None
    head = f"{item.actor_name} {deed(item)}, {full_time(item)}"
    return "\n".join(part for part in (head, activity.title, activity.text, activity.url) if part)
