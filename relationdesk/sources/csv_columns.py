"""Which column of a contact table means what: known exports by their headers, unknown ones by words in 9 languages.

A table in which rows are what somebody did has fields of its own beside those of a person; see `deed_rows`. Columns of somebody else (owner, assistant, manager, parent) are in no list, so they never become the person's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from relationdesk.sources import deed_columns, life_days
from relationdesk.sources.crm_languages import in_english
from relationdesk.sources.elsewhere import table_sign
from relationdesk.text import fold

PERSON_FIELDS = (
    "name", "given_name", "middle_name", "family_name", "prefix", "suffix", "nickname", "company", "title",
    "mail", "phone", "web", "linkedin", "twitter", "id", "notes", *life_days.FIELDS,
)  # fmt: skip
DATES = ("date", "date_day_first", "date_month_first", "date_from_1900", "date_from_1904")
DEED_FIELDS = (*DATES, "time", "subject", "text", "kind", "direction", "link")
"""What makes a row something that was done, once one column is its date."""

FIELDS = (*PERSON_FIELDS, *DEED_FIELDS)
"""What a column can be mapped to. mail, phone, web, notes and text may be given to several columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A table we know. needs: headers it must have; lacks: headers it must not have; one_of: at least one of them.

    fields: what differs from the general guess; "" leaves a column out. All headers folded (`text.fold`).
    """

    title: str
    place: str = "contacts"
    needs: frozenset[str]
    one_of: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    id_prefix: str = ""  # keeps ids of several kinds or places apart within one place
    companies: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


_ZOHO = _set("modified time")
"""What tells a table of Zoho from one of HubSpot: both have record ids and owners."""

LAYOUTS = (
    Layout(
        title="Google contacts (CSV)",
        needs=_set("first name|last name|labels|organization name"),
        fields={"name prefix": "prefix", "name suffix": "suffix"},
    ),
    Layout(
        title="Google contacts (CSV, before 2024)",
        needs=_set("name|given name|family name"),
        one_of=_set("group membership|yomi name|given name yomi|e mail 1 value|phone 1 value"),
        fields={"name prefix": "prefix", "name suffix": "suffix", "location": ""},
    ),
    Layout(
        title="HubSpot contacts (CSV)", place="hubspot",
        needs=_set("record id|email"), lacks=_ZOHO,
        one_of=_set("contact owner|lifecycle stage|lead status|create date|associated company|associated company ids"),
    ),
    Layout(
        title="HubSpot contacts (CSV)", place="hubspot",
        needs=_set("record id|last name"), lacks=_ZOHO, one_of=_set("contact owner|lifecycle stage|lead status|associated company"),
    ),
    Layout(
        title="HubSpot companies (CSV)", place="hubspot", id_prefix="company:", companies=True,
        needs=_set("record id|company name"),
        one_of=_set("company owner|company domain name|website url|create date"),
        lacks=_set("email|first name|deal name"),
        fields={"company domain name": "web"},
    ),
    Layout(
        title="Salesforce contacts (CSV)", place="salesforce",
        needs=_set("id|lastname"), one_of=_set("accountid|isdeleted|reportstoid|mailingstreet|ownerid|leadsource"),
        fields={"salutation": "prefix", "description": "notes"},
    ),
    Layout(
        title="Salesforce contacts (CSV)", place="salesforce",
        needs=_set("contact id|last name"), fields={"contact id": "id", "salutation": "prefix"},
    ),
    Layout(
        title="Salesforce companies (CSV)", place="salesforce", companies=True,
        needs=_set("id|name|ownerid"), one_of=_set("billingstreet|billingcity|numberofemployees|annualrevenue"),
        lacks=_set("lastname|stagename"), fields={"name": "company", "description": "notes"},
    ),
    Layout(
        title="Zoho contacts (CSV)", place="zoho",
        needs=_set("record id|last name|modified time"), lacks=_set("lifecycle stage"),
        fields={"description": "notes", "salutation": "prefix"},
    ),
    Layout(
        title="Zoho companies (CSV)", place="zoho", companies=True,
        needs=_set("record id|account name"), one_of=_set("modified time|created time"), lacks=_set("last name|subject|deal name|potential name|stage"),
        fields={"description": "notes"},
    ),
    Layout(
        title="Pipedrive companies (CSV)", place="pipedrive", id_prefix="company:", companies=True,
        needs=_set("organization name"), one_of=_set("organization id|organization owner|organization address|organization people"),
        lacks=_set("person name|deal title|activity subject|lead title"),
        fields={"organization name": "company", "organization id": "id", "organization website": "web"},
    ),
    Layout(
        title="Pipedrive people (CSV)", place="pipedrive",
        needs=_set("person name"), lacks=_set("deal title|activity subject|lead title"), one_of=_set("person id|person email|person phone|person owner|person organization"),
        fields={
            "person name": "name", "person first name": "given_name", "person last name": "family_name",
            "person id": "id", "person organization": "company", "person job title": "title", "person notes": "notes", "person birthday": "birthday",
        },
    ),
    Layout(
        title="Nimble contacts (CSV)",  # its "parent company" is the one that somebody works for
        needs=_set("first name|last name|parent company"), lacks=_set("record id|account name"),
        fields={"parent company": "company", "linked in": "linkedin", "skype id": "", "lead source": ""},
    ),
    Layout(
        title="Outlook contacts (CSV)",
        needs=_set("first name|last name|e mail address"),
        one_of=_set("business phone|mobile phone|e mail display name|e mail type|home phone|business street|job title"),
        fields={"title": "prefix", "suffix": "suffix", "location": ""},
    ),
    Layout(
        title="Apple contacts (CSV)",
        needs=_set("first name|last name|organization"),
        one_of=_set("email home|email work|phone mobile|phone home|phone work|phone iphone|phonetic first name"),
        fields={"title": "prefix"},
    ),
)  # fmt: skip

_SINGLE = {
    "name": "name|full name|display name|contact name|contact|person|file as name|vollstandiger name|anzeigename|"
    "nom complet|nombre completo|nome completo|volledige naam|navn|fullt navn|nom|nombre|nome|naam|namn|имя и фамилия|фио|姓名|氏名|名前|이름|"
    "ad|adı|isim|ad soyad|adı soyadı|όνομα|ονοματεπώνυμο|nimi|név|teljes név|jméno|jméno a příjmení|meno|meno a priezvisko|nume|nume complet|ime|ime i prezime|ime in priimek|שם|שם מלא|الاسم|الاسم الكامل",
    "given_name": "first name|given name|firstname|givenname|first|forename|vorname|prenom|primer nombre|primeiro nome|"
    "voornaam|fornavn|fornamn|imie|имя|名|名字|"
    "etunimi|keresztnév|utónév|křestní jméno|krstné meno|prenume|ім'я|שם פרטי|الاسم الأول",
    "middle_name": "middle name|additional name|middlename|zweiter vorname|weitere vornamen|deuxieme prenom|"
    "segundo nombre|secondo nome|mellomnavn|отчество",
    "family_name": "last name|family name|lastname|familyname|last|surname|nachname|familienname|nom de famille|"
    "apellido|apellidos|cognome|sobrenome|ultimo nome|achternaam|etternavn|efternavn|efternamn|nazwisko|фамилия|姓|"
    "soyad|soyadı|soyisim|επώνυμο|sukunimi|vezetéknév|családnév|příjmení|priezvisko|nume de familie|prezime|priimek|прізвище|성|שם משפחה|اسم العائلة|الكنية",
    "prefix": "prefix|name prefix|salutation|anrede",
    "suffix": "suffix|name suffix|namenszusatz",
    "nickname": "nickname|nick name|spitzname|surnom|apodo|soprannome",
    "company": "company|company name|organization|organisation|organization name|organization 1 name|account name|"
    "employer|associated company|firma|unternehmen|firmenname|entreprise|societe|empresa|compania|organizacion|azienda|societa|"
    "bedrijf|firmanavn|selskap|foretag|организация|компания|公司|会社|会社名|회사|companyname|"
    "unternehmensname|nom de l entreprise|nom de la societe|nombre de la empresa|nombre de empresa|nome da empresa|nome dell azienda|nome azienda|bedrijfsnaam|naam bedrijf|"
    "foretagsnamn|virksomhedsnavn|nazwa firmy|название компании|organisation|name der organisation|nom de l organisation|nombre de la organizacion|"
    "nome da organizacao|nome dell organizzazione|naam van organisatie|organisatienaam|organisationens namn|組織名|组织名称|조직 이름|"
    "name des unternehmens|name des kontos|kontoname|accountname|accountnaam|nom du compte|nombre de la cuenta|nome da conta|nome conto|naam van account|"
    "şirket|şirket adı|εταιρεία|yritys|yrityksen nimi|cég|cégnév|vállalat|společnost|spoločnosť|companie|tvrtka|poduzeće|preduzeće|podjetje|компанія|חברה|الشركة",
    "title": "title|job title|jobtitle|organization title|organization 1 title|position|role|occupation|funktion|"
    "berufsbezeichnung|poste|titulo del trabajo|fonction|titre|cargo|puesto|qualifica|posizione|functie|stilling|tittel|befattning|"
    "stanowisko|должность|职位|職位|役職|직책|jobbezeichnung|jobtitel|intitule du poste|titre du poste|titulo del puesto|puesto de trabajo|funcao|titulo do cargo|ruolo|functietitel|stillingsbetegnelse|arbetstitel|"
    "position in der organisation|titel in der organisation|fonction dans l organisation|cargo en la organizacion|cargo na organizacao|組織の役職|组织职位|직위|"
    "unvan|ünvan|görev|θέση|τίτλος|titteli|asema|beosztás|pozice|pozícia|funkce|funkcia|funcție|functie|radno mjesto|delovno mesto|посада|תפקיד|المسمى الوظيفي",
    "id": "id|record id|contact id|uid|uuid|external id|kontakt id",
    "linkedin": "linkedin|linkedin url|linkedin profile|linkedin profile url|linkedin link|person linkedin url",
    "twitter": "twitter|twitter handle|twitter username|twitter url|x handle",
}
_MULTIPLE = {
    "mail": "e mail|email|mail|e mail address|email address|email addresses|mail address|emailaddress|emails|e mails|e mail adresse|"
    "mailadresse|email adresse|courriel|adresse e mail|adresse email|adresse de messagerie|correo|correo electronico|"
    "posta elettronica|indirizzo e mail|indirizzo email|indirizzo posta elettronica|direccion de correo electronico|"
    "endereco de e mail|endereco de email|адрес эл почты|адрес электронной почты|电子邮件地址|電子メール アドレス|e mailadres|epost|e post|e postadresse|"
    "e postadress|adres e mail|электронная почта|эл почта|почта|电子邮件|邮箱|メール|メールアドレス|이메일|e mail value|"
    "e posta|eposta|e posta adresi|ηλεκτρονικό ταχυδρομείο|ηλεκτρονική διεύθυνση|sähköposti|sähköpostiosoite|e mail cím|email cím|e mailová adresa|e pošta|електронна пошта|пошта|אימייל|דואר אלקטרוני|البريد الإلكتروني",
    "phone": "phone|telephone|tel|phone number|phone numbers|telephone number|mobile|mobile number|mobile phone|cell|"
    "cell phone|phone mobile|phone iphone|iphone|mobilephone|homephone|otherphone|workphone|fax|fax number|phone fax|"
    "pager|pager number|mobile phone number|company main phone|car phone|callback|radio phone|isdn|tty tdd phone|"
    "telefon|telefonnummer|mobil|mobiltelefon|handy|handynummer|rufnummer|telefone|telefono|movil|celular|cellulare|"
    "portable|tel mobile|tel portable|移动电话|商务电话|telefoon|telefoonnummer|mobiel|mobilnummer|telefono movil|telephone mobile|telephone portable|telefono cellulare|telefono mobile|telefone celular|"
    "телефон|мобильный|мобильный телефон|电话|手机|電話|電話番号|携帯電話|전화|휴대폰|phone value|whatsapp|"
    "numero de telephone|numero de telephone portable|numero de telephone mobile|numero de telefono|numero de telefono movil|numero de movil|numero de telefone|numero de celular|numero di telefono|numero di cellulare|mobiltelefonnummer|mobiel nummer|номер телефона|"
    "telefon numarası|cep telefonu|τηλέφωνο|κινητό|puhelin|puhelinnumero|matkapuhelin|telefonszám|mobiltelefonszám|telefonní číslo|telefónne číslo|număr de telefon|broj telefona|mobitel|telefonska številka|телефон мобільний|טלפון|נייד|الهاتف|رقم الهاتف|الجوال",
    "web": "web|website|web page|web site|url|urls|homepage|home page|website url|webseite|internetseite|site web|"
    "pagina web|sito web|sitio web|nettside|hemsida|веб сайт|сайт|website value|profile url|facebook|facebook url|"
    "instagram url|xing|xing url|github|github url|bluesky|mastodon",
    "notes": "notes|note|comments|description|notizen|notiz|bemerkungen|anmerkungen|remarques|notas|nota|notater|"
    "anteckningar|notatki|заметки|примечания|备注|メモ|비고|comment|notlar|σημειώσεις|muistiinpanot|megjegyzés|megjegyzések|poznámka|poznámky|bilješke|opombe|примітки|הערות|ملاحظات",
}
_QUALIFIERS = frozenset(
    fold(word) for word in (
        "home work business other personal private primary secondary main direct office additional alternate value "
        "wert valor valeur valore waarde varde wartosc vrednost hodnota ertek deger значение 値 值 값 "
        "geschaftlich privat beruflich dienstlich weitere domicile travail bureau professionnel professionnelle personnel "
        "trabajo casa lavoro ufficio trabalho zakelijk prive arbeit arbeid jobb hjem work1 person рабочий домашний личный "
        "służbowy domowy prywatny komórkowy"
    ).split()
)  # fmt: skip
_WHOLE_OR_PART = frozenset(map(fold, "name nom nombre nome naam namn navn ad adı isim όνομα nimi név jméno meno nume ime 이름 שם".split()))
"""Alone the whole name; beside a given name only the family's, beside a family name only the given one."""

