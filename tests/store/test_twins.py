"""The same messages from a file without ids and seconds, and from one with both, are one, in either order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from relationdesk.services import import_undo, importing
from relationdesk.store.database import Desk, open_desk
from tests.facts import NOW, state

START = datetime(2018, 3, 9, 14, 5, 22, tzinfo=UTC)
SAID = [("Joe Brown", "Hi Sam"), ("Sam Carter", "Hi"), ("Joe Brown", "Shall we?"), ("Joe Brown", "Shall we?"), ("Sam Carter", "Yes")]
"""Half a minute between each, so that both of the equal ones fall into one minute."""
OTHER = {"Joe Brown": "Sam Carter", "Sam Carter": "Joe Brown"}
PAGE = {"Joe Brown": "https://www.linkedin.com/in/joe-brown", "Sam Carter": "https://www.linkedin.com/in/sam-carter"}
PROFILE = "First Name,Last Name,Maiden Name,Address,Birth Date,Headline,Summary,Industry,Zip Code,Geo Location,Twitter Handles,Websites,Instant Messengers\nSam,Carter,,,,,,,,,,,\n"


def archive(folder: Path, year: int) -> Path:
    """All that was said, as LinkedIn told it in 2018, or later."""
    folder.mkdir()
    (folder / "Profile.csv").write_text(PROFILE)
    (folder / "Connections.csv").write_text("First Name,Last Name,URL,Email Address,Company,Position,Connected On\nJoe,Brown,https://www.linkedin.com/in/joe-brown,,,,09 Mar 2018\n"
                                            if year > 2018 else "First Name,Last Name,Email Address,Company,Position,Connected On\nJoe,Brown,,,,\"3/9/18, 2:05 PM\"\n")  # fmt: skip
    old, new = "From,To,Date,Subject,Content,Direction,Folder\n", "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER\n"
    for n, (who, words) in enumerate(SAID):
        at = START + timedelta(seconds=19 * n)
        old += f"{who},{OTHER[who]},\"{at.month}/{at.day}/{at:%y}, {at.hour % 12}:{at:%M %p}\",,{words},{'OUTGOING' if who == 'Sam Carter' else 'INCOMING'},INBOX\n"
        new += f"2-abc==,,{who},{PAGE[who]},{OTHER[who]},{PAGE[OTHER[who]]},{at:%Y-%m-%d %H:%M:%S} UTC,,{words},INBOX\n"
    (folder / "messages.csv").write_text(old if year == 2018 else new)
    return folder


def messages(db: Desk) -> list[tuple[str, ...]]:
    return db.execute("SELECT a.text FROM activities a JOIN kinds k ON k.id = a.kind WHERE k.name = 'message' ORDER BY a.id").fetchall()


@pytest.mark.parametrize("years", [(2018, 2024), (2024, 2018)])
def test_both_archives_of_linkedin_are_one_and_either_can_go(tmp_path: Path, years: tuple[int, int]) -> None:
    db = open_desk(tmp_path / "desk")
    paths = [archive(tmp_path / str(year), year) for year in years]
    importing.import_now(db, paths[0], now=NOW)
    before = state(db)
    preview, done = importing.import_now(db, paths[1], now=NOW)
    assert done is not None and (preview.counts.new_activities, done.counts.new_activities) == (1, 1), "the day they were connected alone"
    assert [row[0] for row in messages(db)] == [words for _, words in SAID]
    again, _ = importing.import_now(db, paths[1], now=NOW)
    assert (again.counts.new_activities, again.counts.changed) == (0, 0)
    import_undo.undo(db, NOW)
    import_undo.undo(db, NOW)
    assert state(db)["activities"] == before["activities"] and state(db)["participants"] == before["participants"]
    importing.import_now(db, paths[1], now=NOW)
    import_undo.undo(db, NOW, 1)
    assert sorted(row[0] for row in messages(db)) == sorted(words for _, words in SAID), "the other archive has them as well, perhaps without the seconds"
    import_undo.undo(db, NOW, 4)
    assert not messages(db)
    db.close()


def test_other_words_another_minute_or_the_other_side_are_others(tmp_path: Path) -> None:
    db = open_desk(tmp_path / "desk")
    importing.import_now(db, archive(tmp_path / "2018", 2018), now=NOW)
    later = archive(tmp_path / "2024", 2024) / "messages.csv"
    for at, old, new in (("14:05:22", "Hi Sam", "Hi Tom"), ("14:05:41", "14:05:41", "14:15:41"), ("14:06:38", "Sam Carter,https://www.linkedin.com/in/sam-carter,Joe Brown", "Joe Brown,https://www.linkedin.com/in/joe-brown,Joe Brown")):
        lines = later.read_text().splitlines()
        later.write_text("\n".join(line.replace(old, new) if at in line else line for line in lines) + "\n")
    _, done = importing.import_now(db, later.parent, now=NOW)
    assert done is not None and done.counts.new_activities == 1 + 3
    db.close()
