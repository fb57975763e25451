"""Places that give nobody's words to programs, or are gone: said as such, with what is possible all the same. Data only."""

from __future__ import annotations

from dataclasses import dataclass

from relationdesk.saying import marked, say
from relationdesk.text import fold, place_name

BY_HAND = marked("Keep links to people’s pages, which open in the browser, and write down what they did there.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """why: one sentence, why no more is possible. archive: how to get what the place has of oneself, as a file that can be brought in;
    "" where there is none. page: where the place is opened, "" if it is gone, or opens in no browser.

    name: what it is found by, never rename; the place if it is "". title: if it is called otherwise than its place. also: further words by
    which people look for it. has_people: somebody's page there can be kept as a link.
    """

    place: str
    why: str
    archive: str = ""
    page: str = ""
    name: str = ""
    title: str = ""
    also: str = ""
    has_people: bool = True

    @property
    def key(self) -> str:
        return self.name or self.place

    @property
    def called(self) -> str:
        return self.title or place_name(self.place)

    @property
    def instead(self) -> str:
        """What to do: the file first, since it brings the most."""
        return " ".join(say(words) for words in (self.archive, BY_HAND if self.has_people else "") if words)

    def answers(self, typed: str) -> bool:
        """Whether somebody who looks for these words means it; "" is everybody."""
        return sought(f"{self.called} {self.key} {self.also}", typed)


def sought(words: str, typed: str) -> bool:
    """Whether each word that is typed begins one of `words`, whatever their case and accents."""
    known = f" {fold(words)}"
    return all(f" {word}" in known for word in fold(typed).split())


CLOSED = (
    Closed(
        place="linkedin", name="linkedin_people", title="LinkedIn people", why=marked("LinkedIn shows what its members write to no program, only some of them what is theirs."), page="https://www.linkedin.com/", also="connections sales navigator",
        archive=marked("In LinkedIn choose Settings, Data privacy, Get a copy of your data, and bring in the zip."),
    ),
    Closed(
        place="facebook", name="facebook_people", title="Facebook people", why=marked("Facebook shows what people write to no program, only Pages to those who run them."), page="https://www.facebook.com/",
        archive=marked("In Facebook choose Settings, Download your information, and bring in the zip."), also="meta messenger fb friends groups",
    ),
    Closed(
        place="instagram", name="instagram_people", title="Instagram people", why=marked("Instagram shows what people post to no program, only professionals what is theirs."), page="https://www.instagram.com/", also="meta insta ig",
        archive=marked("In Instagram choose Your activity, Download your information, and bring in the zip."),
    ),
    Closed(
        place="threads", name="threads_people", title="Threads people", why=marked("Threads shows what others write only to programs that Meta has reviewed."), page="https://www.threads.net/", also="meta",
        archive=marked("It comes with the download of Instagram; bring in the zip."),
    ),
    Closed(place="xing", why=marked("XING has had no way in for programs since it closed the old one."), page="https://www.xing.com/", also="new work"),
    Closed(
        place="whatsapp", why=marked("WhatsApp keeps messages on the phones alone."), page="https://web.whatsapp.com/", also="meta chats messenger",
        archive=marked("In a chat choose Export chat, and bring in the file."),
    ),
    Closed(
        place="telegram", why=marked("Telegram shows messages only to programs that sign in as you, which this one does not."), page="https://web.telegram.org/",
        archive=marked("In Telegram Desktop choose Settings, Advanced, Export data as JSON, and bring in the folder."), also="chats messenger",
    ),
    Closed(
        place="signal", why=marked("Signal keeps messages on the phones alone."), also="chats messenger",
        archive=marked("In Signal on the phone choose Settings, Chats, Export as plain text, and bring in the folder."),
    ),
    Closed(
        place="slack", why=marked("Slack lets in only programs that your firm has put into its workspace."), page="https://slack.com/", also="chats channels workspace",
        archive=marked("Ask whoever runs the workspace for an export of it, and bring in the zip."), has_people=False,
    ),
    Closed(
        place="discord", why=marked("Discord lets programs read only where the owner of a server invites them."), page="https://discord.com/", also="chats servers",
        archive=marked("In Discord choose Settings, Data and privacy, Request all of my data, and bring in the zip."), has_people=False,
    ),
    Closed(
        place="mail", name="outlook", title="Outlook mail", also="microsoft 365 office hotmail live exchange", page="https://outlook.live.com/", has_people=False,
        why=marked("Microsoft opens its mailboxes since September 2024 only to a sign-in on its web page that it grants to a program itself."),
        archive=marked("In Outlook choose File, Open and export, Export to a file (.pst), and bring that in; or the .ost that Outlook keeps."),
    ),
    Closed(
        place="mail", name="proton", title="Proton Mail", also="protonmail bridge", page="https://mail.proton.me/", has_people=False,
        why=marked("Proton shows mails only to its own Bridge, whose certificate nobody vouches for."),
        archive=marked("Export the mails with Proton’s export tool, and bring in the folder."),
    ),
    Closed(
        place="delicious", why=marked("Delicious is gone; its heir is Pinboard."), also="del.icio.us bookmarks",
        archive=marked("A bookmarks.html of it can be brought in; public bookmarks on Pinboard can be followed."),
    ),
    Closed(place="myspace", why=marked("MySpace closed its ways in for programs long ago, and lost most of what was there."), page="https://myspace.com/"),
)  # fmt: skip


def closed(place: str) -> Closed | None:
    """What is said of a place that is closed or gone, or closed of people, by its key, its place, or as people write it; None for any other."""
    named = [one for one in CLOSED if place and (place == one.key or fold(place) == fold(one.called))]
    return next(iter([*named, *(one for one in CLOSED if place == one.place and one.has_people)]), None)
