"""A client of bitmaxfutures' frontend, of a few lines: it signs as the venue's page says, and no more."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

from ccxt_ext.sandbox.engine import Clock
from ccxt_ext.sandbox.frontend import Limits, Request, Response, Stream, VenueClock
from ccxt_ext.sandbox.frontends.bitmaxfutures.frontend import Frontend
from tests.sandbox.frontends.fake_wire import FakeWire

NOON = 1_614_816_000_000 + 12 * 3_600_000


class Venue:
    def __init__(self, limits: Limits = "relaxed", clock: Clock | None = None, **options: Any) -> None:
        self.engine_clock = clock or Clock(NOON)
        self.clock = VenueClock(self.engine_clock)
        self.frontend = Frontend(self.clock, 1, limits, options)

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
        self.key = venue.frontend.keys.of(account)
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
        headers = self.headers(path if signs is None else signs, time)
        start = f"/{self.group}/api/pro/{path}" if grouped else f"/api/pro/{path}"
        if method == "GET":
            return self.venue.send(method, start, fields, headers)
        return self.venue.send(method, start, None, headers, json.dumps(fields or {}).encode())

    def headers(self, signs: str, time: int | None = None) -> dict[str, str]:
        stamp = self.venue.clock.now() if time is None else time
        return {
            "x-auth-key": self.api_key,
            "x-auth-timestamp": str(stamp),
            "x-auth-signature": self.sign(f"{stamp}+{signs}"),
            "content-type": "application/json",
        }

    def sign(self, text: str) -> str:
        return base64.b64encode(hmac.new(self.secret, text.encode(), hashlib.sha256).digest()).decode()

    def auth(self, time: int | None = None) -> dict[str, Any]:
        """The message that signs on."""
        stamp = self.venue.clock.now() if time is None else time
        signature = self.sign(f"{stamp}+v2/stream")
        return {"op": "auth", "id": "abc123", "t": stamp, "key": self.api_key, "sig": signature}

    def stream(self) -> RawStream:
        """A stream that has signed on."""
        stream = RawStream(self.venue, f"/{self.group}")
        assert stream.ask(self.auth()) == [{"m": "auth", "id": "abc123", "code": 0}]
        return stream

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


class RawStream:
    def __init__(self, venue: Venue, group: str = "", headers: dict[str, str] | None = None) -> None:
        self.wire = FakeWire()
        made = venue.frontend.stream(
            Request("GET", f"{group}/api/pro/v2/stream", "", headers or {}), self.wire
        )
        if isinstance(made, Response):
            raise Refused(made)
        self.stream: Stream = made
        self.stream.opened()
        self.greeting = self.take()

    def take(self) -> list[Any]:
        """What was said since the last look."""
        return self.wire.take()

    def ask(self, message: Any) -> list[Any]:
        """What was said before is forgotten."""
        self.take()
        self.stream.received(message if isinstance(message, str) else json.dumps(message))
        return self.take()

    def sub(self, channel: str) -> list[Any]:
        """What comes with it, after its acknowledgement."""
        ack, *more = self.ask({"op": "sub", "id": "abc123", "ch": channel})
        assert ack == {"m": "sub", "id": "abc123", "ch": channel, "code": 0}
        return more

    def request(self, action: str, args: Any = None, **more: Any) -> Any:
        """Its answer, alone; what follows from it can be taken afterwards."""
        message = {"op": "req", "id": "abc123", "ac": "futures", "action": action, **more}
        self.take()
        self.stream.received(json.dumps(message if args is None else {**message, "args": args}))
        return json.loads(self.wire.frames.pop(0))

    def close(self) -> None:
        self.stream.closed()


class Refused(Exception):
    def __init__(self, response: Response) -> None:
        self.status, self.body = response.status, json.loads(response.body)
        super().__init__(str(self.body))
