"""BTEX's two signatures: the one of the contract API, and the one of the spot API."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote_plus

from ccxt_ext.sandbox.frontend import Keys, VenueClock
from ccxt_ext.sandbox.frontends.btex.parameters import (
    KEY_ERROR,
    SIGN_ERROR,
    TIME_ERROR,
    Form,
    failure,
    required,
)

TIMESTAMP_WINDOW_MS = 60_000


@dataclass(frozen=True)
class Key:
    account: str
    api_key: str
    secret: str


class Signatures:
    """Finds the account that has signed a form."""

    def __init__(self, keys: Keys[Key], clock: VenueClock, *, encoded: bool) -> None:
        """`encoded`: names and values are URL-encoded before they are signed."""
        self._keys = keys
        self._clock = clock
        self._encoded = encoded

    def contract_account(self, form: Form) -> str:
        key = self._key(form)
        # Seconds. By the documents they have no fractions, but the venue's own client for Node sends some.
        if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,9})?", required(form, "ts")):
            raise failure("ts error: it is a timestamp in seconds")
        text = self.signed_text(form, key.secret)
        digest = hmac.digest(key.secret.encode(), text.encode("utf-8", "replace"), "sha256")
        _check(form, base64.b64encode(digest).decode())
        self._check_time(int(Decimal(form["ts"]) * 1000))
        return key.account

    def spot_account(self, form: Form) -> str:
        key = self._key(form)
        text = self.signed_text(form, key.secret)
        _check(form, hashlib.md5(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest())
        # By the venue's documents and its own clients, the time is `ts` or `created`, in seconds or
        # milliseconds, or is left out.
        timestamp = form.get("ts") or form.get("created")
        if timestamp:
            if not re.fullmatch(r"[0-9]{1,15}", timestamp):
                raise failure("ts error: it is a timestamp")
            self._check_time(int(timestamp) * (1000 if len(timestamp) < 12 else 1))
        return key.account

    def signed_text(self, form: Form, secret: str) -> str:
        """All parameters, with the secret as one more, which is never sent."""
        named = {name: value for name, value in form.items() if name != "sign"}
        named["secret_key"] = secret
        encode = _encoded if self._encoded else str
        return "&".join(f"{encode(name)}={encode(named[name])}" for name in sorted(named))

    def _key(self, form: Form) -> Key:
        key = self._keys.get(required(form, "access_key"))
        if key is None:
            raise failure(KEY_ERROR)
        return key

    def _check_time(self, timestamp: int) -> None:
        if not self._clock.is_near(timestamp, TIMESTAMP_WINDOW_MS):
            raise failure(TIME_ERROR)


def _check(form: Form, expected: str) -> None:
    if not hmac.compare_digest(required(form, "sign").encode("utf-8", "replace"), expected.encode()):
        raise failure(SIGN_ERROR)


def _encoded(text: str) -> str:
    return text if text.isascii() and text.isalnum() else quote_plus(text)
