"""Commands that bring files in: import, undo, imports (what was brought in, with its report), formats."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from relationdesk.cli.combining import undo_decision
from relationdesk.cli.output import YOUR_FAULT, Front, Number, a_path, iso, json_option, now, report, table
from relationdesk.errors import SourceError, UnreadableFile, UserMistake
from relationdesk.model import Rejected
from relationdesk.saying import counted
from relationdesk.services import asking, import_undo, importing, restore_export, teaching
from relationdesk.services import export as exports
from relationdesk.services.asking import ME
from relationdesk.services.import_report import report_text
from relationdesk.services.importing import Imported, Preview
from relationdesk.services.recognising import recognise
from relationdesk.sources import FILE_SOURCES
from relationdesk.sources.base import Ask, Recognised
from relationdesk.sources.csv_columns import FIELDS
from relationdesk.sources.mapping_file import read_mapping, write_mapping
from relationdesk.sources.together import grouped, together, volumes, whole
from relationdesk.store import batches, ledger, reports, settings
from relationdesk.store.batches import Batch
from relationdesk.store.database import Desk
from relationdesk.store.differences import Difference
from relationdesk.text import one_line

SHOWN_REJECTS = 20
SHOWN_DIFFERENCES = 10
CHOICES_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was said on the command line. only, without: names of parts."""

    format: str
    me: str
    mapping: dict[str, str]
    answers: dict[str, str]
    only: tuple[str, ...]
    without: tuple[str, ...]
    dry_run: bool


@click.command("import")
@click.argument("paths", nargs=-1, required=True, callback=a_path)
@click.option("--as", "format_", default="", help="Name of the format, if it is not to be recognised.")
@click.option("--me", default="", help="Who the owner is: address, handle or name.")
@click.option("--answer", "answers", multiple=True, metavar="NAME=VALUE", help="The answer to a question that a file asks.")
@click.option("--part", "only", multiple=True, metavar="NAME", help="Read exactly this part (and others so named).")
@click.option("--without", multiple=True, metavar="NAME", help="Leave this part out.")
@click.option("--together", "as_one", is_flag=True, help="The files are parts of one export: read them as one.")
@click.option("--map", "mapping", multiple=True, metavar="COLUMN=FIELD", help="What a column of an unknown CSV means.")
@click.option("--map-file", callback=a_path, metavar="FILE", help="What the columns mean, from a file made with `mapping save`; --map goes before it.")
@click.option("--dry-run", is_flag=True, help="Only say what would come in.")
@json_option
@click.pass_obj
def import_(
    front: Front, paths: tuple[Path, ...], format_: str, me: str, answers: tuple[str, ...], only: tuple[str, ...],
    without: tuple[str, ...], as_one: bool, mapping: tuple[str, ...], map_file: Path | None, dry_run: bool,
) -> None:  # fmt: skip
    """Bring files in, each as one batch that can be undone."""
    said = _answers(answers)
    columns = {**(read_mapping(map_file) if map_file else {}), **mapping_of(mapping)}
    wanted = Wanted(
        format=format_, me=me or said.pop(ME, ""), mapping=columns, answers=said, only=only, without=without, dry_run=dry_run
    )
    files = (together(paths),) if as_one else tuple(map(whole, paths))
    _refuse_unknown_names(files, wanted)
    results: list[tuple[dict[str, Any], str]] = []
    failed = False
    with front.open(write=True) as db:
        for path in files:
            try:
                results.append(_one(db, path, wanted))
            except (SourceError, UserMistake) as e:
                if len(files) == 1:
                    raise
                click.echo(f"{path}: {e}", err=True)  # the others go on, each is a batch of its own
                results.append(({"path": str(path), "error": str(e)}, ""))
                failed = True
    if not as_one and (several := next((group for group in grouped(paths) if len(group) > 1), ())):
        names = ", ".join(path.name for path in several)
        click.echo(f"These look like files of one export: {names}. Bring them in as one with --together.", err=True)
    documents = [document for document, _ in results]
    front.answer(documents[0] if len(files) == 1 else documents, "\n".join(words for _, words in results if words))
    if failed:
        raise click.exceptions.Exit(YOUR_FAULT)


