"""Others on the same data: exact matching, splink and dedupe. Runs where requirements.txt of this folder is installed.

`python -m bench.matching.peers SYSTEM DATA OUT.json [TRAINING]`; SYSTEM exact, splink or dedupe; DATA febrl-1 … febrl-4 or a world. Everybody
gets the same records, and the threshold that suits the peer best is looked up with the truth in hand: kinder than life. splink learns
from the data itself, as it is made to (EM); dedupe is given the true pairs of the training data (cards or a world of another seed).
"""

from __future__ import annotations

import csv
import json
import logging
import random
import sys
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

BUILD = Path(__file__).resolve().parents[2] / "build" / "matching"
FEBRL = ("given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state", "date_of_birth", "soc_sec_id")
WORLD = ("given_name", "surname", "name", "mail", "phone", "handle", "company", "page", "bio")
Pair = tuple[int, int]


def folded(text: str) -> str:
    """Small letters without marks."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c)).strip()


def febrl(*names: str) -> tuple[list[dict[str, Any]], list[str]]:
    """(records, whose each is) of Febrl tables or cards."""
    found, who = [], []
    for name in names:
        with (BUILD / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            for one in csv.DictReader(lines, skipinitialspace=True):
                found.append({"file": name} | {field: (one[field] or "").strip() or None for field in FEBRL})
                who.append(one["rec_id"].split("-")[1])
    return found, who


def world(name: str) -> tuple[list[dict[str, Any]], list[str]]:
    """(records, whose each is): a profile as one row, of several addresses of a kind the first."""
    found, who = [], []
    for line in (BUILD / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        name_ = one["display_name"]
        if "," in name_:
            name_ = " ".join(reversed([part.strip() for part in name_.split(",", 1)]))
        words = folded(name_).split()
        first = {kind: next((value for k, value, _ in one["addresses"] if k == kind), None) for kind in ("mail", "phone", "web")}
        handle = "".join(c for c in folded(one["handle"].lstrip("@").split("@")[0]) if c.isalnum())
        found.append({
            "file": one["place"], "given_name": words[0] if len(words) > 1 else None, "surname": words[-1] if len(words) > 1 else None, "name": " ".join(words) or None,
            "mail": first["mail"], "phone": "".join(c for c in first["phone"] or "" if c.isdigit())[-9:] or None, "handle": handle or None,
            "company": folded(one["company"]) or None, "page": first["web"] or one["url"] or None, "bio": folded(one["bio"]) or None,
        })  # fmt: skip
        who.append(str(one["who"]))
    return found, who


def true_pairs(who: list[str]) -> set[Pair]:
    """Every two records of one human."""
    by: dict[str, list[int]] = defaultdict(list)
    for n, one in enumerate(who):
        by[one].append(n)
    return {(a, b) for group in by.values() for i, a in enumerate(group) for b in group[i + 1 :]}


def closed(pairs: Iterable[Pair], size: int) -> set[Pair]:
    """With what follows from them: if a is b and b is c, a is c."""
    root = list(range(size))

    def top(n: int) -> int:
        while root[n] != n:
            root[n] = root[root[n]]
            n = root[n]
        return n

    for a, b in pairs:
        root[top(a)] = top(b)
    groups: dict[int, list[int]] = defaultdict(list)
    for n in range(size):
        groups[top(n)].append(n)
    return {(a, b) for group in groups.values() if len(group) < 400 for i, a in enumerate(group) for b in group[i + 1 :]}


def quality(said: set[Pair], true: set[Pair]) -> tuple[float, float, float]:
    right = len(said & true)
    precision, recall = right / max(1, len(said)), right / max(1, len(true))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def best(scored: list[tuple[int, int, float]], true: set[Pair], size: int, *, close: bool) -> tuple[float, float, float]:
    """At the threshold that suits it best; close: with or without what follows, whichever is better."""
    found = []
    for threshold in (0.01, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999):
        pairs = {(min(a, b), max(a, b)) for a, b, chance in scored if chance >= threshold}
        found.append(quality(pairs, true))
        if close:
            found.append(quality(closed(pairs, size), true))
    return max(found, key=lambda q: q[2])


def exact(records: list[dict[str, Any]], fields: list[tuple[str, ...]], *, across: bool) -> list[tuple[int, int, float]]:
    """Pairs that are equal in all fields of one of these groups."""
    found: set[Pair] = set()
    for group in fields:
        by: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for n, one in enumerate(records):
            value = tuple(one[field] for field in group)
            if all(value):
                by[value].append(n)
        found |= {(a, b) for same in by.values() if len(same) < 400 for i, a in enumerate(same) for b in same[i + 1 :]}
    return [(a, b, 1.0) for a, b in found if not across or records[a]["file"] != records[b]["file"]]


def splink(records: list[dict[str, Any]], *, across: bool, cards: bool) -> list[tuple[int, int, float]]:
    """splink 5 on DuckDB, with the comparisons of its own library, as its documentation sets it up for such data."""
    import pandas
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    frame = pandas.DataFrame(records)
    frame["unique_id"] = range(len(frame))
    if cards:
        comparisons = [
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True), cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]), cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]), cl.ExactMatch("street_number"),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]), cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]), cl.JaroWinklerAtThresholds("suburb", [0.9, 0.7]),
        ]  # fmt: skip
        rules = [
            block_on("given_name", "surname"), block_on("soc_sec_id"), block_on("date_of_birth"), block_on("given_name", "postcode"), block_on("surname", "postcode"),
            block_on("street_number", "address_1"), block_on("suburb", "street_number"), block_on("postcode", "street_number"),
        ]  # fmt: skip
        sure, training = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")], [block_on("date_of_birth"), block_on("postcode")]
    else:
        comparisons = [
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True), cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.ExactMatch("mail"), cl.ExactMatch("phone"), cl.JaroWinklerAtThresholds("handle", [0.95, 0.88]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("company").configure(term_frequency_adjustments=True), cl.ExactMatch("page"), cl.ExactMatch("bio"),
        ]  # fmt: skip
        rules = [block_on("name"), block_on("mail"), block_on("phone"), block_on("handle"), block_on("page"), block_on("bio"), block_on("surname", "substr(given_name,1,1)"), block_on("given_name", "substr(surname,1,3)")]
        sure, training = [block_on("mail"), block_on("phone", "surname")], [block_on("surname"), block_on("handle"), block_on("given_name")]
    settings = SettingsCreator(link_type="dedupe_only", comparisons=comparisons, blocking_rules_to_generate_predictions=rules)
    database = DuckDBAPI()
    linker = Linker(database.register(frame), settings, log_level="ERROR")
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.8 if cards else 0.3)
    linker.training.estimate_u_using_random_sampling(max_pairs=3e6, seed=1)
    for rule in training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule, record_sample_proportion=1.0)
    found = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    pairs = zip(found["unique_id_l"], found["unique_id_r"], found["match_probability"], strict=True)
    return [(min(a, b), max(a, b), chance) for a, b, chance in pairs if not across or records[a]["file"] != records[b]["file"]]


TAUGHT = 800
"""Records that dedupe learns from: with 2,000, as it samples itself, the pairs it keeps while it learns to block do not fit into 14 GB."""


def some(known: list[dict[str, Any]], whose: list[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """About `TAUGHT` of the records, of each human all."""
    of: dict[str, list[int]] = defaultdict(list)
    for n, one in enumerate(whose):
        of[one].append(n)
    chosen: list[int] = []
    for one in random.sample(sorted(of), len(of)):
        if len(chosen) < TAUGHT:
            chosen += of[one]
    return [known[n] for n in chosen], [whose[n] for n in chosen]


def dedupe(records: list[dict[str, Any]], who: list[str], train: tuple[list[dict[str, Any]], list[str]], *, cards: bool) -> list[tuple[int, int, float]]:
    """dedupe 3, taught with up to 1,500 true pairs and as many false ones among some records of the training data."""
    import dedupe as library
    from dedupe import variables as v

    random.seed(1)
    fields = FEBRL if cards else WORLD
    kinds = {"mail": v.Exact, "phone": v.Exact, "page": v.Exact, "postcode": v.ShortString, "street_number": v.ShortString, "state": v.Exact, "bio": v.String}
    deduper = library.Dedupe([kinds.get(field, v.String)(field, has_missing=True) for field in fields], num_cores=1)
    known, whose = some(*train)
    data = {n: {field: one[field] for field in fields} for n, one in enumerate(known)}
    deduper.prepare_training(data)
    true = sorted(true_pairs(whose))
    right = random.sample(true, min(1500, len(true)))
    by_name: dict[str, list[int]] = defaultdict(list)
    for n, one in enumerate(known):
        if one["surname"]:
            by_name[one["surname"]].append(n)
    near = [(a, b) for group in by_name.values() for i, a in enumerate(group) for b in group[i + 1 :] if whose[a] != whose[b]]
    wrong = random.sample(near, min(len(right) // 2, len(near)))
    while len(wrong) < len(right):
        a, b = random.sample(range(len(known)), 2)
        if whose[a] != whose[b]:
            wrong.append((a, b))
    deduper.mark_pairs({"match": [(data[a], data[b]) for a, b in right], "distinct": [(data[a], data[b]) for a, b in wrong]})
    deduper.train(recall=0.95)
    measured = {n: {field: one[field] for field in fields} for n, one in enumerate(records)}
    pairs = deduper.pairs(measured)
    scores = deduper.score(pairs)
    return [(int(min(a, b)), int(max(a, b)), float(score)) for (a, b), score in zip(scores["pairs"], scores["score"], strict=True)]


def main(system: str, data: str, out: str, training: str = "") -> None:
    """Run one on one and write what came of it."""
    logging.disable(logging.WARNING)
    cards = data.startswith("febrl")
    across = data == "febrl-4"
    load: Callable[..., Any] = febrl if cards else world
    records, who = load("febrl-4a", "febrl-4b") if across else load(data)
    true = true_pairs(who)
    begun = time.perf_counter()
    if system == "exact":
        groups = [("given_name", "surname", "date_of_birth"), ("soc_sec_id",)] if cards else [("name",), ("mail",), ("phone",), ("handle",), ("page",)]
        scored = exact(records, groups, across=across)
    elif system == "splink":
        scored = splink(records, across=across, cards=cards)
    else:
        scored = dedupe(records, who, load(training), cards=cards)
        scored = [one for one in scored if not across or records[one[0]]["file"] != records[one[1]]["file"]]
    taken = time.perf_counter() - begun
    precision, recall, f1 = best(scored, true, len(records), close=not across)
    result = {"system": system, "data": data, "precision": precision, "recall": recall, "f1": f1, "seconds": taken, "pairs": len(scored)}
    Path(out).write_text(json.dumps(result), encoding="utf-8")
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
