"""What Pipedrive keeps, kind by kind: where it is asked for, and what its exports call it. Pure.

The second version of its API tells ids and times with a zone; what only the first has (notes, leads) tells times in UTC without
saying so. The due time of an activity is UTC, too; without one it is a day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from relationdesk.sources.crm_live import Cells, Sheet, Users, words_of
from relationdesk.sources.crm_memory import stamp
from relationdesk.sources.json_fields import Json, moment_of, record_of, records, string

PLACE = "pipedrive"
_CLOCK = re.compile(r"\d{2}:\d{2}(?::\d{2})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """What is looked up to read records. web: the firm's own address. labels: "stage 3", "pipeline 1", "type call" → words. deals,
    companies: id → title or name."""

    web: str = ""
    users: Users = field(default_factory=Users)
    labels: Mapping[str, str] = field(default_factory=dict)
    deals: Mapping[str, str] = field(default_factory=dict)
    companies: Mapping[str, str] = field(default_factory=dict)

    def page(self, kind: str, id_: str) -> str:
        return f"{self.web}/{kind}/{id_}" if self.web and kind and re.fullmatch(r"[\w-]{1,60}", id_) else ""


def utc(text: str) -> str:
    """ "2022-01-04 10:44:11", which is UTC, or RFC 3339 as "2022-01-04T10:44:11Z"; "" for no time."""
    moment, _ = moment_of(text)
    if moment is None or _DAY.fullmatch(text):
        return text if moment is not None else ""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def changed(record: Json) -> int:
    """When a record was changed, in milliseconds since 1970; 0 if it does not say."""
    return stamp(string(record, "update_time", 40)) or stamp(string(record, "add_time", 40))


def is_deleted(record: Json) -> bool:
    """Only where the record itself says so."""
    return record.get("is_deleted") is True or record.get("deleted") is True or record.get("active_flag") is False or record.get("status") == "deleted"


def id_in(record: Json, name: str) -> str:
    """An id, which the first version wraps in an object with its name."""
    inner = record_of(record, name)
    return string(inner, "value", 60) or string(inner, "id", 60) if inner is not None else string(record, name, 60)


def values_in(record: Json, *names: str) -> str:
    """Mail addresses or phone numbers, the main one first; the first version calls the list by the singular."""
    found = [each for name in names for each in records(record, name)]
    ordered = sorted(found, key=lambda each: each.get("primary") is not True)
    return ";".join(dict.fromkeys(value for each in ordered if (value := string(each, "value", 400))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """name: what the cursor calls it, never rename. path: where its list is. first: it is a list of the first version. may_fail: not
    every firm has it. owner: the field that says who of ours it belongs to. page: in the address of its web page."""

    name: str
    path: str
    sheet: Sheet
    cells: Callable[[Json, Firm], Cells]
    owner: str = "owner_id"
    page: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    first: bool = False
    may_fail: bool = False

    @property
    def is_card(self) -> bool:
        return self.sheet.records is None

    @property
    def prefix(self) -> str:
        """Before the id in the key of what was done."""
        return f"{self.sheet.records.what}:" if self.sheet.records is not None else ""


def text_of(record: Json, name: str, limit: int = 100_000) -> str:
    value = record.get(name)
    return value[:limit].replace("\0", "") if isinstance(value, str) else ""


def number(record: Json, name: str) -> str:
    """A number as it is written: 5000, not 5000.0."""
    value = record.get(name)
    return "" if isinstance(value, bool) or not isinstance(value, int | float) else f"{value:.15g}"


def _organization(record: Json, firm: Firm) -> Cells:
    return {
        "Organization - ID": string(record, "id", 60), "Organization - Name": string(record, "name"), "Organization - Website": string(record, "website"),
        "Organization - Owner": firm.users.cell(id_in(record, "owner_id")),
    }  # fmt: skip


def _person(record: Json, firm: Firm) -> Cells:
    return {
        "Person - ID": string(record, "id", 60), "Person - Name": string(record, "name"), "Person - Email": values_in(record, "emails", "email"),
        "Person - Phone": values_in(record, "phones", "phone"), "Person - Job Title": string(record, "job_title"),
        "Person - Organization": firm.companies.get(id_in(record, "org_id"), ""), "Person - Owner": firm.users.cell(id_in(record, "owner_id")),
    }  # fmt: skip


def _deal(record: Json, firm: Firm) -> Cells:
    return {
        "Deal - ID": string(record, "id", 60), "Deal - Title": string(record, "title"), "Deal - Contact person ID": id_in(record, "person_id"),
        "Deal - Organization ID": id_in(record, "org_id"), "Deal - Stage": firm.labels.get(f"stage {string(record, 'stage_id', 30)}", ""),
        "Deal - Status": string(record, "status", 30).capitalize(), "Deal - Value": number(record, "value"), "Deal - Currency": string(record, "currency", 20),
        "Deal - Won time": utc(string(record, "won_time", 40)), "Deal - Lost time": utc(string(record, "lost_time", 40)), "Deal - Lost reason": string(record, "lost_reason"),
        "Deal - Expected close date": string(record, "expected_close_date", 20), "Deal - Deal created": utc(string(record, "add_time", 40)),
        "Deal - Owner": firm.users.cell(id_in(record, "owner_id")),
    }  # fmt: skip


def _lead(record: Json, firm: Firm) -> Cells:
    value = record_of(record, "value") or {}
    amount = " ".join(filter(None, (number(value, "amount"), string(value, "currency", 20))))
    return {
        "Lead - ID": string(record, "id", 60), "Lead - Title": string(record, "title"), "Lead - Contact person ID": id_in(record, "person_id"),
        "Lead - Organization ID": id_in(record, "organization_id"), "Lead - Value": amount, "Lead - Source": string(record, "source_name", 100),
        "Lead - Expected close date": string(record, "expected_close_date", 20), "Lead - Lead created": utc(string(record, "add_time", 40)),
        "Lead - Owner": firm.users.cell(id_in(record, "owner_id")),
    }  # fmt: skip


def _activity(record: Json, firm: Firm) -> Cells:
    day, clock = string(record, "due_date", 20), string(record, "due_time", 20)
    due = utc(f"{day} {clock}") if day and _CLOCK.fullmatch(clock) else utc(day)
    who = [id_in(record, "person_id"), *(id_in(each, "person_id") for each in records(record, "participants"))]
    done, location = record.get("done"), record_of(record, "location")
    kind = string(record, "type", 100)
    return {
        "Activity - ID": string(record, "id", 60), "Activity - Subject": string(record, "subject"), "Activity - Type": firm.labels.get(f"type {kind}") or words_of(kind).capitalize(),
        "Activity - Due date": due, "Activity - Add time": utc(string(record, "add_time", 40)), "Activity - Done": "Done" if done in (True, 1) else "To do" if done in (False, 0) else "",
        "Activity - Person ID": ";".join(dict.fromkeys(filter(None, who))), "Activity - Organization ID": id_in(record, "org_id"),
        "Activity - Deal": firm.deals.get(id_in(record, "deal_id"), ""), "Activity - Note": text_of(record, "note") or text_of(record, "public_description"),
        "Activity - Duration": "" if (length := string(record, "duration", 20)) in ("0", "00:00", "00:00:00") else length,
        "Activity - Location": string(location, "value") if location is not None else string(record, "location"),
        "Activity - Assigned to user": firm.users.cell(id_in(record, "owner_id") or id_in(record, "user_id")),
    }  # fmt: skip


def _note(record: Json, firm: Firm) -> Cells:
    return {
        "Note - ID": string(record, "id", 60), "Note - Content": text_of(record, "content"), "Note - Person ID": id_in(record, "person_id"),
        "Note - Organization ID": id_in(record, "org_id"), "Note - Deal": firm.deals.get(id_in(record, "deal_id"), ""), "Note - Add time": utc(string(record, "add_time", 40)),
        "Note - User": firm.users.cell(id_in(record, "user_id")),
    }  # fmt: skip


def _sheet(label: str, cells: Callable[[Json, Firm], Cells]) -> Sheet:
    return Sheet(f"Pipedrive {label}", tuple(cells({}, Firm())))


ORGANIZATIONS = Kind(name="organizations", path="/api/v2/organizations", sheet=_sheet("organizations", _organization), cells=_organization, page="organization")
DEALS = Kind(
    name="deals", path="/api/v2/deals", sheet=_sheet("deals", _deal), cells=_deal, page="deal", query={"status": "open,won,lost,deleted"}
)  # fmt: skip
ACTIVITIES = Kind(name="activities", path="/api/v2/activities", sheet=_sheet("activities", _activity), cells=_activity)
NOTES = Kind(name="notes", path="/api/v1/notes", sheet=_sheet("notes", _note), cells=_note, owner="user_id", first=True)
KINDS = (
    ORGANIZATIONS,
    Kind(name="persons", path="/api/v2/persons", sheet=_sheet("persons", _person), cells=_person, page="person"),
    DEALS,
    Kind(name="archived deals", path="/api/v2/deals/archived", sheet=DEALS.sheet, cells=_deal, page="deal", query=DEALS.query, may_fail=True),
    Kind(name="leads", path="/api/v1/leads", sheet=_sheet("leads", _lead), cells=_lead, page="leads/inbox", first=True, may_fail=True),
    ACTIVITIES,
    NOTES,
)
"""In the order of reading: firms before their people, both before what was done with them."""
