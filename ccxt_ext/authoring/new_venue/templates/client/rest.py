# twin: rest_sync.py
"""Acme Exchange over REST: each method sends a request and has the answer parsed.

rest_sync.py is made from this file. After each change: ccxt-ext twins ccxt_acme
"""

from typing import Any

from ccxt_ext.venue.answers import new_markets, reading, until_filter
from ccxt_ext.venue.calls import symbols
from ccxt_ext.venue.orders import cancelling, outcomes
from ccxt_ext.venue.requests import building
from ccxt_ext.venue.rest_client import AsyncRestClient

from . import markets, orders, rest_pages
from .perpetuals import balance_params  # with --swap
from .protocol import Protocol


class acme(Protocol, AsyncRestClient):
    # -- public data --------------------------------------------------------------------------------

    async def fetch_time(self, params: Any = {}) -> int:
        return reading.timestamp(self, await self.public_get_time(params), "time")

    async def fetch_markets(self, params: Any = {}) -> Any:
        if self.options["adjustForTimeDifference"]:
            await self.load_time_difference()
        return self.parse_markets(reading.rows(self, await self.public_get_markets(params), "markets"))

    async def fetch_ticker(self, symbol: str, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        answer = await self.public_get_markets_market_ticker(self.extend({"market": market["id"]}, params))
        return self.parse_ticker(reading.record(self, answer), market)

    async def fetch_order_book(self, symbol: str, limit: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        request = markets.book_request(self, market, limit)
        answer = await self.public_get_markets_market_book(self.extend(request, params))
        return markets.parse_book(self, answer, market["symbol"], limit)

    async def fetch_trades(self, symbol: str, since: Any = None, limit: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        # The venue gives its latest trades, and cannot be asked for older ones.
        in_time, params = until_filter.handle_until(self, params, self.parse_trade, market)
        most = self.options["fetchTrades"]["limit"]
        wanted = most if since is not None or in_time is not None else min(limit or most, most)
        request = {"market": market["id"], "limit": wanted}
        answer = await self.public_get_markets_market_trades(self.extend(request, params))
        rows = until_filter.apply(in_time, reading.rows(self, answer, "trades"))
        return self.parse_trades(rows, market, since, limit)

    async def fetch_ohlcv(
        self, symbol: str, timeframe: str = "1m", since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        paginate, params = self.handle_option_and_params(params, "fetchOHLCV", "paginate", False)
        if paginate:
            return await self.fetch_paginated_call_deterministic(
                "fetchOHLCV", symbol, since, limit, timeframe, params, self.options["fetchOHLCV"]["limit"]
            )
        market = self.market(symbol)
        request = markets.candles_request(self, market, timeframe, since, limit, params)
        answer = reading.record(self, await self.public_get_markets_market_candles(request))
        return self.parse_ohlcvs(self.safe_list(answer, "candles"), market, timeframe, since, limit)

    # -- orders and the account ---------------------------------------------------------------------

    async def fetch_balance(self, params: Any = {}) -> Any:
        await self.load_markets()
        params = balance_params(self, params)  # with --swap
        return self.parse_balance(await self.private_get_balances(params))

    async def create_order(
        self, symbol: str, type: Any, side: Any, amount: Any, price: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        request = orders.order_request(self, symbol, type, side, amount, price, params)
        answer = await self.private_post_orders(request)
        # If the answer is not understood, the error tells by which ids the order can be looked up.
        return outcomes.parse_order_answer(
            self,
            orders.parse_new_order,
            self,
            answer,
            market,
            client_id=request["client_id"],
            idempotent=True,
            order_id=orders.told_id(self, answer),
        )

    async def cancel_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = symbols.optional_market(self, symbol)
        id = building.required_id(self, id, "cancelOrder")
        answer = await self.private_delete_orders_id(self.extend({"id": id}, params))
        return outcomes.parse_cancel_answer(
            self, orders.parse_canceled_order, self, answer, id, market, order_id=id
        )

    async def cancel_all_orders(self, symbol: Any = None, params: Any = {}) -> Any:
        """The venue has no call for that: its open orders are cancelled one after the other."""
        await self.load_markets()
        return await cancelling.cancel_open_orders(self, symbol, params)

    async def fetch_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = symbols.optional_market(self, symbol)
        id = building.required_id(self, id, "fetchOrder")
        row = reading.record(self, await self.private_get_orders_id(self.extend({"id": id}, params)))
        # The venue may have listed its market since the markets were loaded.
        await new_markets.load_new_markets(self, [self.safe_string(row, "market")])
        return self.parse_order(row, market)

    async def fetch_open_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = symbols.optional_market(self, symbol)
        in_time, params = until_filter.handle_until(self, params, self.parse_order, market)
        request = {} if market is None else {"market": market["id"]}
        # All pages: an order that is not shown is not cancelled.
        rows = await rest_pages.fetch_pages(
            self, self.private_get_orders, self.extend(request, params), "orders"
        )
        await new_markets.load_new_markets(self, [self.safe_string(row, "market") for row in rows])
        return self.parse_orders(until_filter.apply(in_time, rows), market, since, limit)

    async def fetch_my_trades(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = symbols.optional_market(self, symbol)
        paginate, params = self.handle_option_and_params(params, "fetchMyTrades", "paginate", False)
        until, params = self.handle_option_and_params(params, "fetchMyTrades", "until")
        request = {"end": until, "market": None if market is None else market["id"], "start": since}
        request = {name: value for name, value in request.items() if value is not None}
        # The newest come first, so that the first ones since a moment are on the last page.
        everything = paginate or since is not None
        enough = None if everything else limit or self.options["pageSize"]
        rows = await rest_pages.fetch_pages(
            self, self.private_get_fills, self.extend(request, params), "fills", enough
        )
        await new_markets.load_new_markets(self, [self.safe_string(row, "market") for row in rows])
        return self.parse_trades(rows, market, since, limit)
