"""The guard in conftest.py itself: if it fell away, the other tests would still pass, and reach the world."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import keyring
import pytest


def test_another_computer_cannot_be_reached() -> None:
    with socket.socket() as plug, pytest.raises(RuntimeError, match=r"192\.0\.2\.1"):
        plug.connect(("192.0.2.1", 80))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug, pytest.raises(RuntimeError, match="reach"):
        plug.sendto(b"x", ("192.0.2.1", 53))


def test_no_name_is_looked_up() -> None:
    with pytest.raises(RuntimeError, match=r"hotel\.example"):
        socket.getaddrinfo("hotel.example", 443)


def test_this_computer_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as plug:
        assert plug.getpeername() == server.getsockname()


def test_home_is_fresh() -> None:
    assert Path.home().name.startswith("relationdesk-test-home-")
    assert Path(os.environ["XDG_CONFIG_HOME"]).is_relative_to(Path.home())


def test_there_is_no_key_store() -> None:
    keyring.set_password("relationdesk-test", "somebody", "secret")
    assert keyring.get_password("relationdesk-test", "somebody") is None
