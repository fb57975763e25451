"""Words that phones write into chat exports, in the languages they are set to (`chat_word_table`): how to find them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from relationdesk.sources.chat_word_table import CALLS, DELETED, DELETED_BY_ME, EDITED, LEFT_OUT, MISSED

_FORENOON = frozenset(
    "am vorm a vm fm πμ öö de sa 오전 午前 上午 凌晨 清晨 早上 早晨 ص قظ पूर्वाह्न ก่อนเที่ยง pd прпл дп pg pagi dop fh fmidd рано üç ጥዋት ጠዋት לפנהצ לפנה״צ ap priekšp priešpiet".split()
)
_AFTERNOON = frozenset(
    "pm nachm p nm em μμ ös du ch 오후 午後 下午 中午 晚上 傍晚 م بظ अपराह्न หลังเที่ยง md слпл пп ptg petang malam odp pop ip eh ከሰዓት אחהצ אחה״צ pēcp popiet".split()
)


def half_of_day(word: str) -> bool | None:
    """False for the forenoon, True for the afternoon, None for a word that is neither."""
    plain = re.sub(r"[\s.\u00a0\u202f]", "", word).casefold()
    return True if plain in _AFTERNOON else False if plain in _FORENOON else None


_ATTACHED = (
    r"file attached|Datei angehängt|archivo adjunto|fichier joint|arquivo anexado|ficheiro anexado|file allegato|bestand bijgevoegd|"
    r"файл добавлен|файл (?:додано|прикріплено)|dosya ekli|bifogad fil|fil bifogad|vedhæftet fil|fil vedlagt|plik załączony|załączono plik|załączony plik|soubor \w+|fájl csatolva|fișier atașat|"
    r"συνημμένο αρχείο|fitxer adjunt|file terlampir|fail dilampirkan|tệp đính kèm|附件|添付ファイル|파일 첨부됨?|ملف مرفق|קובץ מצורף"
)
_OF_THE_PHONE = r"(?:(?:IMG|VID|AUD|PTT|STK|DOC)-\d{8}-WA\d{4,6}|\d{6,10}-(?:PHOTO|VIDEO|AUDIO|STICKER|GIF|DOCUMENT)-[\d-]{10,30})\.\w{2,5}"
"""Names that WhatsApp gives to files: with one, the words around it may be of any language."""
_MEDIA = re.compile(
    rf"<(?P<placeholder>(?:attached|angehängt|adjunto|joint|pièce jointe|anexado|allegato|bijgevoegd|прикреплено|ekli|bifogad|załączono|załączony|附件|[^<>:：\n]{{2,30}}(?=[:：]\s?{_OF_THE_PHONE}))\s?[:：]\s?(?P<file>[^<>\n]{{1,200}})"
    r"|[^<>\n]{3,60})>"
    rf"|(?P<named>[^\n<>()/\\:]{{1,150}}\.[A-Za-z0-9]{{2,5}})\s\((?:{_ATTACHED})\)|(?P<plain>{_OF_THE_PHONE})\s\([^()\n]{{2,40}}\)"
    rf"|(?P<words>[^\n<>:]{{1,40}})",
    re.IGNORECASE,
)


def _whole(words: Mapping[str, str]) -> re.Pattern[str]:
    """Any of these and nothing else, but for a full stop."""
    return re.compile(rf"(?:{'|'.join(words.values())})[.。।۔]?", re.IGNORECASE)


@cache
def _omitted() -> re.Pattern[str]:
    words = "|".join(LEFT_OUT.values())
    return re.compile(rf"(?:{words})\W*$|^\W*(?:{words})", re.IGNORECASE)


@cache
def _deleted() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """(by anybody, by me). Made when the first chat is read."""
    return _whole(DELETED), _whole(DELETED_BY_ME)


@cache
def _edited() -> re.Pattern[str]:
    return re.compile(rf"\s*\u200e?<(?=[^<>\n]{{7,70}}>)[^<>\n:]*(?:{EDITED})[^<>\n:]*>\s*$", re.IGNORECASE)


@cache
def _call() -> re.Pattern[str]:
    return re.compile(rf"(?:(?P<missed>{MISSED})|{CALLS})(?:[,.،、，]\s?(?P<rest>[^\n]{{0,60}})|(?P<alone>))", re.IGNORECASE)


_POLL = re.compile(r"^(?:POLL|UMFRAGE|ENCUESTA|SONDAGE|ENQUETE|SONDAGGIO|PEILING|ОПРОС|ANKET|投票)\s?:", re.IGNORECASE)
_PLACE = re.compile(r"^(?:Location|Standort|Ubicación|Localisation|Localização|Posizione|Locatie|Местоположение|Konum|Live location shared)\b", re.IGNORECASE)
_GROUP = re.compile(
    r"(?:created|erstellt|creó|creado|créé|criou|creato|gemaakt|создал\w*|oluşturdu|skapade|oprettede|opprettet|utworzył\w*|loi|vytvořil\w*|"
    r"létrehozta|creat|δημιούργησε|作成|创建|建立|만들|أنشأ|יצר|membuat|बनाया|tạo)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“„«”]([^\"“”„«»]{1,100})[\"”“»]")
_TITLE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^WhatsApp Chat (?:with|-) (.+)$", r"^WhatsApp[- ]Chat (?:mit|met|med|-) (.+)$", r"^Chat (?:de |di )?WhatsApp (?:con|com|-) (.+)$",
        r"^Conversa do WhatsApp (?:com|-) (.+)$", r"^Discussion WhatsApp (?:avec|-) (.+)$", r"^Чат WhatsApp (?:с контактом|с|-) (.+)$",
        r"^Czat WhatsApp z:? (.+)$", r"^(.+) ile WhatsApp Sohbeti$", r"^WhatsApp Sohbeti? - (.+)$", r"^与(.+)的\s?WhatsApp\s?聊天$",
        r"^WhatsApp\s?與(.+)的對話$", r"^(?:與|和)(.+)的\s?WhatsApp\s?(?:對話|聊天)$", r"^(.+)(?:さん)?との\s?WhatsApp\s?(?:トーク|チャット)$",
        r"^WhatsApp-chatt med (.+)$", r"^Chat WhatsApp (?:dengan|z|s|cu) (.+)$", r"^(?:Cuộc|Đoạn) trò chuyện WhatsApp với (.+)$", r"^Συνομιλία WhatsApp με (.+)$", r"^Чат WhatsApp (?:з|із) (.+)$", r"^(.+)님과의 WhatsApp 대화$", r"^WhatsApp-?keskustelu (?:henkilön )?(.+) kanssa$", r"^WhatsApp-?keskustelu (?:henkilön kanssa )?-? ?(.+)$", r"^WhatsApp.{0,20} - (.+)$",
    )
)  # fmt: skip


def title_in(name: str) -> str:
    """Whose chat it is by the name of its file or folder, without ending and a browser's " (1)"; "" if it does not say."""
    stem = re.sub(r"\s*\(\d+\)$", "", re.sub(r"\.(?:txt|zip)$", "", name.strip(), flags=re.IGNORECASE)).replace("\u200e", "")
    return next((found[1].strip() for pattern in _TITLE if (found := pattern.match(stem))), "")