def _one(db: Desk, path: Path, wanted: Wanted) -> tuple[dict[str, Any], str]:
    """One file, or several of one export. Raises UnreadableFile with what to type where something is to be answered."""
    if (path / "manifest.json").is_file() and not wanted.format and len(volumes(path)) == 1:
        return _restored(db, path, wanted.dry_run)
    _, seen = recognise(path, wanted.format)
    parts = asking.chosen_parts(seen, wanted.only, wanted.without)
    options = asking.options_for(db, seen, me=wanted.me, mapping=wanted.mapping, answers=wanted.answers, parts=parts)
    if open_ones := asking.unanswered(seen, options):
        raise UnreadableFile(_question(path, open_ones, wanted.answers), source=seen.format)
    said = {**wanted.answers, **({ME: wanted.me} if wanted.me else {})}
    last_time = {name: answer for name, answer in asking.remembered(db, seen).items() if name not in said}
    preview, imported = importing.import_now(
        db, path, now=now(), format=seen.format, me=wanted.me, mapping=wanted.mapping, answers=wanted.answers, parts=parts,
        report=report, dry_run=wanted.dry_run,
    )  # fmt: skip
    return import_json(preview, imported), _import_words(preview, imported, last_time)


def _question(path: Path, asks: tuple[Ask, ...], said: dict[str, str]) -> str:
    """Every open question with its choices, each as the option that chooses it."""
    lines = []
    for ask in asks:
        wrong = f"“{said[ask.name]}” is none of the answers. " if said.get(ask.name) else ""
        lines.append(f"{importing.name_of(path)}: {wrong}{ask.question}")
        option = "--me=" if ask.name == ME else f"--answer {ask.name}="  # with "=", because an answer may begin with a dash
        lines += [f"  {option}{shlex.quote(answer)}    {words}" for answer, words in ask.choices[:CHOICES_SHOWN]]
        if len(ask.choices) > CHOICES_SHOWN:
            lines.append(f"  … or one of {len(ask.choices) - CHOICES_SHOWN} more.")
    return "\n".join((*lines, "Nothing was brought in. Give the command again with the option that fits."))


def _answers(pairs: tuple[str, ...]) -> dict[str, str]:
    """{name: answer} of what was given as NAME=VALUE. Raises UserMistake."""
    found = {}
    for pair in pairs:
        name, equals, answer = pair.partition("=")
        if not equals or not name.strip() or not answer.strip():
            raise UserMistake(f"“{pair}” is not a name and an answer like “order=day_first”. Nothing was brought in.")
        found[name.strip()] = answer.strip()
    return found


def _refuse_unknown_names(files: tuple[Path, ...], wanted: Wanted) -> None:
    """Names that none of the files knows, before anything is brought in; a file that cannot be read says so itself later."""
    if not (wanted.answers or wanted.only or wanted.without):
        return
    seen: list[Recognised] = []
    for path in files:
        try:
            seen.append(recognise(path, wanted.format)[1])
        except SourceError:
            continue
    parts = list(dict.fromkeys(part.name for one in seen for part in one.parts))
    asked = list(dict.fromkeys(ask.name for one in seen for ask in one.asks))
    for option, given, known, what in (
        ("--part", wanted.only, parts, "part"), ("--without", wanted.without, parts, "part"), ("--answer", tuple(wanted.answers), asked, "question"),
    ):  # fmt: skip
        unknown = [name for name in given if name not in known]
        if unknown and seen:
            names = f"Choose one of: {', '.join(known)}." if known else f"It has no {what}s to name; leave {option} out."
            raise UserMistake(f"There is no {what} “{unknown[0]}” in it ({option}). Nothing was brought in. {names}")


def _restored(db: Desk, folder: Path, dry_run: bool) -> tuple[dict[str, Any], str]:
    """A whole export, into an empty desk; with dry_run into one that is thrown away."""
    bring_in = restore_export.try_import if dry_run else restore_export.import_export
    rows = bring_in(db, folder, now(), report=report, stop=lambda: False)
    counts = {"profiles": rows.get("profiles", 0), "activities": rows.get("activities", 0)}
    document: dict[str, Any] = {
        "path": str(folder), "format": exports.FORMAT, "place": "", "read": counts,
        "new": {**counts, "people": rows.get("people", 0)}, "unchanged": {"profiles": 0, "activities": 0},
        "rejected": [], "warnings": [], "batch": None, "restored": rows,
    }  # fmt: skip
    if dry_run:
        return document, f"{folder.name}: a whole export of {sum(rows.values()):,} rows. Nothing was brought in (--dry-run)."
    return document, f"{folder.name}: this desk is now equal to the one that was exported."


def mapping_of(pairs: tuple[str, ...]) -> dict[str, str]:
    """{column: field} of what was given as COLUMN=FIELD; a column may hold a "=". Raises UserMistake."""
    columns = {}
    for pair in pairs:
        column, equals, field = pair.rpartition("=")
        if not equals or field.strip() not in FIELDS:
            raise UserMistake(
                f"“{pair}” is not a column and a field like \"Kontakt=name\". Nothing was brought in. "
                f"The fields are: {', '.join(FIELDS)}."
            )
        columns[column] = field.strip()
    return columns


