"""What is said in a forum on loopback: where it goes, what it becomes, how it is found there again, and what its refusals mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relationdesk.errors import Gone, LoginRejected, PerhapsSent, RateLimited, SourceError, UnexpectedAnswer
from relationdesk.model import Activity, Audience, Key, Kind, Role, Tombstone
from relationdesk.outgoing import Deed, Outgoing, Receipt, Recipient
from relationdesk.sources.base import Picky, Sends
from relationdesk.sources.discourse import Discourse
from relationdesk.sources.door import Door
from tests.facts import NOW
from tests.forum import KEY, shown_by
from tests.taking import serve
from tests.taking_forum import ANN, JOE, SAM, TOPIC, Forum, item_of, login_at

SOURCE = Discourse()
KEPT = "Your words are kept"
TEXT = "It does not.\n\n@joe & <b>more</b>"


@pytest.fixture
def place() -> Iterator[Forum]:
    with serve(Forum()) as one:
        assert isinstance(one, Forum)
        yield one


def host(place: Forum) -> str:
    return place.base.removeprefix("http://")


def door(place: Forum) -> Door:
    return Door(allowed_hosts=frozenset({host(place)}))


def says(towards: Activity | None, text: str = TEXT, deed: Deed = Deed.REPLY, uid: str = "u-1", **more: Any) -> Outgoing:
    return Outgoing(uid=uid, deed=deed, made=NOW, text="" if deed is Deed.LIKE else text, towards=towards, since=datetime.now(UTC), **more)


def writes(place: Forum, text: str = "Only for you, Joe", name: str = "joe", **more: Any) -> Outgoing:
    return says(None, text, Deed.MESSAGE, audience=Audience.PRIVATE, to=(Recipient(value=f"{JOE}@{host(place)}", name=name),), **more)


def send(place: Forum, what: Outgoing) -> Receipt:
    return SOURCE.send(login_at(place), what, "k3y", door(place))


def find(place: Forum, what: Outgoing) -> Receipt | None:
    return SOURCE.find_sent(login_at(place), what, "k3y", door(place))


def posted(place: Forum) -> list[Any]:
    return [data for method, _, data in place.asked if method == "POST"]


@pytest.mark.parametrize("has_activity", [True, False])
@pytest.mark.parametrize(("number", "who", "at"), [(40, ANN, 1), (41, JOE, 2)])
def test_said_where_it_belongs_towards_whom_and_found_again(place: Forum, number: int, who: int, at: int, has_activity: bool) -> None:
    place.has_activity = has_activity
    what = says(item_of(place, number, who, at))
    assert SOURCE.fits(login_at(place), Deed.REPLY, what.towards)  # type: ignore[arg-type]
    assert find(place, what) is None
    sent = send(place, what)
    assert posted(place) == [{"raw": TEXT, "topic_id": TOPIC, **({"reply_to_post_number": at} if at > 1 else {})}]
    assert sent.key == Key("discourse", f"post:900@{host(place)}") and sent.url == f"{place.base}/t/upgrade-help/{TOPIC}/4"
    activity = sent.facts[-1]
    assert isinstance(activity, Activity) and activity.in_reply_to == f"post:{number}@{host(place)}" and activity.title == "Upgrade help"
    assert (activity.kind, activity.audience, activity.text) == (Kind.REPLY, Audience.PUBLIC, "It does not.\n\n@joe & <b>more</b>")
    assert [(one.profile, one.role) for one in activity.participants] == [(Key("discourse", f"{who}@{host(place)}"), Role.REPLY_TO)]
    found = find(place, what)
    assert found is not None and (found.key, found.url) == (sent.key, sent.url) and len(place.took) == 1
    assert all(headers.get("user-api-key") == "k3y" for headers in place.headers)


def test_what_answers_members_is_for_members(place: Forum) -> None:
    sent = send(place, says(replace(item_of(place), audience=Audience.FOLLOWERS)))
    assert sent.facts[-1].audience is Audience.FOLLOWERS  # type: ignore[union-attr]


def test_two_alike_are_told_apart_by_what_they_answer_and_what_is_known(place: Forum) -> None:
    what = says(item_of(place), "Thanks")
    first = send(place, what)
    again = replace(what, uid="u-2", others=frozenset({first.key.native_id}))
    assert find(place, again) is None and find(place, says(item_of(place, 42, JOE, 3), "Thanks")) is None
    second = send(place, again)
    assert getattr(find(place, again), "key", None) == second.key != first.key and getattr(find(place, what), "key", None) == first.key
    assert find(place, replace(what, since=datetime.now(UTC) + timedelta(minutes=16))) is None
    assert find(place, replace(what, text="Thank you")) is None


def test_what_moderators_have_to_let_through_is_out_and_said_so(place: Forum) -> None:
    place.gated = True
    for what in (says(item_of(place)), writes(place)):
        sent = send(place, what)
        assert sent.facts == () and "moderators" in sent.note and sent.key.native_id.startswith("pending:9")
        assert find(place, what) == replace(sent, url=sent.url)
        assert find(place, replace(what, others=frozenset({sent.key.native_id}))) is None
    assert len(place.took) == 2


def test_a_like_is_given_once_however_often(place: Forum) -> None:
    what = says(item_of(place), deed=Deed.LIKE)
    assert find(place, what) is None
    sent = send(place, what)
    assert posted(place) == [{"id": 41, "post_action_type_id": 2}]
    assert sent.key == send(place, what).key == getattr(find(place, what), "key", None) == Key("discourse", f"like:{SAM}:41@{host(place)}")
    assert len(posted(place)) == 1


def test_a_like_is_taken_back_once_and_only_as_long_as_the_forum_allows(place: Forum) -> None:
    like = says(item_of(place), deed=Deed.LIKE)
    sent = send(place, like)
    back = replace(like, deed=Deed.UNLIKE, undoes=sent.key)
    place.can_undo = False
    with pytest.raises(UnexpectedAnswer, match=r"a few minutes only. Nothing was sent"):
        send(place, back)
    assert place.liked == {41} and find(place, back) is None
    place.can_undo = True
    gone = send(place, back)
    assert gone == find(place, back) == send(place, back) and gone.facts == (Tombstone(key=sent.key, returns=True),)
    assert place.liked == set() and [method for method, _, _ in place.asked].count("DELETE") == 1


def test_a_message_is_for_one_member_and_private(place: Forum) -> None:
    what = writes(place, "Only for you, Joe: we have one that does not drip, and it is cheaper than you think\nMore")
    assert find(place, what) is None
    sent = send(place, what)
    assert posted(place) == [{
        "title": "Only for you, Joe: we have one that does not drip, and it is…", "raw": what.text, "archetype": "private_message", "target_recipients": "joe",
    }]  # fmt: skip
    activity = sent.facts[-1]
    assert isinstance(activity, Activity) and (activity.kind, activity.audience) == (Kind.MESSAGE, Audience.PRIVATE)
    assert [(one.profile, one.role) for one in activity.participants] == [(Key("discourse", f"{JOE}@{host(place)}"), Role.TO)]
    assert getattr(find(place, what), "key", None) == sent.key
    assert find(place, replace(what, others=frozenset({sent.key.native_id}))) is None
    assert find(place, replace(what, to=(Recipient(value=f"{ANN}@{host(place)}", name="ann"),))) is None
    assert send(place, writes(place, subject="Lifts")) and posted(place)[-1]["title"] == "Lifts"


def test_nobody_gets_a_message_that_was_meant_for_another(place: Forum) -> None:
    for name in ("ann", "nobody", "Joe Brown", ""):
        with pytest.raises(UnexpectedAnswer, match=rf"called.*{KEPT}"):
            send(place, writes(place, name=name))
    place.writes_no_messages = True
    with pytest.raises(UnexpectedAnswer, match=rf"does not let you write messages.*{KEPT}"):
        send(place, writes(place))
    assert place.took == []


@pytest.mark.parametrize(("number", "who"), [(49, JOE), (41, ANN)])
def test_nothing_is_said_to_what_is_gone_or_somebody_elses(place: Forum, number: int, who: int) -> None:
    with pytest.raises(Gone, match=KEPT):
        send(place, says(item_of(place, number, who)))
    assert posted(place) == []


def test_deleted_it_is_gone(place: Forum) -> None:
    place.posts[1]["deleted_at"] = place.now()
    with pytest.raises(Gone, match=KEPT):
        send(place, says(item_of(place)))


@pytest.mark.parametrize(("shut", "words"), [("closed", "closed"), ("archived", "archived"), ("may_post", "does not let you answer")])
def test_closed_archived_and_forbidden_topics_are_said_before_anything_is_sent(place: Forum, shut: str, words: str) -> None:
    setattr(place, shut, shut != "may_post")
    with pytest.raises(UnexpectedAnswer, match=rf"{words}.*{KEPT}"):
        send(place, says(item_of(place)))
    assert posted(place) == []


@pytest.mark.parametrize("lost", ["cut", (502, {}, {"Taken": "yes"}), (200, b"<html>", {"Taken": "yes"}), (200, {"id": 900}, {"Taken": "yes"})])
@pytest.mark.parametrize("deed", [Deed.REPLY, Deed.MESSAGE])
def test_taken_and_the_answer_lost_it_is_found_and_not_sent_again(place: Forum, lost: Any, deed: Deed) -> None:
    place.says = [lost]
    what = says(item_of(place)) if deed is Deed.REPLY else writes(place)
    with pytest.raises(PerhapsSent):
        send(place, what)
    assert find(place, what) is not None and len(place.took) == 1


SLOW = {"errors": ["You’ve performed this action too many times."], "error_type": "rate_limit", "extras": {"wait_seconds": 1500}}
REFUSED: list[tuple[int, Any, dict[str, str], type[SourceError], str]] = [
    (403, {"errors": ["No"], "error_type": "invalid_access"}, {}, UnexpectedAnswer, "may only read"),
    (403, {"errors": ["No"], "error_type": "not_logged_in"}, {}, LoginRejected, "does not let"), (401, {}, {}, LoginRejected, "Sign in"),
    (422, {"action": "create_post", "errors": ["Body is too similar to what you recently posted"]}, {}, UnexpectedAnswer, "too similar"),
    (404, {"errors": ["gone"], "error_type": "not_found"}, {}, Gone, "not there"), (429, SLOW, {}, RateLimited, "wait"),
    (429, b"<html>", {"Retry-After": "1500"}, RateLimited, "wait"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "headers", "error", "words"), REFUSED)
def test_what_a_refusal_means(place: Forum, status: int, body: Any, headers: dict[str, str], error: type[SourceError], words: str) -> None:
    place.says = [(status, body, headers)]
    with pytest.raises(error) as caught:
        send(place, says(item_of(place)))
    assert words in str(caught.value) and KEPT in str(caught.value) and "k3y" not in str(caught.value) and place.took == []
    if isinstance(caught.value, RateLimited):
        assert timedelta(minutes=24) < caught.value.until - datetime.now(UTC) <= timedelta(minutes=25)


def test_what_can_be_done_depends_on_forum_thing_and_key(place: Forum) -> None:
    login, here = login_at(place), item_of(place)
    assert isinstance(SOURCE, Sends) and isinstance(SOURCE, Picky)
    other = replace(here, key=Key("discourse", "post:41@forum.example"))
    assert SOURCE.fits(login, Deed.LIKE, here) and not SOURCE.fits(login, Deed.LIKE, other) and not SOURCE.fits(login, Deed.REPLY, other)
    assert SOURCE.fits(login, Deed.MESSAGE, here.actor) and not SOURCE.fits(login, Deed.MESSAGE, Key("discourse", "9@forum.example")) and not SOURCE.fits(login, Deed.MESSAGE, here)
    assert not SOURCE.fits(login, Deed.REPLY, replace(here, key=Key("discourse", f"like:9:41@{host(place)}")))
    for rights, able in ((frozenset({"write"}), True), (None, True), (frozenset({"read", "session_info"}), False)):
        one = replace(login, rights=rights)
        assert bool(SOURCE.may(one)) == able == (SOURCE.lacks(one) == "")
    assert SOURCE.length(Deed.REPLY, " 😀a ") == 2


@pytest.mark.parametrize("writes_too", [True, False])
def test_a_key_made_here_is_known_for_what_it_may(place: Forum, writes_too: bool) -> None:
    source = Discourse()
    page = source.key_page(place.base, door(place), writes=writes_too)
    assert ("scopes=read%2Cwrite%2Csession_info" in page) == writes_too
    key = source.key_in(shown_by(page, key=KEY))
    place.answer = lambda *asked: (200, {"current_user": {"id": SAM, "username": "sam"}})  # type: ignore[method-assign]
    made = source.connect(place.base, key, door(place))
    assert made.rights == (frozenset({"read", "write", "session_info"}) if writes_too else frozenset({"read", "session_info"}))
    assert bool(source.may(made)) == writes_too
    assert Discourse().connect(place.base, key, door(place)).rights is None
