# Generated from rest.py by scripts/generate.py. Do not edit.
"""BitMart openapi v2 over REST."""

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from ccxt.base.errors import (
    ArgumentsRequired,
    AuthenticationError,
    BadResponse,
    BaseError,
    ExchangeError,
    InvalidProxySettings,
    OnMaintenance,
    OperationFailed,
    RateLimitExceeded,
)

from ccxt_ext.venue.answers import arrivals_sync, reading, windows
from ccxt_ext.venue.answers.errors import copy_of
from ccxt_ext.venue.answers.paging import Part, without_gap
from ccxt_ext.venue.contexts import within
from ccxt_ext.venue.keys import waiting_sync
from ccxt_ext.venue.keys.lines import Place
from ccxt_ext.venue.orders import costs, crossing_sync, market_orders, outcomes
from ccxt_ext.venue.requests import building
from ccxt_ext.venue.rest_client_sync import SyncRestClient
from ccxt_ext.venue.surface.compat import section
from ccxt_ext.venues.bitmart2.columns import Columns
from ccxt_ext.venues.bitmart2.pages import MOST_GAPS, Pages
from ccxt_ext.venues.bitmart2.protocol import Protocol, TokenRefused
from ccxt_ext.venues.bitmart2.tokens import Token, TokenState

LARGEST_PAGE = 1000  # of orders or trades
LONGEST_LIFE = 10**9  # of a token, in seconds
PLAIN_TOKEN = re.compile(r"[!-~]{1,4096}")


@dataclass
class Claim:
    """On a token, by the request that this task or thread makes."""

    trading: bool
    begun: bool = False
    token: Token | None = None
    place: Place | None = None  # in the line of the key's calls


_claim: ContextVar[Claim | None] = ContextVar("claim", default=None)


