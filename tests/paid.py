"""A place that takes money, for tests of what that means: it answers with as many posts as stand in the body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from relationdesk.errors import SourceUnavailable
from relationdesk.model import Key, Login, Page, Profile, Stream
from relationdesk.money import Price, Prices
from relationdesk.sources.base import WayIn
from relationdesk.sources.door import Answer, Door
from relationdesk.sources.paying import pay
from tests.facts import did, who

PRICES = Prices(
    currency="USD", told="https://paid.example/prices", since=date(2026, 8, 1), begin=(("user", 1), ("post", 10)), each=(("post", 1),),
    prices=(Price(name="post", title="posts", micros=5_000), Price(name="user", title="profiles", micros=10_000), Price(name="alt", title="pictures", micros=5_000, extra=True)),
)  # fmt: skip
SERVER = "https://paid.example"
LOGIN = Login(id=0, source="paid", place="x", address=SERVER, user_name="sam", profile=Key("x", "1"))
KEY = LOGIN.secret_name


class Paid:
    """A place that answers with as many posts as stand in the body. names: its streams. most: posts that are asked for at once."""

    name, place, title = "paid", "x", "Paid place"
    takes_token = True
    prices = PRICES
    way_in = WayIn(source="paid", title="Paid place", gives="Reads posts.", follow="Follow somebody", server="@you", signs_in="Your handle", places=("x",))

    def __init__(self, *names: str, most: int = 100) -> None:
        self.names, self.most = names, most

    def _ask(self, door: Door) -> Answer:
        return pay(door, {"post": self.most}, lambda: door.get(SERVER, also=frozenset(range(400, 600))), lambda answer: {"post": int(answer.body)})

    def connect(self, address: str, token: str, door: Door) -> Login:
        pay(door, {"user": 1}, lambda: door.get(SERVER, also=frozenset(range(400, 600))), lambda _: {"user": 1})
        return LOGIN

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        self._ask(door)
        return Stream(name="posts:2", address=SERVER, profile=Key("x", "2"), title="Joe"), Profile(key=Key("x", "2"), display_name="Joe")

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        return tuple(Stream(name=name, address=SERVER, title=name) for name in self.names) or followed

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        number = int(cursor or 0) + 1
        answer = self._ask(door)
        if answer.status != 200:
            raise SourceUnavailable("paid.example has a problem. What was read before is kept.")
        joe = who("Joe", "x")
        yield Page(facts=(joe, did(joe, f"{stream.name}{number}")), cursor=str(number))


class Generous:
    """A purse that pays everything, and remembers it: (most, what it was). wanted: extras."""

    def __init__(self, *wanted: str, fits: int = 1_000_000) -> None:
        self.wanted, self.most = wanted, fits
        self.paid: list[tuple[dict[str, int], dict[str, int] | None]] = []

    def reserve(self, most: Mapping[str, int]) -> int:
        self.paid.append((dict(most), None))
        return len(self.paid) - 1

    def settle(self, ticket: int, read: Mapping[str, int]) -> None:
        most, before = self.paid[ticket]
        assert before is None, "settled twice"
        assert all(count <= most.get(name, 0) for name, count in read.items()), f"{read} was not reserved: {most}"
        self.paid[ticket] = most, dict(read)

    def fits(self, most: Mapping[str, int]) -> bool:
        return sum(most.values()) <= self.most

    def wants(self, name: str) -> bool:
        return name in self.wanted
