"""Large imports in bounded memory: measured in a process of its own, brought in twice, and taken out to the last row."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="memory is measured on Unix only")]

ROWS, MESSAGES, MOST_MB = 10_000, 20_000, 100
"""The product allows itself 300 MB over the start, for any size."""

CHILD = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from relationdesk.services import import_undo, importing
from relationdesk.store.database import close_desk, open_desk
from tests.facts import state
from tests.memory import most_mb

now, file, known = datetime(2026, 11, 20, tzinfo=UTC), Path(sys.argv[1]), Path(sys.argv[2])
db = open_desk(file.parent / "desk")
importing.import_now(db, known, now=now)
before = state(db)
start = most_mb()
counts = [importing.import_now(db, file, now=now)[1].counts for _ in range(2)]
grown = most_mb() - start
for _ in range(2):
    import_undo.undo(db, now)
same = state(db) == before
close_desk(db)
print(json.dumps({"mb": grown, "same": same, "new": [[c.new_profiles, c.new_activities, c.changed] for c in counts]}))
"""


def table(path: Path) -> list[int]:
    with path.open("w") as file:
        file.write("First Name,Last Name,Email,Phone,Company,Notes\n")
        file.writelines(f'P{n},Example{n % 977},p{n}@firm{n % 400}.example,+47 22 {n:06},Firm {n % 400},"note {n}"\n' for n in range(ROWS))
    return [ROWS, 0]


def archive(path: Path) -> list[int]:
    me = "Sam Seller,https://www.linkedin.com/in/sam-seller"
    rows = []
    for n in range(MESSAGES):
        peer = f"Person {n % 463},https://www.linkedin.com/in/person-{n % 463}"
        ends = f"{me},{peer}" if n % 2 else f"{peer},{me}"
        rows.append(f'c{n % 463},,{ends},{2000 + n // 1000}-{n % 12 + 1:02}-{n % 28 + 1:02} 10:{n % 60:02}:00 UTC,,"line {n}\n{"words " * 60}",INBOX\n')
    header = "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER\n"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("Profile.csv", "First Name,Last Name,Headline\nSam,Seller,Sales\n")
        made.writestr("messages.csv", header + "".join(rows))
    return [464, MESSAGES]


@pytest.mark.parametrize("make", [table, archive])
def test_a_large_import_is_small_in_memory_once_and_undone_to_the_last_row(tmp_path: Path, make: Callable[[Path], list[int]]) -> None:
    new = make(tmp_path / "large")
    (tmp_path / "known.csv").write_text("Name,Email\nAnn Known,ann@known.example\nP3 Example3,elsewhere@firm3.example\n")
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path / "large"), str(tmp_path / "known.csv")], capture_output=True, text=True, check=False,
        cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["new"] == [[*new, 0], [0, 0, 0]]
    assert found["same"] and found["mb"] < MOST_MB, found
