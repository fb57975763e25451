"""Other alphabets in Latin letters, and one spelling for the many spellings of one sound. Pure, and only for comparing.

Cyrillic and Greek letters as most systems of transliteration write them (ISO 9, BGN/PCGN, ELOT 743 and passports differ in
what `sound` makes equal again); kana after Hepburn; Hangul after the Revised Romanization of 2000, with the usual spellings
of the family names, which do not follow it; of Arabic and Hebrew the consonants only, because the vowels are not written.
"""

from __future__ import annotations

import re
from functools import lru_cache

_CYRILLIC = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґўјљњћђџѓќѕѣё",
        "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch  y  e yu ya i i e g u j lj nj c dj dz g k dz e e".split(" "),
        strict=True,
    )
)
_GREEK = dict(zip("αβγδεζηθικλμνξοπρστυφχψωςϊϋ", "a v g d e z i th i k l m n x o p r s t y f ch ps o s i y".split(), strict=True))
_GREEK_PAIRS = (("ου", "ou"), ("μπ", "b"), ("ντ", "nt"), ("γκ", "gk"), ("γγ", "ng"), ("ευ", "ef"), ("αυ", "av"), ("ει", "i"), ("οι", "i"), ("αι", "e"))
_HEBREW = {c: latin for latin, all_of in {"b": "ב", "g": "ג", "d": "ד", "v": "ו", "z": "ז", "k": "חכךק", "t": "טת", "l": "ל", "m": "מם", "n": "נן",
           "s": "סצץש", "f": "פף", "r": "ר"}.items() for c in all_of}  # fmt: skip
_ARABIC = {c: latin for latin, all_of in {"b": "بپ", "t": "تطث", "j": "جچ", "k": "خقكک", "d": "دذضظ", "r": "ر", "z": "زژ", "s": "سشص", "g": "غگ",
           "f": "ف", "l": "ل", "m": "م", "n": "ن", "v": "و"}.items() for c in all_of}  # fmt: skip
"""Consonants that are heard; those that are not, or that stand for a vowel as often, are left out on both sides."""
_KANA: dict[str, str] = {}
for _row, _vowels in (
    ("", "あいうえお"), ("k", "かきくけこ"), ("s", "さしすせそ"), ("t", "たちつてと"), ("n", "なにぬねの"), ("h", "はひふへほ"), ("m", "まみむめも"),
    ("r", "らりるれろ"), ("g", "がぎぐげご"), ("z", "ざじずぜぞ"), ("d", "だぢづでど"), ("b", "ばびぶべぼ"), ("p", "ぱぴぷぺぽ"),
):  # fmt: skip
    _KANA |= {kana: _row + vowel for kana, vowel in zip(_vowels, "aiueo", strict=True)}
_KANA |= {"や": "ya", "ゆ": "yu", "よ": "yo", "わ": "wa", "を": "o", "ん": "n", "し": "shi", "ち": "chi", "つ": "tsu", "ふ": "fu", "じ": "ji", "ぢ": "ji", "づ": "zu", "ー": ""}
_SMALL_KANA = {"ゃ": "a", "ゅ": "u", "ょ": "o"}

_FIRST = "g kk n d tt r m b pp s ss  j jj ch k t p h".split(" ")
_MIDDLE = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()
_LAST = "k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split()
_FAMILIES = {
    "gim": "kim", "i": "lee", "bak": "park", "choe": "choi", "jeong": "jung", "gang": "kang", "jo": "cho", "yun": "yoon", "im": "lim", "seo": "suh",
    "gwon": "kwon", "yu": "yoo", "go": "ko", "mun": "moon", "no": "noh", "gu": "koo", "ju": "joo", "u": "woo", "bae": "bae", "baek": "baek",
}  # fmt: skip
"""Korean family names by the Revised Romanization, and as their bearers mostly write them."""


def is_latin(word: str) -> bool:
    """Whether a folded word begins in Latin letters (or digits)."""
    return word[:1] < "\u0250"


def has_no_vowels(word: str) -> bool:
    """Whether a folded word is written in Hebrew or Arabic letters, of which only consonants can be compared with others."""
    return "\u0590" <= word[:1] <= "\u06ff"


@lru_cache(maxsize=16384)
def latin(word: str) -> str:
    """A folded word in Latin letters; itself if it is, or if its script tells nothing of its sound (Chinese)."""
    first = word[:1]
    if first < "\u0250":
        return word
    if "\u0370" <= first <= "\u03ff":
        for pair, letters in _GREEK_PAIRS:
            word = word.replace(pair, letters)
        return "".join(_GREEK.get(c, c) for c in word)
    if "\u0400" <= first <= "\u052f":
        return "".join(_CYRILLIC.get(c, c) for c in word)
    if "\u1100" <= first <= "\u11ff":
        return "".join(syllables(word))
    return word


