"""Tables of CRMs: the real ones, then each way they name people, firms, deals and colleagues, then what breaks ids and dates."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import (
    Activity,
    Audience,
    Fact,
    Key,
    Kind,
    Precision,
    Profile,
    Progress,
    Rejected,
    Role,
    Tombstone,
)
from relationdesk.services import matching
from relationdesk.services.recognising import recognise
from relationdesk.sources.base import Options
from relationdesk.sources.crm_export import CrmExport
from relationdesk.sources.csv_contacts import CsvContacts
from relationdesk.store import profiles
from relationdesk.store.database import open_memory
from tests.facts import bring, who
from tests.shared import REAL

PLAIN = Options()
HUBSPOT = Path(__file__).parents[1] / "data" / "crm_export" / "hubspot"


def facts(path: Path, options: Options = PLAIN) -> list[Fact]:
    return [fact for fact in CrmExport().read(path, options) if not isinstance(fact, Progress)]


def activities(path: Path, options: Options = PLAIN) -> list[Activity]:
    return [fact for fact in facts(path, options) if isinstance(fact, Activity)]


def written(tmp_path: Path, **tables: str) -> Path:
    folder = tmp_path / "export"
    folder.mkdir(exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder / f"{name}.csv" if len(tables) == 1 else folder


def real(name: str) -> Path:
    path = REAL / name
    if not path.exists():
        pytest.skip(f"no real file {name} beside the checkout")
    return path


def test_real_salesforce_case() -> None:
    source, seen = recognise(real("crm/salesforce_Case.csv"))
    assert (source.name, seen.title, seen.place, seen.asks) == ("crm_export", "Salesforce tickets", "salesforce", ())
    (case,) = activities(real("crm/salesforce_Case.csv"))
    assert (case.key, case.actor, case.title, case.kind) == (("salesforce", "500A"), ("salesforce", "003C"), "Refund", Kind.OTHER)
    assert (case.published, case.precision) == (datetime(2026, 3, 1, 10, 0, tzinfo=UTC), Precision.SECOND)
    assert dict(case.extra) == {
        "closed": "2026-03-01T10:10:00.000Z", "number": "1", "origin": "Email", "priority": "High", "record": "ticket", "status": "Closed",
    }  # fmt: skip
    assert [p.profile.native_id for p in case.participants] == ["001B"]


def test_real_pipedrive_activities() -> None:
    source, seen = recognise(real("crm/pipedrive_activities.csv"))
    assert (source.name, seen.place) == ("crm_export", "pipedrive")
    found = facts(real("crm/pipedrive_activities.csv"))
    people = {fact.key: fact for fact in found if isinstance(fact, Profile)}
    call, meeting = (fact for fact in found if isinstance(fact, Activity))
    assert (call.kind, call.published, call.precision) == (Kind.CALL, datetime(2025, 9, 4, tzinfo=UTC), Precision.DAY)
    assert call.text.startswith("Went well\n\n") and "Status: Done" in call.text
    assert (meeting.kind, meeting.published) == (Kind.EVENT, datetime(2024, 12, 5, tzinfo=UTC))
    assert dict(meeting.extra)["status"] == "To do"
    for one in (call, meeting):
        assert people[one.actor].display_name == "Johan Aalto" and not people[one.actor].known
        assert [(people[p.profile].display_name, p.role) for p in one.participants] == [("Petra Harju", Role.TO), ("Harju Logistics", Role.SUBJECT)]
    assert all("Johan" not in str(person) for person in people.values() if person.known)


def test_real_lists_of_people_stay_contact_lists() -> None:
    for name in ("crm/hubspot_contacts.csv", "crm/hubspot_companies.csv", "crm/zoho"):
        assert recognise(real(name))[0].name == "csv_contacts"


def test_a_folder_of_tables_explains_its_ids() -> None:
    source, seen = recognise(HUBSPOT)
    assert (source.name, seen.title, [part.name for part in seen.parts]) == (
        "crm_export", "HubSpot export", ["people", "companies", "deals", "tickets", "calls"],
    )  # fmt: skip
    found = facts(HUBSPOT)
    people = {fact.key.native_id: fact for fact in found if isinstance(fact, Profile)}
    done = {fact.key.native_id: fact for fact in found if isinstance(fact, Activity)}
    assert (people["101"].company, people["102"].company) == ("Harbour Hotels", "Quay Catering")
    assert people["999"].display_name == "" and not people["999"].known  # an id that is not in the export
    deal = done["deal:1"]
    assert deal.actor == ("hubspot", "user:sam seller")
    assert [(p.profile.native_id, p.role) for p in deal.participants] == [("102", Role.SUBJECT), ("999", Role.SUBJECT), ("company:901", Role.SUBJECT)]
    assert deal.text == "Stage: Closed won · Pipeline: Sales · Amount: 5000 · Close date: 2024-05-01"
    assert done["deal:3"].actor == ("hubspot", "user:")  # of a firm; who of ours has it is not said
    assert [p.profile.native_id for p in done["deal:3"].participants] == ["company:900"]
    ticket = done["ticket:1"]
    assert (ticket.actor.native_id, ticket.text.split("\n\n")[:2]) == ("101", ["It came cold.", "Twice."])
    assert ticket.audience is Audience.PRIVATE
    assert (done["call:1"].actor.native_id, done["call:2"].actor.native_id) == ("user:sam@seller.example", "101")
    assert [fact.where for fact in found if isinstance(fact, Rejected)] == ["deals.csv line 3"]
    assert "Sam" not in "".join(str(person) for person in people.values() if person.known)


def test_lists_are_the_same_profiles_by_themselves() -> None:
    alone = [fact for name in ("companies", "contacts") for fact in CsvContacts().read(HUBSPOT / f"{name}.csv", Options()) if isinstance(fact, Profile)]
    together = {fact.key for fact in facts(HUBSPOT) if isinstance(fact, Profile)}
    assert len(alone) == 4 and {profile.key for profile in alone} <= together


def test_parts_can_be_left_out_and_whoever_is_named_is_still_told() -> None:
    found = facts(HUBSPOT, Options(parts=frozenset({"tickets"})))
    assert [fact.key.native_id for fact in found if isinstance(fact, Activity)] == ["ticket:1"]
    assert {fact.key.native_id: fact.display_name for fact in found if isinstance(fact, Profile)} == {"101": "Ann Berg", "company:900": "Harbour Hotels"}


SALESFORCE = {
    "Account": '"Id","IsDeleted","Name","BillingCity","OwnerId"\n"001000000000001AAA","false","Acme","Oslo","005000000000001AAA"\n',
    "Contact": '"Id","IsDeleted","AccountId","LastName","FirstName","Email","OwnerId"\n'
    '"0030000000000a1AAB","false","001000000000001","Berg","Ann","ann@acme.example","005000000000001AAA"\n'
    '"0030000000000A1AAB","false","001000000000001AAA","Cole","Ben","ben@acme.example","005000000000001AAA"\n',
    "Opportunity": '"Id","AccountId","Name","StageName","Amount","CloseDate","OwnerId","CreatedDate"\n'
    '"006000000000001AAA","001000000000001AAA","Menu","Won","5","2024-05-01","005000000000001AAA","2024-03-01T10:00:00.000Z"\n',
    "Task": '"Id","IsDeleted","WhoId","WhatId","Subject","ActivityDate","Status","OwnerId","Description","AccountId","IsClosed","TaskSubtype"\n'
    '"00T1","false","0030000000000a1","","Email: Offer","2024-03-05","Completed","005000000000001AAA","Dear Ann","","true",""\n'
    '"00T2","false","","006000000000001AAA","Send menu","2024-03-06","Open","005000000000001AAA","","","false","Task"\n'
    '"00T3","true","0030000000000a1","","gone","2024-03-06","Open","005000000000001AAA","","","false","Task"\n',
    "Event": '"Id","WhoId","WhatId","Subject","StartDateTime","EndDateTime","OwnerId","Location"\n'
    '"00U1","0030000000000A1AAB","","Tasting","2024-03-07T12:00:00.000+0000","2024-03-07T13:00:00.000+0000","005000000000001AAA","Quay"\n',
    "User": '"Id","Username","LastName","FirstName","ProfileId"\n"005000000000001AAA","sam@x.example","Seller","Sam","00e"\n',
}


def test_salesforce_ids_have_15_letters_in_the_case_they_are_written(tmp_path: Path) -> None:
    found = facts(written(tmp_path, **SALESFORCE))
    people = {fact.key.native_id: fact for fact in found if isinstance(fact, Profile)}
    assert (people["0030000000000a1"].display_name, people["0030000000000A1"].display_name) == ("Ann Berg", "Ben Cole")
    assert {people["0030000000000a1"].company, people["0030000000000A1"].company} == {"Acme"}
    assert people["user:005000000000001"].display_name == "Sam Seller"
    done = {fact.key.native_id: fact for fact in found if isinstance(fact, Activity)}
    assert [p.profile.native_id for p in done["00T1"].participants] == ["0030000000000a1"] and done["00T1"].kind is Kind.MAIL
    assert [p.profile.native_id for p in done["00T2"].participants] == ["001000000000001"]  # through its deal
    assert done["00U1"].published == datetime(2024, 3, 7, 12, 0, tzinfo=UTC) and done["00U1"].kind is Kind.EVENT
    assert [fact.key.native_id for fact in found if isinstance(fact, Tombstone)] == ["00T3"]
    assert not [fact for fact in found if isinstance(fact, Rejected)]


def test_a_salesforce_report_has_names_and_a_footer(tmp_path: Path) -> None:
    path = written(
        tmp_path, report="Case Number,Subject,Status,Account Name,Contact Name,Date/Time Opened\n7,Refund,New,Acme,Ann Berg,4/13/2024 3:05 PM\n\n"
        "My cases\nCopyright (c) 2000-2024 salesforce.com. All rights reserved.\n",
    )  # fmt: skip
    (case,) = activities(path)
    assert case.precision is Precision.MINUTE and case.published is not None and case.published.astimezone().strftime("%d.%m. %H:%M") == "13.04. 15:05"
    named = {fact.key: fact.display_name for fact in facts(path) if isinstance(fact, Profile)}
    assert named[case.actor] == "Ann Berg" and [named[p.profile] for p in case.participants] == ["Acme"]


ZOHO = {
    "Accounts_001": "Record Id,Account Name,Created Time,Modified Time\nzcrm_a1,Acme,2020-01-01 09:00:00,2020-01-01 09:00:00\n",
    "Contacts_001": "Record Id,First Name,Last Name,Email,Account Name.id,Created Time,Modified Time\n"
    "zcrm_c1,Ann,Berg,ann@acme.example,zcrm_a1,2020-01-01 09:00:00,2020-01-01 09:00:00\n",
    "Notes_001": "Record Id,Note Title,Note Content,Parent Id.id,Note Owner,Created Time,Modified Time\n"
    "zcrm_n1,Hi,likes tea,zcrm_c1,Sam Seller,2021-01-01 09:00:00,2021-01-01 09:00:00\n"
    "zcrm_n2,Firm,pays late,zcrm_a1,Sam Seller,2021-01-01 09:00:00,2021-01-01 09:00:00\n"
    "zcrm_n3,Nobody,x,zcrm_q9,Sam Seller,2021-01-01 09:00:00,2021-01-01 09:00:00\n",
}


def test_zoho_notes_find_what_they_are_written_on(tmp_path: Path) -> None:
    found = facts(written(tmp_path, **ZOHO))
    (ann,) = (fact for fact in found if isinstance(fact, Profile) and fact.key == ("zoho", "zcrm_c1"))
    assert ann.company == "Acme"
    on = {fact.title: [p.profile.native_id for p in fact.participants] for fact in found if isinstance(fact, Activity)}
    assert on == {"Hi": ["zcrm_c1"], "Firm": ["zcrm_a1"]}
    assert [fact.reason for fact in found if isinstance(fact, Rejected)] == ["This note names no contact and no company."]


@pytest.mark.parametrize("owner", ["Contact Owner.id,Contact Owner", "Lead Owner.id,Lead Status", "Owner.id,Create Date"])
def test_people_of_zoho_with_their_owner_are_not_taken_for_hubspot_s(tmp_path: Path, owner: str) -> None:
    """Both have record ids and owners; the tasks of Zoho's are on the page of Zoho's people."""
    people = f"Record Id,{owner},First Name,Last Name,Email,Created Time,Modified Time\nzcrm_c1,zcrm_u1,x,Ann,Berg,ann@acme.example,2020-01-01 09:00:00,2020-01-01 09:00:00\n"
    (note,) = activities(written(tmp_path, Contacts_001=people, Notes_001=ZOHO["Notes_001"].partition("zcrm_n2")[0]))
    assert [p.profile for p in note.participants] == [Key("zoho", "zcrm_c1")]
    (ann,) = (fact for fact in facts(tmp_path / "export") if isinstance(fact, Profile) and fact.display_name == "Ann Berg")
    assert ann.key == Key("zoho", "zcrm_c1")


def test_people_deleted_in_salesforce_are_told_and_are_nobody(tmp_path: Path) -> None:
    people = "Id,LastName,IsDeleted,OwnerId\n003A,Berg,false,005A\n003B,Cole,true,005A\n003C,Dahl,1,005A\n"
    found = list(CsvContacts().read(written(tmp_path, Contact=people), PLAIN))
    assert [fact.display_name for fact in found if isinstance(fact, Profile)] == ["Berg"]
    assert [(fact.where, fact.reason) for fact in found if isinstance(fact, Rejected)] == [(f"Contact.csv line {n}", "This record was deleted in the CRM.") for n in (3, 4)]


SALESFORCE_MERGED = (
    "Id,LastName,FirstName,IsDeleted,MasterRecordId,OwnerId\n003000000000001AAA,Larch,Peter,false,,005A\n"
    "003000000000002AAA,Larch,P.,true,003000000000001AAA,005A\n003000000000003AAA,Fern,Olga,true,,005A\n"
)
HUBSPOT_MERGED = "Record ID,First Name,Last Name,Email,Contact owner,{column}\n101,Peter,Larch,peter@larch.example,Sam,{ids}\n104,Olga,Fern,olga@fern.example,Sam,\n"


@pytest.mark.parametrize(
    ("name", "table", "now", "gone"),
    [
        ("Contact", SALESFORCE_MERGED, Key("salesforce", "003000000000001"), [Key("salesforce", "003000000000002")]),
        ("contacts", HUBSPOT_MERGED.format(column="Merged Record IDs", ids="102; 103;101"), Key("hubspot", "101"), [Key("hubspot", "102"), Key("hubspot", "103")]),
        ("contacts", HUBSPOT_MERGED.format(column="Merged Contact IDs", ids='"102,103"'), Key("hubspot", "101"), [Key("hubspot", "102"), Key("hubspot", "103")]),
        ("contacts", HUBSPOT_MERGED.format(column="hs_merged_object_ids", ids="102"), Key("hubspot", "101"), [Key("hubspot", "102")]),
        ("contacts", HUBSPOT_MERGED.format(column="Merged Record IDs", ids="1.02E+11"), Key("hubspot", "101"), []),
    ],
)  # fmt: skip
@pytest.mark.parametrize("alone", [True, False])
def test_records_that_a_crm_merged_become_a_question_if_both_are_people(tmp_path: Path, name: str, table: str, now: Key, gone: list[Key], alone: bool) -> None:
    """By the export as by the CRM itself; what the desk never had is not made of it."""
    calls = {} if alone else {"calls": "Record ID,Call title,Call notes,Activity date\n9,Hello,,2026-01-01\n"}
    path = written(tmp_path, **{name: table}, **calls)
    found = [fact for fact in (CsvContacts() if alone else CrmExport()).read(path, PLAIN) if isinstance(fact, Profile)]
    assert [fact.key for fact in found if fact.gone] == gone
    db = open_memory()
    bring(db, [who("Pit Larch", now.place, now.native_id), *(who(f"Jo{n} Birch", *one) for n, one in enumerate(gone))])
    bring(db, found)
    assert {(match.whose.name if match.whose else "", match.candidates[0][0].name) for match in matching.waiting(db)} == {(f"Jo{n} Birch", "Pit Larch") for n in range(len(gone))}
    assert all("says that the one became the other" in match.candidates[0][1].reasons[0].sentence for match in matching.waiting(db))
    empty = open_memory()
    bring(empty, found)
    assert not any(profiles.by_key(empty, one) for one in gone)


def test_people_and_firms_of_zoho_are_an_export_even_without_more(tmp_path: Path) -> None:
    path = written(tmp_path, Accounts_001=ZOHO["Accounts_001"], Contacts_001=ZOHO["Contacts_001"])
    assert recognise(path)[0].name == "crm_export"


PEOPLE = "Person - ID,Person - Name,Person - Organization,Person - Email\n1,Ann Berg,Acme,ann@acme.example\n2,Ben Cole,Acme,\n3,Ben Cole,Other,\n"
ACTIVITIES = "Activity - ID,Activity - Subject,Activity - Due date,Activity - Person,Activity - Organization\n"


def test_pipedrive_links_by_name_and_never_guesses_between_two(tmp_path: Path) -> None:
    path = written(tmp_path, people=PEOPLE, activities=ACTIVITIES + "1,A,2024-01-01,Ann Berg,Acme\n2,B,2024-01-01,Ben Cole,Acme\n")
    one, two = activities(path)
    (ann, _), (ben, _) = one.participants, two.participants
    assert ann.profile == Key("pipedrive", "1") and ben.profile.native_id not in ("2", "3")


@pytest.mark.parametrize(("direction", "actor"), [("Inbound", "101"), ("Outbound", "user:"), ("", "user:")])
def test_what_nobody_is_said_to_have_done_is_no_sign_of_life_from_the_customer(tmp_path: Path, direction: str, actor: str) -> None:
    (call,) = activities(written(tmp_path, calls=f"Record ID,Call Title,Activity date,Activity assigned to,Call Direction,Associated Contact IDs\n1,Menu,2024-03-04,,{direction},101\n"))
    assert call.actor == Key("hubspot", actor)
    assert [p.profile.native_id for p in call.participants] == ([] if actor == "101" else ["101"])


@pytest.mark.parametrize("line", ["1.23E+15,A,2024-01-01,Ann Berg,", "1.24E+15,A,2024-01-01,Ann Berg,"])
def test_ids_that_a_spreadsheet_shortened_count_for_nothing(tmp_path: Path, line: str) -> None:
    first, second = activities(written(tmp_path, activities=f"{ACTIVITIES}{line}\n{line.replace('A,', 'B,')}\n"))
    assert first.key != second.key and "E+15" not in first.key.native_id


def test_equal_rows_without_ids_are_two_and_the_same_two_next_time(tmp_path: Path) -> None:
    path = written(tmp_path, activities=ACTIVITIES + ",A,2024-01-01,Ann Berg,\n,A,2024-01-01,Ann Berg,\n")
    first, second = activities(path)
    assert first.key != second.key and [a.key for a in activities(path)] == [first.key, second.key]


def test_an_open_order_of_dates_is_asked(tmp_path: Path) -> None:
    path = written(tmp_path, activities=ACTIVITIES + "1,A,3/4/2024,Ann Berg,\n")
    seen = CrmExport().recognise(path)
    assert seen is not None and [ask.name for ask in seen.asks] == ["date_order"]
    assert [words for _, words in seen.asks[0].choices] == ["3 April 2024", "4 March 2024"]
    with pytest.raises(UnreadableFile, match=r"Which day does 3/4/2024 mean"):
        facts(path)
    for answer, month in (("day_first", 4), ("month_first", 3)):
        (one,) = activities(path, Options(answers={"date_order": answer}))
        assert one.published is not None and one.published.month == month
    path = written(tmp_path, activities=ACTIVITIES + "1,A,3/4/2024,Ann Berg,\n2,B,13/4/2024,Ann Berg,\n")
    assert [a.published.month for a in activities(path) if a.published] == [4, 4]


def test_a_date_that_is_none_is_unknown_not_made_up(tmp_path: Path) -> None:
    (one,) = activities(written(tmp_path, activities=ACTIVITIES + "1,A,soon,Ann Berg,\n"))
    assert (one.published, one.precision) == (None, Precision.UNKNOWN)


def test_a_zip_is_read_as_a_folder(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "WE_00D.ZIP", "w") as archive:
        for name, text in SALESFORCE.items():
            archive.writestr(f"{name}.csv", text)
    assert len(activities(tmp_path / "WE_00D.ZIP")) == 4


def test_pipedrive_tells_the_time_beside_the_day(tmp_path: Path) -> None:
    head = "Activity - ID,Activity - Subject,Activity - Type,Activity - Due date,Activity - Due time,Activity - Add time,Activity - Person"
    path = written(tmp_path, activities="\n".join((head, "1,Call,Call,2026-03-02,14:30,,Ann Lee", "2,Visit,Meeting,2026-03-03,,,Ann Lee", "3,Note,Task,,14:30,2026-03-04 09:00:00,Ann Lee")))
    found = [(one.published.astimezone(), one.precision) for one in activities(path, Options()) if one.published]
    assert [f"{when:%d %H:%M}" for when, _ in found if when] == ["02 14:30", "03 00:00", "04 09:00"]
    assert [precision for _, precision in found] == [Precision.MINUTE, Precision.DAY, Precision.SECOND]


def test_who_is_only_named_beside_an_id_has_that_name(tmp_path: Path) -> None:
    """A table of deals alone: ids and names stand in the same order. Where they are not as many, nobody is called anything."""
    path = written(
        tmp_path, deals="Record ID,Deal Name,Deal Stage,Amount,Create Date,Associated Contact,Associated Contact IDs,Associated Company,Associated Company IDs\n"
        "7001,Pumps,Won,1,2024-01-03 10:00,Ana Ruiz (ana@ruiz.example);Bo Berg,151;152,Ruiz SA,9001\n7002,Valves,New,1,2024-01-03 10:00,Cy Lund,153;154,Oak Ltd,9002;9003\n",
    )  # fmt: skip
    told = {one.key.native_id: one for one in facts(path) if isinstance(one, Profile)}
    assert [(told[id_].display_name, [address.value for address in told[id_].addresses]) for id_ in ("151", "152", "153")] == [("Ana Ruiz", ["ana@ruiz.example"]), ("Bo Berg", []), ("", [])]
    assert [(told[f"company:{id_}"].company, told[f"company:{id_}"].is_company) for id_ in ("9001", "9002")] == [("Ruiz SA", True), ("", False)]
