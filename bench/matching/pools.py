"""Names of many languages for the invented world: pools of Faker (MIT), short forms of the package `nicknames` (Apache 2.0), and systems of
transliteration. Independent of the tables of the product on purpose: what the finder does not know must occur here.

Runs where requirements.txt of this folder is installed. Deterministic for a seed and the locked versions.
"""

from __future__ import annotations

import csv
import importlib
import random
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Called:
    """A name as its bearer has it: in the native script, and in Latin letters (the same for most)."""

    given: str
    family: str
    latin_given: str
    latin_family: str
    culture: str
    middle: str = ""


SHARES = {
    "en_US": 26, "en_GB": 10, "de_DE": 13, "fr_FR": 6, "es_ES": 6, "it_IT": 5, "nl_NL": 4, "sv_SE": 4, "da_DK": 2, "fi_FI": 2, "pt_BR": 3, "cs_CZ": 2,
    "hu_HU": 1, "ru_RU": 5, "uk_UA": 1, "el_GR": 2, "en_IN": 3, "tr_TR": 1, "ko_KR": 1, "ja_JP": 2, "zh": 3,
}  # fmt: skip
"""Per hundred people. Arabic and Hebrew are missing: Faker has no Latin spelling for them, and one made here would be our own table."""


def _pool(locale: str, *names: str) -> list[str]:
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    found: list[str] = []
    for name in names:
        found += list(getattr(provider, name, ()))
    return [one for one in dict.fromkeys(found) if one and all(c.isalpha() or c in " '-’" for c in one)]


@cache
def _names(locale: str) -> tuple[list[str], list[str], list[float], list[float]]:
    """(given, family) names of a locale with cumulative weights: the first of a list are common, as in life."""
    given = _pool(locale, "first_names_male", "first_names_female", "first_names")
    family = _pool(locale, "last_names", "last_names_male")
    half = len(given) // 2
    given = [one for pair in zip(given[:half], given[half:], strict=False) for one in pair]
    random.Random(locale).shuffle(given)
    return given, family, _zipf(len(given)), _zipf(len(family))


def _zipf(n: int) -> list[float]:
    return list(accumulate(1 / (rank + 25) for rank in range(n)))


_ZH_FAMILIES = "Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng Liang Xie Song Tang Xu Deng Han Feng Cao".split()
_ZH_SYLLABLES = "wei fang na xiu min jing li qiang lei yang yong yan jie juan tao ming chao ping gang gui ying hua xiao hong yu xin hao bo jun lin xue mei zhi jian wen".split()


def name(rng: random.Random) -> Called:
    """Somebody's name."""
    culture = rng.choices(list(SHARES), list(SHARES.values()))[0]
    if culture == "zh":
        given = "".join(rng.sample(_ZH_SYLLABLES, rng.choice((1, 2, 2, 2)))).capitalize()
        family = rng.choices(_ZH_FAMILIES, cum_weights=_zipf(len(_ZH_FAMILIES)))[0]
        return Called(given, family, given, family, culture)
    if culture == "ja_JP":
        provider = importlib.import_module("faker.providers.person.ja_JP").Provider
        given, kana_given, latin_given = rng.choice(list(provider.first_name_male_pairs) + list(provider.first_name_female_pairs))
        family, kana_family, latin_family = rng.choice(list(provider.last_name_pairs))
        if rng.random() < 0.15:
            given, family = kana_given, kana_family
        return Called(given, family, latin_given, latin_family, culture)
    firsts, lasts, first_weights, last_weights = _names(culture)
    given = rng.choices(firsts, cum_weights=first_weights)[0]
    family = rng.choices(lasts, cum_weights=last_weights)[0]
    middle = rng.choices(firsts, cum_weights=first_weights)[0] if rng.random() < 0.25 else ""
    if culture in ("es_ES", "pt_BR") and rng.random() < 0.6:
        family = f"{family} {rng.choices(lasts, cum_weights=last_weights)[0]}"
    elif rng.random() < 0.02:
        family = f"{family}-{rng.choices(lasts, cum_weights=last_weights)[0]}"
    scheme = rng.choice(list(CYRILLIC))
    return Called(given, family, in_latin(given, culture, scheme), in_latin(family, culture, scheme), culture, middle)


