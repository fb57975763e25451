"""What lies in an export of Meta (Facebook, Instagram, Threads), found by its paths of all generations and by how files begin.

Paths change every year and are written in four ways, so what a path does not tell the first field of a file does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path, PurePosixPath

from relationdesk.model import Rejected
from relationdesk.saying import say
from relationdesk.sources.container import Container
from relationdesk.sources.meta_html import boxes
from relationdesk.sources.together import volume_of

FACEBOOK, INSTAGRAM, THREADS = "facebook", "instagram", "threads"
MESSAGES, SECURE, OLD_CHATS = "messages", "secure", "old_chats"
OWNER, FRIENDS, SENT, RECEIVED, FOLLOWING, FOLLOWERS = "owner", "friends", "sent", "received", "following", "followers"
POSTS, WALL, COMMENTS, REACTIONS, PAGES, CONTACTS, EVENTS = "posts", "wall", "comments", "reactions", "pages", "contacts", "events"
ALBUMS = "albums"
STORIES, LIKES, SAVED, OLD_FOLLOWS, OLD_LIKES, OLD_COMMENTS, OLD_SAVED = "stories", "likes", "saved", "old_follows", "old_likes", "old_comments", "old_saved"

_HEAD = 64 * 1024
_MOST_LOOKED_INTO = 3_000
_UNTIL_FIRST = 200
"""Files of unknown names that are looked into; the second for exports in which there is none of ours among so many."""
_FOLDERS = r"(?:your_facebook_activity|your_activity_across_facebook|your_instagram_activity|connections|personal_information|logged_information|apps_and_websites_off_of_instagram)"
_CHAT = re.compile(r"(?P<root>(?:.*/)?)messages/(?P<thread>(?:(?P<box>[a-z0-9_]+)/)?[^/]+)/message(?:_\d+)?", re.DOTALL)
_LONE_CHAT = re.compile(r"(?P<root>(?:.*/)?)(?P<thread>[^/]+)/message_\d+", re.DOTALL)
_PATHS = tuple(
    (place, kind, re.compile(rf"(?P<root>(?:.*/)?)(?:{tail})", re.DOTALL))
    for place, kind, tail in (
        (THREADS, POSTS, "threads/threads_and_replies"), (THREADS, LIKES, "threads/liked_threads"), (THREADS, SAVED, "threads/saved_threads"),
        (THREADS, FOLLOWERS, "threads/followers"), (THREADS, FOLLOWING, "threads/following"),
        (FACEBOOK, FRIENDS, "friends(?:_and_followers)?/(?:your_)?friends"),
        (FACEBOOK, SENT, "friends(?:_and_followers)?/(?:sent_friend_requests|friend_requests_sent)"),
        (FACEBOOK, RECEIVED, "friends(?:_and_followers)?/(?:received_friend_requests|friend_requests_received|rejected_friend_requests)"),
        (FACEBOOK, FOLLOWING, "(?:following_and_followers|friends_and_followers|followers)/(?:following|who_you(?:_have|[_'].?ve)?_follow(?:ed)?)"),
        (FACEBOOK, FOLLOWERS, "(?:following_and_followers|friends_and_followers|followers)/(?:followers|people_who_followed_you)"),
        (FACEBOOK, OWNER, "profile_information/profile_information"),
        (FACEBOOK, WALL, "posts/other_people_?.?s_posts_to_your_timeline"), (FACEBOOK, POSTS, "posts/your_posts(?:__?check_ins__photos_and_videos)?"),
        (FACEBOOK, POSTS, "groups/your_posts_in_groups"), (FACEBOOK, COMMENTS, "groups/your_comments_in_groups"), (FACEBOOK, ALBUMS, r"(?:posts|photos_and_videos)/album/\d+"),
        (FACEBOOK, COMMENTS, "(?:comments|comments_and_reactions)/comments"),
        (FACEBOOK, REACTIONS, "(?:likes_and_reactions|comments_and_reactions)/(?:posts_and_comments|likes_and_reactions|your_reactions)"),
        (FACEBOOK, PAGES, "(?:likes_and_reactions|pages|pages_and_profiles|pages_you_follow_or_have_liked)/(?:pages|pages_you(?:_|[_'].?ve_)(?:liked|follow(?:ed)?)|pages_you_follow)"),
        (FACEBOOK, CONTACTS, "(?:about_you|other_personal_information|personal_information|contacts?|your_address_books?)/(?:your_address_books?|imported_contacts|contacts_uploaded_from_your_phone)"),
        (FACEBOOK, EVENTS, "events/your_event_responses"),
        (INSTAGRAM, FOLLOWERS, "followers_and_following/followers"), (INSTAGRAM, FOLLOWING, "followers_and_following/following"),
        (INSTAGRAM, SENT, "followers_and_following/(?:pending_follow_requests|recent_follow_requests)"),
        (INSTAGRAM, RECEIVED, "followers_and_following/follow_requests_you_?.?ve_received"),
        (INSTAGRAM, OWNER, "(?:account_information|personal_information)/personal_information"),
        (INSTAGRAM, POSTS, "(?:content|media)/(?:posts|reels|igtv_videos|archived_posts)"), (INSTAGRAM, STORIES, "(?:content|media)/stories"),
        (INSTAGRAM, LIKES, "likes/liked_(?:posts|comments)|story_(?:interactions|sticker_interactions)/story_likes"),
        (INSTAGRAM, COMMENTS, "comments/(?:post_comments|reels_comments|hype)"),
        (INSTAGRAM, SAVED, "saved/saved_posts"), (INSTAGRAM, CONTACTS, "contacts/synced_contacts"),
    )
)  # fmt: skip
_KEYS = {
    FACEBOOK: {
        FRIENDS: "friends|friends_v2", SENT: "sent_requests|sent_requests_v2", RECEIVED: "received_requests|received_requests_v2|rejected_requests|rejected_requests_v2",
        FOLLOWING: "following|following_v2|following_v3", FOLLOWERS: "followers|followers_v2|followers_v3", OWNER: "profile|profile_v2", COMMENTS: "comments|comments_v2|group_comments|group_comments_v2",
        POSTS: "group_posts|group_posts_v2",
        REACTIONS: "reactions|reactions_v2", PAGES: "page_likes|page_likes_v2|pages_followed_v2", CONTACTS: "address_book|address_book_v2",
        WALL: "wall_posts_sent_to_you", EVENTS: "event_responses|event_responses_v2",
    },
    INSTAGRAM: {
        FOLLOWING: "relationships_following", FOLLOWERS: "relationships_followers", SENT: "relationships_follow_requests_sent|relationships_permanent_follow_requests",
        RECEIVED: "relationships_follow_requests_received", OWNER: "profile_user", POSTS: "ig_reels_media|ig_igtv_media|ig_archived_post_media", STORIES: "ig_stories",
        LIKES: "likes_media_likes|likes_comment_likes|story_activities_story_likes",
        COMMENTS: "comments_media_comments|comments_reels_comments|comments_story_comments", SAVED: "saved_saved_media", CONTACTS: "contacts_contact_info",
        OLD_LIKES: "media_likes|comment_likes", OLD_COMMENTS: "media_comments", OLD_SAVED: "saved_media",
    },
    THREADS: {
        POSTS: "text_post_app_text_posts", LIKES: "text_post_app_media_likes", SAVED: "text_post_app_text_post_app_saved_posts", OWNER: "text_post_app_text_post_app_profile",
        FOLLOWERS: "text_post_app_text_post_app_followers", FOLLOWING: "text_post_app_text_post_app_following",
    },
}  # fmt: skip
_BY_KEY = {key: (place, kind) for place, kinds in _KEYS.items() for kind, keys in kinds.items() for key in keys.split("|")}
_VAGUE = frozenset({"friends", "following", "followers", "profile", "comments", "reactions", "address_book"})
"""Fields that any other file might begin with; alone they prove nothing."""
LISTS = frozenset(_BY_KEY) - {"profile", "profile_v2", "address_book", "address_book_v2", "event_responses", "event_responses_v2"} | {"messages"}
_SECURE_HEAD = re.compile(rb"\"(?:threadName|senderName)\"\s*:")
_CHAT_HEAD = re.compile(rb"\"sender_name\"\s*:[^\x00]*\"timestamp_ms\"|\"timestamp_ms\"\s*:[^\x00]*\"sender_name\"")
_FIRST = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*\{\s*\"([^\"\\]{1,80})\"\s*:\s*([\[{])")
_FOLLOWER_LIST = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*\[\s*\{[^\x00]{0,400}\"string_list_data\"\s*:\s*\[[^\x00]{0,300}instagram\.com")
_OLD_CHATS = re.compile(rb"\A\s*\[\s*\{\s*\"participants\"\s*:\s*\[[^\x00]{0,4000}\"conversation\"\s*:\s*\[")
_OLD = {
    OLD_FOLLOWS: re.compile(rb"\A\s*\{[^\x00]*\"(?:following|followers)\"\s*:\s*\{\s*(?:\}|\"[^\"]{1,60}\"\s*:\s*\"\d{4}-)"), OWNER: re.compile(rb"\"username\"\s*:[^\x00]*\"date_joined\"|\"date_joined\"[^\x00]*\"username\"\s*:"),
    POSTS: re.compile(rb"\"taken_at\"\s*:\s*\"\d{4}-"), OLD_LIKES: re.compile(rb"\"(?:media|comment)_likes\"\s*:\s*\["), OLD_COMMENTS: re.compile(rb"\"media_comments\"\s*:\s*\["), OLD_SAVED: re.compile(rb"\"saved_media\"\s*:\s*\["),
}  # fmt: skip
"""What Instagram's files before 2021 hold; their names are everybody's."""
_OURS = re.compile(
    rb"string_(?:list|map)_data|label_values|sender_name|senderName|threadName|creation_timestamp|\"timestamp(?:_ms)?\"\s*:\s*\"?\d{9}|_v[23]\"\s*:"
    rb"|class=\"[^\"]*\b(?:_a6-[ghop]|_a72d|uiBoxWhite|_2lel)\b|text_post_app_|relationships_|\"(?:participants|messages)\"\s*:"
)  # fmt: skip
"""What in some file proves that a folder is an export of Meta, not only named like one."""
_PAGE = re.compile(rb"(?i)\A(?:\xef\xbb\xbf)?\s*(?:<!DOCTYPE[^>]{0,200}>\s*)?<html[^\x00]*class=\"[^\"]*\b(?:_a6-[ghop]|_a72d|uiBoxWhite)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One file of an export. number: which part of several. page: HTML. thread: the folder of a conversation, "inbox/ann_123"."""

    name: str
    place: str
    holds: str
    root: str = ""
    number: int = 0
    page: bool = False
    thread: str = ""


