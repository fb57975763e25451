"""What mail programs call things, in the languages they speak: folders, labels, automatic senders. Words only, no code
that reads. All in lower case; a language that is not here is read like one without such words: nothing is left out."""

from __future__ import annotations

import re

SENT = frozenset(
    "sent|sent items|sent messages|sent mail|sent-mail|outbox|gesendet|gesendete|gesendete elemente|gesendete objekte|"
    "gesendete nachrichten|envoyés|envoyes|messages envoyés|éléments envoyés|enviado|enviados|elementos enviados|"
    "itens enviados|mensajes enviados|inviata|inviati|posta inviata|verzonden|verzonden items|verzonden berichten|skickat|"
    "skickade|skickade objekt|sendt|sendte|sendt post|sendte elementer|lähetetyt|lähetetyt viestit|wysłane|"
    "elementy wysłane|odeslané|odeslaná pošta|odoslané|elküldött|elküldött elemek|gönderilmiş|gönderilmiş postalar|"
    "gönderilmiş öğeler|trimise|mesaje trimise|отправленные|надіслані|отправленные письма|σταλμένα|απεσταλμένα|"
    "送信済み|送信済みメール|已发送|已发送邮件|寄件備份|보낸편지함|보낸 편지함".split("|")
)
"""Folders and labels of mail that the owner sent."""

LEFT_OUT = frozenset(
    "trash|deleted|deleted items|deleted messages|bin|spam|junk|junk e-mail|junk email|bulk mail|drafts|draft|templates|"
    "papierkorb|gelöscht|gelöschte elemente|gelöschte objekte|entwürfe|entwurf|vorlagen|werbung|corbeille|"
    "éléments supprimés|messages supprimés|brouillons|courrier indésirable|indésirables|pourriel|papelera|"
    "elementos eliminados|borradores|correo no deseado|correo basura|cestino|posta eliminata|bozze|posta indesiderata|"
    "indesiderata|prullenbak|prullenmand|verwijderde items|concepten|ongewenste e-mail|lixo|lixeira|reciclagem|"
    "itens excluídos|rascunhos|lixo eletrônico|papperskorg|papperskorgen|borttaget|borttagna objekt|utkast|skräppost|"
    "papirkurv|slettet post|slettede elementer|kladder|søppelpost|uønsket post|uønsket mail|roskakori|poistetut|luonnokset|"
    "roskaposti|kosz|elementy usunięte|wersje robocze|szkice|robocze|koš|odstraněná pošta|koncepty|nevyžádaná pošta|kuka|"
    "törölt elemek|piszkozatok|levélszemét|çöp kutusu|silinmiş öğeler|taslaklar|gereksiz|coș de gunoi|ciorne|"
    "корзина|удаленные|черновики|спам|кошик|чернетки|κάδος|πρόχειρα|ανεπιθύμητα|ゴミ箱|下書き|迷惑メール|"
    "已删除|已删除邮件|垃圾邮件|草稿|草稿箱|垃圾箱|刪除的郵件|휴지통|임시보관함|스팸함".split("|")
)
"""Folders and labels of what was thrown away, never sent, or never wanted."""

NO_REPLY = re.compile(
    r"(?:^|[._+-])(?:no[._-]?reply|do[._-]?not[._-]?reply|nicht[._-]?antworten|keine[._-]?antwort|ne[._-]?pas[._-]?repondre|"
    r"no[._-]?responder|no[._-]?contestar|n[aã]o[._-]?responda|non[._-]?rispondere|niet[._-]?antwoorden|"
    r"svara[._-]?(?:ej|inte)|ikke[._-]?svar|nie[._-]?odpowiadaj|auto[._-]?reply)(?:$|[._+\d-])|^mailer-daemon$"
)
"""Local parts of addresses that nobody reads, and behind which nobody sits."""


def folder_words(part: str) -> str:
    """One folder or label as it is listed here: ".INBOX.Trash" → "trash", "Deleted Messages.mbox" → "deleted messages"."""
    name = part.casefold().strip(' "').removesuffix(".mbox").removesuffix(".sbd").removesuffix(".imapmbox")
    return name.rpartition(".")[2].strip()
