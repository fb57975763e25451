"""login github with the Client ID of an app: the code is named, and the command waits."""

from __future__ import annotations

import io
from typing import Any

import pytest

from relationdesk.cli import moving
from relationdesk.errors import UserMistake
from relationdesk.services import device_sign_in, logins
from relationdesk.services.device_sign_in import DeviceSignIn
from relationdesk.sources.base import DeviceCode
from tests.cli.conftest import Command

CLIENT = "Ov23liAbCdEfGhIjKlMn"


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []
    code = DeviceCode(shown="WDJB-MJHT", page="https://github.com/login/device", device="d", every_s=5, ends_s=900)
    monkeypatch.setattr(device_sign_in, "begin", lambda db, source, server, key, **named: DeviceSignIn(source, server, key, False, code, lambda: 0.0))
    monkeypatch.setattr("sys.stdin", io.StringIO(CLIENT + "\n"))
    monkeypatch.setattr(moving.by_code, "__defaults__", (waited.append,))
    return waited


def test_the_command_names_the_code_and_waits_for_it(empty: Command, waits: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([False, False, True])
    monkeypatch.setattr(device_sign_in, "look", lambda db, under_way: next(looks))
    monkeypatch.setattr(device_sign_in, "finish", lambda db, under_way, clock: logins.connect(db, "feed", "", "", clock))
    said = empty("login", "github", "--server", "github.com", "--token-stdin")
    assert said.code == 0 and "Open https://github.com/login/device and type the code WDJB-MJHT there" in said.err and waits == [5, 5, 5]


def test_a_refusal_is_a_sentence(empty: Command, waits: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    def look(db: object, under_way: object) -> Any:
        raise UserMistake("The sign-in was refused on GitHub’s page. Nothing was added; try again.")

    monkeypatch.setattr(device_sign_in, "look", look)
    said = empty("login", "github", "--server", "github.com", "--token-stdin")
    assert said.code == 2 and "refused" in said.err and waits == [5]
