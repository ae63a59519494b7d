"""hummingbot's connector tests for bitmaxfutures_perpetual, over its documented payloads."""

from decimal import Decimal
from typing import Any

from hummingbot.connector.test_support.perpetual_derivative_test import AbstractPerpetualDerivativeTests
from hummingbot.core.data_type.common import OrderType, PositionAction

from ccxt_ext.venues.bitmaxfutures import funds, order_fills, positions
from ccxt_ext.venues.bitmaxfutures.streams.frames import ORDER, POSITION, named
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
)
from tests.hummingbot.conformance.perpetual_case import PerpetualCase

PUBLIC, PRIVATE = "https://bitmax.io/api/pro", "https://bitmax.io/0/api/pro"
ID = f"{BASE}-PERP"
STATES = {OPEN: "New", PARTLY: "PartiallyFilled", FILLED: "Filled", CANCELED: "Canceled"}

RULE = {
    "min_order_size": Decimal("0.00010"),
    "max_order_size": Decimal("1000000000.00"),
    "min_price_increment": Decimal("0.25"),
    "min_base_amount_increment": Decimal("0.00010"),
    "buy_order_collateral_token": QUOTE,
    "sell_order_collateral_token": QUOTE,
}
"""The trading rule that the market says."""


def payload(name: str) -> Any:
    return documented("bitmaxfutures", name)


