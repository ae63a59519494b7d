"""How BitMart's requests are signed, and the token that they carry."""

import hmac
import json
from collections.abc import Mapping

from ccxt.base.errors import AuthenticationError
from ccxt.base.exchange import Exchange

from ccxt_ext.venues.bitmart2.tokens import TokenState
from ccxt_ext.venues.bitmart2.tokens import token_state as state_of

# Of these calls only some fields are signed, of all others all.
SIGNED = {
    ("POST", "orders"): ("amount", "price", "side", "symbol"),
    ("DELETE", "orders/{entrust_id}"): ("entrust_id",),
}


def signed_of(exchange: Exchange, method: str, path: str, fields: Mapping[str, str]) -> Mapping[str, str]:
    """The venue signs the fields that it documents, whatever else a request has."""
    names = SIGNED.get((method, path), tuple(fields))
    return {name: fields[name] for name in names if name in fields}


def login_fields(exchange: Exchange) -> dict[str, str]:
    proof = exchange.secret
    if exchange.options["token"]["clientSecret"] == "hmac":
        proof = hash_text(exchange, f"{exchange.apiKey}:{exchange.secret}:{exchange.uid}")
    return {"grant_type": "client_credentials", "client_id": exchange.apiKey, "client_secret": proof}


def token_state(exchange: Exchange) -> TokenState:
    return state_of(exchange.urls["api"]["rest"], exchange.apiKey, exchange.secret, str(exchange.uid))


def bearer(exchange: Exchange) -> str:
    """The token that private requests carry; what sends them keeps it fresh."""
    if exchange.token:
        return exchange.token
    token = token_state(exchange).token
    if token is None:
        raise AuthenticationError(f"{exchange.id} has no token yet: call signIn() first")
    return token.value


def signature(exchange: Exchange, fields: Mapping[str, str]) -> str:
    # The documents' own code encodes a blank as a plus.
    return hash_text(exchange, exchange.urlencode(dict(sorted(fields.items()))).replace("%20", "+"))


def hash_text(exchange: Exchange, text: str) -> str:
    return hmac.digest(exchange.secret.encode(), text.encode(), "sha256").hex()


def order_body(exchange: Exchange, fields: Mapping[str, str]) -> str:
    """The venue rebuilds the signed text from the body, so both have the same characters."""
    quoted = exchange.options["createOrder"]["quoteNumbers"]
    members = (
        f'"{name}":{text if name in ("amount", "price") and not quoted else json.dumps(text)}'
        for name, text in fields.items()
    )
    return "{" + ",".join(members) + "}"
