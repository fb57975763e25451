"""What a staged file says differently of profiles and activities that are known, field by field, before anything is merged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from relationdesk.store.life_days import DAYS_TOLD, worded
from relationdesk.store.merge_activities import ACTIVITY_DIFFERS, CUT_OFF, MAY
from relationdesk.store.merge_profiles import CONTRADICTS, PROFILE_SAYS_MORE, SAME_PROFILE
from relationdesk.store.staging import Staging

SHOWN = 50
_LONGEST = 200  # letters of a text that are shown of it
_PROFILE = ("display_name", "handle", "company", "title", "url", "bio")
_ACTIVITY = ("title", "text", "url")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """whose: name or handle of the profile, or of who did it. kind: of the activity, "" for a profile. field: a column,
    "address" for a new mail address, phone or page, or a `DayKind` for a day of theirs. before: "" where nothing was known. Both are cut to 200 letters.
    """

    whose: str
    place: str
    field: str
    before: str
    after: str
    kind: str = ""


def differences(staging: Staging, limit: int = SHOWN) -> tuple[Difference, ...]:
    """The first of them, profiles before activities, what contradicts before what is only added. After `merge.preview`."""
    found = sorted(_of_profiles(staging, limit), key=lambda one: not one.before)
    found += _of_activities(staging, limit - len(found)) if len(found) < limit else []
    return tuple(found[:limit])


def _of_profiles(staging: Staging, limit: int) -> list[Difference]:
    pairs = ", ".join(f"substr(p.{f}, 1, {_LONGEST}), substr(s.{f}, 1, {_LONGEST}), s.{f} <> p.{f} AND (s.older = 0 OR p.{f} = '')" for f in _PROFILE)
    added = (
        "(SELECT group_concat(x.value, ', ') FROM stage.addresses x WHERE x.place = s.place AND x.native_id = s.native_id AND x.kind <> 'picture' AND "
        "NOT EXISTS (SELECT 1 FROM main.addresses y WHERE y.profile_id = p.id AND y.kind = x.kind AND y.value = x.value))"
    )
    rows = staging.db.execute(
        f"SELECT coalesce(nullif(p.display_name, ''), nullif(p.handle, ''), s.display_name), s.place, {added}, iif(s.older, '[]', {DAYS_TOLD}), {pairs} "
        f"{SAME_PROFILE} WHERE {PROFILE_SAYS_MORE} ORDER BY NOT ({CONTRADICTS}), s.place, s.native_id LIMIT ?",
        (limit,),
    )
    found = []
    for whose, place, addresses, days, *values in rows:
        found += [Difference(whose=whose, place=place, field=f, before=before, after=after) for f, before, after in _differing(_PROFILE, values)]
        if addresses:
            found.append(Difference(whose=whose, place=place, field="address", before="", after=addresses[:_LONGEST]))
        found += [Difference(whose=whose, place=place, field=kind, before=before, after=after) for kind, before, after in worded(days)]
    return found


def _of_activities(staging: Staging, limit: int) -> list[Difference]:
    differs = {f: f"s.{f} <> a.{f}" for f in _ACTIVITY} | {"text": f"s.text <> a.text AND NOT {CUT_OFF}"}
    pairs = ", ".join(f"substr(a.{f}, 1, {_LONGEST}), substr(s.{f}, 1, {_LONGEST}), ({differs[f]}) AND {MAY.format(f=f)}" for f in _ACTIVITY)
    rows = staging.db.execute(
        f"SELECT coalesce(nullif(p.display_name, ''), p.handle), s.place, s.kind, {pairs} FROM stage.activities s "
        "JOIN main.places l ON l.name = s.place JOIN main.activities a ON a.place_id = l.id AND a.native_id = s.native_id "
        f"JOIN main.profiles p ON p.id = a.profile_id LEFT JOIN main.kinds k ON k.name = s.kind WHERE {ACTIVITY_DIFFERS} "
        "ORDER BY s.n LIMIT ?",
        (limit,),
    )
    found = []
    for whose, place, kind, *values in rows:
        found += [
            Difference(whose=whose, place=place, kind=kind, field=f, before=before, after=after) for f, before, after in _differing(_ACTIVITY, values)
        ]
    return found


def _differing(fields: tuple[str, ...], values: Sequence[Any]) -> Iterator[tuple[str, str, str]]:
    """(field, before, after) of those that say something else. values: before, after and whether they differ, field by field."""
    for field, before, after, differs in zip(fields, values[::3], values[1::3], values[2::3], strict=True):
        if after and differs:
            yield field, before, after
