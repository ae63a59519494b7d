"""hummingbot's connector tests for bitmart2, over its documented payloads."""

from decimal import Decimal
from typing import Any

from hummingbot.connector.test_support.exchange_connector_test import AbstractExchangeConnectorTests
from hummingbot.core.data_type.common import OrderType, TradeType

from tests.hummingbot.conformance.answers import Answer, documented, json_of, query_of
from tests.hummingbot.conformance.case import (
    BASE,
    CANCELED,
    FILLED,
    OPEN,
    PARTLY,
    QUOTE,
    START_MS,
    Case,
)

URL = "https://openapi.bitmart.com/v2"
PAIR = f"{BASE}_{QUOTE}"
STATES = {OPEN: 1, PARTLY: 2, FILLED: 3, CANCELED: 4}

RULE = {
    "min_order_size": Decimal("0.01"),
    "max_order_size": Decimal("100000000.0"),
    "min_price_increment": Decimal("1e-08"),
    "min_base_amount_increment": Decimal("0.01"),
    "supports_market_orders": False,
}
"""The trading rule that the market says."""


def payload(name: str) -> Any:
    return documented("bitmart2", name)


class TestBitmart2(Case, AbstractExchangeConnectorTests.ExchangeConnectorTests):
    connector = "bitmart2"
    order_types = (OrderType.LIMIT,)
    rule = RULE

    def markets(self, *more: str, broken: bool = False) -> Answer:
        row = payload("v2-symbols_details")[0]
        ours = {**row, "id": PAIR, "base_currency": BASE, "quote_currency": QUOTE}
        if broken:
            del ours["price_max_precision"]
        # One whose trading has ended.
        others = [
            {**row, "id": pair.replace("-", "_"), "base_currency": base, "quote_currency": quote}
            | {"expiration": "2019-01-01 00:00:00"}
            for pair in more
            for base, quote in [pair.split("-")]
        ]
        return Answer("GET", f"{URL}/symbols_details", [ours, *others])

    def standing(self) -> list[Answer]:
        return [
            Answer("GET", f"{URL}/currencies", payload("v2-currencies")),
            Answer("POST", f"{URL}/authentication", payload("v2-authentication")),
        ]

    def ticker(self, price: str) -> Answer:
        body = {**payload("v2-ticker"), "symbol_id": PAIR, "current_price": price}
        return Answer("GET", f"{URL}/ticker", body)

    def network(self) -> Answer:
        return Answer("GET", f"{URL}/time", payload("v2-time"))

    def balances(self, held: Any) -> Answer:
        row = payload("v2-wallet")[0]
        rows = [
            {**row, "id": asset, "name": asset, "available": free, "frozen": total - free}
            for asset, (free, total) in held.items()
        ]
        return Answer("GET", f"{URL}/wallet", rows)

    def placed(self, id: str) -> Answer:
        return Answer("POST", f"{URL}/orders", {**payload("v2-post_order"), "entrust_id": int(id)})

    def canceled(self, order: Any) -> Answer:
        return Answer("DELETE", f"{URL}/orders/{order.exchange_order_id}", payload("v2-cancel_order"))

    def row(self, order: Any, state: str, filled: Decimal) -> dict[str, Any]:
        return {
            **payload("v2-order_details"),
            "entrust_id": int(order.exchange_order_id),
            "symbol": PAIR,
            "timestamp": START_MS,
            "side": order.trade_type.name.lower(),
            "price": f"{order.price}.000000",
            "fees": self.fee if filled else "0",
            "original_amount": str(order.amount),
            "executed_amount": str(filled),
            "remaining_amount": str(order.amount - filled),
            "status": STATES[state],
        }

    def looked_up(self, order: Any, state: str, filled: Decimal) -> list[Answer]:
        """The order, and its fills, which alone tell what it cost."""
        found = [Answer("GET", f"{URL}/orders/{order.exchange_order_id}", self.row(order, state, filled))]
        if filled:
            price = order.price if state == FILLED else self.expected_partial_fill_price
            found += self.fills(order, filled, price)
        return found

    def fills(self, order: Any, amount: Decimal, price: Decimal) -> list[Answer]:
        page = payload("v2-trade_history")
        row = {
            **page["trades"][0],
            "symbol": PAIR,
            "amount": str(amount),
            "price": str(price),
            "fees": self.fee,
            "trade_id": int(self.expected_fill_trade_id),
            "entrust_id": int(order.exchange_order_id),
            "timestamp": START_MS,
        }
        body = {**page, "total_trades": 1, "total_pages": 1, "trades": [row]}
        return [Answer("GET", f"{URL}/trades", body)]

    def order_refusal(self) -> Any:
        return payload("observed-error-place_order")

    def not_found(self, answer: Answer) -> Answer:
        return answer.refused(404, payload("observed-error-not_found"))

    def refused(self, answer: Answer) -> Answer:
        return answer.refused(400, payload("observed-error-invalid_status"))

    def order_told(self, order: Any, state: str, filled: Decimal) -> list[Any]:
        return [self.api.parse_order(self.row(order, state, filled))]

    def validate_signed(self, request: Any) -> None:
        headers = request.kwargs["headers"]
        assert headers["X-BM-AUTHORIZATION"] == f"Bearer {payload('v2-authentication')['access_token']}"
        assert int(headers["X-BM-TIMESTAMP"]) > 0

    def validate_order(self, order: Any, request: Any) -> None:
        assert json_of(request) == {
            "symbol": PAIR,
            "amount": 100,
            "price": 10000,
            "side": "buy" if order.trade_type is TradeType.BUY else "sell",
        }
        assert len(request.kwargs["headers"]["X-BM-SIGNATURE"]) == 64

    def validate_cancel(self, order: Any, request: Any) -> None:
        assert len(request.kwargs["headers"]["X-BM-SIGNATURE"]) == 64  # the address names the order

    def validate_lookup(self, order: Any, request: Any) -> None:
        assert not request.kwargs.get("data")  # the address names the order

    def validate_fills(self, order: Any, request: Any) -> None:
        assert query_of(request)["symbol"] == PAIR
