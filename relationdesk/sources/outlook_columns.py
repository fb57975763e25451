"""Which column of Outlook's own tables (calendar, mail) means what, in whatever language Outlook spoke when it wrote them.

Headings are known in many languages. Of a language that is not, the build of the table tells: Outlook writes the first thirteen
columns of a calendar in one order everywhere, and names the twelve of a mail's people by four words and three ("From: (Name)").
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from relationdesk.text import fold

CALENDAR = (
    "subject", "start_date", "start_time", "end_date", "end_time", "all_day", "alarm", "alarm_date", "alarm_time", "organizer",
    "required", "optional", "resources",
)  # fmt: skip
"""The first columns of a calendar in Outlook's own order."""
_FURTHER = ("description", "location", "categories")
_WORDS = {
    "subject": "subject|betreff|objet|asunto|oggetto|onderwerp|assunto|ämne|emne|aihe|temat|předmět|predmet|tárgy|тема|konu|θέμα|件名|主题|主旨|제목",
    "start_date": "start date|beginnt am|début|fecha de comienzo|data inizio|begindatum|data de início|startdatum|startdato|alkamispäivä|data rozpoczęcia|"
    "datum zahájení|kezdés dátuma|дата начала|başlangıç tarihi|ημερομηνία έναρξης|開始日|开始日期|開始日期|시작 날짜",
    "start_time": "start time|beginnt um|comienzo|ora inizio|begintijd|hora de início|starttid|starttidspunkt|startklokkeslett|alkamisaika|"
    "godzina rozpoczęcia|czas rozpoczęcia|čas zahájení|kezdés időpontja|время начала|başlangıç saati|ώρα έναρξης|開始時刻|开始时间|開始時間|시작 시간",
    "end_date": "end date|endet am|fin|fecha de finalización|data fine|einddatum|data de término|data do término|slutdatum|slutdato|sluttdato|"
    "päättymispäivä|data zakończenia|datum ukončení|befejezés dátuma|дата завершения|дата окончания|bitiş tarihi|ημερομηνία λήξης|終了日|结束日期|結束日期|종료 날짜",
    "end_time": "end time|endet um|finalización|ora fine|eindtijd|hora de término|hora do término|sluttid|sluttidspunkt|sluttklokkeslett|päättymisaika|"
    "godzina zakończenia|czas zakończenia|čas ukončení|befejezés időpontja|время завершения|время окончания|bitiş saati|ώρα λήξης|終了時刻|结束时间|結束時間|종료 시간",
    "all_day": "all day event|ganztägiges ereignis|journée entière|todo el día|giornata intera|evenement, duurt hele dag|duurt hele dag|evento de dia inteiro|"
    "o dia inteiro|heldagshändelse|heldagsbegivenhed|heldagshendelse|koko päivän tapahtuma|wydarzenie całodzienne|całodzienne|celodenní událost|"
    "egész napos esemény|целый день|tüm gün süren olay|終日イベント|全天事件|全天|하루 종일",
    "organizer": "meeting organizer|besprechungsplanung|organisateur d'une réunion|organizador de la reunión|organizzatore riunione|"
    "organisator van vergadering|organizador da reunião|mötesorganisatör|mødearrangør|møtearrangør|kokouksen järjestäjä|organizator spotkania|"
    "organizátor schůzky|értekezlet szervezője|организатор собрания|toplantı düzenleyicisi|会議の開催者|会议组织者|會議召集人|모임 이끌이|모임 주최자",
    "required": "required attendees|erforderliche teilnehmer|participants obligatoires|asistentes necesarios|asistentes obligatorios|partecipanti necessari|"
    "partecipanti obbligatori|verplichte deelnemers|vereiste deelnemers|participantes obrigatórios|participantes necessários|obligatoriska deltagare|"
    "nødvendige deltagere|nødvendige deltakere|pakolliset osallistujat|wymagani uczestnicy|povinní účastníci|kötelező résztvevők|обязательные участники|"
    "gerekli katılımcılar|必須出席者|必需的与会者|必要出席者|필수 참석자",
    "optional": "optional attendees|optionale teilnehmer|participants facultatifs|asistentes opcionales|partecipanti facoltativi|optionele deelnemers|"
    "participantes opcionais|valfria deltagare|valgfrie deltagere|valgfrie deltakere|valinnaiset osallistujat|uczestnicy opcjonalni|opcjonalni uczestnicy|"
    "nepovinní účastníci|nem kötelező résztvevők|необязательные участники|isteğe bağlı katılımcılar|任意出席者|可选的与会者|列席者|선택 참석자",
    "resources": "meeting resources|besprechungsressourcen|ressources de la réunion|recursos de la reunión|risorse riunione|vergaderbronnen|recursos da reunião|"
    "mötesresurser|møderessourcer|møteressurser|会议资源|リソース",
    "description": "description|beschreibung|descripción|descrizione|beschrijving|descrição|beskrivning|beskrivelse|kuvaus|opis|popis|leírás|описание|açıklama|"
    "περιγραφή|内容|说明|描述|설명",
    "location": "location|ort|emplacement|ubicación|luogo|percorso|locatie|local|plats|sted|placering|plassering|sijainti|paikka|lokalizacja|miejsce|místo|"
    "umístění|hely|место|расположение|konum|τοποθεσία|場所|地点|地點|位置|위치",
    "categories": "categories|kategorien|catégories|categorías|categorie|categorieën|categorias|kategorier|luokat|kategorie|kategóriák|категории|kategoriler|"
    "κατηγορίες|分類|分类|类别|類別|범주",
}  # fmt: skip
_FIELDS = {fold(word): name for name, words in _WORDS.items() for word in words.split("|")}
_TWICE = {"start_date": "start_time", "end_date": "end_time"}
"""Where one word heads both a date and a time (French), the second is the time."""
_WHOLE = 22

