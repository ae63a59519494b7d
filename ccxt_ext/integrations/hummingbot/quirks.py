"""What single venues need beside what ccxt's words tell of them: a few lines for each."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ccxt.base.errors import NotSupported
from hummingbot.core.data_type.common import PositionAction
from hummingbot.core.data_type.in_flight_order import InFlightOrder

from ccxt_ext.integrations.hummingbot import orders
from ccxt_ext.integrations.hummingbot.pairs import number
from ccxt_ext.integrations.hummingbot.row import Row


class Quirks:
    """Those of one connector. This one's venue has none."""

    reduce_only = True
    """Whether an order can be told to reduce a position only."""
    priced_market_orders = False
    """Whether a market order has to name a price, whatever it is bought or sold at."""
    honours_ids = False
    """Whether an order with an id of ours is placed once, however often it is sent, for good."""

    def order_params(self, connector: Any, tracked: InFlightOrder) -> dict[str, Any]:
        """What else goes along with an order."""
        return {}

    def remind(self, api: Any, symbol: str, tracked: InFlightOrder) -> None:
        """Tell the exchange of an order before it is looked up: another process may have placed it."""

    def contracts(self, position: Mapping[str, Any]) -> Decimal:
        """How many contracts a position has. Its side goes by their sign, if it says none."""
        told = number(position.get("contracts"))
        if told is None and number(position.get("entryPrice")):
            raise NotSupported(f"How much is held in {position['symbol']} is not told")
        return told or Decimal(0)

    def untold(self, trade: Mapping[str, Any], tracked: InFlightOrder, size: Decimal) -> Mapping[str, Any]:
        """What of a trade hummingbot has not been told yet as that of another one."""
        return trade


class Bitexasia(Quirks):
    """The venue lists no orders: one that another process has sent is found by sending it again."""

    honours_ids = True


class Bitmaxfutures(Quirks):
    """The venue tells how much of an order was filled, and ccxt's class makes a trade of what was filled
    between two looks. A process that was just started has looked less often than the one before: one of its
    trades may be several that were told, and more."""

    def untold(self, trade: Mapping[str, Any], tracked: InFlightOrder, size: Decimal) -> Mapping[str, Any]:
        last = filled_with(trade["id"])
        first = last - (number(trade["amount"]) or Decimal(0))
        told = [fill for id, fill in tracked.order_fills.items() if first < filled_with(id) < last]
        return orders.less(trade, told, size) if told else trade


def filled_with(trade_id: str) -> Decimal:
    """How much of its order was filled with a trade of BitMax's, as its id says."""
    return Decimal(trade_id.rpartition(":")[2])


class Bitfinex(Quirks):
    """ccxt's class calls the amount of a position its notional value."""

    def contracts(self, position: Mapping[str, Any]) -> Decimal:
        return number(position["notional"]) or Decimal(0)


class BtexSpot(Quirks):
    """The venue looks no order up, and lists the open ones. ccxt's class remembers what it has placed."""

    def remind(self, api: Any, symbol: str, tracked: InFlightOrder) -> None:
        id = tracked.exchange_order_id
        if id is None or id in api.memory.orders:
            return
        at = int(tracked.creation_timestamp * 1000)
        told = {
            "id": id,
            "timestamp": at,
            "datetime": api.iso8601(at),
            "symbol": symbol,
            "type": "limit",
            "timeInForce": "GTC",
            "side": tracked.trade_type.name.lower(),
            "price": float(tracked.price),
            "amount": float(tracked.amount),
        }
        api.memory.place(told, at)


class BtexPerpetual(Quirks):
    """The venue keeps neither leverage nor margin mode, and has no reduce-only orders."""

    reduce_only = False
    priced_market_orders = True

    def order_params(self, connector: Any, tracked: InFlightOrder) -> dict[str, Any]:
        """Those of the position, or else what was set: so none has to be asked for before each order."""
        pair = tracked.trading_pair
        mode = connector.positions.margin_modes.get(pair, "isolated")
        if pair not in connector.leverages:
            return {}
        return {"leverage": connector.leverages[pair], "marginMode": mode}


class Whitebit(Quirks):
    """ccxt's class leaves the amount of a position where the venue tells it."""

    def contracts(self, position: Mapping[str, Any]) -> Decimal:
        return number(position["info"]["amount"]) or Decimal(0)


OF_VENUES: dict[tuple[str, str], type[Quirks]] = {
    ("bitexasia", "spot"): Bitexasia,
    ("bitfinex", "perpetual"): Bitfinex,
    ("bitmaxfutures", "perpetual"): Bitmaxfutures,
    ("btex", "spot"): BtexSpot,
    ("btex", "perpetual"): BtexPerpetual,
    ("whitebit", "perpetual"): Whitebit,
}


def quirks_of(row: Row) -> Quirks:
    return OF_VENUES.get((row.id, row.kind), Quirks)()


def closes(tracked: InFlightOrder) -> bool:
    """Whether an order is to close a position."""
    return tracked.position is PositionAction.CLOSE
