"""Signing in to GitHub by a code: asked for, waited for no faster than GitHub wants, refused, run out, and worth a login."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from relationdesk.errors import RelationDeskError, UnexpectedAnswer, UserMistake
from relationdesk.services import device_sign_in, key_store
from relationdesk.services.device_sign_in import DeviceSignIn
from relationdesk.sources.base import DeviceCode
from relationdesk.sources.door import Door
from relationdesk.store import logins
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW

CLIENT = "Ov23liAbCdEfGhIjKlMn"
BEGUN = {"device_code": "d3v1ce", "user_code": "WDJB-MJHT", "verification_uri": "https://github.com/login/device", "expires_in": 900, "interval": 5}


class GitHub:
    """Its page for codes. says: what it answers, one after the other, the last for ever."""

    def __init__(self, *says: Any, begun: Any = BEGUN) -> None:
        self.says, self.begun = list(says), begun
        self.sent: list[tuple[str, dict[str, str]]] = []

    def door(self, *_: object) -> Door:
        return Door(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "api.github.com":
            assert request.headers["authorization"] == "Bearer gho_key"
            return httpx.Response(200, json={"id": 7, "login": "sam", "type": "User"})
        self.sent.append((request.url.path, dict(parse_qsl(request.content.decode()))))
        said = self.begun if request.url.path == "/login/device/code" else self.says.pop(0) if len(self.says) > 1 else self.says[0]
        return said if isinstance(said, httpx.Response) else httpx.Response(200, json=said)


@pytest.fixture
def db() -> Desk:
    return open_memory()


def begin(db: Desk, place: GitHub, **more: Any) -> DeviceSignIn:
    return device_sign_in.begin(db, "github", "github.com", CLIENT, door=place.door, **more)


@pytest.mark.parametrize(
    ("key", "is_so"),
    [(CLIENT, True), ("Iv1.8a61f9b3a7aba766", True), ("Iv23liAbCdEfGhIjKlMn", True), ("1b2c3d4e5f60718293a4", True), ("ghp_" + "a" * 36, False), ("github_pat_" + "a" * 60, False), ("a" * 40, False), ("", False)],
)
def test_a_client_id_is_told_from_a_key(key: str, is_so: bool) -> None:
    assert device_sign_in.signs_in_so("github", "github.com", key) is is_so and not device_sign_in.signs_in_so("mastodon", "hotel.example", key)


def test_the_code_is_waited_for_no_faster_than_github_wants_and_becomes_a_login(db: Desk) -> None:
    place = GitHub({"error": "authorization_pending"}, {"error": "slow_down", "interval": 10}, {"error": "slow_down"}, {"access_token": "gho_key", "token_type": "bearer", "scope": "notifications"})
    under_way = begin(db, place)
    assert (under_way.code.shown, under_way.code.page, under_way.every_s) == ("WDJB-MJHT", "https://github.com/login/device", 5)
    assert place.sent == [("/login/device/code", {"client_id": CLIENT, "scope": "notifications"})] and "d3v1ce" not in repr(under_way.code)
    waits = []
    while not device_sign_in.look(db, under_way, door=place.door):
        waits.append(under_way.every_s)
    assert waits == [5, 10, 15]
    assert place.sent[-1] == ("/login/oauth/access_token", {"client_id": CLIENT, "device_code": "d3v1ce", "grant_type": "urn:ietf:params:oauth:grant-type:device_code"})
    login, _ = device_sign_in.finish(db, under_way, lambda: NOW, until_quit=True, door=place.door)
    assert (login.user_name, login.has_token, key_store.secret(login.secret_name)) == ("sam", True, "gho_key")
    key_store._until_quit.clear()


def test_a_key_that_may_also_write_is_asked_for_only_if_wanted(db: Desk) -> None:
    place = GitHub({})
    begin(db, place, writes=True)
    assert place.sent[0][1]["scope"] == "notifications public_repo"


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ({"error": "access_denied"}, "refused on GitHub’s page"), ({"error": "expired_token"}, "not typed in time"), ({"error": "incorrect_device_code"}, "knows no app"),
        ({"error": "device_flow_disabled"}, "Enable Device Flow"), ({"access_token": "ghu_x", "expires_in": 28_800, "refresh_token": "ghr_x"}, "keys end after some hours"),
        ({}, "something else"), ([], "something else"), (httpx.Response(200, text="<html>"), "with a web page instead of data"), (httpx.Response(503), "problem of its own"),
    ],
)  # fmt: skip
def test_what_goes_wrong_says_what_to_do_and_adds_nothing(db: Desk, says: Any, words: str) -> None:
    place = GitHub(says)
    under_way = begin(db, place)
    with pytest.raises(RelationDeskError, match=words) as told:
        device_sign_in.look(db, under_way, door=place.door)
    assert "nothing" in str(told.value).lower() and not under_way.worth and logins.every(db) == ()


@pytest.mark.parametrize(
    "begun",
    [{**BEGUN, "verification_uri": "https://github.com.evil.example/login/device"}, {**BEGUN, "verification_uri": "http://github.com/login/device"}, {**BEGUN, "user_code": "<b>code</b>"}, {**BEGUN, "device_code": ""}, {}],
)
def test_a_page_elsewhere_and_what_is_no_code_is_not_shown(db: Desk, begun: Any) -> None:
    with pytest.raises(UnexpectedAnswer, match="Nothing was added"):
        begin(db, GitHub({}, begun=begun))


@pytest.mark.parametrize("begun", [httpx.Response(404, json={"error": "Not Found"}), httpx.Response(404, text="no"), {"error": "device_flow_disabled"}, httpx.Response(401, json={"message": "Bad"})])
def test_an_app_that_github_does_not_know_is_told(db: Desk, begun: Any) -> None:
    with pytest.raises(UserMistake, match="Nothing was added"):
        begin(db, GitHub({}, begun=begun))


def test_the_code_holds_as_long_as_github_says_by_a_clock_that_cannot_be_put_back(db: Desk) -> None:
    now = [100.0]
    place = GitHub({"error": "authorization_pending"})
    under_way = begin(db, place, monotonic=lambda: now[0])
    assert device_sign_in.look(db, under_way, door=place.door) is False
    asked = len(place.sent)
    now[0] += 901
    with pytest.raises(UserMistake, match="not typed in time"):
        device_sign_in.look(db, under_way, door=place.door)
    assert len(place.sent) == asked


def test_numbers_out_of_reason_are_kept_within_it(db: Desk) -> None:
    under_way = begin(db, GitHub({}, begun={**BEGUN, "interval": 0, "expires_in": 999_999}))
    assert (under_way.every_s, under_way.code.ends_s) == (1, 1_800)
    assert begin(db, GitHub({}, begun={**BEGUN, "interval": "soon"})).every_s == 5


def test_a_limit_of_questions_is_no_end_but_slower(db: Desk) -> None:
    place = GitHub(httpx.Response(429))
    under_way = begin(db, place)
    assert device_sign_in.look(db, under_way, door=place.door) is False and under_way.every_s == 10


def test_a_firm_s_own_server_has_its_own_page(db: Desk) -> None:
    sent: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(str(request.url))
        return httpx.Response(200, json={**BEGUN, "verification_uri": "https://code.hotel.example/login/device"})

    made = device_sign_in.begin(db, "github", "code.hotel.example", CLIENT, door=lambda *_: Door(transport=httpx.MockTransport(answer)))
    assert sent == ["https://code.hotel.example/login/device/code"] and made.code == DeviceCode(
        shown="WDJB-MJHT", page="https://code.hotel.example/login/device", device="d3v1ce", every_s=5, ends_s=900
    )
