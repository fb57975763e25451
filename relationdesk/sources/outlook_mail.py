"""Mails that Outlook saved as a table (CSV). It leaves out when they were sent and their ids, so their time is unknown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Literal

from relationdesk.errors import UnreadableFile
from relationdesk.model import Fact, Progress, Rejected
from relationdesk.saying import marked, say
from relationdesk.sources.base import Options, Recognised
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.mail_building import DIRECTORY_DOMAIN, Party, built
from relationdesk.sources.mail_headers import split
from relationdesk.sources.mail_message import PLACE
from relationdesk.sources.mail_owner import LOOKED_AT, own_addresses, owner
from relationdesk.sources.mail_pass import MailPass, left_out
from relationdesk.sources.open_tables import Table, rows_of, table_in, whole
from relationdesk.sources.outlook_columns import is_mail_word, mail_columns
from relationdesk.sources.seen import Seen
from relationdesk.sources.tables import Row

_PROGRESS_EVERY = 500
_MOST_PEOPLE = 500
_ROLES: tuple[Literal["from", "to", "cc", "bcc"], ...] = ("from", "to", "cc", "bcc")


class OutlookMail:
    """FileSource. Whose mails they are: as for any mailbox."""

    name = "outlook_mail"
    title = marked("Outlook mails (CSV)")
    place = PLACE

    def recognise(self, path: Path) -> Recognised | None:
        try:
            with open_container(path) as box:
                found = _mails(box)
                if found is None:
                    return None
                whose = _owner(box, found)
        except (UnreadableFile, OSError):
            return None
        return Recognised(format=self.name, title=self.title, place=self.place, certainty=0.93 if box.single else 0.5, owner=whose)

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """As a mailbox. Raises UnreadableFile if no such table is in it."""
        with open_container(path) as box:
            found = _mails(box)
            if found is None:
                raise UnreadableFile(say("“{name}” is no list of mails that Outlook saved. Nothing was brought in. Choose its own format.", name=path.name), source=self.name)
            one = MailPass(options.mine | (own_addresses(options.me) or own_addresses(_owner(box, found))), datetime.now(UTC))
            yield from one.owner()
            total, seen = box.size(found.table.member), Seen()
            for count, (row, done) in enumerate(rows_of(box, found.table), start=1):
                yield from (row,) if isinstance(row, Rejected) else one.mail(found.raw(row, seen), f"{found.table.label} line {row.line}")
                if count % _PROGRESS_EVERY == 0:
                    yield Progress(done=done, total=total)
            if one.noise:
                yield Rejected(where=path.name, reason=left_out(one.noise))
            yield Rejected(where=path.name, reason=say(_NO_DATES))
            yield Progress(done=total, total=total)


_NO_DATES = marked("Outlook writes no dates into such a table, so the mails have none. For their times bring in the data file (.pst), or the mails themselves, instead.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mails:
    """A table and where its fields stand."""

    table: Table
    columns: Mapping[str, int]

    def raw(self, row: Row, seen: Seen | None = None) -> bytes:
        """The mail of a row, as it may have been. seen: the rows before; the second of two that are equal gets an id of its own."""
        parties = [party for role in _ROLES for party in self._parties(row, role)]
        again = "\x1f".join(row.values)
        number = seen.count(again) if seen else 1
        id_ = f"<{number}.{hashlib.sha256(again.encode('utf-8', 'replace')).hexdigest()[:32]}@{DIRECTORY_DOMAIN}>" if number > 1 else ""
        return built(parties, [("Subject", self._cell(row, "subject")), ("Message-ID", id_)], self._cell(row, "body"))

    def _cell(self, row: Row, name: str) -> str:
        place = self.columns.get(name)
        return "" if place is None else row.values[place].strip()

    def _parties(self, row: Row, role: Literal["from", "to", "cc", "bcc"]) -> list[Party]:
        """Names and addresses are two lists in one order; where they are not equally long, nobody knows whose name is whose."""
        addresses = _parted(self._cell(row, f"{role} address"))
        names = _parted(self._cell(row, f"{role} name"))
        if len(names) != len(addresses):
            names = [""] * len(addresses) if addresses else names
        return [Party(role=role, name=name, address=address) for name, address in zip(names, addresses or [""] * len(names), strict=True)]


def _parted(cell: str) -> list[str]:
    return [part.strip() for part in cell[:100_000].split(";")[:_MOST_PEOPLE] if part.strip()]


def _mails(box: Container) -> _Mails | None:
    """The mails of a file, or the only table of a folder or zip."""
    names = box.names() if box.single else [name for name in box.names() if name.lower().endswith(".csv")]
    table = table_in(box, names[0], is_mail_word) if len(names) == 1 else None
    columns = mail_columns(table.header) if table else None
    return _Mails(table=whole(box, table), columns=columns) if table and columns else None


def _owner(box: Container, found: _Mails) -> str:
    rows = (row for row, _ in rows_of(box, found.table) if isinstance(row, Row))
    return owner((split(found.raw(row))[0], False) for row in islice(rows, LOOKED_AT))
