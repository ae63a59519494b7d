"""Writes amounts and times as bitexbit does."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal

from ccxt_ext.sandbox.frontend import decimal_text

PLACES = 8


def text(amount: Decimal) -> str:
    """An amount as v2 and the gateway write it."""
    return decimal_text(amount, PLACES)


def number(amount: Decimal) -> Decimal:
    """An amount as v1 writes it: a JSON number with eight decimals, or more if the amount has more."""
    return Decimal(text(amount))


def seconds(time_ms: int) -> Decimal:
    return Decimal(time_ms).scaleb(-3)


def iso(time_ms: int) -> str:
    moment = datetime.fromtimestamp(time_ms / 1000, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time_ms % 1000:03d}000Z"
