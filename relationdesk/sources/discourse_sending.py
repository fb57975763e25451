"""What the user says in a forum by a member's key: answers, likes (and takes back of these), and messages to one member.

What is typed is what the forum's own box would be given. A forum keeps no keys by which it would know a second try, so my newest posts,
what waits for its moderators, and my messages are looked through before anything is said again; posts are told whole only one by one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from relationdesk.errors import Gone, LoginRejected, RateLimited, SourceError, UnexpectedAnswer
from relationdesk.lengths import cut
from relationdesk.model import Activity, Audience, Key, Kind, Login, Participant, Profile, Role
from relationdesk.outgoing import Deed, May, Outgoing, Receipt
from relationdesk.saying import say
from relationdesk.sources import sent_facts
from relationdesk.sources.discourse_facts import Around, Forum, post_facts, user_in
from relationdesk.sources.discourse_reading import actions_of
from relationdesk.sources.discourse_talk import HEADER, Talk, error_type, slowed_until
from relationdesk.sources.door_sending import earliest, hand_over, perhaps, told
from relationdesk.sources.json_fields import Json, moment_of, record_of, records, string
from relationdesk.sources.json_talk import NotShown
from relationdesk.text import one_line

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer

MOST = 32_000
WRITES = "write"
LIKED = "2"
"""What a forum calls a like."""
MOST_CANDIDATES = 10
_REPLY = 5
_TITLE = 60


def may(login: Login) -> tuple[May, ...]:
    if not login.has_token or lacks(login):
        return ()
    return (May(deed=Deed.REPLY, most=MOST), May(deed=Deed.LIKE), May(deed=Deed.MESSAGE, most=MOST, audiences=(Audience.PRIVATE,), new=True))


def lacks(login: Login) -> str:
    if not login.has_token or login.rights is None or WRITES in login.rights:
        return ""
    host = urlsplit(login.address).netloc
    return say("Your key for {host} may only read: make one there that may also write (sign in again, “The key may also write”), and you answer from here.", host=host)


def fits(login: Login, deed: Deed, about: Activity | Key) -> bool:
    forum = Forum(base=login.address.rstrip("/"))
    key = about if isinstance(about, Key) else about.key
    if key.native_id.partition("@")[2] != forum.name:
        return False
    return deed is Deed.MESSAGE if isinstance(about, Key) else deed in (Deed.REPLY, Deed.LIKE) and key.native_id.startswith("post:")


def length(text: str) -> int:
    """Code points, as a forum counts."""
    return len(text.strip())


def send(login: Login, what: Outgoing, talk: Talk) -> Receipt:
    if what.deed is Deed.MESSAGE:
        return _message(what, talk, _recipient(what, talk))
    post = _post(what, talk)
    if what.deed is Deed.LIKE:
        if not _liked(post):
            told(_hand_over(talk, "/post_actions.json", {"id": int(string(post, "id", 30)), "post_action_type_id": int(LIKED)}))
        return _like(what, talk)
    if what.deed is Deed.UNLIKE:
        if _liked(post):
            _unlike(post, talk)
        return sent_facts.taken_back(what)
    _check_open(post, talk)
    data: dict[str, object] = {"raw": what.text.strip(), "topic_id": int(string(post, "topic_id", 30))}
    if (answered := string(post, "post_number", 30)) != "1":
        data["reply_to_post_number"] = int(answered)
    return _taken(told(_hand_over(talk, "/posts.json", data)), what, talk, post)


def find_sent(login: Login, what: Outgoing, talk: Talk) -> Receipt | None:
    if what.deed is Deed.MESSAGE:
        return _message_there(what, talk, _recipient(what, talk))
    post = _post(what, talk)
    if what.deed is Deed.LIKE:
        return _like(what, talk) if _liked(post) else None
    if what.deed is Deed.UNLIKE:
        return sent_facts.taken_back(what) if not _liked(post) else None
    mine, begun = _newest(what, talk)
    answered = string(post, "post_number", 30)
    for one in reversed(mine):  # of two alike the older one: the other is looked for in its turn
        if string(one, "topic_id", 30) != string(post, "topic_id", 30) or (string(one, "reply_to_post_number", 30) or "1") != answered:
            continue
        if talk.forum.key(f"post:{string(one, 'id', 30)}").native_id in what.others:
            continue
        whole = _asked(talk, f"/posts/{string(one, 'id', 30)}.json")
        if sent_facts.same(whole.get("raw"), what.text) and (made := _receipt(whole, what, talk, post)) is not None:
            return made
    return _waiting(what, talk, begun)


def _me(talk: Talk) -> Profile:
    """Raises LoginRejected for a login that does not say who we are."""
    if talk.forum.me is None:
        raise LoginRejected(say("This login does not say who you are at {host}. Your words are kept. Sign in again, then try again.", host=talk.host))
    return Profile(key=talk.forum.me, handle=talk.forum.my_name, url=talk.forum.page(talk.forum.my_name), is_owner=True)


def _post(what: Outgoing, talk: Talk) -> Json:
    """What is answered, as it is now. Raises Gone if it is not there, or somebody else's."""
    assert what.towards is not None
    number = what.towards.key.native_id.removeprefix("post:").partition("@")[0]
    try:
        found = talk.object(f"/posts/{quote(number, safe='')}.json")
    except (Gone, NotShown) as e:
        raise _gone(talk) from e
    author, deleted = string(found, "user_id", 30), string(found, "deleted_at", 50) or found.get("user_deleted") is True
    numbers = [string(found, name, 30).isdigit() for name in ("id", "topic_id", "post_number")]
    if string(found, "id", 30) != number or talk.forum.key(author) != what.towards.actor or deleted or not all(numbers):
        raise _gone(talk)
    return found


