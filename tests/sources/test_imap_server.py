"""Against a real mail server (Dovecot): roles of folders, STARTTLS and TLS, only what is new, the same as a mailbox file."""

from __future__ import annotations

import contextlib
import imaplib
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from relationdesk.errors import LoginRejected, SourceUnavailable
from relationdesk.model import Activity, Coverage, Login, Page, Profile
from relationdesk.sources.base import Options
from relationdesk.sources.door import Door
from relationdesk.sources.imap import Imap
from relationdesk.sources.mail_files import MailFiles
from tests.shared import SERVERS

pytestmark = pytest.mark.slow
START = SERVERS / "start-mail.sh"
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ME = "me@example.test"


class Server(NamedTuple):
    folder: Path
    plain: int
    tls: int

    def door(self) -> Door:
        """Believes this server's own certificate."""
        trusting = ssl.create_default_context(cafile=str(self.folder / "cert.pem"))
        return Door(allowed_hosts=frozenset({f"127.0.0.1:{self.plain}", f"127.0.0.1:{self.tls}"}), tls=trusting)


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def missing() -> str:
    """What is not installed, as a sentence; "" if everything is there."""
    if not shutil.which("dovecot"):
        return "needs Dovecot: apt-get install dovecot-imapd"
    return "" if START.is_file() else f"needs {START.name}, which lies beside the repository"


def introduce(server: Server, *users: str) -> None:
    """Before anybody signs in: Dovecot reads its list again only a second later."""
    for user in users:
        home = server.folder / "mail" / user
        home.mkdir()
        if os.geteuid() == 0:
            shutil.chown(home, "nobody")
        with (server.folder / "users").open("a") as file:
            file.write(f"{user}:{{PLAIN}}pw::::{home}::\n")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if sentence := missing():
        (pytest.fail if os.environ.get("REQUIRE_SERVERS") else pytest.skip)(sentence)
    with running(tmp_path_factory.mktemp("dovecot")) as one:
        yield one


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Started in this folder, whose parents have to be open to other users."""
    for above in (folder, *folder.parents):
        if above == Path(tempfile.gettempdir()):
            break  # how many folders lie between depends on whether the tests run beside each other
        above.chmod(0o755)
    started = Server(folder, free_port(), free_port())
    subprocess.run(["bash", str(START), str(folder), str(started.plain), str(started.tls)], check=False, timeout=60, umask=0o022)  # others of its users read what it writes
    wait_until_it_listens(started)  # the script waits for two seconds, which is not enough beside other tests
    try:
        yield started
    finally:
        subprocess.run(["dovecot", "-c", str(folder / "dovecot.conf"), "stop"], check=False, timeout=20)


def wait_until_it_listens(server: Server, seconds: float = 60) -> None:
    for port in (server.plain, server.tls):
        end = time.monotonic() + seconds
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)


def put(server: Server, folder: str, *mails: bytes, user: str = ME, flags: str = "") -> None:
    client = imaplib.IMAP4("127.0.0.1", server.plain)
    client.login(user, "pw")
    client.create(folder)
    for raw in mails:
        assert client.append(folder, flags, imaplib.Time2Internaldate(time.mktime((2026, 11, 20, 10, 0, 0, 0, 0, 0))), raw)[0] == "OK"
    client.logout()


def letter(number: int, sender: str = "joe@hotel.example", to: str = ME) -> bytes:
    return (
        f"From: {sender}\nTo: {to}\nDate: Fri, 20 Nov 2026 10:{number % 60:02}:00 +0000\nMessage-ID: <{number}.{sender}>\nSubject: Number {number}\n\n"
        f"Words of {number}.\n"
    ).encode().replace(b"\n", b"\r\n")  # fmt: skip


def read(server: Server, login: Login, cursor: str = "") -> list[Page]:
    source = Imap(clock=lambda: NOW)
    (stream,) = source.streams(login, ())
    return list(source.pages(login, stream, cursor, "pw", server.door()))


def activities(pages: list[Page]) -> list[Activity]:
    return [fact for page in pages for fact in page.facts if isinstance(fact, Activity)]


@pytest.fixture(params=["imap", "imaps"])
def login(request: pytest.FixtureRequest, server: Server) -> Login:
    """By STARTTLS and by TLS from the first byte."""
    port = server.plain if request.param == "imap" else server.tls
    found = Imap().connect(f"{ME} {request.param}://127.0.0.1:{port}", "pw", server.door())
    assert found.address == f"{request.param}://127.0.0.1:{port}"
    return found


def test_folders_by_their_role_only_what_is_new_and_nothing_changed(server: Server, login: Login, tmp_path: Path) -> None:
    round_ = 1000 if login.address.startswith("imaps") else 0
    put(server, "INBOX", *(letter(round_ + n) for n in range(300)))
    put(server, "Sent", letter(round_ + 1, ME, "joe@hotel.example"))
    put(server, "Drafts", letter(round_ + 2, ME, "mary@harbour.example"), flags="\\Draft")
    put(server, "Trash", letter(round_ + 3, "ann@shop.example"))
    pages = read(server, login)
    found = activities(pages)
    assert len(found) == len({one.key for one in found}) >= 301
    assert {one.actor.native_id for one in found} == {"joe@hotel.example", ME}
    assert any(isinstance(fact, Profile) and fact.is_owner and fact.handle == ME for page in pages for fact in page.facts)
    assert isinstance(pages[-1].facts[-1], Coverage)
    again = read(server, login, pages[-1].cursor)
    assert activities(again) == []
    put(server, "INBOX", letter(round_ + 500))
    (new,) = activities(read(server, login, pages[-1].cursor))
    assert new.title == f"Number {round_ + 500}" and new.text == f"Words of {round_ + 500}."
    path = tmp_path / "one.eml"
    path.write_bytes(letter(round_ + 500))
    assert new in list(MailFiles().read(path, Options(me=ME)))
    client = imaplib.IMAP4("127.0.0.1", server.plain)
    client.login(ME, "pw")
    client.select("INBOX", readonly=True)
    assert client.search(None, "SEEN")[1] == [b""], "nothing was marked as read"
    client.logout()


def test_a_folder_that_was_made_anew_is_read_again(server: Server) -> None:
    user = "joe@example.test"
    login = Imap().connect(f"{user} imaps://127.0.0.1:{server.tls}", "pw", server.door())
    put(server, "Kunden", letter(1), letter(2), user=user)
    pages = read(server, login)
    assert len(activities(pages)) == 2
    client = imaplib.IMAP4("127.0.0.1", server.plain)
    client.login(user, "pw")
    client.delete("Kunden")
    client.logout()
    put(server, "Kunden", letter(2), letter(1), letter(3), user=user)
    again = activities(read(server, login, pages[-1].cursor))
    assert {one.key for one in activities(pages)} < {one.key for one in again} and len(again) == 3


def test_a_wrong_password_and_a_certificate_nobody_knows_are_refused(server: Server) -> None:
    with pytest.raises(LoginRejected):
        Imap().connect(f"{ME} imaps://127.0.0.1:{server.tls}", "wrong", server.door())
    stranger = Door(allowed_hosts=frozenset({"127.0.0.1"}))
    for address in (f"imaps://127.0.0.1:{server.tls}", f"imap://127.0.0.1:{server.plain}"):
        with pytest.raises(SourceUnavailable, match="certificate"):
            Imap().connect(f"{ME} {address}", "pw", stranger)
