"""BitexAsia's API keys, and what has to come with a request that uses one."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from ccxt_ext.sandbox.frontend import Keys, Request, VenueClock
from ccxt_ext.sandbox.frontends.bitexasia.refusals import Declined, invalid_request
from ccxt_ext.sandbox.frontends.bitexasia.signature import Signing

SCOPES = ("read", "trade")
CLOCK_TOLERANCE_MS = 30_000


@dataclass(frozen=True)
class Key:
    account: str
    api_key: str
    secret: str
    scopes: tuple[str, ...] = SCOPES
    addresses: tuple[str, ...] | None = None
    """The addresses from which the key may be used; None for all."""
    verified: bool = True
    clock_tolerance_ms: int = CLOCK_TOLERANCE_MS
    nonces: set[str] = field(default_factory=set, repr=False, compare=False)
    """The nonces that were used."""


def key_of(request: Request, keys: Keys[Key], signing: Signing, clock: VenueClock) -> Key:
    """The key of a request. Everything about it is checked, in the venue's order."""
    headers = request.headers
    key = keys.get(headers.get("x-api-key", ""))
    if key is None:
        raise Declined(401, "INVALID_API_KEY", "Unknown API key")
    if key.addresses is not None and request.remote not in key.addresses:
        raise Declined(403, "IP_NOT_ALLOWED", "Source address is not on the allowlist of this key")
    timestamp = headers.get("x-api-timestamp", "")
    time = signing.time_ms(timestamp)
    if time is None or not clock.is_near(time, key.clock_tolerance_ms):
        raise Declined(401, "INVALID_TIMESTAMP", "Timestamp is outside the allowed drift")
    nonce = headers.get("x-api-nonce", "")
    if not signing.fits_nonce(nonce):
        raise invalid_request(signing.nonce_words)
    if nonce in key.nonces:
        raise Declined(401, "NONCE_REUSED", "Nonce was already used")
    given = headers.get("x-api-signature", "").encode("utf-8", "replace")
    if not hmac.compare_digest(given, signing.sign(key.secret, request, timestamp, nonce).encode()):
        raise Declined(401, "INVALID_SIGNATURE", "Signature does not match")
    key.nonces.add(nonce)
    return key
