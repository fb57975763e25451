"""Which server is meant by what is typed; nobody is asked."""

from __future__ import annotations

import pytest

from relationdesk.errors import UserMistake
from relationdesk.sources.imap_servers import app_password, mailbox


@pytest.mark.parametrize(
    ("typed", "user", "address"),
    [
        ("Joe@Gmail.com", "joe@gmail.com", "imaps://imap.gmail.com:993"),
        (" joe@me.com ", "joe@me.com", "imaps://imap.mail.me.com:993"),
        ("joe@firm.example imap.firm.example", "joe@firm.example", "imaps://imap.firm.example:993"),
        ("joe@firm.example imap.firm.example:143", "joe@firm.example", "imap://imap.firm.example:143"),
        ("joe@firm.example@imap.firm.example:993", "joe@firm.example", "imaps://imap.firm.example:993"),
        ("joe@firm.example@imap://127.0.0.1:1143", "joe@firm.example", "imap://127.0.0.1:1143"),
        ("joe@firm.example imaps://[::1]:9993", "joe@firm.example", "imaps://[::1]:9993"),
        ("joe imap.firm.example", "joe", "imaps://imap.firm.example:993"),
    ],
)
def test_what_is_typed(typed: str, user: str, address: str) -> None:
    assert mailbox(typed) == (user, address)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "not a mail address"), ("imap.firm.example", "not a mail address"), ("joe@firm.example", "IMAP server"),
        ("joe@outlook.com", "Microsoft"), ("joe@hotmail.co.uk", "Microsoft"), ("joe@firm.example outlook.office365.com", "Microsoft"),
        ("joe@proton.me", "Proton"), ("joe@firm.example https://firm.example", "mail server"), ("joe@firm.example a/b", "mail server"),
        ("joe@firm.example imap.firm.example:99999", "mail server"), ("joe@firm.example imap://u:p@firm.example", "mail server"),
    ],
)  # fmt: skip
def test_what_cannot_be_says_what_to_do(typed: str, why: str) -> None:
    with pytest.raises(UserMistake, match=why) as told:
        mailbox(typed)
    assert "Nothing was changed" in str(told.value)


def test_app_passwords_of_google_are_shown_in_groups() -> None:
    assert app_password("imaps://imap.gmail.com:993", "abcd efgh ijkl mnop") == "abcdefghijklmnop"
    assert app_password("imaps://imap.firm.example:993", "abcd efgh ijkl mnop") == "abcd efgh ijkl mnop"
