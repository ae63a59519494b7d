"""A client of BitMart's v2 API in bare requests, written for the tests from the venue's documents."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from ccxt_ext.sandbox.engine import Clock
from ccxt_ext.sandbox.frontend import Request, Stream, VenueClock
from ccxt_ext.sandbox.frontends.bitmart2.frontend import Frontend
from tests.sandbox.engine.small_venue import HandClock
from tests.sandbox.frontends.fake_wire import FakeWire

NOON = 1_700_000_000_000

Exchange = Callable[[str, str, dict[str, str], bytes], tuple[int, Any]]


def sign(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def signed_text(parameters: Mapping[str, str]) -> str:
    return "&".join(f"{name}={parameters[name]}" for name in sorted(parameters))


@dataclass
class RawClient:
    """`exchange` takes method, target, headers and body, and gives status and JSON."""

    exchange: Exchange
    config: Mapping[str, Any]
    now: Callable[[], int]
    token: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    def get(self, target: str) -> Any:
        status, answer = self.exchange("GET", target, {}, b"")
        assert status == 200, answer
        return answer

    def grant(self) -> dict[str, str]:
        key, secret, memo = (self.config[name] for name in ("apiKey", "secret", "uid"))
        return {
            "grant_type": "client_credentials",
            "client_id": key,
            "client_secret": sign(secret, f"{key}:{secret}:{memo}"),
        }

    def authenticate(self, form: Mapping[str, str] | None = None) -> tuple[int, Any]:
        headers = {"content-type": "application/x-www-form-urlencoded"}
        body = urlencode(self.grant() if form is None else form).encode()
        return self.exchange("POST", "/v2/authentication", headers, body)

    def login(self) -> RawClient:
        status, answer = self.authenticate()
        assert status == 200, answer
        self.token = answer["access_token"]
        return self

    def headers(self, **more: str) -> dict[str, str]:
        return {
            "x-bm-authorization": f"Bearer {self.token}",
            "x-bm-timestamp": str(self.now()),
            **more,
        }

    def private(self, target: str) -> tuple[int, Any]:
        return self.exchange("GET", target, self.headers(), b"")

    def place(self, symbol: str, side: str, price: str, amount: str, **headers: str) -> tuple[int, Any]:
        body = f'{{"symbol":"{symbol}","amount":{amount},"price":{price},"side":"{side}"}}'
        text = signed_text({"symbol": symbol, "amount": amount, "price": price, "side": side})
        return self.post_order(body.encode(), text, **headers)

    def post_order(self, body: bytes, text: str, **headers: str) -> tuple[int, Any]:
        signature = {"x-bm-signature": sign(self.config["secret"], text), "content-type": "application/json"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.exchange("POST", "/v2/orders", self.headers(**{**signature, **named}), body)

    def cancel(self, order_id: object) -> tuple[int, Any]:
        signature = sign(self.config["secret"], f"entrust_id={order_id}")
        headers = self.headers(**{"x-bm-signature": signature})
        return self.exchange("DELETE", f"/v2/orders/{order_id}", headers, b"")

    def cancel_all(self, **parameters: str) -> tuple[int, Any]:
        signature = sign(self.config["secret"], signed_text(parameters))
        headers = self.headers(**{"x-bm-signature": signature})
        return self.exchange("DELETE", f"/v2/orders?{urlencode(parameters)}", headers, b"")


class Venue:
    """The frontend without a server, its time standing still until it is told to advance."""

    def __init__(
        self, limits: Any = "relaxed", monotonic_ns: Callable[[], int] | None = None, **options: Any
    ) -> None:
        self.engine_clock = HandClock(NOON) if monotonic_ns is None else Clock(NOON, monotonic_ns)
        self.clock = VenueClock(self.engine_clock)
        self.frontend = Frontend(self.clock, 1, limits, options)
        self.remote = "127.0.0.1"

    def exchange(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        path, _, query = target.partition("?")
        response = self.frontend.handle(Request(method, path, query, headers, body, self.remote))
        if response.done is not None:
            response.done()
        assert response.headers["Content-Type"].startswith("application/json")
        return response.status, json.loads(response.body)

    def client(self, account: str = "config") -> RawClient:
        return RawClient(self.exchange, self.frontend.config(account, "", ""), self.clock.now)

    def connect(self, remote: str = "127.0.0.1", path: str = "/") -> tuple[Stream, FakeWire]:
        """A stream that has just been opened."""
        wire = FakeWire()
        stream = self.frontend.stream(Request("GET", path, remote=remote), wire)
        assert isinstance(stream, Stream)
        stream.opened()
        return stream, wire
