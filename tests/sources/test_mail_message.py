"""One mail to facts: the published expectations, crafted hazards, hostile input, and a fuzz with a fixed seed."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from relationdesk.model import Activity, Audience, Fact, Kind, Precision, Profile, Rejected, Role
from relationdesk.sources.mail_message import message
from tests import shared

REAL = shared.REAL / "mail" / "eml"
NOW = datetime(2026, 11, 25, tzinfo=UTC)
HEAD = b"From: Joe Brown <joe@acme.example>\nTo: maya@sales.example\nSubject: s\nMessage-ID: <1@x>\nDate: Mon, 8 Jan 2024 09:00:00 +0100\n"


def facts(raw: bytes, mine: frozenset[str] = frozenset()) -> tuple[Fact, ...]:
    return message(raw, "here", mine, now=NOW)


def mail(raw: bytes, mine: frozenset[str] = frozenset()) -> Activity:
    (found,) = (fact for fact in facts(raw, mine) if isinstance(fact, Activity))
    return found


def profiles(raw: bytes, mine: frozenset[str] = frozenset()) -> dict[str, Profile]:
    return {fact.handle: fact for fact in facts(raw, mine) if isinstance(fact, Profile)}


def extra(activity: Activity) -> dict[str, str]:
    return dict(activity.extra)


def to(activity: Activity, *roles: Role) -> list[str]:
    return [one.profile.native_id for one in activity.participants if one.role in (roles or tuple(Role))]


EXPECTED = [
    ("mail_parser/mail_test_14.eml", "example@example.com", "rcpt@example.com", "", "Test", "2019-04-24 08:05:02", "unnamed image/png"),
    ("mail_parser/mail_test_18.eml", "comma.name@example.com", "tony.stark@example.com", "simple@example.net john.doe@example.com",
     "Test for Comma and Name Bugs", "2025-11-03 17:23:00", ""),
    ("mail_parser/mail_test_19.eml", "bob@example.com", "charlie@example.com dave@example.com", "frank@example.com",
     "Test email with email address as display name", "2024-01-01 12:00:00", ""),
    ("mimekit/body.2.txt", "mimekit@mimekit.net", "mimekit@mimekit.net", "", "MimeMessage.TextBody and HtmlBody tests", "2016-01-02 21:42:00", ""),
    ("mimekit/body.4.txt", "mimekit@mimekit.net", "mimekit@mimekit.net", "", "MimeMessage.TextBody and HtmlBody tests", "2016-01-02 21:42:00", "empty.gif, empty.jpg"),
    ("mimekit/body.6.txt", "mimekit@mimekit.net", "mimekit@mimekit.net", "", "MimeMessage.TextBody and HtmlBody tests", "2016-01-02 21:42:00", "document.txt"),
    ("mimekit/body.8.txt", "mimekit@mimekit.net", "mimekit@mimekit.net", "", "MimeMessage.TextBody and HtmlBody tests", "2016-01-02 21:42:00", "attachment.dat"),
    ("mimekit/delivery-status.anonymized.eml", "xxxxxxxxxx@xxx.xxxxxxx.xxx", "", "xxxxxxxxxx@xxx.xxxxxxx.xxx", None, "1996-07-29 09:13:08", None),
    ("mimekit/disposition-notification.txt", "joe_recipient@example.com", "jane_sender@example.org", "", "Disposition notification", "1995-09-20 00:19:00", None),
    ("mimekit/empty-multipart.txt", "mimekit@example.com", "mimekit@example.com", "", "test of empty multipart/alternative", "2013-11-12 14:12:42", ""),
    ("mimekit/issue1130.txt", "unit-tests@mimekit.net", "unit-tests@mimekit.net", "", "Test of text body with format=flowed; delsp=yes", "2025-01-09 15:26:14", ""),
    ("mimekit/missing-subtype.txt", "someone@somewhere.com", "someone.else@somewhere.else.com", "", "Test of an invalid mime-type", "2015-12-29 13:06:17", None),
    ("mimekit/multipart-digest.txt", "user@domain.org", "", "", "", "2007-03-24 21:00:00", None),
    ("mimekit/simple-embedded-message.eml", "mimekit@example.com", "mimekit@example.com", "", None, "2013-11-12 14:12:42", "embedded message"),
    ("mimekit/simple-multipart.anonymized.eml", "xxxxxxx@xxxxxxx.xxx", "xxxxxxx@xxxxxxx.xxx", "", None, "2013-11-12 14:12:42", "xxxxxxxxxxxxxx"),
    *((f"ruby_mail/{name}.eml", "foo@example.com", "blah@example.com", "", "testing", "2005-06-06 20:21:22", attached) for name, attached in (
        ("attachment_content_disposition", "api.rb"), ("attachment_message_rfc822", "ForwardedMessage.eml"),
        ("attachment_nonascii_filename", "ciële.txt"), ("attachment_with_unquoted_name", "This is a test.txt"),
        ("raw_email12", "unnamed image/jpeg"), ("raw_email7", "test.rb, test.pdf, smime.p7s"), ("raw_email_quoted_with_0d0a", ""))),
    ("ruby_mail/attachment_pdf.eml", "xxxx@xxxx.com", "xxxx@xxxx.com", "", "Another PDF with 🎉 Unicode chars in it 🍿", "2005-05-10 17:26:39", "broken.pdf"),
    ("ruby_mail/email_with_similar_boundaries.eml", "xxxxxx@xxxxxxxx.xxx", "xxxxxxx@xxxxxxxxxxx.xxx", "", "Xxxxxx", "2012-04-06 01:01:01", "LOGO.png"),
    *((f"ruby_mail/{name}.eml", "jdoe@machine.example", "mary@example.net", "", "Saying Hello", "1997-11-21 15:55:06", "") for name in ("example01", "example02", "example08")),
    ("ruby_mail/example03.eml", "john.q.public@example.com", "mary@x.test jdoe@example.org one@y.test", "boss@nil.test sysservices@example.net", "", "2003-07-01 08:52:37", ""),
    ("ruby_mail/example11.eml", "john.q.public@example.com", "mary@example.net jdoe@test.example", "", "", "2003-07-01 08:52:37", ""),
    ("ruby_mail/example04.eml", "pete@silly.example", "c@a.test joe@where.test jdoe@one.test", "", "", "1969-02-14 03:02:54", ""),
    ("ruby_mail/example06.eml", "mary@example.net", "jdoe@machine.example", "", "Re: Saying Hello", "1997-11-21 16:01:10", ""),
    ("ruby_mail/ks_c_5601-1987.eml", "from@example.com", "unknown@example.com", "", "test", "2014-05-28 08:18:19", ""),
    ("ruby_mail/multiple_content_types.eml", "redacted@flashmail.net", "redacted@enron.com", "", "Redacted", "", ""),
    ("ruby_mail/raw_email6.eml", "xxx@xxxx.xxx", "xxxxxxxxxxx@xxxx.xxxx.xxx", "", "", "2005-05-10 20:27:03", ""),
    ("ruby_mail/raw_email10.eml", "xxx@xxxx.xxx", "xxxxxxxxxxx@xxxx.xxxx.xxx", "", "", "2005-05-10 20:27:03", ""),
    ("ruby_mail/raw_email_incorrect_header.eml", "xxx@xxx.xxx", "xxx@xxx.com", "", None, "2005-02-23 22:20:17", ""),
    ("ruby_mail/raw_email_reply.eml", "xxxxxxxx@xxx.org", "mikel@xxxx.net", "", "Re: Test reply email", "2007-11-18 08:56:07", ""),
    ("ruby_mail/raw_email_simple.eml", "mikel@nowhere.com", "mikel@somewhere.com", "", "Testing outlook", "2007-10-21 09:38:13", ""),
    ("ruby_mail/raw_email_string_in_date_field.eml", "mikel@me.com", "bob@bob.com", "", "NOTE: 한국말로 하는 것", "2008-09-20 17:04:30", ""),
    ("ruby_mail/raw_email_with_binary_encoded.eml", "email_test@me.nowhere", "mikel@me.nowhere", "", "Testing outlook", "2007-10-21 09:38:13", None),
    ("ruby_mail/raw_email_with_illegal_boundary.eml", "email_test@me.nowhere", "mikel@me.nowhere", "", "Testing outlook", "2007-10-21 09:38:13", ""),
    ("ruby_mail/two_from_in_message.eml", "tester1@test.com", "tester2@test.com", "", "Sending messages include last little bit", "2009-12-02 09:39:33", ""),
    ("ruby_mail/utf8_headers.eml", "jdöe@mächine.example", "märy@exämple.net", "", "Säying Hello", "", ""),
]  # fmt: skip


def real(name: str) -> bytes:
    if not REAL.exists():
        pytest.skip("the sample exports are not there")
    return (REAL / name).read_bytes()


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: row[0])
def test_published_expectations(row: tuple[str, str, str, str, str | None, str, str | None]) -> None:
    name, sender, recipients, copies, subject, date, attached = row
    found = mail(real(name))
    assert found.actor.native_id == sender
    assert to(found, Role.TO) == recipients.split()
    assert to(found, Role.CC) == copies.split()
    assert subject is None or found.title == subject
    assert (f"{found.published:%Y-%m-%d %H:%M:%S}" if found.published else "") == date
    assert (found.precision is Precision.UNKNOWN) == (not date)
    assert attached is None or extra(found).get("attachments", "") == attached


def test_every_real_file_gives_an_answer() -> None:
    if not REAL.exists():
        pytest.skip("the sample exports are not there")
    files = sorted(REAL.glob("*/*"))
    assert len(files) == 46
    answers = {file.name: message(file.read_bytes(), file.name, frozenset(), now=NOW) for file in files}
    assert [name for name, found in answers.items() if not found] == ["encoding_madness.eml"]
    assert {name for name, found in answers.items() if isinstance((*found, None)[0], Rejected)} == {
        "bad_encoded_subject.eml", "example13.eml"}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mimekit/body.2.txt", "This is an html body."), ("mimekit/body.6.txt", "This is the text body."),
        ("mimekit/body.8.txt", "This is the text body."), ("ruby_mail/ks_c_5601-1987.eml", "스티해"),
        ("ruby_mail/multiple_content_types.eml", "foo"), ("ruby_mail/email_with_similar_boundaries.eml", "Test"),
        ("ruby_mail/raw_email_reply.eml", "Message body"), ("mimekit/simple-embedded-message.eml", "This is the message body."),
    ],
)  # fmt: skip
def test_real_texts(name: str, text: str) -> None:
    assert mail(real(name)).text == text


def test_real_hazards() -> None:
    assert "Envoyé par" in mail(real("ruby_mail/raw_email6.eml")).text
    assert "Envoyé par" in mail(real("ruby_mail/raw_email10.eml")).text
    assert "at the bottom of the record\n\nThe URL" in mail(real("mimekit/issue1130.txt")).text
    assert "TEST" in str(facts(real("ruby_mail/bad_encoded_subject.eml")))
    assert extra(mail(real("ruby_mail/example04.eml")))["date_from"] == "doubted"
    assert mail(real("ruby_mail/example06.eml")).in_reply_to == "mid:1234@local.machine.example"
    reply = mail(real("ruby_mail/raw_email_reply.eml"))
    assert (reply.in_reply_to, reply.thread) == ("mid:348F04F142D69C21-291E56D292BC@xxxx.net", "mid:473FF3B8.9020707@xxx.org")
    names = profiles(real("mail_parser/mail_test_18.eml"))
    assert names["comma.name@example.com"].display_name == "LastßlName, FirstName"
    assert names["john.doe@example.com"].display_name == 'John "Johnny" Doe'


def test_the_shape_of_an_ordinary_mail() -> None:
    raw = HEAD + b"Cc: Ann Example <ann@x.example>\nBcc: ben@x.example\n\nHello Maya,\n\nsee you.\n-- \nJoe\n"
    found = mail(raw)
    assert (found.kind, found.audience, found.key) == (Kind.MAIL, Audience.PRIVATE, ("mail", "mid:1@x"))
    assert [(one.profile.native_id, one.role) for one in found.participants] == [
        ("maya@sales.example", Role.TO), ("ann@x.example", Role.CC), ("ben@x.example", Role.BCC)]  # fmt: skip
    assert found.published == datetime(2024, 1, 8, 8, tzinfo=UTC)
    assert found.text == "Hello Maya,\n\nsee you.\n--\nJoe"
    joe = profiles(raw)["joe@acme.example"]
    assert (joe.display_name, joe.known, joe.is_owner) == ("Joe Brown", False, False)
    assert [(one.value, one.vouched) for one in joe.addresses] == [("joe@acme.example", True)]
    kinds = [type(fact).__name__ for fact in facts(raw)]
    assert kinds == ["Profile"] * 4 + ["Activity"]


def test_known_are_those_the_owner_wrote_to_but_no_role_mailboxes() -> None:
    raw = b"From: maya@sales.example\nTo: joe@acme.example, info@acme.example, maya@home.example\nSubject: x\n\ny"
    found = profiles(raw, frozenset({"maya@sales.example", "maya@home.example"}))
    assert {name for name, one in found.items() if one.known} == {"joe@acme.example"}
    assert {name for name, one in found.items() if one.is_owner} == {"maya@sales.example", "maya@home.example"}
    assert not any(one.known for one in profiles(HEAD + b"\nx", frozenset({"maya@sales.example"})).values())


def test_whoever_gets_a_circular_is_nobody_the_owner_knows_by_it() -> None:
    """And of five thousand, as many are kept as can stand on a page."""
    for count, known in ((50, 50), (51, 0), (5_000, 0)):
        to = ", ".join(f"p{n}@x.example" for n in range(count))
        found = profiles(f"From: maya@sales.example\nTo: {to}\nSubject: x\n\ny".encode(), frozenset({"maya@sales.example"}))
        assert (sum(one.known for one in found.values()), len(found) - 1) == (known, min(count, 500))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"Doe, Jane <jane@x.example>", [("jane@x.example", "Doe, Jane")]),
        (b'"Doe, Jane" <jane@x.example>, <ben@x.example>', [("jane@x.example", "Doe, Jane"), ("ben@x.example", "")]),
        (b"=?utf-8?q?Doe=2C_Jane?= <JANE@X.example>", [("jane@x.example", "Doe, Jane")]),
        (b"jane@x.example (Jane Doe)", [("jane@x.example", "Jane Doe")]),
        (b"'jane@x.example' <jane@x.example>", [("jane@x.example", "")]),
        (b"Friends: a@x.example, Ben <b@x.example>;, c@x.example", [("a@x.example", ""), ("b@x.example", "Ben"), ("c@x.example", "")]),
        (b"Undisclosed recipients:;", []),
        (b"<@route.example,@two.example:jane@x.example>", [("jane@x.example", "")]),
        (b"mailto:jane@x.example; ben@x.example", [("jane@x.example", ""), ("ben@x.example", "")]),
        (b"Jane M\xfcller <jane@x.example>", [("jane@x.example", "Jane Müller")]),
        (b"=?utf-8?b?SsO8?= =?utf-8?b?cmdlbg==?= <j@x.example>", [("j@x.example", "Jürgen")]),
        (b"=?utf-8?b?SsM=?= =?utf-8?b?vHJnZW4=?= <j@x.example>", [("j@x.example", "Jürgen")]),
        (b'"unclosed <jane@x.example>', [("jane@x.example", "unclosed")]),
        (b"Jane (never closed <jane@x.example>", [("jane@x.example", "Jane never closed")]),
        (b"root, <root>, <>, @, nobody", []),
    ],
)  # fmt: skip
def test_mailboxes(header: bytes, expected: list[tuple[str, str]]) -> None:
    raw = b"From: me@x.example\nTo: " + header + b"\n\nx"
    names = profiles(raw)
    assert [(one, names[one].display_name) for one in to(mail(raw))] == expected


def test_a_name_that_claims_another_address_vouches_for_nothing() -> None:
    raw = b"From: joe@acme.example <evil@bad.example>\nTo: maya@sales.example\n\nx"
    found = mail(raw)
    assert found.actor.native_id == "evil@bad.example"
    assert "doubt" in extra(found)
    evil = profiles(raw)["evil@bad.example"]
    assert (evil.display_name, evil.addresses[0].vouched) == ("", False)
    assert "joe@acme.example" not in profiles(raw)


@pytest.mark.parametrize("head", [
    b"From: joe@acme.example, evil@bad.example\n", b"From: joe@acme.example\nFrom: evil@bad.example\n",
    b"From: <joe@acme.example> <evil@bad.example>\n", b"From: nobody\n", b"Subject: only\n", b"",
])  # fmt: skip
def test_a_sender_that_cannot_be_told_is_rejected_in_one_sentence(head: bytes) -> None:
    (only,) = facts(head + b"To: maya@sales.example\n\nsecret words")
    assert isinstance(only, Rejected)
    assert only.where == "here"
    assert "secret" not in only.reason


def test_sender_decides_between_several_in_from() -> None:
    found = mail(b"From: joe@acme.example, ann@acme.example\nSender: ann@acme.example\n\nx")
    assert found.actor.native_id == "ann@acme.example"
    assert extra(found)["doubt"] == "It names several senders."


@pytest.mark.parametrize("line", [
    b"List-Id: <news.x.example>", b"Precedence: bulk", b"Precedence: List", b"Auto-Submitted: auto-replied; x",
    b"X-Mozilla-Status: 0009", b"X-Gmail-Labels: Inbox,Spam", b"X-Gmail-Labels: =?utf-8?q?Posta_indesiderata?=", b"X-Spam-Flag: YES",
])  # fmt: skip
def test_noise_is_left_out(line: bytes) -> None:
    assert facts(HEAD + line + b"\n\nx") == ()


@pytest.mark.parametrize("line", [b"Auto-Submitted: no", b"Precedence: normal", b"X-Mozilla-Status: 0001", b"X-Gmail-Labels: Inbox"])
def test_what_only_looks_like_noise_stays(line: bytes) -> None:
    assert mail(HEAD + line + b"\n\nx").text == "x"


@pytest.mark.parametrize(
    ("sender", "left_out"),
    [("no-reply@x.example", True), ("noreply@x.example", True), ("do_not_reply@x.example", True), ("mailer-daemon@x.example", True),
     ("calendar-noreply@x.example", True), ("noreply2@x.example", True), ("info@x.example", False), ("noreplyson@x.example", False)],
)  # fmt: skip
def test_no_reply_senders(sender: str, left_out: bool) -> None:
    assert (facts(f"From: {sender}\n\nx".encode()) == ()) is left_out


@pytest.mark.parametrize(
    ("lines", "published", "precision"),
    [
        (b"Date: Mon, 8 Jan 2024 09:00:00 +0100", datetime(2024, 1, 8, 8, tzinfo=UTC), Precision.SECOND),
        (b"Date: 8 Jan 24 09:00 EST", datetime(2024, 1, 8, 14, tzinfo=UTC), Precision.SECOND),
        (b"Date: <HR>\nReceived: by a; Mon, 8 Jan 2024 09:00:05 +0000\nReceived: by b; Mon, 8 Jan 2024 09:00:02 +0000",
         datetime(2024, 1, 8, 9, 0, 2, tzinfo=UTC), Precision.SECOND),
        (b"Date: Mon, 8 Jan 3609 09:00:00 +0000\nReceived: by a; Mon, 8 Jan 2024 09:00:05 +0000\nReceived: by b; Mon, 8 Jan 2001 09:00:02 +0000",
         datetime(2024, 1, 8, 9, 0, 5, tzinfo=UTC), Precision.SECOND),
        (b"Date: Mon, 8 Jan 2027 09:00:00 +0000", None, Precision.UNKNOWN),
        (b"Date: Wed, 25 Nov 2026 20:00:00 +0000", datetime(2026, 11, 25, 20, tzinfo=UTC), Precision.SECOND),
        (b"Date: Thu, 01 Jan 1970 00:00:00 +0000", None, Precision.UNKNOWN),
        (b"Date: Pn, 29 paX 2007", None, Precision.UNKNOWN),
        (b"Date: Fri, 31 Dec 9999 23:59:59 -2359", None, Precision.UNKNOWN),
        (b"Date: Sat, 1 Jan 0001 00:00:00 +2359", None, Precision.UNKNOWN),
        (b"Date: Mon, 99 Jan 2024 99:99:99 +99999999999", None, Precision.UNKNOWN),
        (b"X: y", None, Precision.UNKNOWN),
    ],
)  # fmt: skip
def test_dates(lines: bytes, published: datetime | None, precision: Precision) -> None:
    found = mail(b"From: a@x.example\n" + lines + b"\n\nx")
    assert (found.published, found.precision) == (published, precision)


def test_the_from_line_gives_the_day() -> None:
    found = mail(b"From a@x.example Mon Jan  8 09:00:00 2024\nFrom: a@x.example\n\nx")
    assert (found.published, found.precision) == (datetime(2024, 1, 8, tzinfo=UTC), Precision.DAY)


@pytest.mark.parametrize("history", [
    "On Mon, 8 Jan 2024 at 09:00, Joe Brown <joe@acme.example> wrote:\n> old words", "On 8 Jan 2024, Joe Brown wrote:\n\nold words",
    "On Mon, Jan 8, 2024 at 9:00 AM Joe Brown\n<joe@acme.example> wrote:\n\n> old words",
    "Am 08.01.2024 um 09:00 schrieb Joe Brown:\n> old words", "Am Mo., 8. Jan. 2024 um 09:00 Uhr schrieb Joe Brown <\njoe@acme.example>:\n\n> old words",
    "Le lun. 8 janv. 2024 à 09:00, Joe Brown <joe@acme.example> a écrit :\n> old words",
    "El lun, 8 ene 2024 a las 9:00, Joe Brown (<joe@acme.example>) escribió:\n> old words",
    "-----Original Message-----\nFrom: Joe\nold words", "-----Ursprüngliche Nachricht-----\nVon: Joe\nold words",
    "________________________________\nFrom: Joe Brown <joe@acme.example>\nSent: Monday\nTo: Maya\nSubject: s\n\nold words",
    "Von: Joe Brown\nGesendet: Montag\nAn: Maya\nBetreff: s\n\nold words", "De : Joe Brown\nEnvoyé : lundi\nÀ : Maya\nObjet : s\n\nold words",
    "De: Joe Brown\nEnviado el: lunes\nPara: Maya\nAsunto: s\n\nold words", "Joe Brown wrote:\n> old words", "> old words",
], ids=range(15))  # fmt: skip
def test_quoted_history_is_folded_away(history: str) -> None:
    raw = HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + f"New words.\n\nMaya\n\n{history}\n".encode()
    found = mail(raw)
    assert found.text == "New words.\n\nMaya"
    assert "old words" in extra(found)["quoted"]


@pytest.mark.parametrize("text", [
    "I like what Joe wrote:\n\nit is good.", "On the whole I agree.", "From: the heart\nwith love",
    "Fyi\n\n---------- Forwarded message ---------\nFrom: Ann <ann@x.example>\nDate: Mon\nSubject: s\nTo: Joe\n\nplease read",
])  # fmt: skip
def test_prose_and_forwarded_mail_are_not_history(text: str) -> None:
    found = mail(HEAD + b"\n" + text.encode())
    assert found.text == text
    assert "quoted" not in extra(found)


def test_answers_between_the_lines_stay() -> None:
    found = mail(HEAD + b"\nOn 8 Jan 2024, Joe wrote:\n> one?\nYes.\n> two?\nNo.\n")
    assert found.text == "Yes.\nNo."
    assert extra(found)["quoted"].endswith("> one?\n> two?")


def test_html_only_with_link_script_and_history() -> None:
    page = (b"<html><style>p{}</style><script>alert(1)</script><p>Hello&nbsp;Maya, see <a href='https://x.example/offer'>the offer</a></p>"
            b"<!-- hidden --><div>On Mon, 8 Jan 2024 at 09:00, Joe &lt;joe@acme.example&gt; wrote:<br><blockquote>old</blockquote></div>")  # fmt: skip
    found = mail(HEAD + b"Content-Type: text/html; charset=utf-8\n\n" + page)
    assert found.text.replace("\u00a0", " ") == "Hello Maya, see the offer (https://x.example/offer)"
    assert extra(found)["quoted"].endswith("old")


def test_flowed_text() -> None:
    head = HEAD + b"Content-Type: text/plain; format=flowed"
    assert mail(head + b"\n\nOne long \nline.\n\n-- \nJoe\n").text == "One long line.\n\n--\nJoe"
    assert mail(head + b"; delsp=yes\n\nhttps://x.example/aaa \nbbb\n").text == "https://x.example/aaabbb"
    assert mail(head + b"; delsp=yes\n\nOne long  \nline.\n").text == "One long line."


def test_attachment_kept_from_the_other_alternative_and_rfc2231_names() -> None:
    raw = HEAD + (
        b'Content-Type: multipart/alternative; boundary="a"\n\n--a\n\nplain\n--a\nContent-Type: multipart/mixed; boundary=b\n\n'
        b"--b\nContent-Type: text/html\n\n<p>html\n--b\nContent-Type: application/pdf\n"
        b"Content-Disposition: attachment; filename*0*=utf-8''Angeb%C3; filename*1*=%B6t; filename*2=.pdf\n\nx\n--b--\n--a--\n"
    )
    assert mail(raw).text == "plain"
    assert extra(mail(raw))["attachments"] == "Angeböt.pdf"


def test_threads_join_replies_and_hash_stands_in_for_a_missing_id() -> None:
    root = mail(HEAD + b"\nx")
    reply = mail(HEAD.replace(b"<1@x>", b"<2@x>") + b"In-Reply-To: <1@x>\nReferences: <1@x>\n\ny")
    third = mail(HEAD.replace(b"<1@x>", b"<3@x>") + b"In-Reply-To: <2@x>\nReferences: <1@x>\n\t<2@x>\n\nz")
    assert root.thread == reply.thread == third.thread == "mid:1@x"
    assert third.in_reply_to == "mid:2@x"
    nameless = HEAD.replace(b"Message-ID: <1@x>\n", b"")
    assert mail(nameless + b"\nx").key.native_id.startswith("hash:")
    assert mail(nameless + b"\nx") == mail(nameless + b"\nx")
    assert mail(nameless.replace(b"Subject: s", b"Subject: t") + b"\nx").key != mail(nameless + b"\nx").key


def _nested(depth: int) -> bytes:
    return HEAD + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth)) + b"\nhi"


M = 1_000_000
PLAIN, HTML = HEAD + b"Content-Type: text/plain", HEAD + b"Content-Type: text/html\n\n"
HOSTILE = {
    "nested multiparts": _nested(1000),
    "one boundary nested": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 20_000,
    "headers": b"".join(b"X-%d: y\n" % n for n in range(100_000)) + HEAD + b"\nhi",
    "senders": b"From: a@b.example\n" * 50_000 + b"\nhi",
    "recipients": HEAD + b"Cc: " + b"a@b.example, " * 100_000 + b"\n\nhi",
    "broken headers": b"a b\nX: y\n" * 100_000,
    "base64": PLAIN + b"\nContent-Transfer-Encoding: base64\n\n" + b"QUFB\n" * 800_000,
    "quoted-printable": PLAIN + b"\nContent-Transfer-Encoding: quoted-printable\n\n" + b"=" * M,
    "punycode": PLAIN + b"; charset=punycode\n\n" + b"abc-" * M,
    "unknown charset": PLAIN + b"; charset=\"x\0y/../zip\"\n\nabc\xff",
    "codec that is no charset": PLAIN + b"; charset=rot13\n\nabc\xff",
    "zeros": b"\0" * M, "line ends": b"\n" * M, "carriage returns": b"\r" * M, "colons": b":" * M, "nothing": b"",
    "blanks": PLAIN + b"\n\n" + b" " * M + b"x",
    "flowed": PLAIN + b"; format=flowed; delsp=yes\n\n" + b"a \n" * M,
    "quotes": b"From: " + b'"\\"' * 20_000 + b"\n\n", "brackets": b"From: " + b"(" * 60_000 + b"\n\n", "angles": b"From: " + b"<" * 60_000 + b"\n\n",
    "encoded words": b"Subject: " + b"=?utf-8?q?" * 10_000 + b"\n" + HEAD + b"\nx",
    "blank subject": b"Subject: " + b" " * 60_000 + b"x\n" + HEAD + b"\nx",
    "unclosed tags": HTML + b"<a " * 300_000, "comments": HTML + b"<!--" * 200_000, "attributes": HTML + b"<a href='" * 100_000,
    "cells": HTML + b"<td> </td>" * 100_000 + b"x", "inline": HTML + b"<b> </b>" * 100_000 + b"x", "nbsp": HTML + b"&nbsp;" * 160_000 + b"x",
    "parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 300_000,
    "guessed boundaries": HEAD + b"Content-Type: multipart/mixed; boundary=z\n\n" + (b"--" + b" " * 190 + b"\n") * 10_000,
    "attributions": PLAIN + b"\n\n" + b"On Mon 1 \n" * 100_000, "references": HEAD + b"References: " + b"<a " * 20_000 + b"\n\nx",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mail_is_read(name: str) -> None:
    assert isinstance(facts(HOSTILE[name]), tuple)


def test_deep_nesting_keeps_the_mail() -> None:
    assert mail(_nested(1000)).title == "s"


def test_mutated_mails_never_raise_and_keep_their_promises() -> None:
    dice = random.Random(20261125)
    seeds = [HEAD + b"\nOn 8 Jan 2024, Joe wrote:\n> x\n", HEAD + b"Content-Type: text/html; charset=utf-8\n\n<p>a<a href=x>b</a>"]
    if REAL.exists():
        seeds += [file.read_bytes()[:6000] for file in sorted(REAL.glob("*/*"))]
    bits = [b"\0", b"\n\n", b'"', b"<", b">", b"=?", b"?=", b"\xff", b"\r", b"--", b";", b":", b"@", b"=?x?b?////?=", b"(", b"%", b"*0*=", b"\\"]
    for turn in range(1500):
        raw = bytearray(dice.choice(seeds))
        for _ in range(dice.randint(1, 12)):
            at = dice.randrange(len(raw) + 1)
            raw[at : at + dice.choice((0, 0, 1, 8, 60))] = dice.choice((dice.choice(bits), dice.randbytes(3)))
        found = facts(bytes(raw), frozenset({"foo@example.com"}))
        assert found == facts(bytes(raw), frozenset({"foo@example.com"})), turn
        named = {fact.key for fact in found if isinstance(fact, Profile)}
        for fact in found:
            if isinstance(fact, Activity):
                assert {fact.actor, *(one.profile for one in fact.participants)} <= named, turn
                assert fact.published is None or fact.published.tzinfo is UTC
                (fact.text + fact.title + str(fact.extra) + str(fact.key)).encode("utf-8")


@pytest.mark.parametrize(("part", "named"), [
    ("Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nEND:VCALENDAR", ""),
    ('Content-Type: application/ms-tnef; name="winmail.dat"\nContent-Transfer-Encoding: base64\n\neJ8+Ig==', "winmail.dat"),
    ("Content-Type: application/pkcs7-signature; name=smime.p7s\nContent-Transfer-Encoding: base64\n\nMIIB", "smime.p7s"),
])  # fmt: skip
def test_invitations_winmail_and_signatures_leave_the_words_as_they_are(part: str, named: str) -> None:
    raw = HEAD + f"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nYou are invited\n--b\n{part}\n--b--\n".encode()
    assert (mail(raw).text, extra(mail(raw)).get("attachments", "")) == ("You are invited", named)