@dataclass(slots=True, kw_only=True)
class Export:
    """The files of one export. place "": only conversations, of which nothing says whether they are Facebook's or Instagram's."""

    place: str = ""
    pieces: tuple[Piece, ...] = ()
    notes: list[Rejected] = field(default_factory=list)

    def of(self, *kinds: str, place: str = "") -> list[Piece]:
        return [one for kind in kinds for one in self.pieces if one.holds == kind and one.place == (place or one.place)]


def export_in(box: Container) -> Export | None:
    """The export that lies in a container, the one with most files if there are several; None for no export of Meta."""
    pieces = [one for one in ((_lone(box),) if box.single else _found(box)) if one is not None]
    if not any(_proven(box, one) for one in pieces[:_UNTIL_FIRST]):
        return None
    roots = Counter(_root(one.root) for one in pieces)
    chosen = min(roots, key=lambda root: (-roots[root], root))
    export = Export(pieces=tuple(sorted((one for one in pieces if _root(one.root) == chosen), key=lambda one: (one.holds, one.thread, one.number, one.name))))
    for other in sorted(roots.keys() - {chosen})[:200]:
        export.notes.append(Rejected(where=other or "/", reason=say("This is another export in the same place. Bring it in by itself.")))
    export.pieces = _json_wins(export.pieces)
    export.notes += _gaps(export.pieces)
    export.place = _place(box, export.pieces)
    return export


