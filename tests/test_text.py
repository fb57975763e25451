"""Plain text, addresses and names: tables of cases, and that nothing foreign raises or takes more than linear time."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable

import pytest

from relationdesk import text
from relationdesk.text import (
    base_mail,
    canonical_url,
    fold,
    full_stop,
    imitates,
    initials,
    is_role_mailbox,
    listed,
    mail_address,
    name_words,
    one_line,
    place_name,
    tidy,
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.example", "https://x.example"), ("HTTP://WWW.X.Example/", "https://x.example"), ("x.example/joe", "https://x.example/joe"),
        ("https://x.example:443/a", "https://x.example/a"), ("http://x.example:80/a", "https://x.example/a"), ("https://x.example:8443/a", "https://x.example:8443/a"),
        ("https://x.example/a/#top", "https://x.example/a"), ("https://x.example/a?utm_source=n&b=1&fbclid=z", "https://x.example/a?b=1"),
        ("https://x.example/J%C3%B6", "https://x.example/J%C3%B6"), ("https://x.example/Jö", "https://x.example/J%C3%B6"),
        ("https://joe:secret@x.example/a", "https://x.example/a"), ("https://x.example/@joe", "https://x.example/@joe"),
        ("  https://x.example/a \n", "https://x.example/a"), ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
        ("", ""), ("joe", ""), ("joe@x.example", ""), ("mailto:joe@x.example", ""), ("javascript:alert(1)", ""), ("ftp://x.example", ""),
        ("file:///etc/passwd", ""), ("https://", ""), ("https://x.example:99999/", ""), ("https://[::1", ""), ("https://x.example:port/", ""),
    ],
)  # fmt: skip
def test_one_spelling_for_one_address(url: str, expected: str) -> None:
    assert canonical_url(url) == expected == canonical_url(expected)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wikström", "wikstrom"), ("Straße", "STRASSE"), ("Søren Łukasz", "soren lukasz"), ("O’Brien-Smith", "o brien smith"), ("𝐉𝐨𝐞 𝓑𝓻𝓸𝔀𝓷", "Joe Brown"),
        ("e\u0301", "É"), ("ＪＯＥ", "joe"), ("İstanbul", "istanbul"), ("ısparta", "isparta"), ("Æther Œuvre", "aether oeuvre"), ("a_b.c", "a b c"), ("Ⅷ", "viii"),
    ],
)  # fmt: skip
def test_folded_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


def test_folded_apart() -> None:
    assert len({fold(t) for t in ("Brown", "Braun", "Bruno", "会議", "محمد", "")}) == 6


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Joe Brown", ("joe", "brown")), ("Jones, Mary", ("mary", "jones")), ("Dr. Mary Jones", ("mary", "jones")), ("Mary Jones, PhD", ("mary", "jones")),
        ("Jones, Dr. Mary", ("mary", "jones")), ("Joe Brown Jr.", ("joe", "brown")), ("王小明", ("王小明",)), ("محمد علي", ("محمد", "علي")), ("Madonna", ("madonna",)),
        ("", ()), ("Dr.", ()), ("🎉", ()), ("Brown,", ("brown",)), ("a, b, c", ("a", "b", "c")),
    ],
)  # fmt: skip
def test_names_given_name_first(name: str, words: tuple[str, ...]) -> None:
    assert name_words(name) == words


@pytest.mark.parametrize(
    ("written", "expected"),
    [("Joe <Joe@X.example>", "joe@x.example"), ("mailto:joe@x.example", "joe@x.example"), ("joe@x.example.", "joe@x.example"), ("a b@c d", "b@c"),
     ("none", ""), ("@x.example", ""), ("joe@", ""), ("a" * 300 + "@x.example", ""), ('"Joe" (home) joe+list@x.example', "joe+list@x.example"), ("", "")],
)  # fmt: skip
def test_mail_addresses(written: str, expected: str) -> None:
    assert mail_address(written) == expected


def test_role_mailboxes_and_plus_signs() -> None:
    assert all(map(is_role_mailbox, ("info@x.example", "INFO@x.example", "sales2@x.example", "no-reply@x.example", "support+a@x.example")))
    assert not any(map(is_role_mailbox, ("joe@x.example", "infogram@x.example", "joe.info@x.example", "@x.example")))
    assert base_mail("joe+list@x.example") == base_mail("joe@x.example") == "joe@x.example"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Joe Brown", "JB"), ("joe", "J"), ("Dr. Joe Henry Brown", "JB"), ("Åsa Öst", "ÅÖ"), ("王小明", "王"), ("", "?"), ("🎉 .", "?"), ("Dr.", "D"), ("@joeb", "?")],
)
def test_initials(name: str, expected: str) -> None:
    assert initials(name) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [("a\r\nb\rc", "a\nb\nc"), ("a\x00b\x07c\x1bd", "abcd"), ("evil\u202etxt\u2066", "eviltxt"), ("a \t\n\n\n\n b ", "a\n\nb"), ("\ud800x", "?x"), ("a\tb", "a\tb"), ("", "")],
)
def test_tidy(given: str, expected: str) -> None:
    assert tidy(given) == expected


def test_cut_ends_in_an_ellipsis() -> None:
    assert tidy("x" * 20, 10) == "x" * 9 + "…" and len(tidy("x" * 2_000_000)) == text.MAX_TEXT
    assert one_line("a\n b\t\u2028c") == "a b c" and one_line("word " * 100, 11) == "word word…"


def anything(dice: random.Random) -> str:
    """Letters, controls, marks, other scripts, lone surrogates and signs that mean something to a parser."""
    kinds: list[Callable[[], str]] = [
        lambda: chr(dice.randint(0, 127)), lambda: chr(dice.randint(0, 0x10FFFF)), lambda: chr(dice.randint(0xD800, 0xDFFF)),
        lambda: chr(dice.randint(0x300, 0x36F)), lambda: dice.choice(["://", "https://", "@", "%", "%ff", "&", "?", "#", ",", ".", "[", "]", ":", " ", "\n", "会", "م", "www."]),
    ]  # fmt: skip
    return "".join(dice.choice(kinds)() for _ in range(dice.randint(0, 40)))


@pytest.mark.parametrize("function", [tidy, one_line, canonical_url, mail_address, fold, initials, is_role_mailbox, base_mail, name_words])
def test_nothing_foreign_raises(function: Callable[[str], object]) -> None:
    dice = random.Random(7)
    for _ in range(3000):
        function(anything(dice))


@pytest.mark.parametrize("function", [tidy, one_line, fold])
def test_twice_is_once(function: Callable[[str], str]) -> None:
    dice = random.Random(8)
    for _ in range(3000):
        given = anything(dice)
        assert function(function(given)) == function(given), ascii(given)


def test_controls_are_no_part_of_an_address() -> None:
    assert mail_address("x\0 ann@a.example\0b") == "ann@a.example"
    assert canonical_url("https://a.exa\0mple/b\x07c") == "https://a.example/bc"
    assert canonical_url("https://x.example/" + "ü" * 400) == "" != canonical_url("https://x.example/" + "ü" * 300)


def test_an_address_stays_as_it_is() -> None:
    dice = random.Random(9)
    for _ in range(3000):
        url = canonical_url("https://x.example/" + anything(dice))
        assert canonical_url(url) == url, ascii(url)
        assert url == "" or url.startswith("https://")


def test_tidied_text_has_no_controls() -> None:
    dice = random.Random(10)
    for _ in range(3000):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", tidy(anything(dice)))


HOSTILE = ["a", " ", "\n", " \n", "\t \n", "\u00a0", "a ", "a.", ".", "a@", "@", "a.b@", ",", "\u0301", "https://", "/", "%", "&a=", "www.", "\n \u00a0"]


@pytest.mark.parametrize("function", [tidy, one_line, canonical_url, mail_address, fold, initials, name_words])
def test_time_grows_with_the_length_only(function: Callable[[str], object]) -> None:
    """As long as this, a quadratic function takes minutes, which the guard over every test does not allow."""
    for piece in HOSTILE:
        function((piece * 400_000)[:400_000])


ALIKE = [
    ("Joe Brown", "Jое Brown"), ("Joe Brown", "Joe Brοwn"), ("Joe Brown", "J0e Br0wn"), ("Joe Brown", "Joe\u200b Brown"), ("Joe Brown", "Jo\u00ade Brown"),
    ("Charles Williams", "CharIes WiIIiams"), ("Alex Lee", "AIex Lee"), ("Charles Williams", "Char1es Wi11iams"), ("Ana Kovac", "Αna Kovac"),
    ("Joe Brown", "ᴊoe Brown"), ("Mary Jones", "M\u0430ry J\u03bfnes"), ("Иван Петров", "Ивaн Пeтрoв"), ("Joe Brown", "Joe Brown\ufeff"),
]  # fmt: skip
OTHERS = [
    ("Karl Hansen", "Kari Hansen"), ("KARL HANSEN", "KARI HANSEN"), ("Søren Lund", "Soren Lund"), ("Anna Wikström", "Anna Wikstrom"), ("Joe Brown ❤️", "Joe Brown"),
    ("Ian McIntyre", "Ian Mcintyre"), ("Иван Петров", "Иван Петров"), ("Иван Петров", "Пётр Иванов"), ("Joe Brown 2", "Joe Brown"), ("", ""), ("王小明", "王小红"),
    ("Joe Brown", "joe brown"), ("\u200fיוסי כהן", "יוסי כהן"), ("Joe Brown", "Zoe Brown"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "expected"), [*((*pair, True) for pair in ALIKE), *((*pair, False) for pair in OTHERS)])
def test_names_that_only_look_the_same(one: str, other: str, expected: bool) -> None:
    assert imitates(one, other) is expected is imitates(other, one)


def test_ordinary_names_are_no_impostors_of_each_other() -> None:
    given = "anna ana karl kari carl lina lena ian jan ivan bernd erna ema ella eila ilia lila ali all bill bob dan dana mia mila nils niels olaf olof".split()
    family = "hansen li muller lee brown bruun iversen".split()
    names = [f"{g.title()} {f.title()}" for g in given for f in family]
    assert not [pair for pair in itertools.combinations(names, 2) if imitates(*pair)]


@pytest.mark.parametrize(("place", "name"), [("linkedin", "LinkedIn"), ("x", "X"), ("mastodon", "Mastodon"), ("hackernews", "Hacker News"), ("crm", "CRM"), ("unheardOf", "UnheardOf"), ("", "")])
def test_a_place_by_its_name(place: str, name: str) -> None:
    assert place_name(place) == name


@pytest.mark.parametrize("sentence", ["Same name: Joe B. and Joe B", "Cut off …", "Joe."])
def test_one_full_stop_at_the_end(sentence: str) -> None:
    assert full_stop(sentence) == sentence.rstrip(".") + ("" if sentence.endswith("…") else ".")


@pytest.mark.parametrize(("parts", "words"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_a_list_in_words(parts: list[str], words: str) -> None:
    assert listed(parts) == words


MAILBOXES = "info sales no-reply no_reply no.reply-77 do.not.reply kontakt buchhaltung hello team support.de info-uk sales2 rechnung noreply-abc faktura Vertrieb"
HUMANS = "joe.brown mary infante salesman mail.joe teamer post.malone hilda anna.team jobst admiral hi.jones j.contact müller"


@pytest.mark.parametrize(("local", "expected"), [*((x, True) for x in MAILBOXES.split()), *((x, False) for x in HUMANS.split())])
def test_mailboxes_of_a_desk_and_of_a_human(local: str, expected: bool) -> None:
    assert is_role_mailbox(f"{local}@firm.example") is expected


def test_heaped_marks_are_tamed_and_words_are_not_changed() -> None:
    assert text.tamed("Zo" + "\u0301" * 400 + "e" + "\u0e49" * 9) == "Zo" + "\u0301" * 4 + "e" + "\u0e49" * 4
    for words in ("Tomás Vega", "نُورٌ حَدَّاد", "ที่นี่", "שָׁלוֹם", "é̂̃", "👩‍👩‍👧‍👦", ""):
        assert text.tamed(words) == words
