"""What the user says by a GitLab login: comments on issues, tasks and merge requests, and thumbs up (and takes back of these).

It goes to what is answered as GitLab knows it now. Words are words: a line that GitLab would take for a command of its own ("/close") is
written so that it is shown and not obeyed. GitLab keeps no keys by which it would know a second try, so the comments are looked through
before anything is said again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlencode, urlsplit

from relationdesk.errors import Gone, LoginRejected, SourceError, UnexpectedAnswer
from relationdesk.model import Activity, Key, Login, Profile
from relationdesk.outgoing import Deed, May, Outgoing, Receipt
from relationdesk.saying import marked, say
from relationdesk.sources import sent_facts
from relationdesk.sources.door_sending import earliest, hand_over, pages_of, perhaps, told
from relationdesk.sources.gitlab_facts import ISSUES, MERGES, Lab, Where, note_facts
from relationdesk.sources.gitlab_talk import Talk
from relationdesk.sources.json_fields import Json, moment_of, record_of, records, string

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer

MOST = 1_000_000
WRITES = "api"
RIGHTS = marked("the right “api” (Preferences, Access tokens)")
_TALKS = frozenset({"issue", "merge_request", "note", "event", "todo"})
_LIKED = frozenset({"issue", "merge_request", "note"})
_PAGE = re.compile(r"(?P<project>[\w.-]+(?:/[\w.-]+)+?)(?:/-)?/(?P<part>issues|work_items|merge_requests)/(?P<number>\d+)(?:/.*)?")
_COMMAND = re.compile(r"/(?=[a-z_]+(?:\s|$))", re.IGNORECASE)
THUMB = "thumbsup"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """Where something is said. where: the issue or merge request; path: of the thing itself; into: what the words are given to. item,
    project: as they are now. inside: it is shown to members of the project only."""

    where: Where
    path: str
    into: str
    item: Json
    project: Json
    inside: bool


def may(login: Login) -> tuple[May, ...]:
    if not login.has_token or lacks(login):
        return ()
    return (May(deed=Deed.LIKE), May(deed=Deed.COMMENT, most=MOST))


def lacks(login: Login) -> str:
    if not login.has_token or login.rights is None or WRITES in login.rights:
        return ""
    return say("Your key for GitLab may only read: with one that has the right “api” (Preferences, Access tokens) you answer from here.")


def fits(login: Login, deed: Deed, about: Activity | Key, lab: Lab) -> bool:
    if isinstance(about, Key) or _page(about, lab) is None:
        return False
    native = about.key.native_id
    kind, at_home = native.partition(":")[0], native.endswith(lab.suffix) if lab.suffix else "@" not in native
    return at_home and (kind in _TALKS if deed is Deed.COMMENT else deed is Deed.LIKE and kind in _LIKED)


def send(login: Login, what: Outgoing, talk: Talk) -> Receipt:
    spot, me = _spot(what, talk), me_of(login, talk)
    refused = partial(_refusal, spot)
    if what.deed is Deed.LIKE:
        if not _awarded(spot, me, talk):
            told(hand_over(talk.door, f"{talk.base}/{spot.path}/award_emoji", {"name": THUMB}, token=talk.token, rights=RIGHTS, against=refused))
        return _liked(what, me, talk)
    if what.deed is Deed.UNLIKE:
        if number := _awarded(spot, me, talk):
            hand_over(talk.door, f"{talk.base}/{spot.path}/award_emoji/{number}", {}, token=talk.token, rights=RIGHTS, against=refused, method="DELETE")
        return sent_facts.taken_back(what)
    data: dict[str, object] = {"body": written(what.text)} | ({"internal": True} if spot.inside else {})
    answer = hand_over(talk.door, f"{talk.base}/{spot.into}", data, token=talk.token, rights=RIGHTS, against=refused)
    if answer.status == 202:
        raise UnexpectedAnswer(say("{host} took this for a command and not for words. Your words are kept. Change them and send again, or say it there.", host=talk.host))
    made = _receipt(what, spot, told(answer), me, talk)
    if made is None:
        raise perhaps(talk.host)
    return made


def find_sent(login: Login, what: Outgoing, talk: Talk) -> Receipt | None:
    spot, me = _spot(what, talk), me_of(login, talk)
    if what.deed is Deed.LIKE:
        return _liked(what, me, talk) if _awarded(spot, me, talk) else None
    if what.deed is Deed.UNLIKE:
        return sent_facts.taken_back(what) if not _awarded(spot, me, talk) else None
    found: Receipt | None = None
    query = urlencode({"order_by": "created_at", "sort": "desc", "activity_filter": "only_comments", "per_page": 100})
    for answer in pages_of(talk.get, talk.host, f"/{spot.where.path}/notes?{query}"):
        begun = earliest(what, answer, talk.clock())
        for note in talk.list_in(answer):
            at = moment_of(string(note, "created_at", 50))[0]
            if at is not None and at < begun:
                return found
            if not _is_mine(note, "author", me, talk) or not sent_facts.same(note.get("body"), written(what.text)):
                continue
            made = _receipt(what, spot, note, me, talk)
            found = made if made is not None and made.key.native_id not in what.others else found  # of two alike the older one
    return found


def written(text: str) -> str:
    """As it is handed over. In a block of code nothing is a command, and a backslash would be seen."""
    lines, fence = [], ""
    for line in text.strip().split("\n"):
        mark = re.match(r"\s{0,3}(`{3,}|~{3,})", line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        lines.append("\\" + line if not fence and _COMMAND.match(line) else line)
    return "\n".join(lines)


def me_of(login: Login, talk: Talk) -> Profile:
    """Raises LoginRejected for a login that does not say who we are."""
    if login.profile is None:
        raise LoginRejected(say("This login does not say who you are at {host}. Your words are kept. Sign in again, then try again.", host=talk.host))
    return Profile(key=login.profile, handle=login.user_name, url=f"{talk.lab.web}/{login.user_name}", is_owner=True)


def _page(about: Activity, lab: Lab) -> re.Match[str] | None:
    at_home = urlsplit(about.url).netloc.lower() == urlsplit(lab.web).netloc.lower()
    return _PAGE.fullmatch(unquote(urlsplit(about.url).path).strip("/")) if at_home else None


def _spot(what: Outgoing, talk: Talk) -> _Spot:
    """Raises Gone if what is answered is not there, or is somebody else's."""
    assert what.towards is not None
    page, native = _page(what.towards, talk.lab), what.towards.key.native_id.removesuffix(talk.lab.suffix)
    if page is None:
        raise UnexpectedAnswer(say("This cannot be answered at {host} from here. Nothing was sent. Your words are kept. Look at its page.", host=talk.host))
    kind, _, number = native.partition(":")
    part = MERGES if page["part"] == MERGES else ISSUES
    try:
        item = talk.object(f"/projects/{quote(page['project'], safe='')}/{part}/{page['number']}")
        where = Where(string(item, "project_id", 30), part, string(item, "iid", 30))
        project = talk.object(f"/projects/{where.project}")
        note = talk.object(f"/{where.path}/notes/{number}") if kind == "note" else None
    except Gone as e:
        raise _gone(talk) from e
    thread = what.towards.thread.removesuffix(talk.lab.suffix)
    if thread and thread.rpartition(":")[2] != string(item, "id", 30):
        raise _gone(talk)  # the project's name is another's now
    author = string(record_of(note if note is not None else item, "author"), "id", 30)
    if kind in _LIKED and talk.lab.key(author) != what.towards.actor:
        raise _gone(talk)
    into = f"{where.path}/notes"
    if note is not None and what.deed.has_words and (thread_id := _thread_of(number, where, talk)):
        into = f"{where.path}/discussions/{thread_id}/notes"
    inside = note is not None and (note.get("internal") is True or note.get("confidential") is True)
    return _Spot(where=where, path=f"{where.path}/notes/{number}" if note is not None else where.path, into=into, item=item, project=project, inside=inside)


