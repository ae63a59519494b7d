"""What single venues need beside what ccxt's words tell of them: a few lines for each."""

from __future__ import annotations

from typing import Any

from hummingbot.core.data_type.common import PositionAction
from hummingbot.core.data_type.in_flight_order import InFlightOrder

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


class Bitexasia(Quirks):
    """The venue lists no orders: one that another process has sent is found by sending it again."""

    honours_ids = True


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


OF_VENUES: dict[tuple[str, str], type[Quirks]] = {
    ("bitexasia", "spot"): Bitexasia,
    ("btex", "spot"): BtexSpot,
    ("btex", "perpetual"): BtexPerpetual,
}


def quirks_of(row: Row) -> Quirks:
    return OF_VENUES.get((row.id, row.kind), Quirks)()


def closes(tracked: InFlightOrder) -> bool:
    """Whether an order is to close a position."""
    return tracked.position is PositionAction.CLOSE
