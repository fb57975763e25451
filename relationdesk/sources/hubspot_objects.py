"""What HubSpot keeps, object by object: what is asked for, and what its exports call it. Pure.

Values are texts or null, times are UTC with milliseconds, a day is the midnight of the portal's zone, and what a person chooses
from a list is an inner name: stages and pipelines have theirs looked up, of the rest the words are made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from relationdesk.sources import json_fields
from relationdesk.sources.crm_live import Cells, Sheet, Users, words_of
from relationdesk.sources.json_fields import Json, record_of, records, string, whole

PLACE = "hubspot"
_MILLISECONDS = re.compile(r"\d{12,14}")
_DISPOSITIONS = {
    "f240bbac-87c9-4f6e-bf70-924b57d47db7": "Connected", "73a0d17f-1163-4015-bdd5-ec830791da20": "No answer",
    "b2cf5968-551e-4856-9783-52b3da59a7d0": "Left voicemail", "a4c4c377-d246-4b32-a13b-75a56a4cd0ff": "Left live message",
    "9d9162e7-6cf3-4944-bf63-4dff82258764": "Busy", "17b47fee-58de-441e-a44c-c6300d46f273": "Wrong number",
}  # fmt: skip
"""How a call ended, by the ids that are the same in every portal; a firm's own ones have no words."""


