"""What Salesforce keeps, object by object: the fields that are asked for, which are also the headings of its weekly export. Pure.

Its Account is our company. An id is written with 15 letters or the same with three more; whose it is (a contact's, a lead's, a
firm's) its first three letters say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from relationdesk.sources.crm_live import Cells, Sheet
from relationdesk.sources.crm_memory import stamp
from relationdesk.sources.json_fields import Json, record_of, string

PLACE = "salesforce"
_LONG = frozenset({"Description"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """name: in queries. fields: as far as an org has them and shows them to us. sheet: the table its export would write."""

    name: str
    fields: tuple[str, ...]
    sheet: Sheet

    @property
    def is_card(self) -> bool:
        return self.sheet.records is None


_ALWAYS = ("Id", "IsDeleted", "SystemModstamp")


def _object(name: str, fields: str) -> Object:
    own = tuple(fields.split())
    headings = ("Id", "IsDeleted", *(field for field in own if "." not in field))
    return Object(name=name, fields=(*_ALWAYS, *own), sheet=Sheet(f"Salesforce {name}", headings))


FIRMS = "Account"
"""What Salesforce calls a company."""
OBJECTS = (
    _object(FIRMS, "Name Phone Website BillingCity NumberOfEmployees OwnerId Description MasterRecordId"),
    _object("Contact", f"LastName FirstName Salutation Email Phone MobilePhone HomePhone OtherPhone Title Birthdate {FIRMS}Id OwnerId LeadSource Description MasterRecordId {FIRMS}.Name"),
    _object("Lead", "LastName FirstName Salutation Email Phone MobilePhone Title Company Website OwnerId LeadSource Description IsConverted ConvertedContactId MasterRecordId"),
    _object("Opportunity", f"Name {FIRMS}Id ContactId StageName Amount CurrencyIsoCode Probability CloseDate NextStep Description OwnerId CreatedDate"),
    _object("Case", f"CaseNumber Subject ContactId {FIRMS}Id Status Priority Origin Type Reason Description OwnerId CreatedDate ClosedDate"),
    _object("Task", f"WhoId WhatId Subject ActivityDate Status Priority TaskSubtype Type Description {FIRMS}Id OwnerId IsClosed CallDurationInSeconds CompletedDateTime CreatedDate"),
    _object("Event", f"WhoId WhatId Subject StartDateTime EndDateTime ActivityDate DurationInMinutes IsAllDayEvent Location Description {FIRMS}Id OwnerId CreatedDate"),
)
"""In the order of reading: firms before their people, both before what was done with them."""
DEALS = next(one for one in OBJECTS if one.name == "Opportunity")


def cells_of(one: Object, record: Json) -> Cells:
    """A record as a row of the export. An entry of a whole day has no hour."""
    cells = {heading: cell(record, heading) for heading in one.sheet.headings}
    if record.get("IsAllDayEvent") is True:
        cells |= {"StartDateTime": "", "EndDateTime": "", "DurationInMinutes": ""}
    return cells


def cell(record: Mapping[str, object], name: str) -> str:
    value = record.get(name)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.15g}"
    if name in _LONG and isinstance(value, str):
        return value[:100_000].replace("\0", "")
    return string(record, name)


def firm_in(record: Json) -> tuple[str, str]:
    """The id and the name of the company a record belongs to, "" for none."""
    return string(record, f"{FIRMS}Id", 30), string(record_of(record, FIRMS), "Name")


def changed(record: Json) -> int:
    """When a record was changed, in milliseconds since 1970; 0 if it does not say."""
    return stamp(string(record, "SystemModstamp", 40))