def _gone(talk: Talk) -> Gone:
    return Gone(say("{host} does not show what this answers (any more). Nothing was sent. Your words are kept. Look at its page.", host=talk.host))


def _check_open(post: Json, talk: Talk) -> None:
    """Raises UnexpectedAnswer for a topic in which we may say nothing: what a forum says then is that there is no such topic."""
    topic = _asked(talk, f"/t/{string(post, 'topic_id', 30)}.json")
    shut = "archived" if topic.get("archived") is True else "closed" if topic.get("closed") is True else ""
    if (record_of(topic, "details") or {}).get("can_create_post") is True or not topic:
        return
    if shut:
        raise UnexpectedAnswer(say("This topic was {shut}, so {host} takes no answer to it. Nothing was sent. Your words are kept. Say it elsewhere, or give it up.", shut=shut, host=talk.host))
    if "details" in topic:
        raise UnexpectedAnswer(say("{host} does not let you answer in this topic. Nothing was sent. Your words are kept. Look at its page, or give it up.", host=talk.host))


def _asked(talk: Talk, path: str) -> Json:
    """{} for what is not there, or not for us."""
    try:
        return talk.object(path)
    except (Gone, NotShown):
        return {}


def _newest(what: Outgoing, talk: Talk) -> tuple[list[Json], datetime]:
    """My posts since this was sent, newest first, and since when that is. What an old forum does not tell whole has `post_id` for `id`."""
    name = quote(talk.forum.my_name, safe="")
    try:
        answer = talk.get(f"/u/{name}/activity.json")
        found = talk.list_in(answer)
    except Gone:
        answer = talk.get(actions_of(talk.forum.my_name, (_REPLY,), 0))
        found = [{**one, "id": one.get("post_id")} for one in records(answer.json(), "user_actions")]
    begun = earliest(what, answer, talk.clock())
    return [one for one in found if _since(one, begun)], begun


def _since(one: Json, begun: datetime) -> bool:
    at = moment_of(string(one, "created_at", 50))[0]
    return at is not None and at >= begun


def _waiting(what: Outgoing, talk: Talk, begun: datetime) -> Receipt | None:
    """What moderators have to let through first."""
    found = records(_asked(talk, f"/posts/{quote(talk.forum.my_name, safe='')}/pending.json"), "pending_posts")
    for one in found:
        if _since(one, begun) and sent_facts.same(one.get("raw_text", one.get("raw")), what.text):
            made = _pending(one, what, talk)
            if made.key.native_id not in what.others:
                return made
    return None


def _pending(one: Json, what: Outgoing, talk: Talk) -> Receipt:
    """It becomes an activity when it is shown, under a number that it gets only then."""
    note = say("{host} has this and shows it when its moderators have let it through.", host=talk.host)
    return Receipt(key=talk.forum.key(f"pending:{string(one, 'id', 30)}"), url=what.towards.url if what.towards is not None else "", note=note)


def _taken(data: Json, what: Outgoing, talk: Talk, post: Json) -> Receipt:
    made = _held(data, what, talk) or _receipt(data, what, talk, post)
    if made is None:
        raise perhaps(talk.host)
    return made


def _held(data: Json, what: Outgoing, talk: Talk) -> Receipt | None:
    if data.get("action") != "enqueued" or data.get("success") is not True:
        return None
    return _pending(record_of(data, "pending_post") or {"id": what.uid[:20]}, what, talk)


def _receipt(data: Json, what: Outgoing, talk: Talk, post: Json) -> Receipt | None:
    """Told as a reading tells it."""
    assert what.towards is not None
    topic = string(post, "topic_id", 30)
    forum = replace(talk.forum, closed=what.towards.audience is not Audience.PUBLIC)
    around = Around(titles={topic: what.towards.title}, answered={(topic, string(post, "post_number", 30)): post})
    named = {"topic_id": post.get("topic_id"), "topic_slug": post.get("topic_slug"), "reply_to_post_number": post.get("post_number")}
    found = post_facts({**named, **data}, forum, around)
    said = next((fact for fact in found if isinstance(fact, Activity)), None)
    return sent_facts.receipt(found, _me(talk), what, said.key) if said is not None and said.actor == talk.forum.me else None


def _liked(post: Json) -> bool:
    return any(string(one, "id", 10) == LIKED and one.get("acted") is True for one in records(post, "actions_summary"))


