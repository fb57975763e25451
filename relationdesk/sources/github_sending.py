"""What the user says by a GitHub login: comments where there is a conversation, and thumbs up (and takes back of these).

It goes to what is answered as GitHub knows it now: names of projects change hands, so whoever wrote it must still be its author there.
GitHub keeps no keys by which it would know a second try, so the conversation is looked through before anything is said again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from relationdesk.errors import Gone, LoginRejected, SourceError, UnexpectedAnswer
from relationdesk.model import Activity, Key, Login, Profile
from relationdesk.outgoing import Deed, May, Outgoing, Receipt
from relationdesk.saying import marked, say
from relationdesk.sources import github_discussions as discussions
from relationdesk.sources import sent_facts
from relationdesk.sources.door_sending import earliest, hand_over, pages_of, perhaps, told, words_of
from relationdesk.sources.github_facts import Hub
from relationdesk.sources.github_reading import told_of
from relationdesk.sources.github_talk import Talk, headers_for
from relationdesk.sources.json_fields import Json, moment_of, record_of, string

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer

MOST = 65_536
WRITES = frozenset({"repo", "public_repo"})
"""Rights of a classic key by which it may comment. What a fine-grained key may is not told."""
_TALKS = frozenset({"issue", "comment", "review", "review-comment", "commit-comment", "event", "discussion"})
_LIKED = frozenset({"issue", "comment", "review-comment", "commit-comment", "release", "discussion"})
_PAGE = re.compile(r"(?P<repo>[\w-][\w.-]*/[\w.-]+)/(?P<part>issues|pull|discussions|commit|releases)(?:/(?P<number>\w+))?")
RIGHTS = marked("the right “public_repo” (github.com/settings/tokens)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """Where something is said. path: what the words are given to; listed: where they stand then, with `kind` of event. item: the issue or
    pull request, {} at a commit. root: number of the remark whose thread it is, "" none."""

    path: str
    listed: str
    kind: str
    item: Json
    root: str = ""


def may(login: Login) -> tuple[May, ...]:
    if not login.has_token or lacks(login):
        return ()
    return (May(deed=Deed.LIKE), May(deed=Deed.COMMENT, most=MOST))


def lacks(login: Login) -> str:
    if not login.has_token or login.rights is None or login.rights & WRITES:
        return ""
    return say("Your key for GitHub may only read: with one that also has the right “public_repo” (github.com/settings/tokens) you answer from here.")


def fits(login: Login, deed: Deed, about: Activity | Key, hub: Hub) -> bool:
    if isinstance(about, Key) or not _is_here(about.key.native_id, hub):
        return False
    kind, page = _kind(about), _page(about, hub)
    if page is None or (kind == "event" and page["part"] not in ("issues", "pull")):
        return False
    return kind in _TALKS if deed is Deed.COMMENT else deed is Deed.LIKE and kind in _LIKED


def send(login: Login, what: Outgoing, talk: Talk) -> Receipt:
    towards, page = _towards(what, talk)
    if page["part"] == "discussions":
        return discussions.send(what, talk, page["repo"], page["number"] or "", me_of(login, talk))
    if what.deed is Deed.LIKE:
        _hand_over(talk, _reactions(towards, page, talk), {"content": "+1"})
        return _liked(login, what, talk)
    if what.deed is Deed.UNLIKE:
        path = _reactions(towards, page, talk)
        if number := _thumb(path, me_of(login, talk), talk):
            _hand_over(talk, f"{path}/{number}", {}, method="DELETE")
        return sent_facts.taken_back(what)
    spot = _spot(towards, page, talk)
    comment = told(_hand_over(talk, spot.path, {"body": what.text.strip()}))
    made = _receipt(login, what, talk, spot, comment)
    if made is None:
        raise perhaps(talk.host)
    return made


def find_sent(login: Login, what: Outgoing, talk: Talk) -> Receipt | None:
    towards, page = _towards(what, talk)
    me = me_of(login, talk)
    if page["part"] == "discussions":
        return discussions.find_sent(what, talk, page["repo"], page["number"] or "", me)
    if not what.deed.has_words:
        mine = _thumb(_reactions(towards, page, talk), me, talk)
        if what.deed is Deed.UNLIKE:
            return sent_facts.taken_back(what) if not mine else None
        return _liked(login, what, talk) if mine else None
    spot = _spot(towards, page, talk)
    since = (what.since or what.made) - timedelta(days=2)  # whatever our clock says; which of them are too old is looked at one by one
    for answer in pages_of(talk.get, talk.host, f"{spot.listed}?{urlencode({'since': f'{since:%Y-%m-%d}T00:00:00Z', 'per_page': 100})}"):
        begun = earliest(what, answer, talk.clock())
        for one in talk.list_in(answer):
            at = moment_of(string(one, "created_at", 50))[0]
            if not _is_mine(one, me, talk) or at is None or at < begun or not sent_facts.same(one.get("body"), what.text):
                continue
            made = _receipt(login, what, talk, spot, one)
            if made is not None and made.key.native_id not in what.others and string(one, "in_reply_to_id", 30) == spot.root:
                return made
    return None


def _thumb(path: str, me: Profile, talk: Talk) -> str:
    """The number of my thumb up among these reactions, "" if there is none."""
    pages = pages_of(talk.get, talk.host, f"{path}?{urlencode({'content': '+1', 'per_page': 100})}")
    return next((string(one, "id", 30) for answer in pages for one in talk.list_in(answer) if _is_mine(one, me, talk)), "")


def me_of(login: Login, talk: Talk) -> Profile:
    """Raises LoginRejected for a login that does not say who we are."""
    if login.profile is None:
        raise LoginRejected(say("This login does not say who you are at {host}. Your words are kept. Sign in again, then try again.", host=talk.host))
    return Profile(key=login.profile, handle=login.user_name, url=f"{talk.hub.web}/{login.user_name}", is_owner=True)


def _is_here(native: str, hub: Hub) -> bool:
    """Whether something is of this server: what is of another ends in "@" and its name, of github.com in nothing."""
    return native.endswith(hub.suffix) if hub.suffix else "@" not in native


def _kind(about: Activity) -> str:
    return about.key.native_id.partition(":")[0]


def _number(about: Activity, hub: Hub) -> str:
    return about.key.native_id.removesuffix(hub.suffix).partition(":")[2]


def _page(about: Activity, hub: Hub) -> re.Match[str] | None:
    at_home = urlsplit(about.url).netloc.lower() == urlsplit(hub.web).netloc.lower()
    return _PAGE.match(urlsplit(about.url).path.lstrip("/")) if at_home else None


def _towards(what: Outgoing, talk: Talk) -> tuple[Activity, re.Match[str]]:
    assert what.towards is not None
    page = _page(what.towards, talk.hub)
    if page is None:
        raise UnexpectedAnswer(say("This cannot be answered at {host} from here. Nothing was sent. Your words are kept. Look at its page.", host=talk.host))
    return what.towards, page


def _reactions(towards: Activity, page: re.Match[str], talk: Talk) -> str:
    """Where its reactions stand; it must be there, and theirs."""
    return f"{_there(towards, page, talk)[0]}/reactions"


def _there(towards: Activity, page: re.Match[str], talk: Talk) -> tuple[str, Json]:
    """How what is answered is asked for, and what it is now. Raises Gone if it is not there, or somebody else's."""
    kind, number, repo = _kind(towards), _number(towards, talk.hub), f"/repos/{quote(page['repo'])}"
    issue = f"{repo}/issues/{page['number']}"
    path = {
        "comment": f"{repo}/issues/comments/{number}", "review-comment": f"{repo}/pulls/comments/{number}", "commit-comment": f"{repo}/comments/{number}",
        "review": f"{repo}/pulls/{page['number']}/reviews/{number}", "release": f"{repo}/releases/{number}",
    }.get(kind, issue)  # fmt: skip
    try:
        found = talk.object(path)
    except Gone as e:
        raise _gone(talk) from e
    author = string(record_of(found, "user") or record_of(found, "author"), "id", 30)
    if kind != "event" and (not author or talk.hub.key(author) != towards.actor):
        raise _gone(talk)
    # Where a project is called otherwise now, the question was led there, and words are led nowhere.
    there = urlsplit(string(found, "url") or string(found, "pull_request_url")).path.partition("/repos/")[2]
    moved = re.fullmatch(r"([\w-][\w.-]*/[\w.-]+)/\w.*", there)
    return (path.replace(repo, f"/repos/{quote(moved[1])}", 1) if moved else path), found


