"""What the conformance tests of all our connectors share.

The tests are hummingbot's own. A venue's class says which documented payloads are answered to them, with the
tests' market, ids, amounts and prices in the places of those of the documents.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from unittest import mock

from aioresponses import aioresponses
from hummingbot.client.config.config_helpers import get_connector_class
from hummingbot.connector.trading_rule import TradingRule
from hummingbot.core.data_type.common import OrderType
from hummingbot.core.data_type.in_flight_order import InFlightOrder
from hummingbot.core.data_type.trade_fee import TokenAmount, TradeFeeBase

from ccxt_ext.integrations.hummingbot import keys, shelf
from ccxt_ext.integrations.hummingbot.client import Client
from tests.hummingbot.conformance.answers import Answer, Expected, requests_for

BASE, QUOTE = "COINALPHA", "HBOT"
OPEN, PARTLY, FILLED, CANCELED = "open", "partly", "filled", "canceled"
START_MS = 1640780000000
"""When the tests take place."""

BAD_REQUEST = 400

MADE_UP = {"apiKey": "canaryApiKey", "secret": "canarySecret", "uid": "canaryUid"}


class NotFor(NamedTuple):
    """Why a test does not apply to a connector, and what is logged when it runs."""

    reason: str
    logged: str


class Case:
    """A part of each connector's tests, whose members without a body are told by the venue's class."""

    does_not_apply: Mapping[str, NotFor] = {}
    """Tests that have to fail, by their names. One that would pass is told of, to be taken out."""

    connector: str
    """The connector's name."""
    symbol = f"{BASE}/{QUOTE}"
    """ccxt's symbol of the tests' market."""
    order_types: Sequence[OrderType]
    rule: Mapping[str, Any]
    """The trading rule that the market says."""
    refusals_have_bodies = True
    """hummingbot tells the status of a refusal only. The venue's words are added to it."""
    options: Mapping[str, Any] = {}
    """Options of ccxt's exchange."""
    fee: Any = "30"
    """The fee of each fill; None if the venue tells none."""
    fee_token = QUOTE
    orders_tell_fills = False
    """Whether the venue lists no fills, so that orders tell their own."""
    fills_with_status = True
    """Whether fills are asked for before the state of orders."""
    fills_after_event = True
    """Whether fills are asked for after an order was told as filled by a stream."""

    # -- what the venue's class tells ---------------------------------------------------------------

    def markets(self, *more: str, broken: bool = False) -> Answer:
        """The tests' market; and others, by their pairs, that cannot be traded."""
        raise NotImplementedError

    def standing(self) -> Sequence[Answer]:
        """What else may be asked for in any test."""
        return ()

    def ticker(self, price: str) -> Answer:
        raise NotImplementedError

    def network(self) -> Answer:
        raise NotImplementedError

    def balances(self, held: Mapping[str, tuple[int, int]]) -> Answer:
        """What is free of each currency, and in total."""
        raise NotImplementedError

    def balance_answers(self, held: Mapping[str, tuple[int, int]]) -> Sequence[Answer]:
        """All that is asked for to know it."""
        return [self.balances(held)]

    def placed(self, id: str) -> Answer:
        raise NotImplementedError

    def canceled(self, order: InFlightOrder) -> Answer:
        raise NotImplementedError

    def looked_up(self, order: InFlightOrder, state: str, filled: Decimal) -> Sequence[Answer]:
        """An order's state. The first answer is the one that is looked at."""
        raise NotImplementedError

    def fills(self, order: InFlightOrder, amount: Decimal, price: Decimal) -> Sequence[Answer]:
        """An order's only fill."""
        raise NotImplementedError

    def not_found(self, answer: Answer) -> Answer:
        """The refusal of what concerns an order that the venue does not know."""
        raise NotImplementedError

    def not_listed(self, order: InFlightOrder) -> Sequence[Answer]:
        """What is told when an order is looked up that the venue does not know."""
        answer = self.not_found(self.looked_up(order, OPEN, Decimal(0))[0])
        # Its fills, which are told with it, are asked for first.
        return [answer, answer] if self.orders_tell_fills else [answer]

    def refused(self, answer: Answer) -> Answer:
        """A refusal that tells nothing of the order."""
        raise NotImplementedError

    def order_refusal(self) -> Any:
        """The body of a refusal of an order."""
        raise NotImplementedError

    def order_told(self, order: InFlightOrder, state: str, filled: Decimal) -> list[Any]:
        """An order in ccxt's form, as the venue's own parser reads it."""
        raise NotImplementedError

    def trade_told(self, order: InFlightOrder) -> list[Any] | None:
        """The fill of a whole order in ccxt's form, where a stream tells it."""
        return None

    def balance_told(self, held: Mapping[str, tuple[int, int]]) -> Any:
        answer = self.balances(held)
        return self.api.parse_balance(answer.body)

    def validate_signed(self, request: Any) -> None:
        raise NotImplementedError

    def validate_order(self, order: InFlightOrder, request: Any) -> None:
        raise NotImplementedError

    def validate_cancel(self, order: InFlightOrder, request: Any) -> None:
        raise NotImplementedError

    def validate_lookup(self, order: InFlightOrder, request: Any) -> None:
        raise NotImplementedError

    def validate_fills(self, order: InFlightOrder, request: Any) -> None:
        raise NotImplementedError

    # -- tests that do not apply, and one of our own -------------------------------------------------

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.__name__.startswith("Test"):
            return
        for name, why in cls.does_not_apply.items():
            setattr(cls, name, failing(getattr(cls, name), why))

    async def test_an_order_whose_refusal_tells_nothing_is_kept(self) -> None:
        """A status of 400 alone may come from something in front of the venue."""
        self.refusals_have_bodies = False
        self._simulate_trading_rules_initialized()
        self.exchange._set_current_timestamp(START_MS / 1000)
        with aioresponses() as told:
            told.post(self.order_creation_url, status=BAD_REQUEST)
            id = self.place_buy_order()
            order = await self.once_tracked(id)
            while id not in self.exchange.desk.lookups:
                await asyncio.sleep(0)
        assert order.is_open and not self.order_failure_logger.event_log
        said = [each.getMessage() for each in self.log_records]
        assert any(text.startswith(f"It is not known whether the order {id} was placed") for text in said)

    async def once_tracked(self, id: str) -> InFlightOrder:
        while id not in self.exchange.in_flight_orders:
            await asyncio.sleep(0)
        return self.exchange.in_flight_orders[id]

    # -- the connector ------------------------------------------------------------------------------

    @property
    def api(self) -> Any:
        """The connector's exchange of ccxt."""
        return self.exchange.client.api

    def create_exchange_instance(self) -> Any:
        row = shelf.rows()[self.connector]
        given = {keys.field_name(row.name, name): MADE_UP[name] for name in keys.credentials(row)}
        exchange = get_connector_class(row.name)(**given, trading_pairs=[self.trading_pair])
        exchange.client.markets = self.known_markets(row)
        return exchange

    @classmethod
    def known_markets(cls, row: Any) -> Any:
        """The markets as ccxt reads them from the documented answer."""
        if "_known_markets" not in vars(cls):
            case = cls()
            client = Client(row.id, MADE_UP, "spot" if row.kind == "spot" else "swap")

            async def load() -> Any:
                with aioresponses() as told:
                    for answer in (case.markets(), *case.standing()):
                        told.add(answer.pattern, method=answer.method, payload=answer.body)
                    return await client.load_markets()

            loop = asyncio.new_event_loop()
            try:
                cls._known_markets = loop.run_until_complete(load())
            finally:
                loop.close()
        return cls._known_markets

    def setUp(self) -> None:
        start = aioresponses.start
        standing = self.standing()

        def started(told: aioresponses) -> None:
            start(told)
            self.expected = Expected(told)
            for answer in standing:
                told.add(answer.pattern, method=answer.method, payload=answer.body, repeat=True)
            add, refusal = told.add, json.dumps(self.order_refusal())

            def added(*args: Any, **kwargs: Any) -> None:
                if kwargs.get("status") == BAD_REQUEST and self.refusals_have_bodies:
                    kwargs.setdefault("body", refusal)
                add(*args, **kwargs)

            told.add = added  # type: ignore[method-assign]

        patched = mock.patch.object(aioresponses, "start", started)
        patched.start()
        self.addCleanup(patched.stop)
        super().setUp()  # type: ignore[misc]

    async def asyncSetUp(self) -> None:
        # Like a connector that was started, which keeps its exchange until it is stopped.
        self._opened = self.exchange.client.open()
        api = await self._opened.__aenter__()
        api.enableRateLimit = False
        api.options.update(self.options)
        await api.load_markets()

    async def asyncTearDown(self) -> None:
        await self._opened.__aexit__(None, None, None)

    # -- hummingbot's questions ---------------------------------------------------------------------

    def exchange_symbol_for_tokens(self, base_token: str, quote_token: str) -> str:
        return self.symbol.replace(BASE, base_token).replace(QUOTE, quote_token)

    @property
    def all_symbols_url(self) -> Any:
        return self.markets().pattern

    @property
    def all_symbols_request_mock_response(self) -> Any:
        return self.markets().body

    @property
    def all_symbols_including_invalid_pair_mock_response(self) -> tuple[str, Any]:
        return "INVALID-PAIR", self.markets("INVALID-PAIR").body

    trading_rules_url = all_symbols_url
    trading_rules_request_mock_response = all_symbols_request_mock_response

    @property
    def trading_rules_request_erroneous_mock_response(self) -> Any:
        return self.markets(broken=True).body

    @property
    def expected_trading_rule(self) -> TradingRule:
        return TradingRule(self.trading_pair, **self.rule)

    @property
    def expected_logged_error_for_erroneous_trading_rule(self) -> str:
        return f"The market {self.symbol} tells no trading rules. Skipping."

    @property
    def latest_prices_url(self) -> Any:
        return self.ticker("9999.9").pattern

    @property
    def latest_prices_request_mock_response(self) -> Any:
        return self.ticker("9999.9").body

    expected_latest_price = 9999.9

    @property
    def network_status_url(self) -> Any:
        return self.network().pattern

    @property
    def network_status_request_successful_mock_response(self) -> Any:
        return self.network().body

    @property
    def order_creation_url(self) -> Any:
        return self.placed(self.expected_exchange_order_id).pattern

    @property
    def order_creation_request_successful_mock_response(self) -> Any:
        return self.placed(self.expected_exchange_order_id).body

    expected_exchange_order_id: Any = "28"

    @property
    def expected_supported_order_types(self) -> list[OrderType]:
        return list(self.order_types)

    @property
    def balance_url(self) -> str:
        return self.balances({}).url

    @property
    def balance_request_mock_response_for_base_and_quote(self) -> Any:
        return self.balance_answers({BASE: (10, 15), QUOTE: (2000, 2000)})

    @property
    def balance_request_mock_response_only_base(self) -> Any:
        return self.balance_answers({BASE: (10, 15)})

    def _configure_balance_response(self, response: Any, mock_api: Any, callback: Any = None) -> str:
        return self.expect(response, callback)[0].url

    @property
    def balance_event_websocket_update(self) -> Any:
        return "balance", self.balance_told({BASE: (10, 15)})

    @property
    def is_order_fill_http_update_included_in_status_update(self) -> bool:
        return self.fills_with_status

    @property
    def is_order_fill_http_update_executed_during_websocket_order_event_processing(self) -> bool:
        return self.fills_after_event

    expected_partial_fill_price = Decimal("10500")
    expected_partial_fill_amount = Decimal("0.5")
    expected_fill_trade_id = "30000"

    @property
    def expected_fill_fee(self) -> TradeFeeBase:
        schema = self.exchange.trade_fee_schema()
        how: dict[str, Any] = {"percent": schema.taker_percent_fee_decimal}
        if self.fee is not None:
            how = {"flat_fees": [TokenAmount(self.fee_token, Decimal(self.fee))]}
        filled = self.order_filled_logger.event_log[0]
        return self.fee_of(filled, schema, how)

    def fee_of(self, filled: Any, schema: Any, how: Any) -> TradeFeeBase:
        return TradeFeeBase.new_spot_fee(fee_schema=schema, trade_type=filled.trade_type, **how)

    # -- what hummingbot wants to be answered --------------------------------------------------------

    def expect(self, answers: Sequence[Answer], callback: Any = None) -> list[Answer]:
        for number, answer in enumerate(answers, 1):
            self.expected.add(answer, callback if number == len(answers) else None)
        return list(answers)

    def configure_successful_cancelation_response(
        self, order: Any, mock_api: Any, callback: Any = None
    ) -> Any:
        return self.expect([self.canceled(order)], callback)[0]

    def configure_erroneous_cancelation_response(
        self, order: Any, mock_api: Any, callback: Any = None
    ) -> Any:
        return self.expect([self.refused(self.canceled(order))], callback)[0]

    def configure_order_not_found_error_cancelation_response(
        self, order: Any, mock_api: Any, callback: Any = None
    ) -> Any:
        return self.expect([self.not_found(self.canceled(order))], callback)[0]

    def configure_one_successful_one_erroneous_cancel_all_response(
        self, successful_order: Any, erroneous_order: Any, mock_api: Any
    ) -> list[Answer]:
        refusal = self.refused(self.canceled(erroneous_order))
        return self.expect([self.canceled(successful_order), refusal])

    def configure_completely_filled_order_status_response(
        self, order: Any, mock_api: Any, callback: Any = None
    ) -> Any:
        return self.expect(self.looked_up(order, FILLED, order.amount), callback)

    def configure_canceled_order_status_response(
        self, order: Any, mock_api: Any, callback: Any = None
    ) -> Any:
        return self.expect(self.looked_up(order, CANCELED, Decimal(0)), callback)

    def configure_open_order_status_response(self, order: Any, mock_api: Any, callback: Any = None) -> Any:
        return self.expect(self.looked_up(order, OPEN, Decimal(0)), callback)

    def configure_partially_filled_order_status_response(
        self, order: Any, mock_api: Any, callback: Any = None
    ) -> Any:
        filled = self.expected_partial_fill_amount
        return self.expect(self.looked_up(order, PARTLY, filled), callback)[0]

    def configure_http_error_order_status_response(
        self, order: Any, mock_api: Any, callback: Any = None
    ) -> Any:
        refusal = self.refused(self.looked_up(order, OPEN, Decimal(0))[0])
        return self.expect([refusal], callback)[0]

    def configure_order_not_found_error_order_status_response(
        self, order: Any, mock_api: Any, callback: Any = None
    ) -> Any:
        return self.expect(self.not_listed(order), callback)

    def configure_partial_fill_trade_response(self, order: Any, mock_api: Any, callback: Any = None) -> Any:
        amount, price = self.expected_partial_fill_amount, self.expected_partial_fill_price
        return self.expect(self.fills(order, amount, price), callback)[0]

    def configure_full_fill_trade_response(self, order: Any, mock_api: Any, callback: Any = None) -> Any:
        return self.expect(self.fills(order, order.amount, order.price), callback)[0]

    def configure_erroneous_http_fill_trade_response(
        self, order: Any, mock_api: Any, callback: Any = None
    ) -> Any:
        if self.orders_tell_fills:
            return ""  # there is no such request
        refusal = self.refused(self.fills(order, order.amount, order.price)[0])
        return self.expect([refusal], callback)[0]

    def order_event_for_new_order_websocket_update(self, order: InFlightOrder) -> Any:
        return "orders", self.order_told(order, OPEN, Decimal(0))

    def order_event_for_canceled_order_websocket_update(self, order: InFlightOrder) -> Any:
        return "orders", self.order_told(order, CANCELED, Decimal(0))

    def order_event_for_full_fill_websocket_update(self, order: InFlightOrder) -> Any:
        return "orders", self.order_told(order, FILLED, order.amount)

    def trade_event_for_full_fill_websocket_update(self, order: InFlightOrder) -> Any:
        rows = self.trade_told(order)
        return None if rows is None else ("trades", rows)

    # -- what was sent ------------------------------------------------------------------------------

    def _all_executed_requests(self, api_mock: Any, url: Any) -> Any:
        if isinstance(url, Answer):
            return requests_for(api_mock, url)
        return super()._all_executed_requests(api_mock, url)  # type: ignore[misc]

    def validate_auth_credentials_present(self, request_call: Any) -> None:
        self.validate_signed(request_call)

    def validate_order_creation_request(self, order: InFlightOrder, request_call: Any) -> None:
        self.validate_order(order, request_call)

    def validate_order_cancelation_request(self, order: InFlightOrder, request_call: Any) -> None:
        self.validate_cancel(order, request_call)

    def validate_order_status_request(self, order: InFlightOrder, request_call: Any) -> None:
        self.validate_lookup(order, request_call)

    def validate_trades_request(self, order: InFlightOrder, request_call: Any) -> None:
        self.validate_fills(order, request_call)


def failing(test: Callable[..., Any], why: NotFor) -> Callable[[Any], None]:
    """A test that has to fail, for the reason that is logged."""

    def has_to_fail(self: Any) -> None:
        try:
            test(self)
        except AssertionError:
            said = [each.getMessage() for each in self.log_records]
            assert any(why.logged in text for text in said), said
        else:
            raise AssertionError(
                f"{test.__name__} passes, so it is not to be listed as one that does not apply"
            )

    return has_to_fail
