"""The frontend without a server, and a client of bare requests that signs with code of its own."""

import hashlib
import hmac
import json

from ccxt_ext.sandbox.frontend import Request, VenueClock
from ccxt_ext.sandbox.frontend.engine import Clock
from ccxt_ext.sandbox.frontends.acme.frontend import Frontend  # without --external

from ccxt_acme.sandbox.frontend import Frontend  # with --external


class Venue:
    def __init__(self, limits="relaxed"):
        self.clock = Clock(1_714_521_600_000)
        self.frontend = Frontend(VenueClock(self.clock), 1, limits)

    def get(self, path, query=""):
        """Without a key."""
        return self.send(Request("GET", path, query))

    def call(self, method, path, query="", body=None, account="config", **changed):
        """With a key. `changed` are headers as they should not be; None leaves one out."""
        key = self.frontend.keys.of(account)
        text = "" if body is None else json.dumps(body)
        time = str(self.clock.now())
        message = time + method + path + (f"?{query}" if query else "") + text
        headers = {
            "x-api-key": key.api_key,
            "x-api-timestamp": time,
            "x-api-signature": hmac.new(key.secret.encode(), message.encode(), hashlib.sha256).hexdigest(),
            "content-type": "application/json",
            **{f"x-api-{name}": value for name, value in changed.items()},
        }
        sent = {name: value for name, value in headers.items() if value is not None}
        return self.send(Request(method, path, query, sent, text.encode()))

    def send(self, request):
        response = self.frontend.handle(request)
        return response.status, json.loads(response.body)

    def order(self, **changed):
        fields = {"market": "BTC-USDT", "side": "buy", "type": "limit", "price": "50000", "size": "0.01"}
        return {**fields, "client_id": "mine-1", **changed}

    def place(self, account="config", **changed):
        return self.call("POST", "/v1/orders", body=self.order(**changed), account=account)
