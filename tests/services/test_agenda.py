"""Today: the order, the daily cap, the user's answers, and that silence is explained."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from relationdesk.derived import Prompt
from relationdesk.errors import UserMistake
from relationdesk.model import Coverage, Kind, Precision, Profile, Role
from relationdesk.services import agenda, people
from relationdesk.store import people as persons
from relationdesk.store import prompts as answers
from relationdesk.store import settings
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW, ago, arrive, bring, did, person_id, profile_id, who

SAM = who("Sam Carter", owner=True)
JOE, MARY, LEO = who("Joe Brown"), who("Mary Jones"), who("Leo Hart")


def asks(actor: Profile, id_: str, when: datetime, text: str = "Could you call?") -> object:
    return did(actor, id_, when, text, kind=Kind.MESSAGE, to=[SAM], private=True)


@pytest.fixture
def db() -> Desk:
    """Joe asked yesterday, Mary asked ten days ago, Leo wrote without a question three days ago."""
    db = open_memory()
    bring(db, [SAM, JOE, MARY, LEO])
    bring(db, [asks(JOE, "j", ago(days=1)), asks(MARY, "m", ago(days=10)), asks(LEO, "l", ago(days=3), "Here are the figures.")])  # type: ignore[list-item]
    return db


def shown(db: Desk, now: datetime = NOW) -> list[str]:
    return [e.person.name for e in agenda.today(db, now).shown]


def prompt_of(db: Desk, name: str, now: datetime = NOW) -> Prompt:
    (prompt,) = agenda.of_person(db, person_id(db, name), now)
    return prompt


def test_questions_before_words_and_the_longest_wait_first(db: Desk) -> None:
    today = agenda.today(db, NOW)
    assert [e.person.name for e in today.shown] == ["Mary Jones", "Joe Brown", "Leo Hart"]
    weights = [e.prompt.weight for e in today.shown]
    assert weights == sorted(weights, reverse=True) and today.held_back == () and today.day == NOW
    for entry in today.shown:
        assert entry.prompt.because.endswith(".") and entry.prompt.evidence[0].activity is not None


def test_a_cap_holds_back_and_says_so(db: Desk) -> None:
    settings.save(db, settings.Settings(prompts_at_most=1))
    today = agenda.today(db, NOW)
    assert [e.person.name for e in today.shown] == ["Mary Jones"]
    assert [e.person.name for e in today.held_back] == ["Joe Brown", "Leo Hart"]
    assert all("Only 1 prompt" in e.prompt.why_not for e in today.held_back)


def test_done_until_something_new_happens(db: Desk) -> None:
    prompt = prompt_of(db, "Joe Brown")
    changes = agenda.answer(db, prompt, "done", NOW)
    assert changes.people == {person_id(db, "Joe Brown")} and changes.undo.startswith("Done: Joe Brown")
    assert "Joe Brown" not in shown(db) and "Joe Brown" not in shown(db, NOW + timedelta(days=5))
    assert agenda.today(db, NOW).done_today == 1 and agenda.today(db, NOW + timedelta(days=1)).done_today == 0
    arrive(db, [asks(JOE, "old", ago(days=4))])  # type: ignore[list-item]
    assert "Joe Brown" not in shown(db)  # an older one that arrives late is not new
    arrive(db, [asks(JOE, "j2", ago(hours=1), "And on Monday?")])  # type: ignore[list-item]
    assert "Joe Brown" in shown(db)
    assert prompt_of(db, "Joe Brown").key != prompt.key


def test_done_with_what_waited_then_and_not_with_what_comes_after(db: Desk) -> None:
    arrive(db, [asks(JOE, "p", ago(hours=21), "Here are the figures.")])  # type: ignore[list-item]
    both = prompt_of(db, "Joe Brown")
    assert both.title == "Joe Brown: a question and a message wait for you" and len(both.evidence) == 2
    agenda.answer(db, both, "done", NOW)
    for days in (0, 1, 15, 40):  # also when the words are too old to count, and the question is not
        assert agenda.of_person(db, person_id(db, "Joe Brown"), NOW + timedelta(days=days)) == ()
    arrive(db, [asks(JOE, "p2", NOW, "And those of May.")])  # type: ignore[list-item]
    later = prompt_of(db, "Joe Brown", NOW + timedelta(days=1))
    assert later.title == "Joe Brown: a message waits for you" and len(later.evidence) == 1


def test_what_is_known_to_the_day_answers_a_question_of_that_day(db: Desk) -> None:
    assert prompt_of(db, "Joe Brown").why_not == ""
    day = ago(days=1).replace(hour=0, minute=0)
    arrive(db, [did(SAM, "d", day, "Here", to=[JOE], precision=Precision.DAY)])
    assert prompt_of(db, "Joe Brown").why_not == "You wrote to Joe Brown on Mastodon on 19 November, after the question."


def test_later_comes_back_on_its_day(db: Desk) -> None:
    until = NOW + timedelta(days=3)
    agenda.answer(db, prompt_of(db, "Joe Brown"), "later", NOW, until)
    (held,) = agenda.today(db, NOW).held_back
    assert (held.person.name, held.snoozed) == ("Joe Brown", until)
    assert held.prompt.why_not == "You put it off until 23 November."
    assert "Joe Brown" not in shown(db, until - timedelta(seconds=1)) and "Joe Brown" in shown(db, until)


def test_never_is_for_this_rule_and_person_only(db: Desk) -> None:
    agenda.answer(db, prompt_of(db, "Joe Brown"), "never", NOW)
    arrive(db, [asks(JOE, "j2", ago(hours=1))])  # type: ignore[list-item]
    assert shown(db) == ["Mary Jones", "Leo Hart"]
    people.undo(db, NOW)
    assert "Joe Brown" in shown(db)


def test_what_is_done_is_done_under_every_name_and_asked_again_under_every_name(db: Desk) -> None:
    """A question and the suggestion in it are one cause, also when the question is no longer found."""
    bring(db, [asks(JOE, "c", ago(hours=21), "I suggest a night mode."), asks(JOE, "q", ago(hours=3), "When do you repair it?")])  # type: ignore[list-item]
    first, second = (prompt for prompt in agenda.of_person(db, person_id(db, "Joe Brown"), NOW) if prompt.rule in ("awaiting_reply", "suggestion"))
    assert (first.rule, first.why_not, second.rule) == ("awaiting_reply", "", "suggestion")
    assert second.why_not == "Already said by “2 questions and a message wait for you”."
    agenda.answer(db, first, "done", NOW)
    assert [p.rule for p in agenda.of_person(db, person_id(db, "Joe Brown"), NOW + timedelta(days=1)) if not p.why_not] == []
    today = agenda.today(db, NOW)
    (over,) = [entry for entry in today.held_back if entry.person.name == "Joe Brown"]
    assert (over.prompt.rule, over.answer, today.done_today) == ("awaiting_reply", "done", 1)
    agenda.ask_again(db, over, NOW)
    assert [(p.rule, p.why_not) for p in agenda.of_person(db, person_id(db, "Joe Brown"), NOW)] == [(first.rule, ""), (second.rule, second.why_not)]
    agenda.answer(db, first, "done", NOW)
    people.undo(db, NOW)
    assert answers.answers(db) == {}


def test_an_answer_can_change_and_each_step_be_taken_back(db: Desk) -> None:
    prompt = prompt_of(db, "Joe Brown")
    agenda.answer(db, prompt, "later", NOW, NOW + timedelta(days=3))
    agenda.answer(db, prompt, "done", NOW)
    assert answers.answers(db)[prompt.key].answer == "done"
    people.undo(db, NOW)
    assert answers.answers(db)[prompt.key].answer == "later"
    people.undo(db, NOW)
    assert answers.answers(db) == {} and "Joe Brown" in shown(db)


@pytest.mark.parametrize(("how", "until"), [("later", None), ("maybe", None), ("", None)])
def test_an_answer_must_be_one(db: Desk, how: str, until: datetime | None) -> None:
    with pytest.raises(UserMistake, match="Nothing was changed"):
        agenda.answer(db, prompt_of(db, "Joe Brown"), how, NOW, until)
    assert answers.answers(db) == {}


def test_who_asked_not_to_be_contacted_is_held_back_first(db: Desk) -> None:
    people.set_no_prompts(db, person_id(db, "Mary Jones"), True, NOW)
    today = agenda.today(db, NOW)
    assert [e.person.name for e in today.shown] == ["Joe Brown", "Leo Hart"]
    assert [e.prompt.why_not for e in today.held_back] == ["Mary Jones asked on 20 November not to be contacted."]


def test_numbers_beside_people_follow(db: Desk) -> None:
    def numbers() -> dict[str, int]:
        return {p.name: p.open_prompts for p in persons.page(db, order="name")}

    assert numbers() == {"Joe Brown": 0, "Leo Hart": 0, "Mary Jones": 0}
    agenda.today(db, NOW)
    assert numbers() == {"Joe Brown": 1, "Leo Hart": 1, "Mary Jones": 1}
    agenda.answer(db, prompt_of(db, "Joe Brown"), "done", NOW)
    assert numbers() == {"Joe Brown": 0, "Leo Hart": 1, "Mary Jones": 1}
    arrive(db, [did(SAM, "re", ago(hours=1), "Here you are.", kind=Kind.MESSAGE, to=[MARY], private=True)])
    agenda.refresh(db, [person_id(db, "Mary Jones"), 999], NOW)
    assert numbers() == {"Joe Brown": 0, "Leo Hart": 1, "Mary Jones": 0}


def test_one_person_and_all_agree(db: Desk) -> None:
    arrive(db, [did(SAM, "re", ago(hours=1), "Yes.", kind=Kind.MESSAGE, to=[JOE], private=True)])
    today = agenda.today(db, NOW)
    together = {(e.person.id, e.prompt) for e in (*today.shown, *today.held_back)}
    assert together == {(p.id, prompt) for p in persons.page(db) for prompt in agenda.of_person(db, p.id, NOW)}
    assert len(together) == 3


def test_copies_and_my_own_words_ask_nothing(db: Desk) -> None:
    ann = who("Ann Example")
    other = who("Other One")
    bring(db, [ann, other, did(other, "c", ago(days=1), "Could you?", kind=Kind.MAIL, to=[ann], private=True), did(SAM, "me", ago(days=1), "Could I?", to=[ann])])
    assert set(shown(db)) == {"Joe Brown", "Mary Jones", "Leo Hart"}


def test_a_desk_without_an_owner_asks_nothing() -> None:
    db = open_memory()
    bring(db, [JOE, MARY, did(JOE, "1", ago(days=1), "Could you?", to=[MARY])])
    assert agenda.today(db, NOW).shown == () == agenda.today(open_memory(), NOW).shown


def test_a_silence_is_held_back_while_words_wait() -> None:
    """Joe wrote every four days, asked twenty-five days ago, and nothing since: one prompt at a time, the answer first."""
    db = open_memory()
    bring(db, [SAM, JOE])
    people.set_in_bucket(db, people.make_bucket(db, "VIP", NOW)[0], (person_id(db, "Joe Brown"),), True, NOW)
    posts = [did(JOE, f"p{n}", ago(days=25 + 4 * n), "Words") for n in range(1, 14)]
    bring(db, [*posts, asks(JOE, "q", ago(days=25)), Coverage(place="mastodon", since=None, until=NOW)])  # type: ignore[list-item]
    found = agenda.of_person(db, person_id(db, "Joe Brown"), NOW)
    assert [(p.rule, p.why_not) for p in found] == [("awaiting_reply", ""), ("gone_quiet", "Joe Brown waits for an answer from you, which comes first.")]
    today = agenda.today(db, NOW)
    assert [e.prompt.rule for e in today.shown] == ["awaiting_reply"] and [e.prompt.rule for e in today.held_back] == ["gone_quiet"]
    agenda.answer(db, found[0], "done", NOW)
    assert [(p.rule, p.why_not) for p in agenda.of_person(db, person_id(db, "Joe Brown"), NOW)] == [
        ("gone_quiet", "You already did something about Joe Brown on 20 November.")
    ]
    later = NOW + timedelta(days=3)
    assert [(p.rule, p.why_not) for p in agenda.of_person(db, person_id(db, "Joe Brown"), later)] == [("gone_quiet", "")]


def test_what_is_dated_in_the_future_is_a_sign_of_the_day_it_came() -> None:
    db = open_memory()
    bring(db, [SAM, JOE])
    people.set_in_bucket(db, people.make_bucket(db, "VIP", NOW)[0], (person_id(db, "Joe Brown"),), True, NOW)
    posts = [did(JOE, f"p{n}", ago(days=31 + 7 * n), "Words") for n in range(8)]
    bring(db, [*posts, did(JOE, "next", ago(days=-400), "A talk that is announced")])
    assert agenda.of_person(db, person_id(db, "Joe Brown"), NOW) == ()
    later = NOW + timedelta(days=30)
    bring(db, [Coverage(place="mastodon", since=None, until=later)], now=later)
    (prompt,) = agenda.of_person(db, person_id(db, "Joe Brown"), later)
    assert prompt.rule == "gone_quiet" and "quiet for 30 days" in prompt.because


def test_every_place_that_a_rhythm_was_measured_on_must_have_been_read() -> None:
    """Joe's last sign came from Mastodon, which was read, and those before from LinkedIn, which never was; his blog ended long ago."""
    db = open_memory()
    there, blog = who("Joe Brown", "linkedin", known=False), who("Joe Brown", "blog", known=False)
    bring(db, [SAM, JOE, there, blog, did(blog, "b", ago(days=800)), did(JOE, "last", ago(days=40))])
    bring(db, [did(there, f"p{n}", ago(days=40 + 7 * n)) for n in range(1, 9)])
    for profile in (there, blog):
        people.link(db, profile_id(db, profile), person_id(db, "Joe Brown"), NOW)
    people.set_in_bucket(db, people.make_bucket(db, "VIP", NOW)[0], (person_id(db, "Joe Brown"),), True, NOW)
    bring(db, [Coverage(place="mastodon", until=NOW)])
    assert prompt_of(db, "Joe Brown").why_not == "Blog was never read, so perhaps they are not silent."
    arrive(db, [did(there, f"q{n}", ago(days=100 + 7 * n)) for n in range(24)])
    assert prompt_of(db, "Joe Brown").why_not == "LinkedIn was never read, so perhaps they are not silent."
    bring(db, [Coverage(place="linkedin", until=NOW)])
    assert prompt_of(db, "Joe Brown").why_not == ""


