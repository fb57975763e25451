"""Parts what somebody wrote now from the history their mail program put below (or between).

Knows the heads that mail programs write in English, German, French and Spanish. What was forwarded is not history:
it is what the sender wants to be read, and stays. Signatures stay. Nothing is lost: the history is handed back too.
"""

from __future__ import annotations

import re

_FORWARDED = re.compile(
    r"^[-_ ]{2,}\s*(?:Forwarded message|Forwarded Message|Weitergeleitete Nachricht|Message transféré|Mensaje reenviado)\b"
    r"|^Begin forwarded message:|^Anfang der weitergeleiteten Nachricht:|^Début du message réexpédié\s?:|^Inicio del mensaje reenviado:",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"^\W{0,3}-{2,}\s?(?:Original Message|Original Appointment|Ursprüngliche Nachricht|Originalnachricht|Ursprünglicher Termin|"
    r"Message d['’]origine|Message original|Mensaje original|Reply message|Antwortnachricht)\s?-{2,}",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(
    r"^(?:"
    r"On\b.{4,250}\bwrote\s?:"
    r"|Am\b.{4,250}\bschrieb\b.{0,150}:"
    r"|Le\b.{4,250}\ba écrit\s?:"
    r"|El\b.{4,250}\bescribió\s?:"
    r"|.{2,150}\b(?:wrote|schrieb|a écrit|escribió)(?: (?:on|am|le|el)\b.{2,80})?\s?:"
    r")\s*$"
)
_BEGINS_ATTRIBUTION = re.compile(r"^(?:On|Am|Le|El) \S")
_SENDER = re.compile(r"^\*?(?:From|Von|De)\s?:\*?\s?\S")
_HEAD_LINE = re.compile(
    r"^\*?(?:Sent|Date|To|Cc|Subject|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado(?: el)?|Fecha|Para|Asunto|CC)\s?:\*?(?:\s|$)",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*[_*-]{5,}\s*$")


def parted(text: str) -> tuple[str, str]:
    """(own words, quoted history), both plain text without surrounding blank lines; ("…", "") if there is none."""
    lines = text.split("\n")
    start, last_word = _history(lines)
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
        for extent in (1, 2, 3) if _BEGINS_ATTRIBUTION.match(short) else (1,):
            joined = " ".join(part[:200].strip() for part in lines[number : number + extent])
            if _ATTRIBUTION.match(joined) and _is_attribution(joined, lines, number + extent):
                return number, number + extent - 1
    return None, 0


def _is_attribution(joined: str, lines: list[str], after: int) -> bool:
    """Prose may end in "… wrote:" too: a date, an address or a quoted line below must speak for a head."""
    below = next((line for line in lines[after : after + 3] if line.strip()), "")
    dated = re.search(r"\d", joined) is not None and _BEGINS_ATTRIBUTION.match(joined) is not None
    return below.startswith(">") or dated or "@" in joined


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
