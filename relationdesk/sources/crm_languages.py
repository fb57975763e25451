"""Headings of CRM exports in other languages than English, as the English ones that the layouts are written in. Pure.

Only what is known from real exports stands here. Any other heading stays as it is: then the table is one whose columns are said once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from relationdesk.text import fold


def _words(text: str) -> dict[str, str]:
    """"English: heading|heading; …", all folded."""
    parts = (part.partition(":") for part in text.split(";"))
    return {fold(word): fold(english) for english, _, words in parts for word in words.split("|")}


_HUBSPOT_ID = _words("record id: datensatz id|id de fiche d'informations|id de registro|id do registro")
_HUBSPOT = _words(
    "contact owner: zuständiger mitarbeiter|propriétaire du contact|propietario del contacto|proprietário do contato;"
    "deal name: nom de la transaction|nombre del negocio; deal stage: phase de la transaction|etapa del negocio;"
    "deal owner: propriétaire de la transaction|propietario del negocio; deal description: description de la transaction;"
    "company domain name: nom de domaine de l'entreprise"
)
"""What tells that an id of HubSpot is meant."""
_HUBSPOT_BESIDE = _words(
    "email: e-mail|adresse e-mail|correo|correo electrónico; company name: unternehmensname|nom de l'entreprise|nombre de la empresa|nome da empresa;"
    "website url: url du site web; create date: date de création|fecha de creación; close date: date de fermeture|fecha de cierre; amount: montant|valor"
)
"""Words that could stand in any table, and mean this beside one of the others."""

_PIPEDRIVE = _words(
    "deal title: deal titel|affaire titre|trato título|negocio título; deal organization: deal organisation|affaire organisation|trato organización|negocio organización;"
    "deal contact person: deal kontaktperson|affaire personne à contacter|trato persona de contacto|negocio persona de contacto;"
    "deal value: deal wert|affaire valeur|trato valor|negocio valor; deal currency: trato moneda|negocio moneda; deal id: affaire id|trato id|negocio id;"
    "deal stage: deal phase|affaire étape|trato etapa|negocio etapa; deal status: affaire statut|trato estado|negocio estado;"
    "deal lost reason: deal verlustgrund|affaire raison de la perte|affaire raison de perte; deal owner: deal besitzer|trato propietario|negocio propietario;"
    "deal deal created: deal deal erstellt|affaire affaire créée|trato trato creado|negocio negocio creado el;"
    "deal won time: deal datum des gewonnenen deals|affaire date de gain|negocio fecha de ganado; deal lost time: deal datum des verlorenen deals|affaire date de perte;"
    "deal expected close date: affaire date de clôture prévue|trato fecha de cierre prevista;"
    "activity subject: activité sujet|actividad asunto; activity type: actividad tipo; activity due date: activité date d'échéance|actividad fecha de vencimiento;"
    "activity add time: activité date d'ajout|activité date de création; note content: nota contenido;"
    "activity assigned to user: activité attribué à l'utilisateur|activité attribuée à|actividad asignada al usuario;"
    "person id: personne id|persona id; person name: personne nom|persona nombre; person first name: personne prénom; person last name: persona apellidos;"
    "person organization: person organisation|personne organisation|persona organización; person owner: person besitzer|persona propietario;"
    "organization id: organisation id|organización id; organization name: organisation name|organisation nom|organización nombre"
)


def in_english(columns: Iterable[str]) -> list[str]:
    """The headings folded, those of a known CRM in another language in English; one for each, in their order."""
    folded = [fold(column[:200]) for column in columns]
    there = set(folded)
    if not there.isdisjoint(_HUBSPOT_ID) and not there.isdisjoint(_HUBSPOT):
        return _put(folded, _HUBSPOT_ID | _HUBSPOT | _HUBSPOT_BESIDE)
    return _put(folded, _PIPEDRIVE) if len(there & _PIPEDRIVE.keys()) > 1 else folded


def is_known(column: str) -> bool:
    """Whether a heading is one of a CRM's in another language."""
    word = fold(column[:200])
    return word in _HUBSPOT_ID or word in _HUBSPOT or word in _PIPEDRIVE


def _put(folded: list[str], words: Mapping[str, str]) -> list[str]:
    return [words.get(column, column) for column in folded]
