# twin: rest_markets_sync.py
"""What BitMax's class asks of everyone's data, over REST."""

from typing import Any

from ccxt_ext.venue.answers import reading, until_filter
from ccxt_ext.venue.rest_client import AsyncRestClient
from ccxt_ext.venues.bitmaxfutures import (
    answers,
    arguments,
    collaterals,
    contracts,
    funding,
    market_data,
    pricing,
    rest_new_markets,
    rest_prices,
)
from ccxt_ext.venues.bitmaxfutures.protocol import Protocol


class AsyncMarketCalls(Protocol, AsyncRestClient):
    # -- public data --------------------------------------------------------------------------------

    async def fetch_time(self, params: Any = {}) -> int:
        """The venue has no clock of its own to ask: the time of the newest price stands in."""
        return pricing.newest_time(self, await self.v2_public_get_futures_pricing_data(params))

    async def fetch_currencies(self, params: Any = {}) -> Any:
        wants_assets, params = self.handle_option_and_params(params, "fetchCurrencies", "assets", False)
        answer = await self.v2_public_get_futures_collateral(params)
        assets = await self.v1_public_get_assets() if wants_assets else None
        return collaterals.currencies_of(self, answer, assets)

    async def fetch_markets(self, params: Any = {}) -> Any:
        if self.options["adjustForTimeDifference"]:
            await self.load_time_difference()
        return self.parse_markets(answers.rows_of(self, await self.v2_public_get_futures_contract(params)))

    async def fetch_leverage_tiers(self, symbols: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        rows = answers.rows_of(self, await self.v2_public_get_futures_contract(params))
        return self.parse_leverage_tiers(answers.of_known_markets(self, rows), symbols, "symbol")

    async def fetch_market_leverage_tiers(self, symbol: str, params: Any = {}) -> Any:
        await self.load_markets()
        symbol = self.market(symbol)["symbol"]
        return answers.of_symbol(self, await self.fetch_leverage_tiers([symbol], params), symbol)

    async def fetch_ticker(self, symbol: str, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        data = await rest_prices.ticker_data(self, self.extend({"symbol": market["id"]}, params))
        if isinstance(data, list):
            data = next((row for row in reading.rows(self, data) if row.get("symbol") == market["id"]), None)
        return self.parse_ticker(reading.record(self, data), market)

    async def fetch_tickers(self, symbols: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        symbols = self.market_symbols(symbols)
        data = await rest_prices.ticker_data(self, params)
        rows = reading.rows(self, data if isinstance(data, list) else [data])
        # The venue's spot markets, with a slash in their names, are told here too.
        of_contracts = [row for row in rows if "/" not in reading.required_text(self, row, "symbol")]
        await rest_new_markets.listed_rows(self, of_contracts)
        return self.parse_tickers(answers.of_known_markets(self, rows), symbols)

    async def fetch_bids_asks(self, symbols: Any = None, params: Any = {}) -> Any:
        return await self.fetch_tickers(symbols, params)

    async def fetch_last_prices(self, symbols: Any = None, params: Any = {}) -> Any:
        return self.parse_last_prices(list((await self.fetch_tickers(symbols, params)).values()), symbols)

    async def fetch_status(self, params: Any = {}) -> Any:
        """There is no word for it: the venue works while any of its contracts is traded."""
        answer = await self.v2_public_get_futures_contract(params)
        traded = any(self.parse_market(row)["active"] for row in answers.rows_of(self, answer))
        status = "ok" if traded else "maintenance"
        return {"status": status, "updated": None, "eta": None, "url": None, "info": answer}

    async def fetch_trading_fees(self, params: Any = {}) -> Any:
        """As contracts tell them, or else as they are known."""
        await self.load_markets()
        rows = answers.rows_of(self, await self.v2_public_get_futures_contract(params))
        fees = [contracts.trading_fee(self, row) for row in answers.of_known_markets(self, rows)]
        return self.index_by(fees, "symbol")

    async def fetch_trading_fee(self, symbol: str, params: Any = {}) -> Any:
        await self.load_markets()
        return answers.of_symbol(self, await self.fetch_trading_fees(params), self.market(symbol)["symbol"])

    async def fetch_order_book(self, symbol: str, limit: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        answer = await self.v1_public_get_depth(self.extend({"symbol": market["id"]}, params))
        return market_data.order_book(self, answer, market["symbol"], limit)

    async def fetch_trades(self, symbol: str, since: Any = None, limit: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        most = self.options["fetchTrades"]["limit"]
        in_time, params = until_filter.handle_until(self, params, self.parse_trade, market)
        # With `since` or `until`, the newest `limit` would miss those that are asked for.
        count = min(limit, most) if limit is not None and since is None and in_time is None else most
        request = {"symbol": market["id"], "n": count}
        answer = await self.v1_public_get_trades(self.extend(request, params))
        rows = until_filter.apply(in_time, answers.rows_of(self, answer, "data"))
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
        answer = await self.v1_public_get_barhist(request)
        return self.parse_ohlcvs(answers.rows_of(self, answer), market, timeframe, since, limit)

    # -- funding, marks, open interest --------------------------------------------------------------

    async def fetch_funding_rates(self, symbols: Any = None, params: Any = {}) -> Any:
        rows = await rest_prices.price_rows(self, params)
        return self.parse_funding_rates(rows, self.market_symbols(symbols))

    async def fetch_funding_rate(self, symbol: str, params: Any = {}) -> Any:
        await self.load_markets()
        symbol = self.market(symbol)["symbol"]
        return answers.of_symbol(self, await self.fetch_funding_rates([symbol], params), symbol)

    async def fetch_funding_intervals(self, symbols: Any = None, params: Any = {}) -> Any:
        return await self.fetch_funding_rates(symbols, params)

    async def fetch_funding_interval(self, symbol: str, params: Any = {}) -> Any:
        return await self.fetch_funding_rate(symbol, params)

    async def fetch_open_interests(self, symbols: Any = None, params: Any = {}) -> Any:
        rows = await rest_prices.price_rows(self, params)
        return self.parse_open_interests(rows, self.market_symbols(symbols))

    async def fetch_open_interest(self, symbol: str, params: Any = {}) -> Any:
        await self.load_markets()
        symbol = self.market(symbol)["symbol"]
        return answers.of_symbol(self, await self.fetch_open_interests([symbol], params), symbol)

    async def fetch_mark_prices(self, symbols: Any = None, params: Any = {}) -> Any:
        tickers = [pricing.mark_price_ticker(self, row) for row in await rest_prices.price_rows(self, params)]
        return self.filter_by_array_tickers(tickers, "symbol", self.market_symbols(symbols))

    async def fetch_mark_price(self, symbol: str, params: Any = {}) -> Any:
        await self.load_markets()
        symbol = self.market(symbol)["symbol"]
        return answers.of_symbol(self, await self.fetch_mark_prices([symbol], params), symbol)

    async def fetch_funding_rate_history(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        funding.refuse_retired(self, "fetchFundingRateHistory")
        await self.load_markets()
        market = self.market(arguments.required_symbol(self, symbol, "fetchFundingRateHistory"))
        in_time, params = until_filter.handle_until(self, params, self.parse_funding_rate_history, market)
        answer = await self.v1_public_get_futures_funding_rates(self.extend({"symbol": market["id"]}, params))
        rows = answers.of_known_markets(self, answers.rows_of(self, answer, "data"))
        return self.parse_funding_rate_histories(until_filter.apply(in_time, rows), market, since, limit)

    async def fetch_funding_history(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        funding.refuse_retired(self, "fetchFundingHistory")
        await self.load_markets()
        market = None if symbol is None else self.market(symbol)
        in_time, params = until_filter.handle_until(self, params, self.parse_income, market)
        request = {} if market is None else {"symbol": market["id"]}
        answer = await self.v1_group_get_futures_funding_payments(self.extend(request, params))
        rows = answers.of_known_markets(self, answers.rows_of(self, answer, "data"))
        rows = until_filter.apply(in_time, rows)
        payments = self.sort_by([self.parse_income(row) for row in rows], "timestamp")
        symbol = None if market is None else market["symbol"]
        return self.filter_by_symbol_since_limit(payments, symbol, since, limit)
