# twin: rest_sync.py
"""BitMart openapi v2 over REST."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from ccxt.base.errors import (
    AuthenticationError,
    BadResponse,
    BaseError,
    ExchangeError,
    InvalidProxySettings,
    OnMaintenance,
)

from ccxt_ext.venue.answers import new_markets, reading, until_filter
from ccxt_ext.venue.calls import symbols
from ccxt_ext.venue.contexts import within
from ccxt_ext.venue.keys.lines import Place
from ccxt_ext.venue.orders import costs, market_as_limit, market_orders, outcomes
from ccxt_ext.venue.requests import building
from ccxt_ext.venue.rest_client import AsyncRestClient
from ccxt_ext.venue.surface.compat import section
from ccxt_ext.venues.bitmart2 import (
    market_data,
    orders,
    rest_login,
    rest_orders,
    rest_pages,
    rest_tickers,
    signing,
)
from ccxt_ext.venues.bitmart2.protocol import Protocol, TokenRefused
from ccxt_ext.venues.bitmart2.tokens import Token


@dataclass
class Claim:
    """On a token, by the request that this task or thread makes."""

    trading: bool
    begun: bool = False
    token: Token | None = None
    place: Place | None = None  # in the line of the key's calls


_claim: ContextVar[Claim | None] = ContextVar("claim", default=None)


class bitmart2(Protocol, AsyncRestClient):
    # -- tokens -------------------------------------------------------------------------------------

    async def request(
        self,
        path: str,
        api: Any = "public",
        method: str = "GET",
        params: Any = {},
        *args: Any,
        config: dict[str, Any] = {},
    ) -> Any:
        if section(api) != "private":
            return await super().request(path, api, method, params, *args, config=config)
        self.check_required_credentials()
        trading = config.get("trading", False)
        relogged = False
        while True:
            claim = Claim(trading)
            try:
                with within(_claim, claim):
                    return await super().request(path, api, method, params, *args, config=config)
            except TokenRefused:
                if claim.token is None:
                    self.token = None
                else:
                    signing.token_state(self).drop(claim.token)
                if relogged or not self.options["token"]["retryOn401"]:
                    raise
                relogged = True
            except BaseException as error:
                answered = isinstance(error, BaseError) and not outcomes.is_unknown(error)
                if trading and claim.token is not None and not answered:
                    signing.token_state(self).may_go_on(claim.token, self.timeout / 1000)
                raise
            finally:
                if claim.place is not None:
                    signing.token_state(self).line.leave(claim.place)

    async def before_signing(self) -> None:
        """Only now: in the throttle, a token might expire, and others would wait to renew it."""
        claim = _claim.get()
        if claim is not None and not claim.begun and not self.token:
            claim.begun = True  # the login is a request as well
            claim.token, claim.place = await rest_login.claim_token(self, claim.trading)

    async def sign_in(self, params: Any = {}) -> Any:
        """Fetch a token, unless there is a fresh one. Calls that need one do this by themselves."""
        self.check_required_credentials()
        token, _ = await rest_login.claim_token(self, False)
        return {"expiresIn": int(token.lifetime * 1000)}

    # -- public data --------------------------------------------------------------------------------

    async def fetch_time(self, params: Any = {}) -> int:
        answer = reading.record(self, await self.public_get_time(params))
        return reading.timestamp(self, answer, "server_time")

    async def fetch_status(self, params: Any = {}) -> Any:
        status, answer = "ok", None
        try:
            answer = reading.record(self, await self.public_get_ping(params))
        except OnMaintenance:
            status = "maintenance"
        return {"status": status, "updated": None, "eta": None, "url": None, "info": answer}

    async def fetch_currencies(self, params: Any = {}) -> Any:
        currencies = [
            self.parse_currency(row) for row in reading.rows(self, await self.public_get_currencies(params))
        ]
        return self.index_by(currencies, "code")

    async def fetch_markets(self, params: Any = {}) -> Any:
        if self.options["adjustForTimeDifference"]:
            await self.load_time_difference()
        return self.parse_markets(reading.rows(self, await self.public_get_symbols_details(params)))

    async def fetch_ticker(self, symbol: str, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        answer = await self.public_get_ticker(self.extend({"symbol": market["id"]}, params))
        if isinstance(answer, list):
            rows = reading.rows(self, answer)
            answer = next(
                (row for row in rows if market_data.ticker_market_id(self, row) == market["id"]), None
            )
        return self.parse_ticker(reading.record(self, answer), market)

    async def fetch_tickers(self, symbols: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        symbols = self.market_symbols(symbols)
        return self.parse_tickers(await rest_tickers.ticker_rows(self, params), symbols)

    async def fetch_bids_asks(self, symbols: Any = None, params: Any = {}) -> Any:
        return await self.fetch_tickers(symbols, params)

    async def fetch_last_prices(self, symbols: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        return self.parse_last_prices(
            await rest_tickers.ticker_rows(self, params), self.market_symbols(symbols)
        )

    async def fetch_order_book(self, symbol: str, limit: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        request = {"symbol": market["id"]}
        precision = self.options["fetchOrderBook"]["precision"]
        if precision is not None:
            request["precision"] = precision
        answer = await self.public_get_symbols_symbol_orders(self.extend(request, params))
        return market_data.parse_book(self, answer, market["symbol"], limit)

    async def fetch_trades(self, symbol: str, since: Any = None, limit: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        in_time, params = until_filter.handle_until(self, params, self.parse_trade, market)
        answer = await self.public_get_symbols_symbol_trades(self.extend({"symbol": market["id"]}, params))
        rows = until_filter.apply(in_time, market_data.oldest_first(self, reading.rows(self, answer)))
        return self.parse_trades(rows, market, since, limit)

    async def fetch_ohlcv(
        self, symbol: str, timeframe: str = "1m", since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        most = self.options["fetchOHLCV"]["maxCandles"]
        paginate, params = self.handle_option_and_params(params, "fetchOHLCV", "paginate", False)
        if paginate:
            return await self.fetch_paginated_call_deterministic(
                "fetchOHLCV", symbol, since, limit, timeframe, params, most
            )
        market = self.market(symbol)
        request = market_data.ohlcv_request(self, market, timeframe, since, limit, params)
        rows = reading.rows(self, await self.public_get_symbols_symbol_kline(request))
        return self.parse_ohlcvs(rows, market, timeframe, since, limit)

    # -- the account --------------------------------------------------------------------------------

    async def fetch_balance(self, params: Any = {}) -> Any:
        await self.load_markets()
        return self.parse_balance(await self.private_get_wallet(params))

    async def create_order(
        self, symbol: str, type: Any, side: Any, amount: Any, price: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        if type == "market" and market_orders.is_wanted(self):
            return await market_as_limit.create_market_as_limit(self, symbol, side, amount, params)
        request = orders.order_request(self, symbol, type, side, amount, price, params)
        answer = await self.private_post_orders(request)
        order = outcomes.parse_order_answer(
            self,
            orders.parse_new_order,
            self,
            answer,
            request,
            order_id=orders.new_order_id(self, answer),
        )
        orders.remember(self, order)
        return await rest_orders.looked_up(self, order)

    async def cancel_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        id = building.required_id(self, id, "cancelOrder")
        answer = await self.private_delete_orders_entrust_id(self.extend({"entrust_id": id}, params))
        market = symbols.optional_market(self, symbol)
        return outcomes.parse_cancel_answer(
            self, orders.parse_cancel, self, answer, market, {"id": id}, order_id=id
        )

    async def cancel_all_orders(self, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        if symbol is None:
            return await rest_orders.cancel_everywhere(self, params)
        market = self.market(symbol)
        given = self.safe_string(params, "side")
        sides = [given] if given else self.options["cancelAllOrders"]["sides"]
        canceled = []
        refusal: BaseError | None = None
        for side in sides:
            request = self.extend({"symbol": market["id"], "side": side}, params)
            try:
                answer = await self.private_delete_orders(request)
                canceled.append(
                    outcomes.parse_cancel_answer(
                        self, orders.parse_cancel, self, answer, market, {"side": side}
                    )
                )
            except (AuthenticationError, InvalidProxySettings):
                raise
            except (ExchangeError, BadResponse) as error:  # what one side fails with does not spare the other
                refusal = refusal or error
        if refusal is not None:
            raise refusal
        return canceled

    async def fetch_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        id = building.required_id(self, id, "fetchOrder")
        answer = await self.private_get_orders_entrust_id(self.extend({"entrust_id": id}, params))
        row = reading.record(self, answer)
        await new_markets.load_new_markets(self, [self.safe_string(row, "symbol")])
        order = self.parse_order(row, symbols.optional_market(self, symbol))
        orders.remember(self, order)
        if order["filled"] and order["symbol"] in self.markets and self.options["fetchOrder"]["fills"]:
            # Only its trades tell what it cost.
            return costs.with_cost_of_trades(self, order, await self.fetch_order_trades(id, order["symbol"]))
        return order

    async def fetch_open_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return await rest_orders.fetch_orders_with(
            self, "fetchOpenOrders", ["open"], symbol, since, limit, params
        )

    async def fetch_closed_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return await rest_orders.fetch_orders_with(
            self, "fetchClosedOrders", ["closed"], symbol, since, limit, params
        )

    async def fetch_canceled_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return await rest_orders.fetch_orders_with(
            self, "fetchCanceledOrders", ["canceled"], symbol, since, limit, params
        )

    async def fetch_canceled_and_closed_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        name = "fetchCanceledAndClosedOrders"
        return await rest_orders.fetch_orders_with(
            self, name, ["closed", "canceled"], symbol, since, limit, params
        )

    async def fetch_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        statuses = ["open", "closed", "canceled"]
        return await rest_orders.fetch_orders_with(
            self, "fetchOrders", statuses, symbol, since, limit, params
        )

    async def fetch_my_trades(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = symbols.required_market(self, symbol, "fetchMyTrades")
        paginate, params = self.handle_option_and_params(params, "fetchMyTrades", "paginate", False)
        in_time, params = until_filter.handle_until(self, params, self.parse_trade, market)
        request = self.extend({"symbol": market["id"]}, params)
        # Of a trade with oneself there are two, one for each order, under one id.
        ids = ("trade_id", "entrust_id")
        found = await rest_pages.fetch_pages(
            self, self.private_get_trades, request, "trades", ids, in_time, since, limit, paginate
        )
        return self.parse_trades(found.rows, market, since, limit)

    async def fetch_order_trades(
        self, id: str, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = symbols.required_market(self, symbol, "fetchOrderTrades")
        id = building.required_id(self, id, "fetchOrderTrades")
        in_time, params = until_filter.handle_until(self, params, self.parse_trade, market)
        # The venue demands the paging parameters here too, and ignores them.
        request = {"symbol": market["id"], "entrust_id": id, "offset": 0, "limit": self.options["pageSize"]}
        answer = await self.private_get_trades(self.extend(request, params))
        rows = until_filter.apply(in_time, reading.rows(self, answer, "trades"))
        return self.parse_trades(rows, market, since, limit)
