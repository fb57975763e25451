"""Addresses from outside: only web and mail are ever opened, and the host that is really behind them is shown first.

`check` is pure. A name that mixes scripts, or that only looks like Latin, is shown as the punycode the network sees
(trust.md, F3): "аррӏе.example" is not "apple.example".
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel

SCHEMES = frozenset({"http", "https", "mailto"})
LONGEST = 2000
_IN_HOSTS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_:")
"""After an escape ("%2e") two readers of an address see two hosts."""


def tr(text: str) -> str:
    return QCoreApplication.translate("Links", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address that may be opened. host: as shown, punycode where the letters could deceive; for mail the address.

    doubt: a sentence about what is odd, "" for nothing.
    """

    url: str
    host: str
    scheme: str
    doubt: str = ""


def check(address: str) -> Link | None:
    """The link behind an address, or None if it must not be opened: another scheme, no host, control characters."""
    address = address.strip()
    if not address or len(address) > LONGEST or any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") for c in address):
        return None
    if "\\" in address or any(c.isspace() for c in address):
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in SCHEMES:
        return None
    if scheme == "mailto":
        mail = unquote(parts.path)
        if mail.count("@") != 1 or parts.netloc or any(c in mail for c in "\r\n,;<>"):
            return None
        # Anything behind the address (a subject, a body, an attachment) is the sender's wish, not the user's.
        return Link(url=f"mailto:{parts.path}", host=mail, scheme=scheme)
    host = shown_host(parts.hostname or "")
    if not host:
        return None
    doubt = ""
    if parts.username is not None:
        doubt = tr("The name before the @ in this address is not where it leads.")
    elif host.startswith("xn--") or ".xn--" in host:
        doubt = tr("The letters of this name can be mistaken for others.")
    shown = f"{host}:{port}" if port and port != {"http": 80, "https": 443}[scheme] else host
    return Link(url=address, host=shown, scheme=scheme, doubt=doubt)


def shown_host(host: str) -> str:
    """A host as the user may read it; "" if it is none. Only plain Latin letters are shown as they are."""
    try:
        plain = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    if not plain or plain.startswith(".") or ".." in plain or set(plain) - _IN_HOSTS:
        return ""
    return ".".join(_label(label) for label in plain.split("."))


def _label(label: str) -> str:
    """One part of a host: decoded where it is one script that is not Latin's double, punycode otherwise."""
    if not label.startswith("xn--"):
        return label
    try:
        decoded = label.encode("ascii").decode("idna")
    except UnicodeError:
        return label
    scripts = {unicodedata.name(c, "?").split()[0] for c in decoded if c.isalpha()}
    return decoded if scripts == {"LATIN"} else label


def refused_sentence() -> str:
    return tr("This address was not opened: only web pages and mail addresses are. Nothing else happened.")


def leave(address: str) -> bool:
    """Hand an address to the browser or the mail program; False where the system has none. Only after its host was shown, or for a mail
    that the user wrote."""
    return QDesktopServices.openUrl(QUrl.fromEncoded(address.encode("ascii"), QUrl.ParsingMode.StrictMode) if address.isascii() else QUrl(address))


class LinkDialog(DialogFrame):
    """Shows where a link really leads, before it leaves the desk."""

    def __init__(self, look: Look, link: Link, parent: QWidget | None = None) -> None:
        mail = link.scheme == "mailto"
        title = tr("Write to {host}?").format(host=link.host) if mail else tr("Open {host}?").format(host=link.host)
        super().__init__(look, title, width=480, parent=parent)
        self.link = link
        program = tr("Your mail program opens.") if mail else tr("Your browser opens this page; its owner can see that.")
        self.body.addWidget(PlainLabel(look, program, tone="text2", wrap=True))
        self.body.addWidget(ParagraphLabel(look, link.url, role="small", tone="text3", max_lines=3))
        if link.doubt:
            self.body.addWidget(PlainLabel(look, link.doubt, tone="danger", wrap=True))
        self.add_button(tr("Copy address"), self._on_copy, first=True)
        self.add_button(tr("Stay here"))
        self.add_button(tr("Write") if mail else tr("Open"), self._on_open, style="primary", default=not link.doubt)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.link.url)
        self.accept()

    def _on_open(self) -> None:
        self.accept()
        leave(self.link.url)
