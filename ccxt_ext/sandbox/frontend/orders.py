"""What several venues do with orders, in words of the engine's."""

from __future__ import annotations

from ccxt_ext.sandbox.engine import Engine, Fill, Order, Position, Side


def close_position(engine: Engine, position: Position) -> Order:
    """Close a position at the market's price, and return the order that does. Raises Refused."""
    side: Side = "sell" if position.side == "long" else "buy"
    return engine.place(
        position.account, position.market, side, None, position.amount, type="market", reduce_only=True
    )


def latest_fill(engine: Engine, order: Order) -> Fill | None:
    """The latest trade of an order; None if there is none."""
    fills = engine.newest_fills_of(order.account, order.id) if order.filled else ()
    return fills[0] if fills else None
