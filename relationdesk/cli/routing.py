"""Commands that route: put what somebody said on a list, and show, answer, export what waits there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from relationdesk.cli.output import Front, a_path, iso, json_option, now, table
from relationdesk.errors import UserMistake
from relationdesk.model import Key
from relationdesk.services import export, routing
from relationdesk.services.export import View
from relationdesk.store import routes
from relationdesk.store.routes import Route, RouteKind
from relationdesk.text import day, one_line

_KIND = click.Choice([kind.value for kind in RouteKind])


@click.command("route")
@click.argument("item", metavar="PLACE/ID")
@click.argument("kind", type=_KIND)
@click.option("--remark", default=None, help="What whoever answers it should know.")
@click.option("--answered", is_flag=True, help="It is answered.")
@click.option("--again", is_flag=True, help="It waits again.")
@click.option("--off", is_flag=True, help="Take it off the list.")
@json_option
@click.pass_obj
def route(front: Front, item: str, kind: str, remark: str | None, answered: bool, again: bool, off: bool) -> None:
    """Put an item (as timeline --json names it) on the list of complaints, suggestions or opportunities."""
    if answered + again + off > 1 or ((answered or again or off) and remark is not None):
        raise UserMistake("Say one of --remark, --answered, --again and --off. Nothing was changed.")
    place, _, native_id = item.partition("/")
    key, wanted = Key(place, native_id), RouteKind(kind)
    with front.open(write=True) as db:
        there = next((r for r in routes.of_item(db, key) if r.kind is wanted), None)
        if there is None and (answered or again or off):
            raise UserMistake(f"“{item[:80]}” is not on the list of {kind}s. Nothing was changed. See: routed")
        if there is not None and off:
            changes = routing.take_off(db, there.id, now())
            front.answer({**route_json(there), "state": "off"}, f"{changes.undo}.")
            return
        if there is not None and (answered or again):
            made, changes = routing.set_answered(db, there.id, answered, now())
        elif there is not None and there.answered is None and remark is not None:
            made, changes = routing.set_remark(db, there.id, remark, now())
        else:
            made, changes = routing.put(db, key, wanted, now(), remark or "")
    front.answer(route_json(made), f"{changes.undo}.")


@click.command("routed")
@click.option("--kind", type=_KIND, default=None, help="Only this list.")
@click.option("--answered", is_flag=True, help="Those that are answered, last answered first.")
@click.option("--csv", "file", callback=a_path, default=None, metavar="FILE", help="Write the list, answered ones too, as CSV.")
@click.option("--private", is_flag=True, help="With --csv: private words too.")
@json_option
@click.pass_obj
def routed(front: Front, kind: str | None, answered: bool, file: Path | None, private: bool) -> None:
    """What waits to be answered, longest first."""
    wanted = RouteKind(kind) if kind else None
    with front.open() as db:
        if file is not None:
            done = export.export_view(db, View(kind="routed", route=wanted), file, private=private)
            rows = sum(done.counts.values())
            front.answer({"file": str(file), "rows": rows}, f"{rows} rows were written to {file}.")
            return
        found = routes.every(db, wanted, answered=answered)
    lines = [
        (r.kind.value, day(r.published) if r.published else "", r.name, f"{r.key.place}/{r.key.native_id}", one_line(" · ".join(filter(None, (r.title, r.text))), 70))
        for r in found
    ]
    front.answer([route_json(r) for r in found], table(lines) or ("Nothing was answered yet." if answered else "Nothing waits to be answered."))


def route_json(route: Route) -> dict[str, Any]:
    return {
        "id": "/".join(route.key), "kind": route.kind.value, "state": "answered" if route.answered else "waits", "person": route.person_uid or None,
        "name": route.name, "company": route.company, "published": iso(route.published), "title": route.title, "text": route.text, "url": route.url,
        "private": route.audience.value == "private", "remark": route.remark, "passed_to": route.passed_to, "passed_at": iso(route.passed),
        "answered_at": iso(route.answered), "routed_at": iso(route.made), "here": route.here,
    }  # fmt: skip


COMMANDS = (route, routed)
