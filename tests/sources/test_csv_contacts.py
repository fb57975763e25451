"""Contact tables: real exports first, then every way to write a table, then what attackers do to a reader."""

from __future__ import annotations

import random
import time
import tracemalloc
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from relationdesk.errors import UnreadableFile
from relationdesk.model import AddressKind, Fact, Profile, Progress, Rejected
from relationdesk.sources.base import Options
from relationdesk.sources.csv_columns import fields_of, guess_field, layout_of
from relationdesk.sources.csv_contacts import FIELDS, CsvContacts, guess_mapping
from relationdesk.sources.vcard import VCard
from tests.shared import REAL


def facts(path: Path, mapping: Mapping[str, str] | None = None) -> list[Fact]:
    found = CsvContacts().read(path, Options(mapping=mapping or {}))
    return [fact for fact in found if not isinstance(fact, Progress)]


def profiles(path: Path, mapping: Mapping[str, str] | None = None) -> list[Profile]:
    return [fact for fact in facts(path, mapping) if isinstance(fact, Profile)]


def written(tmp_path: Path, content: str | bytes, name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def values(profile: Profile, kind: AddressKind) -> list[str]:
    return [address.value for address in profile.addresses if address.kind is kind]


def mails(profile: Profile) -> list[str]:
    return values(profile, AddressKind.MAIL)


def real(name: str) -> Path:
    path = REAL / name
    if not path.exists():
        pytest.skip(f"no real file {name} beside the checkout")
    return path


def title_of(path: Path) -> str:
    recognised = CsvContacts().recognise(path)
    return f"{recognised.title} {recognised.place} {recognised.certainty}" if recognised else ""


def test_real_google() -> None:
    path = real("contacts_csv/google_2024.csv")
    assert title_of(path) == "Google contacts (CSV) contacts 0.9"
    (grace,) = facts(path)
    assert isinstance(grace, Profile) and grace.known
    assert (grace.display_name, grace.company, grace.title) == ("Grace Brewster Hopper", "US Navy", "Rear Admiral")
    assert mails(grace) == ["grace@navy.example", "grace@example.com"]
    assert values(grace, AddressKind.PHONE) == ["+1 555 0199"]
    assert values(grace, AddressKind.WEB) == ["https://example.com/grace"]


def test_real_outlook() -> None:
    path = real("contacts_csv/outlook.csv")
    assert title_of(path) == "Outlook contacts (CSV) contacts 0.9"
    (john,) = profiles(path)
    assert (john.display_name, john.company, john.title) == ("Mr John A Doe Jr", "Acme", "Lead")
    assert (mails(john), values(john, AddressKind.PHONE), john.bio) == (["john@example.com"], ["555-1234"], "Hello")


def test_real_hubspot_contacts() -> None:
    path = real("crm/hubspot_contacts.csv")
    assert title_of(path) == "HubSpot contacts (CSV) hubspot 0.9"
    found = facts(path)
    read = [fact for fact in found if isinstance(fact, Profile)]
    assert [fact.key for fact in read] == [("hubspot", number) for number in ("101", "102", "104", "105")]
    assert [mails(fact) for fact in read] == [
        ["camille@example.com"], ["john@example.com"], ["camille@example.com"], ["noname@example.com"],
    ]  # fmt: skip
    assert [fact.where for fact in found if isinstance(fact, Rejected)] == ["hubspot_contacts.csv line 4"]
    assert "owner@example.com" not in str(found)
    assert (read[0].display_name, read[0].company) == ("Camille Durand", "PT Demo Villa Investama")


def test_real_hubspot_companies() -> None:
    path = real("crm/hubspot_companies.csv")
    assert title_of(path) == "HubSpot companies (CSV) hubspot 0.9"
    found = profiles(path)
    assert all(fact.is_company for fact in found)
    assert {fact.company.casefold() for fact in found} == {"bluebay gaming ltd", "harbour lotteries ltd"}
    assert len(found) == 3 and "Sales" not in str(found)


def test_real_zoho() -> None:
    path = real("crm/zoho/Data/Contacts_001.csv")
    (alpha,) = profiles(path)
    assert (alpha.display_name, mails(alpha)) == ("Synthetic Alpha", ["alpha@example.test"])
    assert profiles(REAL / "crm/zoho") == [alpha]


@pytest.mark.parametrize("name", ["crm/salesforce_Case.csv"])
def test_real_tables_of_other_things_need_a_mapping(name: str) -> None:
    path = real(name)
    recognised = CsvContacts().recognise(path)
    assert recognised is not None and recognised.certainty == 0.2 and recognised.columns and recognised.sample
    with pytest.raises(UnreadableFile, match="Say which column"):
        facts(path)


def test_real_linkedin_is_not_ours() -> None:
    real("linkedin")
    for path in REAL.glob("linkedin/*/Connections.csv"):
        assert CsvContacts().recognise(path) is None, path
        with pytest.raises(UnreadableFile):
            facts(path)
    for path in REAL.glob("linkedin/*"):
        assert CsvContacts().recognise(path) is None, path


@pytest.mark.parametrize(
    "text",
    [
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\nAnn,Example,,,,,08 Feb 2026\n",
        'Notes:\n"When exporting, you may see"\n\nFirst Name,Last Name,Email Address,Company,Position,Connected On\n',
        "RelationDesk uid,name,mail\n1,Ann,a@b.example\n",
        "person_uid,name,mail\n1,Ann,a@b.example\n",
        "BEGIN:VCARD\nN:Ann;B;;;\nFN:x\n",
        '{"name": "Ann", "mail": "x"}\n',
        "Dear Ann, how are you\nI am fine; thanks.\n",
        "\0\1\2\3" * 100,
        "",
        "name\nAnn\n",
    ],
)
def test_what_is_not_ours(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    assert CsvContacts().recognise(path) is None
    with pytest.raises(UnreadableFile):
        facts(path)


GOOGLE_OLD = "Name,Given Name,Family Name,Occupation,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Value,Organization 1 - Name,Organization 1 - Title"
SALESFORCE = '"Id","IsDeleted","AccountId","LastName","FirstName","Salutation","Name","Phone","AssistantPhone","ReportsToId","Email","Title","AssistantName","Description","OwnerId"'


@pytest.mark.parametrize(
    ("title", "text", "key", "name", "reach"),
    [
        (
            "Google contacts (CSV, before 2024) contacts",
            GOOGLE_OLD + "\nAnn Example,Ann,Example,,* myContacts,* Work,ann@a.example ::: ann@b.example,1 ::: 2,Acme,Buyer\n",
            "", "Ann Example", ["ann@a.example", "ann@b.example", "1", "2"],
        ),
        (
            "Salesforce contacts (CSV) salesforce",
            SALESFORCE + '\n"0035g00000ABCdeAAF","false","001x","Example","Ann","Ms.","Ann Example","1","99","003y",'
            '"ann@a.example","Buyer","Bob Assistant","line 1\nline 2","005z"\n',
            "0035g00000ABCde", "Ann Example", ["ann@a.example", "1"],
        ),
        (
            "Salesforce contacts (CSV) salesforce",
            "Contact ID,Salutation,First Name,Last Name,Title,Account Name,Contact Owner,Email\n"
            "0035g00000ABCde,Ms.,Ann,Example,Buyer,Acme,Bob Owner,ann@a.example\n",
            "0035g00000ABCde", "Ms. Ann Example", ["ann@a.example"],
        ),
        (
            "Pipedrive people (CSV) pipedrive",
            "Person - ID,Person - Name,Person - Organization,Person - Email - Work,Person - Phone,Person - Owner\n"
            '7,Ann Example,Acme,"ann@a.example, ann@b.example","+47 1, +47 2",Bob Owner\n',
            "7", "Ann Example", ["ann@a.example", "ann@b.example", "+47 1", "+47 2"],
        ),
        (
            "Outlook contacts (CSV) contacts",
            "First Name,Middle Name,Last Name,Title,Suffix,Company,Job Title,E-mail Address,E-mail Type,E-mail 2 Address,"
            "E-mail 3 Address,E-mail 3 Type,Business Phone,Mobile Phone,Assistant's Phone,Assistant's Name,Manager's Name,Spouse\n"
            "Ann,,Example,,,Acme,Buyer,ann@a.example,SMTP,ann@b.example,/o=First/ou=Exchange/cn=ann,EX,1,2,99,Bob,Cid,Dan\n",
            "", "Ann Example", ["ann@a.example", "ann@b.example", "1", "2"],
        ),
        (
            "Nimble contacts (CSV) contacts",
            "First Name,Last Name,Title,Parent Company,Email (work),Email (personal),Phone (mobile),Twitter,Linked In,Lead Status,Assigned To,Tags\n"
            "Ann,Example,Buyer,Acme,ann@a.example,ann@b.example,1,annex,https://www.linkedin.com/in/annex,Open,Bob Owner,vip\n",
            "", "Ann Example", ["ann@a.example", "ann@b.example", "1", "https://linkedin.com/in/annex", "https://x.com/annex"],
        ),
        (
            "Apple contacts (CSV) contacts",
            "First Name,Last Name,Organization,Job Title,Email : home,Email : work,Phone : mobile\n"
            "Ann,Example,Acme,Buyer,ann@a.example,ann@b.example,1\n",
            "", "Ann Example", ["ann@a.example", "ann@b.example", "1"],
        ),
    ],
)  # fmt: skip
def test_known_exports(tmp_path: Path, title: str, text: str, key: str, name: str, reach: list[str]) -> None:
    path = written(tmp_path, text)
    assert title_of(path) == f"{title} 0.9"
    (ann,) = facts(path)
    assert isinstance(ann, Profile)
    assert (ann.display_name, ann.title) == (name, "" if "Pipedrive" in title else "Buyer")
    assert [address.value for address in ann.addresses] == reach
    assert not key or ann.key.native_id == key
    assert ann.key.place == title.rsplit(" ", 1)[1]


@pytest.mark.parametrize(
    "header",
    [
        "Datensatz-ID,Vorname,Nachname,E-Mail,Telefonnummer,Zuständiger Mitarbeiter,Unternehmensname,Jobbezeichnung", "ID de fiche d'informations,Prénom,Nom,Adresse e-mail,Numéro de téléphone,Propriétaire du contact,Nom de l'entreprise,Intitulé du poste",
        "ID de registro,Nombre,Apellidos,Correo,Número de teléfono,Propietario del contacto,Nombre de la empresa,Cargo", "Record-ID,Voornaam,Achternaam,E-mail,Telefoonnummer,Contacteigenaar,Bedrijfsnaam,Functietitel",
        "ID do registro,Nome,Sobrenome,E-mail,Número de telefone,Proprietário do contato,Nome da empresa,Cargo",
    ],
)  # fmt: skip
def test_hubspot_in_other_languages_never_takes_the_owner_for_the_person(tmp_path: Path, header: str) -> None:
    (found,) = profiles(written(tmp_path, header + "\n123,Ida,Holm,ida@holm.example,+47 1,Sam Owner,Alder,Buyer\n"))
    assert (found.display_name, found.company, found.title, [one.value for one in found.addresses]) == ("Ida Holm", "Alder", "Buyer", ["ida@holm.example", "+47 1"])


def test_hubspot_without_a_mail_column(tmp_path: Path) -> None:
    path = written(tmp_path, "Record ID,First Name,Last Name,Contact owner\n7,Ann,Example,Bob Owner\n")
    assert title_of(path) == "HubSpot contacts (CSV) hubspot 0.9"
    assert [profile.key for profile in profiles(path)] == [("hubspot", "7")]


def test_hubspot_deals_are_no_people(tmp_path: Path) -> None:
    path = written(tmp_path, "Record ID,Deal Name,Deal Stage,Amount,Deal owner,Associated Company\n1,Big,won,5,Bob,Acme\n")
    assert title_of(path) == "Table contacts 0.2"
    with pytest.raises(UnreadableFile, match="Say which column"):
        facts(path)


def test_salesforce_companies_are_companies(tmp_path: Path) -> None:
    path = written(tmp_path, '"Id","Name","BillingCity","Phone","OwnerId"\n"001A","Acme","Oslo","1","005"\n')
    (acme,) = profiles(path)
    assert acme.is_company and (acme.key, acme.company) == (("salesforce", "001A"), "Acme")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_every_way_to_write_a_table(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    rows = [["Vorname", "Nachname", "E-Mail-Adresse", "Notizen"], ["Zoë", "Müller", "zoe@a.example", f'"a{end}b"']]
    text = end.join(delimiter.join(row) for row in rows) + end
    (zoe,) = profiles(written(tmp_path, text.encode(encoding)))
    assert (zoe.display_name, mails(zoe), zoe.bio) == ("Zoë Müller", ["zoe@a.example"], "a\nb")


def test_cyrillic_of_an_old_pc(tmp_path: Path) -> None:
    path = written(tmp_path, "Имя;Фамилия;Эл. почта\nИван;Петров;ivan@a.example\n".encode("cp1251"))
    (ivan,) = profiles(path)
    assert (ivan.display_name, mails(ivan)) == ("Иван Петров", ["ivan@a.example"])


def test_letters_of_an_old_mac(tmp_path: Path) -> None:
    """What Excel calls CSV (Macintosh): its lines end as nobody else's do."""
    path = written(tmp_path, "First Name,Last Name,Email\rJosé,Pérez,jose@x.example\rJörg,Müßig,joerg@x.example\r".encode("mac_roman"))
    assert [p.display_name for p in profiles(path)] == ["José Pérez", "Jörg Müßig"]


def test_headings_that_are_words_in_no_western_letters(tmp_path: Path) -> None:
    (found,) = profiles(written(tmp_path, "姓,名,電子メール アドレス\r\n山田,太郎,taro@x.example\r\n".encode("cp932")))
    assert found.display_name == "山田太郎" and mails(found) == ["taro@x.example"]


def test_one_broken_byte_garbles_one_letter(tmp_path: Path) -> None:
    text = "Name,Email\n" + "Zoë Müller,z@a.example\n" * 20
    found = profiles(written(tmp_path, text.encode() + b"J\xfcrgen,j@a.example\n"))
    assert found[0].display_name == "Zoë Müller" and len(found) == 21


def test_letters_beyond_the_head_decide_too(tmp_path: Path) -> None:
    text = "Name,Email\n" + "".join(f"Person {n},p{n}@a.example\n" for n in range(20_000)) + "Jürgen,j@a.example\n"
    assert profiles(written(tmp_path, text.encode("cp1252")))[-1].display_name == "Jürgen"


def test_preamble_and_footer_are_no_people(tmp_path: Path) -> None:
    text = "My report\nsep=,\n\nFull Name,Phone,Email\nAnn Example,1,a@b.example\n\nCopyright (c) Acme. All rights reserved.,,\n"
    found = facts(written(tmp_path, text))
    assert [fact.display_name for fact in found if isinstance(fact, Profile)] == ["Ann Example"]
    assert [fact.where for fact in found if isinstance(fact, Rejected)] == ["list.csv line 7"]


def test_rows_of_the_wrong_width_are_told(tmp_path: Path) -> None:
    text = 'Name,Email,Phone\nAnn,a@b.example,1\nBob,b@b.example,2,surplus\n"never closed,x\nCid,c@b.example,3\nDan,d@b.example,4\n'
    found = facts(written(tmp_path, text))
    assert [fact.display_name for fact in found if isinstance(fact, Profile)] == ["Ann", "Cid", "Dan"]
    assert [fact.where for fact in found if isinstance(fact, Rejected)] == ["list.csv line 3", "list.csv line 4"]


def test_a_writer_that_leaves_out_empty_ends(tmp_path: Path) -> None:
    found = facts(written(tmp_path, "Name,Email,Phone,Notes\nAnn,a@b.example\nBob,b@b.example,2\n"))
    assert [fact.display_name for fact in found if isinstance(fact, Profile)] == ["Ann", "Bob"] and len(found) == 2


def test_an_unknown_table_asks_for_a_mapping(tmp_path: Path) -> None:
    path = written(tmp_path, "Wer,Wo,Womit\nAnn Example,Acme,a@b.example\nBob,B,b@b.example\nC,C,c@\nD,D,d@\n")
    recognised = CsvContacts().recognise(path)
    assert recognised is not None and recognised.certainty == 0.2
    assert recognised.columns == ("Wer", "Wo", "Womit")
    assert recognised.sample == (("Ann Example", "Acme", "a@b.example"), ("Bob", "B", "b@b.example"), ("C", "C", "c@"))
    with pytest.raises(UnreadableFile, match="Nothing was brought in"):
        facts(path)
    ann = profiles(path, {"Wer": "name", "Wo": "company", "Womit": "mail"})[0]
    assert (ann.display_name, ann.company, mails(ann)) == ("Ann Example", "Acme", ["a@b.example"])
    with pytest.raises(UnreadableFile):
        facts(path, {"Wer": "no such field"})


def test_a_mapping_counts_more_than_what_we_know(tmp_path: Path) -> None:
    path = written(tmp_path, "Record ID,Email,Lead Status,Nick\n1,a@b.example,NEW,Annie\n")
    (ann,) = profiles(path, {"Nick": "name", "Email": "mail"})
    assert (ann.display_name, ann.key.place) == ("Annie", "contacts")


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("E-mail 12 - Value", "mail"), ("E-Mail (geschäftlich) 2", "mail"), ("Work Email", "mail"), ("Courriel", "mail"),
        ("Correo electrónico", "mail"), ("メールアドレス", "mail"), ("Email Opt Out", ""), ("E-mail 1 - Label", ""),
        ("E-mail Type", ""), ("E-mail Display Name", ""), ("Owner Email", ""), ("Assistant's Phone", ""),
        ("Assistant Phone", ""), ("Phone 3 - Value", "phone"), ("Téléphone mobile", "phone"), ("Business Phone 2", "phone"),
        ("Telefon (privat)", "phone"), ("Home Fax", "phone"), ("Contact owner", ""), ("Account Owner", ""),
        ("Reports To", ""), ("Parent Account", ""), ("Prénom", "given_name"), ("Nachname", "family_name"),
        ("姓名", "name"), ("Фамилия", "family_name"), ("Company Name", "company"), ("Unternehmen", "company"),
        ("Job Title", "title"), ("LinkedIn URL", "linkedin"), ("Web Page", "web"), ("Notizen", "notes"), ("", ""),
        ("Additional email addresses", "mail"), ("Business Name", ""), ("Home", ""), ("Phonetic First Name", ""), ("Spouse", ""),
    ],
)  # fmt: skip
def test_words_of_headers(column: str, field: str) -> None:
    assert guess_field(column) == field
    assert field in ("", *FIELDS)


def test_guess_mapping_gives_single_fields_once() -> None:
    guess = guess_mapping(["Name", "Full Name", "Work Email", "Home Email", "Tel", "Owner"])
    assert guess == {"Name": "name", "Work Email": "mail", "Home Email": "mail", "Tel": "phone"}


@pytest.mark.parametrize(
    ("columns", "rows", "guess"),
    [
        (("A", "B", "C"), (("Shop 7", "Ann Example", "ann@example.org"), ("Bar", "Žofie van Dijk", "")), {"B": "name", "C": "mail"}),
        (("A", "B"), (("ann@example.org", "x"), ("no address", "y")), {}),
        (("Role", "A", "B"), (("Chief Cook", "Acme Ltd", "Ann Example"), ("Head Porter", "Ben Co", "Ben Example")), {"Role": "title", "B": "name"}),
        (("A", "B"), (("Sales Lead", "Ann Example"), ("Sales Lead", "Ben Example")), {"B": "name"}),
        (("Email", "A", "Name"), (("x", "ann@example.org", "y"),), {"Email": "mail", "Name": "name"}),
        (("A", "B"), (("", ""),), {}),
    ],
)  # fmt: skip
def test_cells_tell_where_headers_do_not(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], guess: dict[str, str]) -> None:
    assert guess_mapping(columns, rows) == guess


