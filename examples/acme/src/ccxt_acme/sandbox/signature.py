"""Who sends a request: the sandbox's own check of keys and signatures."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

from ccxt_ext.sandbox.frontend import Keys, Request, VenueClock

from .refusals import Declined

CLOCK_TOLERANCE_MS = 5_000  # the venue's documents say so


@dataclass(frozen=True)
class Key:
    account: str
    api_key: str
    secret: str


def key_of(request: Request, keys: Keys[Key], clock: VenueClock, tolerance_ms: int) -> Key:
    """The key of a request, if all that comes with it is right. Checked in the venue's order."""
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    api_key, _, given = rest.partition(":")
    key = keys.get(api_key)
    if scheme != "Acme" or key is None:
        raise Declined(101, "No such key")
    time = request.headers.get("acme-time", "")
    digits = time.isascii() and time.isdigit() and len(time) < 18
    if not digits or not clock.is_near(int(time), tolerance_ms):
        raise Declined(103, "The time is too far off")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), sign(key.secret, time, request)):
        raise Declined(102, "The signature is wrong")
    return key


def sign(secret: str, time: str, request: Request) -> bytes:
    """The venue sorts the parameters of the query, in whatever order they came."""
    query = "&".join(sorted(request.query_string.split("&")))
    head = f"{request.method}\n{request.path}\n{query}\n{time}\n".encode("utf-8", "replace")
    whole = head + hashlib.sha256(request.body).hexdigest().encode()
    return base64.b64encode(hmac.new(secret.encode(), whole, hashlib.sha512).digest())