def import_json(preview: Preview, imported: Imported | None) -> dict[str, Any]:
    """What an import did (or with --dry-run would do), as documented in docs/cli.md."""
    counts = imported.counts if imported else preview.counts
    return {
        "path": str(preview.path), "format": preview.recognised.format, "place": preview.recognised.place, "owner": preview.recognised.owner,
        "read": {"profiles": counts.read_profiles, "activities": counts.read_activities},
        "new": {
            "profiles": counts.new_profiles, "activities": counts.new_activities, "people": imported.people if imported else 0,
        },
        "unchanged": {
            "profiles": counts.read_profiles - counts.new_profiles, "activities": counts.unchanged,
        },
        "changed": counts.changed, "withdrawn": counts.withdrawn, "dropped": counts.dropped, "refused": counts.rejected,
        "rejected": [rejected_json(r) for r in preview.rejects], "warnings": _warnings(preview),
        "batch": imported.batch if imported else None,
        "changed_profiles": counts.changed_profiles, "differences": [difference_json(one) for one in preview.differences],
        "files": [str(file) for file in volumes(preview.path)],
        "parts": [part.name for part in preview.recognised.parts if preview.options.wants(part)],
        "without": [part.name for part in preview.recognised.parts if not preview.options.wants(part)],
        "answers": [
            {"name": ask.name, "question": ask.question, "answer": asking.words_of(ask, preview.options)} for ask in preview.recognised.asks
        ],
    }  # fmt: skip


def _warnings(preview: Preview) -> list[str]:
    nobodys = "The file does not say whose it is, so nothing in it counts as done by you. If an address in it is yours, bring it in again with --me ADDRESS."
    return [*([nobodys] if asking.is_nobodys(preview.recognised, preview.options) else []), *preview.warnings]


def difference_json(one: Difference) -> dict[str, str]:
    return {"whose": one.whose, "place": one.place, "kind": one.kind, "field": one.field, "before": one.before, "after": one.after}


def _difference(one: Difference) -> str:
    before = f"“{_short(one.before)}” → " if one.before else ""
    return f"{one.whose} ({one.place}{', ' if one.kind else ''}{one.kind}): {one.field} {before}“{_short(one.after)}”"


def _short(text: str) -> str:
    return one_line(text, 60)


def rejected_json(rejected: Rejected) -> dict[str, str]:
    return {"where": rejected.where, "reason": rejected.reason}


def _as_last_time(preview: Preview, last_time: Mapping[str, str]) -> Iterator[str]:
    """What was not asked again, each with the option that says otherwise. last_time: {name of the question: answer}."""
    if last_time.get(ME) and last_time[ME] == preview.options.me:
        yield f"  Read as last time: you are “{preview.options.me}” in it (--me says otherwise)."
    for ask in preview.recognised.asks:
        if ask.name != ME and ask.name in last_time:
            words = asking.words_of(ask, preview.options)
            others = " or ".join(f"--answer {ask.name}={answer}" for answer, _ in ask.choices if answer != preview.options.answers.get(ask.name))
            yield f"  Read as last time: {ask.question} {words} ({others or f'--answer {ask.name}=…'} says otherwise)."


def _import_words(preview: Preview, imported: Imported | None, last_time: Mapping[str, str]) -> str:
    lines = [f"{importing.name_of(preview.path)}: {preview.sentence}", *_as_last_time(preview, last_time)]
    lines += [f"  would change: {_difference(one)}" for one in preview.differences[:SHOWN_DIFFERENCES]] if imported is None else []
    lines += [f"  refused: {r.where}: {r.reason}" for r in preview.rejects[:SHOWN_REJECTS]]
    if len(preview.rejects) > SHOWN_REJECTS:
        lines.append(f"  … and {preview.counts.rejected - SHOWN_REJECTS} more (all of them with --json).")
    lines += [f"  {warning}" for warning in _warnings(preview)]
    if imported is None:
        lines.append("  Nothing was brought in (--dry-run).")
    else:
        lines.append(
            f"  Brought in as batch {imported.batch}: {counted(imported.people, '{n:,} new person', '{n:,} new people')}, "
            f"{counted(imported.linked, '{n:,} profile', '{n:,} profiles')} linked, "
            f"{imported.waiting} wait on “Who is this?”. Take it back with: undo {imported.batch}"
        )
    return "\n".join(lines)


