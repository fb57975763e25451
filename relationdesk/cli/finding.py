"""The command that finds people of the desk in a place: first what would be sent, and only with a word the questions themselves."""

from __future__ import annotations

import click

from relationdesk.cli.output import Front, json_option, now, report
from relationdesk.services import finding


@click.command("find-contacts")
@click.argument("place")
@click.option("--whom", default="", help="“key” for people of key companies, or the name of a bucket. Everybody without it.")
@click.option("--ask", is_flag=True, help="Really ask; without it only what would be sent, and to whom, is said.")
@click.option("--keep", is_flag=True, help="Put who was found on Who is this? (`matches`), with what speaks for it. With --ask only.")
@json_option
@click.pass_obj
def find_contacts(front: Front, place: str, whom: str, ask: bool, keep: bool) -> None:
    """Look up the people of this desk in PLACE (bluesky, mastodon, github, gitlab, hackernews), where they are not known yet."""
    with front.open(write=ask) as db:
        planned = finding.plan(db, place, whom=whom)
        looked, waiting = finding.Looked(hits=(), asked=0, strangers=0), 0
        if ask:
            looked = finding.look(db, planned, frozenset(host for host, _ in planned.hosts), now, report=report)
            waiting = finding.propose(db, looked.hits, now())[0] if keep and looked.hits else 0
    hosts = ", ".join(f"{host} ({count:,})" for host, count in planned.hosts) or "nobody"
    lines = [f"Would ask {hosts}:", *(f"  {q.sent}  {q.person.name}. {q.why}" for q in planned.questions)]
    if planned.more:
        lines.append(f"  and {planned.more:,} more another time")
    lines.append("Nobody was asked. Ask with: --ask" if planned.questions else "Nothing that is known of them leads there.")
    if ask:
        lines = [f"{hit.met.profile.display_name or hit.question.sent} ({hit.met.profile.url}): {hit.person.name}. {hit.candidate.sentence}" for hit in looked.hits]
        lines.append(f"{looked.asked:,} questions asked, {len(looked.hits)} found, {looked.strangers} strangers left alone. " + (
            f"{waiting} wait, see them with: matches" if keep else "Nothing was kept; put them on Who is this? with: --ask --keep"))  # fmt: skip
        lines += looked.told
    front.answer(
        {"place": place, "hosts": [{"host": host, "questions": count} for host, count in planned.hosts],
         "questions": [{"sent": q.sent, "person": q.person.name, "why": q.why} for q in planned.questions], "more": planned.more, "asked": looked.asked,
         "found": [{"profile": f"{hit.met.profile.key.place}/{hit.met.profile.key.native_id}", "url": hit.met.profile.url, "person": hit.person.name,
                    "why": hit.candidate.sentence} for hit in looked.hits],
         "strangers": looked.strangers, "waiting": waiting, "told": list(looked.told)},
        "\n".join(lines),
    )  # fmt: skip


COMMANDS = (find_contacts,)
