"""What words are: by the table, in eight languages, in a time that grows with their length alone; unsure is nothing."""

from __future__ import annotations

import tarfile
import time
from pathlib import Path

import pytest

from bench import speech as measured
from relationdesk.prompts.speech import LOOKED_AT, Speech, tell, words_of
from relationdesk.prompts.speech_table import HELPING, NEGATIONS, STRONG, WEAK

DOCS = Path(__file__).resolve().parents[2] / "docs" / "prompts.md"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Third outage this month. Not what we signed for.", "complaint"),
        ("Why is it still broken?", "complaint"),  # a complaint that asks is one
        ("Das Gateway funktioniert schon wieder nicht.", "complaint"),
        ("Outage again, sadly.", "complaint"),  # one weak word and helping ones
        ("Again? Sadly still late.", "question"),  # helping words say nothing by themselves
        ("See you again on Thursday, sadly only for an hour.", None),
        ("No problem, and no error either", None),
        ("We never had an outage, no crash, no downtime", None),
        ("It was not excellent and not amazing", "complaint"),
        ("Ours paid for itself in a year.", "praise"),
        ("An excellent and reliable team", "praise"),
        ("Excellent.", None),  # one weak word
        ("Thanks, great. Joe", None),  # that only ends a conversation
        ("Love the new board, but the export is broken, does not work at all, and support is useless", "complaint"),
        ("Love it. Does not work.", None),  # neither is clear
        ("It would be nice if it had a night mode", "suggestion"),
        ("Déçu du suivi", "complaint"),
        ("de\u0301c\u0327u du suivi", "complaint"),  # the same, written with marks of their own
        ("It doesn\u2019t work", "complaint"),
        ("Could you send the price?", "question"),
        ("電気は止まりますか", "question"),
        ("", None),
        ("\u0000\ud800 ☃ 12", None),
    ],
)  # fmt: skip
def test_what_is_told(text: str, told: str | None) -> None:
    found = tell("", text)
    assert (found.speech.value if found else None) == told


def test_the_words_that_said_so_are_told_as_they_stand_in_the_table() -> None:
    found = tell("Complaint", "Third outage this month. Third outage!")
    assert found is not None and found == (Speech.COMPLAINT, ("third outage",), True)
    weak = tell("", "Amazing and superb, thanks")
    assert weak is not None and not weak.sure and weak.by == ("amazing", "superb", "thanks")


def test_a_long_text_says_nothing_by_a_few_weak_words() -> None:
    filler = "the meter in the kitchen reports each hour to the panel beside the door " * 20
    assert tell("", "A crash and an outage") is not None
    assert tell("", f"A crash and an outage {filler}") is None
    assert tell("", f"We are very disappointed {filler}") is not None


@pytest.mark.parametrize("nasty", ["not " * 400_000, "a'" * 800_000, "it would be nice " * 90_000, "é\u0301" * 500_000, "?" * 1_000_000, " " * 1_000_000])
def test_hostile_words_take_no_longer(nasty: str) -> None:
    began = time.process_time()
    tell(nasty, nasty)
    assert time.process_time() - began < 1.0
    assert len(words_of(nasty)) <= LOOKED_AT


def test_the_table_is_whole() -> None:
    """Eight languages say each kind, no phrase stands in two kinds, and each is written as it is looked up."""
    kinds: dict[tuple[str, ...], set[str]] = {}
    for table, kinds_told in ((STRONG, 4), (WEAK, 3), (HELPING, 3)):
        assert len({(language, kind) for language, kind, _ in table}) == len(table) == 8 * kinds_told
        for _, kind, phrases in table:
            for phrase in phrases.split(" | "):
                assert phrase == phrase.strip().lower() and words_of(phrase), phrase
                kinds.setdefault(tuple(words_of(phrase)), set()).add(kind)
    assert {words: several for words, several in kinds.items() if len(several) > 1} == {}
    assert words_of(NEGATIONS) == NEGATIONS.split()


def test_labelled_texts_are_told_as_the_documents_say() -> None:
    assert measured.table() in DOCS.read_text(encoding="utf-8")
    counts = measured.confusion()
    for kind in ("complaint", "praise", "suggestion"):
        said = sum(counts[other, kind] for other in measured.KINDS)
        assert counts[kind, kind] / said >= 0.95, f"{kind} is told of what is none"
    assert sum(counts[measured.NOTHING, kind] for kind in ("complaint", "praise", "suggestion")) == 0


def test_rated_texts_are_counted_by_what_is_told_of_them(tmp_path: Path) -> None:
    inner = {
        "hutto_ICWSM_2014/tweets_GroundTruth.txt": "1\t2.5\tOurs paid for itself in a year.\r\n2\t-3.0\tThird outage this month. Not what we signed for.\r\n3\t-0.4\tA bus &amp; a tree\n",
        "hutto_ICWSM_2014/amazonReviewSnippets_GroundTruth.txt": "1_1\t-0.5\tWhy is it still broken?\n",
        "hutto_ICWSM_2014/movieReviewSnippets_GroundTruth.txt": "1_1\t4.0\tAn excellent and reliable team\n",
    }
    set_, package = tmp_path / "hutto_ICWSM_2014.tar.gz", tmp_path / "package.tar.gz"
    with tarfile.open(set_, "w:gz") as archive:
        for name, text in inner.items():
            (tmp_path / "one").write_text(text, encoding="utf-8", newline="")
            archive.add(tmp_path / "one", name)
    with tarfile.open(package, "w:gz") as archive:
        archive.add(set_, "package/additional_resources/hutto_ICWSM_2014.tar.gz")
    texts = list(measured.rated(package))
    assert [(name, how) for name, how, _ in texts] == [("tweets", "positive"), ("tweets", "negative"), ("tweets", "neither"), ("sentences of reviews", "negative")]
    assert texts[2][2] == "A bus & a tree"
    assert measured.rated_table(texts).splitlines()[2:] == [
        "| sentences of reviews, negative | 0 | 1 | 0 | 0 | 0 | 0 | 1 |",
        "| tweets, negative | 0 | 1 | 0 | 0 | 0 | 0 | 1 |",
        "| tweets, neither | 0 | 0 | 0 | 0 | 0 | 1 | 1 |",
        "| tweets, positive | 0 | 0 | 1 | 0 | 0 | 0 | 1 |",
    ]
