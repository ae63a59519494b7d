"""A client of bitmaxfutures' frontend, of a few lines: it signs as the venue's page says, and no more."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

from ccxt_ext.sandbox.engine import Clock
from ccxt_ext.sandbox.frontends._http import Request, VenueClock
from ccxt_ext.sandbox.frontends.bitmaxfutures import Frontend

NOON = 1_614_816_000_000 + 12 * 3_600_000


class Venue:
    def __init__(self, **options: Any) -> None:
        self.engine_clock = Clock(NOON)
        self.clock = VenueClock(self.engine_clock)
        self.frontend = Frontend(self.clock, 1, "relaxed", options)

    def send(
        self,
        method: str,
        path: str,
        query: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
    ) -> tuple[int, Any]:
        response = self.frontend.handle(Request(method, path, urlencode(query or {}), headers or {}, body))
        return response.status, json.loads(response.body)

    def get(self, path: str, **query: Any) -> Any:
        """An answer to everyone, in full."""
        return self.send("GET", f"/api/pro/{path}", query)[1]

    def client(self, account: str = "config") -> RawClient:
        return RawClient(self, account)


class RawClient:
    def __init__(self, venue: Venue, account: str) -> None:
        self.venue = venue
        self.key = venue.frontend._accounts[account]
        self.secret = self.key.secret.encode()
        self.api_key = self.key.api_key
        self.group = self.key.group
        self.numbers = iter(range(1, 10_000))

    def call(
        self,
        method: str,
        path: str,
        fields: Any = None,
        *,
        signs: str | None = None,
        grouped: bool = True,
        time: int | None = None,
    ) -> tuple[int, Any]:
        stamp = str(self.venue.clock.now() if time is None else time)
        text = f"{stamp}+{path if signs is None else signs}"
        signature = base64.b64encode(hmac.new(self.secret, text.encode(), hashlib.sha256).digest()).decode()
        headers = {
            "x-auth-key": self.api_key,
            "x-auth-timestamp": stamp,
            "x-auth-signature": signature,
            "content-type": "application/json",
        }
        start = f"/{self.group}/api/pro/{path}" if grouped else f"/api/pro/{path}"
        if method == "GET":
            return self.venue.send(method, start, fields, headers)
        return self.venue.send(method, start, None, headers, json.dumps(fields or {}).encode())

    def order(self, **changes: Any) -> dict[str, Any]:
        fields = {
            "id": f"rawClientOrder{next(self.numbers):04d}",
            "time": self.venue.clock.now(),
            "symbol": "BTC-PERP",
            "orderPrice": "40000",
            "orderQty": "0.01",
            "orderType": "limit",
            "side": "buy",
            "respInst": "ACCEPT",
            **changes,
        }
        return {name: value for name, value in fields.items() if value is not None}

    def market(self, side: str = "buy", **changes: Any) -> dict[str, Any]:
        return self.order(orderType="market", side=side, orderPrice=None, respInst="DONE", **changes)

    def place(self, **changes: Any) -> Any:
        return self.call("POST", "v2/futures/order", self.order(**changes))[1]
