"""Names in several alphabets and spellings sound the same where they should, and nowhere else."""

from __future__ import annotations

import random

import pytest

from relationdesk.flip.letters import consonants, korean, latin, sound, without_kana
from relationdesk.text import fold

ALIKE = [
    "Müller Mueller Muller", "Сергей Sergei Sergey Sergej", "Чайковский Tchaikovsky Chaikovskiy Tschaikowski", "Евгений Yevgeny Evgenii Jewgenij",
    "Дмитрий Dmitry Dmitriy Dmitri", "Юрий Yuri Yury Juri", "Щербаков Shcherbakov Schtscherbakow", "Παπαδόπουλος Papadopoulos", "Χρήστος Christos Hristos",
    "Jørgensen Jorgensen", "Øystein Oeystein", "Åse Aase", "Наталья Natalya Natalia Nataliya", "Петров Petrov Petrow",
]  # fmt: skip


@pytest.mark.parametrize("words", ALIKE)
def test_spellings_of_one_sound(words: str) -> None:
    assert len({sound(word) for word in fold(words).split()}) == 1


def test_other_names_sound_different() -> None:
    words = fold("Joe Zoe Brown Braun Petrov Petrova Karl Kari Anna Hanna Müller Möller Ivan Ian Иванов 王小明 王小红 Lee Li Meyer Weyer").split()
    assert len({sound(word) for word in words}) == len(words)


@pytest.mark.parametrize(("one", "other"), [("محمد", "Mohammed"), ("محمد", "Muhammad"), ("فاطمة", "Fatima"), ("خالد", "Khaled"), ("דוד", "David"), ("כהן", "Cohen"), ("שרה", "Sarah"), ("לוי", "Levi")])
def test_consonants_of_writing_without_vowels(one: str, other: str) -> None:
    assert consonants(fold(one)) == consonants(fold(other)) != ""


def test_korean_and_japanese() -> None:
    assert korean(fold("김민준")) == ("minjun", "kim") and korean(fold("Kim")) is None and korean(fold("김")) is None
    assert without_kana("たかだ しょうこ") == "takada shouko" and without_kana("タケシ") == "takeshi" and without_kana("いっぺい") == "ippei"
    assert without_kana("Joe 王") == "Joe 王"


def test_whatever_comes_in_comes_out_and_twice_is_once() -> None:
    dice = random.Random(3)
    for _ in range(3000):
        word = fold("".join(chr(dice.choice((dice.randint(1, 0x600), dice.randint(1, 0xFFFF)))) for _ in range(dice.randint(0, 12))))
        for one in word.split():
            latin(one), consonants(one), korean(one), without_kana(one)
            assert isinstance(sound(one), str)