def _unlike(post: Json, talk: Talk) -> None:
    """A forum lets a like be taken back for a short time only, ten minutes where nothing else was set."""
    if any(string(one, "id", 10) == LIKED and one.get("can_undo") is not True for one in records(post, "actions_summary")):
        raise UnexpectedAnswer(say("{host} no longer lets this like be taken back: forums allow that for a few minutes only. Nothing was sent. Give it up.", host=talk.host))
    _hand_over(talk, f"/post_actions/{string(post, 'id', 30)}.json?post_action_type_id={LIKED}", {}, method="DELETE")


def _like(what: Outgoing, talk: Talk) -> Receipt:
    assert what.towards is not None
    me = _me(talk)
    mine, post = me.key.native_id.partition("@")[0], what.towards.key.native_id.removeprefix("post:").partition("@")[0]
    return sent_facts.like(me, what, talk.forum.key(f"like:{mine}:{post}"), talk.clock(), "like")


# To one member


def _recipient(what: Outgoing, talk: Talk) -> Json:
    """Whom it is for, by the name they have now. Raises UnexpectedAnswer."""
    one = what.to[0] if len(what.to) == 1 else None
    name = one.name.removeprefix("@") if one is not None else ""
    found = user_in(_asked(talk, f"/u/{quote(name, safe='')}.json")) if re.fullmatch(r"[\w.-]{1,60}", name) else {}
    if one is None or talk.forum.key(string(found, "id", 30)).native_id != one.value:
        raise UnexpectedAnswer(say("It is not known what this person is called at {host} now. Nothing was sent. Your words are kept. Read their page once, then try again.", host=talk.host))
    if found.get("can_send_private_message_to_user") is False:
        raise UnexpectedAnswer(say("{host} does not let you write messages to this person. Nothing was sent. Your words are kept. Say it in a topic, or give it up.", host=talk.host))
    return found


def _message(what: Outgoing, talk: Talk, who: Json) -> Receipt:
    data = {"title": _title(what), "raw": what.text.strip(), "archetype": "private_message", "target_recipients": string(who, "username", 300)}
    answer = told(_hand_over(talk, "/posts.json", data))
    made = _held(answer, what, talk) or _message_receipt(answer, what, talk, who)
    if made is None:
        raise perhaps(talk.host)
    return made


def _title(what: Outgoing) -> str:
    words = one_line(what.subject, 200) or one_line(what.text.strip().split("\n")[0], 1_000)
    short = cut(words, _TITLE)
    return short if short == words else f"{short.rstrip()}…"


def _message_there(what: Outgoing, talk: Talk, who: Json) -> Receipt | None:
    answer = talk.get(f"/topics/private-messages-sent/{quote(talk.forum.my_name, safe='')}.json")
    begun = earliest(what, answer, talk.clock())
    topics = [one for one in records(record_of(answer.json(), "topic_list"), "topics") if _since(one, begun)]
    for whole in reversed([found for one in topics[:MOST_CANDIDATES] if (found := _asked(talk, f"/t/{string(one, 'id', 30)}.json"))]):
        members = {string(one, "id", 30) for one in records(record_of(whole, "details"), "allowed_users")}
        first = next(iter(records(record_of(whole, "post_stream"), "posts")), {})
        if string(who, "id", 30) not in members or talk.forum.key(f"post:{string(first, 'id', 30)}").native_id in what.others:
            continue
        post = _asked(talk, f"/posts/{string(first, 'id', 30)}.json")
        if sent_facts.same(post.get("raw"), what.text):
            return _message_receipt(post, what, talk, who)
    return _waiting(what, talk, begun)


def _message_receipt(data: Json, what: Outgoing, talk: Talk, who: Json) -> Receipt | None:
    found = post_facts({**data, "topic_title": _title(what)}, talk.forum, Around())
    said = next((fact for fact in found if isinstance(fact, Activity)), None)
    if said is None or said.actor != talk.forum.me:
        return None
    theirs = Profile(key=talk.forum.key(string(who, "id", 30)), handle=string(who, "username", 300), url=talk.forum.page(string(who, "username", 300)))
    private = replace(said, kind=Kind.MESSAGE, audience=Audience.PRIVATE, participants=(Participant(profile=theirs.key, role=Role.TO),))
    return Receipt(key=said.key, url=said.url, facts=(_me(talk), theirs, private))


def _hand_over(talk: Talk, path: str, data: Json, method: str = "POST") -> Answer:
    return hand_over(talk.door, talk.base + path, data, token=talk.token, token_in=HEADER, against=lambda answer: _refusal(answer, talk), method=method)


def _refusal(answer: Answer, talk: Talk) -> SourceError | None:
    """A forum says the same to a key that may not write and to a member who may not write there; neither is a reason to doubt the login."""
    if answer.status == 429 and "retry-after" not in answer.headers:
        return RateLimited(say("{host} asks us to wait. Your words are kept and go out by themselves.", host=talk.host), until=slowed_until(answer, talk.clock()))
    if answer.status == 403 and error_type(answer) not in ("", "not_logged_in"):
        hint = say("If the key may only read, sign in again with one that may also write; else look at its page whether you may")
        return UnexpectedAnswer(say("{host} does not let you do this with this key. Your words are kept. {hint}.", host=talk.host, hint=hint))
    return None
