"""What connectors for spot and for perpetuals share: hummingbot's surface, over one exchange of ccxt.

ccxt signs, throttles and parses; what is told of orders goes through the desk, what streams tell through the
two data sources.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bidict import bidict
from ccxt.base.errors import BadSymbol, BaseError, OrderNotFound
from hummingbot.connector.constants import s_decimal_NaN
from hummingbot.connector.markets_recorder import MarketsRecorder
from hummingbot.connector.trading_rule import TradingRule
from hummingbot.connector.utils import build_api_factory
from hummingbot.core.data_type.common import OrderType, TradeType
from hummingbot.core.data_type.in_flight_order import InFlightOrder, OrderUpdate, TradeUpdate
from hummingbot.core.data_type.trade_fee import TradeFeeSchema

from ccxt_ext.integrations.hummingbot import pace, pairs
from ccxt_ext.integrations.hummingbot.abilities import order_types, takes_client_id
from ccxt_ext.integrations.hummingbot.balances import take
from ccxt_ext.integrations.hummingbot.books import Books
from ccxt_ext.integrations.hummingbot.cancels import CancellingConnector
from ccxt_ext.integrations.hummingbot.client import Client
from ccxt_ext.integrations.hummingbot.desk import OrderDesk, is_passing
from ccxt_ext.integrations.hummingbot.keys import credentials, field_name
from ccxt_ext.integrations.hummingbot.lookup import may_be_placed
from ccxt_ext.integrations.hummingbot.quirks import quirks_of
from ccxt_ext.integrations.hummingbot.row import Row
from ccxt_ext.integrations.hummingbot.user_stream import UserStream

LISTENER_PAUSE_S = 5.0


class CcxtConnector(CancellingConnector):
    """hummingbot's methods. Its names and their arguments are hummingbot's."""

    ROW: Row
    """Which exchange this is, and how its connector is called."""

    LONG_POLL_INTERVAL = 15.0
    """Orders and balances are looked at so often while streams tell of them."""

    def __init__(
        self,
        balance_asset_limit: Mapping[str, Any] | None = None,
        rate_limits_share_pct: Decimal = Decimal("100"),
        trading_pairs: list[str] | None = None,
        trading_required: bool = True,
        **given: str,
    ) -> None:
        row = self.ROW
        keys = {name: given.pop(field_name(row.name, name), "") or "" for name in credentials(row)}
        if given:
            raise TypeError(f"{row.name} takes no {', '.join(given)}")
        self.client = Client(row.id, keys, "spot" if row.kind == pairs.SPOT else "swap")
        self.symbols: bidict[str, str] = bidict()
        """hummingbot's pairs by ccxt's symbols. hummingbot keeps them where Python cannot read them."""
        self._trading_pairs = list(trading_pairs or [])
        self._trading_required = trading_required
        self._market_fees: dict[str, TradeFeeSchema] = {}
        self.being_placed: set[str] = set()
        """Orders that have been sent and not been answered, by hummingbot's ids."""
        self._started: Any = None
        self._poll_again = self._looks_at_orders = False
        self.quirks = quirks_of(row)
        super().__init__(balance_asset_limit, rate_limits_share_pct)
        self.desk = OrderDesk(self)
        self.real_time_balance_update = self.streams("watchBalance")
        self._set_pace()

    # -- who this is --------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return self.ROW.name

    @property
    def domain(self) -> str | None:
        return None

    @property
    def authenticator(self) -> None:
        return None  # ccxt signs

    @property
    def rate_limits_rules(self) -> list[Any]:
        return []  # ccxt throttles

    @property
    def client_order_id_max_length(self) -> int:
        return self.ROW.client_id_length

    @property
    def client_order_id_prefix(self) -> str:
        return ""

    @property
    def trading_pairs(self) -> list[str]:
        return self._trading_pairs

    @property
    def is_trading_required(self) -> bool:
        return self._trading_required

    @property
    def is_cancel_request_in_exchange_synchronous(self) -> bool:
        return False  # the order is looked at after its cancel, so that no fill before it is missed

    # Paths of hummingbot's own requests, of which there are none.
    trading_rules_request_path = ""
    trading_pairs_request_path = ""
    check_network_request_path = ""

    def supported_order_types(self) -> list[OrderType]:
        return order_types(self.client.api, self.ROW.kind)

    def streams(self, method: str) -> bool:
        """Whether the venue itself tells this by a stream."""
        return self.client.api.has.get(method) is True

    def now(self) -> float:
        """This time, by the clock of hummingbot, which begins with its first tick."""
        at = float(self.current_timestamp)
        return at if at > 0 else time.time()

    # -- starting and stopping ----------------------------------------------------------------------

    async def start_network(self) -> None:
        await super().start_network()
        self._started = self.client.open()
        await self._started.__aenter__()

    async def stop_network(self) -> None:
        await super().stop_network()
        await self._orderbook_ds.stop()
        started, self._started = self._started, None
        if started is not None:
            await started.__aexit__(None, None, None)

    async def _make_network_check_request(self) -> None:
        async with self.client.open() as api:
            if api.has.get("fetchTime") is True:
                await api.fetch_time()
            else:
                await api.fetch_order_book(self.any_symbol())

    def any_symbol(self) -> str:
        """A symbol to ask for, where any will do."""
        if self._trading_pairs:
            return self.symbol_of(self._trading_pairs[0])
        return next(iter(pairs.pairs(self.client.markets, self.ROW.kind)))

    async def _update_time_synchronizer(self, pass_on_non_cancelled_error: bool = False) -> None:
        return  # ccxt's requests go by ccxt's clock

    def _create_web_assistants_factory(self) -> Any:
        return build_api_factory(throttler=self._throttler)

    def _create_order_book_data_source(self) -> Books:
        return Books(self)

    def _create_user_stream_data_source(self) -> UserStream:
        return UserStream(self)

    def _is_user_stream_initialized(self) -> bool:
        source = self._user_stream_tracker.data_source
        return not self._trading_required or source.is_ready

    def _set_pace(self) -> None:
        if not self.streams("watchOrders"):
            self.SHORT_POLL_INTERVAL = pace.account_s(self.client.api, len(self._trading_pairs))

    def pairs_changed(self) -> None:
        """Follow the account in the pairs that there are now: hummingbot adds some while it runs."""
        self._user_stream_tracker.data_source.pairs_changed()
        self._set_pace()

    def poll_now(self) -> None:
        """Look at all at once, as a stream may have missed something."""
        self._poll_again = True
        self._poll_notifier.set()

    def holdings_changed(self) -> None:
        """Look at balances and positions, unless that is what comes next."""
        if not self._looks_at_orders:
            self.poll_now()

    def fill_told(self) -> None:
        """A fill was told that is new."""

    # -- pairs and rules ----------------------------------------------------------------------------

    def symbol_of(self, pair: str) -> str:
        """ccxt's symbol of a pair of hummingbot's."""
        symbol = self.symbols.inverse.get(pair)
        if symbol is None:
            by_pair = {
                each: symbol for symbol, each in pairs.pairs(self.client.markets, self.ROW.kind).items()
            }
            symbol = by_pair.get(pair)
        if symbol is None:
            raise BadSymbol(f"{self.name} has no pair {pair}")
        return str(symbol)

    async def _make_trading_rules_request(self) -> Any:
        return await self.client.load_markets()

    async def _make_trading_pairs_request(self) -> Any:
        return await self.client.load_markets()

    def _initialize_trading_pair_symbols_from_exchange_info(self, exchange_info: Mapping[str, Any]) -> None:
        self._set_trading_pair_symbol_map(bidict(self._offered(exchange_info)))

    def _offered(self, markets: Mapping[str, Any]) -> dict[str, str]:
        """Pairs that can be traded, and ours though they are suspended: there may be orders in them."""
        return {
            symbol: pair
            for symbol, pair in pairs.pairs(markets, self.ROW.kind).items()
            if pairs.is_traded(markets[symbol]) or pair in self._trading_pairs
        }

    def _set_trading_pair_symbol_map(self, trading_pair_and_symbol_map: Any) -> None:
        super()._set_trading_pair_symbol_map(trading_pair_and_symbol_map)
        self.symbols = bidict(trading_pair_and_symbol_map or {})

    async def _format_trading_rules(self, exchange_info_dict: Mapping[str, Any]) -> list[TradingRule]:
        found = []
        api = self.client.api
        for symbol, pair in self._offered(exchange_info_dict).items():
            try:
                found.append(pairs.trading_rule(api, exchange_info_dict[symbol], pair))
            except Exception:
                self.logger().exception(f"The market {symbol} tells no trading rules. Skipping.")
        return found

    def get_order_price_quantum(self, trading_pair: str, price: Decimal) -> Decimal:
        rule = self._trading_rules.get(trading_pair)
        if rule is None:  # rates are asked for once there is a book
            market = self.client.markets[self.symbol_of(trading_pair)]
            rule = pairs.trading_rule(self.client.api, market, trading_pair)
        return pairs.price_step(rule, price)

    # -- prices and fees ----------------------------------------------------------------------------

    async def _get_last_traded_price(self, trading_pair: str) -> float:
        async with self.client.open() as api:
            ticker = await api.fetch_ticker(self.symbol_of(trading_pair))
        return float(ticker["last"])

    async def get_all_pairs_prices(self) -> list[dict[str, Any]]:
        """The prices of all pairs, for hummingbot's conversion of rates."""
        async with self.client.open() as api:
            tickers = await api.fetch_tickers()
        known = pairs.pairs(self.client.markets, self.ROW.kind)
        return [
            {
                "symbol": known[symbol],
                "bidPrice": ticker["bid"],
                "askPrice": ticker["ask"],
                "price": ticker["last"],
            }
            for symbol, ticker in tickers.items()
            if symbol in known
        ]

    async def _update_trading_fees(self) -> None:
        """What the venue takes of this account, where it tells; else what its markets say."""
        async with self.client.open() as api:
            told: Mapping[str, Any] = {}
            if api.has.get("fetchTradingFees") is True:
                told = await api.fetch_trading_fees()
            usual = (api.fees.get("trading") or {}).get("feeSide")
        for symbol, pair in pairs.pairs(self.client.markets, self.ROW.kind).items():
            row = told.get(symbol) or self.client.markets[symbol]
            maker, taker = pairs.number(row.get("maker")), pairs.number(row.get("taker"))
            side = self.client.markets[symbol].get("feeSide") or usual
            if maker is not None and taker is not None:
                self._market_fees[pair] = replace(
                    self.trade_fee_schema(),
                    maker_percent_fee_decimal=maker,
                    taker_percent_fee_decimal=taker,
                    buy_percent_fee_deducted_from_returns=self.ROW.kind == pairs.SPOT and side != "quote",
                )

    def fees_of(self, pair: str) -> TradeFeeSchema:
        """The rates of a pair as the venue tells them, else as they are configured."""
        return self._market_fees.get(pair) or self.trade_fee_schema()

    def fee_rate(self, base: str, quote: str, is_maker: bool) -> Decimal:
        """The rate that an order in this pair is expected to pay."""
        schema = self.fees_of(f"{base}-{quote}")
        return schema.maker_percent_fee_decimal if is_maker else schema.taker_percent_fee_decimal

    def in_flight_asset_balances(self, in_flight_orders: Mapping[str, InFlightOrder]) -> dict[str, Decimal]:
        """What orders take. Those at market have no price, with which hummingbot would reckon."""
        priced = {id: self._priced(order) for id, order in in_flight_orders.items()}
        known = {id: order for id, order in priced.items() if not order.price.is_nan()}
        taken: dict[str, Decimal] = super().in_flight_asset_balances(known)
        return taken

    def _priced(self, order: InFlightOrder) -> InFlightOrder:
        """An order as it is, or one at market with the price that it would get now."""
        if order.price is not None and not order.price.is_nan():
            return order
        order = copy(order)
        try:
            order.price = self.get_price(order.trading_pair, order.trade_type is TradeType.BUY)
        except ValueError:  # there is no book yet
            order.price = s_decimal_NaN
        return order

    # -- placing ------------------------------------------------------------------------------------

    def order_params(self, tracked: InFlightOrder, **more: Any) -> dict[str, Any]:
        """What goes along with an order."""
        params: dict[str, Any] = {**self.quirks.order_params(self, tracked), **more}
        if takes_client_id(self.client.api):
            params["clientOrderId"] = tracked.client_order_id
        if tracked.order_type is OrderType.LIMIT_MAKER:
            params["postOnly"] = True
        return params

    async def _place_order(
        self,
        order_id: str,
        trading_pair: str,
        amount: Decimal,
        trade_type: Any,
        order_type: OrderType,
        price: Decimal = s_decimal_NaN,
        **kwargs: Any,
    ) -> tuple[str, float]:
        """Send it. Its outcome is seen to by `_place_order_and_process_update()`."""
        tracked = self._order_tracker.all_orders[order_id]
        row = await self._sent(tracked)
        return str(row["id"]), (row.get("timestamp") or self.now() * 1000) / 1000

    async def _place_order_and_process_update(self, order: InFlightOrder, **kwargs: Any) -> str:
        row = await self._sent(order)
        return "" if row is None else str(row["id"])

    async def _sent(self, order: InFlightOrder) -> Any:
        """The order as the venue answers; None if the answer was lost, and the order is looked for."""
        id = order.client_order_id
        self.save_states()
        self.being_placed.add(id)
        try:
            async with self.client.open() as api:
                wanted = self.desk.wanted(order)
                price = self.price_for(wanted.type, order)
                try:
                    row = await api.create_order(
                        wanted.symbol, wanted.type, wanted.side, wanted.amount, price, dict(wanted.params)
                    )
                except BaseException as error:
                    if may_be_placed(api, error):
                        self.desk.lose(order, wanted, error)
                        if isinstance(error, Exception):
                            self.poll_now()
                            return None
                    raise
                self.desk.placed(order, row)
                return row
        finally:
            self.being_placed.discard(id)

    def price_for(self, type: str, order: InFlightOrder) -> float | None:
        """The price to send: of a market order that which some venues reckon its cost by."""
        if type == "limit":
            return float(order.price)
        is_buy = order.trade_type is TradeType.BUY
        by_cost = is_buy and self.client.api.options.get("createMarketBuyOrderRequiresPrice")
        if not (by_cost or self.quirks.priced_market_orders):
            return None
        price = self.get_price(order.trading_pair, is_buy)
        return None if price.is_nan() else float(price)

    def _on_order_failure(self, *args: Any, **kwargs: Any) -> None:
        super()._on_order_failure(*args, **kwargs)
        self.save_states()

    def restore_tracking_states(self, saved_states: dict[str, Any]) -> None:
        super().restore_tracking_states(saved_states)
        self.desk.restored()

    @property
    def recorder(self) -> Any:
        """What writes this connector's orders into hummingbot's database, if there is one."""
        # There is no public way to ask for it, and for the connectors that it records.
        recorder = getattr(MarketsRecorder, "_shared_instance", None)
        return recorder if self in getattr(recorder, "_markets", ()) else None

    def save_states(self) -> None:
        """Write the orders into hummingbot's database: one that is just being sent may outlive us."""
        recorder = self.recorder
        if recorder is None:
            return
        with recorder.sql_manager.get_new_session() as session, session.begin():
            recorder.save_market_states(recorder.config_file_path, self, session=session)

    # -- errors -------------------------------------------------------------------------------------

    def _is_request_exception_related_to_time_synchronizer(self, request_exception: Exception) -> bool:
        return False  # ccxt keeps its own time

    def _is_order_not_found_during_status_update_error(self, status_update_exception: Exception) -> bool:
        return isinstance(status_update_exception, OrderNotFound)

    def _is_order_not_found_during_cancelation_error(self, cancelation_exception: Exception) -> bool:
        return isinstance(cancelation_exception, OrderNotFound)

    # -- polling ------------------------------------------------------------------------------------

    async def _update_orders_with_error_handler(
        self, orders: list[InFlightOrder], error_handler: Any
    ) -> None:
        """Look at each order; those of a pair at once, as far as the venue lists those that are open."""
        listed = await self._open_orders(orders)
        for order in orders:
            row = listed.get(order.exchange_order_id)
            if row is not None:
                self.desk.order_told({**row, "clientOrderId": order.client_order_id})
                continue
            if order.client_order_id in self.being_placed:
                continue
            try:
                await self.desk.look(order)
            except asyncio.CancelledError:
                raise
            except OrderNotFound as error:
                if order.exchange_order_id is None:
                    self._update_order_after_failure(order.client_order_id, order.trading_pair, error)
                else:
                    await error_handler(order, error)
            except Exception as error:
                if is_passing(error):
                    self.logger().debug(f"The order {order.client_order_id} is looked at later: {error}")
                else:
                    await error_handler(order, error)

    async def _open_orders(self, orders: list[InFlightOrder]) -> dict[str | None, Mapping[str, Any]]:
        """Open orders by their ids, where that is cheaper than to ask for each."""
        known = [order for order in orders if order.exchange_order_id is not None]
        found: dict[str | None, Mapping[str, Any]] = {}
        by_pair = {order.trading_pair for order in known}
        if len(known) <= len(by_pair) or not self.client.has("fetchOpenOrders"):
            return found
        async with self.client.open() as api:
            for pair in sorted(by_pair):
                try:
                    rows = await api.fetch_open_orders(self.symbol_of(pair))
                except BaseError as error:
                    self.logger().debug(f"The open orders of {pair} are not known: {error}")
                    continue
                found.update((str(row["id"]), row) for row in rows)
        return found

    async def _request_order_status(self, tracked_order: InFlightOrder) -> OrderUpdate:
        row = await self.desk.look(tracked_order)
        state = tracked_order.current_state
        return OrderUpdate(
            trading_pair=tracked_order.trading_pair,
            update_timestamp=self.now(),
            new_state=state,
            client_order_id=tracked_order.client_order_id,
            exchange_order_id=str(row["id"]),
        )

    async def _update_orders_fills(self, orders: list[InFlightOrder]) -> None:
        """Ask for the fills of these orders; one request tells of all that are in one pair."""
        if not self.desk.lists_trades:
            # Those that are active are looked at right after this, and tell their own fills.
            orders = [order for order in orders if order.client_order_id not in self.in_flight_orders]
        try:
            await self.desk.fetch_fills(orders)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            self.logger().warning(f"Failed to fetch trade updates. Error: {error}")

    async def _all_trade_updates_for_order(self, order: InFlightOrder) -> list[TradeUpdate]:
        await self.desk.fetch_fills([order])
        return list(order.order_fills.values())

    async def _status_polling_loop_fetch_updates(self) -> None:
        """Orders first: a balance with a fill in it that was not told yet would count it twice.

        All once more if that was asked for meanwhile, which hummingbot forgets.
        """
        for _ in range(2):
            self._poll_again, self._looks_at_orders = False, True
            failed = await asyncio.gather(self._update_order_status(), return_exceptions=True)
            self._looks_at_orders = False
            await self._update_holdings()
            if failed[0] is not None:
                raise failed[0]
            if not self._poll_again:
                return

    async def _update_holdings(self) -> None:
        await self._update_all_balances()

    async def _update_balances(self) -> None:
        async with self.client.open() as api:
            told = await api.fetch_balance()
        take(told, self._account_balances, self._account_available_balances, whole=True)

    async def _update_all_balances(self) -> None:
        """Balances, and of which moment they are, for what hummingbot makes of orders in the meantime."""
        try:
            await self._update_balances()
        except asyncio.CancelledError:
            raise
        except Exception as error:
            self._not_updated("balances", error)
            return
        if not self.real_time_balance_update:
            self._in_flight_orders_snapshot = {id: copy(order) for id, order in self.in_flight_orders.items()}
            self._in_flight_orders_snapshot_timestamp = self.current_timestamp

    def _not_updated(self, what: str, error: Exception) -> None:
        """Say that they are asked for again. Of an answer that did not come there is no more to tell."""
        shown = None if is_passing(error) else error
        self.logger().warning(f"Failed to update {what}. Error: {error}", exc_info=shown)

    # -- what streams tell --------------------------------------------------------------------------

    async def _user_stream_event_listener(self) -> None:
        async for kind, rows in self._iter_user_events():
            try:
                self.stream_told(kind, rows)
            except asyncio.CancelledError:
                raise
            except Exception:
                self._stream_error()
                await self._sleep(LISTENER_PAUSE_S)

    async def _iter_user_events(self) -> Any:
        async for event in self._iter_user_event_queue():
            try:
                kind, rows = event
            except (TypeError, ValueError):
                self._stream_error()
                await self._sleep(LISTENER_PAUSE_S)
                continue
            yield kind, rows

    def _stream_error(self) -> None:
        self.logger().error("Unexpected error in user stream listener loop.", exc_info=True)

    def stream_told(self, kind: str, rows: Any) -> None:
        """Take what one stream has told."""
        if kind == "balance":
            take(rows, self._account_balances, self._account_available_balances)
            return
        told = {"trades": self.desk.trade_told, "orders": self.desk.order_told}[kind]
        for row in rows:
            try:
                told(row)
            except Exception:  # the others are told all the same
                self._stream_error()

    # -- for the desk -------------------------------------------------------------------------------

    @property
    def tracker(self) -> Any:
        return self._order_tracker

    async def pause(self, seconds: float) -> None:
        await self._sleep(seconds)

    def known_ids(self) -> list[str]:
        """The venue's ids of the orders that hummingbot knows, those of its database too."""
        tracked = self._order_tracker.all_fillable_orders.values()
        ids = [order.exchange_order_id for order in tracked if order.exchange_order_id is not None]
        return [*self._exchange_order_ids, *ids]
