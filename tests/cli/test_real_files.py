"""Every real file that this program reads, through the command line: the counts of EXPECTED.md, and again without a change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from relationdesk.cli.main import run
from relationdesk.services import review
from relationdesk.store import people as persons
from relationdesk.store.database import open_desk
from tests.facts import NOW
from tests.shared import REAL

# file: format, place, profiles, activities, refused rows
EXPECTED: dict[str, tuple[str, str, int, int, int]] = {
    "linkedin/complete_fictional/Complete_LinkedInDataExport.zip": ("linkedin_archive", "linkedin", 2041, 24_568, 1),
    "linkedin/Complete_LinkedInDataExport_03-09-2026": ("linkedin_archive", "linkedin", 4, 8, 2),
    "linkedin/Complete_LinkedInDataExport_11-04-2018": ("linkedin_archive", "linkedin", 2, 6, 0),
    "linkedin/Complete_LinkedInDataExport_11-04-2018/Shares.csv": ("linkedin_archive", "linkedin", 1, 1, 0),
    "contacts_csv/google_2024.csv": ("csv_contacts", "contacts", 1, 0, 0),
    "contacts_csv/outlook.csv": ("csv_contacts", "contacts", 1, 0, 0),
    "crm/hubspot_contacts.csv": ("csv_contacts", "hubspot", 4, 0, 1),
    "crm/hubspot_companies.csv": ("csv_contacts", "hubspot", 3, 0, 0),
    "crm/zoho": ("csv_contacts", "zoho", 1, 0, 0),
    "crm/salesforce_Case.csv": ("crm_export", "salesforce", 2, 1, 0),
    "crm/pipedrive_activities.csv": ("crm_export", "pipedrive", 3, 2, 0),
    "vcard/John_Doe_ANDROID.vcf": ("vcard", "contacts", 6, 0, 0),
    "vcard/John_Doe_EVOLUTION.vcf": ("vcard", "contacts", 1, 0, 0),
    "vcard/John_Doe_IPHONE.vcf": ("vcard", "contacts", 1, 0, 0),
    "vcard/John_Doe_LOTUS_NOTES.vcf": ("vcard", "contacts", 1, 0, 0),
    "vcard/John_Doe_MS_OUTLOOK.vcf": ("vcard", "contacts", 1, 0, 0),
    "vcard/android_six_cards.vcf": ("vcard", "contacts", 6, 0, 0),
    "vcard/fullcontact.vcf": ("vcard", "contacts", 1, 0, 0),
    "vcard/gmail-single2.vcf": ("vcard", "contacts", 1, 0, 0),
    "vcard/radicale-1587.vcf": ("vcard", "contacts", 1, 0, 0),
    "vcard/three_cards_v4.vcf": ("vcard", "contacts", 2, 0, 0),  # the third card is a group
}


def real(name: str) -> Path:
    path = REAL / name
    if not path.exists():
        pytest.skip(f"no real file {name} beside the checkout")
    return path


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    assert run([str(argument) for argument in arguments]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_first_import_brings_everything_and_the_second_nothing(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, desk = real(name), tmp_path / "desk"
    format_, place, profiles, activities, refused = EXPECTED[name]
    first = answer(capsys, "--desk", desk, "import", path, "--json")
    assert (first["format"], first["place"], first["refused"]) == (format_, place, refused)
    assert first["read"] == {"profiles": profiles, "activities": activities}
    assert (first["new"]["profiles"], first["new"]["activities"]) == (profiles, activities)
    people = answer(capsys, "--desk", desk, "people", "--json")
    second = answer(capsys, "--desk", desk, "import", path, "--json")
    assert second["new"] == {"profiles": 0, "activities": 0, "people": 0} and second["changed"] == 0
    assert second["unchanged"] == first["read"] == second["read"]
    assert answer(capsys, "--desk", desk, "people", "--json") == people


def test_two_rows_of_one_customer_are_one_person(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """HubSpot's rows 101 and 104 have one mail address and one name."""
    answer(capsys, "--desk", tmp_path / "desk", "import", real("crm/hubspot_contacts.csv"), "--json")
    people = answer(capsys, "--desk", tmp_path / "desk", "people", "--json")
    assert sorted(person["name"] for person in people) == ["Camille Durand", "John Smith", "noname@example.com"]


def test_firms_that_differ_in_case_are_one_and_what_is_about_a_firm_is_on_its_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """HubSpot's companies 9001 and 9003; Pipedrive's call and meeting are with a firm, too."""
    for name in ("hubspot_companies", "pipedrive_activities"):
        answer(capsys, "--desk", tmp_path / "desk", "import", real(f"crm/{name}.csv"), "--json")
    db = open_desk(tmp_path / "desk")
    firms = {firm.name: firm.id for firm in persons.companies(db)}
    assert sorted(firms) == ["Bluebay Gaming Ltd", "Harbour Lotteries Ltd", "Harju Logistics"]
    (petra,) = (person.id for person in persons.page(db) if person.name == "Petra Harju")
    for items in (review.company_stretch(db, firms["Harju Logistics"]).items, review.review(db, petra, NOW).stretch.items):  # type: ignore[union-attr]
        assert [item.activity.title for item in items if item.activity] == ["Intro call", "Excel leaked date"]
    db.close()