CYRILLIC = {
    "passport": "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y - e iu ia e i i g ie",
    "english": "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya yo i yi g ye",
    "german": "a b w g d e sch s i i k l m n o p r s t u f ch z tsch sch schtsch - y - e ju ja jo i ji g je",
    "scholarly": "a b v g d e z z i j k l m n o p r s t u f ch c c s sc - y - e ju ja e i i g e",
}
"""а to я, then ё і ї ґ є, by system; "-" is left out."""
_ORDER = "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїґє"
_GREEK = dict(zip("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ", "a v g d e z i th i k l m n x o p r s t y f ch ps o s a e i i o y o i y i y".split(), strict=True))
_GREEK_PAIRS = (("ου", "ou"), ("ού", "ou"), ("μπ", "b"), ("γγ", "ng"), ("γκ", "gk"), ("αυ", "av"), ("ευ", "ev"), ("εύ", "ev"), ("αύ", "av"))
_JAMO = (
    "g kk n d tt r m b pp s ss  j jj ch k t p h".split(" "), "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split(),
    " k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split(" "),
)  # fmt: skip
_KOREAN_FAMILIES = {"김": "Kim", "이": "Lee", "박": "Park", "최": "Choi", "정": "Jung", "강": "Kang", "조": "Cho", "윤": "Yoon", "임": "Lim", "서": "Seo", "권": "Kwon", "유": "Yoo", "고": "Ko"}


def in_latin(word: str, culture: str, scheme: str = "english") -> str:
    """A name in Latin letters by one system; itself if it is."""
    if culture in ("ru_RU", "uk_UA", "bg_BG"):
        table = dict(zip(_ORDER, CYRILLIC[scheme].split(), strict=False))
        return _cased("".join(table.get(c, c).replace("-", "") if c.isalpha() else c for c in word.lower()))
    if culture == "el_GR":
        low = word.lower()
        for pair, letters in _GREEK_PAIRS:
            low = low.replace(pair, letters)
        return _cased("".join(_GREEK.get(c, c) for c in low))
    if culture == "ko_KR":
        return _KOREAN_FAMILIES.get(word) or _cased("".join(map(_syllable, word)))
    return word


