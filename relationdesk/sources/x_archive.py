"""The archive X (Twitter) gives its members: zip, unpacked folder, or one of its files dropped alone (2013 to today).

Keys, so that a reading of X's API can share them: a post is its number, a person is their number, a private message
"dm:" and its number, a like "<who>#like:<post>". Streams in bounded memory; importing again, or a newer archive, adds
only what is new. Blocked and muted people, and what X knows of devices, payments and advertising, are not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from relationdesk.errors import UnreadableFile
from relationdesk.model import Fact, Progress, Rejected
from relationdesk.saying import marked, say
from relationdesk.sources import x_files as files
from relationdesk.sources.base import Options, Part, Recognised
from relationdesk.sources.container import open_container
from relationdesk.sources.x_files import Contents, Piece
from relationdesk.sources.x_owner import ask_for, owner_profile, told_owner
from relationdesk.sources.x_people import PLACE
from relationdesk.sources.x_reading import Reading
from relationdesk.sources.x_values import is_id

_PARTS = {
    Part(name="posts", title=marked("posts")): (files.NOTES, files.MONTH, files.TABLE, files.POSTS, files.DELETED),
    Part(name="likes", title=marked("likes")): (files.LIKES,),
    Part(name="follows", title=marked("followers and followed people")): (files.FOLLOWING, files.FOLLOWERS),
    Part(name="messages", title=marked("messages")): (files.MESSAGES, files.GROUPS, files.MESSAGE_HEADERS, files.GROUP_HEADERS),
}
"""What can be left out, in the order of reading, and the files it is made of."""
_INSTEAD = {files.MESSAGE_HEADERS: files.MESSAGES, files.GROUP_HEADERS: files.GROUPS}
"""Files without any words, which are read only where the one with the words is missing."""
_UNCOUNTED = (*_INSTEAD, *_INSTEAD.values(), files.NOTES, files.DELETED)
"""What the list of contents counts otherwise than we do: conversations, not messages."""


_NO_NUMBER = marked(
    "Likes are kept by the number of whoever liked, and only a handle is known here; with it they would be here twice once the archive comes. "
    "Bring in the whole archive, or this file with the rest of the archive’s folder data beside it, or say the number in place of the handle."
)


class XArchive:
    """FileSource for X's own export."""

    name = "x_archive"
    title = marked("X archive")
    place = PLACE

    def recognise(self, path: Path) -> Recognised | None:
        """By how its files begin. Parts are counted by the archive's own list of contents, where it has one."""
        try:
            with open_container(path) as box:
                found, _ = files.newest_of(files.pieces(box))
                if not any(piece.holds in kinds for kinds in (*_PARTS.values(), (files.OWNER,)) for piece in found):
                    return None
                said = files.contents(box, found)
                owner = told_owner(box, found, said)
                asks = () if owner.known else ask_for(box, found)
        except (UnreadableFile, OSError):
            return None
        return Recognised(
            format=self.name, title=self.title, place=self.place, certainty=0.9 if box.single else 0.97,
            owner=owner.words, gathered=not any(piece.holds in (files.OWNER, files.OLD_OWNER, files.CONTENTS) for piece in found), parts=tuple(_parts(found, said)), asks=asks,
        )  # fmt: skip

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """The owner, their posts and likes, whom they follow and are followed by, and their messages. Raises UnreadableFile."""
        with open_container(path) as box:
            found, others = files.newest_of(files.pieces(box))
            if not found:
                raise UnreadableFile(
                    say("“{name}” holds no part of an X archive. Nothing was brought in. Choose the zip that X sent you.", name=path.name),
                    source=self.name,
                )
            said = files.contents(box, found)
            owner = owner_profile(box, found, said, options)
            yield from others
            yield from files.missing(found, said)
            wanted = _wanted(found, options)
            if not is_id(owner.key.native_id) and (nameless := [piece for piece in wanted if piece.holds == files.LIKES]):
                yield Rejected(where=nameless[0].name, reason=say(_NO_NUMBER))
                wanted = tuple(piece for piece in wanted if piece not in nameless)
            yield from Reading(box, found, wanted, owner, said).everything()


def _parts(found: Iterable[Piece], said: Contents) -> Iterator[Part]:
    here = {piece.holds for piece in found}
    for part, kinds in _PARTS.items():
        if here.intersection(kinds):
            count = sum(file.count for file in said.files if file.holds in kinds and file.holds not in _UNCOUNTED)
            yield Part(name=part.name, title=part.title, count=count)


def _wanted(found: Iterable[Piece], options: Options) -> tuple[Piece, ...]:
    """The files to read, in the order of reading."""
    found = tuple(found)
    here = {piece.holds for piece in found}
    kinds = [kind for part, kinds in _PARTS.items() if options.wants(part) for kind in kinds]
    return tuple(piece for kind in kinds if _INSTEAD.get(kind) not in here for piece in found if piece.holds == kind)
