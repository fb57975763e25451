"""The command that adds somebody: step by step, and nobody is asked without a word. Answers are those of docs/cli.md."""

from __future__ import annotations

from functools import partial

import httpx
import jsonschema
import pytest

from relationdesk.services import adding
from tests.cli.conftest import Command
from tests.cli.test_documents import SCHEMAS
from tests.services.test_adding import Net


@pytest.fixture
def net(monkeypatch: pytest.MonkeyPatch) -> Net:
    made = Net()
    monkeypatch.setattr(adding, "look_up_all", partial(adding.look_up_all, door=made.door))
    monkeypatch.setattr(adding, "look_up", partial(adding.look_up, door=made.door))
    return made


def test_nobody_is_asked_without_a_word(empty: Command, net: Net) -> None:
    said = empty("add", "@joe@hotel.example", "--json")
    jsonschema.validate(said.json, SCHEMAS["add"])
    assert said.json["possible"][0]["asks"] == ["hotel.example"] and (said.json["found"], said.json["kept"]) == (None, None)
    assert "Asks hotel.example. \n" not in empty("add", "joe@hotel.example").out and net.asked == []
    assert empty("people", "--json").json == []


def test_shown_first_then_kept_with_what_was_named(empty: Command, net: Net) -> None:
    shown = empty("add", "@joe@hotel.example", "--ask", "--json")
    jsonschema.validate(shown.json, SCHEMAS["add"])
    assert shown.json["found"]["besides"]["followers"] == "1204" and shown.json["kept"] is None and set(net.asked) == {"hotel.example"}
    assert [offer["place"] for offer in shown.json["found"]["offers"]] == ["blog", "github", "blog"]
    kept = empty("add", "@joe@hotel.example", "--ask", "--keep", "--also", "github", "--json")
    jsonschema.validate(kept.json, SCHEMAS["add"])
    assert kept.json["kept"]["followed"] == ["Joe Brown", "J. Brown"] and kept.json["kept"]["waiting"] == 1
    assert [login["source"] for login in empty("logins", "--json").json] == ["github", "mastodon"]
    words = empty("add", "hotel.example/@joe", "--place", "mastodon").out
    assert "In the desk already: Joe Brown." in words


def test_a_link_of_a_closed_place_and_a_name(empty: Command, net: Net) -> None:
    assert empty("add", "Joe Brown", "--keep").out == "“Joe Brown” is nobody’s address. As the name of a person it is kept with --keep.\nAdded Joe Brown.\n"
    assert "Added LinkedIn to Joe Brown." in empty("add", "linkedin.com/in/joe", "--keep", "--to", "Joe Brown").out
    assert empty("add", "Prince", "--keep", "--name", "Prince").code == 0
    assert [person["name"] for person in empty("people", "--order", "name", "--json").json] == ["Joe Brown", "Prince"] and net.asked == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("joe@hotel.example", "--ask"), "could mean somebody in several places: mail, mastodon"),
        (("Joe Brown", "--ask"), "is nobody’s address"),
        (("@joe@hotel.example", "--also", "github"), "Nobody is asked without --ask"),
        (("x:joe", "--ask"), "Nobody was asked"),
        (("@joe@hotel.example", "--ask", "--also", "flickr"), "names no page in flickr"),
        (("Joe Brown", "--keep", "--to", "Joe"), "nobody called “Joe”"),
        (("@joe@localhost:3000", "--ask"), "private network"),
    ],
)
def test_what_can_not_be_done_is_said(empty: Command, net: Net, arguments: tuple[str, ...], told: str) -> None:
    said = empty("add", *arguments)
    assert said.code == 2 and told in said.err and said.out == "" and empty("people", "--json").json == []


def test_a_server_nobody_agreed_to_is_named_and_not_asked(empty: Command, net: Net) -> None:
    net.pages["https://hotel.example/api/v1/accounts/lookup"] = httpx.Response(302, headers={"location": "https://far.example/x"})
    said = empty("add", "@joe@hotel.example", "--ask")
    assert said.code == 2 and "--agree far.example" in said.err and "far.example" not in net.asked
    again = empty("add", "@joe@hotel.example", "--ask", "--agree", "far.example")
    assert again.code == 2 and "far.example" in net.asked
