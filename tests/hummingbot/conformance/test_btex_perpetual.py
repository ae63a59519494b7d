"""hummingbot's connector tests for btex_perpetual, over the documented payloads of its contract API."""

from decimal import Decimal
from typing import Any

from hummingbot.connector.test_support.perpetual_derivative_test import AbstractPerpetualDerivativeTests
from hummingbot.core.data_type.common import OrderType, TradeType

from ccxt_ext.venues.btex import wallets
from tests.hummingbot.conformance.answers import Answer, documented, form_of
from tests.hummingbot.conformance.case import (
    BASE,
    CANCELED,
    FILLED,
    MADE_UP,
    OPEN,
    PARTLY,
    QUOTE,
    START_MS,
)
from tests.hummingbot.conformance.perpetual_case import PerpetualCase

URL = "https://api.btex.com"
PAIR = f"{BASE}_{QUOTE}"
ID = "7"
SIZE = Decimal("0.01")
"""So much of the base is one contract."""
STATES = {OPEN: "0", PARTLY: "0", FILLED: "1", CANCELED: "-1"}

RULE = {
    "min_order_size": Decimal("0.100"),
    "max_order_size": Decimal("500.000"),
    "min_price_increment": Decimal("0.01"),
    "min_base_amount_increment": Decimal("0.01"),
    "buy_order_collateral_token": QUOTE,
    "sell_order_collateral_token": QUOTE,
}
"""The trading rule that the market says."""

OPTIONS = {"fundingIntervalHours": 8}
"""The venue does not say how often funding is paid. Payments are told only if somebody else does."""


def payload(name: str) -> Any:
    return documented("btex", name)


def direction(order: Any) -> str:
    return "1" if order.trade_type is TradeType.BUY else "-1"


def contracts(amount: Decimal) -> str:
    return f"{amount / SIZE:f}"


def private(name: str, body: Any) -> Answer:
    return Answer("POST", f"{URL}/mx_openapi1/{name}", body)