OUTLOOK_FRENCH = (
    '"Titre","Prénom","Deuxième prénom","Nom","Suffixe","Société","Service","Titre","Adresse de messagerie",'
    '"Type de messagerie","Téléphone (bureau)","Tél. mobile","Nom de l\'assistant(e)","Téléphone de l\'assistant(e)"\n'
    '"Mme","Zoë","","Müller","","Acme","Ventes","Directrice","z@a.example","SMTP","1","2","Bob","99"\n'
)
OUTLOOK_GERMAN = (
    '"Anrede","Vorname","Weitere Vornamen","Nachname","Suffix","Firma","Abteilung","Position","Telefon Assistent",'
    '"Telefon geschäftlich","Mobiltelefon","E-Mail-Adresse","E-Mail-Typ","E-Mail: Angezeigter Name","Name Assistent"\n'
    '"Mme","Zoë","","Müller","","Acme","V","Directrice","99","1","2","z@a.example","SMTP","Z","Bob"\n'
)


@pytest.mark.parametrize("text", [OUTLOOK_FRENCH, OUTLOOK_GERMAN], ids=["French", "German"])
def test_outlook_in_other_languages(tmp_path: Path, text: str) -> None:
    (zoe,) = profiles(written(tmp_path, text.encode("cp1252")))
    assert (zoe.display_name, zoe.company, zoe.title) == ("Mme Zoë Müller", "Acme", "Directrice")
    assert sorted(address.value for address in zoe.addresses) == ["1", "2", "z@a.example"]