_WORDS = {fold(word): name for name, words in (life_days.WORDS | _SINGLE | _MULTIPLE).items() for word in words.split("|")}
_LOOSE = ("mail", "phone", "web")
_MAIL_CELL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")
_NAME_CELL = re.compile(r"(?!.*\b(?:ltd|inc|llc|gmbh|ag|co|corp|company)\b)[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){1,2}", re.IGNORECASE)
"""Two or three words of letters. It says nothing about a column of towns or roles: what comes of it is asked back."""
_OURS = re.compile(r"relationdesk|person_?uid|person uid")


def guess_field(column: str) -> str:
    """The field of FIELDS a header speaks of, "" for none. "E-Mail (geschäftlich) 2" is mail, "Email opt out" is not."""
    words = fold(column).split()[:12]
    exact = _WORDS.get(" ".join(words))
    if exact:
        return exact
    rest = " ".join(word for word in words if word not in _QUALIFIERS and not word.isdigit())
    loose = _WORDS.get(rest, "")
    return loose if loose in _LOOSE else ""


def guess_mapping(columns: Iterable[str], rows: Sequence[Sequence[str]] = ()) -> dict[str, str]:
    """column → field of FIELDS, as far as the headers tell; a field of which a person has one is given once. rows: the
    first ones; where no header speaks of a name or a mail address, the first column whose cells look like it is taken."""
    columns = list(columns)
    mapping: dict[str, str] = {}
    guessed = [guess_field(column) or guess_field(short.rpartition(".")[2]) for column, short in zip(columns, _bare(columns), strict=True)]
    for column, found in zip(columns, _in_company(columns, guessed), strict=True):
        if found and column not in mapping and (found in _MULTIPLE or found not in mapping.values()):
            mapping[column] = found
    mapping |= deed_columns.guess(columns, mapping)
    for meaning, looks, said in (("mail", _MAIL_CELL, {"mail"}), ("name", _NAME_CELL, {"name", "given_name", "family_name"})):
        column = _column_of(columns, rows, looks, mapping)
        if column and not said & set(mapping.values()):
            mapping[column] = meaning
    return mapping


