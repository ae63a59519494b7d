"""How BitexAsia may sign: nobody knows, so each part of it can be set."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from typing import Any

from ccxt_ext.sandbox.frontend import OptionTable, Request, integer, one_of, text, texts

PARTS = ("method", "path", "body", "timestamp", "nonce")
FEWEST_DIGITS = 8
HASHES = ("sha256", "sha512", "sha384", "sha224", "sha1", "md5")

OPTIONS: OptionTable = {
    "signature.order": texts(*PARTS, "apiKey"),
    "signature.separator": text(),
    "signature.hash": one_of(*HASHES),
    "signature.digest": one_of("hex", "hexUpper", "base64"),
    "signature.secretEncoding": one_of("utf8", "hex", "base64"),
    "signature.nonceLength": integer(FEWEST_DIGITS, 64),
    "signature.timestampUnit": one_of("ms", "s"),
}


class Signing:
    """`option` gives what was set."""

    def __init__(self, option: Callable[..., Any] = lambda name, default=None: default) -> None:
        self._order = option("signature.order", PARTS)
        self._separator: str = option("signature.separator", "\n")
        self._hash: str = option("signature.hash", "sha256")
        self._digest: str = option("signature.digest", "hex")
        self._encoding: str = option("signature.secretEncoding", "utf8")
        self._length: int | None = option("signature.nonceLength")
        self._unit_ms = 1000 if option("signature.timestampUnit", "ms") == "s" else 1

    def time_ms(self, timestamp: str) -> int | None:
        """What a timestamp says, if it is one."""
        return int(timestamp) * self._unit_ms if re.fullmatch(r"[0-9]{1,18}", timestamp) else None

    def fits_nonce(self, nonce: str) -> bool:
        digits = f"{FEWEST_DIGITS}," if self._length is None else f"{self._length}"
        return re.fullmatch(f"[0-9a-f]{{{digits}}}", nonce) is not None

    @property
    def nonce_words(self) -> str:
        many = f"at least {FEWEST_DIGITS}" if self._length is None else str(self._length)
        return f"X-Api-Nonce must be {many} lowercase hexadecimal digits"

    def sign(self, secret: str, request: Request, timestamp: str, nonce: str) -> str:
        """By default over five lines: method, path with its query, body, timestamp, nonce."""
        target = request.path + (f"?{request.query_string}" if request.query_string else "")
        parts = {
            "method": request.method.encode(),
            "path": target.encode("utf-8", "replace"),
            "body": request.body,
            "timestamp": timestamp.encode(),
            "nonce": nonce.encode(),
            "apiKey": request.headers.get("x-api-key", "").encode("utf-8", "replace"),
        }
        message = self._separator.encode().join(parts[name] for name in self._order)
        digest = hmac.new(self._key(secret), message, getattr(hashlib, self._hash)).digest()
        if self._digest == "base64":
            return base64.b64encode(digest).decode()
        return digest.hex().upper() if self._digest == "hexUpper" else digest.hex()

    def _key(self, secret: str) -> bytes:
        if self._encoding == "hex":
            return bytes.fromhex(secret)
        return base64.b64decode(secret) if self._encoding == "base64" else secret.encode()