@pytest.mark.parametrize(
    ("columns", "cells", "name"),
    [
        ("Vorname,Name,Mail", "Zoë,Müller,x", "Zoë Müller"),
        ("Nom,Prénom,Courriel", "Durand,Zoë,x", "Zoë Durand"),
        ("Nombre,Apellidos,Correo", "Ana,Ruiz García,x", "Ana Ruiz García"),
        ("Nome,Cognome,Telefono", "Ida,Rossi,1", "Ida Rossi"),
        ("First Name,Last Name,Full Name", "Ann,Example,Ann B. Example", "Ann B. Example"),
        ("Name,Company,Mail", "Ann Example,Acme,x", "Ann Example"),
        ("Nom,Société,Courriel", "Zoë Durand,Acme,x", "Zoë Durand"),
    ],
)
def test_a_name_is_the_whole_or_what_the_other_columns_leave(tmp_path: Path, columns: str, cells: str, name: str) -> None:
    (found,) = profiles(written(tmp_path, f"{columns}\n{cells}\n"))
    assert found.display_name == name


def test_columns_of_the_same_name_all_count() -> None:
    columns = ("Name", "E-mail", "E-mail", "Occupation", "Job Title")
    assert layout_of(columns) is None
    assert fields_of(columns, None) == ("name", "mail", "mail", "title", "title")


