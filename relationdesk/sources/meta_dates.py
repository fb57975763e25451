"""Dates as Meta writes them on the pages of its HTML exports: in the owner's language, without a zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple

from relationdesk.model import Precision
from relationdesk.sources.chats import stamp, wall_clock
from relationdesk.text import fold

_MONTHS = (
    "jan january janvier janv januar jaenner enero ene gennaio gen januari janeiro styczen stycznia sty tammikuuta tammikuu ledna leden január ianuarie ocak января янв январь січня ιανουαρίου gener",
    "feb february fevrier fevr fev februar febrero febbraio februari fevereiro luty lutego lut helmikuuta helmikuu února únor február februarie şubat февраля февр фев лютого φεβρουαρίου febrer",
    "mar march mars marz maerz marzo maart mrt marco marzec marca marts maaliskuuta maaliskuu března březen március martie mart maret марта мар березня μαρτίου març",
    "apr april avril avr abril abr aprile kwiecien kwietnia kwi huhtikuuta huhtikuu dubna duben április aprilie nisan апреля апр квітня απριλίου",
    "may mai mayo maggio mag mei maio maj maja toukokuuta toukokuu května květen május mayıs мая май травня μαΐου maig",
    "jun june juin juni junio giugno giu junho czerwiec czerwca cze kesäkuuta kesäkuu června červen június iunie haziran июня июн червня ιουνίου juny",
    "jul july juillet juil juli julio luglio lug julho lipiec lipca lip heinäkuuta heinäkuu července červenec július iulie temmuz июля июл липня ιουλίου juliol",
    "aug august aout agosto ago augustus sierpien sierpnia sie augusti elokuuta elokuu srpna srpen augusztus ağustos agustus августа авг серпня αυγούστου agost",
    "sep sept september septembre septiembre settembre set setembro wrzesien wrzesnia wrz syyskuuta syyskuu září szeptember septembrie eylül сентября сент вересня σεπτεμβρίου setembre",
    "oct october octobre oktober okt octubre ottobre ott outubro out pazdziernik pazdziernika paz lokakuuta lokakuu října říjen október octombrie ekim октября окт жовтня οκτωβρίου",
    "nov november novembre noviembre novembro listopad listopada lis marraskuuta marraskuu listopadu noiembrie kasım ноября нояб листопада νοεμβρίου",
    "dec december decembre dezember dez diciembre dic dicembre dezembro grudzien grudnia gru joulukuuta joulukuu prosince prosinec decembrie aralık desember des декабря дек грудня δεκεμβρίου desembre",
)  # fmt: skip
_NUMBER_OF = {fold(word): number for number, row in enumerate(_MONTHS, start=1) for word in row.split()}
_LONGEST = 80
_TIME = re.compile(r"(?<!\d)(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?!\d)\s*(?:([ap])\.?\s?m\b\.?)?", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_DAY = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_EASTERN = {"오전": "a", "午前": "a", "上午": "a", "오후": "p", "午後": "p", "下午": "p"}
_ISO = re.compile(r"(?<!\d)((?:19|20)\d{2})([-./])\s?(\d{1,2})\2\s?(\d{1,2})(?!\d)")
_CJK = re.compile(r"((?:19|20)\d{2})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_LETTERS = re.compile(r"[^\W\d_]+")


class When(NamedTuple):
    """written: what the time is known by in keys, whatever this computer's zone is. zoned: whether the zone is known."""

    moment: datetime | None
    precision: Precision = Precision.UNKNOWN
    written: str = ""
    zoned: bool = True


NEVER = When(None)


def from_number(value: object) -> When:
    """Unix time in seconds, or in milliseconds where it is too large for seconds. 0 stands for none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return NEVER
    try:
        number = int(value)
    except (ValueError, OverflowError):
        return NEVER
    moment = stamp(number, 1000 if abs(number) > 1 << 36 else 1) if number > 0 else None
    return When(moment, Precision.SECOND, str(number)) if moment is not None else NEVER


def from_iso(text: str) -> When:
    """ "2019-12-24T11:23:00", as the exports before 2021 wrote it, in UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return NEVER
    return from_number(int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp())) if moment.year > 1970 else NEVER


def from_words(text: str) -> When:
    """ "Sep 13, 2020, 12:26 PM", "13. September 2020 um 12:26", "13 wrz 2020, 12:26:05": to the minute, in this computer's zone.

    Nothing is guessed of dates in digits alone, whose order nobody knows.
    """
    found = date_and_clock(text)
    if found is None:
        return NEVER
    (year, month, day), clock = found
    hour, minute, second = clock or (0, 0, None)
    moment = wall_clock(year, month, day, hour, minute, second or 0)
    if moment is None:
        return NEVER
    written = f"{year:04}-{month:02}-{day:02}"
    if clock is None:
        return When(datetime(year, month, day, tzinfo=UTC), Precision.DAY, written, False)
    shown = f"{written}T{hour:02}:{minute:02}" + (f":{second:02}" if second is not None else "")
    return When(moment, Precision.MINUTE if second is None else Precision.SECOND, shown, False)


Clock = tuple[int, int, int | None]


def date_and_clock(text: str) -> tuple[tuple[int, int, int], Clock | None] | None:
    """The day and, if one is told, the time of day in words of many languages; None for what is no date. They need not exist."""
    if not 8 <= len(text) <= _LONGEST:
        return None
    clock = _TIME.search(text)
    date = _date(text[: clock.start()] + " " + text[clock.end() :] if clock else text)
    if date is None or clock is None:
        return None if date is None else (date, None)
    hour, half = int(clock[1]), clock[4] or _EASTERN.get(text[: clock.start()].rstrip()[-2:], "")
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in "pP" else 0)
    return date, (hour, int(clock[2]), int(clock[3]) if clock[3] else None)


def _date(text: str) -> tuple[int, int, int] | None:
    if iso := _ISO.search(text):
        return int(iso[1]), int(iso[3]), int(iso[4])
    if cjk := _CJK.search(text):
        return int(cjk[1]), int(cjk[2]), int(cjk[3])
    found = [_NUMBER_OF[word] for word in map(fold, _LETTERS.findall(text)) if word in _NUMBER_OF]
    year, days = _YEAR.search(text), _DAY.findall(text)
    if len(set(found)) != 1 or year is None or len(days) != 1:
        return None
    return int(year[0]), found[0], int(days[0])
