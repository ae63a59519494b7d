"""BitMart's private calls that only read: the wallet, orders and trades of an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import Json, Refusal, Request, as_json, decimal_text
from ccxt_ext.sandbox.frontend.engine import Engine, Fill, Order
from ccxt_ext.sandbox.frontends.bitmart2.listings import Listing
from ccxt_ext.sandbox.frontends.bitmart2.parameters import integer, market_named, order_id, page, text
from ccxt_ext.sandbox.frontends.bitmart2.rows import my_trade_row, order_row
from ccxt_ext.sandbox.frontends.bitmart2.tokens import Key

# What the list of orders can be asked for, and the statuses of the orders that are then in it. The venue no
# longer takes 0 and 6.
_STATUSES = {1: ("untouched",), 2: ("part_filled",), 3: ("closed",), 4: ("canceled",), 5: ("open",)}
_STATUS_6 = (
    "Invalid status. status=6 not support any more, please use 3:deal_success orders, 4:cancelled orders"
)


class AccountData:
    def __init__(
        self,
        engine: Engine,
        listings: Mapping[str, Listing],
        currencies: Mapping[str, str],
        *,
        trades_tell_side: bool,
    ) -> None:
        self._engine = engine
        self._listings = listings
        self._currencies = currencies
        self._trades_tell_side = trades_tell_side

    def wallet(self, request: Request, key: Key) -> Any:
        balances = self._engine.balances(key.account)
        rows = []
        for currency, name in self._currencies.items():
            balance = balances.get(currency)
            free, held = (balance.free, balance.held) if balance else (Decimal(0), Decimal(0))
            rows.append(
                {
                    "name": name,
                    "available": decimal_text(free, 10),
                    "frozen": decimal_text(held, 10),
                    "id": currency,
                }
            )
        return rows

    def orders(self, request: Request, key: Key) -> Any:
        symbol = text(request, "symbol")
        status = integer(request, "status")
        offset, limit = page(request)
        if status == 6:
            raise Refusal(400, _STATUS_6)
        if status not in _STATUSES:
            raise Refusal(400, "Invalid status")
        market_named(self._engine.markets, symbol)
        found = self._engine.newest_orders(key.account, symbol, _STATUSES[status])
        part = found[offset * limit : (offset + 1) * limit]
        places = self._listings[symbol].price_max_precision
        rows = self._engine.rows_of(
            key.account, part, places, lambda order: as_json(order_row(order, places))
        )
        head = {
            "total_pages": -(-len(found) // limit),
            "total_orders": len(found),
            "current_page": offset,
        }
        return as_json(head, orders=Json(f"[{','.join(rows)}]"))

    def order(self, request: Request, key: Key, entrust_id: str) -> Any:
        order = self._engine.order(key.account, order_id(entrust_id))
        if order is None:
            raise Refusal(404, "Not found")
        return self._order_row(order)

    def _order_row(self, order: Order) -> dict[str, Any]:
        return order_row(order, self._listings[order.market].price_max_precision)

    def trades(self, request: Request, key: Key) -> Any:
        symbol = text(request, "symbol")
        if "entrust_id" in request.query:
            number = integer(request, "entrust_id")
            fills: Sequence[Fill] = self._engine.fills(key.account, self._market_id(symbol), number)
            offset, limit = 0, max(len(fills), 1)
        else:
            if not {"offset", "limit"} <= request.query.keys():
                # So the live venue answered, although for orders it names the missing parameter.
                raise Refusal(500, "Internal Server Error")
            offset, limit = page(request)
            fills = self._engine.newest_fills(key.account, self._market_id(symbol))
        rows = fills[offset * limit : (offset + 1) * limit]
        return {
            "total_trades": len(fills),
            "total_pages": -(-len(fills) // limit),
            "current_page": offset,
            "trades": [self._trade_row(fill) for fill in rows],
        }

    def _market_id(self, symbol: str) -> str:
        return market_named(self._engine.markets, symbol).spec.id

    def _trade_row(self, fill: Fill) -> dict[str, Any]:
        decimals = self._listings[fill.market].price_max_precision
        return my_trade_row(fill, decimals, self._trades_tell_side)