class TestBtexPerpetual(PerpetualCase, AbstractPerpetualDerivativeTests.PerpetualDerivativeTests):
    connector = "btex_perpetual"
    order_types = (OrderType.LIMIT, OrderType.MARKET)
    rule = RULE

    options = OPTIONS

    def markets(self, *more: str, broken: bool = False) -> Answer:
        body = payload("mx_data-contracts")
        row = body["data"][0]
        ours = {**row, "contract_id": ID, "symbol": BASE, "pair": PAIR, "isreverse": "-1"}
        ours |= {"settle_anchor": QUOTE, "quote_anchor": QUOTE, "contract_anchor": BASE}
        ours |= {"contract_value": f"{SIZE:f}"}
        if broken:
            del ours["price_dec"]
        others = []
        for number, pair in enumerate(more, 100):
            base, quote = pair.split("-")
            closed = {**ours, "contract_id": str(number), "symbol": base, "pair": f"{base}_{quote}"}
            others.append({**closed, "settle_anchor": quote, "quote_anchor": quote, "status": "-1"})
        return Answer("GET", f"{URL}/mx_data/contracts", {**body, "data": [ours, *others]})

    def standing(self) -> list[Answer]:
        return [
            Answer("GET", f"{URL}/openapi1/pairs", payload("openapi1-pairs")),
            private("active_orders", {**payload("mx_openapi1-active_orders"), "data": {"order_lists": []}}),
            private("active_positions", self.positions()),
        ]

    def positions(self) -> Any:
        """What is to be closed, as the venue has no orders that only reduce a position."""
        body = payload("mx_openapi1-active_positions")
        row = body["data"]["position_lists"][0]
        row |= {"contract_id": ID, "pair": PAIR, "amount": contracts(Decimal(100))}
        row["direction"] = "-1" if "close_short" in self._testMethodName else "1"
        if "close" not in self._testMethodName:
            body["data"]["position_lists"] = []
        return body

    def ticker(self, price: str) -> Answer:
        body = payload("mx_data-tickers")
        body["data"][0] |= {"contract_id": ID, "pair": PAIR, "latest": price}
        return Answer("GET", f"{URL}/mx_data/tickers", body)

    def rate_row(self, index: int, mark: int, due_ms: int, rate: int) -> Any:
        told = {"index_price": str(index), "fair_price": str(mark), "next_funding_rate": str(rate)}
        return {**self.ticker("2").body["data"][0], **told}

    def rate(self, index: int, mark: int, due_ms: int, rate: int) -> Answer:
        answer = self.ticker("2")
        answer.body["data"] = [self.rate_row(index, mark, due_ms, rate)]
        return answer

    # It is paid every 8 hours of the day.

    target_funding_info_next_funding_utc_timestamp = 1657123200
    target_funding_payment_timestamp = 1657123200

    @property
    def funding_info_mock_response(self) -> Any:
        self.exchange._set_current_timestamp(self.target_funding_info_next_funding_utc_timestamp - 60)
        return super().funding_info_mock_response

    def network(self) -> Answer:
        return Answer("GET", f"{URL}/mx_data/orderbook", payload("mx_data-orderbook"))

    def balances(self, held: Any) -> Answer:
        body = payload("mx_openapi1-account_info")
        row = body["data"]["balances"][0]
        body["data"]["balances"] = [
            {**row, "coin": asset, "balance": str(free), "total": str(total)}
            | {"position_margin": str(total - free), "order_margin": "0"}
            for asset, (free, total) in held.items()
        ]
        return private("account_info", body)

    def placed(self, id: str) -> Answer:
        body = payload("mx_openapi1-place_order")
        body["data"]["order_id"] = int(id)
        return private("place_order", body)

    def canceled(self, order: Any) -> Answer:
        answer = private("cancel_order", payload("mx_openapi1-cancel_order"))
        answer.asked["order_id"] = order.exchange_order_id
        return answer

    def row(self, order: Any, state: str, filled: Decimal) -> dict[str, Any]:
        return {
            **payload("mx_openapi1-get_order_batch")["data"][0],
            "order_id": order.exchange_order_id,
            "contract_id": ID,
            "pair": PAIR,
            "amount": contracts(order.amount),
            "price": str(order.price),
            "direction": direction(order),
            "order_status": STATES[state],
            "available": contracts(order.amount - filled),
            "time": START_MS // 1000,
        }

    def looked_up(self, order: Any, state: str, filled: Decimal) -> list[Answer]:
        """The order, and its fills, which alone tell what it cost."""
        body = {**payload("mx_openapi1-get_order_batch"), "data": [self.row(order, state, filled)]}
        found = [private("get_order_batch", body)]
        if filled:
            price = order.price if state == FILLED else self.expected_partial_fill_price
            row = {
                **payload("mx_openapi1-order_match_results-zh")["data"][0],
                "trade_id": self.expected_fill_trade_id,
                "contract_id": ID,
                "pair": PAIR,
                "price": str(price),
                "trade_num": contracts(filled),
                "time": START_MS // 1000,
                "order_id": order.exchange_order_id,
                "order_price": str(order.price),
                "type": order.trade_type.name.lower(),
                "trade_fee": self.fee,
            }
            found.append(private("order_match_results", {**payload("envelope"), "data": [row]}))
        return found

    def fills(self, order: Any, amount: Decimal, price: Decimal) -> list[Answer]:
        body = payload("mx_openapi1-mytrades")
        body["data"]["trades_his"][0] |= {
            "trade_id": self.expected_fill_trade_id,
            "contract_id": ID,
            "pair": PAIR,
            "price": str(price),
            "num": contracts(amount),
            "order_id": order.exchange_order_id,
            "type": order.trade_type.name.lower(),
            "trade_fee": self.fee,
            "time": START_MS // 1000,
        }
        return [private("mytrades", body)]

    def refusal(self, info: str) -> Any:
        return {**payload("envelope"), "code": 0, "info": info}

    def order_refusal(self) -> Any:
        return self.refusal("invalid price")

    def not_found(self, answer: Answer) -> Answer:
        if answer.url.endswith("get_order_batch"):
            return answer.refused(200, {**answer.body, "data": []})
        return answer.refused(200, self.refusal("order not exist"))

    def refused(self, answer: Answer) -> Answer:
        return answer.refused(200, self.refusal("no permission"))

    def order_told(self, order: Any, state: str, filled: Decimal) -> list[Any]:
        return [self.api.parse_order(self.row(order, state, filled))]

    def balance_told(self, held: Any) -> Any:
        body = self.balances(held).body
        return wallets.parse_contract_balance(self.api, body["data"], body)

    def position_told(self, amount: Decimal, price: Decimal, pnl: Decimal, leverage: int) -> list[Any]:
        row = payload("mx_openapi1-active_positions")["data"]["position_lists"][0]
        row |= {"contract_id": ID, "pair": PAIR, "price": str(price), "unrlz_pnl": str(pnl)}
        row |= {"amount": contracts(abs(amount)), "direction": "-1" if amount < 0 else "1"}
        return [self.api.parse_position({**row, "leverage": str(leverage)})]

    def leverage_refused(self, leverage: int) -> tuple[Answer | None, str]:
        """It is kept by ccxt's class, which knows the contract's limit."""
        market = self.api.market(self.symbol)
        market["limits"]["leverage"]["max"] = 1
        return None, f"btex {self.symbol} takes a leverage from 1 to 1, not {leverage}"

    def validate_signed(self, request: Any) -> None:
        fields = form_of(request)
        assert fields["access_key"] == MADE_UP["apiKey"]
        assert len(fields["sign"]) == 44 and int(fields["ts"]) > 0

    def validate_order(self, order: Any, request: Any) -> None:
        fields = form_of(request)
        assert (fields["contract_id"], fields["type"], fields["direction"]) == (ID, "limit", direction(order))
        assert (fields["price"], fields["amount"]) == ("10000", "10000")

    def validate_cancel(self, order: Any, request: Any) -> None:
        assert form_of(request)["order_id"] == order.exchange_order_id

    validate_lookup = validate_cancel

    def validate_fills(self, order: Any, request: Any) -> None:
        assert form_of(request)["contract_id"] == ID