def _column_of(columns: Sequence[str], rows: Sequence[Sequence[str]], looks: re.Pattern[str], taken: Iterable[str]) -> str:
    """The first column still free of which every cell that is not empty looks so and occurs once, "" for none."""
    for place, column in enumerate(columns):
        cells = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        if cells and column not in taken and len(set(cells)) == len(cells) and all(looks.fullmatch(cell[:200]) for cell in cells):
            return column
    return ""


def _in_company(columns: Sequence[str], fields: Sequence[str]) -> list[str]:
    """The fields again, those settled that depend on the others: "Vorname, Name", "Nombre, Apellidos", and of two
    titles the one before the given name, which is "Mr" or "Dr."."""
    settled = list(fields)
    given, family = "given_name" in settled, "family_name" in settled
    for place, column in enumerate(columns):
        if given != family and settled[place] == "name" and fold(column) in _WHOLE_OR_PART:
            settled[place] = "family_name" if given else "given_name"
            given = family = True
        elif settled[place] == "title" and settled.count("title") > 1 and settled[place + 1 : place + 2] == ["given_name"]:
            settled[place] = "prefix"
    return settled


def layout_of(columns: Sequence[str]) -> Layout | None:
    """The known export these headers belong to."""
    folded = set(in_english(columns))
    for layout in LAYOUTS:
        if layout.needs <= folded and not layout.lacks & folded and (not layout.one_of or layout.one_of & folded):
            return layout
    return None


