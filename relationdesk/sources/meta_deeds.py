"""What Meta's lists say of people: friends and followers, requests, posts, comments, likes, contacts, as facts.

Facebook tells whose photo was liked only by a sentence in the owner's language ("Sam likes Ana Ruiz's photo."); the
names of friends are looked for in it, and nobody is made up where none is found. Instagram tells the handle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from relationdesk.model import Activity, Audience, Fact, Key, Kind, Participant, Precision, Role, pairs
from relationdesk.saying import say
from relationdesk.sources import meta_files as files
from relationdesk.sources.meta_entries import HANDLE, Entry
from relationdesk.sources.meta_files import FACEBOOK, THREADS
from relationdesk.sources.meta_lists import OLD_REQUESTS
from relationdesk.sources.meta_people import People, page_of, reach
from relationdesk.sources.meta_text import digest, is_nobody, name_key, name_of
from relationdesk.text import one_line, tidy

_COMMENT = frozenset("comment|kommentar|commentaire|comentario|commento|reactie|opmerking|komentarz|comentário".split("|"))
_NAME = frozenset("name|contact name|nom|nombre|nome|naam|imię i nazwisko|title|seitenname|page name".split("|"))
_FIRST = frozenset("first name|vorname|prénom|nombre|nome|voornaam|imię".split("|"))
_LONGEST_REACTION = 20


class BadEntry(Exception):
    """Why an entry says nothing; one sentence."""


class Deeds:
    """Facts of one place in an export. A dated fact of a list is an Activity, an undated one only a Profile."""

    def __init__(self, people: People, place: str) -> None:
        self._people, self.place = people, place

    def facts(self, holds: str, entry: Entry) -> Iterator[Fact]:
        """What one entry says. Raises BadEntry."""
        yield from _READERS[holds](self, entry)

    # Who: by name on Facebook, by handle elsewhere.
    def _who(self, said: str, *, known: bool = False, reached: tuple[str, ...] = ()) -> Iterator[Fact | Key]:
        """The profile, if it has to be told, then the key. reached: by which addresses. Raises BadEntry for nobody."""
        if is_nobody(said):
            raise BadEntry(say("It does not say who this is."))
        by_handle = self.place != FACEBOOK and HANDLE.fullmatch(said) is not None
        key = self._people.handled(said) if by_handle else self._people.named(said)
        yield from self._people.tell(key, name="" if by_handle else said, handle=said.casefold() if by_handle else "", known=known, addresses=reach(reached))
        yield key

    def _activity(
        self, native: str, entry: Entry, kind: Kind, *, actor: Key | None = None, towards: tuple[tuple[Key, Role], ...] = (), reaction: str = "",
        audience: Audience | None = None, title: str = "", text: str = "",
    ) -> Iterator[Fact]:  # fmt: skip
        actor = actor or self._people.owner
        when = entry.when
        yield Activity(
            key=Key(self.place, native), actor=actor, kind=kind, published=when.moment, precision=when.precision if when.moment else Precision.UNKNOWN,
            title=one_line(title), text=tidy(text), url=entry.url, audience=audience or Audience.FOLLOWERS,
            participants=tuple(Participant(profile=key, role=role) for key, role in dict.fromkeys(towards) if key != actor),
            extra=pairs(reaction=reaction, attachments=one_line(", ".join(path.rpartition("/")[2] for path in entry.files[:20])), zone="" if when.zoned else "unknown"),
        )  # fmt: skip

    def friend(self, entry: Entry) -> Iterator[Fact]:
        for one in self._who(entry.who or name_of(entry.title), known=True, reached=tuple(value for _, value in entry.values)):
            if not isinstance(one, Key):
                yield one
            elif entry.when.moment is not None:
                yield from self._activity(f"connection:{one.native_id}", entry, Kind.CONNECTION, towards=((one, Role.SUBJECT),))

    def request(self, entry: Entry, *, mine: bool) -> Iterator[Fact]:
        for one in self._who(entry.who or entry.labelled(_NAME) or name_of(entry.title)):
            if not isinstance(one, Key):
                yield one
            else:
                actor, subject = (self._people.owner, one) if mine else (one, self._people.owner)
                native = f"{'request' if mine else 'requested'}:{one.native_id}:{entry.when.written}"
                yield from self._activity(native, self._at_page(entry, one), Kind.INVITATION, actor=actor, towards=((subject, Role.SUBJECT),), audience=Audience.PRIVATE)

    def follow(self, entry: Entry, *, mine: bool) -> Iterator[Fact]:
        """Following somebody is a choice of the owner; on Facebook it is mostly pages."""
        for one in self._who(entry.who or entry.labelled(_NAME) or name_of(entry.title), known=mine and self.place != FACEBOOK):
            if not isinstance(one, Key):
                yield one
            elif entry.when.moment is not None:
                actor, subject = (self._people.owner, one) if mine else (one, self._people.owner)
                native = f"{'follow' if mine else 'followed'}:{one.native_id}"
                yield from self._activity(native, self._at_page(entry, one), Kind.REACTION, actor=actor, towards=((subject, Role.SUBJECT),), reaction="follow")

    def old_follow(self, entry: Entry) -> Iterator[Fact]:
        if entry.reaction in OLD_REQUESTS:
            yield from self.request(entry, mine=True)
        else:
            yield from self.follow(entry, mine=entry.reaction == "following")

    def _at_page(self, entry: Entry, who: Key) -> Entry:
        """With the one address of their page: exports write it in two ways, or not at all."""
        return replace(entry, url=page_of(self.place, who.native_id)) if self.place != FACEBOOK and HANDLE.fullmatch(who.native_id) else entry

    def page(self, entry: Entry) -> Iterator[Fact]:
        for one in self._who(entry.who or entry.labelled(_NAME) or name_of(entry.title)):
            if not isinstance(one, Key):
                yield one
            elif entry.when.moment is not None:
                yield from self._activity(f"page:{one.native_id}:{entry.when.written}", entry, Kind.REACTION, towards=((one, Role.SUBJECT),), reaction="like")

    def post(self, entry: Entry, kind: Kind = Kind.POST) -> Iterator[Fact]:
        text, title = entry.text, entry.title if self.place == FACEBOOK else ""
        if self.place != FACEBOOK and not text and entry.title and not entry.files:
            text = entry.title
        text = text or "\n".join(value for _, value in entry.values)
        title = "" if self._people.is_owner(title) else title
        if entry.when.moment is None or not (text or title or entry.files):
            raise BadEntry(say("This post has no date, or nothing in it."))
        towards = []
        for name in entry.names:
            for one in self._who(name) if not is_nobody(name) else ():
                if isinstance(one, Key):
                    towards.append((one, Role.MENTIONED))
                else:
                    yield one
        for one in self._in_title(replace(entry, values=())) if self.place == FACEBOOK else ():  # on whose page it was written, or with whom
            if isinstance(one, Key):
                towards.append((one, Role.MENTIONED))
            else:
                yield one
        native = f"post:{entry.id or entry.when.written + ':' + digest(text or title, *sorted(entry.files))}"
        audience = Audience.PUBLIC if self.place == THREADS else Audience.FOLLOWERS
        yield from self._activity(native, entry, Kind.REPLY if entry.reaction == "reply" else kind, towards=tuple(towards), title=title, text=text, audience=audience)

    def wall(self, entry: Entry) -> Iterator[Fact]:
        """What somebody wrote on the owner's page; the sentence above it begins with who."""
        names = self._people.in_sentence(entry.title)
        if not names or entry.when.moment is None:
            raise BadEntry(say("It does not say by a name of a friend who wrote this."))
        for one in self._who(names[0]):
            if not isinstance(one, Key):
                yield one
            else:
                native = f"wall:{entry.when.written}:{digest(one.native_id, entry.text)}"
                yield from self._activity(native, entry, Kind.POST, actor=one, towards=((self._people.owner, Role.TO),), title=entry.title, text=entry.text)

    def _in_title(self, entry: Entry, actor: str = "") -> Iterator[Fact | Key]:
        """Friends in the sentence and among the values of an entry, but for who acts."""
        names = self._people.in_sentence(entry.title)
        for _, value in entry.values:
            names += [name for name in self._people.in_sentence(value) if name == name_key(value)]
        for name in dict.fromkeys(names):
            if name != name_key(actor):
                yield from self._who(name)

    def comment(self, entry: Entry) -> Iterator[Fact]:
        actor, author, towards, text, title = self._people.owner, "", [], entry.text, ""
        if self.place == FACEBOOK:
            found = self._in_title(entry, entry.who)
            title = entry.title
            if entry.who and entry.who != entry.title and not self._people.is_owner(entry.who):
                for one in self._who(entry.who):
                    if isinstance(one, Key):
                        actor = one
                    else:
                        yield one
        else:
            text, author = _instagram_comment(entry)
            found = self._who(author) if author else iter(())
        if entry.when.moment is None or not (text or entry.files):
            raise BadEntry(say("This comment has no date, or no words."))
        for one in found:
            if isinstance(one, Key):
                towards.append((one, Role.REPLY_TO))
            else:
                yield one
        native = f"comment:{entry.id or entry.when.written + ':' + digest(text)}"
        yield from self._activity(native, entry, Kind.COMMENT, actor=actor, towards=tuple(towards), title=title, text=text)

    def under_photo(self, entry: Entry) -> Iterator[Fact]:
        """What somebody, mostly another, wrote under a photo of the owner's."""
        if entry.when.moment is None or not entry.text or is_nobody(entry.who):
            raise BadEntry(say("This comment has no date, or no words."))
        actor = self._people.owner
        for one in self._who(entry.who) if not self._people.is_owner(entry.who) else ():
            if isinstance(one, Key):
                actor = one
            else:
                yield one
        yield from self._activity(f"comment:{entry.when.written}:{digest(entry.text)}", entry, Kind.COMMENT, actor=actor, towards=((self._people.owner, Role.REPLY_TO),), text=entry.text)

    def reaction(self, entry: Entry) -> Iterator[Fact]:
        """A like of a post. On Facebook the sentence is all that tells of what."""
        if entry.when.moment is None:
            raise BadEntry(say("This reaction has no date."))
        towards = []
        values = [value for _, value in entry.values if len(value) <= _LONGEST_REACTION and not value.isdigit()]
        for one in self._in_title(entry):
            if isinstance(one, Key):
                towards.append((one, Role.SUBJECT))
                values = [value for value in values if f"name:{name_key(value)}" != one.native_id]
            else:
                yield one
        which = (entry.reaction or next((value for value in values if not self._people.is_owner(value)), "") or "like").casefold()
        native = f"reaction:{entry.id or entry.when.written + ':' + digest(entry.url or entry.title)}"
        yield from self._activity(native, entry, Kind.REACTION, towards=tuple(towards), title=entry.title, reaction=which)

    def like(self, entry: Entry, kind: Kind = Kind.REACTION) -> Iterator[Fact]:
        """Instagram and Threads: with the handle of whose it is."""
        author = entry.title if HANDLE.fullmatch(entry.title) else entry.who
        if entry.when.moment is None and not entry.url:
            raise BadEntry(say("This has neither date nor address."))
        towards: list[tuple[Key, Role]] = []
        for one in self._who(author) if author else ():
            if isinstance(one, Key):
                towards.append((one, Role.SUBJECT))
            else:
                yield one
        saved = kind is Kind.BOOKMARK
        native = f"{'saved' if saved else 'like'}:{entry.url or author.casefold()}:{entry.when.written}"
        yield from self._activity(native, entry, kind, towards=tuple(towards), reaction="" if saved else "like", audience=Audience.PRIVATE if saved else None)

    def contact(self, entry: Entry) -> Iterator[Fact]:
        """Out of the owner's address book, which was uploaded."""
        values = [value for _, value in entry.values]
        addresses = reach(values)
        texts = [value for value in values if value and not reach((value,)) and not value.isdigit()]
        name = entry.who or " ".join(texts[:2] if entry.labelled(_FIRST) else texts[:1])
        if not name and not addresses:
            raise BadEntry(say("This contact has no name and no address."))
        native = f"contact:{digest(name_key(name), *sorted(one.value for one in addresses))}"
        yield from self._people.tell(Key(self.place, native), name=name, known=True, addresses=addresses)

    def event(self, entry: Entry) -> Iterator[Fact]:
        if not entry.title or entry.when.moment is None:
            raise BadEntry(say("This event has no name or no date."))
        native = f"event:{entry.when.written}:{digest(entry.title)}"
        yield from self._activity(native, entry, Kind.EVENT, title=entry.title, reaction=entry.reaction, audience=Audience.PRIVATE)


