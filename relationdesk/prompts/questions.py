"""Whether words ask something, in any script; and whether they only end a conversation."""

from __future__ import annotations

import re

_MARK = re.compile(
    r"[？؟⁇⁈⁉❓❔﹖¿՞፧⸮]|\?(?!\w+=)"  # not the ? of an address without its https
    r"|(?:ますか|ですか|でしょうか|ませんか|吗|嗎)(?=\W|$)"  # Japanese and Chinese ask without a mark, too
    r"|(?<=[\u0370-\u03ff])[;\u037e]"  # Greek
)
_PLAIN_MARK = re.compile(r"\?(?!\w+=)")
_REPLY = re.compile(r"\s*(?:re|aw|antw|sv|vs|odp|rif|r|fwd?|wg|tr|回复|答复|返信)\s*(?:\[\d+\])?\s*[:：]", re.IGNORECASE)


def is_question(title: str, text: str) -> bool:
    """True if there is a question outside a web address, in any script. The subject of an answer repeats what was asked."""
    words = text if _REPLY.match(title) else f"{title} {text}"
    mark = _PLAIN_MARK if words.isascii() else _MARK  # most words by far are plain, and cost a fortieth so
    if mark.search(words) is None:
        return False
    if "://" in words or "www." in words:
        words = " ".join(word for word in words.split() if "://" not in word and "www." not in word)
    return mark.search(words) is not None


_THANKS = re.compile(
    r"(?:many |no |vielen |besten |herzlichen |mille |muchas |tante |большое )?(?:thanks?|thank you|thx|ty|cheers|problem|danke|dank|dankeschön|"
    r"merci|gracias|grazie|obrigad[oa]|tack|takk|tak|bedankt|kiitos|dzięki|dziękuję|köszönöm|teşekkürler|спасибо|дякую|ευχαριστώ|"
    r"شكرا|תודה|धन्यवाद|see you|talk soon|bis dann|bis bald|à bientôt|hasta luego)(?!\w)|ありがとう|谢谢|謝謝|감사합니다",
    re.IGNORECASE,
)
_FINE = re.compile(
    r"(?:perfect|perfekt|parfait|perfecto|great|super|prima|will do|ok|okay|got it|noted|understood|agreed|done|yes|sure)(?!\w)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.,;:!…。！，、\n–—]+|\s-\s")
_LONGEST_GOODBYE = 60
"""Characters; whoever writes more has more to say."""


def closes(text: str) -> bool:
    """True for a few words that end a conversation ("Thanks, great. Joe") and want no answer, and for a bare emoji.

    Every part must close, or be no more than a name: "Great, please send the offer" goes on.
    """
    line = text.strip()
    if len(line) >= _LONGEST_GOODBYE:
        return False
    clauses = [clause.strip() for clause in _CLAUSE.split(line) if re.search(r"\w", clause)]
    return all(_is_goodbye(clause) for clause in clauses[:1]) and all(
        _is_goodbye(clause) or len(clause.split()) <= 2 for clause in clauses[1:]
    )


def _is_goodbye(clause: str) -> bool:
    return _THANKS.match(clause) is not None or (_FINE.match(clause) is not None and len(clause.split()) <= 3)
