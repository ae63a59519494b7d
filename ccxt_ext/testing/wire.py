"""Puts a function in place of the network under a real exchange object, sync or async.

It stands where requests and aiohttp stand, so ccxt's whole fetch(), its error handling included, is run.
"""

import asyncio
import io
import json
import weakref
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import requests


class Request(NamedTuple):
    """What a client has sent."""

    method: str
    url: str
    headers: dict[str, str]
    body: str

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.url).query))

    @property
    def line(self) -> str:
        """Method, path and query, the query's fields in the order of their names."""
        query = "&".join(sorted(urlsplit(self.url).query.split("&")))
        return f"{self.method} {self.path}" + (f"?{query}" if query else "")


class Answer(NamedTuple):
    """What it is answered."""

    body: Any = None
    """Text goes out as it is, anything else as JSON."""
    status: int = 200
    content_type: str = "application/json"

    @property
    def text(self) -> str:
        return self.body if isinstance(self.body, str) else json.dumps(self.body)


def unanswered(request: Request) -> Answer:
    """For what is not to be sent."""
    raise AssertionError(f"sent {request.line}")


class Wire:
    """Remembers what was sent; `answer` gets each Request and returns an Answer or raises."""

    def __init__(self, answer: Callable[[Request], Answer]) -> None:
        self.answer = answer
        self.requests: list[Request] = []

    def exchange(self, kind: Any, config: dict[str, Any]) -> Any:
        if "async_support" in str(kind.__mro__):
            settings = {"session": AsyncSession(self), "verify": False, "timeout_on_exit": 0}
            exchange = kind({**settings, **config})
            # Only there during a call, for ccxt complains of an exchange that was not closed.
            exchange.wire_session, exchange.session = exchange.session, None
            return exchange
        exchange = kind(config)
        exchange.session.close()
        exchange.session = SyncSession(self)
        return exchange

    def send(self, method: str, url: str, headers: dict[str, str], data: Any) -> Answer:
        body = data.decode() if isinstance(data, bytes) else data or ""
        request = Request(method.upper(), url, dict(headers or {}), body)
        self.requests.append(request)
        return self.answer(request)


Run = Callable[[Coroutine[Any, Any, Any]], Any]


def call(exchange: Any, method: str, *args: Any, run: Run = asyncio.run) -> Any:
    """The result of a unified or implicit method, whether the exchange is sync or async."""
    return finished(exchange, getattr(exchange, method)(*args), run)


def finished(exchange: Any, result: Any, run: Run = asyncio.run) -> Any:
    """What a call gives, which may be a coroutine that the exchange has to be open for."""
    return run(_finish(exchange, result)) if asyncio.iscoroutine(result) else result


async def _finish(exchange: Any, result: Any) -> Any:
    exchange.session = exchange.wire_session
    try:
        return await result
    finally:
        await exchange.close()
        # The loop may end here; the next call opens the exchange anew, maybe in a loop of its own.
        exchange.asyncio_loop, exchange.closed_by_user = None, False


class OneLoop:
    """Runs coroutines as asyncio.run() does, but all in one event loop, as making one takes longer than most
    calls do. It is closed with `owner`."""

    def __init__(self, owner: object) -> None:
        self._loop = asyncio.new_event_loop()
        weakref.finalize(owner, self._loop.close)

    def __call__(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        try:
            return self._loop.run_until_complete(coroutine)
        finally:
            left = asyncio.all_tasks(self._loop)
            for task in left:
                task.cancel()
            if left:
                self._loop.run_until_complete(asyncio.wait(left))


class SyncSession(requests.Session):
    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire

    def request(self, method: Any, url: Any, *, data: Any = None, headers: Any = None, **_: Any) -> Any:  # type: ignore[override]
        answer = self._wire.send(method, url, headers, data)
        response = requests.Response()
        response.status_code = answer.status
        response.reason = f"Status {answer.status}"
        response.raw = io.BytesIO(answer.text.encode("utf-8", "surrogatepass"))
        response.headers["Content-Type"] = answer.content_type
        response.url = url
        return response


class AsyncSession:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.headers: dict[str, str] = {}

    def __getattr__(self, method: str) -> Any:
        def send(url: Any, data: Any = None, headers: Any = None, **_: Any) -> AsyncResponse:
            return AsyncResponse(self._wire, method, str(url), headers, data)

        return send


class AsyncResponse:
    def __init__(self, wire: Wire, *request: Any) -> None:
        self._wire = wire
        self._request = request

    async def __aenter__(self) -> "AsyncResponse":
        await asyncio.sleep(0)
        answer = self._wire.send(*self._request)
        self.status = answer.status
        self.reason = f"Status {answer.status}"
        self.headers = {"Content-Type": answer.content_type}
        self._text = answer.text
        self.content = answer.text.encode("utf-8", "surrogatepass")
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def text(self, **_: Any) -> str:
        return self._text
