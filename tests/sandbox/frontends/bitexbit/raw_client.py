"""A client of bitexbit's three APIs in bare requests, written for the tests from the venue's documents."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from ccxt_ext.sandbox.engine import Clock
from ccxt_ext.sandbox.frontend import Request, VenueClock
from ccxt_ext.sandbox.frontends.bitexbit.frontend import Frontend

NOON = 1_700_000_000_000


def sign(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


@dataclass
class RawClient:
    venue: Venue
    key: str
    secret: str
    uid: str
    nonces: Any = field(default_factory=lambda: itertools.count(NOON))

    def v1(self, method: str, target: str, body: str = "", **headers: str) -> tuple[int, Any]:
        signed = {
            "x-key": self.key,
            "x-sign": sign(self.secret, self.key + body),
            "x-nonce": str(next(self.nonces)),
            "content-type": "application/x-www-form-urlencoded",
        }
        return self.venue.exchange(method, f"/api/v1/{target}", {**signed, **renamed(headers)}, body)

    def v2(self, method: str, target: str, fields: Any = None, **headers: str) -> tuple[int, Any]:
        path, body = f"/api/v2/private/{target}", json.dumps(fields or {}) if method == "POST" else ""
        nonce = str(next(self.nonces))
        signed = {
            "x-api-key": self.key,
            "x-signature": sign(self.secret, path.partition("?")[0] + nonce + body),
            "x-nonce": nonce,
        }
        return self.venue.exchange(method, path, {**signed, **renamed(headers)}, body)

    def gateway(self, method: str, target: str, fields: Any = None, **headers: str) -> tuple[int, Any]:
        path, body = f"/api/gateway/{target}", json.dumps(fields or {}) if method == "POST" else ""
        deadline = headers.pop("deadline", str(self.venue.clock.now() + 500))
        text = self.key + path.partition("?")[0] + deadline + body
        signed = {"x-key": self.key, "x-sign": sign(self.secret, text), "x-timeout": deadline}
        return self.venue.exchange(method, path, {**signed, **renamed(headers)}, body)

    def place(self, pair: str, type: str, price: str, amount: str) -> tuple[int, Any]:
        fields = {"amount": amount, "pair": pair, "price": price, "type": type}
        return self.v1("POST", "order/", urlencode(fields))

    def ok(self, api: str, method: str, target: str, fields: Any = None) -> Any:
        call = getattr(self, api)
        status, answer = call(method, target, *([fields] if fields is not None else []))
        assert status == 200, answer
        return answer


def renamed(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


class Venue:
    """The frontend without a server, its time standing still until it is told to advance."""

    def __init__(self, limits: Any = "relaxed", **options: Any) -> None:
        self.engine_clock = Clock(NOON, lambda: 0)
        self.clock = VenueClock(self.engine_clock)
        self.frontend = Frontend(self.clock, 1, limits, options)
        self.text = ""

    def exchange(self, method: str, target: str, headers: dict[str, str], body: str) -> tuple[int, Any]:
        path, _, query = target.partition("?")
        response = self.frontend.handle(Request(method, path, query, headers, body.encode()))
        assert response.headers["Content-Type"].startswith("application/json")
        self.text = response.body.decode()
        return response.status, json.loads(response.body)

    def get(self, target: str) -> Any:
        status, answer = self.exchange("GET", target, {}, "")
        assert status == 200, answer
        return answer

    def client(self, account: str = "config") -> RawClient:
        config = self.frontend.config(account, "", "")
        return RawClient(self, config["apiKey"], config["secret"], config["uid"])
