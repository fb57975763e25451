"""How well complaint, praise, suggestion and question are told: `python -m bench.speech` prints the table of docs/prompts.md.

The labelled texts were made up for this by hand, in the eight languages of the table of words. They show what the table is for; what it does
with the words of your own people is another matter, so how many real texts it speaks of at all can be counted as well: `--real FOLDER`
reads every text file and every JSON text below a folder and prints what was told of them, to be read by eye.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
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
    asked = parser.parse_args()
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
