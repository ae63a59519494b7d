"""How BitexAsia's requests are signed: nobody knows, so each part of it is an option."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import AuthenticationError
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.requests.building import compact_json
from ccxt_ext.venues.bitexasia.books import DEFAULT_DEPTH
from ccxt_ext.venues.bitexasia.nonce_texts import nonce_texts

FEWEST_NONCE_DIGITS = 8


def is_deep(exchange: Exchange, query: Mapping[str, Any]) -> bool:
    """Whether an order book is asked for that only an account may see, and there is one."""
    depth = exchange.safe_integer(query, exchange.options["fetchOrderBook"]["depthParameter"], 0)
    return bool(depth > DEFAULT_DEPTH and exchange.apiKey and exchange.secret)


def order_body(exchange: Exchange, fields: Mapping[str, Any]) -> str:
    """Compact, in the order of the fields, with every number as text."""
    texts = {
        name: exchange.number_to_string(value) if is_number(exchange, value) else value
        for name, value in fields.items()
        if value is not None
    }
    return compact_json(texts)


def is_number(exchange: Exchange, value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def signed_headers(exchange: Exchange, method: str, target: str, body: str) -> dict[str, str]:
    options = exchange.options["signature"]
    now = exchange.nonce()
    timestamp = str(now // 1000 if options["timestampUnit"] == "s" else now)
    nonce = request_nonce(exchange)
    parts = {
        "method": method,
        "path": target,
        "body": body,
        "timestamp": timestamp,
        "nonce": nonce,
        "apiKey": exchange.apiKey,
    }
    return {
        "X-Api-Key": exchange.apiKey,
        "X-Api-Timestamp": timestamp,
        "X-Api-Nonce": nonce,
        "X-Api-Signature": signature(
            exchange, options["separator"].join(parts[name] for name in options["order"])
        ),
    }


def request_nonce(exchange: Exchange) -> str:
    return nonce_texts.next(max(int(exchange.options["signature"]["nonceLength"]), FEWEST_NONCE_DIGITS))


def signature(exchange: Exchange, message: str) -> str:
    options = exchange.options["signature"]
    digest = hmac.digest(secret_bytes(exchange), message.encode(), options["hash"])
    if options["digest"] == "base64":
        return base64.b64encode(digest).decode()
    text = digest.hex()
    return text.upper() if options["digest"] == "hexUpper" else text


def secret_bytes(exchange: Exchange) -> bytes:
    encoding = exchange.options["signature"]["secretEncoding"]
    secret = str(exchange.secret)
    try:
        if encoding == "hex":
            return bytes.fromhex(secret)
        if encoding == "base64":
            return base64.b64decode(secret, validate=True)
    except (ValueError, binascii.Error):
        raise AuthenticationError(f"{exchange.id} the secret is not {encoding}") from None
    return secret.encode()
