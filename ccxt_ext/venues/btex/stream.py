"""BTEX for those who watch. The venue has no streams: everything is polled."""

from typing import Any

from ccxt_ext.venue.answers import listings
from ccxt_ext.venue.calls import symbols
from ccxt_ext.venue.streams.polls import OrdersPoll
from ccxt_ext.venue.streams.streaming import Streaming
from ccxt_ext.venues.btex import fate, kinds, rest, rest_orders


class BtexOrders(OrdersPoll):
    exchange: rest.btex

    async def order_that_left(self, order: Any, patient: bool) -> Any:
        """The spot API looks up no order: its fills tell what became of it."""
        exchange = self.exchange
        symbol = listings.symbol_if_known(exchange, order["symbol"])
        if not kinds.is_spot(exchange, "fetchOrder", symbols.optional_market(exchange, symbol), {})[0]:
            return await super().order_that_left(order, patient)
        fills = await rest_orders.spot_fills(exchange, order["id"], symbol)
        if fate.is_filled(exchange, order, fills):
            return fate.with_fills(exchange, order, "closed", fills)
        if not patient:
            return None  # a fill may not be listed yet
        open_orders = await exchange.fetch_open_orders(symbol)
        again = fate.find_order(open_orders, order["id"])
        if again is not None or fate.may_be_cut(exchange, open_orders):
            return again  # or one that the venue does not list, of so many
        return fate.with_fills(exchange, order, "canceled", fills)


class btex(Streaming, rest.btex, polls={"orders": BtexOrders}):
    pass
