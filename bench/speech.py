"""How well complaint, praise, suggestion and question are told: `python -m bench.speech` prints the table of docs/prompts.md.

The labelled texts were made up for this by hand, in the eight languages of the table of words. They show what the table is for; what it does
with the words of others is another matter. `--rated FILE` counts what is told of a public set: tweets and sentences of product reviews, of which twenty people each
said how good or bad they are (Hutto and Gilbert, ICWSM 2014; MIT), in the file that `pip download --no-deps --no-binary :all: vaderSentiment==3.3.2`
brings. `--real FOLDER` reads every text file and every JSON text below a folder and prints what was told of them, to be read by eye.
"""

from __future__ import annotations

import argparse
import html
import json
import sys
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from relationdesk.prompts.speech import Speech, tell

LABELLED = Path(__file__).resolve().parents[1] / "tests" / "data" / "speech" / "labelled.tsv"
NOTHING = "nothing"
KINDS = (*(speech.value for speech in Speech), NOTHING)


def labelled() -> list[tuple[str, str, str]]:
    """(language, what it is, text) as a person labelled it."""
    rows = [line.split("\t") for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    return [(language, kind, text) for language, kind, text in rows]


def confusion() -> Counter[tuple[str, str]]:
    """(what it is, what was told) → how many."""
    return Counter((kind, told(text)) for _, kind, text in labelled())


def told(text: str) -> str:
    found = tell("", text)
    return found.speech.value if found is not None else NOTHING


def table() -> str:
    """The table of confusion in Markdown, with precision and recall per kind, and the right ones per language."""
    counts, rows = confusion(), labelled()
    lines = ["| it is ↓, told → | " + " | ".join(KINDS) + " | found |", "|---" * (len(KINDS) + 2) + "|"]
    for kind in KINDS:
        row = [counts[kind, other] for other in KINDS]
        lines.append(f"| {kind} | {' | '.join(map(str, row))} | {counts[kind, kind] / sum(row):.0%} |")
    right = []
    for kind in KINDS:
        said = sum(counts[other, kind] for other in KINDS)
        right.append(f"{counts[kind, kind] / said:.0%}" if said else "–")
    lines.append(f"| right when told | {' | '.join(right)} | |")
    languages = sorted({language for language, _, _ in rows})
    each = [(language, sum(told(t) == k for n, k, t in rows if n == language), sum(n == language for n, _, _ in rows)) for language in languages]
    return "\n".join([*lines, "", "Right per language: " + ", ".join(f"{language} {good} of {n}" for language, good, n in each) + "."])


RATED = {"tweets": "tweets_GroundTruth.txt", "sentences of reviews": "amazonReviewSnippets_GroundTruth.txt"}
"""What is read of the public set, by its name in the table; its editorials and film reviews are nobody's words to a seller."""
HOW = ("negative", "neither", "positive")


def rated(file: Path) -> Iterator[tuple[str, str, str]]:
    """(of `RATED`, how it was rated, text) of the package's source file, in which the set lies in an archive of its own. From −4 to 4; less than half
    a step from 0 is neither."""
    with tarfile.open(file) as package:
        inner = next(package.extractfile(one) for one in package if one.name.endswith("hutto_ICWSM_2014.tar.gz"))
        assert inner is not None
        with tarfile.open(fileobj=inner) as texts:
            for member in texts:
                name = next((name for name, ending in RATED.items() if member.name.endswith("/" + ending)), "")
                lines = texts.extractfile(member) if name else None
                for line in lines or ():
                    _, rating, text = line.decode("utf-8", "replace").rstrip("\r\n").split("\t", 2)
                    yield name, HOW[0] if float(rating) <= -0.5 else HOW[2] if float(rating) >= 0.5 else HOW[1], html.unescape(text)


def rated_table(texts: Iterable[tuple[str, str, str]]) -> str:
    """The same table for them, in Markdown."""
    counts = Counter((name, how, told(text)) for name, how, text in texts)
    lines = ["| rated ↓, told → | " + " | ".join(KINDS) + " | |", "|---" * (len(KINDS) + 2) + "|"]
    for name, how in sorted({key[:2] for key in counts}, key=lambda key: (key[0], HOW.index(key[1]))):
        row = [counts[name, how, kind] for kind in KINDS]
        lines.append(f"| {name}, {how} | {' | '.join(f'{n:,}' for n in row)} | {sum(row):,} |")
    return "\n".join(lines)


def real(folder: Path) -> Iterator[str]:
    """Texts of real exports below a folder, each once."""
    seen: set[str] = set()
    for file in sorted(path for path in folder.rglob("*") if path.suffix in (".json", ".jsonl", ".eml", ".mbox", ".txt", ".csv") and path.is_file()):
        words = file.read_text(encoding="utf-8", errors="replace")
        try:
            texts = list(_texts(json.loads(words)))
        except ValueError:
            texts = words.split("\n\n")
        for text in texts:
            if len(text) > 20 and text not in seen:
                seen.add(text)
                yield text


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.speech", description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="say which labelled texts were taken for something else")
    parser.add_argument("--real", type=Path, metavar="FOLDER", help="what is told of the real texts below a folder")
    parser.add_argument("--rated", type=Path, metavar="FILE", help="what is told of the public set of rated texts in this package")
    asked = parser.parse_args()
    if asked.rated:
        print(rated_table(rated(asked.rated)))
        return 0
    if asked.real:
        counts: Counter[str] = Counter()
        for text in real(asked.real):
            found = tell("", text)
            counts[found.speech.value if found else NOTHING] += 1
            if found is not None and found.speech is not Speech.QUESTION:
                print(f"{found.speech.value}\t{', '.join(found.by)}\t{' '.join(text.split())[:200]}")
        print(counts)
        return 0
    print(table())
    if asked.wrong:
        for language, kind, text in labelled():
            if told(text) != kind:
                print(f"{language}\t{kind} taken for {told(text)}\t{text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
