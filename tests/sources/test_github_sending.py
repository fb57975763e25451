"""What is said by a GitHub login, to a server on loopback that takes it: where it goes, what it becomes, how it is found there again, and
what its refusals mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relationdesk.errors import Gone, LoginRejected, PerhapsSent, RateLimited, SourceError, UnexpectedAnswer
from relationdesk.model import Activity, Key, Kind, Role, Tombstone
from relationdesk.outgoing import Deed, Outgoing, Receipt
from relationdesk.sources.base import Picky, Sends
from relationdesk.sources.door import Door
from relationdesk.sources.github import GitHub
from tests import hub as official
from tests.facts import NOW
from tests.hub import ANN, JOE
from tests.taking import serve
from tests.taking_hub import Hub, item_of, login_at

SOURCE = GitHub()
KEPT = "Your words are kept"


@pytest.fixture
def place() -> Iterator[Hub]:
    with serve(Hub()) as one:
        assert isinstance(one, Hub)
        yield one


def door(place: Hub) -> Door:
    return Door(allowed_hosts=frozenset({place.base.removeprefix("http://")}))


def says(towards: Activity, text: str = "It does not.\n\n@joe see #12", deed: Deed = Deed.COMMENT, uid: str = "u-1", **more: Any) -> Outgoing:
    return Outgoing(uid=uid, deed=deed, made=NOW, text=text if deed is Deed.COMMENT else "", towards=towards, since=datetime.now(UTC), **more)


def send(place: Hub, what: Outgoing) -> Receipt:
    return SOURCE.send(login_at(place), what, "k3y", door(place))


def find(place: Hub, what: Outgoing) -> Receipt | None:
    return SOURCE.find_sent(login_at(place), what, "k3y", door(place))


SPOTS = [
    ("comment:41", "issues/7#issuecomment-41", JOE, "1#7", "/repos/acme/press/issues/7/comments", "comment:900", "issue:1#7"),
    ("issue:1#7", "issues/7", ANN, "1#7", "/repos/acme/press/issues/7/comments", "comment:900", "issue:1#7"),
    ("event:5", "issues/7", JOE, "1#7", "/repos/acme/press/issues/7/comments", "comment:900", "issue:1#7"),
    ("review:44", "pull/8#pullrequestreview-44", JOE, "1#8", "/repos/acme/press/issues/8/comments", "comment:900", "issue:1#8"),
    ("review-comment:42", "pull/8#discussion_r42", JOE, "1#8", "/repos/acme/press/pulls/8/comments/42/replies", "review-comment:900", "review-comment:42"),
    ("commit-comment:43", "commit/abc1234#commitcomment-43", JOE, "", "/repos/acme/press/commits/abc1234/comments", "commit-comment:900", ""),
    ("discussion:99", "discussions/9", JOE, "1#9", "", "discussion-comment:700", "discussion:99"),
]


@pytest.mark.parametrize(("native", "page", "who", "thread", "path", "key", "parent"), SPOTS)
def test_said_where_it_belongs_towards_whom_and_found_again(place: Hub, native: str, page: str, who: int, thread: str, path: str, key: str, parent: str) -> None:
    what = says(item_of(place, native, page, who, thread=thread))
    assert SOURCE.fits(login_at(place), Deed.COMMENT, what.towards)  # type: ignore[arg-type]
    assert find(place, what) is None
    sent = send(place, what)
    (said,) = [data for method, asked, data in place.asked if method == "POST" and asked == f"/api/v3{path}"] or [{"body": place.took[0]}]
    assert said == {"body": "It does not.\n\n@joe see #12"}, "as it was typed: names and numbers stay live"
    host = place.base.removeprefix("http://")
    assert sent.key == Key("github", f"{key}@{host}") and sent.url.startswith(place.base)
    activity = sent.facts[-1]
    assert isinstance(activity, Activity) and activity.in_reply_to == (f"{parent}@{host}" if parent else "") and activity.kind is Kind.COMMENT
    assert (Key("github", f"{who}@{host}"), Role.REPLY_TO) in [(one.profile, one.role) for one in activity.participants]
    assert find(place, what) == sent and len(place.took) == 1


def test_what_was_made_is_what_the_schema_says(place: Hub) -> None:
    if not official.SPEC.is_file():
        pytest.skip("needs ../shared/places/specs")
    send(place, says(item_of(place, "comment:41", "issues/7#issuecomment-41")))
    assert official.wrong("issue-comment", place._shown(place.comments[-1])) == []
    given = official._spec()["paths"]["/repos/{owner}/{repo}/issues/{issue_number}/comments"]
    assert set(given) >= {"get"}


def test_two_alike_are_told_apart_and_an_older_one_is_none(place: Hub) -> None:
    what = says(item_of(place, "comment:41", "issues/7#issuecomment-41"), "Thanks")
    first = send(place, what)
    again = replace(what, uid="u-2", others=frozenset({first.key.native_id}))
    assert find(place, again) is None
    second = send(place, again)
    assert find(place, again) == second != first
    assert find(place, replace(what, since=datetime.now(UTC) + timedelta(minutes=16))) is None
    assert find(place, replace(what, text="Thank")) is None


def test_looked_for_over_as_many_pages_as_there_are(place: Hub) -> None:
    place.per_page = 2
    what = says(item_of(place, "comment:41", "issues/7#issuecomment-41"), "Here")
    for n in range(5):
        place.comments.append(place._comment(50 + n, JOE, "Here", "issues/7", ""))
    sent = send(place, what)
    assert find(place, what) == sent
    for n in range(20):
        place.comments.append(place._comment(60 + n, JOE, "Here", "issues/7", ""))
    with pytest.raises(PerhapsSent):
        find(place, replace(what, text="Not among the newest pages"))


@pytest.mark.parametrize(("native", "page", "at"), [
    ("issue:1#7", "issues/7", "issues/7"), ("comment:41", "issues/7#issuecomment-41", "issues/comments/41"), ("release:5", "releases/tag/1", "releases/5"),
    ("review-comment:42", "pull/8#discussion_r42", "pulls/comments/42"), ("commit-comment:43", "commit/abc1234#c", "comments/43"), ("discussion:99", "discussions/9", ""),
])  # fmt: skip
def test_a_thumb_is_given_once_however_often(place: Hub, native: str, page: str, at: str) -> None:
    what = says(item_of(place, native, page, ANN if native.startswith("issue") else JOE), deed=Deed.LIKE)
    assert SOURCE.fits(login_at(place), Deed.LIKE, what.towards) and find(place, what) is None  # type: ignore[arg-type]
    sent = send(place, what)
    assert sent.key == send(place, what).key == getattr(find(place, what), "key", None)
    assert sent.key.native_id.startswith("like:100:") and sent.facts[-1].kind is Kind.REACTION  # type: ignore[union-attr]
    assert place.liked_discussion if not at else place.thumbs == {f"{at}/reactions": {100}}
    back = replace(what, deed=Deed.UNLIKE, undoes=sent.key)
    assert find(place, back) is None
    gone = send(place, back)
    assert gone == find(place, back) == send(place, back) and gone.facts == (Tombstone(key=sent.key, returns=True),)
    assert not place.liked_discussion and not any(place.thumbs.values())
    taken = [method for method, path, data in place.asked if method == "DELETE" or "removeReaction" in str(data)]
    assert len(taken) == 1, "what is gone is not taken back again"


def test_the_project_is_called_otherwise_now(place: Hub) -> None:
    place.repo, place.former = "acme/steam", {"acme/press"}
    what = says(item_of(place, "comment:41", "issues/7#issuecomment-41"))
    sent = send(place, what)
    assert [path for method, path, _ in place.asked if method == "POST"] == ["/api/v3/repos/acme/steam/issues/7/comments"]
    assert find(place, what) == sent


@pytest.mark.parametrize(("native", "page", "who"), [("comment:49", "issues/7#x", JOE), ("comment:41", "issues/7#x", ANN), ("issue:1#70", "issues/70", JOE), ("discussion:98", "discussions/9", JOE), ("discussion:99", "discussions/8", JOE)])
def test_nothing_is_said_to_what_is_gone_or_somebody_elses_now(place: Hub, native: str, page: str, who: int) -> None:
    with pytest.raises(Gone, match=KEPT):
        send(place, says(item_of(place, native, page, who)))
    assert place.took == []


@pytest.mark.parametrize("lost", ["cut", (502, {}, {"Taken": "yes"}), (201, b"<html>", {"Taken": "yes"}), (201, {"id": 900}, {"Taken": "yes"})])
@pytest.mark.parametrize(("native", "page"), [("comment:41", "issues/7#issuecomment-41"), ("discussion:99", "discussions/9")])
def test_taken_and_the_answer_lost_it_is_found_and_not_sent_again(place: Hub, lost: Any, native: str, page: str) -> None:
    what = says(item_of(place, native, page))
    place.says = [lost]
    with pytest.raises(PerhapsSent):
        send(place, what)
    found = find(place, what)
    assert found is not None and len(place.took) == 1


def test_broken_off_before_it_was_taken_it_is_not_there(place: Hub) -> None:
    what = says(item_of(place, "comment:41", "issues/7#issuecomment-41"))
    place.says = ["gone"]
    with pytest.raises(PerhapsSent):
        send(place, what)
    assert find(place, what) is None


REFUSED: list[tuple[int, Any, dict[str, str], type[SourceError], str]] = [
    (403, {"message": "Unable to create comment because issue is locked."}, {}, UnexpectedAnswer, "locked"),
    (403, {"message": "Repository was archived so is read-only."}, {}, UnexpectedAnswer, "archived"),
    (403, {"message": "User is blocked"}, {}, UnexpectedAnswer, "blocked"),
    (403, {"message": "Resource not accessible by personal access token"}, {}, UnexpectedAnswer, "public_repo"),
    (404, {"message": "Not Found"}, {"X-OAuth-Scopes": "notifications"}, UnexpectedAnswer, "public_repo"),
    (404, {"message": "Not Found"}, {}, Gone, "not there"),
    (410, {"message": "Issues are disabled for this repo"}, {}, Gone, "not there"),
    (401, {"message": "Bad credentials"}, {}, LoginRejected, "Sign in"),
    (403, {"message": "You have exceeded a secondary rate limit. Please wait."}, {}, RateLimited, "wait"),
    (403, {"message": "No"}, {"Retry-After": "60"}, RateLimited, "wait"),
    (403, {"message": "API rate limit exceeded"}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}, RateLimited, "wait"),
    (429, {"message": "Too many"}, {"Retry-After": "1200"}, RateLimited, "wait"),
    (422, {"message": "Validation Failed", "errors": [{"message": "Body is too long (maximum is 65536 characters)"}]}, {}, UnexpectedAnswer, "too long"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "headers", "error", "words"), REFUSED)
def test_what_a_refusal_means(place: Hub, status: int, body: Any, headers: dict[str, str], error: type[SourceError], words: str) -> None:
    place.says = [(status, body, headers)]
    with pytest.raises(error) as caught:
        send(place, says(item_of(place, "comment:41", "issues/7#issuecomment-41")))
    assert words in str(caught.value) and KEPT in str(caught.value) and "k3y" not in str(caught.value) and place.took == []
    if isinstance(caught.value, RateLimited) and "1200" in headers.values():
        assert timedelta(minutes=19) < caught.value.until - datetime.now(UTC) <= timedelta(minutes=20)


@pytest.mark.parametrize(("kind", "error"), [("FORBIDDEN", UnexpectedAnswer), ("RATE_LIMITED", RateLimited), ("NOT_FOUND", Gone), ("UNPROCESSABLE", UnexpectedAnswer), ("odd", PerhapsSent)])
def test_refusals_in_a_discussion_come_in_good_order(place: Hub, kind: str, error: type[SourceError]) -> None:
    place.says = [(200, {"data": {"done": None}, "errors": [{"type": kind, "message": "Discussion is locked"}]})]
    with pytest.raises(error):
        send(place, says(item_of(place, "discussion:99", "discussions/9")))


def test_what_can_be_done_depends_on_server_thing_and_key(place: Hub) -> None:
    login = login_at(place)
    assert isinstance(SOURCE, Sends) and isinstance(SOURCE, Picky)
    for native, page in (("star:1:1", ""), ("push:4", "compare/a...b"), ("event:9", ""), ("release:5", "releases/tag/1"), ("fork:4", "")):
        assert not SOURCE.fits(login, Deed.COMMENT, item_of(place, native, page)), native
    here = item_of(place, "comment:41", "issues/7#issuecomment-41")
    there = replace(here, key=Key("github", "comment:41"), url="https://github.com/acme/press/issues/7#issuecomment-41")
    public = replace(login, address="https://api.github.com", profile=Key("github", "100"))
    assert SOURCE.fits(public, Deed.COMMENT, there) and not SOURCE.fits(public, Deed.COMMENT, here) and not SOURCE.fits(login, Deed.COMMENT, there)
    assert not SOURCE.fits(login, Deed.MESSAGE, here) and not SOURCE.fits(login, Deed.COMMENT, here.actor)
    for rights, able in ((frozenset({"public_repo"}), True), (frozenset({"repo"}), True), (None, True), (frozenset({"notifications"}), False), (frozenset(), False)):
        one = replace(login, rights=rights)
        assert bool(SOURCE.may(one)) == able == (SOURCE.lacks(one) == "")
    assert SOURCE.may(replace(login, has_token=False)) == () and SOURCE.lacks(replace(login, has_token=False)) == ""
    assert "public_repo" in SOURCE.lacks(replace(login, rights=frozenset()))


@pytest.mark.parametrize(("told", "rights"), [("notifications, public_repo", frozenset({"notifications", "public_repo"})), ("", frozenset()), (None, None)])
def test_connecting_learns_what_the_key_may(place: Hub, told: str | None, rights: frozenset[str] | None) -> None:
    place.rights = told
    assert SOURCE.connect(place.base, "k3y", door(place)).rights == rights
