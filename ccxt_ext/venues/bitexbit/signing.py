"""bitexbit's three signatures."""

import hmac
from collections.abc import Mapping

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.keys.nonces import shared_nonces
from ccxt_ext.venues.bitexbit import bodies

FORM = "application/x-www-form-urlencoded"


def next_nonce(exchange: Exchange) -> int:
    return shared_nonces(exchange).take(exchange.nonce())


def sign_v1(exchange: Exchange, method: str, fields: Mapping[str, str]) -> tuple[dict[str, str], str | None]:
    """Over the key and the parameters of a POST; neither the URL nor the nonce is signed."""
    text = exchange.urlencode(exchange.keysort(dict(fields)))
    signed = text if method == "POST" or exchange.options["v1GetSignature"] == "query" else ""
    headers = {
        "X-KEY": exchange.apiKey,
        "X-SIGN": hash_text(exchange, exchange.apiKey + signed),
        "X-NONCE": str(next_nonce(exchange)),
    }
    if method != "POST":
        return headers, None
    if exchange.options["v1BodyFormat"] == "json":
        return {**headers, "Content-Type": bodies.JSON}, bodies.json_text(exchange, fields)
    return {**headers, "Content-Type": FORM}, text


def sign_v2(exchange: Exchange, path: str, body: str) -> dict[str, str]:
    nonce = str(next_nonce(exchange))
    return {
        "X-API-Key": exchange.apiKey,
        "X-Nonce": nonce,
        "X-Signature": hash_text(exchange, path + nonce + body),
    }


def sign_gateway(exchange: Exchange, path: str, body: str) -> dict[str, str]:
    timeout = str(exchange.nonce() + exchange.options["gatewayTimeout"])
    return {
        "X-Key": exchange.apiKey,
        "X-Timeout": timeout,
        "X-Sign": hash_text(exchange, exchange.apiKey + path + timeout + body),
    }


def hash_text(exchange: Exchange, text: str) -> str:
    return hmac.digest(exchange.secret.encode(), text.encode(), "sha256").hex()
