"""What the conformance tests of our connectors for perpetuals share, beside what those for spot do."""

from decimal import Decimal
from typing import Any

from hummingbot.core.data_type.common import PositionAction, PositionMode
from hummingbot.core.data_type.in_flight_order import InFlightOrder
from hummingbot.core.data_type.trade_fee import TradeFeeBase

from tests.hummingbot.conformance.answers import Answer
from tests.hummingbot.conformance.case import BASE, QUOTE, Case, NotFor

ONE_WAY = "is used in one-way mode only"

HEDGE_IS_SET = NotFor(
    "The test sets the hedge mode. The venue has one position a market, and no mode to set.",
    f"Failed to set position mode to {PositionMode.HEDGE}: ",
)

NOT_FOR_ONE_WAY = {"test_set_position_mode_success": HEDGE_IS_SET}


class PerpetualCase(Case):
    """A part of each connector's tests, whose members without a body are told by the venue's class."""

    symbol = f"{BASE}/{QUOTE}:{QUOTE}"
    does_not_apply = NOT_FOR_ONE_WAY

    def rate(self, index: int, mark: int, due_ms: int, rate: int) -> Answer:
        """The funding rate of the tests' market, with its prices."""
        raise NotImplementedError

    def position_told(self, amount: Decimal, price: Decimal, pnl: Decimal, leverage: int) -> list[Any]:
        """A position in ccxt's form, as the venue's own parser reads it; a short one is negative."""
        raise NotImplementedError

    def leverage_set(self, leverage: int) -> Answer | None:
        """None if nothing is sent."""
        return None

    def leverage_refused(self, leverage: int) -> tuple[Answer | None, str]:
        """The refusal of a leverage, and the text of its error."""
        raise NotImplementedError

    # -- hummingbot's questions ---------------------------------------------------------------------

    @property
    def expected_supported_position_modes(self) -> list[PositionMode]:
        return [PositionMode.ONEWAY]

    def fee_of(self, filled: Any, schema: Any, how: Any) -> TradeFeeBase:
        action = PositionAction(filled.position)
        if action is PositionAction.NIL:
            return super().fee_of(filled, schema, how)
        return TradeFeeBase.new_perpetual_fee(fee_schema=schema, position_action=action, **how)

    @property
    def funding_info_url(self) -> Any:
        return self.rate(1, 2, 0, 3).pattern

    @property
    def funding_info_mock_response(self) -> Any:
        due = self.target_funding_info_next_funding_utc_timestamp
        return self.rate(
            self.target_funding_info_index_price,
            self.target_funding_info_mark_price,
            due * 1000,
            self.target_funding_info_rate,
        ).body

    def funding_info_event_for_websocket_update(self) -> Any:
        """As the data source puts it into its queue."""
        row = self.api.parse_funding_rate(
            self.rate_row(
                self.target_funding_info_index_price_ws_updated,
                self.target_funding_info_mark_price_ws_updated,
                self.target_funding_info_next_funding_utc_timestamp_ws_updated * 1000,
                self.target_funding_info_rate_ws_updated,
            )
        )
        return {"pair": self.trading_pair, "funding": row}

    def rate_row(self, index: int, mark: int, due_ms: int, rate: int) -> Any:
        raise NotImplementedError

    # A payment is not listed by these venues: it is seen to fall due between two answers.

    funding_payment_url = funding_info_url
    interval_s = 8 * 3600

    @property
    def empty_funding_payment_mock_response(self) -> Any:
        """The rate of the payment to come, a minute before it is due, while one is held short."""
        due = self.target_funding_payment_timestamp
        self.exchange._set_current_timestamp(due - 60)
        one_short = self.position_told(Decimal(-1), Decimal(2), Decimal(0), 1)
        self.exchange.stream_told("positions", one_short)
        return self.rate(1, 2, due * 1000, self.target_funding_payment_funding_rate).body

    @property
    def funding_payment_mock_response(self) -> Any:
        """The rate of the payment after it."""
        due = self.target_funding_payment_timestamp
        self.exchange._set_current_timestamp(due + 60)
        return self.rate(1, 2, (due + self.interval_s) * 1000, 7).body

    def position_event_for_full_fill_websocket_update(
        self, order: InFlightOrder, unrealized_pnl: float
    ) -> Any:
        pnl = Decimal(str(unrealized_pnl))
        return "positions", self.position_told(-order.amount, order.price, pnl, int(order.leverage))

    # -- modes --------------------------------------------------------------------------------------

    def configure_failed_set_position_mode(
        self, position_mode: PositionMode, mock_api: Any, callback: Any = None
    ) -> tuple[Any, str]:
        callback()  # nothing is sent
        return None, f"{self.connector} {ONE_WAY}"

    def configure_successful_set_position_mode(
        self, position_mode: PositionMode, mock_api: Any, callback: Any = None
    ) -> None:
        callback()  # nothing is sent

    def configure_failed_set_leverage(
        self, leverage: int, mock_api: Any, callback: Any = None
    ) -> tuple[Any, str]:
        answer, text = self.leverage_refused(leverage)
        self.answered_or_nothing(answer, callback)
        return answer, text

    def configure_successful_set_leverage(self, leverage: int, mock_api: Any, callback: Any = None) -> None:
        self.answered_or_nothing(self.leverage_set(leverage), callback)

    def answered_or_nothing(self, answer: Answer | None, callback: Any) -> None:
        if answer is None:
            callback()
        else:
            self.expect([answer], callback)

    def test_get_buy_and_sell_collateral_tokens(self) -> None:
        """hummingbot leaves the body of this one to each connector."""
        self._simulate_trading_rules_initialized()
        for each in self.exchange.trading_rules.values():
            each.buy_order_collateral_token = each.sell_order_collateral_token = QUOTE
        assert self.exchange.get_buy_collateral_token(self.trading_pair) == QUOTE
        assert self.exchange.get_sell_collateral_token(self.trading_pair) == QUOTE