def chat_part(piece: Piece) -> str:
    """The box a conversation lies in: "inbox", "message_requests"; "" for none."""
    return piece.thread.partition("/")[0] if "/" in piece.thread else ""


def _plain(name: str) -> tuple[str, int]:
    """A path to compare (small letters, plain apostrophes, no ending) and its part number."""
    path = PurePosixPath(name.casefold().replace("%27", "'").replace("’", "'").replace("´", "'"))
    stem = re.sub(r"\s*\(\d+\)$", "", path.stem)
    number = re.search(r"_(\d{1,5})$", stem)
    return str(path.with_name(stem or path.name)), int(number[1]) if number else 0


def _found(box: Container) -> Iterator[Piece | None]:
    unknown, ours = [], False
    for name in box.names():
        ending = name.casefold().rpartition(".")[2]
        if ending not in ("json", "html"):
            continue
        full = f"{box.top}/{name}" if box.top else name
        piece = _by_path(full, name, ending == "html")
        if piece is None and ending == "json":
            unknown.append((full, name))
        elif piece is not None and (piece.place != "?" or _OLD[piece.holds].search(_head(box, name))):
            ours = True
            yield piece
    for number, (full, name) in enumerate(unknown[:_MOST_LOOKED_INTO]):
        if number >= _UNTIL_FIRST and not ours:
            break
        piece = _by_beginning(box, full, name)
        ours = ours or piece is not None
        yield piece


