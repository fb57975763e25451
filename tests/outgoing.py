"""A place that is told what the outbox sends, for tests: it keeps what it took, and does what a test says instead."""

from __future__ import annotations

from collections.abc import Callable

from relationdesk.errors import SourceError
from relationdesk.model import Activity, Audience, Key, Kind, Login, Participant, Profile, Role
from relationdesk.outgoing import Deed, May, Outgoing, Receipt
from relationdesk.sources.door import Door
from relationdesk.store import logins
from relationdesk.store.database import Desk, transaction
from tests.facts import ME, NOW

LOGIN = Login(id=0, source="mastodon", place="mastodon", address="https://hotel.example", user_name="sam", profile=ME)


class Place:
    """took: what it has, by uid, in order. errors: raised at the next tries, None for none; accepts: whether it took it all the same."""

    def __init__(self) -> None:
        self.took: list[Outgoing] = []
        self.errors: list[tuple[SourceError | None, bool]] = []
        self.asked = 0
        self.cannot_say: SourceError | None = None
        self.before: Callable[[], None] = lambda: None
        self.before_looking: Callable[[Outgoing], None] = lambda what: None

    def may(self, login: Login) -> tuple[May, ...]:
        words = [May(deed=deed, most=500, audiences=(Audience.PUBLIC, Audience.FOLLOWERS)) for deed in (Deed.REPLY, Deed.LIKE, Deed.BOOST)]
        return (*words, May(deed=Deed.MESSAGE, most=500, audiences=(Audience.PRIVATE,), new=True))

    def length(self, deed: Deed, text: str) -> int:
        return len(text)

    def send(self, login: Login, what: Outgoing, token: str, door: Door) -> Receipt:
        self.before()
        error, accepts = self.errors.pop(0) if self.errors else (None, True)
        if accepts:
            self.took.append(what)
        if error is not None:
            raise error
        return self._receipt(what)

    def find_sent(self, login: Login, what: Outgoing, token: str, door: Door) -> Receipt | None:
        self.asked += 1
        self.before_looking(what)
        if self.cannot_say is not None:
            raise self.cannot_say
        return self._receipt(what) if any(one.uid == what.uid for one in self.took) else None

    def _receipt(self, what: Outgoing) -> Receipt:
        key = Key("mastodon", f"https://hotel.example/sent/{what.uid}")
        me = Profile(key=ME, display_name="Sam", is_owner=True)
        to = what.towards.actor if what.towards else Key("mastodon", what.to[0].value)
        activity = Activity(
            key=key, actor=ME, kind=Kind.REPLY, published=NOW, text=what.text, in_reply_to=what.towards.key.native_id if what.towards else "",
            audience=what.audience, participants=(Participant(profile=to, role=Role.REPLY_TO),),
        )  # fmt: skip
        return Receipt(key=key, url="https://hotel.example/@sam/1", facts=(me, activity))


def sign_in(db: Desk, login: Login = LOGIN) -> Login:
    with transaction(db):
        found = logins.get(db, logins.save(db, login))
    assert found is not None
    return found