def without_kana(name: str) -> str:
    """Hiragana and katakana of a name as written (folding would take the marks of its soft letters) in Latin letters."""
    out, double = "", False
    for c in name:
        c = chr(ord(c) - 0x60) if "\u30a1" <= c <= "\u30f6" else c
        if c in _SMALL_KANA and out[-1:] == "i":
            out = out[:-1] + ("" if out[-2:-1] in ("h", "j") else "y") + _SMALL_KANA[c]
        elif c == "っ":
            double = True
        else:
            letters = _KANA.get(c, c)
            out, double = out + (letters[:1] if double else "") + letters, False
    return out


def syllables(word: str) -> list[str]:
    """A folded Korean word (single letters, as folding leaves them) by syllables, in Latin letters."""
    out: list[str] = []
    for c in word:
        n = ord(c)
        if 0x1100 <= n <= 0x1112:
            out.append(_FIRST[n - 0x1100])
        elif out and 0x1161 <= n <= 0x1175:
            out[-1] += _MIDDLE[n - 0x1161]
        elif out and 0x11A8 <= n <= 0x11C2:
            out[-1] += _LAST[n - 0x11A8]
        else:
            out.append(c)
    return out


def korean(word: str) -> tuple[str, str] | None:
    """(given, family) of a whole Korean name in Latin letters; None for anything else. The family name is one syllable."""
    if not "\u1100" <= word[:1] <= "\u11ff":
        return None
    family, *given = syllables(word)
    return ("".join(given), _FAMILIES.get(family, family)) if given else None


_SOUNDS = (
    (re.compile("shch|stch|schtsch|szcz"), "s"), (re.compile("tsch|tsh|tch|cz"), "C"), (re.compile("sch|sh|sz"), "s"), (re.compile("chr|khr"), "hr"),
    (re.compile("ch"), "C"),
    (re.compile("zh|dz"), "z"), (re.compile("kh|gh"), "h"), (re.compile("ph|ff"), "f"), (re.compile("th"), "t"), (re.compile("ts|tz"), "z"),
    (re.compile("ks"), "x"), (re.compile("ck|q|c(?=[aourltk])|c$"), "k"), (re.compile("[wv]"), "v"), (re.compile("^(?:ye|je|ie)"), "e"),
    (re.compile("(?:iy|yi|ij|ii|yy|ey|ej|ei|y|j|i)$"), "i"), (re.compile("[yj]"), "i"), (re.compile("ae|aa"), "a"), (re.compile("oe|oo|ou(?=.)"), "o"),
    (re.compile("ue"), "u"), (re.compile("i+"), "i"), (re.compile(r"([a-z])\1"), r"\1"),
)  # fmt: skip
"""Spellings of one sound that languages, passports and umlauts written as two letters tell apart, in the order of replacing."""

_ANOTHER = re.compile(r"[cqwyj]|[kgptsz]h|[td]z|[tk]s|[ao]e|[ao]a|oo|ou|ue|ii|^ie|ei$|([a-z])\1")
"""What a word needs for one of them to change anything; most have nothing of it, which is seen ten times sooner."""


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """One spelling for a folded word: Müller, Mueller and Muller; Сергей, Sergei, Sergey and Sergej; Chaikovskiy and Tschaikowski.

    A word whose script tells nothing of its sound stays as it is.
    """
    word = latin(word)
    if not is_latin(word) or not _ANOTHER.search(word):
        return word
    for spelling, one in _SOUNDS:
        word = spelling.sub(one, word)
    return word


_SILENT = re.compile("[aeiouyhjw]")
_HARD = (("sch", "s"), ("sh", "s"), ("ch", "k"), ("kh", "k"), ("ck", "k"), ("ts", "s"), ("tz", "s"), ("th", "t"), ("ph", "f"), ("q", "k"), ("c", "k"), ("x", "ks"), ("p", "f"))


@lru_cache(maxsize=16384)
def consonants(word: str) -> str:
    """What Hebrew and Arabic writing keeps of a folded word, in Latin letters: Mohammed and محمد, David and דוד. "" for too little."""
    if "\u0590" <= word[:1] <= "\u05ff":
        return "".join(_HEBREW.get(c, "") for c in word)
    if has_no_vowels(word):
        word = word.removeprefix("ال")
        return "".join(_ARABIC.get(c, "") for c in word)
    if not is_latin(word):
        return ""
    for letters, one in _HARD:
        word = word.replace(letters, one)
    word = re.sub(r"([a-z])\1", r"\1", word)
    return _SILENT.sub("", word)
