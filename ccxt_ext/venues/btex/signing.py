"""Requests to BTEX, and the signatures of its two APIs."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ccxt.base.errors import NotSupported
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.requests import building

FORM = "application/x-www-form-urlencoded"


def request(
    exchange: Exchange,
    path: str,
    section: str,
    method: str,
    params: Mapping[str, Any],
    headers: Any,
    body: Any,
) -> dict[str, Any]:
    """What `sign()` gives, of a section of the `api` tree, such as "contract.private"."""
    product, _, access = section.partition(".")
    if product not in exchange.urls["api"]:
        raise NotSupported(f"{exchange.id} has no test environment for {product}")
    url = exchange.implode_hostname(exchange.urls["api"][product])
    fields = {name: building.field_text(exchange, value) for name, value in params.items()}
    if access == "private":
        exchange.check_required_credentials()
    if access == "private" and product == "contract":
        url += f"/mx_openapi1/{path}"
        fields["ts"] = str(exchange.nonce() // 1000)
        body = form(exchange, signed(exchange, fields, partial(contract_signature, exchange.secret)))
    elif access == "private":
        url += "/openapi1/auth_api"
        fields = {**spot_time(exchange), **fields, "method": path}
        body = form(exchange, signed(exchange, fields, spot_signature))
        if exchange.options["spotAuthMethod"] == "GET":
            return {"url": f"{url}?{body}", "method": "GET", "body": None, "headers": headers}
    else:
        url += f"/mx_data/{path}" if product == "contract" else f"/openapi1/{path}"
        if fields:
            url += "?" + exchange.urlencode(fields)
    if body is not None:
        headers = {"Content-Type": FORM}
    return {"url": url, "method": method, "body": body, "headers": headers}


def signed(exchange: Exchange, fields: Mapping[str, str], signature: Callable[[str], str]) -> dict[str, str]:
    """All that is sent. The secret is a part of what is signed, and stays here."""
    named = {**fields, "access_key": exchange.apiKey}
    secret = {"secret_key": exchange.secret}
    sent = {**named, "sign": signature(canonical(exchange, {**named, **secret}))}
    return {**sent, **secret} if exchange.options["sendSecretKey"] else sent


def canonical(exchange: Exchange, fields: Mapping[str, str]) -> str:
    """The text that is signed."""
    if exchange.options["signUrlEncode"]:
        return form(exchange, fields)
    return "&".join(f"{name}={text}" for name, text in sorted(fields.items()))


def form(exchange: Exchange, fields: Mapping[str, str]) -> str:
    # As forms have them: a blank is a plus sign, as with the venue's own clients.
    return exchange.urlencode(dict(sorted(fields.items()))).replace("%20", "+")


def contract_signature(secret: str, text: str) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), text.encode(), "sha256")).decode()


def spot_signature(text: str) -> str:
    """It needs no key, as the secret is in the text."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def spot_time(exchange: Exchange) -> dict[str, str]:
    """The venue's documents do not name the field of the time, nor its unit: both are options."""
    name = exchange.options["spotTimestampParam"]
    now = exchange.nonce()
    return {name: str(now if exchange.options["spotTimestampUnit"] == "ms" else now // 1000)} if name else {}
