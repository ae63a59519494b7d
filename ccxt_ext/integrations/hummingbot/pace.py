"""How often a venue is asked for what it does not stream: as often as leaves room for orders in its limit."""

from __future__ import annotations

from typing import Any

SHARE_OF_ACCOUNT = 0.5
"""How much of a venue's rate limit goes into looking at orders and balances, ..."""

SHARE_OF_BOOKS = 0.2
"""... into books, ..."""

SHARE_OF_TRADES = 0.05
"""... and into what others trade, which few strategies go by."""

OFTENEST_S = 2.0


def account_s(api: Any, pairs: int) -> float:
    """The seconds between two looks at an account: at its money and what it holds, and at each pair's orders
    and fills."""
    return _seconds(api, 2 + 2 * max(pairs, 1), SHARE_OF_ACCOUNT)


def books_s(api: Any, pairs: int) -> float:
    return _seconds(api, max(pairs, 1), SHARE_OF_BOOKS)


def trades_s(api: Any, pairs: int) -> float:
    return _seconds(api, max(pairs, 1), SHARE_OF_TRADES)


def _seconds(api: Any, requests: int, share: float) -> float:
    return max(OFTENEST_S, requests * float(api.rateLimit) / 1000 / share)
