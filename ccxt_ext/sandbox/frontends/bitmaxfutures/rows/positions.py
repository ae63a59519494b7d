"""BitMax's answers about positions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import decimal_text
from ccxt_ext.sandbox.frontend.engine import Market, Order, Position, add, multiply, subtract


def position_row(
    market: Market, position: Position | None, mode: str, leverage: Decimal, orders: Sequence[Order]
) -> dict[str, Any]:
    size = unrealized = realized = entry = margin = Decimal(0)
    stop = take = None
    side = "NULL_VAL"
    if position is not None:
        side = position.side.upper()
        size = position.amount if position.side == "long" else position.amount.copy_negate()
        unrealized, realized = position.unrealized, position.realized
        entry = position.entry_price
        mode, leverage = position.margin_mode, position.leverage
        margin = position.margin if mode == "isolated" else margin
        stop, take = position.stop_loss, position.take_profit
    mark = market.mark_price
    notional = {"buy": Decimal(0), "sell": Decimal(0)}
    for order in orders:
        price = order.price or order.trigger_price or mark
        notional[order.side] = add(notional[order.side], multiply(price, order.remaining))
    return {
        "symbol": market.spec.id,
        "side": side,
        "position": decimal_text(size),
        "referenceCost": decimal_text(subtract(unrealized, multiply(size, mark))),
        "unrealizedPnl": decimal_text(unrealized),
        "realizedPnl": decimal_text(realized),
        "avgOpenPrice": decimal_text(entry),
        "marginType": "isolated" if mode == "isolated" else "crossed",
        "isolatedMargin": decimal_text(margin),
        "leverage": decimal_text(leverage),
        "takeProfitPrice": decimal_text(take or Decimal(0)),
        "takeProfitTrigger": "market",
        "stopLossPrice": decimal_text(stop or Decimal(0)),
        "stopLossTrigger": "market",
        "buyOpenOrderNotional": decimal_text(notional["buy"]),
        "sellOpenOrderNotional": decimal_text(notional["sell"]),
        "indexPrice": decimal_text(market.index_price),
        "markPrice": decimal_text(mark),
    }