def _syllable(c: str) -> str:
    n = ord(c) - 0xAC00
    if not 0 <= n < 11172:
        return c
    return _JAMO[0][n // 588] + _JAMO[1][n % 588 // 28] + _JAMO[2][n % 28]


def _cased(word: str) -> str:
    return "".join(part.capitalize() if part.isalpha() else part for part in (word.split(" ") if " " not in word else [" ".join(p.capitalize() for p in word.split(" "))]))


@cache
def english() -> dict[str, list[str]]:
    """By given name the short forms that the package `nicknames` lists."""
    import nicknames

    table = (Path(nicknames.__file__).parent / "names.csv").read_text(encoding="utf-8")
    found: dict[str, list[str]] = defaultdict(list)
    for row in csv.DictReader(table.splitlines()):
        found[row["name1"]].append(row["name2"])
    return found


_OTHERS = {
    "de_DE": "Wolfgang:Wolf,Wolle Andreas:Andi,Andy Michael:Michi,Micha Johannes:Hannes,Jo Katharina:Kathi,Kati,Käthe Elisabeth:Lisa,Sissi,Betty Friedrich:Fritz Heinrich:Heinz "
    "Maximilian:Max Christian:Chris Stefan:Steff Stephan:Steff Matthias:Matze,Hias Sebastian:Basti Alexander:Alex Susanne:Susi,Sanne Ulrich:Uli Ulrike:Uli,Rike Joachim:Jochen,Achim Franziska:Franzi",
    "nl_NL": "Johannes:Jan,Hans Willem:Wim Cornelis:Kees Hendrik:Henk,Rik Pieter:Piet Elisabeth:Els,Lies Maria:Mieke,Ria Jacob:Jaap Gerardus:Gerard",
    "sv_SE": "Lars:Lasse Karl:Kalle Erik:Jerker Fredrik:Fredde Mikael:Micke Christina:Kicki,Stina Margareta:Maggan,Greta Johannes:Hannes Alexander:Alex Elisabeth:Lisa,Lisbeth Nils:Nisse",
    "fr_FR": "Emmanuel:Manu Frédéric:Fred Christophe:Chris,Tophe Nicolas:Nico Alexandre:Alex Sébastien:Seb Philippe:Phil Catherine:Cathy Françoise:Fanfan Véronique:Véro Stéphane:Steph Jean:Jeannot Isabelle:Isa",
    "es_ES": "Francisco:Paco,Fran,Curro José:Pepe Ignacio:Nacho Manuel:Manolo Enrique:Quique María:Mari,Maruja Dolores:Lola Concepción:Concha Guadalupe:Lupe Alejandro:Alex,Ale Antonio:Toni Rafael:Rafa Jesús:Chus",
    "it_IT": "Giuseppe:Beppe,Peppe,Pino Luigi:Gigi Francesco:Checco,Franco Salvatore:Totò,Turi Giovanni:Gianni,Vanni Domenico:Mimmo Vincenzo:Enzo Alessandro:Sandro,Ale Raffaele:Lello Gaetano:Tano Antonio:Tonino",
    "cs_CZ": "Jan:Honza Josef:Pepa Jiří:Jirka František:Franta Kateřina:Katka Jaroslav:Jarda Zdeněk:Zdenda Tomáš:Tom Václav:Vašek Vojtěch:Vojta",
    "ru_RU": "Александр:Саша,Шура Алексей:Лёша,Алёша Дмитрий:Дима,Митя Михаил:Миша Владимир:Вова,Володя Евгений:Женя Сергей:Серёжа Николай:Коля Екатерина:Катя Мария:Маша Наталья:Наташа Татьяна:Таня Ольга:Оля "
    "Юрий:Юра Анна:Аня Елена:Лена Анастасия:Настя Иван:Ваня Виктор:Витя Светлана:Света",
    "el_GR": "Γεώργιος:Γιώργος Ιωάννης:Γιάννης Κωνσταντίνος:Κώστας,Ντίνος Δημήτριος:Δημήτρης,Μίμης Νικόλαος:Νίκος Παναγιώτης:Πάνος,Τάκης Αικατερίνη:Κατερίνα Ελένη:Λένα Βασίλειος:Βασίλης",
    "hu_HU": "László:Laci István:Pista József:Joci,Józsi János:Jani Katalin:Kati Erzsébet:Erzsi Sándor:Sanyi Ferenc:Feri",
    "pt_BR": "Francisco:Chico José:Zé Eduardo:Edu,Dudu Fernanda:Nanda Gabriel:Biel Antônio:Tonho Rafael:Rafa Carolina:Carol Beatriz:Bia Luiz:Lula",
}  # fmt: skip


@cache
def _others(culture: str) -> dict[str, list[str]]:
    return {full: nicks.split(",") for full, nicks in (entry.split(":") for entry in _OTHERS.get(culture, "").split())}


def nickname(given: str, culture: str, rng: random.Random) -> str:
    """A short form of a given name in its own script; "" if none is known."""
    if culture.startswith("en_"):
        found = english().get(given.lower(), [])
        return rng.choice(found).capitalize() if found else ""
    found = _others(culture).get(given, [])
    return rng.choice(found) if found else ""


_STRIPPED = str.maketrans("äöüßåøæéèêëáàâãíìîïóòôõúùûñçčšžřěýůďťňőűğışİ", "aousaoaeeeeaaaaiiiiooooouuuncszreyudtnougisI")


def plain(word: str, rng: random.Random) -> str:
    """Without marks, as typed on another keyboard: Müller becomes Muller or Mueller."""
    if rng.random() < 0.5:
        for mark, two in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("å", "aa"), ("ø", "oe"), ("æ", "ae"), ("Ö", "Oe"), ("Ü", "Ue"), ("Ä", "Ae"), ("Å", "Aa"), ("Ø", "Oe")):
            word = word.replace(mark, two)
    return word.translate(_STRIPPED).translate(str.maketrans("ÄÖÜÅØÉÈÁÍÓÚÑÇČŠŽŘ", "AOUAOEEAIOUNCCSZR"))
