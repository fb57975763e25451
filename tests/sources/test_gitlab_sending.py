"""What is said by a GitLab login, to a server on loopback that takes it: where it goes, what it becomes, how it is found there again, and
what its refusals mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relationdesk.errors import Gone, LoginRejected, PerhapsSent, RateLimited, SourceError, UnexpectedAnswer
from relationdesk.model import Activity, Audience, Key, Kind, Role, Tombstone
from relationdesk.outgoing import Deed, Outgoing, Receipt
from relationdesk.sources.base import Picky, Sends
from relationdesk.sources.door import Door
from relationdesk.sources.gitlab import GitLab
from relationdesk.sources.gitlab_sending import written
from tests.facts import NOW
from tests.taking import serve
from tests.taking_lab import ANN, JOE, SAM, Lab, item_of, login_at

SOURCE = GitLab()
KEPT = "Your words are kept"


@pytest.fixture
def place() -> Iterator[Lab]:
    with serve(Lab()) as one:
        assert isinstance(one, Lab)
        yield one


def door(place: Lab) -> Door:
    return Door(allowed_hosts=frozenset({place.base.removeprefix("http://")}))


def says(towards: Activity, text: str = "It does not.\n\n@joe see #12", deed: Deed = Deed.COMMENT, uid: str = "u-1", **more: Any) -> Outgoing:
    return Outgoing(uid=uid, deed=deed, made=NOW, text=text if deed is Deed.COMMENT else "", towards=towards, since=datetime.now(UTC), **more)


def send(place: Lab, what: Outgoing) -> Receipt:
    return SOURCE.send(login_at(place), what, "k3y", door(place))


def find(place: Lab, what: Outgoing) -> Receipt | None:
    return SOURCE.find_sent(login_at(place), what, "k3y", door(place))


def note_41(place: Lab) -> Activity:
    return item_of(place, "note:41", "issues/7#note_41")


SPOTS = [
    ("note:41", "issues/7#note_41", JOE, "issue:830", "issues/7/notes"), ("issue:830", "issues/7", ANN, "issue:830", "issues/7/notes"),
    ("event:5", "work_items/7", JOE, "issue:830", "issues/7/notes"), ("todo:5", "merge_requests/8#note_9", JOE, "merge_request:831", "merge_requests/8/notes"),
    ("merge_request:831", "merge_requests/8", JOE, "merge_request:831", "merge_requests/8/notes"),
    ("note:42", "merge_requests/8#note_42", JOE, "merge_request:831", "merge_requests/8/discussions/t-remark/notes"),
]  # fmt: skip


@pytest.mark.parametrize(("native", "page", "who", "thread", "path"), SPOTS)
def test_said_where_it_belongs_towards_whom_and_found_again(place: Lab, native: str, page: str, who: int, thread: str, path: str) -> None:
    what = says(item_of(place, native, page, who, thread=thread))
    assert SOURCE.fits(login_at(place), Deed.COMMENT, what.towards)  # type: ignore[arg-type]
    assert find(place, what) is None
    sent = send(place, what)
    assert [(path, data) for method, path, data in place.asked if method == "POST"] == [(f"/api/v4/projects/5/{path}", {"body": "It does not.\n\n@joe see #12"})]
    host = place.base.removeprefix("http://")
    assert sent.key == Key("gitlab", f"note:900@{host}") and sent.url.endswith("#note_900")
    activity = sent.facts[-1]
    assert isinstance(activity, Activity) and activity.in_reply_to == f"{thread}@{host}" and activity.kind is Kind.COMMENT and activity.audience is Audience.PUBLIC
    assert (Key("gitlab", f"{who}@{host}"), Role.REPLY_TO) in [(one.profile, one.role) for one in activity.participants]
    assert find(place, what) == sent and len(place.took) == 1


def test_what_answers_words_for_members_is_for_members(place: Lab) -> None:
    sent = send(place, says(item_of(place, "note:45", "issues/7#note_45")))
    assert place.asked[-1][2]["internal"] is True and sent.facts[-1].audience is Audience.PRIVATE  # type: ignore[union-attr]


@pytest.mark.parametrize(("typed", "given"), [
    ("/close", "\\/close"), ("Well\n/assign @joe\nso", "Well\n\\/assign @joe\nso"), ("/usr/bin is full", "/usr/bin is full"), ("see /close", "see /close"),
    ("```\n/close\n```\n/close", "```\n/close\n```\n\\/close"), ("~~~~\n/close\n~~~\n/close", "~~~~\n/close\n~~~\n/close"), ("/Shrug", "\\/Shrug"), ("/", "/"),
])  # fmt: skip
def test_words_are_words_and_no_commands(place: Lab, typed: str, given: str) -> None:
    assert written(typed) == given
    what = says(note_41(place), typed)
    if "~" not in typed and "```" not in typed:
        assert send(place, what) == find(place, what) and place.took == [given]


def test_what_was_obeyed_and_not_kept_is_no_comment(place: Lab) -> None:
    place.says = [(202, {"commands_changes": {}, "summary": ["Closed"]})]
    with pytest.raises(UnexpectedAnswer, match=KEPT):
        send(place, says(note_41(place)))


def test_two_alike_are_told_apart_and_an_older_one_is_none(place: Lab) -> None:
    what = says(note_41(place), "Thanks")
    first = send(place, what)
    again = replace(what, uid="u-2", others=frozenset({first.key.native_id}))
    assert find(place, again) is None
    second = send(place, again)
    assert find(place, again) == second != first
    assert find(place, what) == first, "the older of two"
    assert find(place, replace(what, since=datetime.now(UTC) + timedelta(minutes=16))) is None
    assert find(place, replace(what, text="Thank")) is None


def test_looked_for_over_as_many_pages_as_there_are(place: Lab) -> None:
    place.per_page = 2
    what = says(note_41(place), "Here")
    sent = send(place, what)
    for n in range(5):
        place._add(950 + n, "Here", JOE, "issues/7")
    assert find(place, what) == sent
    for n in range(20):
        place._add(960 + n, "Here", JOE, "issues/7")
    with pytest.raises(PerhapsSent):
        find(place, what)


@pytest.mark.parametrize(("native", "page", "thread", "at"), [
    ("issue:830", "issues/7", "issue:830", "issues/7"), ("note:41", "issues/7#note_41", "issue:830", "issues/7/notes/41"),
    ("merge_request:831", "merge_requests/8", "merge_request:831", "merge_requests/8"), ("note:42", "merge_requests/8#note_42", "merge_request:831", "merge_requests/8/notes/42"),
])  # fmt: skip
def test_a_thumb_is_given_once_however_often(place: Lab, native: str, page: str, thread: str, at: str) -> None:
    what = says(item_of(place, native, page, ANN if native.startswith("issue") else JOE, thread=thread), deed=Deed.LIKE)
    assert SOURCE.fits(login_at(place), Deed.LIKE, what.towards) and find(place, what) is None  # type: ignore[arg-type]
    sent = send(place, what)
    assert sent.key == send(place, what).key == getattr(find(place, what), "key", None)
    assert sent.key.native_id.startswith(f"like:{SAM}:{native}@") and place.thumbs == {f"{at}/award_emoji": [SAM]}
    back = replace(what, deed=Deed.UNLIKE, undoes=sent.key)
    assert find(place, back) is None
    gone = send(place, back)
    assert gone == find(place, back) == send(place, back) and gone.facts == (Tombstone(key=sent.key, returns=True),)
    assert place.thumbs == {f"{at}/award_emoji": []} and [method for method, _, _ in place.asked].count("DELETE") == 1


def test_the_project_is_called_otherwise_now(place: Lab) -> None:
    place.path = "acme/steam"
    what = says(note_41(place))
    assert find(place, what) is None
    assert send(place, what) == find(place, what)


@pytest.mark.parametrize(("native", "page", "who", "thread"), [
    ("note:49", "issues/7", JOE, "issue:830"), ("note:41", "issues/7", ANN, "issue:830"), ("issue:830", "issues/70", ANN, "issue:830"), ("issue:830", "issues/7", JOE, "issue:830"),
    ("note:41", "issues/7", JOE, "issue:829"),
])  # fmt: skip
def test_nothing_is_said_to_what_is_gone_or_somebody_elses_now(place: Lab, native: str, page: str, who: int, thread: str) -> None:
    with pytest.raises(Gone, match=KEPT):
        send(place, says(item_of(place, native, page, who, thread=thread)))
    assert place.took == []


@pytest.mark.parametrize("lost", ["cut", (502, {}, {"Taken": "yes"}), (201, b"<html>", {"Taken": "yes"}), (201, {"id": 900}, {"Taken": "yes"})])
def test_taken_and_the_answer_lost_it_is_found_and_not_sent_again(place: Lab, lost: Any) -> None:
    place.says = [lost]
    what = says(note_41(place))
    with pytest.raises(PerhapsSent):
        send(place, what)
    assert find(place, what) is not None and len(place.took) == 1


def test_locked_and_archived_are_said_by_their_names(place: Lab) -> None:
    place.locked = True
    with pytest.raises(UnexpectedAnswer, match=rf"locked.*{KEPT}"):
        send(place, says(note_41(place)))
    place.locked, place.archived = False, True
    with pytest.raises(UnexpectedAnswer, match=rf"archived.*{KEPT}"):
        send(place, says(note_41(place), deed=Deed.LIKE))


REFUSED: list[tuple[int, Any, dict[str, str], type[SourceError], str]] = [
    (403, {"message": "403 Forbidden"}, {}, UnexpectedAnswer, "does not let you write"),
    (403, {"error": "insufficient_scope", "error_description": "The request requires higher privileges"}, {}, LoginRejected, "“api”"),
    (403, {"message": "no"}, {"Retry-After": "60"}, RateLimited, "wait"), (401, {"message": "401 Unauthorized"}, {}, LoginRejected, "Sign in"),
    (404, {"message": "404 Not found"}, {}, Gone, "not there"), (429, b"Retry later", {"Retry-After": "1200"}, RateLimited, "wait"),
    (400, {"message": {"note": ["is too long (maximum is 1000000 characters)"]}}, {}, UnexpectedAnswer, "too long"),
    (422, {"error": "Your comment has been recognized as spam"}, {}, UnexpectedAnswer, "spam"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "headers", "error", "words"), REFUSED)
def test_what_a_refusal_means(place: Lab, status: int, body: Any, headers: dict[str, str], error: type[SourceError], words: str) -> None:
    place.says = [(status, body, headers)]
    with pytest.raises(error) as caught:
        send(place, says(note_41(place)))
    assert words in str(caught.value) and KEPT in str(caught.value) and "k3y" not in str(caught.value) and place.took == []


def test_what_can_be_done_depends_on_server_thing_and_key(place: Lab) -> None:
    login = login_at(place)
    assert isinstance(SOURCE, Sends) and isinstance(SOURCE, Picky)
    for native, page in (("event:5", ""), ("event:5", "compare/a...b"), ("note:5", "commit/abc#note_5"), ("odd:5", "issues/7")):
        assert not SOURCE.fits(login, Deed.COMMENT, item_of(place, native, page)), native
    here = note_41(place)
    there = replace(here, key=Key("gitlab", "note:41"), url="https://gitlab.com/acme/deep/press/-/issues/7#note_41")
    public = replace(login, address="https://gitlab.com/api/v4", profile=Key("gitlab", "100"))
    assert SOURCE.fits(public, Deed.COMMENT, there) and not SOURCE.fits(public, Deed.COMMENT, here) and not SOURCE.fits(login, Deed.COMMENT, there)
    assert not SOURCE.fits(login, Deed.LIKE, item_of(place, "todo:5", "issues/7")) and not SOURCE.fits(login, Deed.COMMENT, here.actor)
    for rights, able in ((frozenset({"api"}), True), (None, True), (frozenset({"read_api"}), False), (frozenset(), False)):
        one = replace(login, rights=rights)
        assert bool(SOURCE.may(one)) == able == (SOURCE.lacks(one) == "")


@pytest.mark.parametrize(("told", "rights"), [(["read_api", "read_user"], frozenset({"read_api", "read_user"})), ([], frozenset()), (None, None)])
def test_connecting_learns_what_the_key_may(place: Lab, told: list[str] | None, rights: frozenset[str] | None) -> None:
    place.rights = told
    assert SOURCE.connect(place.base, "k3y", door(place)).rights == rights
