"""BitMax's answers about positions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import decimal_text
from ccxt_ext.sandbox.frontend.engine import Market, Position, multiply, subtract


def position_row(
    market: Market, position: Position | None, mode: str, leverage: Decimal, buys: Decimal, sells: Decimal
) -> dict[str, Any]:
    """`buys` and `sells` are what the open orders are worth."""
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
        "buyOpenOrderNotional": decimal_text(buys),
        "sellOpenOrderNotional": decimal_text(sells),
        "indexPrice": decimal_text(market.index_price),
        "markPrice": decimal_text(mark),
    }
