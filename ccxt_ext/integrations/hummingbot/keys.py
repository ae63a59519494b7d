"""The credentials that hummingbot asks for, from those that ccxt needs."""

from __future__ import annotations

import re

from ccxt_ext.integrations.hummingbot.shelf import Row


def credentials(row: Row) -> tuple[str, ...]:
    """ccxt's names of what the exchange needs."""
    return row.credentials


def field_name(name: str, credential: str) -> str:
    """hummingbot's name of a credential: each begins with the connector's."""
    words = re.sub("([A-Z])", r"_\\1", credential).lower()
    return f"{name}_{words}"
