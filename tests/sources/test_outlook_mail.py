"""Mails that Outlook saved as a table: the real one, each language of headings, people of a directory, equal rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Fact, Key, Precision, Profile, Progress, Rejected, Role
from relationdesk.services.recognising import recognise
from relationdesk.sources.base import Options
from relationdesk.sources.mail_building import Party, built
from relationdesk.sources.mail_message import message
from relationdesk.sources.outlook_columns import mail_columns
from relationdesk.sources.outlook_mail import OutlookMail
from tests.shared import REAL

DATA = Path(__file__).parents[1] / "data" / "outlook_mail"
PLAIN = Options()


def facts(path: Path, options: Options = PLAIN) -> list[Fact]:
    return [fact for fact in OutlookMail().read(path, options) if not isinstance(fact, Progress)]


def mails(path: Path, options: Options = PLAIN) -> list[Activity]:
    return [fact for fact in facts(path, options) if isinstance(fact, Activity)]


def test_real_mail_in_windows_1251() -> None:
    path = REAL / "outlook" / "mail_cp1251.csv"
    if not path.exists():
        pytest.skip("no real file outlook/mail_cp1251.csv beside the checkout")
    source, _ = recognise(path)
    assert source.name == "outlook_mail"
    (mail,) = mails(path)
    assert (mail.title, mail.text) == ("Результаты Иван", "Email: email@site.com\nИмя: Иван")
    assert (mail.published, mail.precision, mail.actor) == (None, Precision.UNKNOWN, ("mail", "ivan@example.com"))


def test_english_with_people_of_a_directory() -> None:
    source, seen = recognise(DATA / "english.csv")
    assert (source.name, seen.owner) == ("outlook_mail", "sam@seller.example")
    found = facts(DATA / "english.csv")
    people = {fact.key: fact for fact in found if isinstance(fact, Profile)}
    menu, one, two, answer, inside = (fact for fact in found if isinstance(fact, Activity))
    assert people[Key("mail", "sam@seller.example")].is_owner and people[Key("mail", "ann@harbour.example")].known
    names = [(people[p.profile].display_name, p.role) for p in menu.participants]
    assert names == [("Sam Seller", Role.TO), ("Okafor, Ben", Role.CC), ("", Role.CC)]
    ben = people[menu.participants[1].profile]
    assert ben.handle == "" and ben.addresses == () and ben.key.native_id.startswith("o=exchangelabs/")
    assert people[menu.participants[2].profile].handle == "dana@quay.example"
    assert people[inside.actor].display_name == "Chen Li"
    assert one.key != two.key and (one.title, one.text) == (two.title, two.text)
    assert answer.text == "Thank you" and dict(answer.extra)["quoted"].startswith("-----Original Message")
    assert [fact.where for fact in found if isinstance(fact, Rejected)] == ["english.csv line 19", "english.csv", "english.csv"]
    assert "no dates" in next(fact.reason for fact in reversed(found) if isinstance(fact, Rejected))
    assert [mail.key for mail in mails(DATA / "english.csv")] == [mail.key for mail in (menu, one, two, answer, inside)]


@pytest.mark.parametrize(("name", "title", "who"), [("german", "Räume", "Zoë Müller"), ("russian", "Смета", "Иван Петров")])
def test_the_build_of_the_headings_tells_not_their_words(name: str, title: str, who: str) -> None:
    assert recognise(DATA / f"{name}.csv")[0].name == "outlook_mail"
    found = facts(DATA / f"{name}.csv")
    assert [fact.title for fact in found if isinstance(fact, Activity)] == [title]
    assert who in {fact.display_name for fact in found if isinstance(fact, Profile)}


def test_the_same_mail_without_a_date_in_a_mailbox_is_the_same() -> None:
    raw = b"From: Ann Berg <ann@harbour.example>\nTo: Sam <sam@seller.example>\nSubject: Menu\n\nDear Sam,\nhere it is.\n\nAnn\n"
    assert message(raw, "x", frozenset())[-1].key == mails(DATA / "english.csv")[0].key  # type: ignore[union-attr]


def test_headings_that_only_look_so() -> None:
    twelve = [f"{group}: ({part})" for group in ("From", "To", "CC", "BCC") for part in ("Name", "Address", "Type")]
    assert mail_columns(twelve) is not None
    assert mail_columns(["Subject", "Body", *twelve[:-1]]) is None
    assert mail_columns(["Subject", "Body", *twelve[:3] * 4]) is None
    assert mail_columns([*twelve[:-1], "BCC: (Kind)"]) is None


def test_another_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Subject,Body,From\na,b,c\n", encoding="utf-8")
    assert OutlookMail().recognise(path) is None
    with pytest.raises(UnreadableFile, match=r"no list of mails that Outlook saved\. Nothing was brought in\."):
        facts(path)


def test_what_is_built_can_say_nothing_but_its_fields() -> None:
    """Marks of headers in names, subjects and file names stay words; a line of the text is no edge between parts."""
    parties = [
        Party(role="from", name='Eve" <boss@acme.example>, "', address="eve@evil.example"), Party(role="to", name="", address="/O=A/CN=" + "B" * 400),
        Party(role="cc", name="nobody"), Party(role="bcc", name="ann@x.example", address=""),
    ]  # fmt: skip
    raw = built(parties, [("Subject", "Hi\u2028Bcc: all"), ("X-Evil", "a\nFrom: b@c.example")], "one\n--x\n\nFrom: b@c.example", attachments=['a".pdf', "b\r\nc"])
    *people, mail = message(raw, "x", frozenset())
    assert isinstance(mail, Activity) and mail.actor == ("mail", "eve@evil.example") and mail.text == "one\n--x\n\nFrom: b@c.example"
    assert mail.title == "Hi Bcc: all" and dict(mail.extra)["attachments"] == 'a".pdf, b c'
    assert [p.profile.native_id.partition("@")[2] for p in mail.participants] == ["directory.invalid", "x.example"]
    assert len(people) == 3 and dict(mail.extra)["doubt"] == "The name of the sender shows another address."
