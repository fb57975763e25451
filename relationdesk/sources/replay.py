"""A recorded web in place of the real one: what the sample desk is read from. No socket is ever opened."""

from __future__ import annotations

from collections.abc import Callable

import httpx

Recorded = Callable[[str], tuple[int, dict[str, str], bytes]]
"""Address → status, headers, body."""


class Replay(httpx.BaseTransport):
    """Give it to a `Door` as `transport`: every request is answered from the record."""

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        status, headers, body = self._recorded(str(request.url))
        return httpx.Response(status, headers=headers, content=body, request=request)