def _gone(talk: Talk) -> Gone:
    return Gone(say("{host} does not show what this answers (any more). Nothing was sent. Your words are kept. Look at its page.", host=talk.host))


def _thread_of(number: str, where: Where, talk: Talk) -> str:
    """The thread in which a comment stands (a remark on code is one), "" for one that stands by itself."""
    for answer in pages_of(talk.get, talk.host, f"/{where.path}/discussions?per_page=100"):
        for one in talk.list_in(answer):
            if any(string(note, "id", 30) == number for note in records(one, "notes")):
                return quote(string(one, "id", 100), safe="") if one.get("individual_note") is False else ""
    return ""


def _is_mine(one: Json, field: str, me: Profile, talk: Talk) -> bool:
    number = string(record_of(one, field), "id", 30)
    return bool(number) and talk.lab.key(number) == me.key


def _awarded(spot: _Spot, me: Profile, talk: Talk) -> str:
    """The number of my thumb up, "" if there is none."""
    pages = pages_of(talk.get, talk.host, f"/{spot.path}/award_emoji?per_page=100")
    mine = (one for answer in pages for one in talk.list_in(answer) if one.get("name") == THUMB and _is_mine(one, "user", me, talk))
    return next((string(one, "id", 30) for one in mine), "")


def _receipt(what: Outgoing, spot: _Spot, note: Json, me: Profile, talk: Talk) -> Receipt | None:
    found = note_facts(note, spot.where, spot.item, spot.project, talk.lab)
    said = next((fact for fact in found if isinstance(fact, Activity)), None)
    return sent_facts.receipt(found, me, what, said.key) if said is not None else None


def _liked(what: Outgoing, me: Profile, talk: Talk) -> Receipt:
    assert what.towards is not None
    mine, theirs = (key.native_id.removesuffix(talk.lab.suffix) for key in (me.key, what.towards.key))
    return sent_facts.like(me, what, talk.lab.key(f"like:{mine}:{theirs}"), talk.clock(), THUMB)


def _refusal(spot: _Spot, answer: Answer) -> SourceError | None:
    """GitLab says "forbidden" to whatever is closed; why, is told by the thing itself."""
    host = urlsplit(answer.url).netloc
    if answer.status != 403 or b"insufficient_scope" in answer.body or "retry-after" in answer.headers:
        return None
    if spot.item.get("discussion_locked") is True:
        return UnexpectedAnswer(say("This conversation was locked, so {host} takes no answer to it. Your words are kept. Say it elsewhere, or give it up.", host=host))
    if spot.project.get("archived") is True:
        return UnexpectedAnswer(say("This project was archived, so nothing in it can be answered or liked any more. Your words are kept. Say it elsewhere, or give it up."))
    return UnexpectedAnswer(say("{host} does not let you write there. Your words are kept. Look at its page whether you may, or give it up.", host=host))