def _gone(talk: Talk) -> Gone:
    return Gone(say("{host} does not show what this answers (any more). Nothing was sent. Your words are kept. Look at its page.", host=talk.host))


def _spot(towards: Activity, page: re.Match[str], talk: Talk) -> _Spot:
    path, found = _there(towards, page, talk)
    kind, repo = _kind(towards), re.match(r"/repos/[^/]+/[^/]+", path)
    assert repo is not None
    if kind == "commit-comment":
        listed = f"{repo[0]}/commits/{quote(string(found, 'commit_id', 64), safe='')}/comments"
        return _Spot(path=listed, listed=listed, kind="CommitCommentEvent", item={})
    issue = f"{repo[0]}/issues/{page['number']}"
    item = found if path == issue else talk.object(issue)
    if kind == "review-comment":
        root, pull = string(found, "in_reply_to_id", 30) or string(found, "id", 30), f"{repo[0]}/pulls/{page['number']}/comments"
        return _Spot(path=f"{pull}/{root}/replies", listed=pull, kind="PullRequestReviewCommentEvent", item=item, root=root)
    return _Spot(path=f"{issue}/comments", listed=f"{issue}/comments", kind="IssueCommentEvent", item=item)


def _is_mine(one: Json, me: Profile, talk: Talk) -> bool:
    number = string(record_of(one, "user"), "id", 30)
    return bool(number) and talk.hub.key(number) == me.key


