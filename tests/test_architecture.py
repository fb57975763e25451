"""The walls of the house: who may import whom, and what only one file may touch. Broken here, they are a ring tomorrow."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "relationdesk"
FILES = sorted(PACKAGE.rglob("*.py"))

EVERYBODY = {"model", "derived", "wishes", "life_days", "outgoing", "errors", "troubles", "text", "markup", "lengths", "money", "saying", "__version__"}
MAY = {
    "model": {"troubles"},
    "derived": {"model", "outgoing"},
    "wishes": {"model"},
    "life_days": {"model", "text"},
    "outgoing": {"model"},
    "errors": {"troubles"},
    "troubles": set(),
    "saying": set(),
    "text": {"saying"},
    "markup": {"text"},
    "lengths": set(),
    "money": {"errors", "saying"},
    "sources": EVERYBODY | {"sources"},
    "store": EVERYBODY | {"store"},
    "flip": EVERYBODY | {"flip"},
    "prompts": EVERYBODY | {"prompts"},
    "engage": EVERYBODY | {"engage"},
    "services": EVERYBODY | {"services", "store", "sources", "flip", "prompts", "engage", "resources"},
    "ui": EVERYBODY | {"ui", "services", "store", "sources", "flip", "prompts", "engage"},
    "cli": EVERYBODY | {"cli", "services", "store", "sources", "app"},
}
"""Layer → the parts of the house it may name. app, window, studio, its pictures and __main__ put it together and see all."""

TOP = {"app", "__main__", "__init__", "window", "studio", "picture", "picture_dialogs", "looking_at"}
OUTSIDE = {
    "model": set(), "derived": set(), "wishes": set(), "life_days": set(), "outgoing": set(), "errors": set(), "troubles": set(), "text": set(), "flip": set(), "prompts": set(),
    "engage": set(), "lengths": set(), "money": set(), "saying": set(),
    "store": {"sqlite_utils"}, "sources": {"httpx", "httpcore"}, "services": {"keyring"},
    "ui": {"PySide6", "apscheduler", "tzlocal", "jeepney"}, "cli": {"click"},
}  # fmt: skip
"""Layer → libraries it may use."""

ONLY = {
    "keyring": {"services/key_store.py"},
    "apscheduler": {"ui/schedule.py"},
    "jeepney": {"ui/notifications.py"},
    "sqlite_utils": {"store/database.py", "store/migrations.py", "store/migrations_later.py", "store/migrations_latest.py"},
    "threading": {"ui/tasks.py", "store/writer_turns.py", "sources/door_log.py"},  # a queue of writers and a lock round a count start nothing
    "concurrent": {"ui/tasks.py"},
    "multiprocessing": set(),
    "ssl": {"sources/door.py", "sources/door_wire.py"},
    "socket": {"sources/door.py", "sources/door_wire.py", "sources/door_addresses.py", "sources/door_callback.py"},
    "imaplib": set(),  # reads whatever a server announces into memory
    "sqlite3": {"store/database.py", "store/migrations.py", "store/reverting.py", "store/unwinding.py", "store/erasing.py", "store/faults.py"},
}
"""Module → the only files that may import it."""



def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> set[str]:
    """Full names of everything a file imports, also inside functions and under TYPE_CHECKING."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)} line {node.lineno}: imports are written in full"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def ours(path: Path) -> set[str]:
    return {wanted.split(".")[1] for wanted in imports(path) if wanted.startswith("relationdesk.") and "." in wanted}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_layers_import_only_what_lies_below_them(path: Path) -> None:
    if layer(path) in TOP:
        return
    wrong = ours(path) - MAY[layer(path)]
    assert not wrong, f"{name(path)} may not import {wrong}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_libraries_stay_in_their_layer(path: Path) -> None:
    allowed = OUTSIDE.get(layer(path))
    if allowed is None:
        return
    libraries = {"httpx", "httpcore", "sqlite_utils", "keyring", "PySide6", "apscheduler", "click", "tzlocal"}
    used = {wanted.split(".")[0] for wanted in imports(path)} & libraries
    assert used <= allowed, f"{name(path)} may not use {used - allowed}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_one_file_each_for_what_is_dangerous(path: Path) -> None:
    for module, allowed in ONLY.items():
        if module in {wanted.split(".")[0] for wanted in imports(path)}:
            assert name(path) in allowed, f"{name(path)} imports {module}"
    if {wanted.split(".")[0] for wanted in imports(path)} & {"httpx", "httpcore"}:
        assert re.fullmatch(r"sources/(door\w*|replay)\.py", name(path)), f"{name(path)} talks to the network"


def test_only_the_database_module_opens_connections() -> None:
    for path in FILES:
        opens = [
            node.lineno for node in ast.walk(tree(path))
            if isinstance(node, ast.Attribute) and node.attr == "connect" and isinstance(node.value, ast.Name) and node.value.id == "sqlite3"
        ]  # fmt: skip
        assert not opens or name(path) == "store/database.py", f"{name(path)} opens a connection in line {opens}"