def _head(box: Container, name: str) -> bytes:
    with box.open(name) as stream:
        return stream.read(_HEAD)


def _proven(box: Container, piece: Piece) -> bool:
    """By what is known of such files; of a page whose classes nobody knows, in a folder of a conversation, by what is dated on it."""
    head = _head(box, piece.name)
    if piece.place == "?" or _OURS.search(head) is not None:
        return True
    return piece.page and piece.holds == MESSAGES and any(one.name and one.date for one in boxes(BytesIO(head)))


def _by_path(full: str, name: str, page: bool) -> Piece | None:
    plain, number = _plain(full)
    if chat := _CHAT.fullmatch(plain) or _LONE_CHAT.fullmatch(plain):
        parts = PurePosixPath(full).parts
        depth = chat["thread"].count("/") + 1
        place = FACEBOOK if "facebook" in chat["root"] else INSTAGRAM if "your_instagram_activity" in chat["root"] else ""
        return Piece(name=name, place=place, holds=MESSAGES, root=chat["root"], number=number, page=page, thread="/".join(parts[-1 - depth : -1]))
    stem = re.sub(r"_\d{1,5}$", "", plain)
    for place, kind, pattern in _PATHS:
        if found := pattern.fullmatch(stem) or pattern.fullmatch(plain):
            return Piece(name=name, place=place, holds=kind, root=found["root"], number=number, page=page)
    old = {"connections": OLD_FOLLOWS, "profile": OWNER, "media": POSTS, "likes": OLD_LIKES, "comments": OLD_COMMENTS, "saved": OLD_SAVED}.get(PurePosixPath(stem).name)
    return None if old is None or page else Piece(name=name, place="?", holds=old, root=plain.rpartition("/")[0], number=number)


def _root(root: str) -> str:
    """What lies above the folders that every export has; files of one export that were unpacked side by side have one root."""
    parts = [part for part in root.split("/") if part]
    while parts and (re.fullmatch(_FOLDERS, parts[-1]) or parts[-1] in ("messages", "e2ee_cutover", "threads")):
        parts.pop()
    volume = volume_of(Path(parts[-1] + ".zip")) if parts else None
    return "/".join((*parts[:-1], volume.stem if volume and volume.number is None else parts[-1])) if parts else ""


def _by_beginning(box: Container, full: str, name: str) -> Piece | None:
    found = _of_head(_head(box, name))
    if found is None:
        return None
    place, kind = found
    plain, number = _plain(full)
    thread = PurePosixPath(full).stem if kind == SECURE else ""
    return Piece(name=name, place=place, holds=kind, root=f"{plain.rpartition('/')[0]}/", number=number, thread=thread)