def test_every_address_of_a_cell(tmp_path: Path) -> None:
    text = (
        "Name,Email,Phone,LinkedIn,Twitter,Website\n"
        'Ann,"Ann Example <A@b.example>; b@b.example, a@b.example","555-1234, ext. 5; +47 2",ann-example,@ann,ann.example\n'
    )
    (ann,) = profiles(written(tmp_path, text))
    assert mails(ann) == ["a@b.example", "b@b.example"]
    assert values(ann, AddressKind.PHONE) == ["555-1234, ext. 5", "+47 2"]
    assert values(ann, AddressKind.WEB) == ["https://ann.example", "https://linkedin.com/in/ann-example", "https://x.com/ann"]


def test_marks_against_spreadsheets_come_off(tmp_path: Path) -> None:
    (ann,) = profiles(written(tmp_path, "Name,Phone,Fax,Twitter\nO'Ann,'+47 22,\"=\"\"0123\"\"\",'@ann\n"))
    assert [address.value for address in ann.addresses] == ["+47 22", "0123", "https://x.com/ann"]
    assert ann.display_name == "O'Ann"


def test_ids_last_over_changes_and_order(tmp_path: Path) -> None:
    before = profiles(written(tmp_path, "Name,Email,Company\nAnn,a@b.example,Acme\nBob,,Acme\nBob,,Acme\n"))
    after = profiles(written(tmp_path, "Name,Company,Email,Phone\nBob,ACME,,1\nAnn Married,Other,A@B.example,2\nBob,Acme,,\n"))
    assert len({profile.key for profile in before}) == 3
    assert {profile.key for profile in before} == {profile.key for profile in after}
    assert profiles(written(tmp_path, "Name,Email\nX,info@b.example\nY,info@b.example\n"))[0].key.native_id[-2:] != "-2"


