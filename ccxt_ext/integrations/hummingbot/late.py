"""Answers to orders that come when nobody writes them into hummingbot's database: the next connector asks.

hummingbot's `stop` drops a connector, and `start` makes another one in the same process. It has the orders of
the database, which nobody told of an answer that came after the `stop`.
"""

from __future__ import annotations

from ccxt_ext.integrations.hummingbot.client import Client
from ccxt_ext.venue.keys.shared import Shared, shared

KIND = "ids by client order ids"


def keep(client: Client, client_id: str, order_id: str) -> None:
    of_key(client).keep(KIND, client_id, order_id)


def answer(client: Client, client_id: str) -> dict[str, str] | None:
    """What is known of such an order: its id."""
    kept = of_key(client).kept(KIND, client_id)
    return None if kept is None else {"id": kept.value}


def of_key(client: Client) -> Shared:
    return shared("hummingbot", client.id, *client.credentials.values())
