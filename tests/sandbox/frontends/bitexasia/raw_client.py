"""A client of BitexAsia's API in bare requests; its OpenAPI document judges all that is exchanged."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse

import ccxt_ext
from ccxt_ext.sandbox.engine import Clock
from ccxt_ext.sandbox.frontend import Request, Stream, VenueClock
from ccxt_ext.sandbox.frontends.bitexasia.frontend import Frontend
from ccxt_ext.sandbox.frontends.bitexasia.keys import Key
from tests.sandbox.frontends.fake_wire import FakeWire

NOON = 1_700_000_000_000
HOST = "https://api.bitexasia.com"
DOCUMENT = Path(ccxt_ext.__file__).parent / "sandbox" / "frontends" / "bitexasia" / "openapi.yaml"

_nonces = itertools.count(1)
_openapi: list[OpenAPI] = []


def openapi() -> OpenAPI:
    if not _openapi:
        _openapi.append(OpenAPI.from_file_path(str(DOCUMENT)))
    return _openapi[0]


def described(request: Request) -> MockRequest:
    return MockRequest(
        HOST,
        request.method.lower(),
        request.path,
        args=dict(parse_qsl(request.query_string)),
        headers=dict(request.headers),
        data=request.body or None,
        content_type=request.headers.get("content-type", ""),
    )


def check_request(request: Request) -> None:
    """Fails on a request that the OpenAPI document does not allow."""
    openapi().validate_request(described(request))


def check_answer(request: Request, status: int, body: bytes, headers: dict[str, str]) -> None:
    """Fails on an answer that the OpenAPI document does not allow."""
    content_type = headers["Content-Type"].partition(";")[0]
    answer = MockResponse(body, status_code=status, headers=headers, content_type=content_type)
    openapi().validate_response(described(request), answer)


@dataclass
class Answer:
    status: int
    json: Any
    headers: dict[str, str]

    @property
    def code(self) -> str:
        found: str = self.json["error"]["code"]
        return found


@dataclass
class Venue:
    """The frontend without a server. All that passes is held against the OpenAPI document."""

    limits: Any = "relaxed"
    options: dict[str, Any] = field(default_factory=dict)
    engine_clock: Clock = field(default_factory=partial(Clock, NOON))

    def __post_init__(self) -> None:
        self.clock = VenueClock(self.engine_clock)
        self.frontend = Frontend(self.clock, 1, self.limits, self.options)

    @property
    def engine(self) -> Any:
        return self.frontend.engine

    def key(self, account: str = "config", **settings: Any) -> Key:
        """A further key of an account."""
        name = f"{account}-{next(_nonces)}"
        return self.frontend.add_key(account, name, f"secret of {name}", **settings)

    def send(self, request: Request, sound: bool = True) -> Answer:
        """`sound`: whether the request is one that the document allows."""
        if sound:
            check_request(request)
        response = self.frontend.handle(request)
        known = request.path.startswith("/v1/") and response.status != 404
        if known:
            check_answer(request, response.status, response.body, response.headers)
        return Answer(response.status, json.loads(response.body), response.headers)

    def get(self, path: str, query: str = "", sound: bool = True, **headers: str) -> Answer:
        """Without a key."""
        return self.send(Request("GET", path, query, headers), sound)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: str = "",
        key: Key | None = None,
        sound: bool = True,
        remote: str = "127.0.0.1",
        changed: dict[str, str | None] | None = None,
    ) -> Answer:
        """Signed by the rules of the page; `changed` spoils headers after the signing."""
        key = key or self.frontend.keys.of("config")
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"x-api-key": key.api_key, **self.proof(key.secret, method, path, query, data)}
        if method == "POST":
            headers["content-type"] = "application/json"
        for name, value in (changed or {}).items():
            headers.pop(name)
            if value is not None:
                headers[name] = value
        return self.send(Request(method, path, query, headers, data, remote), sound)

    def proof(self, secret: str, method: str, path: str, query: str, data: bytes) -> dict[str, str]:
        timestamp, nonce = str(self.clock.now()), f"{next(_nonces):08x}"
        target = f"{path}?{query}" if query else path
        message = "\n".join([method, target, data.decode(), timestamp, nonce])
        digest = hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()
        return {"x-api-timestamp": timestamp, "x-api-nonce": nonce, "x-api-signature": digest}

    def order(self, side: str, price: str | None, size: str, **more: str) -> dict[str, str]:
        kind = "limit" if price else "market"
        fields = {"pair": "BTC-USD", "side": side, "type": kind, "price": price, "size": size, **more}
        return {name: value for name, value in fields.items() if value is not None}

    def place(self, side: str, price: str | None, size: str, *, key: Key | None = None, **more: str) -> Any:
        answer = self.call("POST", "/v1/orders", self.order(side, price, size, **more), key=key)
        assert answer.status == 201, answer.json
        return answer.json

    def cancel(self, id: str, key: Key | None = None) -> Any:
        answer = self.call("POST", f"/v1/orders/{id}/cancel", key=key)
        assert answer.status == 200, answer.json
        return answer.json

    def balance(self, asset: str, account: str = "spot") -> dict[str, str]:
        rows = self.call("GET", "/v1/account/balances").json["balances"]
        return next(row for row in rows if (row["account"], row["asset"]) == (account, asset))

    def best(self) -> tuple[str, str]:
        book = self.get("/v1/orderbook/BTC-USD").json
        return book["bids"][0][0], book["asks"][0][0]

    def connect(self) -> tuple[Stream, FakeWire]:
        """A stream that has just been opened."""
        wire = FakeWire()
        stream = self.frontend.stream(Request("GET", "/v1/stream"), wire)
        assert isinstance(stream, Stream)
        stream.opened()
        return stream, wire
