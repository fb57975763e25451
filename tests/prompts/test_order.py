"""Which prompts are shown and why others are not: answers, wishes, waiting words, causes, rest, spread, caps, quiet hours. Literals in and out."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from relationdesk.derived import Evidence, Prompt
from relationdesk.model import Key, Person
from relationdesk.prompts import RULES
from relationdesk.prompts.order import About, Answered, Bounds, Decided, Order
from relationdesk.wishes import Step, Wish
from tests.facts import NOW, ago

ASKS, MINUTES = {r.name: r.asks for r in RULES}, {r.name: r.minutes for r in RULES}
TODAY = NOW.astimezone().date()


def person(n: int = 1, last_in: float | None = 20) -> Person:
    return Person(id=n, uid=f"u{n}", name=f"Person {n}", last_in=None if last_in is None else ago(days=last_in))


def prompt(rule: str, n: int = 1, *, words: str = "", weight: float = 10.0, why_not: str = "", place: str = "mail") -> Prompt:
    evidence = (Evidence(sentence="said", activity=Key(place, words) if words else None),)
    return Prompt(
        key=f"{rule}:u{n}:{words or 'x'}", rule=rule, person_id=n, title=f"Person {n}: {rule}", because="It is so.", evidence=evidence, weight=weight, why_not=why_not
    )  # fmt: skip


def about(n: int = 1, **told: Any) -> About:
    return About(**{"person": person(n), **told})


def decide(*found: tuple[Prompt, About], answers: dict[str, Answered] | None = None, capped: bool = True, **bounds: Any) -> list[Decided]:
    return Order(ASKS, MINUTES, answers or {}, Bounds(**bounds), NOW).decide(found, capped=capped)


def why(one: Prompt, told: About, **more: Any) -> str | None:
    """Why it is held back, "" for shown, None for gone."""
    decided = decide((one, told), **more)
    return decided[0].prompt.why_not if decided else None


WISH = Wish(id=1, uid="w", person_id=1, said=TODAY - timedelta(days=262))


@pytest.mark.parametrize(
    ("rule", "told", "words"),
    [
        ("gone_quiet", {"wish": replace(WISH, opted_out=True)}, "asked on 3 March not to be contacted."),
        ("awaiting_reply", {"wish": replace(WISH, opted_out=True)}, "not to be contacted."),
        ("meeting_soon", {"opted_out": True}, "not to be contacted."),
        ("gone_quiet", {"wish": replace(WISH, not_until=TODAY + timedelta(days=1))}, "before 21 November."),
        ("awaiting_reply", {"wish": replace(WISH, not_until=TODAY + timedelta(days=1))}, "before 21 November."),
        ("gone_quiet", {"wish": replace(WISH, not_until=TODAY)}, ""),
        ("meeting_soon", {"wish": replace(WISH, not_until=TODAY + timedelta(days=1))}, ""),
        ("praise", {"wish": replace(WISH, places=("linkedin",))}, "for LinkedIn only, and this is in Mail."),
        ("praise", {"wish": replace(WISH, places=("mail", "linkedin"))}, ""),
        ("deal_near", {"wish": replace(WISH, places=("mail",)), "place": "hubspot"}, ""),
        ("ticket_open", {"wish": replace(WISH, places=("linkedin",)), "place": "crm"}, ""),
        ("in_town", {"wish": replace(WISH, places=("mail",)), "place": "tripit"}, ""),
        ("rhythm_overdue", {"wish": replace(WISH, every_days=90), "contact": ago(days=40)}, "every 90 days at most; the last was 40 days ago."),
        ("rhythm_overdue", {"wish": replace(WISH, every_days=90), "contact": ago(days=90)}, ""),
        ("awaiting_reply", {"wish": replace(WISH, every_days=90), "contact": ago(days=1)}, ""),  # they asked themselves
        ("gone_quiet", {"waits_since": ago(days=3)}, "has your words of 17 November and has not answered yet."),
        ("gone_quiet", {"waits_since": ago(days=8)}, ""),
        ("promise_due", {"waits_since": ago(days=3)}, ""),
        ("gone_quiet", {"done_at": ago(days=1)}, "You already did something about Person 1 on 19 November."),
        ("gone_quiet", {"done_at": ago(days=3)}, ""),
        ("complaint", {"done_at": ago(days=1)}, ""),
        ("birthday", {"wish": replace(WISH, opted_out=True)}, "not to be contacted."),
        ("birthday", {"wish": replace(WISH, not_until=TODAY + timedelta(days=1))}, "before 21 November."),
        ("birthday", {"wish": replace(WISH, every_days=90), "contact": ago(days=40)}, "every 90 days at most; the last was 40 days ago."),
        ("birthday", {"waits_since": ago(days=3)}, ""),  # a greeting is no nagging
        ("birthday", {"done_at": ago(days=1)}, ""),
    ],
)
def test_what_binds_one_prompt(rule: str, told: dict[str, Any], words: str) -> None:
    told = dict(told)
    place = told.pop("place", "mail")
    found = why(prompt(rule, words="w", place=place), about(**told))
    assert found is not None and (found.endswith(words) if words else found == "")


def test_whoever_asks_is_answered_where_they_want_it() -> None:
    (decided,) = decide((prompt("awaiting_reply", words="w"), about(wish=replace(WISH, places=("linkedin",)))))
    assert decided.prompt.why_not == "" and decided.prompt.because == "It is so. They asked for LinkedIn only: answer there."


@pytest.mark.parametrize(("rule", "place"), [("gone_quiet", ""), ("deal_near", "hubspot"), ("birthday", "contacts")])
def test_whoever_is_turned_to_is_written_to_where_they_want_it(rule: str, place: str) -> None:
    (decided,) = decide((prompt(rule, words="w" if place else "", place=place), about(wish=replace(WISH, places=("mail",)))))
    assert decided.prompt.why_not == "" and decided.prompt.because == "It is so. They asked for Mail only: write there."


@pytest.mark.parametrize("other", ["champion_quiet", "rhythm_overdue"])
def test_a_silence_that_is_put_off_does_not_come_back_under_another_name(other: str) -> None:
    first, second, apart = prompt("gone_quiet"), prompt(other, weight=90), prompt("single_threaded", weight=1)
    answers = {first.key: Answered(how="later", at=ago(days=0.5), until=ago(days=-2))}
    found = {d.prompt.rule: d.prompt.why_not for d in decide((first, about()), (second, about()), (apart, about()), answers=answers)}
    assert found == {"gone_quiet": "You put it off until 22 November.", other: "You put off “gone_quiet”, which says the same.", "single_threaded": ""}


def test_what_says_the_same_names_what_says_it() -> None:
    first, second = prompt("gone_quiet", weight=90), prompt("champion_quiet")
    shown, held = decide((second, about()), (first, about()))
    assert (shown.prompt.key, shown.same_as, held.same_as) == (first.key, "", first.key)


def test_answers_of_the_user() -> None:
    one = prompt("gone_quiet")
    at = ago(days=2)
    assert why(one, about(), answers={one.key: Answered(how="done", at=at)}) is None
    assert why(one, about(), answers={"gone_quiet:u1:never": Answered(how="never", at=at)}) is None
    assert why(one, about(), answers={"gone_quiet:u2:never": Answered(how="never", at=at)}) == ""
    later = Answered(how="later", at=at, until=NOW + timedelta(days=2))
    assert why(one, about(), answers={one.key: later}) == "You put it off until 22 November."


@pytest.mark.parametrize(
    ("answer", "last_in", "back"),
    [
        (Answered(how="later", at=ago(days=2), until=ago(hours=1)), 20, "You put it off on 18 November until 20 November."),
        (Answered(how="later", at=ago(days=2), awaits="sign"), 20, None),
        (Answered(how="later", at=ago(days=2), awaits="sign"), None, None),
        (Answered(how="later", at=ago(days=2), awaits="sign"), 1, "You put it off on 18 November until something came from them, and it did on 19 November."),
        (Answered(how="later", at=ago(days=2), awaits="meeting", until=NOW + timedelta(hours=1)), 20, None),
        (Answered(how="later", at=ago(days=2), awaits="meeting", until=ago(hours=1)), 20, "You put it off on 18 November until after your meeting, which is over."),
    ],
)
def test_what_was_put_off_comes_back_and_says_why(answer: Answered, last_in: float | None, back: str | None) -> None:
    one = prompt("awaiting_reply")
    (decided,) = decide((one, About(person=person(last_in=last_in))), answers={one.key: answer})
    assert (decided.prompt.why_not == "") is (back is not None) and (decided.answer == "later") is (back is None)
    assert decided.prompt.because == (f"It is so. {back}" if back else "It is so.")


@pytest.mark.parametrize(
    ("rule", "last_in", "last_out", "later", "says"),
    [
        ("awaiting_reply", 1, 20, None, True), ("awaiting_reply", 1, 1.5, None, False), ("awaiting_reply", 20, 20, None, False), ("complaint", 1, 20, None, False),
        ("awaiting_reply", 1, 20, Answered(how="done", at=ago(days=1)), False),
    ],
)  # fmt: skip
def test_new_words_bring_back_what_waited_for_them_and_say_so(rule: str, last_in: float, last_out: float, later: Answered | None, says: bool) -> None:
    """What they write makes another prompt; that it was put off until then is known from the one before."""
    answers = {"awaiting_reply:u1:before": Answered(how="later", at=ago(days=2), awaits="sign")} | ({"awaiting_reply:u1:between": later} if later else {})
    them = replace(person(last_in=last_in), last_out=ago(days=last_out))
    (decided,) = decide((prompt(rule, words="now"), About(person=them)), answers=answers)
    assert decided.prompt.why_not == "" and ("You put it off on 18 November until something came from them" in decided.prompt.because) is says


def test_never_two_for_one_cause() -> None:
    question, complaint = prompt("awaiting_reply", words="w", weight=60), prompt("complaint", words="w", weight=90)
    shown, held = decide((question, about()), (complaint, about()))
    assert (shown.prompt.rule, held.prompt.why_not) == ("complaint", "Already said by “complaint”.")
    meeting = [(prompt("meeting_over", n, words="m"), about(n)) for n in (1, 2)]
    assert decide(*meeting)[1].prompt.why_not == "Already said of Person 1: “meeting_over”."
    other = prompt("awaiting_reply", words="v", weight=60)
    assert all(d.prompt.why_not == "" for d in decide((other, about()), (complaint, about())))
    one, two = decide((prompt("gone_quiet", weight=30), about()), (prompt("rhythm_overdue", weight=20), about()))
    assert one.prompt.why_not == "" and "Already said by" in two.prompt.why_not


def test_the_weight_of_the_customer_and_the_effort_count() -> None:
    plain, key, advocate = (prompt("gone_quiet", n) for n in (1, 2, 3))
    order = decide((plain, about(1)), (key, about(2, key_company=True)), (advocate, about(3, step=Step.ADVOCATE)))
    assert [d.person.id for d in order] == [2, 3, 1]
    quick, long = prompt("praise", 1, words="a"), prompt("deal_near", 2, words="b")
    assert [d.person.id for d in decide((long, about(2)), (quick, about(1)))] == [1, 2]


def test_everybody_comes_before_anybody_a_second_time() -> None:
    found = [(prompt("complaint", 1, words=f"{n}", weight=90 - n), about(1)) for n in range(4)] + [(prompt("praise", 2, words="p", weight=5), about(2))]
    order = decide(*found, per_person=2)
    assert [d.person.id for d in order if not d.prompt.why_not] == [1, 2, 1]
    assert [d.prompt.why_not for d in order[3:]] == ["2 prompts about Person 1 are enough for one day."] * 2
    capped = decide(*found, per_person=2, cap=2)
    assert [d.person.id for d in capped if not d.prompt.why_not] == [1, 2]
    assert [d.is_late for d in capped] == [False, False, True, False, False] and all(d.waits for d in capped)


@pytest.mark.parametrize(("start", "end", "is_quiet"), [(-60, 60, True), (0, 60, True), (-60, 0, False), (60, 120, False), (-60, -120, True), (0, 0, False)])
def test_quiet_hours(start: int, end: int, is_quiet: bool) -> None:
    local = NOW.astimezone()
    minute = local.hour * 60 + local.minute
    quiet = ((minute + start) % 1440, (minute + end) % 1440)
    (decided,) = decide((prompt("complaint", words="w"), about()), quiet=quiet)
    assert (decided.prompt.why_not.startswith("Quiet hours until ")) is is_quiet and decided.waits
    assert why(prompt("complaint", words="w"), about(), quiet=quiet, capped=False) == ""


def test_the_order_does_not_depend_on_the_order_of_what_is_found() -> None:
    dice = random.Random(3)
    found = [(prompt(rule.name, n, words=f"{rule.name}{n}", weight=float(n % 3)), about(n)) for n in range(9) for rule in RULES[:6]]
    first = decide(*found)
    for _ in range(20):
        dice.shuffle(found)
        assert repr(decide(*found)) == repr(first)


@pytest.mark.parametrize(("how", "said"), [("done", "You called “complaint” done, which says the same."), ("later", "You put off “complaint”, which says the same.")])
def test_words_that_were_answered_under_one_name_do_not_come_back_under_another(how: str, said: str) -> None:
    complaint, question, other = prompt("complaint", words="w", weight=20), prompt("awaiting_reply", words="w"), prompt("awaiting_reply", words="v")
    answers = {complaint.key: Answered(how=how, at=ago(days=0.5), until=ago(days=-2) if how == "later" else None)}
    found = {d.prompt.key: d.prompt.why_not for d in decide(*((one, about()) for one in (complaint, question, other)), answers=answers)}
    assert found[question.key] == said
    assert found[other.key] == ""
