"""A mail that some program keeps in fields of its own, as the RFC 5322 message it was: so that it is read by the rules of all mail,
and is the same Activity as when it comes from a mailbox or a server.

People of an Exchange server may have no mail address but a name in its directory ("/o=Acme/cn=Recipients/cn=ana"). In a
message they stand under a domain that nobody can have; `mail_message` makes profiles without an address of them.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from relationdesk.text import mail_address, one_line

DIRECTORY_DOMAIN = "directory.invalid"
"""Reserved (RFC 2606): no real address can end so."""
_LONGEST_LOCAL = 200
_NAMES: dict[str, str] = {"from": "From", "to": "To", "cc": "Cc", "bcc": "Bcc"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who sent or got a mail. address: as the program has it: a mail address, a name in a directory, or "". role: of the header."""

    role: Literal["from", "to", "cc", "bcc"]
    name: str = ""
    address: str = ""

    @property
    def mail(self) -> str:
        """The address that stands in the message; "" for whom only a name is known."""
        given = self.address.strip().strip("'\"")
        if found := mail_address(given):
            return found
        if not given.startswith("/") or "=" not in given:
            return mail_address(self.name) if "@" in self.name else ""
        local = re.sub(r"[^a-z0-9=/-]", lambda found: f"_{ord(found[0]):x}", given.strip("/").lower())
        if len(local) > _LONGEST_LOCAL:
            local = hashlib.sha256(local.encode()).hexdigest()[:40]
        return f"{local}@{DIRECTORY_DOMAIN}"


def built(parties: Iterable[Party], headers: Iterable[tuple[str, str]], text: str, *, html: bool = False, attachments: Iterable[str] = ()) -> bytes:
    """The message. headers: besides those of people, values without line breaks are kept, the others and empty ones left out."""
    by_role: dict[str, list[str]] = {}
    for one in parties:
        if address := one.mail:
            by_role.setdefault(one.role, []).append(f"{_word(one.name)} <{address}>" if one.name else f"<{address}>")
    lines = [f"{_NAMES[role]}: {', '.join(found)}" for role, found in by_role.items()]
    lines += [f"{name}: {_value(value)}" for name, value in headers if value and "\n" not in value]
    return assembled("\n".join(lines), text, html=html, attachments=attachments)


def assembled(head: str, text: str, *, html: bool = False, attachments: Iterable[str] = ()) -> bytes:
    """A message of these header lines, which say nothing of its content, and of a text with the names of what was attached."""
    kind = f"Content-Type: text/{'html' if html else 'plain'}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    body = text.replace("\r\n", "\n").replace("\r", "\n")
    names = [found for name in attachments if (found := one_line(name, 150))]
    if not names:
        return f"{head}\n{kind}{body}".encode("utf-8", "replace")
    edge = hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()[:32]
    parts = [f"{kind}{body}", *(f'Content-Type: application/octet-stream; name="{_word(name)}"\nContent-Disposition: attachment\n\n' for name in names)]
    whole = "".join(f"\n--{edge}\n{part}" for part in parts)
    return f'{head}\nContent-Type: multipart/mixed; boundary="{edge}"\n{whole}\n--{edge}--\n'.encode("utf-8", "replace")


def _word(text: str) -> str:
    """Words as any header takes them: whatever stands in them, it is no mark of the header."""
    return f"=?utf-8?b?{base64.b64encode(one_line(text, 200).encode('utf-8', 'replace')).decode()}?="


def _value(text: str) -> str:
    plain = one_line(text, 2_000)
    return plain if plain.isascii() and "=?" not in plain else _word(plain)
