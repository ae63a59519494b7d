"""hummingbot's connector tests for bitexbit, over its documented payloads."""

from decimal import Decimal
from typing import Any

from hummingbot.connector.test_support.exchange_connector_test import AbstractExchangeConnectorTests
from hummingbot.core.data_type.common import OrderType

from tests.hummingbot.conformance.answers import Answer, documented, json_of, query_of
from tests.hummingbot.conformance.case import (
    BASE,
    CANCELED,
    FILLED,
    MADE_UP,
    OPEN,
    PARTLY,
    QUOTE,
    START_MS,
    Case,
)

V1, V2 = "https://bitexbit.com/api/v1", "https://bitexbit.com/api/v2"
PAIR = f"{BASE}_{QUOTE}"
STATES = {OPEN: "submitted", PARTLY: "partial-filled", FILLED: "filled", CANCELED: "canceled"}

RULE = {
    "min_order_size": Decimal("0.01"),
    "max_order_size": Decimal("100000000.0"),
    "min_price_increment": Decimal("0.0001"),
    "min_base_amount_increment": Decimal("0.000001"),
    "min_notional_size": Decimal("0.00001"),
    "supports_market_orders": False,
}
"""The trading rule that the market says."""


def payload(name: str) -> Any:
    return documented("bitexbit", name)


class TestBitexbit(Case, AbstractExchangeConnectorTests.ExchangeConnectorTests):
    connector = "bitexbit"
    order_types = (OrderType.LIMIT,)
    rule = RULE

    def markets(self, *more: str, broken: bool = False) -> Answer:
        """v1's list, to which v2's adds."""
        row = payload("v1-pairs")[0]
        rows = [
            {**row, "name": pair, "currency1": base, "currency2": quote, "price_precision": 4}
            for pair in (PAIR, *(each.replace("-", "_") for each in more))
            for base, quote in [pair.split("_")]
        ]
        if broken:
            del rows[0]["price_precision"]
        return Answer("GET", f"{V1}/pairs/", rows)

    def standing(self) -> list[Answer]:
        row = payload("v2-public-pairs")[0] | {"min_amount": "0.01"}
        del row["price_precision"]
        ended = {**row, "symbol": "INVALID_PAIR", "base": "INVALID", "quote": "PAIR", "is_enabled": False}
        return [
            Answer(
                "GET", f"{V2}/public/pairs", [{**row, "symbol": PAIR, "base": BASE, "quote": QUOTE}, ended]
            ),
            Answer("GET", f"{V1}/currencies/", payload("v1-currencies")),
            Answer("GET", f"{V2}/public/currencies", payload("v2-public-currencies")),
        ]

    def ticker(self, price: str) -> Answer:
        body = [{**payload("v2-public-tickers")[0], "symbol": PAIR, "last": price}]
        return Answer("GET", f"{V2}/public/tickers", body)

    def network(self) -> Answer:
        return Answer("GET", f"{V1}/orderbook/{PAIR}/", payload("v1-orderbook-grouped"))

    def balances(self, held: Any) -> Answer:
        row = payload("v1-wallets")[0]
        rows = [
            {**row, "currency": asset, "balance": total, "reserve": total - free}
            for asset, (free, total) in held.items()
        ]
        return Answer("GET", f"{V1}/wallets/", rows)

    def placed(self, id: str) -> Answer:
        body = payload("v2-private-order-create")
        body["order"] |= {"id": int(id), "date": START_MS, "symbol": PAIR, "type": "buy-limit"}
        body["order"] |= {"price": "10000.0", "amount": "100.0", "amount_unfilled": "100.0"}
        return Answer("POST", f"{V2}/private/order/create", body)

    def row(self, order: Any, state: str, filled: Decimal) -> dict[str, Any]:
        canceled = order.amount - filled if state == CANCELED else None
        return {
            **payload("v2-private-order-create")["order"],
            "id": int(order.exchange_order_id),
            "date": START_MS,
            "symbol": PAIR,
            "type": f"{order.trade_type.name.lower()}-limit",
            "price": str(order.price),
            "amount": str(order.amount),
            "amount_unfilled": "0" if canceled else str(order.amount - filled),
            "amount_filled": str(filled),
            "amount_cancelled": canceled and str(canceled),
            "value_filled": str(filled * order.price),
            "fee_filled": self.fee if filled else "0",
            "state": STATES[state],
        }

    def canceled(self, order: Any) -> Answer:
        body = payload("v2-private-order-cancel")
        body["order"] = self.row(order, CANCELED, Decimal(0))
        return Answer("POST", f"{V2}/private/order/{order.exchange_order_id}/cancel", body)

    def looked_up(self, order: Any, state: str, filled: Decimal) -> list[Answer]:
        return [Answer("GET", f"{V2}/private/orders", [self.row(order, state, filled)])]

    def fills(self, order: Any, amount: Decimal, price: Decimal) -> list[Answer]:
        """v2's list, which tells the fee, and v1's, which tells the order."""
        told = {
            **payload("v2-private-trades")[0],
            "id": int(self.expected_fill_trade_id),
            "date": START_MS,
            "type": order.trade_type.name.lower(),
            "symbol": PAIR,
            "price": str(price),
            "amount": str(amount),
            "fee_amount": self.fee,
            "fee_symbol": QUOTE,
        }
        row = {
            **payload("v1-exchanges")[0],
            "id": int(self.expected_fill_trade_id),
            "o_id": int(order.exchange_order_id),
            "pair": PAIR,
            "type": order.trade_type.name.lower(),
        }
        return [
            Answer("GET", f"{V2}/private/trades", [told]),
            Answer("GET", f"{V1}/exchanges/own/", [row]),
        ]

    def order_refusal(self) -> Any:
        return {"error": "Invalid price"}

    def not_found(self, answer: Answer) -> Answer:
        if answer.method == "GET":
            return answer.refused(200, [])  # a list without it
        return answer.refused(404, {"error": "Order not found"})

    def refused(self, answer: Answer) -> Answer:
        return answer.refused(403, {"error": "Permission denied"})

    def order_told(self, order: Any, state: str, filled: Decimal) -> list[Any]:
        return [self.api.parse_order(self.row(order, state, filled))]

    def validate_signed(self, request: Any) -> None:
        headers = {name.lower(): value for name, value in request.kwargs["headers"].items()}
        assert headers["x-api-key"] == MADE_UP["apiKey"]
        assert len(headers["x-signature"]) == 64 and int(headers["x-nonce"]) > 0

    def validate_order(self, order: Any, request: Any) -> None:
        assert json_of(request) == {
            "symbol": PAIR,
            "type": f"{order.trade_type.name.lower()}-limit",
            "price": "10000",
            "amount": "100",
        }

    def validate_cancel(self, order: Any, request: Any) -> None:
        assert json_of(request) == {}  # the address names the order

    def validate_lookup(self, order: Any, request: Any) -> None:
        asked = query_of(request)
        id = int(order.exchange_order_id)
        assert (asked["symbol"], asked["since_id"], asked["until_id"]) == (PAIR, str(id - 1), str(id + 1))

    def validate_fills(self, order: Any, request: Any) -> None:
        assert query_of(request)["symbol"] == PAIR
