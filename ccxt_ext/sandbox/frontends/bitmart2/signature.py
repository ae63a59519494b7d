"""BitMart's signatures, and the timestamps that go with them."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from urllib.parse import urlencode

from ccxt_ext.sandbox.frontend import Refusal, Request, VenueClock

TIMESTAMP_WINDOW_MS = 60_000


def sign(secret: str, text: str) -> str:
    return hmac.digest(secret.encode(), text.encode("utf-8", "replace"), "sha256").hex()


def is_same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def check_signature(request: Request, secret: str, parameters: Mapping[str, str]) -> None:
    text = urlencode(sorted(parameters.items()), errors="replace")
    if not is_same(request.headers.get("x-bm-signature", ""), sign(secret, text)):
        raise Refusal(400, "Invalid X-BM-SIGNATURE")


def check_timestamp(request: Request, clock: VenueClock) -> None:
    text = request.headers.get("x-bm-timestamp", "")
    if not re.fullmatch(r"[0-9]{1,18}", text) or not clock.is_near(int(text), TIMESTAMP_WINDOW_MS):
        raise Refusal(400, "Invalid X-BM-TIMESTAMP")
