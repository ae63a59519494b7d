"""The names of headers and fields that carry secrets."""

from __future__ import annotations

import re

_SECRET = re.compile(
    r"""(?x)
    .*( apikey | accesskey | secret | secretkey | privatekey | passphrase | password | passwd | signature
      | apisign | accesssign | authsign | authorization | accesstoken | refreshtoken | authtoken
      | sessiontoken
      | listenkey | cookie | bearer | wstoken | csrftoken )
    | sign | sig | jwt | otp | totp | twofa | hmac | xkey | xsign | clientsecret
    """
)

_TOKEN = re.compile(r"token|key|auth|session|sessionid|clientid|streamkey|connectionkey|accountkey|apitoken")

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")

LONG = 16
"""From this length on a text with a name such as `token` is no currency's."""


def plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def carries_secret(name: str, value: str, asked: bool) -> bool:
    """Whether a field of a request (`asked`) or of an answer holds a secret, by its name."""
    name = plain(name)
    if _SECRET.fullmatch(name):
        # An answer may have a short text by such a name, such as the sign of a currency.
        return asked or len(value) >= 8
    if _TOKEN.fullmatch(name):
        return len(value) >= LONG and not re.search(r"\s", value) and not _ADDRESS.fullmatch(value)
    return False
