"""Whether a question of *Who is this?* touches a key company: by whom it may be, the firm that a profile names, or its mail domain."""

from __future__ import annotations

from collections.abc import Iterable

from relationdesk.flip.traits import EVERYBODYS_HOSTS, firm, traits
from relationdesk.model import Person
from relationdesk.store import profiles
from relationdesk.store.database import Desk
from relationdesk.store.profiles import Stored


class KeyFirms:
    """The key companies of a desk, by their number, their names, and the mail domains of their people."""

    def __init__(self, db: Desk) -> None:
        self._db = db
        rows = db.execute("SELECT id, name FROM companies WHERE is_key = 1").fetchall()
        self._ids = frozenset(row[0] for row in rows)
        self._names = frozenset(firm(row[1]) for row in rows)
        self._hosts = frozenset(
            row[0]
            for row in db.execute(
                "SELECT DISTINCT substr(a.value, instr(a.value, '@') + 1) FROM addresses a JOIN profiles q ON q.id = a.profile_id JOIN people p "
                "ON p.id = q.person_id JOIN companies c ON c.id = p.company_id AND c.is_key = 1 WHERE a.kind = 'mail'"
            )
        ) - EVERYBODYS_HOSTS if rows else frozenset[str]()  # fmt: skip

    def waiting(self, settled: str) -> tuple[int, ...]:
        """Of nobody's profiles that wait, those that name a key company or have a mail address there, and those that have the name or an address of
        somebody at one."""
        if not self._ids:
            return ()
        named = [company for company in profiles.companies_waiting(self._db, settled) if firm(company) in self._names]
        return profiles.waiting_at(self._db, settled, self._ids, named, self._hosts)

    def touched_by(self, group: Iterable[Stored], people: Iterable[Person]) -> bool:
        """True if one of these people is at one, or one of these profiles says so."""
        if not self._ids:
            return False
        if any(person.company_id in self._ids for person in people):
            return True
        found = [traits(stored.profile) for stored in group]
        return any((one.firm and one.firm in self._names) or not self._hosts.isdisjoint(one.hosts) for one in found)
