"""BTEX for those who watch. The venue has no streams: everything is polled."""

from typing import Any

from ccxt_ext.venue.answers import listings
from ccxt_ext.venue.streams.streaming import Streaming
from ccxt_ext.venues.btex import rest


class btex(Streaming, rest.btex):
    async def order_that_left(self, order: Any, patient: bool) -> Any:
        """The spot API looks up no order: its fills tell what became of it."""
        symbol = listings.symbol_if_known(self, order["symbol"])
        if not self.is_spot("fetchOrder", self.optional_market(symbol), {})[0]:
            return await super().order_that_left(order, patient)
        fills = await self.fills_of_spot(order["id"], symbol)
        if self.is_filled(order, fills):
            return self.with_fills(order, "closed", fills)
        if not patient:
            return None  # a fill may not be listed yet
        open_orders = await self.fetch_open_orders(symbol)
        again = self.find_order(open_orders, order["id"])
        if again is not None or self.may_be_cut(open_orders):
            return again  # or one that the venue does not list, of so many
        return self.with_fills(order, "canceled", fills)