def fields_of(columns: Sequence[str], layout: Layout | None) -> tuple[str, ...]:
    """A field of FIELDS or "" for every column, by position; the same header, and the same field, may occur again."""
    special = layout.fields if layout else {}
    folded, bare = in_english(columns) if layout else [fold(column) for column in columns], [fold(column) for column in _bare(columns)]
    has_id = any(special.get(column) == "id" for column in folded)
    found: list[str] = []
    guessed = _in_company(columns, [special[name] if name in special else _of_event(name) or guess_field(name) or guess_field(short) for name, short in zip(folded, bare, strict=True)])
    for name, meaning in zip(folded, guessed, strict=True):
        if meaning == "id" and ("id" in found or (has_id and name not in special)):
            meaning = ""
        found.append(meaning)
    return tuple(found)


def _bare(columns: Sequence[str]) -> Sequence[str]:
    """Without what all of them begin with: Pipedrive writes "Persona - Nombre" in every language."""
    parts = [column.partition(" - ") for column in columns]
    same = len(columns) > 2 and all(rest for _, _, rest in parts) and len({first for first, _, _ in parts}) == 1
    return [rest for _, _, rest in parts] if same else columns


_EVENT_COLUMN = re.compile(r"event \d{1,3} (label|type|value)")


def _of_event(column: str) -> str:
    found = _EVENT_COLUMN.fullmatch(column)
    return "" if found is None else life_days.EVENT_VALUE if found[1] == "value" else life_days.EVENT_LABEL


def is_foreign(columns: Sequence[str]) -> bool:
    """Tables that are no contact list: LinkedIn's connections, our own export, and those of other places' exports."""
    folded = {fold(column) for column in columns}
    if table_sign(columns):
        return True
    linkedin = "connected on" in folded and bool({"first name", "url", "position"} & folded)
    return linkedin or any(_OURS.search(column.casefold()) for column in columns)


def lacking(fields: Iterable[str]) -> str:
    """What no column is said to hold: "who" without a name or a mail address, "date" if it tells what was done but not when;
    "" if nothing is missing."""
    given = set(fields)
    if not {"name", "given_name", "family_name", "mail"} & given:
        return "who"
    return "date" if given.intersection(DEED_FIELDS) and not tells_deeds(given) else ""


def tells_deeds(fields: Iterable[str]) -> bool:
    """True if rows are what somebody did and when, not people."""
    return not set(DATES).isdisjoint(fields)
