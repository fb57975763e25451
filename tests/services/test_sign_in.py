"""Signing in by the browser, from the page that is opened to the login that can be read; with Salesforce, and with Mastodon's servers,
which let in whatever program says who it is."""

from __future__ import annotations

import base64
import hashlib
import http.client
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest

from relationdesk.errors import KeyringUnavailable, LoginRejected, SourceUnavailable, UnexpectedAnswer, UserMistake
from relationdesk.outgoing import Deed
from relationdesk.services import key_store, logins, sign_in
from relationdesk.services.sign_in import SignIn
from relationdesk.services.sync import source_for
from relationdesk.sources.base import Picky, Sends, WayBack
from relationdesk.sources.door import Door
from relationdesk.sources.door_callback import Callback
from relationdesk.sources.mastodon import Mastodon
from relationdesk.sources.salesforce import Salesforce
from relationdesk.store import logins as stored
from relationdesk.store.database import Desk, open_memory
from tests.org import HOST, Org

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
KEY = "3MVG9" + "a" * 40


@pytest.fixture(autouse=True)
def any_port(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(Salesforce, "way_back", WayBack(path="/OauthRedirect", host="localhost"))
    yield
    key_store._until_quit.clear()


class Page:
    """The place's own sign-in page and token server; then the org itself."""

    def __init__(self) -> None:
        self.org = Org()
        self.codes: dict[str, dict[str, str]] = {}
        self.gives: dict[str, Any] = {}
        self.sent: list[dict[str, str]] = []

    def sign_in(self, url: str) -> str:
        """What somebody does in the browser: the address to which it goes back."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert query["response_type"] == "code" and query["code_challenge_method"] == "S256" and set(query["scope"].split()) == {"api", "refresh_token"}
        self.codes["one-time"] = query
        return f"{query['redirect_uri']}?code=one-time&state={query['state']}"

    def door(self, private: frozenset[str], stop: object) -> Door:
        return Door(transport=httpx.MockTransport(self._answer), clock=lambda: NOW)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        words = dict(parse_qsl(request.content.decode())) if request.method == "POST" else {}
        if words.get("grant_type") != "authorization_code":
            return self.org._answer(request)
        self.sent.append(words)
        asked = self.codes.pop(words["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(words["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != words["redirect_uri"] or asked["client_id"] != words["client_id"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        self.org.rights = ["5Aep-new"]
        return httpx.Response(200, json={"access_token": "00D!pass", "refresh_token": "5Aep-new", "instance_url": f"https://{HOST}"} | self.gives)


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    made = Page()
    answer = made.org._answer

    def with_any_client(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/services/oauth2/token":
            body = request.content.replace(KEY.encode(), b"3MVG9.app")
            request = httpx.Request("POST", request.url, headers=request.headers, content=body)
        return answer(request)

    monkeypatch.setattr(made.org, "_answer", with_any_client)
    return made


@pytest.fixture
def db() -> Desk:
    return open_memory()


def come_back(under_way: SignIn, address: str) -> str:
    parts = urlsplit(address)
    wire = http.client.HTTPConnection("127.0.0.1", parts.port or 0, timeout=5)
    wire.request("GET", f"{parts.path}?{parts.query}", headers={"Host": parts.netloc})
    for _ in range(50):
        if code := under_way.look():
            assert wire.getresponse().status == 200
            wire.close()
            under_way.close()
            return code
        under_way.wait(0.1)
    raise AssertionError("nothing came back")


def begun(key: str = KEY, address: str = HOST) -> SignIn:
    under_way = sign_in.begin("salesforce", address, key)
    assert under_way is not None
    return under_way


def test_from_the_page_to_the_login(page: Page, db: Desk) -> None:
    under_way = begun()
    assert under_way.url.startswith(f"https://{HOST}/services/oauth2/authorize?")
    login, _ = sign_in.finish(db, under_way, come_back(under_way, page.sign_in(under_way.url)), lambda: NOW, until_quit=True, door=page.door)
    assert (login.source, login.address, login.user_name, login.has_token) == ("salesforce", f"https://{HOST}", "sam@carter.example", True)
    assert key_store.secret(login.secret_name) == f"force://{KEY}::5Aep-new@{HOST}"
    assert page.sent[0]["code_verifier"] not in under_way.url and "5Aep" not in "\n".join(db.iterdump())


def test_each_sign_in_has_secrets_of_its_own() -> None:
    one, other = begun(), begun()
    first, second = (parse_qs(urlsplit(each.url).query) for each in (one, other))
    assert first["state"] != second["state"] and first["code_challenge"] != second["code_challenge"] and one.callback.address != other.callback.address
    one.close()
    other.close()


def test_a_code_that_somebody_else_got_is_worth_nothing(page: Page, db: Desk) -> None:
    mine, other = begun(), begun()
    page.sign_in(other.url)
    with pytest.raises(LoginRejected, match="did not take the sign-in"):
        sign_in.finish(db, mine, "one-time", lambda: NOW, door=page.door)
    assert db.execute("SELECT count(*) FROM logins").fetchone() == (0,)
    mine.close()
    other.close()


@pytest.mark.parametrize(
    ("gives", "error", "words"),
    [
        ({"refresh_token": ""}, UserMistake, "for some hours only"),
        ({"instance_url": "https://evil.example"}, UnexpectedAnswer, "does not answer as Salesforce"),
        ({"instance_url": ""}, UnexpectedAnswer, "does not answer as Salesforce"),
    ],
)
def test_what_gives_no_right_that_lasts_is_not_connected(page: Page, db: Desk, gives: dict[str, Any], error: type[Exception], words: str) -> None:
    page.gives = gives
    under_way = begun()
    with pytest.raises(error, match=words):
        sign_in.finish(db, under_way, come_back(under_way, page.sign_in(under_way.url)), lambda: NOW, door=page.door)
    assert db.execute("SELECT count(*) FROM logins").fetchone() == (0,)


def test_a_key_store_that_is_silent_does_not_cost_another_sign_in(page: Page, db: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object) -> None:
        raise KeyringUnavailable("no password store")

    monkeypatch.setattr(key_store, "keep", silent)
    under_way = begun()
    code = come_back(under_way, page.sign_in(under_way.url))
    with pytest.raises(KeyringUnavailable):
        sign_in.finish(db, under_way, code, lambda: NOW, door=page.door)
    login, _ = sign_in.finish(db, under_way, code, lambda: NOW, until_quit=True, door=page.door)
    assert login.has_token and len(page.sent) == 1
    assert under_way.is_of("salesforce", HOST, KEY) and not under_way.is_of("salesforce", HOST, "other")


@pytest.mark.parametrize(("source", "key"), [("salesforce", f"force://a::b@{HOST}"), ("salesforce", ""), ("hubspot", KEY), ("feed", "")])
def test_what_lets_in_by_itself_opens_no_page(source: str, key: str) -> None:
    assert sign_in.begin(source, HOST, key) is None


def test_an_address_that_is_none_is_told_before_anything_is_opened() -> None:
    with pytest.raises(UserMistake, match="not the address of a Salesforce"):
        sign_in.begin("salesforce", "carter.example", KEY)


def test_the_address_that_an_administrator_registers_never_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert Salesforce.way_back == WayBack(port=1717, path="/OauthRedirect", host="localhost")
    assert logins.way_in("salesforce") is not None


# Servers that let in whatever program says who it is

TOWN = "town.example"
ANN = {"id": "7", "username": "ann", "acct": "ann", "url": f"https://{TOWN}/@ann", "uri": f"https://{TOWN}/users/ann"}


class Town:
    """A server with Mastodon's client API, as far as one signs in there. apps: client → (secret, way back, rights)."""

    def __init__(self) -> None:
        self.apps: dict[str, tuple[str, str, str]] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.refuses: dict[str, httpx.Response] = {}

    def allow(self, url: str) -> str:
        """What somebody does in the browser: the address to which it goes back."""
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
        _, back, rights = self.apps[query["client_id"]]
        assert (parts.scheme, parts.netloc, parts.path) == ("https", TOWN, "/oauth/authorize") and query["redirect_uri"] == back and query["scope"] == rights
        self.codes["once"] = query
        return f"{back}?code=once&state={query['state']}"

    def door(self, private: frozenset[str], stop: object) -> Door:
        return Door(transport=httpx.MockTransport(self._answer), clock=lambda: NOW)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path, words = request.url.path, dict(parse_qsl(request.content.decode()))
        if path in self.refuses:
            return self.refuses[path]
        if path == "/api/v1/apps":
            client = f"client{len(self.apps)}"
            self.apps[client] = (f"s3cret/{client}", words["redirect_uris"], words["scopes"])
            return httpx.Response(200, json={"client_id": client, "client_secret": f"s3cret/{client}", "name": words["client_name"]})
        if path == "/oauth/token":
            asked = self.codes.pop(words["code"], {})
            challenge = base64.urlsafe_b64encode(hashlib.sha256(words["code_verifier"].encode()).digest()).rstrip(b"=").decode()
            fits = asked.get("code_challenge") == challenge and self.apps[words["client_id"]] == (words["client_secret"], words["redirect_uri"], words["scope"])
            return httpx.Response(200, json={"access_token": "t0ken", "token_type": "Bearer", "scope": words["scope"]}) if fits else httpx.Response(400, json={"error": "invalid_grant"})
        assert path == "/api/v1/accounts/verify_credentials" and request.headers["authorization"] in ("Bearer t0ken", "Bearer pasted")
        return httpx.Response(200, json=ANN)


def town_begun(town: Town, db: Desk, **more: bool) -> SignIn:
    return sign_in.begin_registered(db, "mastodon", TOWN, door=town.door, **more)


@pytest.mark.parametrize("writes", [False, True])
def test_on_a_server_of_mastodon_nothing_is_made_or_pasted(db: Desk, writes: bool) -> None:
    town = Town()
    under_way = town_begun(town, db, writes=writes)
    ((secret, back, rights),) = town.apps.values()
    assert back == under_way.callback.address and ("write:statuses" in rights) is writes and "read:notifications" in rights and "read" not in rights.split()
    login, _ = sign_in.finish(db, under_way, come_back(under_way, town.allow(under_way.url)), lambda: NOW, until_quit=True, door=town.door)
    assert (login.source, login.address, login.user_name, login.has_token) == ("mastodon", f"https://{TOWN}", "ann", True)
    assert key_store.secret(login.secret_name) == "t0ken" and secret not in under_way.url
    assert not {"t0ken", secret} & set("\n".join(db.iterdump()).split("'")) and under_way.is_of("mastodon", TOWN, "")


ALL = {Deed.REPLY, Deed.LIKE, Deed.BOOST, Deed.MESSAGE}


@pytest.mark.parametrize(
    ("scope", "writes", "may", "words"),
    [
        ("read write:statuses write:favourites", True, ALL, ""),
        ("read write follow", True, ALL, ""),
        ("read,write", False, ALL, ""),
        (None, True, ALL, ""),
        (None, False, set(), "may not answer, boost and like"),
        ("", False, set(), "may not answer, boost and like"),
        (7, False, set(), "may not answer, boost and like"),
        ("read", True, set(), "may not answer, boost and like"),
        ("read write:statuses", True, ALL - {Deed.LIKE}, "may not like"),
        ("read write:favourites", True, {Deed.LIKE}, "may not answer and boost:"),
        ("profile write:media", True, set(), "with “The key may also write”"),
    ],
)
def test_what_a_server_grants_is_remembered_and_nothing_else_is_offered(db: Desk, scope: object, writes: bool, may: set[Deed], words: str) -> None:
    town = Town()
    under_way = town_begun(town, db, writes=writes)
    back = come_back(under_way, town.allow(under_way.url))
    gives = {"access_token": "t0ken", "scope": scope} if scope is not None else {"access_token": "t0ken"}
    town.refuses["/oauth/token"] = httpx.Response(200, json=gives)
    made, _ = sign_in.finish(db, under_way, back, lambda: NOW, until_quit=True, door=town.door)
    login = stored.get(db, made.id)
    source = source_for("mastodon")
    assert login is not None and isinstance(source, Sends) and isinstance(source, Picky)
    assert {one.deed for one in source.may(login)} == may
    assert (words in source.lacks(login)) if words else source.lacks(login) == ""
    pasted, _ = logins.connect(db, "mastodon", TOWN, "t0ken", lambda: NOW, until_quit=True, door=town.door)
    assert pasted.id == made.id and pasted.rights == login.rights, "the same key may the same"


def test_of_a_key_that_was_pasted_nothing_is_known_and_everything_is_offered(db: Desk) -> None:
    login, _ = logins.connect(db, "mastodon", TOWN, "pasted", lambda: NOW, until_quit=True, door=Town().door)
    source = Mastodon()
    assert login.rights is None and {one.deed for one in source.may(login)} == ALL and source.lacks(login) == ""
    assert source.may(replace(login, has_token=False)) == () and source.lacks(replace(login, has_token=False)) == ""


def test_another_code_than_that_of_this_sign_in_is_not_taken(db: Desk) -> None:
    town = Town()
    mine, other = town_begun(town, db), town_begun(town, db)
    town.allow(other.url)
    with pytest.raises(LoginRejected, match="did not take the sign-in"):
        sign_in.finish(db, mine, "once", lambda: NOW, door=town.door)
    assert db.execute("SELECT count(*) FROM logins").fetchone() == (0,)
    mine.close()
    other.close()


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (httpx.Response(404), UnexpectedAnswer, "does not answer as a Mastodon server"),
        (httpx.Response(200, json=[]), UnexpectedAnswer, "does not answer as a Mastodon server"),
        (httpx.Response(200, json={"client_id": "c"}), UnexpectedAnswer, "does not answer as a Mastodon server"),
        (httpx.Response(200, text="<!doctype html><title>Wi-Fi</title>"), UnexpectedAnswer, "with a web page instead of data. Nothing of it was kept"),
        (httpx.Response(403, json={"error": "Only for members"}), LoginRejected, "paste a key that you made there"),
        (httpx.Response(302, headers={"Location": "https://evil.example/"}), UnexpectedAnswer, "sends us on to evil.example, which was not asked"),
        (httpx.Response(500), SourceUnavailable, "Nothing was added; try again later"),
    ],
)
def test_what_lets_no_program_in_is_told_and_nobody_is_listened_for(db: Desk, monkeypatch: pytest.MonkeyPatch, answer: httpx.Response, error: type[Exception], words: str) -> None:
    town, closed = Town(), list[bool]()
    town.refuses["/api/v1/apps"] = answer
    monkeypatch.setattr(Callback, "close", lambda self: (close(self), closed.append(True))[0])
    with pytest.raises(error, match=words):
        town_begun(town, db)
    assert closed == [True]


close = Callback.close


@pytest.mark.parametrize("gives", [{}, {"access_token": 5.5}, {"access_token": ["t"]}])
def test_an_answer_without_a_key_connects_nothing(db: Desk, gives: dict[str, Any]) -> None:
    town = Town()
    under_way = town_begun(town, db)
    town.refuses["/oauth/token"] = httpx.Response(200, json=gives)
    with pytest.raises(UnexpectedAnswer, match="Nothing was added"):
        sign_in.finish(db, under_way, "once", lambda: NOW, door=town.door)
    assert db.execute("SELECT count(*) FROM logins").fetchone() == (0,)
    under_way.close()


def test_a_pasted_key_and_none_still_need_no_browser() -> None:
    assert sign_in.begin("mastodon", TOWN, "t0ken") is None and sign_in.begin("mastodon", TOWN, "") is None
    assert sign_in.registers("mastodon") and not sign_in.registers("salesforce")
