# Generated from rest_markets.py by scripts/generate.py. Do not edit.
"""BTEX over REST: its markets, and what everybody may see of them."""

from typing import Any

from ccxt.base.errors import BadSymbol

from ccxt_ext.venue.answers import arrivals_sync, reading, windows
from ccxt_ext.venue.fast import order_books
from ccxt_ext.venue.rest_client_sync import SyncRestClient
from ccxt_ext.venues.btex import answers, contracts, kinds, market_data, pairs
from ccxt_ext.venues.btex.protocol import Protocol

LARGEST_TRADES_PAGE = 300  # of the public's trades


class SyncMarketCalls(Protocol, SyncRestClient):
    # -- markets ------------------------------------------------------------------------------------

    def fetch_markets(self, params: Any = {}) -> Any:
        asked = self.safe_string(params, "type")
        wanted = (
            self.options["fetchMarkets"] if asked is None else [kinds.kind_of(self, "fetchMarkets", asked)]
        )
        params = self.omit(params, "type")
        rows: list[Any] = []
        if "swap" in wanted or "future" in wanted:
            rows += reading.rows(self, answers.data(self, self.contract_public_get_contracts(params)))
        # The test environment has no spot markets that would be known of.
        if "spot" in wanted and "spot" in self.urls["api"]:
            data = answers.data(self, self.spot_public_get_pairs(params))
            rows += [self.extend({"pair": id}, row) for id, row in pairs.rows_by_id(self, data)]
        # ccxt gives a symbol to the last that has it.
        markets = sorted(self.parse_markets(rows), key=lambda market: market["active"] is True)
        return [market for market in markets if asked in (None, market["type"])]

    def fetch_trading_fees(self, params: Any = {}) -> Any:
        markets = self.fetch_markets(params)
        return {market["symbol"]: market_data.trading_fee(market) for market in markets}

    def fetch_trading_fee(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        fees = self.fetch_trading_fees(params)
        symbol = self.market(symbol)["symbol"]
        if symbol not in fees:
            raise BadSymbol(f"{self.id} tells no fees for {symbol}")
        return fees[symbol]

    # -- public data --------------------------------------------------------------------------------

    def fetch_ticker(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        market = self.market(symbol)
        ticker = self.ticker_alone(market, params)
        if not self.options["bestPricesInTicker"]:
            return ticker
        book = self.fetch_order_book(symbol, 1)
        for side, levels in (("bid", book["bids"]), ("ask", book["asks"])):
            if levels:
                ticker[side], ticker[f"{side}Volume"] = levels[0][:2]
        return ticker

    def ticker_alone(self, market: Any, params: Any) -> Any:
        if not market["spot"]:
            return self.parse_ticker(self.contract_ticker(market, params), market)
        answer = self.spot_public_get_pair(self.extend({"pair": market["id"]}, params))
        rows = pairs.rows_by_id(self, answers.data(self, answer))
        row = next((row for id, row in rows if id == market["id"]), None)
        return market_data.parse_pair_ticker(self, reading.record(self, row), market)

    def contract_ticker(self, market: Any, params: Any) -> Any:
        answer = self.contract_public_get_tickers(self.extend({"contract_id": market["id"]}, params))
        rows = reading.rows(self, answers.data(self, answer))
        row = next((row for row in rows if self.safe_string(row, "contract_id") == market["id"]), None)
        return reading.record(self, row)

    def fetch_tickers(self, symbols: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        symbols = self.market_symbols(symbols, None, True, True)
        first = self.market(symbols[0]) if symbols else None
        spot, params = kinds.is_spot(self, "fetchTickers", first, params)
        if not spot:
            return self.parse_tickers(self.contract_tickers(params), symbols)
        data = answers.data(self, self.spot_public_get_pairs(params))
        tickers = [
            market_data.parse_pair_ticker(self, row, self.safe_market(id, None, "_"))
            for id, row in pairs.rows_by_id(self, data)
        ]
        return self.filter_by_array_tickers(tickers, "symbol", symbols)

    def fetch_last_prices(self, symbols: Any = None, params: Any = {}) -> Any:
        tickers = self.fetch_tickers(symbols, params)
        return {symbol: self.parse_last_price(ticker) for symbol, ticker in tickers.items()}

    def fetch_mark_prices(self, symbols: Any = None, params: Any = {}) -> Any:
        return self.parse_tickers(*self.ticker_rows("fetchMarkPrices", symbols, params))

    def fetch_funding_rate(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        market = kinds.perpetual(self, "fetchFundingRate", self.market(symbol))
        return self.parse_funding_rate(self.contract_ticker(market, params), market)

    def fetch_funding_rates(self, symbols: Any = None, params: Any = {}) -> Any:
        rows, symbols = self.ticker_rows("fetchFundingRates", symbols, params)
        for symbol in symbols or []:
            kinds.perpetual(self, "fetchFundingRates", self.market(symbol))
        return self.parse_funding_rates(
            [row for row in rows if contracts.market_of(self, row)["swap"]], symbols
        )

    def fetch_open_interest(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        market = kinds.contracts_only(self, "fetchOpenInterest", self.market(symbol))
        return self.parse_open_interest(self.contract_ticker(market, params), market)

    def fetch_open_interests(self, symbols: Any = None, params: Any = {}) -> Any:
        rows, symbols = self.ticker_rows("fetchOpenInterests", symbols, params)
        return self.parse_open_interests(rows, symbols)

    def ticker_rows(self, name: str, symbols: Any, params: Any) -> tuple[list[Any], Any]:
        self.load_markets()
        symbols = self.market_symbols(symbols)
        for symbol in symbols or []:
            kinds.contracts_only(self, name, self.market(symbol))
        return self.contract_tickers(params), symbols

    def contract_tickers(self, params: Any) -> list[dict[str, Any]]:
        rows = reading.rows(self, answers.data(self, self.contract_public_get_tickers(params)))
        arrivals_sync.know_markets(self, contracts.ids_of(self, rows))
        return contracts.of_symbols_own(self, rows)

    def fetch_order_book(self, symbol: str, limit: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = self.market(symbol)
        if market["spot"]:
            request = {"pair": market["id"], **market_data.depth(self, limit, "spotDepths")}
            answer = self.spot_public_get_orderbook(self.extend(request, params))
            return order_books.parse_levels(
                self, answers.data(self, answer), market["symbol"], limit, "buy", "sell"
            )
        request = {"contract_id": market["id"], **market_data.depth(self, limit, "depths")}
        answer = self.contract_public_get_orderbook(self.extend(request, params))
        return order_books.parse_levels(
            self, answers.data(self, answer), market["symbol"], limit, "bids", "asks"
        )

    def fetch_trades(self, symbol: str, since: Any = None, limit: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = self.market(symbol)
        in_time, params = windows.handle_until(self, params, self.parse_trade, market)
        limit_sent = limit if since is None and in_time is None else LARGEST_TRADES_PAGE
        if market["spot"]:
            request = {"pair": market["id"], **market_data.depth(self, limit_sent, "spotDepths")}
            data = answers.data(self, self.spot_public_get_trades(self.extend(request, params)))
            # Newest first; their order alone tells apart those of one second, which have no ids.
            rows = reading.rows(self, data, "list")[::-1]
        else:
            request = {"contract_id": market["id"]}
            if limit_sent is not None:
                request["page_size"] = min(limit_sent, LARGEST_TRADES_PAGE)
            data = answers.data(self, self.contract_public_get_trades(self.extend(request, params)))
            rows = reading.rows(self, data, "lists")
        return self.parse_trades(windows.only(self, in_time, rows), market, since, limit)

    def fetch_ohlcv(
        self, symbol: str, timeframe: str = "5m", since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        market = self.market(symbol)
        until = self.safe_integer(params, "until")
        request = market_data.ohlcv_request(self, market, timeframe, since, limit, params)
        if market["spot"]:
            rows = market_data.candle_rows(self, answers.data(self, self.spot_public_get_k_data(request)))
        else:
            answer = reading.record(self, answers.data(self, self.contract_public_get_k_data(request)))
            rows = market_data.candle_rows(self, answer.get("lists"))
        if until is not None:
            rows = [row for row in rows if reading.moment(self, row, 0) <= until]
        return self.parse_ohlcvs(rows, market, timeframe, since, limit)
