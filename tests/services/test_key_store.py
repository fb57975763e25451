"""Secrets only in a key store of the system: everything else is told, quickly, and written nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from relationdesk.errors import KeyringUnavailable
from relationdesk.services import key_store

TOKEN = "planted-token-4711"


def test_no_key_store_is_said_plainly() -> None:
    found = key_store.key_store()
    assert found.state == "missing" and "never stored unprotected" in found.sentence
    with pytest.raises(KeyringUnavailable):
        key_store.keep("x", TOKEN)
    with pytest.raises(KeyringUnavailable):
        key_store.secret("x")


def test_a_backend_that_is_not_the_systems_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plainkeys.py").write_text(
        "from keyring.backend import KeyringBackend\nfrom pathlib import Path\n"
        "class Keyring(KeyringBackend):\n    priority = 9\n"
        "    def set_password(self, s, u, p): Path(__file__).with_name('secrets.txt').write_text(p)\n"
        "    def get_password(self, s, u): return 'probe'\n    def delete_password(self, s, u): pass\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "plainkeys.Keyring")
    assert key_store.key_store().state == "missing"
    with pytest.raises(KeyringUnavailable):
        key_store.keep("x", TOKEN)
    assert not (tmp_path / "secrets.txt").exists()


def test_a_prompt_nobody_answers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hanging.py").write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "hanging.Keyring")
    monkeypatch.setattr(key_store, "DEADLINE_SECONDS", 1.0)
    assert key_store.key_store().state == "locked"
    with pytest.raises(KeyringUnavailable, match="locked or does not answer"):
        key_store.keep("x", TOKEN)


def test_until_quit_stays_in_memory(tmp_path: Path) -> None:
    key_store.keep_until_quit("sam", TOKEN)
    assert key_store.secret("sam") == TOKEN
    assert not [p for p in Path.home().rglob("*") if p.is_file() and TOKEN.encode() in p.read_bytes()]
    key_store.forget("sam")
    with pytest.raises(KeyringUnavailable):
        key_store.secret("sam")
