"""An invented world of people in many places, with the truth about who is who: what the finder is measured on, and learns on.

The recipe, in the order of making (all shares are arguments of nature here, none was fitted to a result):
- People: names of 21 languages (pools.py); 2 % are namesakes of somebody, a tenth of them in the same firm; 3 % are couples of one family
  name, one mailbox and one telephone; a firm each, of 1 to 40 people; a third changed firms, and some places still tell the old one.
- Profiles: 4 to 6 places each out of twelve, likelier ones more often. Names are formal, short forms, "Family, Given", initials, given name
  only, a handle, transliterated by one of four systems, without marks, with middle name; 3 to 5 % of what is typed by hand has a slip.
- Handles: from the name or invented; the same one again in seven of ten places. Pages, bios, verified links, own domains, mail addresses
  that a place vouches for, switchboards instead of direct lines, role mailboxes on cards: as each place has them.
- Besides: 1 % of people are imitated (a look-alike name or a copied one, the bio copied, a link to the real page), and as many profiles
  are nobody's: robots, newsletters. Half as many people again are in one place only, as most of a book or a network are.

`python -m bench.matching.world SEED PEOPLE OUT.jsonl`; a line is a profile, "who" its human. Runs where requirements.txt is installed.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.matching import pools
from bench.matching.pools import Called

PLACES = {
    "contacts": 0.75, "linkedin": 0.85, "hubspot": 0.4, "mail": 0.85, "whatsapp": 0.35, "x": 0.4, "mastodon": 0.3, "bluesky": 0.25, "github": 0.3,
    "discourse": 0.2, "youtube": 0.12, "feed": 0.12,
}  # fmt: skip
"""Place → how likely somebody is there; cards and lists come first, as their files do."""
KNOWN = frozenset({"contacts", "linkedin", "hubspot", "whatsapp"})
_FREE = ("gmail.com", "outlook.com", "gmx.de", "yahoo.com", "icloud.com", "web.de", "proton.me", "mail.ru", "orange.fr", "libero.it")
_FIRM_WORDS = "Alder Finch Harbor Line Copper Tallow Pine North Star Blue Field Iron Gate Silver Lake Granite Meadow Orbit Quarry Ridge Salt Timber Vale Willow Zephyr Amber Birch Cedar Delta Ember Fjord Gale Heron".split()
_FIRM_ENDS = "Hotels Foods Grid Hospitals Systems Logistics Partners Energy Bank Media Labs Works GmbH Ltd Group AB".split()
_ROLES = "Buyer|Head of Energy|Sales Manager|Engineer|Head of Sales|Consultant|CTO|CEO|Product Manager|Designer|Analyst|Project Manager|Developer|Editor|Account Executive|Director|Nurse|Architect".split("|")
_LIKES = "coffee cycling chess sailing jazz gardening bread climbing trains birds typography running pottery football maps cats dogs photography cinema knitting astronomy beer opera hiking data rust python".split()
_CITIES = "Berlin London Paris Oslo Madrid Lisbon Milan Vienna Prague Athens Boston Austin Toronto Bristol Lyon Porto Hamburg Malmö Utrecht Seoul Tokyo Pune Kyiv Leeds".split()
_SYLLABLES = "ba co da fen gor hi jax ka lu mo nar ox pel qui rin so tar um vex wo xi yo zan bri cla dro fli gra kro pli ska sto tri wil".split()
_THINGS = "fox nerd otter wizard tiger pilot baker gopher raven monk panda sailor moth badger coder heron turtle ghost rider poet".split()


@dataclass(slots=True)
class Human:
    """One person of the world, with everything that profiles may tell of them."""

    number: int
    called: Called
    firm: str
    old_firm: str
    role: str
    domain: str
    own_domain: str
    private: str
    work: str
    old_work: str
    phone: str
    handle: str
    bio: str
    pages: dict[str, str] = field(default_factory=dict)
    shares: list[int] = field(default_factory=list)  # those who have the same private mailbox


class World:
    """Makes it, from a seed."""

    def __init__(self, seed: int, people: int) -> None:
        self.rng, self.many = random.Random(f"relationdesk world {seed}"), people
        self.firms = [self._firm() for _ in range(max(2, people // 9))]
        self.switchboards = {firm: self._number() for firm in self.firms}
        self.humans: list[Human] = []
        self.taken: set[str] = set()
        self.boxes: set[str] = set()
        for number in range(people + people // 2):
            self.humans.append(self._human(number))
        self.next = len(self.humans)

    def profiles(self) -> list[dict[str, Any]]:
        """All of them, place by place in the order of PLACES, shuffled within a place; each with "who"."""
        rng, found = self.rng, []
        for human in self.humans:
            wanted = [place for place, likely in PLACES.items() if rng.random() < likely]
            number = rng.choice((4, 5, 5, 6)) if human.number < self.many else 1
            while len(wanted) < number:
                wanted = list(dict.fromkeys([*wanted, rng.choices(list(PLACES), list(PLACES.values()))[0]]))
            wanted = rng.sample(wanted, number)
            for place in wanted:
                human.pages[place] = self._page(human, place)
            found += [self._profile(human, place) for place in wanted]
        found += [fake for human in self.humans if rng.random() < 0.01 if (fake := self._impostor(human)) is not None]
        found += [self._stranger() for _ in range(self.many // 100)]
        rng.shuffle(found)
        return sorted(found, key=lambda one: list(PLACES).index(one["place"]))

    # People

    def _human(self, number: int) -> Human:
        rng = self.rng
        called, firm = pools.name(rng), rng.choice(self.firms)
        luck = rng.random()
        partner: Human | None = None
        if luck < 0.02 and self.humans:
            other = rng.choice(self.humans)
            called, firm = other.called, other.firm if rng.random() < 0.1 else firm
        elif luck < 0.05 and self.humans:
            partner = rng.choice(self.humans)
            fresh = pools.name(rng)
            while fresh.culture != partner.called.culture:
                fresh = pools.name(rng)
            called = Called(fresh.given, partner.called.family, fresh.latin_given, partner.called.latin_family, fresh.culture)
        old = rng.choice(self.firms) if rng.random() < 0.33 else firm
        words = self._ascii(called)
        local = rng.choice((".".join((words[0], words[-1])), words[0][0] + words[-1], "_".join((words[0], words[-1])), words[-1] + words[0][0]))
        private = self._free(local + rng.choice(("", "", str(rng.randrange(10, 99)))), rng.choice(_FREE))
        phone = self._number()
        shares: list[int] = []
        if partner is not None:
            phone = partner.phone
            if rng.random() < 0.7:
                private, shares = partner.private, [partner.number, *partner.shares]
                for other in (partner, *(self.humans[n] for n in partner.shares)):
                    other.shares.append(number)
        role, domain = rng.choice(_ROLES), self._domain(firm)
        return Human(
            number=number, called=called, firm=firm, old_firm=old, role=role, domain=domain,
            own_domain=f"{words[0]}{words[-1]}.example" if rng.random() < 0.2 else "", private=private,
            work=self._free(".".join((words[0], words[-1])), domain), old_work=self._free(".".join((words[0], words[-1])), self._domain(old)),
            phone=phone if rng.random() < 0.85 else self.switchboards[firm], handle=self._handle(words), bio=self._bio(role, firm), shares=shares,
        )  # fmt: skip

    def _ascii(self, called: Called) -> list[str]:
        words = f"{called.latin_given} {called.latin_family}".replace("-", " ").replace("'", "").replace("’", "").split()
        found = ["".join(c for c in pools.plain(word, self.rng).lower() if c.isascii() and c.isalpha()) for word in words]
        return [word for word in found if word] or ["x", "y"]

    def _free(self, local: str, host: str) -> str:
        address, n = f"{local}@{host}", 2
        while address in self.taken:
            address, n = f"{local}{n}@{host}", n + 1
        self.taken.add(address)
        return address

    def _firm(self) -> str:
        rng = self.rng
        return f"{rng.choice(_FIRM_WORDS)} {rng.choice(('& ', ''))}{rng.choice(_FIRM_WORDS)} {rng.choice(_FIRM_ENDS)}"

    def _domain(self, firm: str) -> str:
        return "".join(c for c in firm.lower() if c.isalpha()).removesuffix("gmbh").removesuffix("ltd") + ".example"

    def _number(self) -> str:
        return f"+{self.rng.choice((44, 49, 33, 1, 46))} {self.rng.randrange(10**8, 10**9)}"

    def _handle(self, words: list[str]) -> str:
        rng = self.rng
        given, family = words[0], words[-1]
        if rng.random() < 0.55:
            end = rng.choice(("", "", str(rng.randrange(1, 99)), str(rng.randrange(1960, 2005))))
            return rng.choice((given + family, f"{given}_{family}", f"{given}.{family}", given[0] + family, given + family[0], family + given, given)) + end
        word = "".join(rng.choices(_SYLLABLES, k=rng.choice((1, 2, 2, 3))))
        return word + rng.choice(("", "_", "-")) + rng.choice(("", rng.choice(_THINGS))) + rng.choice(("", "", str(rng.randrange(1, 999))))

    def _bio(self, role: str, firm: str) -> str:
        rng = self.rng
        likes = ", ".join(rng.sample(_LIKES, 3))
        return rng.choice((f"{role} at {firm}. {likes.capitalize()}. {rng.choice(_CITIES)}.", f"{likes.capitalize()} and {rng.choice(_LIKES)} in {rng.choice(_CITIES)}.", f"{role}, {rng.choice(_CITIES)}. Views are mine. {likes.capitalize()}."))

    # Profiles

    def _page(self, human: Human, place: str) -> str:
        page = self._address_of_page(human, place)
        if page and page in self.taken:  # somebody has that handle there
            page += str(human.number)
        self.taken.add(page)
        return page

    def _address_of_page(self, human: Human, place: str) -> str:
        rng, handle = self.rng, human.handle
        if rng.random() < 0.3:
            handle = self._handle(self._ascii(human.called))
        slug = f"{handle.replace('.', '-').replace('_', '-')}-{human.number:x}"
        return {
            "linkedin": f"https://www.linkedin.com/in/{slug}", "x": f"https://x.com/{handle.replace('.', '_').replace('-', '_')}",
            "mastodon": f"https://{rng.choice(('hotel', 'social', 'town', 'fedi'))}.example/@{handle.replace('.', '_').replace('-', '_')}", "github": f"https://github.com/{handle.replace('_', '-').replace('.', '-')}",
            "bluesky": f"https://bsky.app/profile/{human.own_domain or handle.replace('_', '-').replace('.', '-') + '.bsky.social'}",
            "youtube": f"https://www.youtube.com/@{handle}", "discourse": f"https://forum.example/u/{handle}", "feed": f"https://{human.own_domain or slug + '.blog.example'}",
        }.get(place, "")  # fmt: skip

    def _profile(self, human: Human, place: str) -> dict[str, Any]:
        rng, page = self.rng, human.pages[place]
        one: dict[str, Any] = {
            "who": human.number, "place": place, "native_id": page or f"{place}-{human.number}", "handle": "", "display_name": "", "url": page, "bio": "",
            "title": "", "company": "", "addresses": [], "known": place in KNOWN or rng.random() < 0.15,
        }  # fmt: skip
        getattr(self, f"_{place}", self._network)(human, one)
        return one

    def _linkedin(self, human: Human, one: dict[str, Any]) -> None:
        one |= {"display_name": self._name(human, "formal"), "company": human.firm, "title": human.role}
        if self.rng.random() < 0.25:
            one["addresses"].append(["mail", self.rng.choice((human.private, human.work)), True])

    def _contacts(self, human: Human, one: dict[str, Any]) -> None:
        rng = self.rng
        one |= {"display_name": self._slip(self._name(human, rng.choice(("full", "full", "short", "turned", "short"))), 0.04), "company": human.firm if rng.random() < 0.5 else ""}
        for likely, kind, value in ((0.4, "mail", human.private), (0.5, "mail", human.work), (0.6, "phone", human.phone), (0.03, "mail", f"info@{human.domain}")):
            if rng.random() < likely:
                one["addresses"].append([kind, value, False])
        if rng.random() < 0.08 and (pages := [page for page in human.pages.values() if page]):
            one["addresses"].append(["web", rng.choice(pages), False])

    def _hubspot(self, human: Human, one: dict[str, Any]) -> None:
        rng, old = self.rng, self.rng.random() < 0.6
        one |= {"display_name": self._slip(self._name(human, "full"), 0.05), "company": human.old_firm if old else human.firm, "title": human.role if rng.random() < 0.5 else ""}
        one["addresses"].append(["mail", human.old_work if old else human.work, False])
        if rng.random() < 0.5:
            one["addresses"].append(["phone", human.phone, False])

    def _mail(self, human: Human, one: dict[str, Any]) -> None:
        rng = self.rng
        address = rng.choice((human.private, human.work, human.work))
        if address in self.boxes:  # a shared mailbox is in the place of mail once
            address = human.work
        self.boxes.add(address)
        said = rng.choices(("full", "turned", "short", "none"), (60, 15, 10, 15))[0]
        if address == human.private:
            one["also"] = human.shares
        one |= {"native_id": address, "handle": address, "display_name": "" if said == "none" else self._name(human, said)}
        one["addresses"].append(["mail", address, True])

    def _whatsapp(self, human: Human, one: dict[str, Any]) -> None:
        one |= {"display_name": self._slip(self._name(human, self.rng.choice(("short", "full", "given", "full"))), 0.03)}
        one["addresses"].append(["phone", human.phone, True])

    def _network(self, human: Human, one: dict[str, Any]) -> None:
        rng, place = self.rng, one["place"]
        said = rng.choices(("full", "short", "given", "handle", "initial", "none"), (48, 15, 10, 12, 7, 8))[0]
        handle = one["url"].rpartition("/")[2].lstrip("@") if place != "feed" else ""
        one["handle"] = f"@{handle}@{one['url'].split('/')[2]}" if place == "mastodon" else handle
        one["display_name"] = handle if said == "handle" else "" if said == "none" else self._name(human, said)
        if place != "youtube" and rng.random() < 0.6:
            one["bio"] = human.bio if rng.random() < 0.5 else self._bio(human.role, human.firm)
        others = [page for where, page in human.pages.items() if page and where != place]
        if others and rng.random() < 0.3:
            linked = rng.choice(others)
            if place in ("mastodon", "bluesky") and linked.count("/") == 2 and rng.random() < 0.6:
                one["addresses"].append(["web", linked, True])
            elif rng.random() < 0.6:
                one["addresses"].append(["web", linked, place == "mastodon" and rng.random() < 0.3])
            else:
                one["bio"] = f"{one['bio']} {linked.removeprefix('https://')}".strip()
        if place == "bluesky" and human.own_domain:
            one["addresses"].append(["web", f"https://{human.own_domain}", True])
        if place == "github":
            one["company"] = human.firm if rng.random() < 0.3 else ""
            if rng.random() < 0.2:
                one["addresses"].append(["mail", human.private, False])
        if human.own_domain and rng.random() < 0.3:
            one["addresses"].append(["web", f"https://{human.own_domain}", False])
        elif rng.random() < 0.05:
            one["addresses"].append(["web", f"https://{human.domain}", False])

    # Names

    def _name(self, human: Human, how: str) -> str:
        rng, called = self.rng, human.called
        native = called.given != called.latin_given or called.family != called.latin_family
        script = native and rng.random() < 0.4
        given, family = (called.given, called.family) if script else (called.latin_given, called.latin_family)
        if how in ("short", "given") and (short := pools.nickname(called.given, called.culture, rng)) and rng.random() < 0.8:
            given = short if script or short.isascii() else pools.in_latin(short, called.culture, rng.choice(list(pools.CYRILLIC)))
        elif native and not script and rng.random() < 0.4:  # another passport, another spelling
            scheme = rng.choice(list(pools.CYRILLIC))
            given, family = pools.in_latin(called.given, called.culture, scheme), pools.in_latin(called.family, called.culture, scheme)
            given, family = (given, family) if given.isascii() else (called.latin_given, called.latin_family)
        if " " in family and rng.random() < 0.4:
            family = family.split()[0]
        if rng.random() < 0.25:
            given, family = pools.plain(given, rng), pools.plain(family, rng)
        eastern = called.culture in ("zh", "ko_KR", "ja_JP", "hu_HU")
        if script and called.culture in ("ko_KR", "ja_JP") and how != "given":
            return f"{family}{given}" if rng.random() < 0.7 else f"{family} {given}"
        match how:
            case "given":
                return given
            case "initial":
                return f"{given[0]}. {family}" if rng.random() < 0.6 else f"{given} {family[0]}."
            case "turned":
                return f"{family}, {given}"
            case "formal" if called.middle and rng.random() < 0.5:
                return f"{given} {called.middle if rng.random() < 0.5 else called.middle[0] + '.'} {family}"
        return f"{family} {given}" if eastern and rng.random() < 0.5 else f"{given} {family}"

    def _slip(self, name: str, likely: float) -> str:
        """One letter left out, doubled, changed or swapped with the next."""
        rng = self.rng
        if rng.random() >= likely or len(name) < 4:
            return name
        at = rng.randrange(1, len(name) - 1)
        return rng.choice((name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:], name[:at] + rng.choice("aeiorstn") + name[at + 1 :], name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]))

    # Others

    def _impostor(self, human: Human) -> dict[str, Any] | None:
        rng, self.next = self.rng, self.next + 1
        name = f"{human.called.latin_given} {human.called.latin_family}"
        look = name
        if rng.random() < 0.6:
            for latin, cyrillic in (("o", "о"), ("a", "а"), ("e", "е"), ("c", "с"), ("p", "р")):
                if latin in look:
                    look = look.replace(latin, cyrillic, 1)
                    break
        if look == name and not name.isascii():
            return None
        handle = human.handle.replace("o", "0", 1) if rng.random() < 0.5 else f"{human.handle}_{rng.choice(('official', 'real', '1'))}"
        place = rng.choice(("x", "mastodon", "youtube"))
        page = f"https://{place}.example/@{handle}{self.next}"
        claims = [["web", rng.choice(pages), False]] if (pages := [p for p in human.pages.values() if p]) and rng.random() < 0.3 else []
        return {
            "who": self.next, "place": place, "native_id": page, "handle": handle, "display_name": look, "url": page, "bio": human.bio, "title": "", "company": "",
            "addresses": claims, "known": False,
        }  # fmt: skip

    def _stranger(self) -> dict[str, Any]:
        rng, self.next = self.rng, self.next + 1
        firm = rng.choice(self.firms)
        address = f"{rng.choice(('news', 'info', 'noreply', 'billing', 'events'))}{self.next}@{self._domain(firm)}"
        return {
            "who": self.next, "place": "mail", "native_id": address, "handle": address, "display_name": rng.choice((firm, f"{firm} Newsletter", "")), "url": "", "bio": "", "title": "",
            "company": "", "addresses": [["mail", address, True]], "known": False,
        }  # fmt: skip


def lines(seed: int, people: int) -> Iterator[str]:
    """The world as JSON lines."""
    for one in World(seed, people).profiles():
        yield json.dumps(one, ensure_ascii=False)


if __name__ == "__main__":
    out = Path(sys.argv[3])
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("\n".join(lines(int(sys.argv[1]), int(sys.argv[2]))) + "\n", encoding="utf-8")