def group_made(words: str) -> str:
    """The name in "Ann created group “Crew”"; "" for other words."""
    quoted = _QUOTED.findall(words)
    return quoted[0].strip() if len(quoted) == 1 and _GROUP.search(_QUOTED.sub("", words)) else ""


def without_edit_mark(body: str) -> tuple[str, bool]:
    if not body.endswith((">", "> ")):
        return body, False
    found = _edited().search(body, max(0, len(body) - 100))
    return (body[: found.start()], True) if found else (body, False)


def is_deleted(body: str) -> bool:
    return len(body) < 200 and any(pattern.fullmatch(body) for pattern in _deleted())


def is_deleted_by_me(body: str) -> bool:
    """Words that only stand where the owner of the phone took a message back."""
    return len(body) < 200 and bool(_deleted()[1].fullmatch(body))


def call_in(body: str) -> str | None:
    """ "5 min" of "Video call, 5 min", "" for a missed one; None for what is no call."""
    found = _call().fullmatch(body) if len(body) < 120 else None
    if not found:
        return None
    long = found["rest"] or ""
    return "" if found["missed"] or not re.search(r"\d", long) else long.strip(" .\u200e")


def is_content(body: str) -> bool:
    """A poll or a place: words of the author, although the phone puts its mark before them."""
    return bool(_POLL.match(body) or _PLACE.match(body))


def media_in(line: str, *, marked: bool) -> str | None:
    """The file's name, or "media" for one that was left out; None for a line of words.

    marked: the phone put its own mark (U+200E) before it, so that "image omitted" are not somebody's words.
    """
    found = _MEDIA.fullmatch(line.strip().strip("\u200e\u200f"))
    if not found:
        return None
    if name := found["file"] or found["named"] or found["plain"]:
        return name.strip()
    words = found["placeholder"] or (found["words"] if marked else "")
    return "media" if words and _omitted().search(words) else None
