"""`python -m bench [--quick] [--rows page,search,…]`: measure, print, write docs/performance.md, exit 1 on a missed goal.

With --rows only these lines of the table are replaced; --quick writes nothing.
"""

from __future__ import annotations

import argparse
import shutil
import sys

from bench import data, report
from bench.importing import IMPORTING
from bench.measure import Row
from bench.reading import FILES
from bench.rows import READING
from bench.window import WINDOW
from bench.writing import WRITING
from relationdesk.store import database


def main() -> int:
    """Run the chosen rows and write what was measured on the full desk into docs/performance.md."""
    names = [*READING, *WRITING, *FILES, *IMPORTING, *WINDOW]
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures the desk against its floors.")
    parser.add_argument("--quick", action="store_true", help="a small desk; shows that the rows work, proves no goal")
    parser.add_argument("--rows", default="", help="only these, with commas: " + ", ".join(names))
    chosen = parser.parse_args()
    wanted = [name for name in chosen.rows.split(",") if name] or names
    if unknown := set(wanted) - set(names):
        parser.error("no such rows: " + ", ".join(sorted(unknown)))
    size = data.QUICK if chosen.quick else data.FULL
    folder = data.copy_of(size, "at-work")
    db = database.connect(folder / database.DESK_FILE)
    rows: list[Row] = []
    try:
        for name in names:
            if name in wanted:
                in_folder = {**FILES, **IMPORTING, **WINDOW}
                measured = in_folder[name](folder) if name in in_folder else {**READING, **WRITING}[name](db)
                rows += measured
                print(report.table(measured).partition("|---|---|---|---|---|---|\n")[2], flush=True)
    finally:
        db.close()
        shutil.rmtree(folder, ignore_errors=True)
    if not chosen.quick:
        sizes = f"{size.people:,} people, {size.profiles:,} profiles, {size.activities:,} activities"
        report.write(sizes, rows, whole=not chosen.rows)
    missed = [row.name for row in rows if row.missed]
    print(f"{len(rows)} rows, {len(missed)} missed" + "".join(f"\n  missed: {name}" for name in missed))
    return 1 if missed and not chosen.quick else 0


if __name__ == "__main__":
    sys.exit(main())
