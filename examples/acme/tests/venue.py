"""The frontend without a server, and a client of bare requests that signs with code of its own."""

import base64
import hashlib
import hmac
import json

from ccxt_ext.sandbox.frontend import Request, VenueClock
from ccxt_ext.sandbox.frontend.engine import Clock

from ccxt_acme.sandbox.frontend import Frontend


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
        sorted_query = "&".join(sorted(query.split("&")))
        lines = (method, path, sorted_query, time, hashlib.sha256(text.encode()).hexdigest())
        signed = hmac.new(key.secret.encode(), "\n".join(lines).encode(), hashlib.sha512).digest()
        headers = {
            "authorization": f"Acme {key.api_key}:{base64.b64encode(signed).decode()}",
            "acme-time": time,
            "content-type": "application/json",
            **{name.replace("_", "-"): value for name, value in changed.items()},
        }
        sent = {name: value for name, value in headers.items() if value is not None}
        return self.send(Request(method, path, query, sent, text.encode()))

    def send(self, request):
        response = self.frontend.handle(request)
        return response.status, json.loads(response.body)

    def order(self, **changed):
        fields = {"pair": "BTC_USDT", "side": "buy", "rate": "50000", "quantity": "0.01", "tag": "mine-1"}
        return {**fields, **changed}

    def place(self, account="config", **changed):
        return self.call("POST", "/v2/account/orders", body=self.order(**changed), account=account)
