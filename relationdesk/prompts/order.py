"""Which of the prompts that the rules found are shown, in what order, and why the others are held back. Pure; same input, same answer.

In this order, and the first reason counts: what the user answered · what the person wishes · words of mine that wait for their answer ·
a cause that another prompt has already · a second silence beside it · rest after something done · quiet hours · enough about one person ·
enough for today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from relationdesk.derived import Prompt
from relationdesk.model import CARD_PLACES, Person
from relationdesk.prompts.base import Asks, days_between
from relationdesk.saying import counted, say
from relationdesk.text import listed, place_name, short_day
from relationdesk.wishes import Step, Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the user said to a prompt: "done", "later" (until a moment, or until something comes from them, or until a meeting is over),
    "never" (of this rule for this person)."""

    how: str
    at: datetime
    until: datetime | None = None
    awaits: str = ""  # "", "sign", "meeting"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the order must know of one person besides the prompts. meets: when their next meeting with me is over. waits_since:
    when I wrote to them last, if nothing came since. done_at: when the user last called a prompt about them done. contact: newest real contact."""

    person: Person
    wish: Wish | None = None
    opted_out: bool = False
    key_company: bool = False
    step: Step | None = None
    waits_since: datetime | None = None
    done_at: datetime | None = None
    contact: datetime | None = None
    meets: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What the user set. quiet: minutes of the day from and to, in the user's zone; the same twice: none."""

    cap: int = 12
    per_person: int = 2
    answer_days: int = 7
    rest_days: int = 3
    quiet: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A prompt as it is to be shown or, with why_not, held back. answer: what the user said that still holds; snoozed: until when, if that is
    known. score: what the order rests on. waits: it is free to be shown, were it not for quiet hours and caps; is_late: the cap alone holds it
    back. same_as: key of the shown prompt that says the same."""

    prompt: Prompt
    person: Person
    score: float = 0.0
    answer: str = ""
    snoozed: datetime | None = None
    waits: bool = False
    is_late: bool = False
    same_as: str = ""


class Order:
    """One run over all prompts, or over those of a few people. asks, minutes: by name of the rule; off: rules that the user switched off."""

    def __init__(
        self, asks: Mapping[str, Asks], minutes: Mapping[str, int], answers: Mapping[str, Answered], bounds: Bounds, now: datetime
    ) -> None:
        self._asks, self._minutes, self._answers, self._bounds, self._now = asks, minutes, answers, bounds, now
        self._last = {beginning(key): told for key, told in sorted(answers.items(), key=lambda one: (one[1].at, one[0]))}

    def decide(self, found: Iterable[tuple[Prompt, About]], *, capped: bool) -> list[Decided]:
        """Shown ones first, in their order; then those that only the cap holds back, in theirs; then the others, most pressing first.

        capped False: neither quiet hours nor caps count, as on one person's page.
        """
        each: list[Decided] = []
        answered: dict[tuple[str, object], str] = {}
        for prompt, about in found:
            decided = self._one(prompt, about)
            if decided is not None:
                each.append(decided)
            if decided is None or decided.answer == "later":
                answered.update(self._answered_causes(prompt, about.person, decided))
        each.sort(key=lambda d: (-d.score, d.person.uid, d.prompt.key))
        each = self._one_per_cause(each, answered)
        free, held = [d for d in each if not d.prompt.why_not], [d for d in each if d.prompt.why_not]
        if not capped:
            return [*free, *held]
        quiet = quiet_until(self._bounds, self._now)
        if quiet:
            return [*(_held(d, say("Quiet hours until {quiet}.", quiet=quiet), waits=True) for d in free), *held]
        return [*self._spread(free), *held]

    # One prompt

    def _one(self, prompt: Prompt, about: About) -> Decided | None:
        if about.meets is not None:
            prompt = replace(prompt, meets=about.meets)
        answer, score = self._answers.get(prompt.key), self._score(prompt, about)
        if f"{prompt.rule}:{about.person.uid}:never" in self._answers or (answer is not None and answer.how == "done"):
            return None
        if answer is not None and answer.how == "later":
            why, back = self._put_off(answer, about)
            if why:
                return Decided(prompt=prompt.held_back(why), person=about.person, score=score, answer="later", snoozed=answer.until)
            turned = about.person.last_out
            if answer.awaits == "meeting" and prompt.rule not in SILENCES and (turned is None or answer.until is None or turned <= answer.until):
                prompt = replace(prompt, why_not="")  # that they met is no reason against it: it was put off until then
            prompt = _again(prompt, back)
        elif answer is None:
            prompt = _again(prompt, self._came(prompt, about))
        if prompt.why_not:
            return Decided(prompt=prompt, person=about.person, score=score)
        why = self._wished(prompt, about) or self._waits(prompt, about) or self._rests(prompt, about)
        if not why and about.wish is not None and about.wish.places:
            prompt = _again(prompt, self._there(prompt, about.wish))
        return Decided(prompt=prompt.held_back(why) if why else prompt, person=about.person, score=score)

    def _score(self, prompt: Prompt, about: About) -> float:
        """The rule's own weight (in which overdue ÷ wished is), how much the customer weighs, and how little effort it takes."""
        customer = (15.0 if about.key_company else 0.0) + _STEPS.get(about.step, 0.0) if about.key_company or about.step else 0.0
        return prompt.weight + customer - min(10.0, self._minutes.get(prompt.rule, 0) / 3)

    def _put_off(self, answer: Answered, about: About) -> tuple[str, str]:
        """(why it is still held back, why it is back): one of them is empty."""
        said = short_day(answer.at)
        if answer.awaits == "sign":
            last = about.person.last_in
            if last is None or last <= answer.at:
                return say("You put it off on {said} until something comes from {person}.", said=said, person=about.person.name), ""
            return "", say("You put it off on {said} until something came from them, and it did on {last}.", said=said, last=short_day(last))
        if answer.until is not None and answer.until > self._now:
            until = short_day(answer.until)
            if answer.awaits == "meeting":
                return say("You put it off until after your meeting, which ends on {until}.", until=until), ""
            return say("You put it off until {until}.", until=until), ""
        if answer.awaits == "meeting":
            return "", say("You put it off on {said} until after your meeting, which is over.", said=said)
        return "", say("You put it off on {said} until {until}.", said=said, until=short_day(answer.until)) if answer.until else ""

    def _came(self, prompt: Prompt, about: About) -> str:
        """Why it is back, of a prompt that is another since what was waited for came from them: words make a new one. "" if that is not so, or I turned to them since."""
        told, turned = self._last.get(beginning(prompt.key)), about.person.last_out
        if told is None or told.awaits != "sign" or prompt.rule in SILENCES or (turned is not None and turned > told.at):
            return ""
        return self._put_off(told, about)[1]

    def _wished(self, prompt: Prompt, about: About) -> str:
        """Why the person's own wish forbids it; "" if it does not. What is to be done without turning to them is bound by nothing but an
        opt-out."""
        name, wish, asks = about.person.name, about.wish, self._asks.get(prompt.rule, Asks.CONTACT)
        if about.opted_out or (wish is not None and wish.opted_out):
            return say("{asked} not to be contacted.", asked=_asked(name, wish))
        if wish is None or asks is Asks.SELF:
            return ""
        if wish.not_until is not None and self._now.astimezone().date() < wish.not_until:
            return say("{asked} not to be contacted before {not_until}.", asked=_asked(name, wish), not_until=short_day(wish.not_until))
        if asks in _BEGINS and (elsewhere := _elsewhere(prompt, wish)):
            return say("{asked} for {places} only, and this is in {elsewhere}.", asked=_asked(name, wish), places=_places(wish), elsewhere=elsewhere)
        if wish.every_days is not None and asks in _BEGINS and about.contact is not None:
            passed = days_between(self._now, about.contact)
            if passed < wish.every_days:
                return say(
                    "{asked} for contact every {every_days} days at most; the last was {passed} days ago.", asked=_asked(name, wish), every_days=wish.every_days, passed=passed
                )
        return ""

    def _there(self, prompt: Prompt, wish: Wish) -> str:
        """Where they want to be turned to, if that is not where the words came from anyway."""
        asks, key = self._asks.get(prompt.rule, Asks.CONTACT), prompt.evidence[0].activity if prompt.evidence else None
        if asks is Asks.ANSWER and _elsewhere(prompt, wish):
            return say("They asked for {places} only: answer there.", places=_places(wish))
        if asks in _BEGINS and (key is None or key.place not in wish.places):
            return say("They asked for {places} only: write there.", places=_places(wish))
        return ""

    def _waits(self, prompt: Prompt, about: About) -> str:
        since = about.waits_since
        if since is None or self._asks.get(prompt.rule, Asks.CONTACT) is not Asks.CONTACT:
            return ""
        if not 0 <= days_between(self._now, since) <= self._bounds.answer_days:
            return ""
        return say("{person} has your words of {since} and has not answered yet.", person=about.person.name, since=short_day(since))

    def _rests(self, prompt: Prompt, about: About) -> str:
        done = about.done_at
        if done is None or self._asks.get(prompt.rule, Asks.CONTACT) is not Asks.CONTACT:
            return ""
        if not timedelta(0) <= self._now - done < timedelta(days=self._bounds.rest_days):
            return ""
        return say("You already did something about {person} on {done}.", person=about.person.name, done=short_day(done))

    # Several

    def _answered_causes(self, prompt: Prompt, person: Person, decided: Decided | None) -> dict[tuple[str, object], str]:
        """The words of a prompt that the user called done or put off, or the silence that is put off, and why another prompt about them is held back.
        (What else said the same when a silence was called done was called done with it; a silence that then goes on can become worth a word again.)"""
        answer = self._answers.get(prompt.key)
        if decided is None and (answer is None or answer.how != "done"):
            return {}
        first = _bare(Decided(prompt=prompt, person=person))
        put_off = decided is not None
        why = say("You put off “{first}”, which says the same.", first=first) if put_off else say("You called “{first}” done, which says the same.", first=first)
        if put_off and prompt.rule in QUIET:
            return {("quiet", person.id): why}
        return {cause: why for cause in _causes(Decided(prompt=prompt, person=person)) if cause[0] == "words"}

    def _one_per_cause(self, ordered: Sequence[Decided], answered: Mapping[tuple[str, object], str]) -> list[Decided]:
        """A prompt whose newest words another shows already, or had when the user answered it, or that is a second silence, is held back; whoever
        waits for an answer has not gone quiet."""
        taken: dict[tuple[str, object], Decided] = {}
        result = []
        for decided in ordered:
            if decided.prompt.why_not:
                result.append(decided)
                continue
            causes = _causes(decided)
            over = answered.get(causes[0]) or (answered.get(("quiet", decided.person.id)) if decided.prompt.rule in QUIET else None)
            if over is not None:
                result.append(_held(decided, over))
                continue
            first = taken.get(causes[0])
            if first is not None:
                of = first.person.name if first.person.id != decided.person.id else ""
                why = say("Already said of {name}: “{first}”.", name=of, first=_bare(first)) if of else say("Already said by “{first}”.", first=_bare(first))
                said = _held(decided, why)
                result.append(replace(said, same_as=first.prompt.key))
                continue
            for cause in causes:
                taken[cause] = decided
            result.append(decided)
        waits = {d.person.id for d in result if d.prompt.rule == "awaiting_reply" and not d.prompt.why_not}
        return [
            _held(d, say("{person} waits for an answer from you, which comes first.", person=d.person.name))
            if d.prompt.rule in SILENCES and not d.prompt.why_not and d.person.id in waits else d
            for d in result
        ]  # fmt: skip

    def _spread(self, free: Sequence[Decided]) -> list[Decided]:
        """Everybody's first prompt before anybody's second, nobody's more than `per_person`, at most `cap` in all."""
        turns: dict[int, int] = {}
        rounds: list[list[Decided]] = [[] for _ in range(max(1, self._bounds.per_person))]
        rest = []
        for decided in free:
            turn = turns[decided.person.id] = turns.get(decided.person.id, 0) + 1
            if turn <= len(rounds):
                rounds[turn - 1].append(decided)
            else:
                rest.append(_held(decided, _enough(len(rounds), decided.person.name), waits=True))
        queue = [decided for one in rounds for decided in one]
        cap = self._bounds.cap
        why = counted(cap, "Only {n} prompt is shown at a time; this one comes next.", "Only {n} prompts are shown at a time; this one comes next.")
        return [*(_held(d, "", waits=True) for d in queue[:cap]), *(_held(d, why, waits=True, late=True) for d in queue[cap:]), *rest]


