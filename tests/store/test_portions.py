"""Writing happens in short transactions, long reading outside of them, and what is done before an end stays."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from relationdesk.store import database, portions
from relationdesk.store.database import Desk, open_memory
from relationdesk.store.portions import Pace, Step, Watch, some_of


class Clock:
    """Time as the work says that it goes by."""

    def __init__(self) -> None:
        self.now = 100.0

    def perf_counter(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(portions, "time", made)
    return made


def written(db: Desk, clock: Clock, rows: int, each: float, reads: tuple[int, ...] = ()) -> Iterator[Step]:
    """So many rows, each of which takes that long; before some of them something is read."""
    for n in range(rows):
        if n in reads:
            yield Step.READ
            assert not db.in_transaction
        yield Step.WRITE
        assert db.in_transaction
        db.execute("INSERT INTO settings VALUES (?, '')", (f"{n:04}",))
        clock.now += each


def played(db: Desk, clock: Clock, rows: int, each: float, reads: tuple[int, ...] = ()) -> list[int]:
    """How many rows were there after each transaction."""
    seen: list[int] = []

    def between() -> None:
        assert not db.in_transaction
        seen.append(db.execute("SELECT count(*) FROM settings").fetchone()[0])

    portions.in_portions(db, written(db, clock, rows, each, reads), between=between)
    return seen


def sizes(seen: list[int]) -> list[int]:
    return [after - before for before, after in pairwise(seen) if after > before]


def test_no_transaction_is_longer_than_it_may_be(clock: Clock) -> None:
    found = sizes(played(open_memory(), clock, 1000, 0.001))
    assert max(found) * 0.001 <= portions.TRANSACTION + 0.001
    assert found[-2] * 0.001 > portions.TRANSACTION * 0.8, "and soon nearly as long"


def test_slow_work_is_cut_finer(clock: Clock) -> None:
    assert set(sizes(played(open_memory(), clock, 40, 0.2))) == {1}


def test_reading_ends_the_transaction(clock: Clock) -> None:
    assert played(open_memory(), clock, 9, 0.0, reads=(3, 6)) == [0, 3, 3, 6, 6]


def test_what_was_done_before_an_end_stays_and_the_last_transaction_does_not(clock: Clock) -> None:
    db = open_memory()

    def steps() -> Iterator[Step]:
        yield from written(db, clock, 3, 1.0)
        yield Step.WRITE
        db.execute("INSERT INTO settings VALUES ('half', '')")
        raise KeyError("our fault")

    with pytest.raises(KeyError):
        portions.in_portions(db, steps())
    assert [row[0] for row in db.execute("SELECT name FROM settings")] == ["0000", "0001", "0002"]
    assert not db.in_transaction


def test_as_one_whole_it_is_one_transaction_after_what_is_read_first(clock: Clock) -> None:
    db = open_memory()

    def steps() -> Iterator[Step]:
        yield Step.READ
        assert not db.in_transaction
        yield Step.WRITE
        db.execute("INSERT INTO settings VALUES ('a', '')")
        yield Step.READ
        assert db.in_transaction
        raise KeyError("our fault")

    with pytest.raises(KeyError):
        portions.whole(db, steps())
    assert db.execute("SELECT count(*) FROM settings").fetchone() == (0,)


@pytest.mark.parametrize(("each", "size"), [(0.001, 60), (0.0001, 600), (0.5, 1)])
def test_a_piece_takes_as_long_as_it_shall(clock: Clock, each: float, size: int) -> None:
    pace = Pace()
    for _ in range(30):
        with pace:
            clock.now += pace.size * each
    assert abs(pace.size - size) <= 1


def test_some_of_them_at_a_time_in_their_order() -> None:
    pace, found = Pace(size=2), list[list[int]]()
    for some in some_of(range(7), pace):
        found.append(some)
        pace.size = 3
    assert found == [[0, 1], [2, 3, 4], [5, 6]]


def test_whether_somebody_else_wrote(tmp_path: Path) -> None:
    db = database.open_desk(tmp_path)
    other = database.connect(tmp_path / database.DESK_FILE)
    watch = Watch(db)
    with database.transaction(db):
        db.execute("INSERT INTO settings VALUES ('mine', '')")
    assert not watch.has_moved()
    with database.transaction(other):
        other.execute("INSERT INTO settings VALUES ('theirs', '')")
    assert watch.has_moved() and not watch.has_moved()
    other.close()
    db.close()
