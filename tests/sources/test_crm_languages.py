"""Tables of CRMs whose headings are not English: deals, activities, people and firms keep what they are."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.model import Activity, Fact, Key, Profile, Progress, Rejected
from relationdesk.services.recognising import recognise
from relationdesk.sources.base import Options
from relationdesk.sources.crm_export import CrmExport
from relationdesk.sources.crm_languages import in_english
from relationdesk.sources.csv_contacts import CsvContacts

DEALS = {
    "Pipedrive in German": (
        "Deal - ID;Deal - Titel;Deal - Organisation;Deal - Kontaktperson;Deal - Wert;Deal - Phase;Deal - Status;Deal - Besitzer;Deal - Deal erstellt;Deal - Datum des gewonnenen Deals;Deal - Verlustgrund\n"
        "7;Fünfzig Öfen;Bäcker GmbH;Jörg Müller;12500;Angebot;gewonnen;Sam Ohm;2024-03-04 10:00:00;2024-04-01 09:00:00;\n"
    ),
    "Pipedrive in French": (
        "Affaire - ID,Affaire - Titre,Affaire - Organisation,Affaire - Personne à contacter,Affaire - Valeur,Affaire - Étape,Affaire - Statut,Affaire - Affaire créée,Affaire - Raison de la perte,Personne - E-mail - Travail\n"
        "7,Fünfzig Öfen,Bäcker GmbH,Jörg Müller,12500,Angebot,gewonnen,2024-03-04 10:00:00,,joerg@baecker.example\n"
    ),
    "Pipedrive in Spanish": (
        "Negocio - ID,Negocio - Título,Negocio - Organización,Negocio - Persona de contacto,Negocio - Valor,Negocio - Etapa,Negocio - Estado,Negocio - Propietario,Negocio - Negocio creado el\n"
        "7,Fünfzig Öfen,Bäcker GmbH,Jörg Müller,12500,Angebot,gewonnen,Sam Ohm,2024-03-04 10:00:00\n"
    ),
    "HubSpot in French": (
        "ID de fiche d'informations,Nom de la transaction,Phase de la transaction,Pipeline,Montant,Date de fermeture,Propriétaire de la transaction,Date de création,Associated Contact,Associated Company (Primary)\n"
        "7,Fünfzig Öfen,Angebot,Ventes,12500,2024-05-01 10:00,Sam Ohm,2024-03-04 10:00,Jörg Müller,Bäcker GmbH\n"
    ),
    "HubSpot in Spanish": (
        "ID de registro,Nombre del negocio,Etapa del negocio,Pipeline,Valor,Fecha de cierre,Propietario del negocio,Fecha de creación,Associated Contact,Associated Company\n"
        "7,Fünfzig Öfen,Angebot,Ventas,12500,2024-05-01 10:00,Sam Ohm,2024-03-04 10:00,Jörg Müller,Bäcker GmbH\n"
    ),
}  # fmt: skip


def written(tmp_path: Path, text: str, name: str = "export.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8-sig")
    return path


def facts(path: Path) -> list[Fact]:
    return [fact for fact in CrmExport().read(path, Options()) if not isinstance(fact, Progress)]


@pytest.mark.parametrize("text", DEALS.values(), ids=DEALS)
def test_a_deal(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    source, seen = recognise(path)
    assert source.name == "crm_export" and seen.title.endswith("deals")
    found = facts(path)
    (deal,) = (fact for fact in found if isinstance(fact, Activity))
    names = {fact.key: fact.display_name or fact.company for fact in found if isinstance(fact, Profile)}
    assert (deal.title, deal.published, deal.key.native_id) == ("Fünfzig Öfen", datetime(2024, 3, 4, 10).astimezone(UTC), "deal:7")
    assert [names[one.profile] for one in deal.participants] == ["Jörg Müller", "Bäcker GmbH"] and "12500" in deal.text and "Angebot" in deal.text
    assert not [fact for fact in found if isinstance(fact, Rejected)]
    assert names.get(deal.actor) != "Jörg Müller"


@pytest.mark.parametrize(
    "text",
    [
        "Activité - Sujet,Activité - Date d’échéance,Activité - Attribué à l’utilisateur,Personne - Nom,Organisation - Nom\nDémo,2024-03-04,Sam Ohm,Luc Petit,Boulangerie\n",
        "Actividad - Asunto,Actividad - Tipo,Actividad - Fecha de vencimiento,Actividad - Asignada al usuario,Persona - Nombre,Organización - Nombre\nDémo,Demo,2024-03-04,Sam Ohm,Luc Petit,Boulangerie\n",
    ],
    ids=["French", "Spanish"],
)
def test_an_activity_of_pipedrive(tmp_path: Path, text: str) -> None:
    found = facts(written(tmp_path, text))
    (demo,) = (fact for fact in found if isinstance(fact, Activity))
    names = {fact.key: fact.display_name or fact.company for fact in found if isinstance(fact, Profile)}
    assert (demo.title, demo.published, names[demo.actor]) == ("Démo", datetime(2024, 3, 4, tzinfo=UTC), "Sam Ohm")
    assert [names[one.profile] for one in demo.participants] == ["Luc Petit", "Boulangerie"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ID de fiche d'informations,Prénom,Nom,E-mail,Numéro de téléphone,Propriétaire du contact,Nom de l'entreprise\n42,Luc,Petit,luc@petit.example,+33 1,Sam Ohm,Boulangerie\n", Key("hubspot", "42")),
        ("ID de registro,Nombre,Apellidos,Correo,Número de teléfono,Propietario del contacto,Nombre de la empresa\n42,Luc,Petit,luc@petit.example,+33 1,Sam Ohm,Boulangerie\n", Key("hubspot", "42")),
        ("Datensatz-ID,Vorname,Nachname,E-Mail,Telefonnummer,Zuständiger Mitarbeiter,Unternehmensname\n42,Luc,Petit,luc@petit.example,+33 1,Sam Ohm,Boulangerie\n", Key("hubspot", "42")),
        ("Personne - ID;Personne - Nom;Personne - Organisation;Personne - E-mail - Travail;Personne - Téléphone - Travail\n42;Luc Petit;Boulangerie;luc@petit.example;+33 1\n", Key("pipedrive", "42")),
        ("Persona - ID;Persona - Nombre;Persona - Organización;Persona - Correo electrónico - Trabajo;Persona - Teléfono - Trabajo;Persona - Propietario\n42;Luc Petit;Boulangerie;luc@petit.example;+33 1;Sam\n", Key("pipedrive", "42")),
    ],
)  # fmt: skip
def test_people_keep_the_id_that_the_crm_gave(tmp_path: Path, text: str, key: Key) -> None:
    path = written(tmp_path, text)
    (luc,) = (fact for fact in CsvContacts().read(path, Options()) if isinstance(fact, Profile))
    assert (luc.key, luc.display_name, luc.company) == (key, "Luc Petit", "Boulangerie")
    assert sorted(one.value for one in luc.addresses if one.kind.value in ("mail", "phone")) == ["+33 1", "luc@petit.example"]


def test_a_firm_of_hubspot_in_french_explains_its_deal(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    written(folder, "ID de fiche d'informations,Nom de l'entreprise,Nom de domaine de l'entreprise,URL du site web\n9,Boulangerie,boulangerie.example,https://boulangerie.example\n", "companies.csv")
    written(folder, "ID de fiche d'informations,Nom de la transaction,Phase de la transaction,Montant,Associated Company IDs\n7,Fours,Offre,8000,9\n", "deals.csv")
    found = facts(folder)
    (firm,) = (fact for fact in found if isinstance(fact, Profile) and fact.is_company)
    (deal,) = (fact for fact in found if isinstance(fact, Activity))
    assert (firm.key, firm.company) == (Key("hubspot", "company:9"), "Boulangerie") and [one.profile for one in deal.participants] == [firm.key]


def test_a_table_of_somebody_s_own_keeps_its_words() -> None:
    own = ["Nombre", "Valor", "Fecha de cierre", "Correo"]
    assert in_english(own) == ["nombre", "valor", "fecha de cierre", "correo"]
    assert in_english(["Datensatz-ID", "Kontakt-Inhaber", "Vorname", "E-Mail", "Geändert um"])[0] == "datensatz id", "of Zoho"
