"""The tables of CRMs that are no lists of people: deals, tickets, tasks, calls, meetings, mails and notes, by their headings.

HubSpot, Salesforce (Data Loader, weekly export, reports), Pipedrive and Zoho. Which columns hold what is data; who is meant
by the ids and names in them is `crm_index`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from relationdesk.model import Kind
from relationdesk.saying import marked
from relationdesk.sources.crm_languages import in_english


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """One kind of table. needs, one_of, lacks: folded headings, as in `csv_columns.Layout`. Of the others each names folded
    headings of which the first that is filled counts.

    what: the part it belongs to, singular. when: when it was done or made. by: who of ours did it, never the contact.
    details: (word shown, headings): what else is worth showing.
    """

    what: str
    title: str
    place: str
    kind: Kind
    needs: frozenset[str]
    one_of: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    id: tuple[str, ...] = ("record id", "id")
    subject: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    clock: tuple[str, ...] = ()  # the time beside a day in the first of `when`
    who_id: tuple[str, ...] = ()
    who_name: tuple[str, ...] = ()
    who_mail: tuple[str, ...] = ()
    company_id: tuple[str, ...] = ()
    company_name: tuple[str, ...] = ()
    deal: tuple[str, ...] = ()  # id or name of a deal, through which people are found if the row names none
    by: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    incoming: tuple[str, ...] = ()  # holds "incoming" or "inbound" where the contact did it
    deleted: tuple[str, ...] = ("isdeleted",)
    details: tuple[tuple[str, tuple[str, ...]], ...] = ()


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


def _details(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """"Stage: deal stage|stage; Amount: amount" """
    return tuple((word.strip(), _names(columns.strip())) for word, _, columns in (part.partition(":") for part in text.split(";")))


def _hubspot(what: str, kind: Kind, needs: str, **more: object) -> Records:
    return Records(
        what=what, title="HubSpot", place="hubspot", kind=kind, needs=_set(needs),
        who_id=_names("associated contact ids|associated contact id|contact ids"),
        who_name=_names("associated contact|associated contacts|contact"), who_mail=_names("associated contact email|contact email"),
        company_id=_names("associated company ids|associated company id|primary associated company id|associated company ids primary"),
        company_name=_names("associated company|associated companies|primary associated company|associated company primary"),
        deal=_names("associated deal ids|associated deal id"),
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


_HUBSPOT = (
    _hubspot(
        marked("deal"), Kind.OTHER, "deal name", one_of=_set("deal stage|pipeline|deal owner|record id|deal id"), lacks=_set("closing date|modified time"),
        id=_names("record id|deal id"), subject=_names("deal name"), text=_names("deal description|description"),
        when=_names("create date|created date|createdate|close date"), by=_names("deal owner|owner"),
        details=_details("Stage: deal stage|stage; Pipeline: pipeline; Amount: amount|amount in company currency; Currency: currency; Close date: close date; Type: deal type"),
    ),
    _hubspot(
        marked("ticket"), Kind.OTHER, "ticket name", id=_names("record id|ticket id"), subject=_names("ticket name"),
        text=_names("ticket description|description"), when=_names("create date|created date"), by=_names("ticket owner|owner"),
        details=_details("Status: ticket status|status; Priority: priority; Category: category; Source: source; Closed: close date|closed date"),
    ),
    _hubspot(
        marked("task"), Kind.OTHER, "task title", id=_names("record id|task id"), subject=_names("task title"), text=_names("notes|task notes|body"),
        when=_names("due date|activity date|create date|created at"), by=_names("assigned to|activity assigned to|task owner|owner"), type=_names("task type|type"),
        details=_details("Status: task status|status; Priority: priority; Due: due date; Done: completed at|completed date"),
    ),
    _hubspot(
        marked("call"), Kind.CALL, "call title", id=_names("record id|call id"), subject=_names("call title"), text=_names("call notes|notes|body"),
        when=_names("activity date|call date|create date"), by=_names("activity assigned to|assigned to|call owner|owner"), incoming=_names("call direction|direction"),
        details=_details("Outcome: call outcome|outcome; Duration: call duration|duration|call duration hh mm ss"),
    ),
    _hubspot(
        marked("meeting"), Kind.EVENT, "meeting name", id=_names("record id|meeting id"), subject=_names("meeting name"),
        text=_names("meeting description|description|notes"), when=_names("meeting start time|start time|activity date|create date"),
        by=_names("activity assigned to|assigned to|meeting owner|owner"), details=_details("Outcome: meeting outcome|outcome; Place: meeting location|location"),
    ),
    _hubspot(
        "mail", Kind.MAIL, "email subject", id=_names("record id|email id"), subject=_names("email subject"), text=_names("email body|body"),
        when=_names("activity date|email send date|sent date|create date"), by=_names("activity assigned to|assigned to|email owner|owner"),
        incoming=_names("email direction|direction"), details=_details("Status: email send status|send status"),
    ),
    _hubspot(
        marked("note"), Kind.OTHER, "note body", id=_names("record id|note id"), text=_names("note body"), when=_names("activity date|create date"),
        by=_names("activity assigned to|assigned to|note owner|owner"),
    ),
)  # fmt: skip


def _salesforce(what: str, kind: Kind, needs: str, **more: object) -> Records:
    values: dict[str, object] = {
        "id": _names("id"), "by": _names("ownerid"), "deal": _names("whatid|relatedtoid"), "company_id": _names("accountid|whatid|parentid"),
        "who_id": _names("whoid|contactid|parentid"), "text": _names("description"), "subject": _names("subject"), "when": _names("createddate"),
    }  # fmt: skip
    return Records(what=what, title="Salesforce", place="salesforce", kind=kind, needs=_set(needs), **{**values, **more})  # type: ignore[arg-type]


_SALESFORCE = (
    _salesforce(
        marked("ticket"), Kind.OTHER, "id|casenumber",
        details=_details("Number: casenumber; Status: status; Priority: priority; Origin: origin; Type: type; Reason: reason; Closed: closeddate"),
    ),
    _salesforce(
        marked("meeting"), Kind.EVENT, "id|whoid|subject", one_of=_set("startdatetime|enddatetime|durationinminutes|isalldayevent"),
        when=_names("startdatetime|activitydatetime|activitydate|createddate"), details=_details("Place: location; Minutes: durationinminutes; Until: enddatetime"),
    ),
    _salesforce(
        marked("task"), Kind.OTHER, "id|whoid|subject", one_of=_set("activitydate|status|isclosed|tasksubtype"),
        when=_names("activitydate|completeddatetime|createddate"), type=_names("tasksubtype|type"),
        details=_details("Status: status; Priority: priority; Due: activitydate; Seconds: calldurationinseconds"),
    ),
    _salesforce(
        marked("deal"), Kind.OTHER, "id|stagename|name", subject=_names("name"), who_id=_names("contactid"), company_id=_names("accountid"),
        details=_details("Stage: stagename; Amount: amount; Currency: currencyisocode; Probability: probability; Close date: closedate; Next step: nextstep"),
    ),
    _salesforce(marked("note"), Kind.OTHER, "id|parentid|body|title", subject=_names("title"), text=_names("body"), deal=_names("parentid")),
    Records(
        what="deal", title="Salesforce", place="salesforce", kind=Kind.OTHER, needs=_set("opportunity name|stage"), lacks=_set("id"), id=_names("opportunity id"),
        subject=_names("opportunity name"), text=_names("description"), when=_names("created date|close date"), company_id=_names("account id"),
        company_name=_names("account name"), who_name=_names("contact name|primary contact"), by=_names("opportunity owner"),
        details=_details("Stage: stage; Amount: amount; Probability: probability; Close date: close date; Next step: next step"),
    ),
    Records(
        what="ticket", title="Salesforce", place="salesforce", kind=Kind.OTHER, needs=_set("case number|subject"), lacks=_set("id"), id=_names("case id"),
        subject=_names("subject"), text=_names("description"), when=_names("date time opened|opened date|created date"), company_id=_names("account id"),
        company_name=_names("account name"), who_id=_names("contact id"), who_name=_names("contact name"), who_mail=_names("contact email"), by=_names("case owner"),
        details=_details("Number: case number; Status: status; Priority: priority; Origin: case origin; Closed: date time closed|closed date"),
    ),
    Records(
        what="task", title="Salesforce", place="salesforce", kind=Kind.OTHER, needs=_set("subject"), one_of=_set("due date only|company account"), lacks=_set("id"),
        id=_names("activity id"), subject=_names("subject"), text=_names("comments|full comments"), when=_names("due date only|date|start|created date"),
        company_id=_names("account id"), company_name=_names("company account|account name"), who_id=_names("contact id|lead id"),
        who_name=_names("contact|name|contact name|lead"), by=_names("assigned"), type=_names("activity type|type|task subtype"),
        details=_details("Status: status; Priority: priority; Deal: opportunity"),
    ),
)  # fmt: skip


def _pipedrive(what: str, kind: Kind, needs: str, entity: str, **more: object) -> Records:
    return Records(
        what=what, title="Pipedrive", place="pipedrive", kind=kind, needs=_set(needs), id=(f"{entity} id",),
        who_name=_names(f"{entity} person|{entity} contact person|person name"), who_id=_names(f"{entity} person id|{entity} contact person id"),
        company_name=_names(f"{entity} organization|organization name"), company_id=(f"{entity} organization id",), deal=(f"{entity} deal",), **more,  # type: ignore[arg-type]
    )  # fmt: skip


_PIPEDRIVE = (
    _pipedrive(
        marked("task"), Kind.OTHER, "activity subject", "activity", one_of=_set("activity id|activity type|activity due date|activity person"),
        subject=_names("activity subject"), text=_names("activity note|activity public description"),
        when=_names("activity due date|activity add time"), clock=_names("activity due time"), by=_names("activity assigned to user|activity creator"), type=_names("activity type"),
        details=_details("Type: activity type; Status: activity done; Deal: activity deal; Duration: activity duration; Place: activity location"),
    ),
    _pipedrive(
        marked("deal"), Kind.OTHER, "deal title", "deal", subject=_names("deal title"), when=_names("deal deal created|deal add time|deal created|deal won time"),
        by=_names("deal owner"),
        details=_details("Stage: deal stage; Status: deal status; Value: deal value; Currency: deal currency of value|deal currency; Won: deal won time; Lost: deal lost time; Expected: deal expected close date; Why lost: deal lost reason"),
    ),
    _pipedrive(
        marked("deal"), Kind.OTHER, "lead title", "lead", subject=_names("lead title"), when=_names("lead lead created|lead created|lead add time"), by=_names("lead owner"),
        details=_details("Value: lead value; Source: lead source; Expected: lead expected close date"),
    ),
    _pipedrive(
        marked("note"), Kind.OTHER, "note content", "note", text=_names("note content"), when=_names("note add time|note created"), by=_names("note user"),
    ),
)  # fmt: skip


def _zoho(what: str, kind: Kind, needs: str, **more: object) -> Records:
    values: dict[str, object] = {
        "one_of": _set("created time|modified time|created by id"),
        "text": _names("description"), "when": _names("created time"),
        "who_id": _names("contact name id|who id id|contact id|parent id id|parent id"), "who_name": _names("contact name|who id"),
        "company_id": _names("account name id|what id id|related to id|parent id id|parent id"), "company_name": _names("account name|related to"),
        "deal": _names("deal name id|what id id|related to id|parent id id|parent id"),
    }  # fmt: skip
    return Records(what=what, title="Zoho", place="zoho", kind=kind, needs=_set(f"record id|{needs}"), **{**values, **more})  # type: ignore[arg-type]


_ZOHO_DEAL = {
    "subject": _names("deal name|potential name"), "by": _names("deal owner|potential owner|owner|deal owner id|owner id"),
    "details": _details("Stage: stage; Amount: amount; Closing date: closing date; Probability: probability; Next step: next step; Type: type"),
}  # fmt: skip

_ZOHO = (
    _zoho(marked("deal"), Kind.OTHER, "deal name|stage", **_ZOHO_DEAL),
    _zoho(marked("deal"), Kind.OTHER, "potential name|stage", **_ZOHO_DEAL),
    _zoho(marked("note"), Kind.OTHER, "note content", subject=_names("note title"), text=_names("note content"), by=_names("note owner|owner|note owner id|owner id")),
    _zoho(
        marked("call"), Kind.CALL, "subject|call start time", subject=_names("subject"), when=_names("call start time|created time"),
        by=_names("call owner|owner|call owner id|owner id"), incoming=_names("call type"),
        details=_details("Type: call type; Duration: call duration; Purpose: call purpose; Result: call result"),
    ),
    _zoho(
        marked("task"), Kind.OTHER, "subject|due date", subject=_names("subject"), when=_names("due date|created time"), by=_names("task owner|owner|task owner id|owner id"),
        details=_details("Status: status; Priority: priority; Due: due date; Done: closed time"),
    ),
    _zoho(
        marked("meeting"), Kind.EVENT, "start datetime", subject=_names("event title|title|subject"), when=_names("start datetime"),
        by=_names("event owner|host|owner|event owner id|owner id"), details=_details("Place: location|venue; Until: end datetime"),
    ),
    _zoho(
        marked("meeting"), Kind.EVENT, "from|to", subject=_names("event title|title|subject"), when=_names("from"), by=_names("event owner|host|owner|event owner id|owner id"),
        details=_details("Place: location|venue; Until: to"),
    ),
    _zoho(
        marked("ticket"), Kind.OTHER, "case number|subject", subject=_names("subject"), by=_names("case owner|owner|case owner id|owner id"),
        details=_details("Number: case number; Status: status; Priority: priority; Origin: case origin"),
    ),
)  # fmt: skip

RECORDS: tuple[Records, ...] = (*_HUBSPOT, *_ZOHO, *_SALESFORCE, *_PIPEDRIVE)
"""In the order of asking."""

ANY_RECORD = frozenset({"parent id id", "parent id", "what id id", "related to id", "whatid", "parentid", "relatedtoid"})
"""Columns that may hold the id of any kind of record."""

COMPANY_IDS = frozenset(column for one in RECORDS for column in one.company_id) - ANY_RECORD | {"person organization id"}
DEAL_IDS = frozenset(column for one in RECORDS for column in one.deal) - ANY_RECORD

WORDS = frozenset().union(*(one.needs | one.one_of | {"subject", "status"} for one in RECORDS))
"""Headings that tell a table of a CRM from any other."""


def records_of(columns: Sequence[str]) -> Records | None:
    """What a table with these headings holds, if it is one of a CRM's that is no list of people."""
    folded = set(in_english(columns))
    for one in RECORDS:
        if one.needs <= folded and not one.lacks & folded and (not one.one_of or one.one_of & folded):
            return one
    return None