def _of_head(head: bytes) -> tuple[str, str] | None:
    first = _FIRST.match(head)
    if first is not None:
        key = first[1].decode("utf-8", "replace")
        if key in _BY_KEY and (key not in _VAGUE or _proves(key, head)):
            return _BY_KEY[key]
    if _FOLLOWER_LIST.match(head):
        return INSTAGRAM, FOLLOWERS
    if _OLD_CHATS.match(head):
        return INSTAGRAM, OLD_CHATS
    if first is not None and first[1] in (b"participants", b"threadName", b"messages", b"title") and _SECURE_HEAD.search(head):
        return FACEBOOK, SECURE
    if first is not None and _CHAT_HEAD.search(head):
        return "", MESSAGES
    return None


def _proves(key: str, head: bytes) -> bool:
    """The old names of fields are everybody's, the records below them are not."""
    if key == "profile":
        return b'"full_name"' in head or b'"registration_timestamp"' in head
    if key in ("comments", "reactions"):
        return b'"timestamp"' in head and b'"data"' in head and b'"title"' in head
    return re.search(rb"\[\s*\{[^{}\x00]{0,400}\"name\"\s*:[^{}\x00]{0,400}\"timestamp\"\s*:\s*\d", head) is not None


def _lone(box: Container) -> Piece | None:
    """A file that was dropped alone, by its beginning; its own name only tells which part it is."""
    name = box.names()[0]
    head = _head(box, name)
    plain, number = _plain(name)
    if _PAGE.match(head):
        return Piece(name=name, place="", holds=MESSAGES, number=number, page=True) if b"_a6-h" in head else None
    found = _of_head(head)
    return None if found is None else Piece(name=name, place=found[0], holds=found[1], number=number, thread=plain if found[1] == SECURE else "")


def _json_wins(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """What is there as JSON and as a page is read once."""
    pieces = tuple(pieces)
    there = {(one.holds, one.thread.casefold()) for one in pieces if not one.page}
    return tuple(one for one in pieces if not one.page or (one.holds, one.thread.casefold()) not in there)


def _gaps(pieces: Iterable[Piece]) -> Iterator[Rejected]:
    groups: dict[tuple[str, str, str], list[Piece]] = {}
    for one in pieces:
        if one.number and one.holds not in (SECURE,):
            groups.setdefault((one.holds, one.place, one.thread), []).append(one)
    for group in groups.values():
        numbers = {one.number for one in group}
        gaps = [number for number in range(1, max(numbers)) if number not in numbers]
        if gaps and len(numbers) > 1:
            numbers_shown = ", ".join(map(str, gaps[:20]))
            shown = say("{numbers} and more", numbers=numbers_shown) if len(gaps) > 20 else numbers_shown
            yield Rejected(where=group[0].name, reason=say("Part {numbers} of this is not in the export; what stands in it is missing.", numbers=shown))


def _place(box: Container, pieces: tuple[Piece, ...]) -> str:
    """The network by most of the files that only one has, then by what the conversations say, then by the names around them."""
    counts = Counter(one.place for one in pieces if one.place in (FACEBOOK, INSTAGRAM))
    if counts:
        return counts.most_common(1)[0][0]
    if any(one.place == THREADS for one in pieces):
        return THREADS
    if any(one.place == "?" for one in pieces):
        return INSTAGRAM
    return _chat_place(box, [one for one in pieces if one.holds == MESSAGES])


def _chat_place(box: Container, pieces: list[Piece]) -> str:
    for piece in pieces[:20]:
        head = _head(box, piece.name)
        if re.search(rb"your_instagram_activity|https?://(?:www\.)?instagram\.com/|\"Instagram(?:mer| User)\"", head):
            return INSTAGRAM
        if re.search(rb"your_(?:facebook_activity|activity_across_facebook)|\"thread_type\"\s*:|\"type\"\s*:\s*\"(?:Generic|Share|Call|Subscribe|Unsubscribe)\"|\"Facebook [Uu]ser\"", head):
            return FACEBOOK
    around = "/".join((*box.path.absolute().parts[-6:], box.top)).casefold()
    said = {place for place in (FACEBOOK, INSTAGRAM) if place in around}
    return said.pop() if len(said) == 1 else ""


def settled(export: Export, place: str) -> Export:
    """The same with its place told: old files are Instagram's only where the rest is."""
    pieces = tuple(replace(one, place=place) if one.place in ("", "?") else one for one in export.pieces if one.place != "?" or place == INSTAGRAM)
    return Export(place=place, pieces=pieces, notes=export.notes)
