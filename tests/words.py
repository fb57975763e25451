"""Every text of the program as one file for translators: `python -m tests.words FILE.ts` (or `make words`).

Qt's own lupdate finds `tr` in classes, but not what is said below the window (`say`, `counted`, `marked`) nor our `tr` outside of classes. This reads the
code for all of them: a text stands in the context in which the program will ask for it, one that is counted with as many forms as its language has. A file
that is there already keeps its translations; what is no longer said goes.
"""

from __future__ import annotations

import ast
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from relationdesk.flip import weights
from relationdesk.ui.language import SAID

PACKAGE = Path(__file__).resolve().parents[1] / "relationdesk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """counted: with plurals. where: file and line."""

    context: str
    text: str
    counted: bool
    where: str


def every() -> Iterator[Text]:
    """In the order of the files; the same text may come several times."""
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in sorted(PACKAGE.rglob("*.py"))}
    contexts = {_module(file): _contexts(tree) for file, tree in trees.items()}
    for file, tree in trees.items():
        known = dict(contexts[_module(file)])
        for one in ast.walk(tree):
            if isinstance(one, ast.ImportFrom):
                for alias in one.names:
                    name = alias.asname or alias.name
                    known |= {name: contexts.get(one.module or "", {}).get(alias.name, "")} if alias.name in ("tr", "_tr") else {}
                    known |= {f"{name}.{helper}": context for helper, context in contexts.get(f"{one.module}.{alias.name}", {}).items()}
        yield from _texts(tree, file.relative_to(PACKAGE.parent).as_posix(), known, "")
    for row in weights.read(weights.TABLE).values():  # a table of its own, in which each line ends in words
        yield Text(context=SAID, text=row.words, counted=False, where="relationdesk/flip/weights.py:1")


def _module(file: Path) -> str:
    return ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts)


def _contexts(tree: ast.Module) -> dict[str, str]:
    """Functions of a module that translate what they are given: {"tr": the context}."""
    found = {}
    for one in tree.body:
        last = one.body[-1] if isinstance(one, ast.FunctionDef) and one.name in ("tr", "_tr") else None
        if isinstance(one, ast.FunctionDef) and isinstance(last, ast.Return) and isinstance(last.value, ast.Call) and isinstance(last.value.args[0], ast.Constant):
            found[one.name] = str(last.value.args[0].value)
    return found


def _texts(node: ast.AST, file: str, known: dict[str, str], inside: str) -> Iterator[Text]:
    for one in ast.iter_child_nodes(node):
        if isinstance(one, ast.Call):
            context, said, counted = _asked(one, known, inside)
            yield from (Text(context=context, text=text, counted=counted, where=f"{file}:{one.lineno}") for text in said if text)
        yield from _texts(one, file, known, one.name if isinstance(one, ast.ClassDef) else inside)


def _asked(call: ast.Call, known: dict[str, str], inside: str) -> tuple[str, list[str], bool]:
    """In which context which texts are asked for; no texts where it is no such call."""
    called = ast.unparse(call.func)
    if called in ("say", "marked"):
        return SAID, _literals(call.args[0]), False
    if called == "counted":
        return SAID, _literals(call.args[2]), True
    if called == "self.tr":
        return inside, _literals(call.args[0]), False
    if called in known:
        return known[called], _literals(call.args[0]), False
    if called.rpartition(".")[2] in ("translate", "QT_TRANSLATE_NOOP") and len(call.args) > 1:
        return "".join(_literals(call.args[0])), _literals(call.args[1]), False
    return "", [], False


def _literals(text: ast.expr) -> list[str]:
    if isinstance(text, ast.IfExp):
        return [*_literals(text.body), *_literals(text.orelse)]
    if isinstance(text, ast.BoolOp):
        return [one for value in text.values for one in _literals(value)]
    return [text.value] if isinstance(text, ast.Constant) and isinstance(text.value, str) else []


def asked_by_name() -> Iterator[tuple[str, str, list[Text]]]:
    """Where a text is no literal: (file and line, the expression, the texts that the table of that name holds; none if it is no table of ours)."""
    trees = {_module(file): (file, ast.parse(file.read_text(encoding="utf-8"))) for file in sorted(PACKAGE.rglob("*.py"))}
    tables = {module: _tables(tree) for module, (_, tree) in trees.items()}
    for module, (file, tree) in trees.items():
        contexts = _contexts(tree)
        known, mine = dict(contexts), dict(tables[module])
        for one in ast.walk(tree):
            for alias in one.names if isinstance(one, ast.ImportFrom) else ():
                mine.setdefault(alias.asname or alias.name, tables.get(getattr(one, "module", "") or "", {}).get(alias.name, []))
                known |= {alias.asname or alias.name: "?"} if alias.name in ("tr", "_tr") else {}
        for one in ast.walk(tree):
            for target in [*getattr(one, "generators", ()), *([one] if isinstance(one, ast.For) else [])]:  # for text, icon in TABLE
                roots = [root for root in _names(target.iter) if mine.get(root)]
                mine |= {name: mine[roots[0]] for name in _names(target.target) if roots}
            inside_tr = isinstance(one, ast.FunctionDef) and one.name in ("tr", "_tr")
            if inside_tr:
                for call in ast.walk(one):
                    call._said = True  # type: ignore[attr-defined]
        for one in ast.walk(tree):
            if not isinstance(one, ast.Call) or hasattr(one, "_said"):
                continue
            called = ast.unparse(one.func)
            args = one.args[:1] if called in ("say", "self.tr", *known) or called.endswith(".tr") else one.args[2:3] if called == "counted" else one.args[1:2] if called.endswith(".translate") else []
            for text in (leaf for arg in args for leaf in _leaves(arg) if not isinstance(leaf, ast.Constant)):
                found = [text_ for name in _names(text) for text_ in mine.get(name, [])]
                yield f"{file.relative_to(PACKAGE).as_posix()}:{one.lineno}", ast.unparse(text), found


def _leaves(text: ast.expr) -> list[ast.expr]:
    if isinstance(text, ast.IfExp):
        return [*_leaves(text.body), *_leaves(text.orelse)]
    return [leaf for value in text.values for leaf in _leaves(value)] if isinstance(text, ast.BoolOp) else [text]


def _names(text: ast.AST) -> list[str]:
    return [one.id for one in ast.walk(text) if isinstance(one, ast.Name)] + [one.attr for one in ast.walk(text) if isinstance(one, ast.Attribute)]


def _tables(tree: ast.Module) -> dict[str, list[Text]]:
    """What is marked in constants of a module and of its classes, by their names."""
    found: dict[str, list[Text]] = {}
    for one in (*tree.body, *(inner for outer in tree.body if isinstance(outer, ast.ClassDef) for inner in outer.body)):
        target = one.targets[0] if isinstance(one, ast.Assign) else one.target if isinstance(one, ast.AnnAssign) else None
        if isinstance(target, ast.Name) and getattr(one, "value", None) is not None:
            holder = ast.Module(body=[ast.Expr(one.value)], type_ignores=[])  # type: ignore[union-attr]
            found[target.id] = list(_texts(holder, "", {}, ""))
    return found


def write(file: Path) -> int:
    """How many texts are in the file now."""
    old = ET.parse(file).getroot() if file.exists() else ET.Element("TS", version="2.1", sourcelanguage="en")
    done = {(context.findtext("name"), one.findtext("source")): one.find("translation") for context in old.iter("context") for one in context.iter("message")}
    root = ET.Element("TS", old.attrib)
    merged: dict[tuple[str, str], list[Text]] = {}
    for text in every():
        merged.setdefault((text.context, text.text), []).append(text)
    for name in sorted({context for context, _ in merged}):
        context = ET.SubElement(root, "context")
        ET.SubElement(context, "name").text = name
        for (_, source), places in ((key, places) for key, places in merged.items() if key[0] == name):
            message = ET.SubElement(context, "message", {"numerus": "yes"} if any(place.counted for place in places) else {})
            for place in places:
                at, _, line = place.where.rpartition(":")
                ET.SubElement(message, "location", filename=at, line=line)
            ET.SubElement(message, "source").text = source
            kept = done.get((name, source))
            message.append(kept if kept is not None else _unfinished(message))
    ET.indent(root)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{ET.tostring(root, encoding="unicode")}\n', encoding="utf-8")
    return len(merged)


def _unfinished(message: ET.Element) -> ET.Element:
    made = ET.Element("translation", type="unfinished")
    if message.get("numerus"):
        ET.SubElement(made, "numerusform")
    return made


if __name__ == "__main__":
    sys.stdout.write(f"{write(Path(sys.argv[1])):,} texts are in {sys.argv[1]}.\n")
