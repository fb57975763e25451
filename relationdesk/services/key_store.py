"""Secrets live in the system's key store only. The one file that imports keyring, and only in a child process.

In a child, because a key store that shows a prompt nobody answers blocks for ever, and a blocked thread cannot be
ended while a process can. Only five backends of the operating systems are allowed: keyring would otherwise choose,
without a word, one that writes base64 to a plain file. Where there is none, the user is told, and may keep a secret
in memory until the program quits.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from relationdesk.errors import KeyringUnavailable
from relationdesk.saying import marked, say
from relationdesk.troubles import Trouble

SERVICE = "relationdesk"
DEADLINE_SECONDS = 20.0
ALLOWED = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
    }
)
NONE_SENTENCE = (
    marked("This computer has no password store that RelationDesk can use. Your contacts and notes are not affected. Sign-in keys can be kept only until you quit; they are never stored unprotected.")
)
LOCKED_SENTENCE = (
    marked("The password store of this computer is locked or does not answer. Your contacts and notes are not affected. Unlock it and try again, or keep the sign-in key only until you quit.")
)

_until_quit: dict[str, str] = {}
"""Secrets the user chose to keep in memory. Nothing else in the house is kept outside the desk and the key store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyStore:
    """state: "ready", "missing" (none that may be used) or "locked" (there, but refused or silent)."""

    state: str
    name: str = ""
    sentence: str = ""


def key_store() -> KeyStore:
    """Whether secrets can be kept here, proved by writing, reading and deleting one. At most DEADLINE_SECONDS."""
    answer = _ask({"do": "probe"})
    if answer.get("ok"):
        return KeyStore(state="ready", name=str(answer.get("backend", "")))
    state = str(answer.get("state", "missing"))
    return KeyStore(state=state, name=str(answer.get("backend", "")), sentence=_sentence(answer))


def _sentence(answer: dict[str, Any]) -> str:
    return say(NONE_SENTENCE if answer.get("state", "missing") == "missing" else LOCKED_SENTENCE)


def _unavailable(answer: dict[str, Any]) -> KeyringUnavailable:
    return KeyringUnavailable(_sentence(answer), trouble=Trouble.KEYLESS if answer.get("state", "missing") == "missing" else Trouble.LOCKED)


def keep(name: str, secret: str) -> None:
    """Put a secret into the key store. Raises KeyringUnavailable; then it is kept nowhere."""
    answer = _ask({"do": "set", "name": name, "value": secret})
    if not answer.get("ok"):
        raise _unavailable(answer)
    _until_quit.pop(name, None)


def keep_until_quit(name: str, secret: str) -> None:
    """The user's explicit choice where there is no key store: in memory, gone when the program ends."""
    _until_quit[name] = secret


def renew(name: str, secret: str) -> None:
    """A new secret in place of one that is worth nothing any more, where that one lies. If the key store is silent, it is kept until the
    program quits: after that the user signs in again."""
    if name in _until_quit or not _ask({"do": "set", "name": name, "value": secret}).get("ok"):
        _until_quit[name] = secret


def secret(name: str) -> str:
    """The secret of this name. Raises KeyringUnavailable if there is none or the key store is silent."""
    if name in _until_quit:
        return _until_quit[name]
    answer = _ask({"do": "get", "name": name})
    if not answer.get("ok"):
        raise _unavailable(answer)
    if not answer.get("value"):
        raise KeyringUnavailable(
            say("The sign-in key is not in the password store of this computer. Everything read so far is safe. Sign in again.")
        )
    return str(answer["value"])


def forget(name: str) -> None:
    """Remove a secret; none of that name is fine. A silent key store is told to the user by the next sign-in."""
    _until_quit.pop(name, None)
    _ask({"do": "delete", "name": name})


def _ask(request: dict[str, str]) -> dict[str, Any]:
    """One question to the child. The secret goes through its standard input, never through arguments or a file.

    -P and our own folder: a file called keyring.py in the folder somebody happens to stand in is never run.
    """
    ours = os.pathsep.join(filter(None, (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", ""))))
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "relationdesk.services.key_store"], input=json.dumps(request), capture_output=True,
            text=True, timeout=DEADLINE_SECONDS, check=False, env={**os.environ, "PYTHONPATH": ours, "PYTHONWARNINGS": "ignore"},
        )  # fmt: skip
        answer = json.loads(done.stdout or "{}")
    except subprocess.TimeoutExpired:
        return {"ok": False, "state": "locked"}
    except (OSError, ValueError):
        return {"ok": False, "state": "missing"}
    return answer if isinstance(answer, dict) else {"ok": False, "state": "missing"}


def _child(request: dict[str, str]) -> dict[str, Any]:
    """What the child does. Any failure of a backend is an answer; its text is dropped, it may hold a secret."""
    import keyring
    from keyring.errors import KeyringError

    backend: Any = keyring.get_keyring()
    chosen = next((b for b in getattr(backend, "backends", [backend]) if _full_name(b) in ALLOWED), None)
    if chosen is None:
        return {"ok": False, "state": "missing"}
    name = request.get("name", "probe")
    try:
        if request["do"] == "set":
            chosen.set_password(SERVICE, name, request["value"])
        elif request["do"] == "delete":
            if chosen.get_password(SERVICE, name) is not None:
                chosen.delete_password(SERVICE, name)
        elif request["do"] == "get":
            return {"ok": True, "value": chosen.get_password(SERVICE, name), "backend": _full_name(chosen)}
        else:
            chosen.set_password(SERVICE, "probe", "probe")
            works = chosen.get_password(SERVICE, "probe") == "probe"
            chosen.delete_password(SERVICE, "probe")
            return {"ok": works, "state": "locked", "backend": _full_name(chosen)}
    except (KeyringError, OSError, RuntimeError, ValueError):
        return {"ok": False, "state": "locked", "backend": _full_name(chosen)}
    return {"ok": True, "backend": _full_name(chosen)}


def _full_name(backend: object) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_child(json.loads(sys.stdin.read()))))