def test_the_window_never_holds_a_connection() -> None:
    for path in FILES:
        if layer(path) == "ui" and name(path) != "ui/tasks.py":
            wrong = {i for i in imports(path) if i.startswith("relationdesk.store.database")}
            assert not wrong, f"{name(path)} imports {wrong}"


def test_threads_start_in_one_file() -> None:
    starters = {"QThread", "QThreadPool", "QRunnable", "QtConcurrent", "ThreadPoolExecutor", "Thread", "Timer"}
    for path in FILES:
        if name(path) == "ui/tasks.py":
            continue
        used = {wanted.rsplit(".", 1)[-1] for wanted in imports(path)} & starters
        assert not used, f"{name(path)} starts threads by {used}"


def test_nobody_sees_those_who_put_the_house_together() -> None:
    for path in FILES:
        if layer(path) not in TOP | {"cli"}:
            assert not ours(path) & TOP, f"{name(path)} imports {ours(path) & TOP}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_module_says_why_it_exists(path: Path) -> None:
    if path.name == "__init__.py" and not path.read_text(encoding="utf-8").strip():
        return
    words = ast.get_docstring(tree(path)) or ""
    assert len(words.split()) >= 4, f"{name(path)} has no docstring that says why it exists"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_file_is_a_monster(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= 400, f"{name(path)} has {lines} lines: split it"


def test_imports_stand_at_the_top_or_cost_too_much() -> None:
    """A late import is allowed for what is dear to load; one of our own light modules has no such reason."""
    light = ("relationdesk.model", "relationdesk.derived", "relationdesk.errors", "relationdesk.text", "relationdesk.store.caches")
    for path in FILES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for inner in ast.walk(node):
                    if isinstance(inner, ast.ImportFrom) and f"{inner.module}.{inner.names[0].name}".startswith(light):
                        raise AssertionError(f"{name(path)} line {inner.lineno}: import at the top")


ACCOUNT_ALLOWED = {
    "sources/csv_columns.py": "Account Name: column of Salesforce exports",
    "sources/csv_contacts.py": "Account Name: column of Salesforce exports",
    "sources/crm_layouts.py": "columns of Salesforce and Zoho",
    "sources/mastodon.py": "JSON keys and paths of the Mastodon API",
    "sources/mastodon_facts.py": "JSON keys and paths of the Mastodon API",
    "sources/mastodon_reading.py": "JSON keys and paths of the Mastodon API",
    "sources/mastodon_followed.py": "paths of the Mastodon API", "sources/mastodon_circles.py": "paths of the Mastodon API",
    "sources/github_reading.py": "a path of the GitHub API",
    "sources/salesforce_objects.py": "what Salesforce calls a company",
    "sources/hubspot_reading.py": "a path of the HubSpot API",
    "sources/mastodon_sending.py": "paths of the Mastodon API", "sources/mastodon_sign_in.py": "rights of the Mastodon API",
    "sources/mastodon_lists.py": "a column of Mastodon's tables",
    "sources/stackexchange.py": "a field of the Stack Exchange API", "sources/stackexchange_facts.py": "a field of the Stack Exchange API",
    "sources/signal_export.py": "a record of Signal's export",
    "sources/handle_pages.py": "an address of Instagram's own",
    "sources/elsewhere.py": "file and column names of other exports", "sources/linkedin_words.py": "file and column names of LinkedIn archives",
    "sources/monica_items.py": "a field of Monica's export",
    "sources/meta_files.py": "a folder of Instagram's exports",
    "sources/x_files.py": "a file of X archives", "sources/x_owner.py": "a file of X archives",
    "services/sample_input.py": "paths of the Mastodon API",
    "text.py": "local part of role mailboxes, accounts@",
}
"""Files in which foreign formats spell the word, and why. Only in text, never as a name of ours."""


def test_the_word_for_customer_and_login_does_not_occur() -> None:
    bare = re.compile(r"(?<![a-z])accounts?(?![a-z])", re.IGNORECASE)
    for path in FILES:
        for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
            if not bare.search(token.string.replace("_", " ")):
                continue
            where = f"{name(path)} line {token.start[0]}: {token.string[:60]}"
            assert name(path) in ACCOUNT_ALLOWED, where
            if token.type == tokenize.NAME:
                raise AssertionError(where)


def test_the_pure_layers_ask_for_no_time_and_no_file() -> None:
    for path in FILES:
        if layer(path) in ("flip", "prompts"):
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.Attribute):
                    assert node.attr not in ("now", "today", "utcnow"), f"{name(path)} line {node.lineno} asks for the time"
                assert not (isinstance(node, ast.Name) and node.id == "open"), f"{name(path)} opens a file"


def test_one_file_says_where_the_reference_material_lies() -> None:
    """Counted from each file by itself it was looked for at the wrong height, and the official schemas were never asked."""
    tests = Path(__file__).parent
    assert [path.name for path in tests.rglob("*.py") if re.search(r"parents\[\d\]\s*/\s*\"shared\"", path.read_text(encoding="utf-8"))] == []
