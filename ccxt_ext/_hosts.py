"""Which hosts a sandbox may be at: both its clients and what attaches to it ask here."""

from __future__ import annotations

import ipaddress
import os

VARIABLE = "CCXT_EXT_ALLOW_HOSTS"


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def may_be_a_sandbox(host: str) -> bool:
    """Whether a sandbox may be there: on this machine, or where its user has allowed it by the variable."""
    return is_loopback(host) or host.lower() in allowed()


def allowed() -> set[str]:
    """The hosts that CCXT_EXT_ALLOW_HOSTS names, with commas or blanks between them."""
    return set(os.environ.get(VARIABLE, "").lower().replace(",", " ").split())


def why_not(host: str) -> str:
    return f"{host} is not loopback, and {VARIABLE} does not name it"