def _instagram_comment(entry: Entry) -> tuple[str, str]:
    """(words, whose post it is), by label or, in a language we do not know, by their order."""
    if not entry.values or (len(entry.values) == 1 and entry.values[0][0] == ""):
        return entry.text, entry.who or entry.title
    text = entry.labelled(_COMMENT) or entry.values[0][1]
    others = [value for _, value in entry.values if value and value != text and HANDLE.fullmatch(value)]
    return text, others[0] if others else ""


_READERS: dict[str, Callable[[Deeds, Entry], Iterator[Fact]]] = {
    files.FRIENDS: Deeds.friend,
    files.SENT: lambda deeds, entry: deeds.request(entry, mine=True),
    files.RECEIVED: lambda deeds, entry: deeds.request(entry, mine=False),
    files.FOLLOWING: lambda deeds, entry: deeds.follow(entry, mine=True),
    files.FOLLOWERS: lambda deeds, entry: deeds.follow(entry, mine=False),
    files.OLD_FOLLOWS: Deeds.old_follow, files.PAGES: Deeds.page, files.POSTS: Deeds.post, files.STORIES: Deeds.post, files.WALL: Deeds.wall,
    files.COMMENTS: Deeds.comment, files.ALBUMS: Deeds.under_photo, files.OLD_COMMENTS: Deeds.comment, files.REACTIONS: Deeds.reaction, files.LIKES: Deeds.like, files.OLD_LIKES: Deeds.like,
    files.SAVED: lambda deeds, entry: deeds.like(entry, Kind.BOOKMARK), files.OLD_SAVED: lambda deeds, entry: deeds.like(entry, Kind.BOOKMARK), files.CONTACTS: Deeds.contact, files.EVENTS: Deeds.event,
}  # fmt: skip

