"""Answers to orders that come when their connector was stopped already: the next one asks for them.

hummingbot's `start` makes new connectors, in the same process. They have the orders of hummingbot's database,
which nobody told of such an answer.
"""

from __future__ import annotations

from typing import Any

from ccxt_ext.venue.keys.shared import Shared, shared

KIND = "ids by client order ids"


def keep(api: Any, client_id: str, order_id: str) -> None:
    of_key(api).keep(KIND, client_id, order_id)


def answer(api: Any, client_id: str) -> dict[str, str] | None:
    """What is known of such an order: its id."""
    kept = of_key(api).kept(KIND, client_id)
    return None if kept is None else {"id": kept.value}


def of_key(api: Any) -> Shared:
    return shared("hummingbot", api.id, repr(api.urls["api"]), str(api.apiKey))