def test_row_numbers_of_two_lists_do_not_mix_people_up(tmp_path: Path) -> None:
    one = profiles(written(tmp_path, "id,Name,Email\n1,Ann,a@b.example\n"))
    two = profiles(written(tmp_path, "id,Name,Email\n1,Bob,b@b.example\n"))
    assert one[0].key != two[0].key


@pytest.mark.parametrize("headings", ["First Name,Last Name,E-mail Address,Mobile Phone", "First Name,Last Name,Labels,Organization Name"])
def test_row_numbers_are_no_ids_because_a_list_has_the_headings_of_an_address_book(tmp_path: Path, headings: str) -> None:
    one, two = (profiles(written(tmp_path, f"ID,{headings}\n1,{name},Berg,,\n"))[0].key for name in ("Ann", "Ben"))
    assert one != two


def test_phone_numbers_that_a_spreadsheet_shortened_are_told_and_left_out(tmp_path: Path) -> None:
    ann, refused, ben = facts(written(tmp_path, "Name;Phone;Mobile\nAnn Berg;4,91701E+11;+49 30 1234\nBen Cole;;+49 30 5678\n"))
    assert isinstance(ann, Profile) and values(ann, AddressKind.PHONE) == ["+49 30 1234"]
    assert refused == Rejected(where="list.csv line 2", reason="A phone number here was shortened by a spreadsheet and left out. Export the list again.")
    assert isinstance(ben, Profile)