_DEAL_TYPES = {"newbusiness": "New Business", "existingbusiness": "Existing Business"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """What is looked up to read records. number: the portal's own id. labels: inner name of a stage or pipeline → its words."""

    number: str = ""
    web: str = "app.hubspot.com"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    users: Users = field(default_factory=Users)
    labels: Mapping[str, str] = field(default_factory=dict)

    def label(self, value: str) -> str:
        return self.labels.get(value) or _DEAL_TYPES.get(value) or words_of(value)

    def day(self, value: str) -> str:
        """A moment as the day that people see in the portal, "" for none."""
        moment = moment_of(value)
        return f"{moment.astimezone(self.zone):%Y-%m-%d}" if moment is not None else value

    def page(self, kind: str, id_: str) -> str:
        return f"https://{self.web}/contacts/{self.number}/record/{kind}/{id_}" if self.number and id_.isalnum() else ""


def moment_of(value: str) -> datetime | None:
    """ "2026-11-20T10:00:00.000Z", or milliseconds since 1970, which some versions give."""
    try:
        if _MILLISECONDS.fullmatch(value):
            return datetime.fromtimestamp(int(value) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return json_fields.moment_of(value)[0]


def milliseconds(record: Json, name: str) -> int:
    """When a record was changed, in milliseconds since 1970; 0 if it does not say."""
    moment = moment_of(string(record_of(record, "properties"), name, 40)) or moment_of(string(record, "updatedAt", 40))
    return max(0, int(moment.timestamp() * 1000)) if moment is not None else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Has:
    """A record with what belongs to it. linked: object → ids."""

    id: str
    properties: Json
    linked: Mapping[str, tuple[str, ...]]
    portal: Portal

    def text(self, name: str, limit: int = 100_000) -> str:
        """A property with its line breaks, "" for null."""
        value = self.properties.get(name)
        return value[:limit].replace("\0", "") if isinstance(value, str) else ""

    def word(self, name: str) -> str:
        return self.portal.label(string(self.properties, name, 300))

    def when(self, *names: str) -> str:
        moment = next((found for name in names if (found := moment_of(string(self.properties, name, 40))) is not None), None)
        return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment is not None else ""

    def owner(self) -> str:
        return self.portal.users.cell(string(self.properties, "hubspot_owner_id", 40))

    def ids(self, what: str) -> str:
        return ";".join(self.linked.get(what, ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """name: in addresses. kind: in the addresses of web pages, "" for what has none. cells: heading of the export → value."""

    name: str
    properties: tuple[str, ...]
    sheet: Sheet
    cells: Callable[[Has], Cells]
    kind: str = ""
    modified: str = "hs_lastmodifieddate"
    linked: tuple[str, ...] = ("contacts", "companies", "deals")

    @property
    def is_card(self) -> bool:
        return self.sheet.records is None

    @property
    def prefix(self) -> str:
        """Before the id in the key of what was done."""
        return f"{self.sheet.records.what}:" if self.sheet.records is not None else ""


def _linked(has: Has) -> dict[str, str]:
    return {"Associated Contact IDs": has.ids("contacts"), "Associated Company IDs": has.ids("companies"), "Associated Deal IDs": has.ids("deals")}


def _company(has: Has) -> Cells:
    return {
        "Record ID": has.id, "Company name": has.text("name", 500), "Company Domain Name": has.text("domain", 500), "Website URL": has.text("website", 500),
        "Phone Number": has.text("phone", 500), "Company owner": has.owner(),
    }  # fmt: skip


def _contact(has: Has) -> Cells:
    return {
        "Record ID": has.id, "First Name": has.text("firstname", 500), "Last Name": has.text("lastname", 500), "Email": has.text("email", 500),
        "Email Addresses": has.text("hs_additional_emails", 2_000), "Phone Number": has.text("phone", 500), "Mobile Phone Number": has.text("mobilephone", 500),
        "Job Title": has.text("jobtitle", 500), "Company Name": has.text("company", 500), "Website URL": has.text("website", 500),
        "Date of birth": has.text("date_of_birth", 60),
        "LinkedIn URL": has.text("hs_linkedin_url", 500), "Twitter Username": has.text("twitterhandle", 200), "Contact owner": has.owner(),
    }  # fmt: skip


def _deal(has: Has) -> Cells:
    return _linked(has) | {
        "Record ID": has.id, "Deal Name": has.text("dealname", 500), "Deal Stage": has.word("dealstage"), "Pipeline": has.word("pipeline"),
        "Amount": has.text("amount", 100), "Currency": has.text("deal_currency_code", 20), "Close Date": has.portal.day(has.text("closedate", 40)),
        "Deal Type": has.word("dealtype"), "Deal Description": has.text("description"), "Create Date": has.when("createdate", "hs_createdate"), "Deal owner": has.owner(),
    }  # fmt: skip


def _ticket(has: Has) -> Cells:
    return _linked(has) | {
        "Record ID": has.id, "Ticket name": has.text("subject", 500), "Ticket description": has.text("content"), "Ticket status": has.word("hs_pipeline_stage"),
        "Priority": has.word("hs_ticket_priority"), "Category": has.word("hs_ticket_category"), "Source": has.word("source_type"),
        "Closed Date": has.portal.day(has.text("closed_date", 40)), "Create Date": has.when("createdate", "hs_createdate"), "Ticket owner": has.owner(),
    }  # fmt: skip


def _task(has: Has) -> Cells:
    return _linked(has) | {
        "Record ID": has.id, "Task Title": has.text("hs_task_subject", 500), "Task Notes": has.text("hs_task_body"), "Task Status": has.word("hs_task_status"),
        "Priority": has.word("hs_task_priority").removeprefix("None"), "Task Type": has.word("hs_task_type").removeprefix("Todo"),
        "Due Date": has.when("hs_timestamp", "hs_createdate"), "Completed at": has.when("hs_task_completion_date"), "Assigned to": has.owner(),
    }  # fmt: skip


def _call(has: Has) -> Cells:
    seconds = (whole(has.properties, "hs_call_duration") or 0) // 1000
    duration = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}" if seconds else ""
    return _linked(has) | {
        "Record ID": has.id, "Call Title": has.text("hs_call_title", 500), "Call Notes": has.text("hs_call_body"), "Call Direction": has.word("hs_call_direction"),
        "Call Outcome": _DISPOSITIONS.get(string(has.properties, "hs_call_disposition", 60), ""), "Call Duration": duration,
        "Activity Date": has.when("hs_timestamp", "hs_createdate"), "Activity assigned to": has.owner(),
    }  # fmt: skip


def _meeting(has: Has) -> Cells:
    return _linked(has) | {
        "Record ID": has.id, "Meeting Name": has.text("hs_meeting_title", 500), "Meeting Description": has.text("hs_meeting_body"),
        "Meeting Outcome": has.word("hs_meeting_outcome"), "Meeting Location": has.text("hs_meeting_location", 300),
        "Meeting Start Time": has.when("hs_meeting_start_time", "hs_timestamp", "hs_createdate"), "Activity assigned to": has.owner(),
    }  # fmt: skip


def _email(has: Has) -> Cells:
    return _linked(has) | {
        "Record ID": has.id, "Email Subject": has.text("hs_email_subject", 500), "Email Body": has.text("hs_email_text") or has.text("hs_email_html"),
        "Email Direction": "Incoming" if has.text("hs_email_direction", 40) == "INCOMING_EMAIL" else "Outgoing", "Email Send Status": has.word("hs_email_status"),
        "Activity Date": has.when("hs_timestamp", "hs_createdate"), "Activity assigned to": has.owner(),
    }  # fmt: skip


def _note(has: Has) -> Cells:
    return _linked(has) | {
        "Record ID": has.id, "Note Body": has.text("hs_note_body"), "Activity Date": has.when("hs_timestamp", "hs_createdate"), "Activity assigned to": has.owner(),
    }  # fmt: skip


def _sheet(label: str, cells: Callable[[Has], Cells]) -> Sheet:
    return Sheet(f"HubSpot {label}", tuple(cells(Has(id="", properties={}, linked={}, portal=Portal()))))


def _object(name: str, properties: str, cells: Callable[[Has], Cells], *, kind: str = "", modified: str = "hs_lastmodifieddate", linked: str = "contacts companies deals") -> Object:
    asked = ("hubspot_owner_id", modified, *properties.split())
    return Object(name=name, properties=asked, sheet=_sheet(name, cells), cells=cells, kind=kind, modified=modified, linked=tuple(linked.split()))


OBJECTS = (
    _object("companies", "name domain website phone hs_merged_object_ids", _company, kind="0-2", linked=""),
    _object(
        "contacts", "firstname lastname email hs_additional_emails phone mobilephone jobtitle company website hs_linkedin_url twitterhandle date_of_birth associatedcompanyid hs_merged_object_ids",
        _contact, kind="0-1", modified="lastmodifieddate", linked="companies",
    ),
    _object(
        "deals", "dealname dealstage pipeline amount deal_currency_code closedate dealtype description createdate hs_createdate hs_merged_object_ids", _deal, kind="0-3",
        linked="contacts companies",
    ),
    _object(
        "tickets", "subject content hs_pipeline_stage hs_ticket_priority hs_ticket_category source_type closed_date createdate hs_createdate hs_merged_object_ids", _ticket, kind="0-5",
    ),
    _object("tasks", "hs_task_subject hs_task_body hs_task_status hs_task_priority hs_task_type hs_timestamp hs_createdate hs_task_completion_date", _task),
    _object("calls", "hs_call_title hs_call_body hs_call_direction hs_call_disposition hs_call_duration hs_timestamp hs_createdate", _call),
    _object("meetings", "hs_meeting_title hs_meeting_body hs_meeting_outcome hs_meeting_location hs_meeting_start_time hs_timestamp hs_createdate", _meeting),
    _object("emails", "hs_email_subject hs_email_text hs_email_html hs_email_direction hs_email_status hs_timestamp hs_createdate", _email),
    _object("notes", "hs_note_body hs_timestamp hs_createdate", _note),
)  # fmt: skip
"""In the order of reading: firms before their people, both before what was done with them."""


def linked_in(record: Json) -> dict[str, tuple[str, ...]]:
    """What a listed record says it belongs to: object → ids, the main one first, each once."""
    found: dict[str, tuple[str, ...]] = {}
    for name, part in (record_of(record, "associations") or {}).items():
        ends = sorted(records(part, "results"), key=lambda end: string(end, "type", 100).endswith("_unlabeled"))
        found[str(name).partition(" ")[0]] = tuple(dict.fromkeys(id_ for end in ends if (id_ := string(end, "id", 40))))
    return found
