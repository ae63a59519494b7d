"""What a venue's recordings need to know of the venue."""

import hashlib
import hmac
import json
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# The hour at which all recordings play, and the keys that play them.
NOW = 1_750_000_000_000
KEYS = {"apiKey": "canary-api-key", "secret": "canary-secret-key", "uid": "canary-memo"}


@dataclass(frozen=True)
class Profile:
    url: str
    symbol: str
    secret_headers: tuple[str, ...] = ()
    secret_fields: tuple[str, ...] = ()
    secret_answers: tuple[str, ...] = ()
    # (method, path) -> name of a documented sample
    documented: Mapping[tuple[str, str], str] | None = None
    # (keys, method, url, headers, body): fails on a request that is not signed with the keys. Written from
    # the venue's documents.
    check_signature: Callable[[Mapping[str, str], str, str, Mapping[str, str], Any], None] | None = None


def _check_bitmart2(
    keys: Mapping[str, str], method: str, url: str, headers: Mapping[str, str], body: Any
) -> None:
    def digest(text: str) -> str:
        return hmac.new(keys["secret"].encode(), text.encode(), hashlib.sha256).hexdigest()

    parts = urllib.parse.urlsplit(url)
    text = body.decode() if isinstance(body, bytes) else body or ""
    if parts.path == "/v2/authentication":
        proof = digest(f"{keys['apiKey']}:{keys['secret']}:{keys['uid']}")
        assert dict(urllib.parse.parse_qsl(text)) == {
            "grant_type": "client_credentials",
            "client_id": keys["apiKey"],
            "client_secret": proof,
        }
    elif parts.path.startswith(("/v2/orders", "/v2/wallet", "/v2/trades")):
        assert headers["X-BM-AUTHORIZATION"].startswith("Bearer ")
        assert headers["X-BM-TIMESTAMP"] == str(NOW)
        fields = dict(urllib.parse.parse_qsl(parts.query))
        if method == "POST":
            fields = json.loads(text, parse_int=str, parse_float=str)
        elif method == "DELETE" and parts.path != "/v2/orders":
            fields = {"entrust_id": parts.path.rpartition("/")[2]}
        elif method == "GET":
            return
        signed = "&".join(f"{name}={value}" for name, value in sorted(fields.items()))
        assert headers["X-BM-SIGNATURE"] == digest(signed), f"signed text should have been {signed}"


PROFILES = {
    "bitmart2": Profile(
        url="https://openapi.bitmart.com",
        symbol="BMX/ETH",
        secret_headers=("x-bm-authorization", "x-bm-signature", "x-bm-timestamp"),
        secret_fields=("client_id", "client_secret"),
        secret_answers=("access_token",),
        documented={
            ("POST", "/v2/authentication"): "v2-authentication",
            ("GET", "/v2/ping"): "v2-ping",
            ("GET", "/v2/time"): "v2-time",
            ("GET", "/v2/currencies"): "v2-currencies",
            ("GET", "/v2/symbols_details"): "v2-symbols_details",
            ("GET", "/v2/ticker"): "v2-ticker",
            ("GET", "/v2/symbols/BMX_ETH/kline"): "v2-kline",
            ("GET", "/v2/symbols/BMX_ETH/orders"): "v2-order_book",
            ("GET", "/v2/symbols/BMX_ETH/trades"): "v2-trades",
            ("GET", "/v2/wallet"): "v2-wallet",
            ("POST", "/v2/orders"): "v2-post_order",
            ("GET", "/v2/orders"): "v2-orders",
            ("GET", "/v2/orders/1223181"): "v2-order_details",
            ("DELETE", "/v2/orders/1223181"): "v2-cancel_order",
            ("DELETE", "/v2/orders"): "v2-cancel_orders",
            ("GET", "/v2/trades"): "v2-trade_history",
        },
        check_signature=_check_bitmart2,
    ),
}
