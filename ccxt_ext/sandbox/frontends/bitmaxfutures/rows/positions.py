"""BitMax's answers about positions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import decimal_text
from ccxt_ext.sandbox.frontend.engine import Market, Position, Terms, multiply, subtract

NOTHING = {
    "side": "NULL_VAL",
    "position": "0",
    "referenceCost": "0",
    "unrealizedPnl": "0",
    "realizedPnl": "0",
    "avgOpenPrice": "0",
}
"""What a row says where there is no position."""


def position_row(market: Market, position: Position | None, terms: Terms) -> dict[str, Any]:
    margin, stop, take = Decimal(0), None, None
    (index, mark), figures = market.index_and_mark_price, NOTHING
    mode, leverage = str(terms.margin_mode), terms.leverage
    if position is not None:
        figures = _figures(position, mark)
        mode, leverage = position.margin_mode, position.leverage
        margin = position.margin if mode == "isolated" else margin
        stop, take = position.stop_loss, position.take_profit
    return {
        "symbol": market.spec.id,
        **figures,
        "marginType": "isolated" if mode == "isolated" else "crossed",
        "isolatedMargin": decimal_text(margin) if margin else "0",
        "leverage": decimal_text(leverage),
        "takeProfitPrice": decimal_text(take) if take else "0",
        "takeProfitTrigger": "market",
        "stopLossPrice": decimal_text(stop) if stop else "0",
        "stopLossTrigger": "market",
        "buyOpenOrderNotional": decimal_text(terms.buys) if terms.buys else "0",
        "sellOpenOrderNotional": decimal_text(terms.sells) if terms.sells else "0",
        "indexPrice": decimal_text(index),
        "markPrice": decimal_text(mark),
    }


def _figures(position: Position, mark: Decimal) -> dict[str, str]:
    size = position.amount if position.side == "long" else position.amount.copy_negate()
    return {
        "side": position.side.upper(),
        "position": decimal_text(size),
        "referenceCost": decimal_text(subtract(position.unrealized, multiply(size, mark))),
        "unrealizedPnl": decimal_text(position.unrealized),
        "realizedPnl": decimal_text(position.realized),
        "avgOpenPrice": decimal_text(position.entry_price),
    }