def test_a_name_in_the_directory_of_an_exchange_server_is_no_mail_address(tmp_path: Path) -> None:
    head = "First Name,Last Name,E-mail Address,E-mail Type,E-mail 2 Address\n"
    (ann,) = profiles(written(tmp_path, head + "Ann,Berg,/o=ORG/ou=First (FYDI)/cn=Recipients/cn=ann@old.example,EX,ann@a.example\n"))
    assert mails(ann) == ["ann@a.example"]


def test_the_same_entry_as_vcard_is_the_same_profile(tmp_path: Path) -> None:
    (listed,) = profiles(written(tmp_path, "Name,Email\nAnn Example,a@b.example\n"))
    path = written(tmp_path, "BEGIN:VCARD\nVERSION:3.0\nFN:Ann Example\nEMAIL:a@b.example\nEND:VCARD\n", "a.vcf")
    assert listed in list(VCard().read(path, Options()))


def test_a_zip_is_read_for_the_tables_we_know(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("contacts.csv", "Record ID,First Name,Email,Create Date\n1,Ann,a@b.example,\n")
        archive.writestr("companies.csv", "Record ID,Company name,Company owner\n1,Acme,Bob\n")
        archive.writestr("other.csv", "Wer,Wo\nx,y\n")
    assert title_of(tmp_path / "export.zip").endswith("hubspot 0.8")
    assert [profile.key.native_id for profile in profiles(tmp_path / "export.zip")] == ["company:1", "1"]


def test_the_only_table_of_a_zip_is_read_whatever_it_is(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "list.zip", "w") as archive:
        archive.writestr("list.csv", "Wer,Wo\nAnn,a@b.example\nBob,b@b.example\n")
        archive.writestr("readme.txt", "Hello")
    recognised = CsvContacts().recognise(tmp_path / "list.zip")
    assert recognised is not None and (recognised.certainty, recognised.columns) == (0.2, ("Wer", "Wo"))
    found = profiles(tmp_path / "list.zip", {"Wer": "name", "Wo": "mail"})
    assert [profile.display_name for profile in found] == ["Ann", "Bob"]
    with zipfile.ZipFile(tmp_path / "list.zip", "a") as archive:
        archive.writestr("other.csv", "Wer,Wo\nAnn,a@b.example\n")
    assert CsvContacts().recognise(tmp_path / "list.zip") is None


@pytest.mark.parametrize(
    "text",
    [
        "def request(method, url, **kwargs):\n    name, mail = 1, 2\n    return name, mail\n",
        "| Name | Mail |\n|---|---|\n| Ann | a@b.example |\n",
        "#!/bin/sh\nname,mail\nx,y\n",
        "BEGIN:VCALENDAR\nDTSTART;VALUE=DATE:20080303\nDTEND;VALUE=DATE:20080304\n",
        "To my friends, in haste\nI write, as ever, to you\nand hope, all is well\n",
        "Name,Mail\n" + "\1\2\3" * 40 + ",x\n",
    ],
)
def test_programs_prose_and_drawings_are_no_tables(tmp_path: Path, text: str) -> None:
    assert CsvContacts().recognise(written(tmp_path, text)) is None


def test_twice_is_once(tmp_path: Path) -> None:
    path = written(tmp_path, "Name,Email\nAnn,a@b.example\nAnn,a@b.example\n,\nBob,\n")
    assert facts(path) == facts(path) and len(facts(path)) == 3


def hostile() -> Iterator[tuple[str, bytes]]:
    head = b"Name,Email,Phone\n"
    good = b"Good,g@b.example,1\n"
    yield "one cell of 10 MB", head + b'x,"' + b"y" * 10_000_000 + b'",1\n' + good
    yield "one line of 10 MB", head + b"y" * 10_000_000 + b"\n" + good
    yield "commas", head + b"," * 2_000_000 + b"\n" + good
    yield "quotes", head + b'"' * 2_000_000 + b"\n" + good
    yield "zeros", head + b"A\0nn,a@b.example,1\n" + b"\0" * 1_000_000 + b"\n" + good
    yield "empty lines", head + b"\n" * 2_000_000 + good
    yield "many mails", head + b'x,"' + b"a@b.example;" * 200_000 + b'",1\n' + good
    yield "signs before an at", head + b'x,"' + b"a" * 1_000_000 + b'",1\n' + good


@pytest.mark.parametrize("content", [pytest.param(content, id=what) for what, content in hostile()])
def test_hostile_tables_cost_one_row(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, content)
    assert CsvContacts().recognise(path) is not None
    found = facts(path)
    assert isinstance(found[-1], Profile) and found[-1].display_name == "Good"


def test_wide_and_endless_headers_are_no_tables(tmp_path: Path) -> None:
    for content in (b"name," * 200_000 + b"\nx\n", b"a" * 3_000_000, b'"' * 1_000_000, b"," * 1_000_000):
        path = written(tmp_path, content)
        assert CsvContacts().recognise(path) is None
        with pytest.raises(UnreadableFile):
            facts(path)


def test_random_bytes_never_raise(tmp_path: Path) -> None:
    for seed in range(300):
        dice = random.Random(seed)
        noise = bytearray(b'Record ID,First Name,Email,Lead Status\n1,"Ann, B",a@b.example,NEW\n2,Bob,b@b.example,\n' * 2)
        for _ in range(12):
            noise[dice.randrange(len(noise))] = dice.randrange(256)
        path = written(tmp_path, bytes(noise))
        CsvContacts().recognise(path)
        try:
            facts(path)
        except UnreadableFile as error:
            assert "Nothing was brought in" in str(error)


@pytest.mark.slow
def test_many_rows_stream(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    with path.open("w") as file:
        file.write("Name,Email,Phone\n")
        file.writelines(f"Person {number},p{number}@a.example,+47 {number}\n" for number in range(20_000))
    tracemalloc.start()
    try:
        assert sum(isinstance(fact, Profile) for fact in CsvContacts().read(path, Options())) == 20_000
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


def test_an_id_over_two_lines_is_one_line(tmp_path: Path) -> None:
    (ann,) = profiles(written(tmp_path, 'Record ID,First Name,Last Name,Email,Contact owner\n"7\n8",Ann,Example,a@b.example,Bob\n'))
    assert ann.key.native_id == "7 8"


def test_long_cells_without_an_address_cost_no_more_than_their_length(tmp_path: Path) -> None:
    rows = "".join(f"Ann {n},{'a' * 19_000}\n" for n in range(60))
    begun = time.process_time()
    assert len(facts(written(tmp_path, f"Name,Email\n{rows}"))) == 120  # the people, and that these are no addresses
    assert time.process_time() - begun < 4  # each letter looked at from each letter before it: half a minute


@pytest.mark.parametrize(
    ("table", "name", "title", "company", "reached"),
    [
        ("Vorname,Nachname,Name der Organisation,Position in der Organisation,Labels,E-Mail 1 - Label,E-Mail 1 - Wert,Telefon 1 - Label,Telefon 1 - Wert\n"
         "Jörg,Müller,Bäcker GmbH,Chef,* myContacts,* Arbeit,joerg@baecker.example,Mobil,+49 170 2\n", "Jörg Müller", "Chef", "Bäcker GmbH", ["joerg@baecker.example", "+49 170 2"]),
        ("名,姓,組織名,組織の役職,ラベル,メール 1 - ラベル,メール 1 - 値,電話 1 - ラベル,電話 1 - 値\n太郎,山田,山田商店,社長,* myContacts,* 仕事,taro@yamada.example,携帯,+81 90 1234 5678\n",
         "山田太郎", "社長", "山田商店", ["taro@yamada.example", "+81 90 1234 5678"]),
        ("Person - ID;Person - Name;Person - Organisation;Person - E-Mail - Arbeit;Person - Telefon - Arbeit;Person - Besitzer\n1;Jörg Müller;Bäcker GmbH;joerg@baecker.example;+49 30 1;Sam\n",
         "Jörg Müller", "", "Bäcker GmbH", ["joerg@baecker.example", "+49 30 1"]),
        ("Persona - ID,Persona - Nombre,Persona - Organización,Persona - Correo electrónico - Trabajo,Persona - Teléfono - Trabajo,Persona - Propietario\n1,Ana Ruiz,Hotel,ana@hotel.example,+34 91 1,Sam\n",
         "Ana Ruiz", "", "Hotel", ["ana@hotel.example", "+34 91 1"]),
        ("Datensatz-ID,Kontakt-Inhaber,Vorname,Nachname,E-Mail,Telefon,Name des Kontos,Geändert um\nzcrm_1,Sam,Jörg,Müller,joerg@baecker.example,+49 30 1,Bäcker GmbH,2024-05-06 10:00:00\n",
         "Jörg Müller", "", "Bäcker GmbH", ["joerg@baecker.example", "+49 30 1"]),
        ("ID du contact;Prénom;Nom;Titre;Adresse e-mail;Téléphone;Nom du compte\n003000000000001;Luc;Petit;Acheteur;luc@petit.example;+33 1;Boulangerie\n",
         "Luc Petit", "Acheteur", "Boulangerie", ["luc@petit.example", "+33 1"]),
    ],
    ids=["Google in German", "Google in Japanese", "Pipedrive in German", "Pipedrive in Spanish", "Zoho in German", "Salesforce in French"],
)  # fmt: skip
def test_headings_in_other_languages_lose_nothing(tmp_path: Path, table: str, name: str, title: str, company: str, reached: list[str]) -> None:
    (found,) = profiles(written(tmp_path, table))
    assert (found.display_name, found.title, found.company) == (name, title, company)
    assert [address.value for address in found.addresses] == reached


def test_only_what_all_headings_begin_with_is_left_out_of_them() -> None:
    assert guess_mapping(["Kontakt - Name", "Kontakt - E-Mail", "Kontakt - Besitzer"]) == {"Kontakt - Name": "name", "Kontakt - E-Mail": "mail"}
    assert guess_mapping(["Firma - Name", "Kontakt - Name", "Kontakt - E-Mail"]) == {}


def test_sums_under_a_list_are_nobody_and_lost_addresses_are_told(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "Name,Email,Phone,Deals\nAnn Lee,ann @lee.example,393330000000.0,5\nTotal Wine Ltd,,,1\nDee,n/a,,2\n,,,\nTotal,,,12\nSumme: 3 Zeilen,,,\nTotal,total@pump.example,,\n", encoding="utf-8"
    )
    facts = [fact for fact in CsvContacts().read(path, Options()) if not isinstance(fact, Progress)]
    assert [(one.display_name, [address.value for address in one.addresses]) for one in facts if isinstance(one, Profile)] == [
        ("Ann Lee", ["393330000000"]), ("Total Wine Ltd", []), ("Dee", []), ("Total", ["total@pump.example"]),
    ]  # fmt: skip
    assert [(one.where, one.reason) for one in facts if isinstance(one, Rejected)] == [
        ("list.csv", "Not known what these columns hold, so they were not read: “Deals”. Say it (on the command line with --map COLUMN=FIELD) and bring the table in again."),
        ("list.csv line 2", "“ann @lee.example” is no mail address and was left out."),
        ("list.csv line 6", "This is a closing line of a report, not a person."), ("list.csv line 7", "This is a closing line of a report, not a person."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "is_told"),
    [("+49 30 123456", True), ("Jean Petit", True), ("https://ann.example", True), ("ann(at)lee.example", True), ("Nora", True), ("ann@lee.example", False), ("n/a", False), ("-", False),
     ("—", False), ("no email", False), ("Keine", False), ("not provided", False), ("pas d'adresse", False), ("NULL", False), (" ", False), ("x", False)],
)  # fmt: skip
def test_what_stands_under_mail_and_is_none_is_told_but_not_that_there_is_none(tmp_path: Path, cell: str, is_told: bool) -> None:
    path = written(tmp_path, f'Name,E-Mail\nAnn Lee,"{cell}"\n')
    told = [fact.reason for fact in facts(path) if isinstance(fact, Rejected)]
    assert told == ([f"“{cell}” is no mail address and was left out."] if is_told else [])


def test_columns_that_nobody_knows_are_told_unless_somebody_said_what_they_mean(tmp_path: Path) -> None:
    path = written(tmp_path, "Name,Email,Date,Subject,Empty\nAnn Lee,ann@lee.example,2024-03-05,Called,\n")
    (told,) = (fact for fact in facts(path) if isinstance(fact, Rejected))
    assert "“Date”, “Subject”. Say it" in told.reason
    assert not [fact for fact in facts(path, {"Name": "name", "Email": "mail"}) if isinstance(fact, Rejected)]


def test_a_blank_behind_every_delimiter(tmp_path: Path) -> None:
    """Before a quote it is no part of the cell: else the comma within would part it."""
    (one,) = profiles(written(tmp_path, 'Name, Email, Company\n"Lee, Ann", ann@lee.example, "Lee, Ltd"\n'))
    assert (one.display_name, mails(one), one.company) == ("Lee, Ann", ["ann@lee.example"], "Lee, Ltd")


@pytest.mark.parametrize(
    "columns",
    [
        "Soyad,Ad,E-posta,Cep Telefonu,Şirket,Unvan", "Επώνυμο,Όνομα,Email,Κινητό,Εταιρεία,Θέση", "Sukunimi,Etunimi,Sähköposti,Puhelin,Yritys,Titteli", "Vezetéknév,Keresztnév,E-mail cím,Telefonszám,Cég,Beosztás",
        "Příjmení,Jméno,E-mail,Telefon,Společnost,Pozice", "Nume,Prenume,E-mail,Telefon,Companie,Funcție", "Prezime,Ime,E-pošta,Mobitel,Tvrtka,Radno mjesto", "Прізвище,Ім'я,Електронна пошта,Телефон,Компанія,Посада",
        "성,이름,이메일,전화,회사,직책", "שם משפחה,שם פרטי,אימייל,טלפון,חברה,תפקיד", "اسم العائلة,الاسم الأول,البريد الإلكتروني,الهاتف,الشركة,المسمى الوظيفي",
    ],
)  # fmt: skip
def test_headings_of_more_languages(columns: str) -> None:
    assert fields_of(columns.split(","), None) == ("family_name", "given_name", "mail", "phone", "company", "title")


@pytest.mark.parametrize("headings", ["Imię;Nazwisko;Firma;Stanowisko;Telefon służbowy;Adres e-mail", "First Name;Last Name;Company;Job Title;Mobile Phone;E-mail"])
def test_polish_letters_of_a_pc_are_known_by_what_no_word_of_the_west_has(tmp_path: Path, headings: str) -> None:
    path = tmp_path / "kontakty.csv"
    path.write_bytes(f"{headings}\nŁucja;Żak;Zakład Świt;Główna księgowa;+48 2;lucja@swit.example\n".encode("cp1250"))
    (lucja,) = profiles(path)
    assert (lucja.display_name, lucja.company, lucja.title) == ("Łucja Żak", "Zakład Świt", "Główna księgowa") and [one.value for one in lucja.addresses] == ["lucja@swit.example", "+48 2"]


def test_signs_of_the_west_stay_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "kontakte.csv"
    path.write_bytes("Vorname;Nachname;Firma;E-Mail\nJürgen;Groß;Größe 3 m³ für £5 ¿qué;j@gross.example\n".encode("cp1252"))
    (one,) = profiles(path)
    assert (one.display_name, one.company) == ("Jürgen Groß", "Größe 3 m³ für £5 ¿qué")
