"""A sandbox without sockets: ccxt's clients talk to it at once, and the time that it takes is measured."""

import time
from collections.abc import Callable
from http.client import HTTPMessage
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

import ccxt_ext
from ccxt_ext.sandbox.frontend import Request
from ccxt_ext.sandbox.world import Settings, World


class Box(BaseAdapter):
    """The way of a client's requests into a sandbox."""

    def __init__(self, id: str) -> None:
        super().__init__()
        self.id = id
        self.world = World(Settings(venues=(id,)))
        self.engine = self.world.frontends[id].engine
        self.engine.warm_up()
        self.spent = 0.0
        self.client: Any = getattr(ccxt_ext, id)(
            self.world.frontends[id].config("config", "http://127.0.0.1:1", "ws://127.0.0.1:1")
        )
        self.client.enableRateLimit = False
        self.client.session.mount("http://", self)
        self.client.load_markets()

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override]
        parts = urlsplit(str(request.url))
        body = request.body or b""
        seen = Request(
            str(request.method),
            parts.path,
            parts.query,
            {name.lower(): str(value) for name, value in request.headers.items()},
            body.encode() if isinstance(body, str) else body,
        )
        begun = time.process_time()
        answer, _, _ = self.world.receive(self.id, seen)
        self.spent += time.process_time() - begun
        if answer.done is not None:
            answer.done()
        response = requests.Response()
        response.status_code, response.url = answer.status, str(request.url)
        response.headers.update(answer.headers)
        response.raw = HTTPResponse(BytesIO(answer.body), HTTPMessage(), preload_content=False)
        response.request = request
        return response

    def close(self) -> None:
        """Nothing is open."""

    def cost(self, call: Callable[[], Any], times: int = 15) -> float:
        """The sandbox's own time for a call, in seconds; the least of some, as others may take its caches."""
        costs = []
        for _ in range(times):
            self.world.clock.advance(2000)  # so that no limit is reached
            self.spent = 0.0
            call()
            costs.append(self.spent)
        return min(costs)
