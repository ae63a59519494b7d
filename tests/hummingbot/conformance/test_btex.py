"""hummingbot's connector tests for btex, over the documented payloads of its spot API."""

from decimal import Decimal
from typing import Any

from hummingbot.connector.test_support.exchange_connector_test import AbstractExchangeConnectorTests
from hummingbot.core.data_type.common import OrderType

from tests.hummingbot.conformance.answers import Answer, documented, form_of
from tests.hummingbot.conformance.case import (
    BASE,
    CANCELED,
    FILLED,
    MADE_UP,
    OPEN,
    QUOTE,
    START_MS,
    Case,
)

URL = "https://api.btex.com"
PRIVATE = f"{URL}/openapi1/auth_api"
PAIR = f"{BASE}_{QUOTE}"

RULE = {
    "min_order_size": Decimal("0.001"),
    "max_order_size": Decimal("1000.0"),
    "min_price_increment": Decimal("0.01"),
    "min_base_amount_increment": Decimal("0.0001"),
}
"""The trading rule that the market says."""


def payload(name: str) -> Any:
    return documented("btex", name)


def asked(method: str, body: Any) -> Answer:
    """All that concerns an account goes to one address."""
    return Answer("POST", PRIVATE, body, asked={"method": method})


class TestBtex(Case, AbstractExchangeConnectorTests.ExchangeConnectorTests):
    connector = "btex"
    fee_token = BASE  # of what is bought
    order_types = (OrderType.LIMIT,)
    rule = RULE

    def markets(self, *more: str, broken: bool = False) -> Answer:
        body = payload("openapi1-pairs")
        row = body["data"]["BTC_USDT"]
        ours = {**row, "max_trade_num": "1000.00000000"}
        if broken:
            del ours["price_float_num"]
        body["data"] = {PAIR: ours} | {pair.replace("-", "_"): {**row, "status": "0"} for pair in more}
        return Answer("GET", f"{URL}/openapi1/pairs", body)

    def standing(self) -> list[Answer]:
        return [Answer("GET", f"{URL}/mx_data/contracts", payload("mx_data-contracts"))]

    def ticker(self, price: str) -> Answer:
        body = payload("openapi1-pair")
        row = body["data"].popitem()[1]
        body["data"][PAIR] = {**row, "ticker": {**row["ticker"], "trade_price": price}}
        return Answer("GET", f"{URL}/openapi1/pair", body)

    def network(self) -> Answer:
        return Answer("GET", f"{URL}/openapi1/orderbook", payload("openapi1-orderbook"))

    def balances(self, held: Any) -> Answer:
        body = payload("openapi1-auth_api-getinfo")
        body["data"]["balances_available"] = {asset: free for asset, (free, _) in held.items()}
        body["data"]["balance_hold"] = {asset: total - free for asset, (free, total) in held.items()}
        return asked("getinfo", body)

    def placed(self, id: str) -> Answer:
        body = payload("openapi1-auth_api-buy_coin")
        body["data"]["order_id"] = int(id)
        return Answer("POST", PRIVATE, body)

    def canceled(self, order: Any) -> Answer:
        answer = asked("cancel_order", payload("openapi1-auth_api-cancel_order"))
        answer.asked["order_id"] = order.exchange_order_id
        return answer

    def open_rows(self, order: Any, state: str, filled: Decimal) -> Answer:
        body = payload("openapi1-auth_api-myorders")
        left = order.amount - filled
        row = {
            **body["data"][0],
            "order_id": order.exchange_order_id,
            "type": BASE,
            "danwei": QUOTE,
            "ctime": str(START_MS // 1000),
            "price": str(order.price),
            "num": str(order.amount),
            "total": str(order.amount * order.price),
            "rest_num": str(left),
            "rest_total": str(left * order.price),
            "order_type": order.trade_type.name.lower(),
        }
        body["data"] = [] if state in (FILLED, CANCELED) else [row]
        return asked("myorders", body)

    def looked_up(self, order: Any, state: str, filled: Decimal) -> list[Answer]:
        """The list of open orders, and the fills of what is not in it or partly filled."""
        listed = self.open_rows(order, state, filled)
        if state == OPEN:
            return [listed]
        price = order.price if state == FILLED else self.expected_partial_fill_price
        fills = self.fills(order, filled, price)
        # An order that has gone without a fill might not be listed yet: the list is read once more.
        # And its fills were asked for before all that.
        return [listed, *fills, listed, *fills] if state == CANCELED else [listed, *fills]

    def not_listed(self, order: Any) -> list[Answer]:
        return self.looked_up(order, CANCELED, Decimal(0))[:3]

    def fills(self, order: Any, amount: Decimal, price: Decimal) -> list[Answer]:
        body = payload("openapi1-auth_api-mytrades")
        row = {
            **body["data"][0],
            "trade_id": self.expected_fill_trade_id,
            "pair": PAIR,
            "ctime": str(START_MS // 1000),
            "price": str(price),
            "num": str(amount),
            "total": str(amount * price),
            "fee": self.fee,
            "order_id": order.exchange_order_id,
            "trade_type": order.trade_type.name.lower(),
        }
        body["data"] = [row] if amount else []
        return [asked("mytrades", body)]

    def refusal(self, info: str) -> Any:
        return {**payload("envelope"), "code": 0, "info": info}

    def order_refusal(self) -> Any:
        return self.refusal("invalid price")

    def not_found(self, answer: Answer) -> Answer:
        if answer.asked["method"] == "myorders":
            return answer.refused(200, {**answer.body, "data": []})
        return answer.refused(200, self.refusal("order not exist"))

    def refused(self, answer: Answer) -> Answer:
        return answer.refused(200, self.refusal("no permission"))

    def order_told(self, order: Any, state: str, filled: Decimal) -> list[Any]:
        row = self.open_rows(order, "", filled).body["data"][0]
        return [
            {
                **self.api.parse_order(row),
                "status": {FILLED: "closed", CANCELED: "canceled"}.get(state, "open"),
            }
        ]

    def validate_signed(self, request: Any) -> None:
        fields = form_of(request)
        assert fields["access_key"] == MADE_UP["apiKey"]
        assert len(fields["sign"]) == 32 and int(fields["ts"]) > 0

    def validate_order(self, order: Any, request: Any) -> None:
        fields = form_of(request)
        assert fields["method"] == f"{order.trade_type.name.lower()}_coin"
        assert (fields["pair"], fields["price"], fields["num"]) == (PAIR, "10000", "100")

    def validate_cancel(self, order: Any, request: Any) -> None:
        assert form_of(request)["order_id"] == order.exchange_order_id

    def validate_lookup(self, order: Any, request: Any) -> None:
        assert form_of(request)["pair"] == PAIR

    validate_fills = validate_lookup