@click.command("undo")
@click.argument("what", required=False, metavar="[BATCH|dDECISION]")
@json_option
@click.pass_obj
def undo(front: Front, what: str | None) -> None:
    """Take back what was done last, a decision or an import. BATCH: that import, as one step (see `imports`); d and a number: that decision
    (see `decisions`)."""
    what = _last(front) if what is None else what
    if what.startswith("d"):
        undo_decision(front, what)
        return
    batch = Number().convert(what, None, None)
    with front.open(write=True) as db:
        if batch in front.undone:
            name = batches.one(db, batch).name
            counts = dict.fromkeys(("activities", "profiles", "people", "people_kept"))
            front.answer({"batch": batch, **counts}, f"The rest of {name} was taken out.")
            return
        taken = import_undo.undo(db, now(), batch, report=report)
    kept = counted(taken.people_kept, " {n:,} person stays, because you have worked on them.", " {n:,} people stay, because you have worked on them.") if taken.people_kept else ""
    front.answer(
        {"batch": taken.batch.id, "activities": taken.activities, "profiles": taken.profiles, "people": taken.people,
         "people_kept": taken.people_kept},
        f"Took {taken.batch.name} out again: {taken.in_words()}.{kept}",
    )  # fmt: skip


def _last(front: Front) -> str:
    """The newer of the last import and the last decision that still hold, as `undo` names it; before them an import whose undo was cut off."""
    with front.open() as db:
        if front.undone:
            return str(front.undone[0])
        decision = ledger.next_to_undo(db, None)
        batch = next((one for one in batches.every(db) if not one.undone), None)
    if decision is not None and (batch is None or decision.at >= batch.at):
        return f"d{decision.id}"
    if batch is None:
        raise UserMistake("There is nothing to take back. See: decisions, imports")
    return str(batch.id)


@click.command("imports")
@click.argument("batch", required=False, type=Number())
@json_option
@click.pass_obj
def imports(front: Front, batch: int | None) -> None:
    """What was brought in from files, newest first; with BATCH its whole report."""
    with front.open() as db:
        every = batches.every(db)
        found = [one for one in every if batch in (None, one.id)]
        if batch is not None and not found:
            raise UserMistake(f"There is no import {batch}. See them with: imports")
        kept = reports.of_batch(db, batch) if batch is not None else None
    if kept is None:
        rows = [(str(b.id), f"{b.at.astimezone():%Y-%m-%d %H:%M}", b.name, b.format, *_brought(b)) for b in found]
        front.answer([batch_json(b) for b in found], table(rows) or "Nothing was brought in from files yet.")
        return
    front.answer(
        {**batch_json(found[0]), "read": kept.read, "files": list(kept.files), "left_out": list(kept.left_out),
         "answers": [{"question": question, "answer": answer} for question, answer in kept.answers],
         "rejected": [rejected_json(r) for r in kept.rejects], "warnings": list(kept.warnings)},
        report_text(found[0], kept),
    )  # fmt: skip


def batch_json(batch: Batch) -> dict[str, Any]:
    return {
        "batch": batch.id, "format": batch.format, "place": batch.place, "name": batch.name, "at": iso(batch.at), "undone": batch.undone,
        "profiles": batch.profiles, "activities": batch.activities, "people": batch.people, "refused": batch.rejected,
    }  # fmt: skip


def _brought(batch: Batch) -> tuple[str, str]:
    return f"{batch.activities:,} activities, {batch.profiles:,} profiles, {batch.rejected:,} refused", "taken back" if batch.undone else ""


@click.command("formats")
@json_option
@click.pass_obj
def formats(front: Front) -> None:
    """Every kind of file that can be brought in, with the name for --as."""
    rows = sorted(((source.name, source.title, source.place) for source in FILE_SOURCES), key=lambda row: row[1].casefold())
    front.answer([{"format": name, "title": title, "place": place} for name, title, place in rows], table(rows))


@click.group("mapping")
def mapping_() -> None:
    """What the columns of a table mean, as a small file for others."""


@mapping_.command("save")
@click.argument("file", callback=a_path)
@click.option("--of", "table_path", required=True, callback=a_path, metavar="TABLE", help="A table whose columns were explained once.")
@json_option
@click.pass_obj
def save_mapping(front: Front, file: Path, table_path: Path) -> None:
    """Save what was said once of the columns of TABLE; `import --map-file FILE` uses it."""
    _, seen = recognise(table_path)
    with front.open() as db:
        columns = settings.mapping_for(db, seen.columns) if seen.columns else {}
    if not columns:
        raise UserMistake(f"Nothing was said yet of the columns of “{table_path.name}”. Nothing was saved. Bring it in with --map first.")
    write_mapping(file, columns)
    front.answer({"file": str(file), "columns": dict(columns)}, f"{file.name}: what {len(columns)} columns mean. Use it with: import --map-file")


@mapping_.command("take")
@click.argument("file", callback=a_path)
@json_option
@click.pass_obj
def take_mapping(front: Front, file: Path) -> None:
    """Keep what FILE says: tables that have its columns are read so from now on."""
    columns = read_mapping(file)
    with front.open(write=True) as db:
        teaching.keep(db, columns)
    front.answer({"file": str(file), "columns": dict(columns)}, f"{file.name}: what {len(columns)} columns mean is kept.")


COMMANDS = (import_, undo, imports, formats, mapping_)
