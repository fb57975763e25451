"""Only web and mail are opened, and what is shown is where it really leads."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QDesktopServices

from relationdesk.ui.links import LinkDialog, check, shown_host
from relationdesk.ui.theme import Look


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "file:///etc/passwd",
        "data:text/html,<b>x</b>", "vbscript:x", "//host/share", "\\\\host\\share", "smb://host/x", "ftp://host/x", "", "   ",
        "https://", "http:///x", "https://a b.example/", "https://host.example\\@other.example/", "https://host:99999/",
        "https://host\u202e.example/", "http://[::1", "mailto:a@b.example,c@d.example", "mailto:nobody", "about:blank",
        "https://good.example%2eevil.example/", "https://good.example%00.evil.example/", "https://" + "a" * 3000 + ".example/",
    ],
)  # fmt: skip
def test_refuses(address: str) -> None:
    assert check(address) is None


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.example.org/a?b=c#d", "www.example.org"),
        ("HTTP://Example.ORG:8080/", "example.org:8080"),
        ("https://example.org:443/", "example.org"),
        ("https://good.example@evil.example/", "evil.example"),
        ("https://bücher.example/", "bücher.example"),
        ("https://xn--80ak6aa92e.example/", "xn--80ak6aa92e.example"),
        ("https://аррӏе.example/", "xn--80ak6aa92e.example"),
        ("mailto:ann@example.org?subject=x&attach=/etc/passwd", "ann@example.org"),
    ],
)
def test_shows_the_real_host(address: str, host: str) -> None:
    link = check(address)
    assert link is not None
    assert link.host == host


def test_mail_keeps_nothing_but_the_address() -> None:
    link = check("mailto:ann@example.org?attach=/etc/passwd")
    assert link is not None
    assert link.url == "mailto:ann@example.org"


def test_deceiving_addresses_are_doubted() -> None:
    for address in ("https://good.example@evil.example/", "https://аррӏе.example/"):
        link = check(address)
        assert link is not None
        assert link.doubt
    plain = check("https://example.org/")
    assert plain is not None
    assert not plain.doubt


def test_host_of_nothing_is_nothing() -> None:
    assert shown_host("") == ""
    assert shown_host("a..b") == ""


def test_dialog_opens_only_when_told(look: Look, qtbot, monkeypatch) -> None:
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    link = check("https://good.example@evil.example/")
    assert link is not None
    dialog = LinkDialog(look, link)
    qtbot.addWidget(dialog)
    dialog.open_beside()
    assert "evil.example" in dialog.windowTitle()
    assert opened == []
    dialog._on_open()
    assert opened == [link.url]
