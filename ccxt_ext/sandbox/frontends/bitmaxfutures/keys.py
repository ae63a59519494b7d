"""BitMax's API keys and signatures."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ccxt_ext.sandbox.frontend import Keys, VenueClock, digest
from ccxt_ext.sandbox.frontends.bitmaxfutures.parameters import check_time
from ccxt_ext.sandbox.frontends.bitmaxfutures.refusals import NO_ACCOUNT, NO_AUTHORIZATION, Declined

VENUE = "bitmaxfutures"
PERMISSIONS = ("view", "trade", "transfer")
GROUPS = {"config": 0, "counterparty": 1}
"""The groups of these accounts. Others have any but these."""
_TIMESTAMP = re.compile(r"[0-9]{1,18}")
STREAM_PATH = "v2/stream"
"""What is signed to open a stream."""


@dataclass(frozen=True)
class Key:
    account: str
    api_key: str
    secret: str
    group: int
    uid: str
    """"U" and 10 digits."""
    permissions: tuple[str, ...] = PERMISSIONS

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """The account's ids, which are in most answers about it."""
        return {"ac": "FUTURES", "accountId": f"fut{digest(VENUE, self.account, 'futures')[:29]}"}

    @property
    def cash_id(self) -> str:
        return f"csh{digest(VENUE, self.account, 'cash')[:29]}"

    @property
    def margin_id(self) -> str:
        return f"mar{digest(VENUE, self.account, 'margin')[:29]}"

    def lacks(self, permission: str) -> Declined:
        """The refusal for a key without a permission."""
        return Declined(200015, f"Permission denied: {permission}")

    def check_stream(self, group: str | None) -> None:
        """A key that may be used on a stream, at the address of its group only."""
        if group != str(self.group):
            raise Declined(200006, NO_ACCOUNT)
        if "trade" not in self.permissions:
            raise self.lacks("trade")


def first_key(account: str) -> Key:
    """The key with which an account of the sandbox begins."""
    group = GROUPS.get(account)
    if group is None:
        group = len(GROUPS) + int(digest(VENUE, account, "group")[:12], 16) % 1000
    secret = bytes.fromhex(digest(VENUE, account, "secret") + digest(VENUE, account, "more")[:32])
    return Key(
        account,
        digest(VENUE, account, "key")[:32],
        base64.b64encode(secret).decode().replace("+", "x").replace("/", "y"),
        group=group,
        uid=f"U{int(digest(VENUE, account, 'uid')[:12], 16) % 10**10:010d}",
    )


class Signatures:
    """Finds the key of a request by its signature."""

    def __init__(
        self, keys: Keys[Key], clock: VenueClock, secret_format: str | None, refusal_status: int
    ) -> None:
        """`secret_format`: how the secret becomes the key of the HMAC, "raw" or "base64"; None takes both.
        `refusal_status`: of the response to a request without a proper signature."""
        self._keys = keys
        self._clock = clock
        self._secret_format = secret_format
        self.refusal_status = refusal_status

    def key_of_request(self, headers: Mapping[str, str], path: str) -> Key:
        """The key that an HTTP request is signed with; `path` is what has to be signed."""
        api_key, timestamp = headers.get("x-auth-key", ""), headers.get("x-auth-timestamp", "")
        signature = headers.get("x-auth-signature", "")
        if not api_key or not timestamp or not signature:
            raise Declined(100009, NO_AUTHORIZATION, self.refusal_status)
        return self.find_key(api_key, timestamp, signature, path)

    def knows(self, api_key: str) -> bool:
        return self._keys.get(api_key) is not None

    def find_key(self, api_key: str, timestamp: str, signature: str, path: str) -> Key:
        """The key that was signed with, if all is right."""
        key = self._keys.get(api_key)
        if key is None:
            raise Declined(200001, "Authentication failed", self.refusal_status)
        given = signature.encode("utf-8", "replace")
        signed = f"{timestamp}+{path}".encode("utf-8", "replace")
        for each in hmac_keys(key.secret, self._secret_format):
            if hmac.compare_digest(given, sign(each, signed)):
                break
        else:
            raise Declined(200001, "Authentication failed", self.refusal_status)
        if not _TIMESTAMP.fullmatch(timestamp):
            raise Declined(100011, "Invalid timestamp")
        check_time(self._clock, int(timestamp))
        return key


@lru_cache(maxsize=100)
def hmac_keys(secret: str, secret_format: str | None) -> tuple[bytes, ...]:
    """The secret as the page has it, or decoded, as the venue's demos do; the venue once took both."""
    found = {"raw": secret.encode()}
    with suppress(binascii.Error):  # not every secret can be decoded
        found["base64"] = base64.b64decode(secret + "=" * (-len(secret) % 4))
    return tuple(key for name, key in found.items() if secret_format in (None, name))


def sign(key: bytes, text: bytes) -> bytes:
    return binascii.b2a_base64(hmac.digest(key, text, "sha256"), newline=False)
