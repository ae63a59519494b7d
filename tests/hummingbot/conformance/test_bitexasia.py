"""hummingbot's connector tests for bitexasia, over its documented payloads."""

from decimal import Decimal
from typing import Any

from hummingbot.connector.test_support.exchange_connector_test import AbstractExchangeConnectorTests
from hummingbot.core.data_type.common import OrderType, TradeType

from tests.hummingbot.conformance.answers import Answer, documented, json_of
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

URL = "https://api.bitexasia.com/v1"
PAIR = f"{BASE}-{QUOTE}"
STATES = {OPEN: "open", PARTLY: "partially_filled", FILLED: "filled", CANCELED: "cancelled"}

RULE = {
    "min_order_size": Decimal("0.01"),
    "min_price_increment": Decimal("0.0001"),
    "min_base_amount_increment": Decimal("1e-8"),
}
"""The trading rule that the market says."""


def payload(name: str) -> Any:
    return documented("bitexasia", name)


def order_row(id: str, **told: Any) -> dict[str, Any]:
    """The documented order, with what a test wants it to be."""
    return {**payload("assumed-post-orders"), "id": id, "pair": PAIR, "created_at": START_MS, **told}


class TestBitexasia(Case, AbstractExchangeConnectorTests.ExchangeConnectorTests):
    connector = "bitexasia"
    order_types = (OrderType.LIMIT, OrderType.MARKET)
    rule = RULE
    fee = None  # orders tell their fills, and no fee
    orders_tell_fills = True

    def markets(self, *more: str, broken: bool = False) -> Answer:
        body = payload("assumed-get-markets")
        online, _, halted = body["markets"]
        online |= {"pair": PAIR, "base": BASE, "quote": QUOTE, "tick_size": "0.0001", "min_size": "0.01"}
        if broken:
            del online["tick_size"]
        rows = [online]
        for pair in more:
            base, quote = pair.split("-")
            rows.append({**halted, "pair": pair, "base": base, "quote": quote})
        return Answer("GET", f"{URL}/markets", {"markets": rows})

    def ticker(self, price: str) -> Answer:
        body = {**payload("assumed-get-ticker"), "pair": PAIR, "last": price}
        return Answer("GET", f"{URL}/ticker/{PAIR}", body)

    def network(self) -> Answer:
        return Answer("GET", f"{URL}/orderbook/{PAIR}", {**payload("assumed-get-orderbook"), "pair": PAIR})

    def balances(self, held: Any) -> Answer:
        row = payload("assumed-get-balances")["balances"][0]
        rows = [
            {**row, "asset": asset, "total": str(total), "available": str(free), "locked": str(total - free)}
            for asset, (free, total) in held.items()
        ]
        return Answer("GET", f"{URL}/account/balances", {"balances": rows})

    def placed(self, id: str) -> Answer:
        body = order_row(id, size="100", remaining_size="100", price="10000")
        del body["client_order_id"]
        return Answer("POST", f"{URL}/orders", body)

    def row(self, order: Any, state: str, filled: Decimal, price: Decimal | None = None) -> dict[str, Any]:
        price = price or (self.expected_partial_fill_price if state == PARTLY else order.price)
        return order_row(
            order.exchange_order_id,
            client_order_id=order.client_order_id,
            side="buy" if order.trade_type is TradeType.BUY else "sell",
            status=STATES[state],
            price=str(order.price),
            size=str(order.amount),
            filled_size=str(filled),
            remaining_size=str(order.amount - filled),
            avg_fill_price=str(price) if filled else None,
        )

    def canceled(self, order: Any) -> Answer:
        url = f"{URL}/orders/{order.exchange_order_id}/cancel"
        return Answer("POST", url, self.row(order, CANCELED, Decimal(0)))

    def looked_up(self, order: Any, state: str, filled: Decimal) -> list[Answer]:
        return [Answer("GET", f"{URL}/orders/{order.exchange_order_id}", self.row(order, state, filled))]

    def fills(self, order: Any, amount: Decimal, price: Decimal) -> list[Answer]:
        state = FILLED if amount == order.amount else PARTLY
        url = f"{URL}/orders/{order.exchange_order_id}"
        return [Answer("GET", url, self.row(order, state, amount, price))]

    def order_refusal(self) -> Any:
        return payload("assumed-error-invalid_order")

    def not_found(self, answer: Answer) -> Answer:
        return answer.refused(404, payload("assumed-error-order_not_found"))

    def refused(self, answer: Answer) -> Answer:
        return answer.refused(403, payload("assumed-error-insufficient_scope"))

    def order_told(self, order: Any, state: str, filled: Decimal) -> list[Any]:
        return [self.api.parse_order(self.row(order, state, filled))]

    def validate_signed(self, request: Any) -> None:
        headers = request.kwargs["headers"]
        assert headers["X-Api-Key"] == MADE_UP["apiKey"]
        assert len(headers["X-Api-Signature"]) == 64
        assert int(headers["X-Api-Timestamp"]) > 0 and headers["X-Api-Nonce"]

    def validate_order(self, order: Any, request: Any) -> None:
        assert json_of(request) == {
            "pair": PAIR,
            "side": order.trade_type.name.lower(),
            "type": "limit",
            "price": "10000",
            "size": "100",
            "client_order_id": order.client_order_id,
        }

    def validate_cancel(self, order: Any, request: Any) -> None:
        assert not request.kwargs["data"]  # the address names the order

    validate_lookup = validate_fills = validate_cancel