class bitmart2(Columns, Protocol, SyncRestClient):
    # -- tokens -------------------------------------------------------------------------------------

    def request(
        self,
        path: str,
        api: Any = "public",
        method: str = "GET",
        params: Any = {},
        *args: Any,
        config: dict[str, Any] = {},
    ) -> Any:
        if section(api) != "private":
            return super().request(path, api, method, params, *args, config=config)
        self.check_required_credentials()
        trading = config.get("trading", False)
        relogged = False
        while True:
            claim = Claim(trading)
            try:
                with within(_claim, claim):
                    return super().request(path, api, method, params, *args, config=config)
            except TokenRefused:
                if claim.token is None:
                    self.token = None
                else:
                    self.token_state().drop(claim.token)
                if relogged or not self.options["token"]["retryOn401"]:
                    raise
                relogged = True
            finally:
                if claim.place is not None:
                    self.token_state().line.leave(claim.place)

    def before_signing(self) -> None:
        """Only now: in the throttle, a token might expire, and others would wait to renew it."""
        claim = _claim.get()
        if claim is not None and not claim.begun and not self.token:
            claim.begun = True  # the login is a request as well
            claim.token, claim.place = self.claim_token(claim.trading)

    def claim_token(self, trading: bool) -> tuple[Token, Place | None]:
        """A token, and for an order call its place in the line, which it leaves when it is done."""
        state = self.token_state()
        margin = self.options["token"]["refreshMargin"] / 1000
        while True:
            place = waiting_sync.take_turn(self, state.line, together=True) if trading else None
            token = state.fresh(margin)
            if token is not None:
                return token, place
            if place is not None:
                state.line.leave(place)
                if place.failure is not None:
                    raise copy_of(place.failure)
            else:
                token = state.last_resort()
                if token is not None:
                    return token, None
            token = waiting_sync.fetched_once(
                self, state.line, lambda: state.fresh(margin), lambda: self.log_in(state)
            )
            if not trading:
                return token, None

    def log_in(self, state: TokenState) -> Token:
        earlier = state.token
        self.wait_for_login(state)
        # A repeated login would count against the limit unseen.
        answer = reading.record(self, self.token_post_authentication({"maxRetriesOnFailure": 0}))
        lifetime = self.safe_float(answer, "expires_in", 900)  # also where numbers are Decimals
        if not 0 < lifetime <= LONGEST_LIFE:
            raise BadResponse(f"{self.id} gave a token without a sensible lifetime")
        value = reading.required(self, answer, "access_token")
        if not PLAIN_TOKEN.fullmatch(value):
            raise BadResponse(f"{self.id} gave a token that no header can carry")
        return state.logged_in(value, lifetime, earlier)

    def wait_for_login(self, state: TokenState) -> None:
        options = self.options["token"]
        while pause := state.pause_before_login(options["maxPerMinute"]):
            if options["onLimit"] != "wait":
                raise RateLimitExceeded(
                    f"{self.id} allows {options['maxPerMinute']} logins a minute; the next in {pause:.0f} s"
                )
            waiting_sync.pause_in_turn(self, pause)

    def sign_in(self, params: Any = {}) -> Any:
        """Fetch a token, unless there is a fresh one. Calls that need one do this by themselves."""
        self.check_required_credentials()
        token, _ = self.claim_token(False)
        return {"expiresIn": int(token.lifetime * 1000)}

    # -- public data --------------------------------------------------------------------------------

    def fetch_time(self, params: Any = {}) -> int:
        answer = reading.record(self, self.public_get_time(params))
        return reading.moment(self, answer, "server_time")

    def fetch_status(self, params: Any = {}) -> Any:
        status, answer = "ok", None
        try:
            answer = reading.record(self, self.public_get_ping(params))
        except OnMaintenance:
            status = "maintenance"
        return {"status": status, "updated": None, "eta": None, "url": None, "info": answer}

    def fetch_currencies(self, params: Any = {}) -> Any:
        currencies = [
            self.parse_currency(row) for row in reading.rows(self, self.public_get_currencies(params))
        ]
        return self.index_by(currencies, "code")

    def fetch_markets(self, params: Any = {}) -> Any:
        if self.options["adjustForTimeDifference"]:
            self.load_time_difference()
        return self.parse_markets(reading.rows(self, self.public_get_symbols_details(params)))

    def fetch_ticker(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        market = self.market(symbol)
        answer = self.public_get_ticker(self.extend({"symbol": market["id"]}, params))
        if isinstance(answer, list):
            rows = reading.rows(self, answer)
            answer = next((row for row in rows if self.ticker_market_id(row) == market["id"]), None)
        return self.parse_ticker(reading.record(self, answer), market)

    def fetch_tickers(self, symbols: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        symbols = self.market_symbols(symbols)
        return self.parse_tickers(self.ticker_rows(params), symbols)

    def ticker_rows(self, params: Any) -> list[dict[str, Any]]:
        answer = self.public_get_ticker(params)
        rows = reading.rows(self, answer if isinstance(answer, list) else [answer])
        for row in rows:
            if self.ticker_market_id(row) is None:
                raise BadResponse(f"{self.id} expected the market in {reading.excerpt(self, row)}")
        return rows

    def fetch_bids_asks(self, symbols: Any = None, params: Any = {}) -> Any:
        return self.fetch_tickers(symbols, params)

    def fetch_last_prices(self, symbols: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        return self.parse_last_prices(self.ticker_rows(params), self.market_symbols(symbols))

    def fetch_order_book(self, symbol: str, limit: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = self.market(symbol)
        request = {"symbol": market["id"]}
        precision = self.options["fetchOrderBook"]["precision"]
        if precision is not None:
            request["precision"] = precision
        answer = self.public_get_symbols_symbol_orders(self.extend(request, params))
        return self.parse_book(answer, market["symbol"], limit)

    def fetch_trades(self, symbol: str, since: Any = None, limit: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = self.market(symbol)
        in_time, params = windows.handle_until(self, params, self.parse_trade, market)
        answer = self.public_get_symbols_symbol_trades(self.extend({"symbol": market["id"]}, params))
        rows = windows.only(self, in_time, self.oldest_first(reading.rows(self, answer)))
        return self.parse_trades(rows, market, since, limit)

    def fetch_ohlcv(
        self, symbol: str, timeframe: str = "1m", since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        most = self.options["fetchOHLCV"]["maxCandles"]
        paginate, params = self.handle_option_and_params(params, "fetchOHLCV", "paginate", False)
        if paginate:
            return self.fetch_paginated_call_deterministic(
                "fetchOHLCV", symbol, since, limit, timeframe, params, most
            )
        market = self.market(symbol)
        request = self.ohlcv_request(market, timeframe, since, limit, params)
        rows = reading.rows(self, self.public_get_symbols_symbol_kline(request))
        return self.parse_ohlcvs(rows, market, timeframe, since, limit)

    # -- the account --------------------------------------------------------------------------------

    def fetch_balance(self, params: Any = {}) -> Any:
        self.load_markets()
        return self.parse_balance(self.private_get_wallet(params))

    def create_order(
        self, symbol: str, type: Any, side: Any, amount: Any, price: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        if type == "market" and market_orders.is_wanted(self):
            return crossing_sync.create_market_as_limit(self, symbol, side, amount, params)
        request = self.order_request(symbol, type, side, amount, price, params)
        answer = self.private_post_orders(request)
        order = outcomes.placed(
            self, self.parse_new_order, answer, request, order_id=self.new_order_id(answer)
        )
        self.remember(order)
        return self.looked_up(order)

    def looked_up(self, order: Any) -> Any:
        """A new order, with what became of it at once: the answer has nothing but its id."""
        if not self.options["createOrder"]["lookUp"]:
            return order
        try:
            return self.fetch_order(order["id"], order["symbol"])
        except BaseError as error:
            # It is placed all the same, and its id must reach the caller.
            if self.verbose:
                self.log(f"{order['id']} was placed, and cannot be looked up: {error}")
            return order

    def cancel_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        id = building.required_id(self, id, "cancelOrder")
        answer = self.private_delete_orders_entrust_id(self.extend({"entrust_id": id}, params))
        market = self.optional_market(symbol)
        return outcomes.canceled(self, self.parse_cancel, answer, market, {"id": id}, order_id=id)

    def cancel_all_orders(self, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        if symbol is None:
            return self.cancel_everywhere(params)
        market = self.market(symbol)
        given = self.safe_string(params, "side")
        sides = [given] if given else self.options["cancelAllOrders"]["sides"]
        canceled = []
        refusal: BaseError | None = None
        for side in sides:
            request = self.extend({"symbol": market["id"], "side": side}, params)
            try:
                answer = self.private_delete_orders(request)
                canceled.append(outcomes.canceled(self, self.parse_cancel, answer, market, {"side": side}))
            except (AuthenticationError, InvalidProxySettings):
                raise
            except (ExchangeError, BadResponse) as error:  # what one side fails with does not spare the other
                refusal = refusal or error
        if refusal is not None:
            raise refusal
        return canceled

    def cancel_everywhere(self, params: Any) -> list[Any]:
        """The venue cancels in one market at a time, so in all in which there is an order."""
        canceled: list[Any] = []
        markets, refusal = self.markets_with_orders()
        for market in markets:
            try:
                if self.fetch_open_orders(market["symbol"], None, 1):
                    canceled += self.cancel_all_orders(market["symbol"], params)
            except (AuthenticationError, InvalidProxySettings):
                raise
            except (ExchangeError, BadResponse) as error:  # nor does that of one market
                refusal = refusal or error
            except BaseError as error:
                if not canceled:
                    raise
                raise outcomes.cancel_unknown(self, error) from error
        if refusal is not None:
            raise refusal
        return canceled

    def markets_with_orders(self) -> tuple[list[Any], BaseError | None]:
        """Those with currencies that are held, as open orders hold them; or those that the caller names. And
        what went wrong, if there may be others, that were listed since the markets were loaded."""
        named = self.options["marketsOfOrders"]
        if named is not None:
            return [self.market(symbol) for symbol in named], None
        held = self.held_currencies(self.private_get_wallet())
        doubt = None
        if held:
            try:
                ids = self.listed_ids(self.public_get_symbols())
                arrivals_sync.know_markets(self, ids, all_needed=True)
            except (ExchangeError, OperationFailed) as error:
                doubt = error
        return [
            market
            for market in self.markets.values()
            if market["active"] is not False and not held.isdisjoint((market["baseId"], market["quoteId"]))
        ], doubt

    def fetch_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        id = building.required_id(self, id, "fetchOrder")
        answer = self.private_get_orders_entrust_id(self.extend({"entrust_id": id}, params))
        row = reading.record(self, answer)
        arrivals_sync.know_markets(self, [self.safe_string(row, "symbol")])
        order = self.parse_order(row, self.optional_market(symbol))
        self.remember(order)
        if order["filled"] and order["symbol"] in self.markets and self.options["fetchOrder"]["fills"]:
            # Only its trades tell what it cost.
            return costs.costed_by(self, order, self.fetch_order_trades(id, order["symbol"]))
        return order

    def fetch_open_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return self.fetch_orders_with("fetchOpenOrders", ["open"], symbol, since, limit, params)

    def fetch_closed_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return self.fetch_orders_with("fetchClosedOrders", ["closed"], symbol, since, limit, params)

    def fetch_canceled_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return self.fetch_orders_with("fetchCanceledOrders", ["canceled"], symbol, since, limit, params)

    def fetch_canceled_and_closed_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        name = "fetchCanceledAndClosedOrders"
        return self.fetch_orders_with(name, ["closed", "canceled"], symbol, since, limit, params)

    def fetch_orders(self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}) -> Any:
        statuses = ["open", "closed", "canceled"]
        return self.fetch_orders_with("fetchOrders", statuses, symbol, since, limit, params)

    def fetch_orders_with(
        self, name: str, statuses: list[str], symbol: Any, since: Any, limit: Any, params: Any
    ) -> Any:
        self.load_markets()
        if symbol is None and statuses == ["open"]:
            markets, doubt = self.markets_with_orders()
            if doubt is not None:
                raise doubt
            orders = [
                order
                for market in markets
                for order in self.fetch_open_orders(market["symbol"], since, None, params)
            ]
            return self.filter_by_since_limit(self.sort_by(orders, "timestamp"), since, limit)
        market = self.required_market(symbol, name)
        paginate, params = self.handle_option_and_params(params, name, "paginate", False)
        in_time, params = windows.handle_until(self, params, self.parse_order, market)
        # Whoever asks for the open orders wants them all: one that is not shown is not cancelled.
        everything = paginate or (statuses == ["open"] and limit is None)
        parts = [
            self.fetch_pages(
                self.private_get_orders,
                self.extend({"symbol": market["id"], "status": code}, params),
                "orders",
                ("entrust_id",),
                in_time,
                since,
                limit,
                everything,
            )
            for status in statuses
            for code in self.options["orderStatusFilters"][status]
        ]
        rows = without_gap(parts, lambda row: reading.moment(self, row, "timestamp"))
        # An order that changes its status meanwhile is listed twice; the later answer is right.
        rows = list({reading.required(self, row, "entrust_id"): row for row in rows}.values())
        orders = self.parse_orders(rows, market, since, limit)
        for order in orders:
            self.remember(order)
        return orders

    def fetch_my_trades(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        market = self.required_market(symbol, "fetchMyTrades")
        paginate, params = self.handle_option_and_params(params, "fetchMyTrades", "paginate", False)
        in_time, params = windows.handle_until(self, params, self.parse_trade, market)
        request = self.extend({"symbol": market["id"]}, params)
        # Of a trade with oneself there are two, one for each order, under one id.
        ids = ("trade_id", "entrust_id")
        found = self.fetch_pages(
            self.private_get_trades, request, "trades", ids, in_time, since, limit, paginate
        )
        return self.parse_trades(found.rows, market, since, limit)

    def fetch_order_trades(
        self, id: str, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        market = self.required_market(symbol, "fetchOrderTrades")
        id = building.required_id(self, id, "fetchOrderTrades")
        in_time, params = windows.handle_until(self, params, self.parse_trade, market)
        # The venue demands the paging parameters here too, and ignores them.
        request = {"symbol": market["id"], "entrust_id": id, "offset": 0, "limit": self.options["pageSize"]}
        answer = self.private_get_trades(self.extend(request, params))
        rows = windows.only(self, in_time, reading.rows(self, answer, "trades"))
        return self.parse_trades(rows, market, since, limit)

    def fetch_pages(
        self,
        endpoint: Any,
        request: dict[str, Any],
        key: str,
        ids: tuple[str, ...],
        wanted: Callable[[Any], bool] | None,
        since: Any,
        limit: Any,
        everything: bool,
    ) -> Part[dict[str, Any]]:
        """A paged list's rows, newest first, as far back as `since` and `limit` ask for.

        Only rows that are `wanted` are given and counted.
        """
        if "offset" in request:
            answer = endpoint(self.extend({"limit": self.options["pageSize"]}, request))
            return Part(windows.only(self, wanted, reading.rows(self, answer, key)))
        newest = since is None and wanted is None and not everything
        size = min(limit or self.options["pageSize"], LARGEST_PAGE) if newest else LARGEST_PAGE
        size = reading.whole(self, request, "limit") or size
        pages = Pages(size)
        rows: dict[Any, dict[str, Any]] = {}
        while True:
            answer = endpoint(self.extend(request, {"offset": pages.offset, "limit": pages.limit}))
            page = reading.rows(self, answer, key)
            rows.update((reading.identity(self, row, ids), row) for row in windows.only(self, wanted, page))
            pages.read(len(page), reading.whole(self, answer, f"total_{key}"))
            if pages.gaps > MOST_GAPS:
                raise OperationFailed(f"{self.id} the list of {key} shrinks faster than it can be read")
            if pages.is_whole and (
                pages.is_last or self.is_enough(page, rows, since, limit or size, everything)
            ):
                return Part(list(rows.values()), pages.is_last)

    def is_enough(
        self, page: list[Any], rows: Mapping[Any, Any], since: Any, limit: int, everything: bool
    ) -> bool:
        if since is not None:
            return min(reading.moment(self, row, "timestamp") for row in page) < since
        return not everything and len(rows) >= limit

    def required_market(self, symbol: str | None, method: str) -> Any:
        if symbol is None:
            raise ArgumentsRequired(f"{self.id} {method}() requires a symbol")
        return self.market(symbol)

    def optional_market(self, symbol: str | None) -> Any:
        return None if symbol is None else self.market(symbol)
