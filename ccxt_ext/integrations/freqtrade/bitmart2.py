"""freqtrade's class for BitMart."""

from __future__ import annotations

from ccxt_ext.integrations.freqtrade.exchange import VenueExchange


class Bitmart2(VenueExchange):
    """BitMart openapi v2: spot, limit orders only."""
