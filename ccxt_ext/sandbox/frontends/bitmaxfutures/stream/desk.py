"""What every connection needs of the venue."""

from __future__ import annotations

from dataclasses import dataclass

from ccxt_ext.sandbox.frontend import Feed, VenueClock
from ccxt_ext.sandbox.frontend.engine import Engine
from ccxt_ext.sandbox.frontends.bitmaxfutures.keys import Signatures
from ccxt_ext.sandbox.frontends.bitmaxfutures.news_queue import NewsQueue
from ccxt_ext.sandbox.frontends.bitmaxfutures.orders import Orders
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.channels import Channels


@dataclass(frozen=True)
class Desk:
    engine: Engine
    clock: VenueClock
    feed: Feed
    signatures: Signatures
    orders: Orders
    news: NewsQueue
    channels: Channels
    snapshot_has_id: bool
    """Whether a snapshot of a book tells the id of its request."""