def _receipt(login: Login, what: Outgoing, talk: Talk, spot: _Spot, comment: Json) -> Receipt | None:
    """Told as its author's own events tell it, so that a reading brings the same."""
    assert what.towards is not None
    repo = {"id": what.towards.thread.partition("#")[0], "full_name": re.sub(r"^/repos/([^/]+/[^/]+)/.*", r"\1", spot.path)}
    found = told_of(spot.item, repo, spot.kind, comment, {"comment": comment}, talk)
    said = next((fact for fact in found if isinstance(fact, Activity)), None)
    return sent_facts.receipt(found, me_of(login, talk), what, said.key) if said is not None else None


def _liked(login: Login, what: Outgoing, talk: Talk) -> Receipt:
    assert what.towards is not None
    me, native = me_of(login, talk), what.towards.key.native_id.removesuffix(talk.hub.suffix)
    key = talk.hub.key(f"like:{me.key.native_id.removesuffix(talk.hub.suffix)}:{native}")
    return sent_facts.like(me, what, key, talk.clock(), "+1")


def _hand_over(talk: Talk, path: str, data: Json, method: str = "POST") -> Answer:
    return hand_over(talk.door, talk.base + path, data, token=talk.token, headers=headers_for(talk.base), against=refusal, method=method)


def refusal(answer: Answer) -> SourceError | None:
    """What GitHub means by a refusal that is no limit. A conversation that is closed to us is no reason to doubt the key."""
    host, words = urlsplit(answer.url).netloc, words_of(answer).casefold()
    if answer.status == 403 and re.search(r"\blocked\b", words):
        return UnexpectedAnswer(say("This conversation was locked, so {host} takes no answer to it. Your words are kept. Say it elsewhere, or give it up.", host=host))
    if answer.status == 403 and "archived" in words:
        return UnexpectedAnswer(say("This project was archived, so nothing in it can be answered or liked any more. Your words are kept. Say it elsewhere, or give it up."))
    if answer.status == 403 and "blocked" in words:
        return UnexpectedAnswer(say("{host} takes nothing from you there, because you are blocked. Your words are kept. Say it elsewhere, or give it up.", host=host))
    if (answer.status == 403 and "not accessible by" in words) or (answer.status == 404 and _has_no_right(answer)):
        return UnexpectedAnswer(say("{host} does not let this key write there. Your words are kept. Make one with the right “public_repo” (github.com/settings/tokens), sign in with it and try again.", host=host))
    return None


def _has_no_right(answer: Answer) -> bool:
    """GitHub says "not found" to a key without the right, and which rights there are besides."""
    told_rights = answer.headers.get("x-oauth-scopes")
    return told_rights is not None and not rights_in(told_rights) & WRITES


def rights_in(header: str) -> frozenset[str]:
    """ "notifications, public_repo" → both."""
    return frozenset(one for part in header.split(",") if (one := part.strip()[:50]))