def quiet_until(bounds: Bounds, now: datetime) -> str:
    """ "08:00" while quiet hours last, else ""."""
    (start, end), local = bounds.quiet, now.astimezone()
    minute = local.hour * 60 + local.minute
    quiet = start <= minute < end if start < end else (minute >= start or minute < end) if start > end else False
    return f"{end // 60:02d}:{end % 60:02d}" if quiet else ""


_BEGINS = frozenset({Asks.CONTACT, Asks.GREETING})
"""What the user would begin: a person's wish for a place, or for some quiet, binds it. Words of mine that wait, and rest after something done,
hold back what could be nagging, and a greeting is none."""

_STEPS: dict[Step | None, float] = {Step.CONTACT: 2.0, Step.PROSPECT: 6.0, Step.CUSTOMER: 8.0, Step.ADVOCATE: 10.0}
SILENCES = frozenset({"gone_quiet", "champion_quiet", "rhythm_overdue", "reciprocity", "single_threaded", "first_post"})
"""Rules that rest on how long there was nothing: one of them is enough for one person."""
NOT_WRITTEN_TO = CARD_PLACES | {"crm", "calendar", "tripit", "meetup"}
"""Places that tell of people and in which nobody can be written to, so no wish for another place speaks against what they tell."""
QUIET = frozenset({"gone_quiet", "champion_quiet", "rhythm_overdue"})
"""Of these the ones that say that nothing came of late: what the user says to one is said to all that say so at that time."""


