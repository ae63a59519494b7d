"""A sandbox without sockets: ccxt's clients talk to it at once, and the time that it takes is measured."""

import time
from collections.abc import Callable
from http.client import HTTPMessage
from io import BytesIO
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

import ccxt_ext
from ccxt_ext.sandbox.control.port import Control
from ccxt_ext.sandbox.frontend import Request
from ccxt_ext.sandbox.world import Settings, World

T = TypeVar("T")


class Box(BaseAdapter):
    """The way of a client's requests into a sandbox."""

    def __init__(self, id: str) -> None:
        super().__init__()
        self.id = id
        self.world = World(Settings(venues=(id,)))
        self.engine = self.world.frontends[id].engine
        self.engine.warm_up()
        self.port = Control(self.world, lambda host: {})
        self.spent = 0.0
        self.client = self.client_of("config")

    def client_of(self, account: str) -> Any:
        """A client that has loaded its markets."""
        config = self.world.frontends[self.id].config(account, "http://127.0.0.1:1", "ws://127.0.0.1:1")
        client = getattr(ccxt_ext, self.id)({**config, "enableRateLimit": False})
        client.session.mount("http://", self)
        client.load_markets()
        return client

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
        answer, _, _ = self.measured(lambda: self.world.receive(self.id, seen))
        if answer.done is not None:
            answer.done()
        response = requests.Response()
        response.status_code, response.url = answer.status, str(request.url)
        response.headers.update(answer.headers)
        response.raw = HTTPResponse(BytesIO(answer.body), HTTPMessage(), preload_content=False)
        response.request = request
        return response

    def control(self, path: str, **fields: Any) -> Any:
        """The answer to a GET call of the control port."""
        query = urlencode({"venue": self.id, **fields})
        status, answer = self.measured(lambda: self.port.handle("GET", path, query))
        assert status == 200, answer
        return answer

    def measured(self, work: Callable[[], T]) -> T:
        """Do a part of the sandbox's work, and add what it takes to what was spent."""
        begun = time.process_time()
        try:
            return work()
        finally:
            self.spent += time.process_time() - begun

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
