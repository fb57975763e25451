"""vCards: real address books first, then what writers do to the format, then what attackers do to a reader."""

from __future__ import annotations

import base64
import random
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from relationdesk import looking_at
from relationdesk.errors import UnreadableFile
from relationdesk.model import AddressKind, Fact, Profile, Progress, Rejected
from relationdesk.sources.base import Options
from relationdesk.sources.vcard import VCard
from relationdesk.sources.vcard_lines import MAX_LINE
from tests import shared
from tests.sources.drawing import drawn, saved

REAL = shared.REAL / "vcard"


def facts(path: Path) -> list[Fact]:
    return [fact for fact in VCard().read(path, Options()) if not isinstance(fact, Progress)]


def written(tmp_path: Path, content: str | bytes, name: str = "book.vcf") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def only(path: Path) -> Profile:
    (fact,) = facts(path)
    assert isinstance(fact, Profile), fact
    return fact


def values(profile: Profile, kind: AddressKind) -> list[str]:
    return [address.value for address in profile.addresses if address.kind is kind]


def card(*lines: str, version: str = "3.0") -> str:
    return "\r\n".join(("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""))


def real(name: str) -> list[Profile]:
    path = REAL / name
    if not path.exists():
        pytest.skip(f"no real file {name} beside the checkout")
    found = facts(path)
    assert all(isinstance(fact, Profile) for fact in found), found
    assert all(fact.known and fact.key.place == "contacts" for fact in found if isinstance(fact, Profile))
    return [fact for fact in found if isinstance(fact, Profile)]


@pytest.mark.parametrize(
    ("name", "profiles", "mails", "phones"),
    [
        ("John_Doe_ANDROID.vcf", 6, 5, 7),  # nine TEL lines; one number stands three times in one card
        ("John_Doe_EVOLUTION.vcf", 1, 1, 2),
        ("John_Doe_IPHONE.vcf", 1, 1, 7),
        ("John_Doe_LOTUS_NOTES.vcf", 1, 2, 2),
        ("John_Doe_MS_OUTLOOK.vcf", 1, 1, 2),
        ("fullcontact.vcf", 1, 5, 9),
        ("gmail-single2.vcf", 1, 5, 11),
        ("android_six_cards.vcf", 6, 0, 6),
        ("radicale-1587.vcf", 1, 0, 0),
        ("three_cards_v4.vcf", 2, 3, 2),  # the third card is a group
    ],
)
def test_real_address_books(name: str, profiles: int, mails: int, phones: int) -> None:
    found = real(name)
    assert len(found) == profiles
    assert sum(len(values(profile, AddressKind.MAIL)) for profile in found) == mails
    assert sum(len(values(profile, AddressKind.PHONE)) for profile in found) == phones
    recognised = VCard().recognise(REAL / name)
    assert recognised is not None and recognised.certainty > 0.9
    assert found == real(name)


def test_real_android_letters_survive_soft_breaks() -> None:
    shown = [profile.display_name for profile in real("John_Doe_ANDROID.vcf")]
    assert shown == ["john.doe@company.com", "jane.doe@company.com", "Ñ Ñ Ñ Ñ Ñ", " ".join("Ñ" * 11), "Ñ Ñ Ñ Ñ", "ÑÑÑÑ"]


def test_real_evolution() -> None:
    (john,) = real("John_Doe_EVOLUTION.vcf")
    assert (john.display_name, john.company, john.title) == ("Mr. John Richter, James Doe Sr.", "IBM", "Money Counter")
    assert john.key.native_id == "477343c8e6bf375a9bac1f96a5000837"
    assert values(john, AddressKind.MAIL) == ["john.doe@ibm.com"]
    assert values(john, AddressKind.PHONE) == ["905-666-1234", "905-555-1234"]
    assert john.bio.endswith("SUCH DAMAGE.") and "WARRANTIES, INCLUDING" in john.bio


def test_real_android_firms_and_emoji() -> None:
    found = real("android_six_cards.vcf")
    assert [profile.display_name for profile in found if profile.is_company] == [
        "Airline Contact #'s", "James Peacock Elementary", "AAA Car Service",
    ]  # fmt: skip
    assert found[2].display_name == "John Butler 🌟💫🌟"


def test_real_four_point_zero() -> None:
    joe, acme = real("three_cards_v4.vcf")
    assert (joe.display_name, joe.title, joe.company) == ("Dr. Joe Brown", "Buyer", "Acme Ltd")
    assert values(joe, AddressKind.MAIL) == ["joe@acme.example", "joe.brown@home.example"]
    assert values(joe, AddressKind.PHONE) == ["+1-418-555-0154 ext. 102", "+1-418-555-0155"]
    assert values(joe, AddressKind.WEB) == ["https://joe.example"]
    assert joe.bio == "First line\nSecond line, with a comma; and a long tail that has to be folded here and goes on"
    assert acme.is_company and not joe.is_company and acme.display_name == "Acme Ltd"


def test_a_whole_folder_and_a_zip_read_alike(tmp_path: Path) -> None:
    folder = tmp_path / "cards"
    folder.mkdir()
    written(folder, card("FN:Ann Example", "EMAIL:ann@a.example"), "ann.vcf")
    written(folder, card("FN:Bob Example", "TEL:123"), "bob.VCF")
    written(folder, "no card", "readme.txt")
    with zipfile.ZipFile(tmp_path / "cards.zip", "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    recognised = VCard().recognise(folder)
    assert recognised is not None and recognised.certainty == 0.9
    assert [fact.display_name for fact in facts(folder) if isinstance(fact, Profile)] == ["Ann Example", "Bob Example"]
    assert facts(tmp_path / "cards.zip") == facts(folder)


@pytest.mark.parametrize("content", ["", "Hello", "BEGIN:VCALENDAR\nEND:VCALENDAR\n", "x\n" * 50 + "BEGIN:VCARD\n"])
def test_other_files_are_not_ours(tmp_path: Path, content: str) -> None:
    assert VCard().recognise(written(tmp_path, content)) is None


def test_a_file_without_a_card_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no vCard"):
        facts(written(tmp_path, "Hello"))
    assert VCard().recognise(tmp_path / "missing.vcf") is None
    with pytest.raises(UnreadableFile):
        facts(tmp_path / "missing.vcf")


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_line_ends_and_encodings(tmp_path: Path, end: str, encoding: str) -> None:
    text = card("FN:Zoë Łukasz", "NOTE:one\\, two\\; three\\nfour \\\\ five").replace("\r\n", end)
    zoe = only(written(tmp_path, text.encode(encoding)))
    assert (zoe.display_name, zoe.bio) == ("Zoë Łukasz", "one, two; three\nfour \\ five")
    assert VCard().recognise(tmp_path / "book.vcf") is not None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (b"FN:J\xfcrgen", "Jürgen"),  # cp1252 without saying so
        (b"FN;CHARSET=ISO-8859-2:\xa3ukasz", "Łukasz"),
        (b"FN;CHARSET=windows-1251:\xc8\xe2\xe0\xed", "Иван"),
        ("FN;CHARSET=ISO-8859-1:Jürgen".encode(), "JÃ¼rgen"),  # what the card says counts
        ("FN;CHARSET=NO-SUCH:Jürgen".encode(), "Jürgen"),
        (b"FN;CHARSET=hex:Ann", "Ann"),
        (b"FN;CHARSET=unicode_escape:A\\dnn", "A\\dnn"),
        (b"FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:J=C3=BC=\nrgen", "Jürgen"),
        (b"FN;QUOTED-PRINTABLE:J=C3=BCrgen", "Jürgen"),
        (b"fn;charset=utf-8;encoding=quoted-printable:Ann=\n=20Example", "Ann Example"),
        (b'FN;X-A="a:b;c":Ann', "Ann"),
        (b'FN;X-A="never closed:Ann', "Ann"),
        (b"FN:Zo\xc3\n \xab", "Zoë"),  # folding may part one letter
        (b"FN:A\0nn\x07", "Ann"),
        (b"N:Doe;John;Q;Dr.;Jr.", "Dr. John Q Doe Jr."),
        ("N:山田;太郎;;;".encode(), "山田太郎"),
        (b"ORG:Acme\nEMAIL:joe@acme.example", "joe@acme.example"),
        (b"TEL:tel:+47-22", "+47-22"),
        (b"nonsense\nFN:Ann\n\n;;;\n:::", "Ann"),
    ],
)
def test_names_however_written(tmp_path: Path, line: bytes, name: str) -> None:
    assert only(written(tmp_path, b"BEGIN:VCARD\nVERSION:2.1\n" + line + b"\nEND:VCARD\n")).display_name == name


def test_every_mail_and_phone_is_kept_once(tmp_path: Path) -> None:
    ann = only(
        written(
            tmp_path,
            card(
                "FN:Ann Example", "item1.EMAIL;type=pref:Ann@A.example", "item1.X-ABLabel:_$!<Other>!$_",
                "EMAIL;TYPE=home:mailto:ann@home.example", "EMAIL:ann@a.example", "EMAIL:",
                "TEL;TYPE=cell:+47 1", "TEL;TYPE=fax:+47 2", "TEL:+47 1", "TEL;VALUE=uri:tel:+473;ext=9",
            ),
        )
    )  # fmt: skip
    assert values(ann, AddressKind.MAIL) == ["ann@a.example", "ann@home.example"]
    assert values(ann, AddressKind.PHONE) == ["+47 1", "+47 2", "+473 ext. 9"]


@pytest.mark.parametrize(
    ("line", "page"),
    [
        ("X-SOCIALPROFILE;type=twitter:http://twitter.com/ann", "https://twitter.com/ann"),
        ("X-SOCIALPROFILE;type=twitter;x-user=ann:x-apple:ann", "https://x.com/ann"),
        ("X-SOCIALPROFILE;type=linkedin:x-apple:ann-example", "https://linkedin.com/in/ann-example"),
        ("X-SOCIALPROFILE;type=Mastodon:x-apple:@ann@social.example", "https://social.example/@ann"),
        ("X-TWITTER:@ann", "https://x.com/ann"),
        ("IMPP;X-SERVICE-TYPE=Facebook:xmpp:ann.example", "https://facebook.com/ann.example"),
        ("IMPP:https://chat.example/ann", "https://chat.example/ann"),
        ("item1.URL;type=pref:http\\://www.ann.example/", "https://ann.example"),
    ],
)
def test_profiles_elsewhere_become_web_addresses(tmp_path: Path, line: str, page: str) -> None:
    assert values(only(written(tmp_path, card("FN:Ann", line))), AddressKind.WEB) == [page]


@pytest.mark.parametrize("line", ["URL:javascript:alert(1)", "URL:file:///etc/passwd", "IMPP:skype:ann", "X-TWITTER:a b/../c"])
def test_what_is_no_web_page_is_none(tmp_path: Path, line: str) -> None:
    assert values(only(written(tmp_path, card("FN:Ann", line))), AddressKind.WEB) == []


def test_apple_company(tmp_path: Path) -> None:
    acme = only(written(tmp_path, card("N:;;;;", "FN:Acme Ltd", "ORG:Acme Ltd;", "X-ABShowAs:COMPANY")))
    assert acme.is_company and acme.company == "Acme Ltd"


def test_a_card_of_a_firm_with_somebodys_mail_is_a_person(tmp_path: Path) -> None:
    assert not only(written(tmp_path, card("ORG:Acme", "EMAIL:joe@acme.example"))).is_company
    assert only(written(tmp_path, card("ORG:Acme", "EMAIL:info@acme.example"))).is_company


def test_an_agent_is_somebody_else(tmp_path: Path) -> None:
    inner = card("FN:Agent", "TEL:999", version="2.1")
    flat = "AGENT:BEGIN:VCARD\\nFN:Agent\\nTEL:999\\nEND:VCARD\r\n"
    for agent in ("AGENT:\r\n" + inner, "AGENT:" + inner, "AGENT;X=1:\r\n" + inner, flat):
        text = card("FN:Ann", "TEL:1", version="2.1").replace("TEL:1\r\n", agent + "TEL:1\r\n")
        ann = only(written(tmp_path, text))
        assert (ann.display_name, values(ann, AddressKind.PHONE)) == ("Ann", ["1"])


def test_an_agent_without_end_costs_no_other_card(tmp_path: Path) -> None:
    text = "BEGIN:VCARD\nFN:Ann\nAGENT:\nBEGIN:VCARD\nFN:Agent\nEND:VCARD\n" + card("FN:Bob") + card("FN:Cid")
    names = [fact.display_name for fact in facts(written(tmp_path, text)) if isinstance(fact, Profile)]
    assert names == ["Ann", "Bob", "Cid"]


def test_ids_last_over_changes(tmp_path: Path) -> None:
    before = only(written(tmp_path, card("FN:Ann Example", "EMAIL:ann@a.example")))
    after = only(written(tmp_path, card("FN:Ann Married", "TEL:1", "EMAIL:ANN@a.example", "EMAIL:ann@b.example")))
    assert before.key == after.key
    named = only(written(tmp_path, card("FN:Ann Example", "ORG:Acme", "TEL:1", "EMAIL:info@acme.example")))
    assert named.key == only(written(tmp_path, card("FN:ann  example", "ORG:acme", "TEL:2"))).key != before.key


def test_namesakes_stay_apart(tmp_path: Path) -> None:
    both = facts(written(tmp_path, card("FN:Ann Example", "TEL:1") + card("FN:Ann Example", "TEL:2")))
    assert len({fact.key for fact in both if isinstance(fact, Profile)}) == 2


def test_the_same_card_in_two_files_of_an_export_is_one(tmp_path: Path) -> None:
    all_cards = card("FN:Ann Example", "TEL:1") + card("FN:Ann Example", "TEL:2") + card("FN:Bob", "EMAIL:b@b.example")
    written(tmp_path, all_cards, "All Contacts.vcf")
    written(tmp_path, card("FN:Ann Example", "TEL:2") + card("FN:Bob", "EMAIL:b@b.example"), "My Contacts.vcf")
    written(tmp_path, card("FN:Ann Example", "TEL:3"), "Third.vcf")
    found = facts(tmp_path)
    assert len(found) == 6 and len({fact.key for fact in found if isinstance(fact, Profile)}) == 4


def test_bad_cards_cost_one_card_each(tmp_path: Path) -> None:
    text = card("FN:Ann") + card("NOTE:nobody") + "rubbish\n" + card("FN:Bob").replace("END:VCARD\r\n", "") + card("FN:Cid")
    found = facts(written(tmp_path, text + "BEGIN:VCARD\nFN:Cut off\nEMAIL:cut@of"))
    assert [fact.display_name for fact in found if isinstance(fact, Profile)] == ["Ann", "Bob", "Cid"]
    assert [fact.where for fact in found if isinstance(fact, Rejected)] == ["book.vcf card 2", "book.vcf card 5"]


def hostile() -> Iterator[tuple[str, bytes]]:
    good = card("FN:Good", "TEL:1").encode()
    begin, end = b"BEGIN:VCARD\n", b"END:VCARD\n"
    yield "deep nesting", begin + b"FN:A\n" + (b"AGENT:\n" + begin) * 20_000 + end * 20_001 + good
    yield "begins only", begin * 50_000 + good
    yield "one line of 10 MB", begin + b"FN:A\nNOTE:" + b"x" * 10_000_000 + b"\n" + end + good
    yield "endless folding", begin + b"FN:A\nNOTE:x" + b"\n y" * 2_000_000 + b"\n" + end + good
    yield "endless soft breaks", begin + b"FN:A\nNOTE;ENCODING=QUOTED-PRINTABLE:" + b"=41=\n" * 500_000 + b"\n" + end + good
    yield "many parameters", begin + b"FN" + b";ENCODING=b" * 100_000 + b":A\n" + end + good
    yield "many lines", begin + b"TEL:1\n" * 500_000 + end + good
    yield "picture of 20 MB", begin + b"FN:A\nPHOTO;ENCODING=b:" + b"\n QUJD" * 3_000_000 + b"\n" + end + good
    yield "zeros", begin + b"\0" * 1_000_000 + end + good
    yield "colons", begin + b":" * 1_000_000 + b"\n" + b";" * 1_000_000 + b"\n" + b"\\" * 1_000_000 + b"\n" + end + good
    yield "semicolons in a name", begin + b"N:" + b";" * 400_000 + b"\n" + end + good
    yield "quotes", begin + b'FN;"' + b'";"' * 300_000 + b"\n" + end + good
    yield "bare CR", b"\r" * 2_000_000 + good


@pytest.mark.parametrize("content", [pytest.param(content, id=what) for what, content in hostile()])
def test_hostile_cards_cost_one_card(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, content)
    found = facts(path)
    last = found[-1]
    assert isinstance(last, Profile) and last.display_name == "Good"
    assert len(found) <= 50_001
    assert all(len(fact.bio) <= MAX_LINE for fact in found if isinstance(fact, Profile))


def test_random_bytes_never_raise(tmp_path: Path) -> None:
    for seed in range(300):
        noise = bytearray(card("FN:Ann", "N;CHARSET=utf-8;QUOTED-PRINTABLE:=C3=91;=", "EMAIL:a@b.example").encode() * 3)
        dice = random.Random(seed)
        for _ in range(40):
            noise[dice.randrange(len(noise))] = dice.randrange(256)
        path = written(tmp_path, bytes(noise), f"{seed}.vcf")
        try:
            facts(path)
        except UnreadableFile as error:
            assert "no vCard" in str(error)


@pytest.mark.slow
def test_many_cards_stream(tmp_path: Path) -> None:
    path = tmp_path / "many.vcf"
    with path.open("w", newline="") as file:
        for number in range(20_000):
            file.write(card(f"FN:Person {number}", f"EMAIL:p{number}@a.example", f"TEL:+47 {number}"))
    tracemalloc.start()
    try:
        assert sum(isinstance(fact, Profile) for fact in VCard().read(path, Options())) == 20_000
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


def test_what_a_card_prefers_comes_before_what_stands_first(tmp_path: Path) -> None:
    found = only(written(tmp_path, card("FN;LANGUAGE=de:Jörg", "FN;PREF=1;LANGUAGE=en:Joe Public", "TITLE;PREF=50:Boss", "TITLE;PREF=9:Head", "TITLE;PREF=x:None", version="4.0")))
    assert (found.display_name, found.title) == ("Joe Public", "Head")


@pytest.mark.parametrize("end", ["\r\n ", ""])
def test_a_picture_of_megabytes_costs_nothing_but_its_reading(tmp_path: Path, end: str) -> None:
    picture = end.join("A" * 74 for _ in range(60_000))
    first = card("FN:Ann Berg", f"PHOTO;ENCODING=b;TYPE=JPEG:{picture}", "EMAIL:ann@a.example")
    one, two = facts(written(tmp_path, first + card("FN:Ben Cole")))
    assert isinstance(one, Profile) and isinstance(two, Profile)
    assert (one.display_name, values(one, AddressKind.MAIL), one.bio, two.display_name) == ("Ann Berg", ["ann@a.example"], "", "Ben Cole")



@pytest.mark.parametrize(
    "lines",
    [
        ("3.0", "PHOTO;ENCODING=b;TYPE=PNG:{}"), ("3.0", "item1.PHOTO;ENCODING=B;TYPE=PNG:{}"), ("2.1", "PHOTO;PNG;BASE64:{}"), ("2.1", "PHOTO;TYPE=PNG;ENCODING=BASE64:{}"),
        ("4.0", "PHOTO:data:image/png;base64,{}"), ("4.0", "PHOTO;PREF=1:data:image/png;base64,{}"),
    ],
)  # fmt: skip
def test_how_a_picture_looks_is_kept_and_nothing_else_of_it(tmp_path: Path, lines: tuple[str, str]) -> None:
    picture = base64.b64encode(saved(drawn(3), "PNG", 60)).decode()
    folded = "\r\n ".join([picture[i : i + 70] for i in range(0, len(picture), 70)])
    read = only(written(tmp_path, card("FN:Joe Brown", lines[1].format(folded), "EMAIL:joe@alderfinch.example", version=lines[0])))
    (mark,) = values(read, AddressKind.PICTURE)
    assert mark == f"look:{looking_at.look(base64.b64decode(picture))}" and not mark.endswith("-")
    assert read.display_name == "Joe Brown" and values(read, AddressKind.MAIL) == ["joe@alderfinch.example"]


@pytest.mark.parametrize(
    ("line", "marks"),
    [
        ("PHOTO;VALUE=uri:https://www.gravatar.com/avatar/0123456789abcdef0123456789abcdef?s=96", ["gravatar:0123456789abcdef0123456789abcdef"]),
        ("PHOTO:https://lh3.googleusercontent.com/contacts/AB12", []), ("PHOTO;ENCODING=b;TYPE=PNG:no base 64 at all!", []), ("PHOTO;ENCODING=b:", []),
        ("PHOTO:file:///etc/passwd", []), ("PHOTO;ENCODING=b;TYPE=PNG:" + "A" * 4_000_000, []),
    ],
    ids=range(6),
)  # fmt: skip
def test_a_picture_that_lies_elsewhere_is_not_fetched(tmp_path: Path, line: str, marks: list[str]) -> None:
    assert values(only(written(tmp_path, card("FN:Joe Brown", line))), AddressKind.PICTURE) == marks


def test_a_picture_without_end_costs_no_memory_and_not_its_card(tmp_path: Path) -> None:
    path = written(tmp_path, card("FN:Joe Brown", "PHOTO;ENCODING=b:" + "\r\n ".join(["A" * 70] * 300_000), "EMAIL:joe@alderfinch.example"))
    tracemalloc.start()
    read = only(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert values(read, AddressKind.MAIL) == ["joe@alderfinch.example"] and peak < 20 * 1024 * 1024
