"""People as rows: those who need attention first, then everybody else. Holds values, asks nobody, paints nothing.

What a row shows beyond the person (its third line) comes later and only for rows that are seen: `missing` names them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt

from relationdesk.model import Person
from relationdesk.saying import counted
from relationdesk.services.overview import Detail
from relationdesk.ui.when import ago

PERSON, DETAIL, SECTION = (int(Qt.ItemDataRole.UserRole) + n for n in range(1, 4))
_Index = QModelIndex | QPersistentModelIndex


class Section(NamedTuple):
    """A line above some rows: "NEEDS ATTENTION · 3"."""

    title: str
    number: int


Row = Person | Section


def touched(person: Person) -> datetime | None:
    """The newest sign between the two of us in either direction, None for never."""
    moments = [moment for moment in (person.last_in, person.last_out) if moment is not None]
    return max(moments, default=None)


class PeopleModel(QAbstractListModel):
    """Rows of people, with section lines between them if `sections` is asked for. GUI thread only."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._rows: list[Row] = []
        self._row_of: dict[int, int] = {}
        self._details: dict[int, Detail] = {}
        self._stale: set[int] = set()

    def set_people(self, people: Sequence[Person], *, sections: bool = False) -> None:
        """Show these, in this order. Where the same people stand in the same order, nothing moves."""
        rows: list[Row] = _sectioned(people) if sections else [*people]
        self._details = {p.id: d for p in people if (d := self._details.get(p.id)) is not None}
        if [_name_of(row) for row in rows] == [_name_of(row) for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self._row_of = {row.id: n for n, row in enumerate(rows) if isinstance(row, Person)}
        self.endResetModel()

    def set_details(self, details: Mapping[int, Detail]) -> None:
        """Third lines that were asked for, by person id."""
        for person_id, detail in details.items():
            row = self._row_of.get(person_id)
            if row is not None:
                self._details[person_id] = detail
                self._stale.discard(person_id)
                self.dataChanged.emit(self.index(row), self.index(row), [DETAIL])

    def forget_details(self, person_ids: Iterable[int] | None = None) -> None:
        """These third lines may be old (None: all): `missing` names them again, what is shown stays until newer come."""
        self._stale |= set(self._details) if person_ids is None else set(person_ids)

    def missing(self, first: int, last: int) -> tuple[int, ...]:
        """Person ids between two rows whose third line is not there yet."""
        rows = self._rows[max(0, first) : last + 1]
        known = self._details.keys() - self._stale
        return tuple(row.id for row in rows if isinstance(row, Person) and row.id not in known)

    def people(self) -> tuple[Person, ...]:
        """Everybody shown, in the order shown."""
        return tuple(row for row in self._rows if isinstance(row, Person))

    def person(self, index: _Index) -> Person | None:
        """Who stands in a row; None for a section line or no row."""
        row = self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None
        return row if isinstance(row, Person) else None

    def index_of(self, person_id: int) -> QModelIndex:
        """Where somebody stands; an invalid index if they are not shown."""
        row = self._row_of.get(person_id)
        return QModelIndex() if row is None else self.index(row)

    def section_rows(self) -> tuple[int, ...]:
        return tuple(n for n, row in enumerate(self._rows) if isinstance(row, Section))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if isinstance(self._rows[index.row()], Section):
            return Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if isinstance(row, Section):
            spoken = role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
            return row if role == SECTION else f"{row.title} · {row.number}" if spoken else None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == PERSON:
            return row
        if role == DETAIL:
            return self._details.get(row.id)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row)
        return None

    def _spoken(self, person: Person) -> str:
        """A row as a screen reader says it: name, firm, what waits, how long ago."""
        detail = self._details.get(person.id)
        line = (detail.prompt or detail.text) if detail else ""
        if not line and person.open_prompts:
            line = waits_text(person)
        parts = (person.name, person.company or person.title, line, ago(touched(person), self._clock()))
        return ", ".join(part for part in parts if part)


def waits_text(person: Person) -> str:
    """What a row says of somebody who waits, before the prompt itself is known."""
    return counted(person.open_prompts, "{n:,} reason to get in touch", "{n:,} reasons to get in touch")


def _name_of(row: Row) -> tuple[str, int]:
    return (row.title, row.number) if isinstance(row, Section) else ("", row.id)


def _sectioned(people: Sequence[Person]) -> list[Row]:
    need = [person for person in people if person.open_prompts]
    rest = [person for person in people if not person.open_prompts]
    if not need:
        return [*rest]
    rows: list[Row] = [Section(QCoreApplication.translate("People", "Needs attention"), len(need)), *need]
    if rest:
        rows += [Section(QCoreApplication.translate("People", "Up to date"), len(rest)), *rest]
    return rows
