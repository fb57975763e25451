"""The history of decisions in an export of everything, and its way back, so that what was decided can be taken back in the new desk, too.

Decisions name rows by their numbers, so an export says of each row that they can mean which number it had (`relationdesk_row`), and the
rows of the empty desk that it is brought into get the same. See csv_tables.
"""

from __future__ import annotations

import json

from relationdesk.store.csv_lines import Table, columns
from relationdesk.store.csv_settings import SET_BY_USER
from relationdesk.store.database import Desk
from relationdesk.store.decision import TABLES

_LOGINS = ("logins", "streams", "login_senders")
"""No export holds them, so what was decided about them is left out, too."""
_WORDS = ("captures", "outbox", "routes")
"""What was decided about these may hold private words: without them, all of it is left out."""

_ROW = f"r.tbl NOT IN {_LOGINS}"
_TOLD = (
    f"NOT EXISTS (SELECT 1 FROM decision_rows w WHERE w.decision_id = d.id AND w.tbl IN {_WORDS} AND NOT (SELECT {{seen}} FROM (SELECT 2 AS audience) a)) "
    f"AND (NOT EXISTS (SELECT 1 FROM decision_rows w WHERE w.decision_id = d.id) OR EXISTS (SELECT 1 FROM decision_rows r WHERE r.decision_id = d.id AND {_ROW}))"
)


def _state(column: str) -> str:
    """The batch that brought a row is in no export."""
    return f"iif(json_type({column}, '$.batch_id') = 'integer', json_replace({column}, '$.batch_id', NULL), {column})"


PLACES = Table(
    name="places", part="decisions", source="FROM places l", order="l.id", columns=columns("""
        relationdesk_row | l.id | whole
        place | l.name"""),
)  # fmt: skip
DECISIONS = (
    Table(
        name="decisions", part="decisions", source=f"FROM decisions d WHERE {_TOLD}", order="d.id",
        columns=columns("""
            relationdesk_row | d.id | whole
            at | d.at | time
            kind | d.kind
            sentence | d.sentence
            undone_at | d.undone_at | time"""),
    ),
    Table(
        name="decision_rows", part="decisions", order="r.decision_id, r.n",
        source=f"FROM decision_rows r JOIN decisions d ON d.id = r.decision_id WHERE {_ROW} AND {_TOLD}",
        columns=columns(f"""
            relationdesk_decision | r.decision_id | whole
            n | r.n | whole
            tbl | r.tbl
            key | r.key
            before | {_state("r.before")}
            after | {_state("r.after")}"""),
    ),
    Table(
        name="compounds", part="decisions", order="c.decision_id",
        source=f"FROM compounds c JOIN decisions d ON d.id = c.decision_id WHERE {_TOLD}",
        columns=columns("""
            relationdesk_decision | c.decision_id | whole
            told | c.told"""),
    ),
)  # fmt: skip

INSERTS = {
    "places": "INSERT INTO places(id, name) VALUES (:relationdesk_row, :place)",
    "decisions": "INSERT INTO decisions(id, at, kind, sentence, undone_at) VALUES (:relationdesk_row, :at, :kind, :sentence, :undone_at)",
    "decision_rows": "INSERT INTO decision_rows(decision_id, n, tbl, key, before, after) VALUES (:relationdesk_decision, :n, :tbl, :key, :before, :after)",
    "compounds": "INSERT INTO compounds(decision_id, told) VALUES (:relationdesk_decision, :told)",
}
OF_DECISIONS = ("decisions", "decision_rows", "compounds")


def check(db: Desk, name: str, values: dict[str, object]) -> None:
    """Raises ValueError for what no decision writes: its rows become names of columns and values of them once it is taken back."""
    if name == "compounds" and not isinstance(json.loads(str(values["told"])), dict):
        raise ValueError("a decision was told nothing")
    if name != "decision_rows":
        return
    table = str(values["tbl"])
    values["before"], values["after"] = values["before"] or None, values["after"] or None
    states = [json.loads(str(values[state])) for state in ("key", "before", "after") if values[state] is not None]
    if table not in TABLES or table in _LOGINS:
        raise ValueError(f"no decision changes {table}")
    there = {row[0] for row in db.execute("SELECT name FROM pragma_table_info(?)", (table,))}
    for state in states:
        if not isinstance(state, dict) or not there.issuperset(state) or any(isinstance(value, dict | list) for value in state.values()):
            raise ValueError(f"a decision names what is not in {table}")
    if table == "settings" and not db.execute(f"SELECT {SET_BY_USER} FROM (SELECT ? AS name) s", (states[0].get("name"),)).fetchone()[0]:
        raise ValueError("a decision names a setting that is of another computer")
