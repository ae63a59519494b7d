"""BTEX for those who watch. The venue has no streams: everything is polled."""

from typing import Any

from ccxt_ext.venue.answers import listings
from ccxt_ext.venue.streams.polls import OrdersPoll
from ccxt_ext.venue.streams.streaming import Streaming
from ccxt_ext.venues.btex import rest


class BtexOrders(OrdersPoll):
    exchange: rest.btex

    async def order_that_left(self, order: Any, patient: bool) -> Any:
        """The spot API looks up no order: its fills tell what became of it."""
        exchange = self.exchange
        symbol = listings.symbol_if_known(exchange, order["symbol"])
        if not exchange.is_spot("fetchOrder", exchange.optional_market(symbol), {})[0]:
            return await super().order_that_left(order, patient)
        fills = await exchange.fills_of_spot(order["id"], symbol)
        if exchange.is_filled(order, fills):
            return exchange.with_fills(order, "closed", fills)
        if not patient:
            return None  # a fill may not be listed yet
        open_orders = await exchange.fetch_open_orders(symbol)
        again = exchange.find_order(open_orders, order["id"])
        if again is not None or exchange.may_be_cut(open_orders):
            return again  # or one that the venue does not list, of so many
        return exchange.with_fills(order, "canceled", fills)


class btex(Streaming, rest.btex, polls={"orders": BtexOrders}):
    pass