class TestBitmaxfuturesPerpetual(PerpetualCase, AbstractPerpetualDerivativeTests.PerpetualDerivativeTests):
    connector = "bitmaxfutures_perpetual"
    order_types = (OrderType.LIMIT, OrderType.LIMIT_MAKER, OrderType.MARKET)
    fills_after_event = False  # the stream tells fills too
    rule = RULE

    def markets(self, *more: str, broken: bool = False) -> Answer:
        body = payload("rest-v2-futures-contract")
        row = body["data"][0] if isinstance(body["data"], list) else body["data"]
        ours = {**row, "symbol": ID, "settlementAsset": QUOTE, "underlying": f"{BASE}/{QUOTE}"}
        if broken:
            ours["priceFilter"] = {}
        others = []
        for pair in more:
            base, quote = pair.split("-")
            told = {"symbol": f"{base}-PERP", "underlying": f"{base}/{quote}", "settlementAsset": quote}
            others.append({**row, **told, "status": "NoTrading"})
        return Answer("GET", f"{PUBLIC}/v2/futures/contract", {**body, "data": [ours, *others]})

    def standing(self) -> list[Answer]:
        return [
            Answer("GET", f"{PUBLIC}/v2/futures/collateral", payload("rest-v2-futures-collateral")),
            Answer("GET", f"{PUBLIC}/v2/account/info", payload("rest-v2-account-info")),
            Answer("GET", f"{PUBLIC}/v1/info", payload("rest-v2-account-info")),
        ]

    def ticker(self, price: str) -> Answer:
        body = payload("rest-v1-ticker-futures")
        body["data"] |= {"symbol": ID, "close": price}
        return Answer("GET", f"{PUBLIC}/v1/ticker", body)

    def network(self) -> Answer:
        body = payload("rest-v1-depth")
        body["data"] |= {"symbol": ID}
        return Answer("GET", f"{PUBLIC}/v1/depth", body)

    def rate_row(self, index: int, mark: int, due_ms: int, rate: int) -> Any:
        row = payload("rest-v2-futures-pricing-data")["data"]["contracts"][0]
        row |= {"symbol": ID, "indexPrice": str(index), "markPrice": str(mark)}
        return {**row, "fundingRate": str(rate), "nextFundingTime": due_ms, "time": START_MS}

    def rate(self, index: int, mark: int, due_ms: int, rate: int) -> Answer:
        body = payload("rest-v2-futures-pricing-data")
        body["data"]["contracts"] = [self.rate_row(index, mark, due_ms, rate)]
        return Answer("GET", f"{PUBLIC}/v2/futures/pricing-data", body)

    def balances(self, held: Any) -> Answer:
        body = payload("rest-v2-futures-position")
        row = body["data"]["collaterals"][0]
        body["data"]["collaterals"] = [
            {**row, "asset": asset, "balance": str(total)} for asset, (_, total) in held.items()
        ]
        body["data"]["contracts"] = []
        return Answer("GET", f"{PRIVATE}/v2/futures/position", body)

    def balance_answers(self, held: Any) -> list[Answer]:
        return [self.balances(held), self.free(held)]

    def free(self, held: Any) -> Answer:
        body = payload("rest-v2-futures-free-margin")
        body["data"]["collaterals"] = [
            {"asset": asset, "availableForTransfer": str(free)} for asset, (free, _) in held.items()
        ]
        return Answer("GET", f"{PRIVATE}/v2/futures/free-margin", body)

    def placed(self, id: str) -> Answer:
        body = payload("rest-v2-order")
        told = {"orderId": id, "symbol": ID, "price": "10000", "orderQty": "100", "feeAsset": QUOTE}
        body["data"]["order"] |= {**told, "time": START_MS, "lastExecTime": START_MS}
        return Answer("POST", f"{PRIVATE}/v2/futures/order", body)

    def row(self, order: Any, state: str, filled: Decimal, price: Decimal | None = None) -> dict[str, Any]:
        price = price or (self.expected_partial_fill_price if state == PARTLY else order.price)
        return {
            **payload("rest-v2-order-hist-current")["data"][0],
            "orderId": order.exchange_order_id,
            "symbol": ID,
            "side": order.trade_type.name.capitalize(),
            "price": str(order.price),
            "orderQty": str(order.amount),
            "status": STATES[state],
            "avgFilledPx": str(price) if filled else "0",
            "lastPx": str(price) if filled else "0",
            "lastQty": str(filled),
            "cumFilledQty": str(filled),
            "fee": self.fee if filled else "0",
            "cumFee": self.fee if filled else "0",
            "feeAsset": QUOTE,
            "time": START_MS,
            "lastExecTime": START_MS,
        }

    def canceled(self, order: Any) -> Answer:
        body = payload("rest-v2-order-cancel")
        body["data"]["order"] = self.row(order, CANCELED, Decimal(0))
        return Answer("DELETE", f"{PRIVATE}/v2/futures/order", body)

    def looked_up(self, order: Any, state: str, filled: Decimal) -> list[Answer]:
        body = {**payload("rest-v2-order-status"), "data": [self.row(order, state, filled)]}
        return [Answer("GET", f"{PRIVATE}/v2/futures/order/status", body)]

    def fills(self, order: Any, amount: Decimal, price: Decimal) -> list[Answer]:
        """The lists of open orders and of those that have ended: fills are told with orders."""
        state = FILLED if amount == order.amount else PARTLY
        row = self.row(order, state, amount, price)
        is_open = state == PARTLY
        return [
            Answer(
                "GET",
                f"{PRIVATE}/v2/futures/order/open",
                {**payload("rest-v2-order-open"), "data": [row] if is_open else []},
            ),
            Answer(
                "GET",
                f"{PRIVATE}/v2/futures/order/hist/current",
                {**payload("rest-v2-order-hist-current"), "data": [] if is_open else [row]},
            ),
        ]

    def order_refusal(self) -> Any:
        return payload("rest-v2-order-error")

    def refusal(self, code: int, reason: str, message: str = "") -> Any:
        return {**payload("rest-v2-order-error"), "code": code, "reason": reason, "message": message}

    def not_found(self, answer: Answer) -> Answer:
        if answer.method == "GET":
            return answer.refused(200, {**answer.body, "data": []})
        return answer.refused(200, self.refusal(300006, "INVALID_ORDER_ID"))

    def refused(self, answer: Answer) -> Answer:
        return answer.refused(200, self.refusal(200015, "PERMISSION_DENIED"))

    def frame(self, order: Any, state: str, filled: Decimal) -> dict[str, Any]:
        """A report of the venue's stream, with the names that rows have over REST."""
        report = named(payload("ws-futures-order"), ORDER)
        told = self.row(order, state, filled)
        return {**report, **{name: told[name] for name in report if name in told}}

    def order_told(self, order: Any, state: str, filled: Decimal) -> list[Any]:
        return [self.api.parse_order(self.frame(order, state, filled))]

    def trade_told(self, order: Any) -> list[Any]:
        row = self.frame(order, FILLED, order.amount)
        return list(order_fills.fills_of(self.api, [row], self.api.market(self.symbol)))

    def balance_told(self, held: Any) -> Any:
        return funds.futures_balance(self.api, self.balances(held).body, self.free(held).body)

    def position_told(self, amount: Decimal, price: Decimal, pnl: Decimal, leverage: int) -> list[Any]:
        row = named(payload("ws-futures-account-update")["pos"][0], POSITION)
        row |= {"symbol": ID, "position": str(amount), "side": "SHORT" if amount < 0 else "LONG"}
        row |= {"avgOpenPrice": str(price), "unrealizedPnl": str(pnl), "leverage": str(leverage)}
        row["referenceCost"] = str(-amount * price)
        # As the stream does, which tells the profit and no mark price.
        figures = positions.figures_of(self.api, row, str(price + pnl / amount))
        return [positions.position_of(self.api, row, figures, None)]

    def leverage_set(self, leverage: int) -> Answer:
        body = {**payload("rest-v2-futures-leverage"), "data": {"leverage": leverage, "symbol": ID}}
        return Answer("POST", f"{PRIVATE}/v2/futures/leverage", body)

    def leverage_refused(self, leverage: int) -> tuple[Answer, str]:
        answer = self.leverage_set(leverage).refused(
            200, self.refusal(100006, "INVALID_ARGUMENT", "too high")
        )
        return answer, "bitmaxfutures 100006 INVALID_ARGUMENT too high"

    def validate_signed(self, request: Any) -> None:
        headers = request.kwargs["headers"]
        assert headers["x-auth-key"] == MADE_UP["apiKey"]
        assert headers["x-auth-signature"] and int(headers["x-auth-timestamp"]) > 0

    def validate_order(self, order: Any, request: Any) -> None:
        sent = json_of(request)
        assert sent["id"] == order.client_order_id
        assert (sent["symbol"], sent["orderType"]) == (ID, "limit")
        assert (sent["orderPrice"], sent["orderQty"]) == ("10000", "100")
        assert sent["side"] == order.trade_type.name.lower()
        assert sent.get("execInst") == ("ReduceOnly" if order.position is PositionAction.CLOSE else None)

    def validate_cancel(self, order: Any, request: Any) -> None:
        sent = json_of(request)
        assert (sent["orderId"], sent["symbol"]) == (order.exchange_order_id, ID)

    def validate_lookup(self, order: Any, request: Any) -> None:
        assert query_of(request)["orderId"] == f"{order.exchange_order_id},"

    def validate_fills(self, order: Any, request: Any) -> None:
        assert query_of(request)["symbol"] == ID
