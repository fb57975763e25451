"""What a source is. Two shapes: one reads files, one reads a place over the network. Both yield Facts and nothing else.

Promises that one test checks for every source:
1. The actor's `Profile` (and every participant's) comes before the `Activity` that names it.
2. Times are aware and UTC; a time without a zone says so by its precision or by the source's documented zone.
3. `native_id` is the place's global id; else a hash of fields that do not change.
4. An unreadable record is one `Rejected`, never an exception; a file or page is not lost for one record.
5. A cursor is opaque and is saved in the same transaction as its page.
6. No Qt, no store, no keyring, no sleeping, no threads. Nothing is fetched but through the given door.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from relationdesk.model import Activity, Fact, Key, Login, Page, Profile, Progress, Stream
from relationdesk.money import Prices
from relationdesk.outgoing import Deed, May, Outgoing, Receipt

if TYPE_CHECKING:
    from relationdesk.sources.door import Door


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of an export that can be left out, such as its messages. count 0: unknown before reading.

    name: stored and given on the command line, never rename. title: a plural noun for the preview ("messages").
    wanted: False for what is only read when somebody asks for it ("channels").
    """

    name: str
    title: str
    count: int = 0
    wanted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Something that a file does not tell and that must not be guessed. choices: (answer, its words), the likelier first;
    () where nothing can be proposed, and the answer is typed.

    name: "me" for whose file it is (the answer goes to `Options.me`), else the key of `Options.answers`. While it is not
    answered, `read` raises `UnreadableFile` with the question as its sentence. holds_for: what else of this format the answer is true of
    (the chats of one phone), the same in the questions of each; "" for this very question.
    """

    name: str
    question: str
    choices: tuple[tuple[str, str], ...]
    holds_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What a file looks like. certainty 0 < c ≤ 1; the highest wins.

    owner: who the file says it belongs to, "" if it does not say. gathered: nothing in it says so, it was only gathered from what is in it;
    another file of the same export may call them otherwise. columns: header cells that the user has to map
    (only for the unknown CSV; then `mapping` of `Options` is asked for). parts: what may be left out, in the order of
    showing. asks: what only the user can say; mostly ().
    """

    format: str  # FileSource.name
    title: str  # "LinkedIn archive"
    place: str
    certainty: float
    owner: str = ""
    gathered: bool = False
    columns: tuple[str, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()  # first rows, for the mapping step
    parts: tuple[Part, ...] = ()
    asks: tuple[Ask, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the user says about a file. me: handle, address or name of the owner, "" to let the file tell.

    mine: mail addresses (lower case) known to be the owner's, for the direction of mail. mapping: column → field
    name of `csv_contacts.FIELDS`, for a CSV nobody knows. answers: to what `Recognised.asks`, by its name. parts: names of
    the parts to read, None for those that are wanted anyway.
    """

    me: str = ""
    mine: frozenset[str] = frozenset()
    mapping: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    parts: frozenset[str] | None = None

    def wants(self, part: Part) -> bool:
        return part.wanted if self.parts is None else part.name in self.parts


class FileSource(Protocol):
    """Reads files and folders of one format. Stateless."""

    name: str  # "linkedin_archive": stored with batches, never rename
    title: str  # "LinkedIn archive"
    place: str  # "linkedin"

    def recognise(self, path: Path) -> Recognised | None:
        """Look at the content (not the name) of a file or folder; None: not ours. Reads little, raises nothing."""
        ...

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """Everything in the file, streaming, in bounded memory. Raises UnreadableFile if it cannot be read at all."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """How a place is connected, in words for the person who does it. Window and command line know no place by its name:
    they show this, so that a new place is its own file and one line.

    server: an example of what is typed to connect, its address ("hotel.example"), "" where there is nothing to name and one
    login reads every page. signs_in: what is typed there if it is no server but who one is ("Your handle"); then `user_name@host`
    signs in again. keyless: what is typed there by who wants to be nobody ("youtube.com"), if
    that is neither a server nor somebody's name. roams: a login without a server reads people wherever they are at home. asks: servers
    that are asked whoever is followed, the first only where no login names another ("api.github.com"); asks_with_key: those that only who
    has a key asks. costs: what it costs, and how much may be asked. key_from: where the access key comes from, "" if none is taken;
    key_title: what it is called, if it is needed. places: what this source is offered for. also: further words by which people look for it.
    """

    source: str  # LiveSource.name
    title: str
    gives: str
    follow: str
    page: str = ""  # an example of what is followed
    server: str = ""
    signs_in: str = ""
    key_from: str = ""
    key_title: str = ""
    keyless: str = ""
    asks: tuple[str, ...] = ()
    asks_with_key: tuple[str, ...] = ()
    roams: bool = False
    costs: str = ""
    also: str = ""
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How many questions a place answers in a span of time. zone: the time zone at whose midnight it is counted anew, for a
    span of a day; "" where a span begins with its first question. unchanged_is_free: "nothing new" (304) does not count."""

    most: int
    span: timedelta
    zone: str = ""
    unchanged_is_free: bool = False


class LiveSource(Protocol):
    """Reads one place over the network, politely and incrementally. Stateless."""

    name: str  # "mastodon": stored with logins, never rename
    title: str
    place: str
    takes_token: bool  # a token may be given; with one, `streams` includes what others did towards me
    way_in: WayIn

    def connect(self, address: str, token: str, door: Door) -> Login:
        """Check that `address` is such a server and that the token (may be "") works. id of the answer is 0."""
        ...

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Turn a handle or page address into the stream to read and the profile it belongs to."""
        ...

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """What one sync of this login reads, in order."""
        ...

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """Pages after the cursor, oldest knowledge first; each is stored before the next is asked for."""
        ...


@runtime_checkable
class Sends(Protocol):
    """A live source by which the user also says something. It sends what it is given and nothing else, once, and only when asked to."""

    def may(self, login: Login) -> tuple[May, ...]:
        """What this login allows, in the order of `Deed`; () for one that only reads. Asks nobody."""
        ...

    def length(self, deed: Deed, text: str) -> int:
        """How long a text is as the place counts, to be held against `May.most`."""
        ...

    def send(self, login: Login, what: Outgoing, token: str, door: Door) -> Receipt:
        """Hand it to the place. Raises PerhapsSent if the place may have it and did not say so; after every other error it is not there:
        SourceUnavailable and RateLimited (later), LoginRejected (a key without the right to write, too), Gone (what is answered is not
        there), UnexpectedAnswer (the place refuses it), Cancelled."""
        ...

    def find_sent(self, login: Login, what: Outgoing, token: str, door: Door) -> Receipt | None:
        """Look in the place whether it has it already; None: it has not. Raises what `send` raises; PerhapsSent if the place cannot be
        asked this at all."""
        ...


@runtime_checkable
class Picky(Protocol):
    """A live source that sends, but not everything to everybody: that depends on the server, on what is answered, and on what its key may."""

    def fits(self, login: Login, deed: Deed, about: Activity | Key) -> bool:
        """Whether this login can do that. about: what is answered or liked, or the profile of whom is written to. Asks nobody."""
        ...

    def lacks(self, login: Login) -> str:
        """Why a login with a key cannot send all that `may` could hold, and what to do, in one sentence; "" for one that can, and for one
        without a key. Asks nobody."""
        ...


@runtime_checkable
class Moving(Protocol):
    """A live source whose streams may move, and that remembers where to in the cursor."""

    def asked_at(self, stream: Stream, cursor: str) -> str:
        """The address that the next sync asks."""
        ...


@runtime_checkable
class Metered(Protocol):
    """A live source whose place allows only so many questions: they are counted, spread over time, and shown."""

    def allowance(self, login: Login) -> Allowance | None:
        """What this login is allowed; None for what need not be counted."""
        ...


class Purse(Protocol):
    """What a source may spend: `Door.purse`, put there by whoever opens the door. Where there is none, nothing is asked that costs money."""

    def reserve(self, most: Mapping[str, int]) -> int:
        """Set aside what so many things (by the names of their prices) cost at most; a ticket. Raises SpentUp: then nothing may be asked."""
        ...

    def settle(self, ticket: int, read: Mapping[str, int]) -> None:
        """What the answer really held. What is never settled stays counted."""
        ...

    def fits(self, most: Mapping[str, int]) -> bool:
        """Whether so much could be set aside now."""
        ...

    def wants(self, name: str) -> bool:
        """Whether the user pays for something extra."""
        ...


@runtime_checkable
class Priced(Protocol):
    """A live source whose place takes money for being read. It asks through `paying.pay` and in no other way."""

    prices: Prices  # as the place told them; the user may have put in others since


@runtime_checkable
class Renewing(Protocol):
    """A live source whose keys run out. renews: it renews them by itself; whenever it has a new one it hands it to `Door.keep_key` before it
    asks anything else, because the old one may be worth nothing from then on."""

    renews: bool

    def good_until(self, token: str) -> datetime | None:
        """When this key ends for good unless it is renewed before, aware UTC; None where it does not tell."""
        ...


@runtime_checkable
class Adopting(Protocol):
    """A live source of a place whose pages may have been followed as feeds before: with the same keys, so that nothing doubles."""

    def adopts(self, feed: Stream) -> Stream | None:
        """The same profile as this source follows it; None for what only a feed can tell."""
        ...


@runtime_checkable
class OnlyOne(Protocol):
    """A live source whose numbers mean something only within one firm: those of a second one would be taken for the same people."""

    only_one: str  # the sentence for whoever connects a second one


@runtime_checkable
class SendsElsewhere(Protocol):
    """A live source that reads from one server and sends by another, which may not follow from the name of the first."""

    def sends_from(self, login: Login) -> str:
        """Where it is sent: "smtps://host:port" or "smtp://host:port"; as the user said, else as it follows. Asks nobody."""
        ...

    def try_sending(self, login: Login, server: str, token: str, door: Door) -> None:
        """Sign in at that server and leave; nothing is sent. Raises the errors of the door."""
        ...


@runtime_checkable
class KeyMaking(Protocol):
    """A live source of a place that makes a key on a page of its own, and shows it there sealed for this program alone."""

    def key_page(self, address: str, door: Door, *, writes: bool = False) -> str:
        """The page that makes a key for the server at `address`. writes: one by which something can be said, too. Asks nobody. Raises
        UserMistake for what is no address."""
        ...

    def key_in(self, pasted: str) -> str:
        """The key in what such a page shows; what is a key already, and "", as it is. Raises UserMistake for anything else."""
        ...


class WayBack(NamedTuple):
    """Where a place sends the browser after a sign-in. port: 0 for any that is free. host: "127.0.0.1", or "localhost" for places
    that let nothing else be registered."""

    port: int = 0
    path: str = "/"
    host: str = "127.0.0.1"


@runtime_checkable
class ByBrowser(Protocol):
    """A live source that may be signed in to on the place's own page, in the browser (OAuth for programs, with PKCE)."""

    way_back: WayBack

    def page(self, address: str, key: str, back: str, state: str, challenge: str, door: Door) -> str:
        """The page to open; "" where `key` lets in by itself. back: the address to which the browser returns. Asks nobody.

        Raises UserMistake for what is no address there.
        """
        ...

    def redeem(self, address: str, key: str, back: str, code: str, verifier: str, door: Door) -> tuple[str, str]:
        """Address and token to connect with, for what the browser brought back. Raises the errors of the door."""
        ...


@runtime_checkable
class Registering(Protocol):
    """A `ByBrowser` source whose servers let in any program that says who it is before; nobody needs an app or a key of their own."""

    def register(self, address: str, back: str, door: Door, *, writes: bool = False) -> str:
        """Say who we are: the key for `page` and `redeem` of this one sign-in. writes: a login by which something can be said, too. Raises
        UserMistake for what is no address there, UnexpectedAnswer for another kind of server, and the errors of the door."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCode:
    """A sign-in on another page. shown: what is typed there. page: where. device: our secret of it. every_s: seconds between two looks.
    ends_s: seconds for which it holds."""

    shown: str
    page: str
    device: str = field(repr=False)
    every_s: int
    ends_s: int


class DeviceWait(NamedTuple):
    """Not allowed yet. every_s: seconds until the next look."""

    every_s: int


@runtime_checkable
class ByDevice(Protocol):
    """A live source that is signed in to with a code which the place's own page asks for (OAuth for devices, RFC 8628)."""

    def is_client(self, key: str) -> bool:
        """Whether what is typed as the key is an app's Client ID, and no key."""
        ...

    def device_code(self, address: str, key: str, door: Door, *, writes: bool = False) -> DeviceCode:
        """Ask for a code. writes: for a key by which something can be said, too. Raises UserMistake for what is no app or no address."""
        ...

    def device_look(self, address: str, key: str, code: DeviceCode, every_s: int, door: Door) -> str | DeviceWait:
        """The key, or how long to wait. Raises UserMistake where it was refused or holds no longer, and the errors of the door."""
        ...
