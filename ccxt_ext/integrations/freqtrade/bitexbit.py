"""freqtrade's class for bitexbit."""

from __future__ import annotations

from ccxt_ext.integrations.freqtrade.exchange import VenueExchange


class Bitexbit(VenueExchange):
    """bitexbit: spot, limit orders only."""
