"""A client of BTEX's two APIs in bare requests, written for the tests from the venue's documents."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus, urlencode

from ccxt_ext.sandbox.engine import Clock
from ccxt_ext.sandbox.frontend import Request, VenueClock
from ccxt_ext.sandbox.frontends.btex.frontend import Frontend

NOON = 1_700_000_000_000
FORM = "application/x-www-form-urlencoded"


def joined(fields: Mapping[str, str]) -> str:
    return "&".join(f"{quote_plus(name)}={quote_plus(fields[name])}" for name in sorted(fields))


class RawClient:
    def __init__(self, venue: Venue, config: Mapping[str, Any]) -> None:
        self.venue = venue
        self.key, self.secret = config["apiKey"], config["secret"]

    def get(self, target: str) -> Any:
        """What a public call answers with, which has to be a success."""
        status, answer = self.venue.exchange("GET", target, {}, b"")
        assert (status, answer["code"], answer["info"]) == (200, 1, "ok"), answer
        return answer["data"]

    def fields(self, params: Mapping[str, Any]) -> dict[str, str]:
        now = self.venue.clock.now() // 1000
        named = {"ts": now, "access_key": self.key, **params}
        return {name: str(value) for name, value in named.items() if value is not None}

    def contract_form(self, params: Mapping[str, Any]) -> dict[str, str]:
        fields = self.fields(params)
        text = joined({**fields, "secret_key": self.secret})
        digest = hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).digest()
        return {**fields, "sign": base64.b64encode(digest).decode()}

    def spot_form(self, params: Mapping[str, Any]) -> dict[str, str]:
        fields = self.fields(params)
        text = joined({**fields, "secret_key": self.secret})
        return {**fields, "sign": hashlib.md5(text.encode()).hexdigest()}

    def post(self, path: str, form: Mapping[str, str], content_type: str = FORM) -> tuple[int, Any]:
        return self.venue.exchange("POST", path, {"content-type": content_type}, urlencode(form).encode())

    def contract(self, name: str, **params: Any) -> Any:
        """The whole envelope."""
        status, answer = self.post(f"/mx_openapi1/{name}", self.contract_form(params))
        assert status == 200
        return answer

    def spot(self, method: str, **params: Any) -> Any:
        status, answer = self.post("/openapi1/auth_api", self.spot_form({"method": method, **params}))
        assert status == 200
        return answer

    def place(self, **changes: Any) -> Any:
        order = {
            "contract_id": 1,
            "price": "3900",
            "amount": 100,
            "leverage": 10,
            "direction": 1,
            "type": "limit",
            "is_cross": -1,
        }
        return self.contract("place_order", **{**order, **changes})

    def buy(self, **changes: Any) -> Any:
        return self.spot("buy_coin", **{"pair": "BTC_USDT", "price": "3900", "num": "0.1", **changes})


class Venue:
    """The frontend without a server, its time standing still until it is told to advance."""

    def __init__(self, limits: Any = "relaxed", **options: Any) -> None:
        self.engine_clock = Clock(NOON, lambda: 0)
        self.clock = VenueClock(self.engine_clock)
        self.frontend = Frontend(self.clock, 1, limits, options)
        self.engine = self.frontend.engine

    def exchange(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        path, _, query = target.partition("?")
        response = self.frontend.handle(Request(method, path, query, headers, body))
        assert response.headers["Content-Type"].startswith("application/json")
        return response.status, json.loads(response.body)

    def client(self, account: str = "config") -> RawClient:
        return RawClient(self, self.frontend.config(account, "", ""))