def _causes(decided: Decided) -> list[tuple[str, object]]:
    """What it rests on, the newest first: the silence of one person, or the words it shows; without either, itself."""
    if decided.prompt.rule in SILENCES:
        return [("silence", decided.person.id)]
    keys = [("words", piece.activity) for piece in decided.prompt.evidence if piece.activity is not None]
    return list(keys) if keys else [("prompt", decided.prompt.key)]


def _held(decided: Decided, why: str, *, waits: bool = False, late: bool = False) -> Decided:
    return Decided(
        prompt=decided.prompt.held_back(why) if why else decided.prompt, person=decided.person, score=decided.score, answer=decided.answer,
        snoozed=decided.snoozed, waits=waits or decided.waits, is_late=late,
    )  # fmt: skip


def beginning(key: str) -> str:
    """Rule and person of a prompt's key, without what it rests on."""
    return ":".join(key.split(":", 2)[:2])


def _again(prompt: Prompt, back: str) -> Prompt:
    """With a sentence more: why it is back, or where to answer."""
    if not back:
        return prompt
    return replace(prompt, because=f"{prompt.because} {back}")


def _elsewhere(prompt: Prompt, wish: Wish) -> str:
    """The place that a prompt comes from, if the person asked for others only; "" if that is no matter. A deal is not talked about in the CRM."""
    key = prompt.evidence[0].activity if prompt.evidence else None
    return place_name(key.place) if wish.places and key is not None and key.place not in (*wish.places, *NOT_WRITTEN_TO) else ""


def _places(wish: Wish) -> str:
    return listed([place_name(place) for place in wish.places])


def _asked(name: str, wish: Wish | None) -> str:
    """The beginning of what they asked for."""
    if wish is None or wish.said is None:
        return say("{name} asked", name=name)
    return say("{name} asked on {day}", name=name, day=short_day(wish.said))


def _bare(decided: Decided) -> str:
    return decided.prompt.title.removeprefix(f"{decided.person.name}: ")


def _enough(n: int, name: str) -> str:
    return counted(n, "One prompt about {name} is enough for one day.", "{n} prompts about {name} are enough for one day.", name=name)
