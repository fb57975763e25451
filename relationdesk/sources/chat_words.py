"""Words that phones write into chat exports, in the languages they are set to. Data only, and how to find them."""

from __future__ import annotations

import re

_FORENOON = frozenset("am vorm a vm fm πμ öö de sa 오전 午前 上午 凌晨 清晨 早上 早晨 ص قظ पूर्वाह्न ก่อนเที่ยง pd прпл дп".split())
_AFTERNOON = frozenset("pm nachm p nm em μμ ös du ch 오후 午後 下午 中午 晚上 傍晚 م بظ अपराह्न หลังเที่ยง md слпл пп".split())


def half_of_day(word: str) -> bool | None:
    """False for the forenoon, True for the afternoon, None for a word that is neither."""
    plain = re.sub(r"[\s.\u00a0\u202f]", "", word).casefold()
    return True if plain in _AFTERNOON else False if plain in _FORENOON else None


_OMITTED = (
    r"omitted|Без медиафайлов|weggelassen|ausgeschlossen|omitid[oa]|ocult[oa]|omis(?:e|es)?|absente?|omess[oaie]|weggelaten|отсутству\w+|пропущен\w*|"
    r"dahil edilmedi|utelämnad\w*|udeladt|utelatt|jätetty pois|pominięt\w+|vynechán\w*|kihagyva|παραλείφθηκε|omis[ăe]?|"
    r"disertakan|छोड़\w+ गय\w+|省略|略去|忽略|含まれていません|생략\w*|حذف\w*|استبعاد\w*|הושמט\w*|bỏ qua"
)
_ATTACHED = (
    r"file attached|Datei angehängt|archivo adjunto|fichier joint|arquivo anexado|ficheiro anexado|file allegato|bestand bijgevoegd|"
    r"файл добавлен|dosya ekli|bifogad fil|vedhæftet fil|fil vedlagt|plik załączony|załączono plik|附件|添付ファイル|파일 첨부됨|ملف مرفق"
)
_MEDIA = re.compile(
    r"<(?P<placeholder>(?:attached|angehängt|adjunto|joint|pièce jointe|anexado|allegato|bijgevoegd|прикреплено|ekli|bifogad|załączono|附件)\s?:\s?(?P<file>[^<>\n]{1,200})"
    r"|[^<>\n]{3,60})>"
    rf"|(?P<named>[^\n<>()/\\:]{{1,150}}\.[A-Za-z0-9]{{2,5}})\s\((?:{_ATTACHED})\)"
    rf"|(?P<words>[^\n<>:]{{1,40}})",
    re.IGNORECASE,
)
_IS_OMITTED = re.compile(rf"(?:{_OMITTED})\W*$|^\W*(?:{_OMITTED})|^تم ", re.IGNORECASE)
_EDITED = re.compile(
    r"\s*\u200e?<(?:This message was edited|Diese Nachricht wurde bearbeitet|Se editó este mensaje|Ce message a été modifié|"
    r"Mensagem editada|Esta mensagem foi editada|Questo messaggio è stato modificato|Dit bericht is bewerkt|Сообщение изменено|Bu mesaj düzenlendi)\.?>\s*$",
    re.IGNORECASE,
)
_DELETED_BY_ME = re.compile(
    r"^(?:You deleted this message(?: as admin)?|Du hast diese Nachricht gelöscht|Eliminaste este mensaje|Vous avez supprimé ce message|"
    r"Você apagou esta mensagem|Apagou esta mensagem|Hai eliminato questo messaggio|U hebt dit bericht verwijderd|Вы удалили данное сообщение|Bu mesajı sildiniz)\.?$",
    re.IGNORECASE,
)
_DELETED = re.compile(
    r"^(?:This message was deleted(?: by admin.{0,80})?|Diese Nachricht wurde gelöscht|Se eliminó este mensaje|Este mensaje fue eliminado|Ce message a été supprimé|"
    r"Esta mensagem foi apagada|Mensagem apagada|Questo messaggio è stato eliminato|Dit bericht is verwijderd|Данное сообщение удалено|Bu mesaj silindi)\.?$",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"^(?P<missed>(?:Silenced )?Missed |Verpasster |Verpasste[rs]? |Llamada perdida|Appel .{0,12}manqué|Chiamata .{0,12}persa|Chamada .{0,12}perdida|Gemiste )?"
    r"(?:(?:group )?(?:voice|video) call|(?:Sprach|Video)anruf|(?:de voz|llamada|videollamada|appel|chiamata|videochiamata|chamada|(?:spraak|video)oproep)\b[^\n,.]{0,30})"
    r"[,.]?\s*(?P<rest>[^\n]{0,60})$",
    re.IGNORECASE,
)
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
        r"^WhatsApp\s?與(.+)的對話$", r"^(.+)님과의 WhatsApp 대화$", r"^WhatsApp-?keskustelu (?:henkilön kanssa )?-? ?(.+)$", r"^WhatsApp.{0,20} - (.+)$",
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
    found = _EDITED.search(body, max(0, len(body) - 100))
    return (body[: found.start()], True) if found else (body, False)


def is_deleted(body: str) -> bool:
    return bool(_DELETED.match(body) or _DELETED_BY_ME.match(body))


def is_deleted_by_me(body: str) -> bool:
    """Words that only stand where the owner of the phone took a message back."""
    return bool(_DELETED_BY_ME.match(body))


def call_in(body: str) -> str | None:
    """ "5 min" of "Video call, 5 min", "" for a missed one; None for what is no call."""
    found = _CALL.match(body) if len(body) < 120 else None
    if not found:
        return None
    return "" if found["missed"] or not re.search(r"\d", found["rest"]) else found["rest"].strip(" .‎")


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
    if found["file"] or found["named"]:
        return (found["file"] or found["named"]).strip()
    words = found["placeholder"] or (found["words"] if marked else "")
    return "media" if words and _IS_OMITTED.search(words) else None
