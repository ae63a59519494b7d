"""bitexbit's three signatures: of API v1, of API v2 and of the gateway."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from ccxt_ext.sandbox.frontend import Keys, Refusal, Request, VenueClock, parameters
from ccxt_ext.sandbox.frontends.bitexbit.parameters import json_body, v1_body

Signed = Literal["v1", "v2", "gateway"]
"""Which signature a request has to have."""

V1: Signed = "v1"
V2: Signed = "v2"
GATEWAY: Signed = "gateway"

_HEADERS = {
    V1: ("x-key", "x-sign", "x-nonce"),
    V2: ("x-api-key", "x-signature", "x-nonce"),
    GATEWAY: ("x-key", "x-sign", "x-timeout"),
}
# The paths below /api/v1/ that need a signature. v2 says so in the path, and the gateway always needs one.
_SIGNED_V1 = ("wallets", "orders", "order", "order-cancel", "exchanges/own", "deposits", "withdraws")


@dataclass
class Key:
    account: str
    api_key: str
    secret: str
    nonce: int = 0


class Signatures:
    """Which requests have to be signed, and by whom they were."""

    def __init__(
        self,
        keys: Keys[Key],
        clock: VenueClock,
        *,
        v1_signs_query: bool,
        v1_order_is_signed: bool | None,
    ) -> None:
        """`v1_signs_query`: GET requests of v1 sign their query, and not just the key.
        `v1_order_is_signed`: to look up an order of v1 takes a signature; None leaves it to the client."""
        self._keys = keys
        self._clock = clock
        self._v1_signs_query = v1_signs_query
        self._v1_order_is_signed = v1_order_is_signed

    def needed(self, request: Request) -> Signed | None:
        """The signature that a request needs; None if it is public."""
        path = request.path
        if path.startswith("/api/gateway/"):
            return GATEWAY
        if path.startswith("/api/v2/private/"):
            return V2
        rest = path.removeprefix("/api/v1/")
        if rest.startswith("order/") and rest != "order/":
            # The venue's page does not say that this is private, and its samples have no key.
            signed = self._v1_order_is_signed
            return V1 if ("x-key" in request.headers if signed is None else signed) else None
        private = path != rest and any(
            rest == f"{name}/" or rest.startswith(f"{name}/") for name in _SIGNED_V1
        )
        return V1 if private else None

    def check(self, api: Signed, request: Request) -> tuple[Key, dict[str, Any]]:
        """The key that has signed a request, and the fields of its body."""
        api_key, signature, nonce = (request.headers.get(name, "") for name in _HEADERS[api])
        key = self._keys.get(api_key)
        if key is None:
            raise Refusal(401, "Wrong key")
        if api == V1:
            fields = v1_body(request)
            signed = fields if request.method == "POST" else {}
            if request.method == "GET" and self._v1_signs_query:
                signed = dict(parameters(request.query_string))
            message = key.api_key + _form(signed)
        else:
            body = request.body.decode("utf-8", "replace")
            fields = json_body(request) if request.method == "POST" else {}
            message = f"{request.path}{nonce}{body}"
            if api == GATEWAY:
                message = key.api_key + message
        expected = hmac.digest(key.secret.encode(), message.encode("utf-8", "replace"), "sha256").hex()
        if not hmac.compare_digest(signature.encode("utf-8", "replace"), expected.encode()):
            raise Refusal(401, "Wrong signature")
        if not re.fullmatch(r"[0-9]{1,18}", nonce):
            raise Refusal(401, "Wrong timeout" if api == GATEWAY else "Wrong nonce")
        if api == GATEWAY:
            if self._clock.has_passed(int(nonce)):
                raise Refusal(401, "Timeout has expired")
        elif int(nonce) <= key.nonce:
            raise Refusal(401, f"Nonce must be greater than {key.nonce}")
        else:
            key.nonce = int(nonce)
        return key, fields


def _form(fields: Mapping[str, Any]) -> str:
    """The parameters sorted by name, as a form."""
    return "&".join(
        f"{quote(name, safe='')}={quote(str(value), safe='')}" for name, value in sorted(fields.items())
    )
