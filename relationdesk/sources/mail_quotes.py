"""Parts what somebody wrote now from the history their mail program put below (or between).

Knows the heads that mail programs write in some twenty languages, and by day, time and address those of any other.
What was forwarded is not history: it is what the sender wants to be read, and stays. Signatures stay. Nothing is lost:
the history is handed back too.
"""

from __future__ import annotations

import re

_FORWARDED = re.compile(
    r"^[-_ ]{2,}\s*(?:Forwarded message|Weitergeleitete Nachricht|Message transféré|Mensaje reenviado|Messaggio inoltrato|"
    r"Doorgestuurd bericht|Mensagem encaminhada|Vidarebefordrat meddelande|Videresendt (?:meddelelse|besked|melding)|"
    r"Edelleenlähetetty viesti|Wiadomość przekazana dalej|Przekazana wiadomość|Přeposlaná zpráva|Továbbított üzenet|"
    r"Пересылаемое сообщение|Пересланное сообщение|İletilmiş mesaj|Mesaj redirecționat|転送メッセージ|转发的?(?:消息|邮件)|전달된 메일)\b"
    r"|^(?:Begin forwarded message|Anfang der weitergeleiteten Nachricht|Début du message (?:réexpédié|transféré)|"
    r"Inicio del mensaje reenviado|Inizio messaggio inoltrato|Begin doorgestuurd bericht|Início da mensagem (?:re)?encaminhada|"
    r"Vidarebefordrat brev|Start på videresendt besked|Начало переадресованного сообщения)\s?:",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"^\W{0,3}-{2,}\s?(?:Original Message|Original Appointment|Ursprüngliche Nachricht|Originalnachricht|Ursprünglicher Termin|"
    r"Message d['’]origine|Message original|Mensaje original|Reply message|Antwortnachricht|Messaggio originale|"
    r"Oorspronkelijk bericht|Mensagem original|Ursprungligt meddelande|Oprindelig meddelelse|Opprinnelig melding|"
    r"Alkuperäinen viesti|Oryginalna wiadomość|Wiadomość oryginalna|Původní zpráva|Eredeti üzenet|Исходное сообщение|"
    r"Orijinal İleti|Özgün ileti|Mesaj original|元のメッセージ|原始邮件|原始郵件|원본 메[시세]지)\s?-{2,}",
    re.IGNORECASE,
)
_WROTE = (
    r"wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|skrev|kirjoitti|napisał(?:\(a\)|a)?|pisze|napsal(?:\(a\)|a)?|"
    r"napísal(?:\(a\)|a)?|написал(?:\(а\)|а)?|пишет|пише|писав|ezt írta|şunu yazdı|yazdı|a scris|έγραψε|写道|寫道|作成|작성|님이 씀"
)
_BEGINNING = r"On|Am|Le|El|Il(?: giorno)?|Op|Em|Den|Pada|Στις|În|W dniu|Dnia|Dne"
_ATTRIBUTION = re.compile(
    rf"^(?:(?:{_BEGINNING})\b.{{4,250}}(?:{_WROTE}).{{0,150}}|.{{2,150}}(?<!\w)(?:{_WROTE})(?: (?:on|am|le|el|il)\b.{{2,80}}|\s?\(.{{2,80}}\))?)\s?[:：]\s*$"
    rf"|^.{{2,250}}(?:写道|寫道|작성|님이 씀)\s?[:：]\s*$"
)
_BEGINS_ATTRIBUTION = re.compile(rf"^(?:{_BEGINNING}) \S")
_ANY_LANGUAGE = re.compile(
    r"^(?=.{0,250}\d[:.h]\d\d)(?=.{0,250}(?:(?<!\d)(?:19|20)\d\d(?!\d)|\d[./-]\d{1,2}[./-]\d\d))"
    r".{4,400}[:：]\s*$"
)
"""Day, time and a colon at the end: what every mail program puts above a quotation, whatever its language."""
_ADDRESS = re.compile(r"[<(][^\s<>()@]{1,80}@[^\s<>()@]{1,100}[)>]")
_SENDER = re.compile(
    r"^\*?(?:From|Von|De|Da|Van|Från|Fra|Lähettäjä|Od|От(?:правитель)?|Від|Feladó|Kimden|De la|Από|差出人|送信者|发件人|寄件者|보낸 사람)"
    r"\s?[:：]\*?\s?\S"
)
_HEAD_LINE = re.compile(
    r"^\*?(?:Sent|Date|To|Cc|Subject|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviad[oa](?: el)?|Fecha|Para|Asunto|Assunto|Data|"
    r"Inviato|A|Oggetto|Verzonden|Aan|Onderwerp|Skickat|Till|Ämne|Sendt|Dato|Til|Emne|Lähetetty|Päivämäärä|Vastaanottaja|Aihe|"
    r"Wysłano|Do|DW|Temat|Odesláno|Komu|Předmět|Odoslané|Predmet|Отправлено|Дата|Кому|Копия|Тема|Надіслано|Elküldve|Dátum|"
    r"Címzett|Tárgy|Gönderildi|Tarih|Kime|Konu|Trimis|Către|Subiect|Στάλθηκε|Προς|Θέμα|送信日時|日時|宛先|件名|发送时间|日期|收件人|"
    r"抄送|主题|傳送時間|收件者|主旨|보낸 날짜|받는 사람|참조|제목)\s?[:：]",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*[_*-]{5,}\s*$")


def parted(text: str, *, forwarded: bool = False) -> tuple[str, str]:
    """(own words, quoted history), both plain text without surrounding blank lines; ("…", "") if there is none.

    forwarded: the mail says that it passes another one on, so the head of that one does not begin a history.
    """
    lines = text.split("\n")
    start, last_word = (None, 0) if forwarded else _history(lines)
    if start is None:
        return _without_marks(lines)
    rest = lines[last_word + 1 :]
    first = next((line for line in rest if line.strip()), "")
    if first.startswith(">"):  # answers may stand below or between: only marked lines are history
        own, quoted = _without_marks(rest)
        return _stripped([*lines[:start], "", own]), _stripped([*lines[start : last_word + 1], quoted])
    above, marked = _without_marks(lines[:start])
    return above, _stripped([marked, *lines[start:]])


def _history(lines: list[str]) -> tuple[int | None, int]:
    """(first line of the head of the history or None, last line of that head)."""
    for number, line in enumerate(lines):
        if not line or line.startswith(">"):
            continue
        short = line[:400].strip()
        if _FORWARDED.match(short):
            return None, 0
        if _ORIGINAL.match(short) or _is_header_block(lines, number):
            start = number - 1 if number and _RULE.match(lines[number - 1][:200]) else number
            return start, number
        for extent in (1, 2, 3) if _may_go_on(short) else (1,):
            joined = " ".join(part[:200].strip() for part in lines[number : number + extent])
            if joined.endswith((":", "：")) and _is_attribution(joined, lines, number + extent):
                return number, number + extent - 1
    return None, 0


def _may_go_on(line: str) -> bool:
    """The head of a quotation may be broken into several lines, of which the first names the day."""
    return _BEGINS_ATTRIBUTION.match(line) is not None or (
        line[-1:] not in ".!?:：" and _DAY_AND_TIME.search(line) is not None
    )


_DAY_AND_TIME = re.compile(r"\d.{0,30}\d[:.h]\d\d")


def _is_attribution(joined: str, lines: list[str], after: int) -> bool:
    """Prose may end in "… wrote:" too: a date, an address or a quoted line below must speak for a head."""
    below = next((line for line in lines[after : after + 3] if line.strip()), "").startswith(">")
    anywhere = _ANY_LANGUAGE.match(joined) is not None
    if _ATTRIBUTION.match(joined):
        dated = re.search(r"\d", joined) is not None and _BEGINS_ATTRIBUTION.match(joined) is not None
        return below or dated or "@" in joined or anywhere
    return anywhere and (below or _ADDRESS.search(joined) is not None)


def _is_header_block(lines: list[str], number: int) -> bool:
    """From/Von/De followed by at least two of Sent, To, Subject … within six lines, as Outlook writes it."""
    if not _SENDER.match(lines[number][:200].strip()):
        return False
    following = [line[:60].strip() for line in lines[number + 1 : number + 7]]
    return sum(1 for line in following if _HEAD_LINE.match(line)) >= 2


def _without_marks(lines: list[str]) -> tuple[str, str]:
    own = [line for line in lines if not line.startswith(">")]
    return _stripped(own), _stripped([line for line in lines if line.startswith(">")])


def _stripped(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n").rstrip()
