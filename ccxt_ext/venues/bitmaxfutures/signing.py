"""How requests are signed. No I/O."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import AuthenticationError
from ccxt.base.exchange import Exchange

# What v1 signs is not its path.
V1_SIGNED = {"cash/balance": "balance"}


def signed_headers(exchange: Exchange, path: str, params: Mapping[str, Any]) -> dict[str, str]:
    # One time for the header and for the orders, as it is a part of their ids.
    first = params["orders"][0] if params.get("orders") else params
    time = str(first.get("time") or exchange.nonce())
    return {
        "x-auth-key": exchange.apiKey,
        "x-auth-timestamp": time,
        "x-auth-signature": signature(exchange, f"{time}+{path}"),
    }


def signed_path(exchange: Exchange, version: str, path: str) -> str:
    if version == "v1":
        return V1_SIGNED.get(path, path)
    return str(exchange.options["orderHistPrehash"]) if path == "order/hist" else f"{version}/{path}"


def signature(exchange: Exchange, text: str) -> str:
    digest = hmac.digest(signing_key(exchange), text.encode(), "sha256")
    return base64.b64encode(digest).decode()


def signing_key(exchange: Exchange) -> bytes:
    secret: str = exchange.secret
    if exchange.options["secretFormat"] != "base64":
        return secret.encode()
    try:
        return base64.b64decode(secret + "=" * (-len(secret) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise AuthenticationError(f"{exchange.id} has a secret that is not base64") from None


def stamped(exchange: Exchange, params: Mapping[str, Any]) -> dict[str, Any]:
    """With the time at which they are sent in orders and cancellations that have none of their own."""
    now = exchange.nonce()
    if isinstance(params.get("orders"), list):
        return {**params, "orders": [{"time": now, **order} for order in params["orders"]]}
    return {"time": now, **params}
