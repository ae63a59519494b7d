"""How BitexAsia's requests are signed. Its page leaves that open, so each part of it can be set."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Signing:
    """The rules by which requests are signed."""

    order: Sequence[str] = PARTS
    """Which parts are signed, and in which order."""
    separator: str = "\n"
    hash: str = "sha256"
    digest: str = "hex"
    secret_encoding: str = "utf8"
    nonce_length: int | None = None
    """The length of a nonce; None if any from the fewest digits on is allowed."""
    timestamp_unit: str = "ms"

    @classmethod
    def by_options(cls, option: Callable[..., Any]) -> Signing:
        """The rules as the options say. `option` takes an option's name and its default."""
        return cls(
            order=option("signature.order", cls.order),
            separator=option("signature.separator", cls.separator),
            hash=option("signature.hash", cls.hash),
            digest=option("signature.digest", cls.digest),
            secret_encoding=option("signature.secretEncoding", cls.secret_encoding),
            nonce_length=option("signature.nonceLength"),
            timestamp_unit=option("signature.timestampUnit", cls.timestamp_unit),
        )

    def time_ms(self, timestamp: str) -> int | None:
        """The time of a timestamp in milliseconds; None if it is not one."""
        if not re.fullmatch(r"[0-9]{1,18}", timestamp):
            return None
        return int(timestamp) * (1000 if self.timestamp_unit == "s" else 1)

    def fits_nonce(self, nonce: str) -> bool:
        digits = f"{FEWEST_DIGITS}," if self.nonce_length is None else f"{self.nonce_length}"
        return re.fullmatch(f"[0-9a-f]{{{digits}}}", nonce) is not None

    @property
    def nonce_words(self) -> str:
        many = f"at least {FEWEST_DIGITS}" if self.nonce_length is None else str(self.nonce_length)
        return f"X-Api-Nonce must be {many} lowercase hexadecimal digits"

    def sign(self, secret: str, request: Request, timestamp: str, nonce: str) -> str:
        """Five lines, if nothing is set: method, path with its query, body, timestamp, nonce."""
        target = request.path + (f"?{request.query_string}" if request.query_string else "")
        parts = {
            "method": request.method.encode(),
            "path": target.encode("utf-8", "replace"),
            "body": request.body,
            "timestamp": timestamp.encode(),
            "nonce": nonce.encode(),
            "apiKey": request.headers.get("x-api-key", "").encode("utf-8", "replace"),
        }
        message = self.separator.encode().join(parts[name] for name in self.order)
        digest = hmac.digest(self._key(secret), message, self.hash)
        if self.digest == "base64":
            return base64.b64encode(digest).decode()
        return digest.hex().upper() if self.digest == "hexUpper" else digest.hex()

    def _key(self, secret: str) -> bytes:
        if self.secret_encoding == "hex":
            return bytes.fromhex(secret)
        return base64.b64decode(secret) if self.secret_encoding == "base64" else secret.encode()