def test_a_question_in_public_is_seen_in_every_place_by_people_in_a_bucket() -> None:
    db, mary, ann = open_memory(), who("Mary Jones"), who("Ann Example", "bluesky")
    asked = [did(mary, "q", ago(days=1), "Which clamp is best for a kitchen?"), did(ann, "q", ago(days=1), "Which clamp?", place="bluesky")]
    bring(db, [SAM, mary, ann, *asked, did(mary, "w", ago(hours=5), "We chose one."), did(mary, "old", ago(days=9), "Which lamp?")])
    assert shown(db) == []
    people.set_in_bucket(db, people.make_bucket(db, "VIP", NOW)[0], (person_id(db, "Mary Jones"),), True, NOW)
    assert [(e.person.name, e.prompt.rule) for e in agenda.today(db, NOW).shown] == [("Mary Jones", "public_question")]
    (prompt,) = agenda.of_person(db, person_id(db, "Mary Jones"), NOW)
    assert prompt.because == "Mary Jones asked on Mastodon yesterday, open to everybody." and [e.activity for e in prompt.evidence] == [asked[0].key]


def test_a_recommendation_is_of_whom_it_is_about(db: Desk) -> None:
    """Joe wrote one of Sam; Mary only sent Sam what she wrote of Leo."""
    said = [did(who_, id_, ago(days=2), "Always there.", kind=Kind.RECOMMENDATION, to=[SAM], role=role) for who_, id_, role in
            ((JOE, "of-me", Role.SUBJECT), (MARY, "for-me", Role.TO))]  # fmt: skip
    arrive(db, said)
    today = agenda.today(db, NOW)
    assert [e.person.name for e in (*today.shown, *today.held_back) if e.prompt.rule == "praise"] == ["Joe Brown"]
