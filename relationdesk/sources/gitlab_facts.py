"""From GitLab's events, issues, merge requests, comments and to-dos to our facts. Pure; tolerant of fields that are left out.

Keys are made of GitLab's own numbers, which outlive every renaming: a comment has the same key whether it is met in its author's
events or in a conversation of mine. One unreadable record is one `Rejected`; kinds of events we do not know say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from relationdesk.model import Activity, Audience, Fact, Key, Kind, Participant, Profile, Rejected, Role, pairs, unique
from relationdesk.saying import say
from relationdesk.sources.bio_links import addresses_said
from relationdesk.sources.json_fields import Json, moment_of, record_of, records, string, web, whole
from relationdesk.sources.markdown import markdown_text
from relationdesk.sources.portraits import pictured
from relationdesk.text import one_line, tidy

PLACE = "gitlab"
ISSUES, MERGES = "issues", "merge_requests"
_PARTS = {"Issue": ISSUES, "WorkItem": ISSUES, "MergeRequest": MERGES}
_CALLED = {ISSUES: "issue", MERGES: "merge request"}
_SIGNS = {ISSUES: "#", MERGES: "!"}
_DONE = {"closed": "Closed", "reopened": "Reopened", "accepted": "Merged", "merged": "Merged", "approved": "Approved"}
_AUDIENCES = {"public": Audience.PUBLIC, "internal": Audience.FOLLOWERS, "private": Audience.PRIVATE}
_WANTED = {"assigned": "Assigned this to you", "review_requested": "Asked for your review", "approval_required": "Asked for your approval"}
_SIZES = re.compile(r"(?<=\))\{(?:(?:width|height)=[\w%\"]{1,10} ?){1,2}\}")


class Where(NamedTuple):
    """An issue or merge request, as it is asked for."""

    project: str
    part: str
    number: str

    @property
    def path(self) -> str:
        return f"projects/{self.project}/{self.part}/{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """Whose numbers these are. suffix: "" for gitlab.com, "@host" for another server. me, my_name: who we are there. with_key: asked
    with a key, which may see more than everybody."""

    suffix: str = ""
    web: str = "https://gitlab.com"
    me: Key | None = None
    my_name: str = ""
    with_key: bool = False

    def key(self, native: str) -> Key:
        return Key(PLACE, native + self.suffix)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What an event leaves out, as far as it was asked for: projects by number; issues and merge requests."""

    projects: Mapping[str, Json] = field(default_factory=dict)
    items: Mapping[Where, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What a record says. native: of the activity. parent: native of what is answered. with_: who else takes part."""

    native: str
    kind: Kind
    title: str
    text: str
    url: str
    at: str
    thread: str = ""
    parent: str = ""
    audience: Audience = Audience.PUBLIC
    with_: tuple[tuple[Json | None, Role], ...] = ()
    file: str = ""


def profile_of(user: Json, lab: Lab, *, known: bool = False, is_owner: bool = False) -> Profile:
    """A profile from what GitLab shows of somebody. The pages it names are only said, none is checked; without a key it names none."""
    name, bio = string(user, "username", 300), user.get("bio")
    words = tidy(bio, 20_000) if isinstance(bio, str) else ""
    return Profile(
        key=lab.key(string(user, "id", 30)), handle=name, display_name=string(user, "name", 300) or name,
        url=web(string(user, "web_url")) or f"{lab.web}/{name}", bio=words, title=string(user, "job_title", 300),
        company=string(user, "organization", 300).removeprefix("@"), known=known, is_owner=is_owner,
        addresses=unique([*addresses_said(f"{words}\n{string(user, 'public_email', 300)}", *_pages(user)), *pictured(string(user, "avatar_url"))]),
    )  # fmt: skip


def _pages(user: Json) -> Iterator[str]:
    """The pages elsewhere that a profile names; most fields hold a name, some an address."""
    yield string(user, "website_url")
    for name, page in _ELSEWHERE:
        value = string(user, name, 500)
        if web(value):
            yield value
        elif plain := re.fullmatch(r"@?((?:did:[a-z]{1,20}:)?[\w.%-]{1,100})", value):
            yield page + plain[1]
    if far := re.fullmatch(r"@?([\w.-]{1,100})@([\w.-]{1,200})", string(user, "mastodon", 400)):
        yield f"https://{far[2]}/@{far[1]}"


_ELSEWHERE = (
    ("linkedin", "https://www.linkedin.com/in/"), ("twitter", "https://x.com/"), ("github", "https://github.com/"),
    ("bluesky", "https://bsky.app/profile/"), ("orcid", "https://orcid.org/"),
)  # fmt: skip


def where_of(event: Json) -> Where | None:
    """The issue or merge request that an event is about; None for anything else."""
    note, project = record_of(event, "note"), string(event, "project_id", 30)
    kind = string(note, "noteable_type", 50) if note is not None else string(event, "target_type", 50)
    number = string(note, "noteable_iid", 30) if note is not None else string(event, "target_iid", 30)
    return Where(project, _PARTS[kind], number) if kind in _PARTS and project.isdigit() and number.isdigit() else None


def line_of(event: Json) -> str:
    """A key of a list's line: how what an event is about is asked for, "#", what our facts call the event. "" for an unreadable one."""
    number = string(event, "id", 30)
    if not number:
        return ""
    note = string(record_of(event, "note"), "id", 30)
    part = _PARTS.get(string(event, "target_type", 50), "")
    if note:
        native = f"note:{note}"
    elif part and string(event, "action_name", 50) in ("opened", "created") and string(event, "target_id", 30):
        native = _thread(part, string(event, "target_id", 30))
    else:
        return f"#event:{number}"
    where = where_of(event)
    return f"{where.path if where else ''}#{native}"


def _thread(part: str, number: str) -> str:
    """One conversation, by the number that no other has. Issues and tasks share their numbers."""
    return f"{_CALLED[part].replace(' ', '_')}:{number}" if number else ""


def facts(event: Json, lab: Lab, around: Around) -> tuple[Fact, ...]:
    """Profiles first, then the one activity of an event; a `Rejected` if it cannot be one; () for one that says nothing."""
    author = record_of(event, "author") or {"id": event.get("author_id"), "username": event.get("author_username")}
    if not string(author, "id", 30) or not string(event, "created_at"):
        return (Rejected(where=f"GitLab event {string(event, 'id', 30) or '?'}", reason=say("it has no author or time")),)
    project, where = around.projects.get(string(event, "project_id", 30), {}), where_of(event)
    item = around.items.get(where) if where is not None else None
    note, action = record_of(event, "note"), string(event, "action_name", 50)
    if note is not None:
        return note_facts({"author": author, **note}, where, item or _stub(event, note), project, lab)
    if where is not None:
        if action in ("opened", "created"):
            opened = item or {"created_at": event.get("created_at"), **_stub(event, None)}
            return item_facts({**opened, "author": author}, where.part, project, lab)
        told = _changed(event, where.part, item or _stub(event, None), project, lab) if action in _DONE else None
    else:
        told = _at_project(event, project, lab)
    return _made(told, author, lab) if told is not None else ()


def _stub(event: Json, note: Json | None) -> Json:
    """What an event itself tells of an issue or merge request."""
    number, place = ("noteable_id", "noteable_iid") if note is not None else ("target_id", "target_iid")
    of = note if note is not None else event
    return {"id": of.get(number), "iid": of.get(place), "title": event.get("target_title")}


def item_facts(item: Json, part: str, project: Json, lab: Lab) -> tuple[Fact, ...]:
    """An issue or merge request as its author wrote it."""
    author, native = record_of(item, "author"), _thread(part, string(item, "id", 30))
    if author is None or not native:
        return ()
    wanted = [who for who in (*records(item, "assignees"), *records(item, "reviewers")) if _is_me(who, lab)]
    told = _Told(
        native=native, kind=Kind.POST, title=_title(item, part, project), text=_words(item, "description") or f"Opened this {_CALLED[part]}",
        url=_page(item, part, project), at=string(item, "created_at", 50), thread=native, audience=_audience(lab, project, item),
        with_=tuple((who, Role.SUBJECT) for who in wanted[:1]),
    )  # fmt: skip
    return _made(told, author, lab)


def note_facts(note: Json, where: Where | None, item: Json, project: Json, lab: Lab) -> tuple[Fact, ...]:
    """A comment. where: the issue or merge request it stands at, None at anything else. What GitLab notes down itself is no comment."""
    author, number = record_of(note, "author"), string(note, "id", 30)
    if author is None or not number or note.get("system") is True:
        return ()
    part = where.part if where is not None else ""
    thread = _thread(part, string(item, "id", 30)) if part else _other_thread(note)
    page = _page(item, part, project) if part else web(string(project, "web_url"))
    title = _title(item, part, project) if part else " ".join(filter(None, (_path(project), string(item, "title", 300))))
    told = _Told(
        native=f"note:{number}", kind=Kind.COMMENT, title=title, text=_words(note, "body"), url=f"{page}#note_{number}" if page and part else page,
        at=string(note, "created_at", 50), thread=thread, parent=thread if part else "", audience=_audience(lab, project, item, note),
        with_=((record_of(item, "author"), Role.REPLY_TO),), file=string(record_of(note, "position"), "new_path", 500),
    )  # fmt: skip
    return _made(told, author, lab)


def _other_thread(note: Json) -> str:
    kind, number = string(note, "noteable_type", 50), string(note, "noteable_id", 30)
    return f"{kind.lower()}:{number}" if kind and number else ""


def todo_facts(todo: Json, part: str, project: Json, lab: Lab) -> tuple[Fact, ...]:
    """What somebody asked of me; () where the conversation itself says it (mentions), or nobody asked (builds)."""
    author, item, words = record_of(todo, "author"), record_of(todo, "target") or {}, _WANTED.get(string(todo, "action_name", 50), "")
    if not words or author is None or not string(todo, "id", 30) or _is_me(author, lab):
        return ()
    thread = _thread(part, string(item, "id", 30))
    told = _Told(
        native=f"todo:{string(todo, 'id', 30)}", kind=Kind.OTHER, title=_title(item, part, project), text=words, thread=thread, parent=thread,
        url=web(string(todo, "target_url")), at=string(todo, "created_at", 50), audience=_audience(lab, project, item),
        with_=((_myself(lab), Role.SUBJECT),),
    )  # fmt: skip
    return _made(told, author, lab)


def _changed(event: Json, part: str, item: Json, project: Json, lab: Lab) -> _Told:
    thread = _thread(part, string(item, "id", 30))
    return _Told(
        native=f"event:{string(event, 'id', 30)}", kind=Kind.OTHER, title=_title(item, part, project), thread=thread, parent=thread,
        text=f"{_DONE[string(event, 'action_name', 50)]} this {_CALLED[part]}", url=_page(item, part, project),
        at=string(event, "created_at", 50), audience=_audience(lab, project, item), with_=((record_of(item, "author"), Role.REPLY_TO),),
    )  # fmt: skip


def _at_project(event: Json, project: Json, lab: Lab) -> _Told | None:
    """An event that is one sentence about a project; None for one that says nothing."""
    number, target, action = string(event, "id", 30), string(event, "target_type", 50), string(event, "action_name", 50)
    push, page = record_of(event, "push_data"), web(string(project, "web_url"))
    text = ""
    if push is not None:
        text, page = _pushed(push), _compared(push, page)
    elif not target:
        text = _PROJECT.get(action, "")
    elif target == "Milestone":
        done = {"opened": "Made", "created": "Made", "destroyed": "Deleted", **_DONE}.get(action, "")
        text = f"{done} the milestone {string(event, 'target_title', 300)}" if done else ""
    elif target in ("Snippet", "PersonalSnippet", "ProjectSnippet") and action in ("opened", "created"):
        text = f"Made the snippet {string(event, 'target_title', 300)}"
    elif target.startswith("WikiPage"):
        wiki = record_of(event, "wiki_page")
        text = f"Wrote in the wiki\n{action}: {string(wiki, 'title', 300) or string(event, 'target_title', 300)}"
        page = f"{page}/-/wikis/{string(wiki, 'slug', 300)}" if page and string(wiki, "slug", 300) else page
    if not text or not number:
        return None
    return _Told(
        native=f"event:{number}", kind=Kind.OTHER, title=_path(project),
        text=tidy(text), url=page, at=string(event, "created_at", 50), audience=_audience(lab, project),
    )  # fmt: skip


_PROJECT = {"created": "Made this project", "imported": "Made this project", "joined": "Joined this project", "left": "Left this project"}


def _pushed(push: Json) -> str:
    """Only the newest commit's title is told, and how many there are."""
    name, what, action = string(push, "ref", 300), string(push, "ref_type", 30) or "branch", string(push, "action", 30)
    if not name:
        return f"Pushed {string(push, 'ref_count', 10)} branches" if string(push, "ref_count", 10) else "Pushed changes"
    if action == "removed":
        return f"Deleted the {what} {name}"
    head = f"Made the {what} {name}" if action == "created" else f"Pushed to {name}"
    count, title = whole(push, "commit_count") or 0, string(push, "commit_title", 300)
    more = f"(and {count - 1} more)" if title and count > 1 else ""
    return "\n".join(filter(None, (head, title, more)))


def _compared(push: Json, page: str) -> str:
    before, after = string(push, "commit_from", 64), string(push, "commit_to", 64)
    both = re.fullmatch(r"[0-9a-f]{7,64}", before) and re.fullmatch(r"[0-9a-f]{7,64}", after)
    return f"{page}/-/compare/{before}...{after}" if page and both else page


def _path(project: Json) -> str:
    return string(project, "path_with_namespace", 300)


def _title(item: Json, part: str, project: Json) -> str:
    """ "acme/press#7: Crash"; "#7: Crash" where the project is not known."""
    number, sign, words = string(item, "iid", 30), _SIGNS[part], string(item, "title", 300)
    full = string(record_of(item, "references"), "full", 400) or f"{_path(project)}{sign}{number}"
    return f"{full}: {words}" if words else full


def _page(item: Json, part: str, project: Json) -> str:
    page, number = web(string(project, "web_url")), string(item, "iid", 30)
    return web(string(item, "web_url")) or (f"{page}/-/{part}/{number}" if page and number else page)


def _words(record: Json, name: str) -> str:
    value = record.get(name)
    return markdown_text(_SIZES.sub("", value[:200_000])) if isinstance(value, str) else ""


def _audience(lab: Lab, project: Json, *records_: Json) -> Audience:
    """Without a key nothing is seen that is not public; with one, what is not known to be for all may be for few."""
    if any(record.get("confidential") is True or record.get("internal") is True for record in records_):
        return Audience.PRIVATE
    return _AUDIENCES.get(string(project, "visibility", 30), Audience.PRIVATE if lab.with_key else Audience.PUBLIC)


def _myself(lab: Lab) -> Json | None:
    return {"id": lab.me.native_id.removesuffix(lab.suffix), "username": lab.my_name} if lab.me is not None else None


def _is_me(who: Json, lab: Lab) -> bool:
    return bool(string(who, "id", 30)) and lab.key(string(who, "id", 30)) == lab.me


def _made(told: _Told, author: Json, lab: Lab) -> tuple[Fact, ...]:
    actor = lab.key(string(author, "id", 30))
    published, precision = moment_of(told.at)
    if published is None:
        return (Rejected(where=f"GitLab {told.native}", reason=say("it has no time")),)
    named = _myself(lab) if lab.my_name and _names(told.text, lab.my_name) else None
    people = {actor: _somebody(author, lab)}
    roles: dict[Key, Role] = {}
    for who, role in (*told.with_, (named, Role.MENTIONED)):
        if who is None or not string(who, "id", 30) or lab.key(string(who, "id", 30)) == actor:
            continue
        somebody = _somebody(who, lab)
        people.setdefault(somebody.key, somebody)
        roles.setdefault(somebody.key, role)  # whoever is answered is not listed as mentioned, too
    activity = Activity(
        key=lab.key(told.native), actor=actor, kind=told.kind, published=published, precision=precision, title=one_line(told.title),
        text=told.text, url=told.url, thread=told.thread + lab.suffix if told.thread else "", audience=told.audience,
        in_reply_to=told.parent + lab.suffix if told.parent else "", extra=pairs(file=told.file),
        participants=tuple(Participant(profile=key, role=role) for key, role in roles.items()),
    )  # fmt: skip
    return (*people.values(), activity)


def _somebody(user: Json, lab: Lab) -> Profile:
    name = string(user, "username", 300)
    page = web(string(user, "web_url")) or (f"{lab.web}/{name}" if name else "")
    return Profile(key=lab.key(string(user, "id", 30)), handle=name, display_name=string(user, "name", 300), url=page)


def _names(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w@/.-])@{re.escape(name)}(?![\w-]|\.\w)", text, re.IGNORECASE) is not None