_DATE = re.compile(r"\d{1,4}[-/. ]{1,2}\d{1,2}[-/. ]{1,2}\d{1,4}\.?(?:\s.*)?")
_TIME = re.compile(r"(?:\D{1,12}\s?)?\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s?\D{1,12})?")

PARTS = ("name", "address", "type")
GROUPS = ("from", "to", "cc", "bcc")
_OF_PEOPLE = re.compile(r"\s*(.{1,40}?)\s*[:：]\s*[(（]\s*(.{1,40}?)\s*[)）]\s*")


def calendar_columns(header: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> Mapping[str, int] | None:
    """Field → place, of a calendar that Outlook wrote; None for any other table. rows: the first ones, for a language nobody knows."""
    found: dict[str, int] = {}
    for place, cell in enumerate(header):
        name = _FIELDS.get(fold(cell[:100]), "")
        name = _TWICE.get(name, name) if name in found else name
        if name:
            found.setdefault(name, place)
    if {"subject", "start_date", "start_time", "end_date"} <= found.keys():
        return found
    if len(header) >= len(CALENDAR) and _is_built_so(header, rows):
        return {name: place for name, place in found.items() if name in _FURTHER} | {name: place for place, name in enumerate(CALENDAR)}
    return None


def _is_built_so(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """A whole table of 22 columns of which in most rows the second to fifth are dates and times."""
    if len(header) != _WHOLE or not rows:
        return False
    fitting = sum(1 for row in rows if len(row) == _WHOLE and _is_entry(row))
    return fitting * 2 > len(rows)


def _is_entry(row: Sequence[str]) -> bool:
    dates, times = (row[1].strip(), row[3].strip()), (row[2].strip(), row[4].strip())
    return all(_DATE.fullmatch(text[:40]) for text in dates) and all(_TIME.fullmatch(text[:40]) for text in times) and bool(row[0].strip())


def mail_columns(header: Sequence[str]) -> Mapping[str, int] | None:
    """"subject", "body" and "from name", "to address" … → place, of a list of mails that Outlook wrote; None for any other table."""
    for start in range(len(header) - len(GROUPS) * len(PARTS) + 1):
        block = [_OF_PEOPLE.fullmatch(cell[:90]) for cell in header[start : start + len(GROUPS) * len(PARTS)]]
        named = [(fold(found[1]) or found[1], fold(found[2]) or found[2]) for found in block if found is not None]
        if len(named) == len(block) and _is_block(named):
            columns = {f"{group} {part}": start + number for number, (group, part) in enumerate((g, p) for g in GROUPS for p in PARTS)}
            return {**columns, **_of_the_mail(header, start)}
    return None


def _is_block(named: list[tuple[str, str]]) -> bool:
    """Four words, each for three columns that are told apart by the same three."""
    groups = [[word for word, _ in named[at : at + len(PARTS)]] for at in range(0, len(named), len(PARTS))]
    parts = [tuple(part for _, part in named[at : at + len(PARTS)]) for at in range(0, len(named), len(PARTS))]
    return all(len(set(group)) == 1 for group in groups) and len({group[0] for group in groups}) == len(groups) and len(set(parts)) == 1 and len(set(parts[0])) == len(PARTS)


def _of_the_mail(header: Sequence[str], start: int) -> dict[str, int]:
    """Subject and text stand before the people, in this order; a table without one of them has what its heading says."""
    if start >= 2:
        return {"subject": start - 2, "body": start - 1}
    if start == 1:
        return {"subject" if _FIELDS.get(fold(header[0])) == "subject" else "body": 0}
    return {}


def is_calendar_word(cell: str) -> bool:
    """True for a heading of a calendar in a language that is known."""
    return fold(cell[:100]) in _FIELDS


def is_mail_word(cell: str) -> bool:
    """True for the subject, and for a heading built as those of a mail's people."""
    return _FIELDS.get(fold(cell[:100])) == "subject" or _OF_PEOPLE.fullmatch(cell[:90]) is not None
