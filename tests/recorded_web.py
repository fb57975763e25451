"""A web that stands in one file, `web.json`: address → what it answers. For the examples in tests/data of places that speak JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

FILE = "web.json"


def recorded(folder: Path, url: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers, body. An address with its query goes before the one without; 404 for what is not recorded. A text is XML.
    An object may have a `_status`, and in `_list` what it answers instead of itself."""
    web: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
    found = web.get(url, web.get(urlsplit(url)._replace(query="").geturl()))
    headers = {"content-type": "application/json"}
    if found is None:
        return 404, headers, b'{"message":"Not Found"}'
    if isinstance(found, str):
        return 200, {"content-type": "application/xml"}, found.encode()
    status = found.pop("_status", 200) if isinstance(found, dict) else 200
    body = found.pop("_list", found) if isinstance(found, dict) else found
    return status, headers, json.dumps(body).encode()


class Web:
    """The same in memory, to be changed between two readings. pages: address without query → value, or a function of the query.
    asked: (address without query, query), headers of every question."""

    def __init__(self) -> None:
        self.pages: dict[str, Any] = {}
        self.status: dict[str, httpx.Response] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.headers: list[dict[str, str]] = []

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    def count(self, part: str) -> int:
        return sum(part in address for address, _ in self.asked)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        address, query = str(request.url.copy_with(query=None)), dict(request.url.params)
        self.asked.append((address, query))
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        if address in self.status:
            return self.status[address]
        if address not in self.pages:
            return httpx.Response(404, json={"message": "Not Found"})
        page = self.pages[address]
        found = page(query) if callable(page) else page
        return found if isinstance(found, httpx.Response) else httpx.Response(200, content=json.dumps(found))
