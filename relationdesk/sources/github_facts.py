"""From GitHub's events, comments and profiles to our facts. Pure; tolerant of fields that are left out (push events lost their
commits, pull requests in events their titles).

Keys are made of GitHub's numbers, which outlive every renaming: a comment has the same key whether it is met in its author's
events or in a conversation of mine. One unreadable event is one `Rejected`; kinds of events we do not know say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from relationdesk.model import (
    Activity,
    Address,
    AddressKind,
    Fact,
    Key,
    Kind,
    Participant,
    Profile,
    Rejected,
    Role,
    pairs,
    unique,
)
from relationdesk.saying import say
from relationdesk.sources.json_fields import Json, moment_of, record_of, records, string, web
from relationdesk.sources.markdown import markdown_text
from relationdesk.text import canonical_url, mail_address, one_line, tidy

PLACE = "github"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """Whose numbers these are. suffix: "" for github.com, "@host" for a firm's own server. me, my_name: who we are there."""

    suffix: str = ""
    web: str = "https://github.com"
    me: Key | None = None
    my_name: str = ""

    def key(self, native: str) -> Key:
        return Key(PLACE, native + self.suffix)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What an event says. native: of the activity. parent: native of what is answered. with_: who else takes part."""

    native: str
    kind: Kind
    title: str
    text: str = ""
    url: str = ""
    at: str = ""
    thread: str = ""
    parent: str = ""
    with_: tuple[tuple[Json | None, Role], ...] = ()
    extra: tuple[tuple[str, str], ...] = ()


def profile_of(user: Json, hub: Hub, links: Iterable[Json] = (), *, known: bool = False, is_owner: bool = False) -> Profile:
    """A profile from what GitHub shows on its page. links: the pages elsewhere that it names. All of them are only said, none is checked."""
    name = string(user, "login", 100)
    said = [string(user, "blog"), *(string(link, "url") for link in links)]
    x_name = string(user, "twitter_username", 50)
    said += [f"https://x.com/{x_name}"] if re.fullmatch(r"\w{1,50}", x_name) else []
    addresses = [Address(kind=AddressKind.WEB, value=canonical_url(link)) for link in said]
    addresses.append(Address(kind=AddressKind.MAIL, value=mail_address(string(user, "email", 300))))
    return Profile(
        key=hub.key(string(user, "id", 30)), handle=name, display_name=string(user, "name") or name,
        url=web(string(user, "html_url")) or f"{hub.web}/{name}", bio=tidy(str(user.get("bio") or ""), 20_000),
        company=string(user, "company").removeprefix("@"), addresses=unique(addresses), known=known, is_owner=is_owner,
        is_company=is_organisation(user),
    )  # fmt: skip


def is_organisation(user: Json) -> bool:
    return string(user, "type", 50) == "Organization"


def _somebody(user: Json, hub: Hub) -> Profile:
    """What an event tells of somebody: the number and the name in their address, which is no reason to forget their real name."""
    name = string(user, "login", 100)
    return Profile(key=hub.key(string(user, "id", 30)), handle=name, url=f"{hub.web}/{name}" if name else "")


def actor_of(event: Json) -> str:
    return string(record_of(event, "actor"), "id", 30)


def facts(event: Json, hub: Hub) -> tuple[Fact, ...]:
    """Profiles first, then the one activity of an event; a `Rejected` if it cannot be one; () for one that says nothing."""
    actor, repo = record_of(event, "actor"), record_of(event, "repo")
    read = _READERS.get(string(event, "type", 100))
    if actor is None or not actor_of(event) or repo is None or not string(event, "created_at"):
        return (Rejected(where=f"GitHub event {string(event, 'id', 50) or '?'}", reason=say("it has no author, repository or time")),)
    told = read(event, record_of(event, "payload") or {}, _Repo.read(repo, hub)) if read is not None else None
    if told is None:
        return ()
    people = {hub.key(actor_of(event)): _somebody(actor, hub)}
    roles: dict[Participant, None] = {}
    for user, role in (*told.with_, *_towards_me(told, repo, hub)):
        if user is not None and string(user, "id", 30):
            who = _somebody(user, hub)
            people.setdefault(who.key, who)
            roles[Participant(profile=who.key, role=role)] = None
    key = hub.key(actor_of(event))
    published, precision = moment_of(told.at or string(event, "created_at"))
    activity = Activity(
        key=hub.key(told.native), actor=key, kind=told.kind, published=published, precision=precision, title=one_line(told.title),
        text=told.text, url=web(told.url), thread=told.thread + hub.suffix if told.thread else "",
        in_reply_to=told.parent + hub.suffix if told.parent else "",
        participants=_once_each(role for role in roles if role.profile != key), extra=told.extra,
    )  # fmt: skip
    return (*people.values(), activity)


def _once_each(found: Iterable[Participant]) -> tuple[Participant, ...]:
    """Whoever is answered is not listed as mentioned, too."""
    kept: dict[Key, Participant] = {}
    for participant in found:
        kept.setdefault(participant.profile, participant)
    return tuple(kept.values())


def _towards_me(told: _Told, repo: Json, hub: Hub) -> tuple[tuple[Json | None, Role], ...]:
    """Me, where my name is called or what is mine is starred or copied. Only my own number is known; that of others is not."""
    if hub.me is None or not hub.my_name:
        return ()
    me: Json = {"id": hub.me.native_id.removesuffix(hub.suffix), "login": hub.my_name}
    if re.search(rf"(?<![\w@/-])@{re.escape(hub.my_name)}(?![\w-])", told.text, re.IGNORECASE):
        return ((me, Role.MENTIONED),)
    mine = string(repo, "name").lower().startswith(f"{hub.my_name.lower()}/")
    return ((me, Role.SUBJECT),) if mine and told.native.startswith(("star:", "fork:")) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Repo:
    number: str
    name: str
    url: str

    @classmethod
    def read(cls, repo: Json, hub: Hub) -> _Repo:
        name = string(repo, "name") or string(repo, "full_name")
        return cls(number=string(repo, "id", 30), name=name, url=f"{hub.web}/{name}")

    def thread(self, item: Json) -> str:
        """One conversation, whether it is called an issue or a pull request: they share their numbers."""
        number = string(item, "number", 20)
        return f"{self.number}#{number}" if self.number and number else ""

    def title(self, item: Json) -> str:
        number, words = string(item, "number", 20), string(item, "title")
        return f"{self.name} #{number}" + (f": {words}" if words else "") if number else self.name

    def page(self, item: Json, part: str = "issues") -> str:
        number = string(item, "number", 20)
        return string(item, "html_url") or (f"{self.url}/{part}/{number}" if number else self.url)


def _body(item: Json) -> str:
    value = item.get("body")
    return markdown_text(value) if isinstance(value, str) else ""


def _edited(item: Json) -> str:
    changed = string(item, "updated_at", 50)
    return changed if changed != string(item, "created_at", 50) else ""


def _comment(name: str, parent_in: str) -> Callable[[Json, Json, _Repo], _Told | None]:
    """Reads a comment. name: the first part of its key. parent_in: what is commented on, a field of the payload."""

    def read(event: Json, payload: Json, repo: _Repo) -> _Told | None:
        comment, above = record_of(payload, "comment"), record_of(payload, parent_in) or {}
        number = string(comment, "id", 30)
        if comment is None or not number:
            return None
        thread = repo.thread(above)
        answered = string(comment, "in_reply_to_id", 30)
        return _Told(
            native=f"{name}:{number}", kind=Kind.COMMENT, title=repo.title(above), text=_body(comment), thread=thread,
            url=string(comment, "html_url") or repo.page(above), at=string(comment, "created_at", 50),
            parent=f"{name}:{answered}" if answered else f"issue:{thread}" if thread else "",
            with_=((record_of(above, "user"), Role.REPLY_TO),), extra=pairs(edited=_edited(comment), file=string(comment, "path", 500)),
        )  # fmt: skip

    return read


def _issue(event: Json, payload: Json, repo: _Repo) -> _Told | None:
    return _opened_or_not(event, payload, repo, "issue")


def _pull(event: Json, payload: Json, repo: _Repo) -> _Told | None:
    pull = record_of(payload, "pull_request") or {}
    return _opened_or_not(event, {**payload, "pull_request": {"number": payload.get("number"), **pull}}, repo, "pull_request")


def _opened_or_not(event: Json, payload: Json, repo: _Repo, field: str) -> _Told | None:
    """What somebody opened is theirs, with its words; that they closed or changed one is an event of its own."""
    item, action = record_of(payload, field), string(payload, "action", 50)
    if item is None or not repo.thread(item):
        return None
    part = "pull" if field == "pull_request" else "issues"
    thread, title, url = repo.thread(item), repo.title(item), repo.page(item, part)
    what = "pull request" if part == "pull" else "issue"
    if action == "opened":
        return _Told(
            native=f"issue:{thread}", kind=Kind.POST, title=title, text=_body(item) or f"Opened this {what}", url=url, thread=thread,
            extra=pairs(edited=_edited(item)),
        )  # fmt: skip
    if action not in _ACTIONS:
        return None
    done = "merged" if item.get("merged") is True else action
    chosen = record_of(payload, "assignee") if action == "assigned" else None
    return _Told(
        native=f"event:{string(event, 'id', 50)}", kind=Kind.OTHER, title=title, text=f"{_ACTIONS[done]} this {what}", url=url,
        thread=thread, parent=f"issue:{thread}", with_=((record_of(item, "user"), Role.REPLY_TO), (chosen, Role.SUBJECT)),
    )  # fmt: skip


_ACTIONS = {"closed": "Closed", "reopened": "Reopened", "assigned": "Assigned", "merged": "Merged"}
_VERDICTS = {"approved": "Approved", "changes_requested": "Asked for changes", "dismissed": "Dismissed a review"}


def _review(event: Json, payload: Json, repo: _Repo) -> _Told | None:
    """A review that says nothing of its own is left out: its remarks are events themselves."""
    review, pull = record_of(payload, "review"), record_of(payload, "pull_request") or {}
    number, verdict = string(review, "id", 30), _VERDICTS.get(string(review, "state", 50).lower(), "")
    if review is None or not number or not (_body(review) or verdict):
        return None
    thread = repo.thread(pull)
    return _Told(
        native=f"review:{number}", kind=Kind.COMMENT, title=repo.title(pull), thread=thread, url=string(review, "html_url"),
        text="\n\n".join(filter(None, (verdict, _body(review)))), at=string(review, "submitted_at", 50),
        parent=f"issue:{thread}" if thread else "", with_=((record_of(pull, "user"), Role.REPLY_TO),),
    )  # fmt: skip


def _discussion(event: Json, payload: Json, repo: _Repo) -> _Told | None:
    item = record_of(payload, "discussion")
    if item is None or string(payload, "action", 50) != "created":
        return None
    return _Told(
        native=f"discussion:{string(item, 'id', 30)}", kind=Kind.POST, title=repo.title(item), text=_body(item),
        url=repo.page(item, "discussions"), thread=repo.thread(item), extra=pairs(edited=_edited(item)),
    )  # fmt: skip


def _release(event: Json, payload: Json, repo: _Repo) -> _Told | None:
    item = record_of(payload, "release")
    if item is None or not string(item, "id", 30):
        return None
    name = string(item, "name") or string(item, "tag_name")
    return _Told(
        native=f"release:{string(item, 'id', 30)}", kind=Kind.ARTICLE, title=f"{repo.name} {name}", text=_body(item),
        url=string(item, "html_url") or repo.url, at=string(item, "published_at", 50),
    )  # fmt: skip


def _star(event: Json, payload: Json, repo: _Repo) -> _Told | None:
    return _Told(
        native=f"star:{actor_of(event)}:{repo.number}", kind=Kind.REACTION, title=repo.name, url=repo.url, extra=pairs(reaction="star")
    )


def _fork(event: Json, payload: Json, repo: _Repo) -> _Told | None:
    copy = record_of(payload, "forkee") or {}
    return _Told(
        native=f"fork:{string(copy, 'id', 30) or string(event, 'id', 50)}", kind=Kind.OTHER, title=repo.name, text="Copied this repository (fork)",
        url=string(copy, "html_url") or repo.url,
    )  # fmt: skip


def _push(event: Json, payload: Json, repo: _Repo) -> _Told | None:
    """The messages of the commits stand only in recordings from before late 2025."""
    branch = re.sub(r"^refs/(heads|tags)/", "", string(payload, "ref"))
    before, head = string(payload, "before", 64), string(payload, "head", 64)
    changes = [one_line(str(commit.get("message") or "").partition("\n")[0], 200) for commit in records(payload, "commits")]
    compared = re.fullmatch(r"[0-9a-f]{7,64}", before) and re.fullmatch(r"[0-9a-f]{7,64}", head) and before.strip("0")
    return _Told(
        native=f"push:{string(payload, 'push_id', 30) or string(event, 'id', 50)}", kind=Kind.OTHER, title=repo.name,
        text=tidy("\n".join([f"Pushed to {branch}" if branch else "Pushed changes", *filter(None, changes)])),
        url=f"{repo.url}/compare/{before}...{head}" if compared else repo.url,
    )  # fmt: skip


def _said(words: Callable[[Json], str], *, subject: str = "") -> Callable[[Json, Json, _Repo], _Told | None]:
    """An event that is one sentence about a repository."""

    def read(event: Json, payload: Json, repo: _Repo) -> _Told | None:
        text = words(payload)
        who = record_of(payload, subject) if subject else None
        return _Told(
            native=f"event:{string(event, 'id', 50)}", kind=Kind.OTHER, title=repo.name, text=text, url=repo.url,
            with_=((who, Role.SUBJECT),),
        ) if text else None  # fmt: skip

    return read


def _made(payload: Json) -> str:
    what, name = string(payload, "ref_type", 50) or "repository", string(payload, "ref")
    about = tidy(str(payload.get("description") or ""), 2_000) if what == "repository" else ""
    return f"Made the {what} {name}".strip() + (f"\n\n{about}" if about else "")


def _pages(payload: Json) -> str:
    names = [f"{string(page, 'action', 50) or 'edited'}: {string(page, 'title') or string(page, 'page_name')}" for page in records(payload, "pages")]
    return tidy("\n".join(["Wrote in the wiki", *names])) if names else ""


_READERS: Mapping[str, Callable[[Json, Json, _Repo], _Told | None]] = {
    "IssueCommentEvent": _comment("comment", "issue"), "PullRequestReviewCommentEvent": _comment("review-comment", "pull_request"),
    "CommitCommentEvent": _comment("commit-comment", ""), "IssuesEvent": _issue, "PullRequestEvent": _pull,
    "PullRequestReviewEvent": _review, "DiscussionEvent": _discussion, "ReleaseEvent": _release, "WatchEvent": _star, "ForkEvent": _fork,
    "PushEvent": _push, "CreateEvent": _said(_made), "GollumEvent": _said(_pages),
    "DeleteEvent": _said(lambda payload: f"Deleted the {string(payload, 'ref_type', 50)} {string(payload, 'ref')}".strip()),
    "PublicEvent": _said(lambda payload: "Made this repository public"),
    "MemberEvent": _said(lambda payload: f"Added {string(record_of(payload, 'member'), 'login', 100)} as a member", subject="member"),
}  # fmt: skip
