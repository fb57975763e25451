"""What an export says of settings: what the user set, numbers of rules, watched words, what columns mean. See csv_tables."""

from __future__ import annotations

from relationdesk.store.csv_lines import Table, columns

SET_BY_USER = "NOT (s.name GLOB 'ui:*' OR s.name GLOB 'ledger:*' OR s.name = 'is_sample')"
"""The rest is of this computer and this desk: layout, how far a place may be asked, what can be undone."""

SETTINGS = Table(
    name="settings", part="settings", source=f"FROM settings s WHERE {SET_BY_USER}", order="s.name",
    columns=columns("""
        relationdesk_name | s.name
        value | s.value"""),
)  # fmt: skip
