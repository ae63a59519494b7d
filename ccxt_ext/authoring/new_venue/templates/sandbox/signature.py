"""Who sends a request: the sandbox's own check of keys and signatures."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from ccxt_ext.sandbox.frontend import Keys, Request, VenueClock

from .refusals import Declined

CLOCK_TOLERANCE_MS = 10_000  # the venue's documents say so


@dataclass(frozen=True)
class Key:
    account: str
    api_key: str
    secret: str


def key_of(request: Request, keys: Keys[Key], clock: VenueClock, tolerance_ms: int) -> Key:
    """The key of a request, if all that comes with it is right. Checked in the venue's order."""
    key = keys.get(request.headers.get("x-api-key", ""))
    if key is None:
        raise Declined(401, "BAD_KEY", "Unknown key")
    timestamp = request.headers.get("x-api-timestamp", "")
    digits = timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 18
    if not digits or not clock.is_near(int(timestamp), tolerance_ms):
        raise Declined(401, "BAD_TIMESTAMP", "Timestamp is too far off")
    given = request.headers.get("x-api-signature", "").encode("utf-8", "replace")
    if not hmac.compare_digest(given, sign(key.secret, timestamp, request).encode()):
        raise Declined(401, "BAD_SIGNATURE", "Signature does not match")
    return key


def sign(secret: str, timestamp: str, request: Request) -> str:
    target = request.path + (f"?{request.query_string}" if request.query_string else "")
    head = f"{timestamp}{request.method}{target}".encode("utf-8", "replace")
    return hmac.new(secret.encode(), head + request.body, hashlib.sha256).hexdigest()
