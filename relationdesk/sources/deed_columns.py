"""Which columns of an unknown table tell what was done, and the words in them for kinds and directions, in nine languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from relationdesk.model import Kind
from relationdesk.text import fold

_WORDS = {
    "date": "date|datum|dato|fecha|data|дата|日期|日付|날짜|day|when|date time|datetime|date and time|timestamp|time stamp|ts|created at|activity date|date of contact|"
    "contact date|call date|meeting date|zeitpunkt|wann|quand|cuando|quando|published|published at|sent at|occurred at|happened at",
    "time": "time|uhrzeit|heure|hora|ora|tid|tijd|klokkeslett|время|时间|時間|시간",
    "subject": "subject|betreff|objet|asunto|oggetto|assunto|onderwerp|emne|amne|topic|тема|主题|件名|제목",
    "text": "text|message|body|content|summary|details|what|what happened|outcome|result|protocol|nachricht|inhalt|protokoll|ergebnis|"
    "contenu|resume|mensaje|contenido|resumen|messaggio|contenuto|mensagem|conteudo|bericht|inhoud|melding|innhold|meddelande|текст|сообщение|内容|本文|내용",
    "kind": "type|kind|activity type|interaction type|contact type|channel|art|typ|tipo|soort|kanal|canal|канал|тип|类型|種類|유형",
    "direction": "direction|in out|inbound outbound|incoming outgoing|richtung|sens|direccion|direzione|direcao|richting|retning|riktning|направление",
    "link": "link|url|permalink",
}  # fmt: skip
_FIELDS = {fold(word): field for field, words in _WORDS.items() for word in words.split("|")}
_WHO = frozenset(map(fold, "who|with|whom|customer|client|lead|prospect|attendee|wer|mit wem|kunde|kundin|client|qui|quien|cliente|chi|quem|wie|klant|hvem|kunde|vem|kund|кто|клиент".split("|")))
_TELLING = frozenset({"subject", "text", "direction"})
"""Without one of these a date is a birthday, or the day on which a card was made."""

_KINDS = {
    Kind.CALL: "call|phone|phone call|telephone|telephone call|video call|anruf|telefonat|telefon|appel|llamada|chiamata|telefonata|chamada|ligacao|telefoontje|samtale|samtal|звонок|电话|電話|전화",
    Kind.EVENT: "meeting|event|appointment|visit|lunch|demo|conference|treffen|termin|besprechung|besuch|reunion|rendez vous|cita|riunione|incontro|reuniao|afspraak|vergadering|mote|встреча|会议|会議|회의",
    Kind.MAIL: "mail|e mail|email|letter|brief|courriel|correo|correo electronico|epost|e post|почта|письмо|邮件|メール|이메일",
    Kind.MESSAGE: "message|chat|sms|text message|dm|direct message|whatsapp|nachricht|mensaje|messaggio|mensagem|bericht|melding|сообщение|消息|메시지",
    Kind.POST: "post|tweet|toot|status|beitrag|publication|publicacion",
    Kind.REPLY: "reply|answer|response|antwort|reponse|respuesta|risposta|resposta|svar|ответ|回复|返信|답장",
    Kind.COMMENT: "comment|kommentar|commentaire|comentario|commento|комментарий|评论|コメント|댓글",
    Kind.SHARE: "share|repost|retweet|boost", Kind.REACTION: "like|reaction|favourite|favorite",
    Kind.ARTICLE: "article|blog|blog post|artikel|articulo|articolo", Kind.VIDEO: "video", Kind.PHOTO: "photo|picture|foto",
    Kind.INVITATION: "invitation|invite|einladung", Kind.CONNECTION: "connection|connected",
}  # fmt: skip
_KIND_OF = {fold(word): kind for kind, words in _KINDS.items() for word in words.split("|")}
_OUT = frozenset(map(fold, "out|outgoing|outbound|sent|me|from me|to them|ausgehend|gesendet|sortant|envoye|saliente|enviado|uscita|inviato|uitgaand|verzonden|utgaende|ut|sendt|исходящий|исходящее|发出|送信|발신".split("|")))


def guess(columns: Iterable[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """{column: field} of the columns that tell what was done, {} for a table of people. mapping: what is known of the others.

    A table is taken for one only if a column is a date and another one tells words: one glance corrects it.
    """
    columns = list(columns)
    found: dict[str, str] = {}
    for column in columns:
        field = _FIELDS.get(fold(column), "") or _FIELDS.get(fold(column.rpartition(".")[2]), "")
        if field and (field == "text" or field not in found.values()):
            found[column] = field
    if "date" not in found.values() or _TELLING.isdisjoint(found.values()):
        return {}
    found |= {column: "text" for column, field in mapping.items() if field == "notes"}
    who = next((column for column in columns if fold(column) in _WHO and column not in mapping), "")
    if who and not {"name", "given_name", "family_name"} & set(mapping.values()):
        found[who] = "name"
    return found


def kind_of(word: str) -> Kind:
    """What a cell says was done; OTHER for a word that nobody knows."""
    return _KIND_OF.get(fold(word), Kind.OTHER)


def is_outgoing(word: str) -> bool:
    """True if a cell says that the owner of the desk did it."""
    return fold(word) in _OUT
