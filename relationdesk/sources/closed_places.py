"""Places that give nobody's words to programs, or are gone: said as such, with what is possible all the same. Data only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """why: one sentence, why no more is possible. archive: how to get what the place has of oneself, as a file that can be brought in;
    "" where there is none. page: where the place is opened, "" if it is gone."""

    place: str
    why: str
    archive: str = ""
    page: str = ""


CLOSED = (
    Closed(
        place="linkedin", why="LinkedIn shows what its members write to no program.", page="https://www.linkedin.com/",
        archive="In LinkedIn choose Settings, Data privacy, Get a copy of your data, and bring in the zip.",
    ),
    Closed(
        place="facebook", why="Facebook shows what people write to no program, only Pages to those who run them.", page="https://www.facebook.com/",
        archive="In Facebook choose Settings, Download your information, and bring in the zip.",
    ),
    Closed(
        place="instagram", why="Instagram shows what people post to no program.", page="https://www.instagram.com/",
        archive="In Instagram choose Your activity, Download your information, and bring in the zip.",
    ),
    Closed(
        place="threads", why="Threads shows what others write only to programs that Meta has reviewed.", page="https://www.threads.net/",
        archive="It comes with the download of Instagram; bring in the zip.",
    ),
    Closed(
        place="x", why="X takes money for every post that a program reads.", page="https://x.com/",
        archive="In X choose Settings, Your data, Download an archive, and bring in the zip.",
    ),
    Closed(place="xing", why="XING has had no way in for programs since it closed the old one.", page="https://www.xing.com/"),
    Closed(
        place="whatsapp", why="WhatsApp keeps messages on the phones alone.", page="https://web.whatsapp.com/",
        archive="In a chat choose Export chat, and bring in the file.",
    ),
    Closed(
        place="telegram", why="Telegram shows messages only to programs that sign in as you, which this one does not.", page="https://web.telegram.org/",
        archive="In Telegram Desktop choose Settings, Advanced, Export data as JSON, and bring in the folder.",
    ),
    Closed(
        place="signal", why="Signal keeps messages on the phones alone.",
        archive="In Signal on the phone choose Settings, Chats, Export as plain text, and bring in the folder.",
    ),
    Closed(
        place="delicious", why="Delicious is gone; its heir is Pinboard.",
        archive="A bookmarks.html of it can be brought in; public bookmarks on Pinboard can be followed.",
    ),
    Closed(place="myspace", why="MySpace closed its ways in for programs long ago, and lost most of what was there.", page="https://myspace.com/"),
)  # fmt: skip


def closed(place: str) -> Closed | None:
    """What is said of a place that is closed or gone; None for any other."""
    return next((one for one in CLOSED if one.place == place), None)
