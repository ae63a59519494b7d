# Generated from rest.py by scripts/generate.py. Do not edit.
"""BTEX over REST: its contracts, and its spot markets."""

from collections.abc import Callable
from typing import Any

from ccxt.base.errors import ArgumentsRequired, BadResponse, BadSymbol, OrderNotFound

from ccxt_ext.base.rest_client_sync import SyncRestClient
from ccxt_ext.venues.btex.columns import Columns
from ccxt_ext.venues.btex.contracts import SECONDS
from ccxt_ext.venues.btex.protocol import Protocol

LARGEST_TRADES_PAGE = 300  # of the public's trades
# Rows of a page by default. No most is told, so that a longer page may be a full one.
SURE_PAGE = 20


class btex(Columns, Protocol, SyncRestClient):
    # -- markets ------------------------------------------------------------------------------------

    def fetch_markets(self, params: Any = {}) -> Any:
        wanted = self.options["fetchMarkets"]
        rows: list[Any] = []
        if "swap" in wanted or "future" in wanted:
            rows += self.rows(self.data(self.contract_public_get_contracts(params)))
        # The test environment has no spot markets that would be known of.
        if "spot" in wanted and "spot" in self.urls["api"]:
            pairs = self.pairs(self.data(self.spot_public_get_pairs(params)))
            rows += [self.extend({"pair": id}, row) for id, row in pairs]
        # ccxt gives a symbol to the last that has it.
        return sorted(self.parse_markets(rows), key=lambda market: market["active"] is True)

    def fetch_trading_fees(self, params: Any = {}) -> Any:
        markets = self.fetch_markets(params)
        return {market["symbol"]: self.trading_fee(market) for market in markets}

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
        if not market["spot"]:
            return self.parse_ticker(self.contract_ticker(market, params), market)
        answer = self.spot_public_get_pair(self.extend({"pair": market["id"]}, params))
        row = next((row for id, row in self.pairs(self.data(answer)) if id == market["id"]), None)
        return self.parse_pair_ticker(self.record(row), market)

    def contract_ticker(self, market: Any, params: Any) -> Any:
        answer = self.contract_public_get_tickers(self.extend({"contract_id": market["id"]}, params))
        rows = self.rows(self.data(answer))
        row = next((row for row in rows if self.safe_string(row, "contract_id") == market["id"]), None)
        return self.record(row)

    def fetch_tickers(self, symbols: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        symbols = self.market_symbols(symbols, None, True, True)
        first = self.market(symbols[0]) if symbols else None
        spot, params = self.is_spot("fetchTickers", first, params)
        if not spot:
            return self.parse_tickers(self.contract_tickers(params), symbols)
        tickers = [
            self.parse_pair_ticker(row, self.safe_market(id, None, "_"))
            for id, row in self.pairs(self.data(self.spot_public_get_pairs(params)))
        ]
        return self.filter_by_array_tickers(tickers, "symbol", symbols)

    def fetch_mark_prices(self, symbols: Any = None, params: Any = {}) -> Any:
        return self.parse_tickers(*self.ticker_rows("fetchMarkPrices", symbols, params))

    def fetch_funding_rate(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        market = self.market(symbol)
        if not market["swap"]:
            raise BadSymbol(f"{self.id} fetchFundingRate() is for perpetual contracts, not for {symbol}")
        return self.parse_funding_rate(self.contract_ticker(market, params), market)

    def fetch_funding_rates(self, symbols: Any = None, params: Any = {}) -> Any:
        rows, symbols = self.ticker_rows("fetchFundingRates", symbols, params)
        return self.parse_funding_rates([row for row in rows if self.contract_market(row)["swap"]], symbols)

    def fetch_open_interest(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        market = self.contracts_only("fetchOpenInterest", self.market(symbol))
        return self.parse_open_interest(self.contract_ticker(market, params), market)

    def fetch_open_interests(self, symbols: Any = None, params: Any = {}) -> Any:
        rows, symbols = self.ticker_rows("fetchOpenInterests", symbols, params)
        return self.parse_open_interests(rows, symbols)

    def ticker_rows(self, name: str, symbols: Any, params: Any) -> tuple[list[Any], Any]:
        self.load_markets()
        symbols = self.market_symbols(symbols)
        for symbol in symbols or []:
            self.contracts_only(name, self.market(symbol))
        return self.contract_tickers(params), symbols

    def contract_tickers(self, params: Any) -> list[dict[str, Any]]:
        rows = self.rows(self.data(self.contract_public_get_tickers(params)))
        return self.of_symbols_own(rows)

    def fetch_order_book(self, symbol: str, limit: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = self.market(symbol)
        if market["spot"]:
            request = {"pair": market["id"], **self.depth(limit, "spotDepths")}
            answer = self.spot_public_get_orderbook(self.extend(request, params))
            return self.parse_levels(self.data(answer), market["symbol"], limit, "buy", "sell")
        request = {"contract_id": market["id"], **self.depth(limit, "depths")}
        answer = self.contract_public_get_orderbook(self.extend(request, params))
        return self.parse_levels(self.data(answer), market["symbol"], limit, "bids", "asks")

    def fetch_trades(self, symbol: str, since: Any = None, limit: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = self.market(symbol)
        in_time, params = self.handle_until(params, self.parse_trade, market)
        limit_sent = limit if since is None and in_time is None else LARGEST_TRADES_PAGE
        if market["spot"]:
            request = {"pair": market["id"], **self.depth(limit_sent, "spotDepths")}
            data = self.data(self.spot_public_get_trades(self.extend(request, params)))
            # Newest first; their order alone tells apart those of one second, which have no ids.
            rows = self.rows(data, "list")[::-1]
        else:
            request = {"contract_id": market["id"]}
            if limit_sent is not None:
                request["page_size"] = min(limit_sent, LARGEST_TRADES_PAGE)
            data = self.data(self.contract_public_get_trades(self.extend(request, params)))
            rows = self.rows(data, "lists")
        return self.parse_trades(self.only(in_time, rows), market, since, limit)

    def fetch_ohlcv(
        self, symbol: str, timeframe: str = "5m", since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        market = self.market(symbol)
        until = self.safe_integer(params, "until")
        request = self.ohlcv_request(market, timeframe, since, limit, params)
        if market["spot"]:
            rows = self.candle_rows(self.data(self.spot_public_get_k_data(request)))
        else:
            answer = self.record(self.data(self.contract_public_get_k_data(request)))
            rows = self.candle_rows(answer.get("lists"))
        if until is not None:
            rows = [row for row in rows if self.moment(row, 0) <= until]
        return self.parse_ohlcvs(rows, market, timeframe, since, limit)

    # -- orders -------------------------------------------------------------------------------------

    def create_order(
        self, symbol: str, type: Any, side: Any, amount: Any, price: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        request = self.order_request(symbol, type, side, amount, price, params)
        if "pair" in request:
            place = self.spot_private_post_buy_coin if side == "buy" else self.spot_private_post_sell_coin
        else:
            place = self.contract_private_post_place_order
            if "price" not in request:
                request["price"] = self.last_price(symbol)
        return self.placed(self.parse_new_order, place(request), request, type, side)

    def last_price(self, symbol: str) -> str:
        ticker = self.fetch_ticker(symbol)
        if ticker["last"] is None:
            raise BadResponse(f"{self.id} tells no last price of {symbol}, which a market order needs")
        return self.to_precision("price", symbol, ticker["last"])

    def cancel_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = self.optional_market(symbol)
        spot, params = self.is_spot("cancelOrder", market, params)
        cancel = self.spot_private_post_cancel_order if spot else self.contract_private_post_cancel_order
        id = self.required_id(id, "cancelOrder")
        return self.parse_cancel(cancel(self.extend({"order_id": id}, params)), id, market)

    def fetch_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = self.optional_market(symbol)
        if market is not None:
            self.contracts_only("fetchOrder", market)
        id = self.required_id(id, "fetchOrder")
        answer = self.contract_private_post_get_order_batch(self.extend({"order_id": id}, params))
        rows = self.rows(self.data(answer))
        row = next((row for row in rows if self.safe_string(row, "order_id") == id), None)
        if row is None:
            raise OrderNotFound(f"{self.id} has no order {id}")
        return self.parse_order(row, market)

    def fetch_open_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        market = self.optional_market(symbol)
        spot, params = self.is_spot("fetchOpenOrders", market, params)
        in_time, params = self.handle_until(params, self.parse_order, market)
        if spot:
            # An empty pair stands for all of them.
            request = {
                "pair": "" if market is None else market["id"],
                "amount": self.options["spotOpenOrders"],
            }
            rows = self.rows(self.data(self.spot_private_post_myorders(self.extend(request, params))))
        else:
            market = self.required_market(symbol, "fetchOpenOrders")
            request = {"contract_id": market["id"]}
            answer = self.contract_private_post_active_orders(self.extend(request, params))
            rows = self.rows(self.data(answer), "order_lists")
        # Newest first; their order alone tells apart those of one second.
        return self.parse_orders(self.only(in_time, rows[::-1]), market, since, limit)

    def fetch_orders(self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}) -> Any:
        return self.fetch_orders_with("fetchOrders", None, symbol, since, limit, params)

    def fetch_closed_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        wanted = self.options["closedOrderStatuses"]
        return self.fetch_orders_with("fetchClosedOrders", wanted, symbol, since, limit, params)

    def fetch_canceled_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return self.fetch_orders_with("fetchCanceledOrders", ["-1"], symbol, since, limit, params)

    def fetch_canceled_and_closed_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        name = "fetchCanceledAndClosedOrders"
        wanted = ["-1", *self.options["closedOrderStatuses"]]
        return self.fetch_orders_with(name, wanted, symbol, since, limit, params)

    def fetch_orders_with(
        self, name: str, wanted: Any, symbol: Any, since: Any, limit: Any, params: Any
    ) -> Any:
        """The orders whose status is wanted, which the venue cannot filter by."""
        self.load_markets()
        market = self.contracts_only(name, self.required_market(symbol, name))
        endpoint, parse = self.contract_private_post_myorders, self.parse_order
        rows = self.fetch_pages(
            name, endpoint, parse, market, ("orders_his",), ("order_id",), wanted, since, limit, params
        )
        return self.parse_orders(rows, market, since, limit)

    def fetch_my_trades(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        name = "fetchMyTrades"
        market = self.optional_market(symbol)
        spot, params = self.is_spot(name, market, params)
        keys: tuple[str, ...] = ()
        if spot:
            endpoint = self.spot_private_post_mytrades
        else:
            market = self.required_market(symbol, name)
            # The venue's documents call it by both names.
            endpoint, keys = self.contract_private_post_mytrades, ("trades_his", "trade_his")
        # Of a trade with oneself there are two, one for each order, under one id.
        ids = ("trade_id", "order_id")
        parse = self.parse_trade
        rows = self.fetch_pages(name, endpoint, parse, market, keys, ids, None, since, limit, params)
        return self.parse_trades(rows, market, since, limit)

    def fetch_order_trades(
        self, id: str, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        market = self.optional_market(symbol)
        if market is not None:
            self.contracts_only("fetchOrderTrades", market)
        id = self.required_id(id, "fetchOrderTrades")
        in_time, params = self.handle_until(params, self.parse_trade, market)
        answer = self.contract_private_post_order_match_results(self.extend({"order_id": id}, params))
        rows = self.only(in_time, self.rows(self.data(answer)))
        return self.parse_trades(rows, market, since, limit)

    def fetch_pages(
        self,
        name: str,
        endpoint: Any,
        parse: Callable[[Any, Any], Any],
        market: Any,
        keys: tuple[str, ...],
        ids: tuple[str, ...],
        wanted: Any,
        since: Any,
        limit: Any,
        params: Any,
    ) -> list[Any]:
        """A paged list's rows, oldest first, as far back as `since` and `limit` ask for.

        Only rows with a status that is `wanted`, and before `until`, are given and counted.
        """
        paginate, params = self.handle_option_and_params(params, name, "paginate", False)
        in_time, params = self.handle_until(params, parse, market)
        request: dict[str, Any] = {}
        if market is None or market["spot"]:
            request["pair"] = "" if market is None else market["id"]
        else:
            request["contract_id"] = market["id"]
        one = "page" in params or not (paginate or since is not None or limit is not None or in_time)
        size = limit if one else self.options["pageSize"]
        if since is None and wanted is None and in_time is None and limit is not None:
            size = min(limit, size)
        size = self.safe_integer(params, "page_size", size)
        if size is not None:
            request["page_size"] = size
        found: dict[Any, Any] = {}
        page = 1
        while True:
            if not one:
                request["page"] = page
            data = self.data(endpoint(self.extend(request, params)))
            key = next((key for key in keys if key in data), keys[0]) if keys else None
            rows = self.rows(data, key)
            known = len(found)
            # What comes in meanwhile moves rows to the next page, where they are met again.
            found.update((self.identity(row, ids), row) for row in rows)
            chosen = [
                row
                for row in found.values()
                if (wanted is None or self.safe_string(row, "order_status") in wanted)
                and (in_time is None or in_time(row))
            ]
            if one or size is None or len(rows) < min(size, SURE_PAGE) or len(found) == known:
                return chosen[::-1]
            if since is not None:
                if min(self.moment_in(SECONDS, row, "start_time", "time", "ctime") for row in rows) < since:
                    return chosen[::-1]
            elif not paginate and len(chosen) >= (limit or size):
                return chosen[::-1]
            page += 1

    # -- the account --------------------------------------------------------------------------------

    def fetch_balance(self, params: Any = {}) -> Any:
        self.load_markets()
        spot, params = self.is_spot("fetchBalance", None, params)
        if spot:
            answer = self.spot_private_post_getinfo(params)
            return self.parse_spot_balance(self.record(self.data(answer)), answer)
        answer = self.contract_private_post_account_info(params)
        return self.parse_contract_balance(self.record(self.data(answer)), answer)

    def fetch_positions(self, symbols: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        symbols = self.market_symbols(symbols)
        markets = [self.contracts_only("fetchPositions", self.market(symbol)) for symbol in symbols or []]
        request = {}
        if len(markets) == 1:
            request["contract_id"] = markets[0]["id"]
        elif self.options["positionsAllContractId"] is not None:
            request["contract_id"] = self.options["positionsAllContractId"]
        answer = self.contract_private_post_active_positions(self.extend(request, params))
        return self.parse_positions(self.rows(self.data(answer), "position_lists"), symbols)

    def fetch_positions_for_symbol(self, symbol: str, params: Any = {}) -> Any:
        return self.fetch_positions([symbol], params)

    def fetch_position(self, symbol: str, params: Any = {}) -> Any:
        """None where there is no position."""
        positions = self.fetch_positions([symbol], params)
        return positions[0] if positions else None

    def fetch_positions_history(
        self, symbols: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        """Those of the given markets that are closed, by the time at which they were opened."""
        self.load_markets()
        name = "fetchPositionsHistory"
        if not symbols:
            raise ArgumentsRequired(f"{self.id} {name}() requires symbols")
        positions: list[Any] = []
        for symbol in symbols:
            market = self.contracts_only(name, self.market(symbol))
            endpoint = self.contract_private_post_mypositions
            rows = self.fetch_pages(
                name,
                endpoint,
                self.parse_position,
                market,
                ("position_his",),
                ("position_id",),
                None,
                since,
                limit,
                params,
            )
            positions += self.parse_positions(rows)
        return self.filter_by_since_limit(self.sort_by(positions, "timestamp"), since, limit)

    def fetch_position_history(
        self, symbol: str, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return self.fetch_positions_history([symbol], since, limit, params)

    # -- leverage and margin mode, which go with each order -----------------------------------------

    def set_leverage(self, leverage: Any, symbol: Any = None, params: Any = {}) -> Any:
        """Kept here, for the orders to come; nothing is sent."""
        self.load_markets()
        market = self.contracts_only("setLeverage", self.required_market(symbol, "setLeverage"))
        self.options["leverages"][market["symbol"]] = self.checked_leverage(market, leverage)
        return self.parse_leverage({}, market)

    def set_margin_mode(self, marginMode: str, symbol: Any = None, params: Any = {}) -> Any:
        """Kept here, for the orders to come; nothing is sent."""
        self.load_markets()
        market = self.contracts_only("setMarginMode", self.required_market(symbol, "setMarginMode"))
        self.options["marginModes"][market["symbol"]] = self.checked_margin_mode(market, marginMode)
        return self.parse_margin_mode({}, market)

    def fetch_leverage(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        return self.parse_leverage({}, self.contracts_only("fetchLeverage", self.market(symbol)))

    def fetch_leverages(self, symbols: Any = None, params: Any = {}) -> Any:
        return self.kept("fetchLeverages", symbols, self.parse_leverage)

    def fetch_margin_mode(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        return self.parse_margin_mode({}, self.contracts_only("fetchMarginMode", self.market(symbol)))

    def fetch_margin_modes(self, symbols: Any = None, params: Any = {}) -> Any:
        return self.kept("fetchMarginModes", symbols, self.parse_margin_mode)

    def kept(self, name: str, symbols: Any, parse: Any) -> dict[str, Any]:
        self.load_markets()
        if symbols is None:
            symbols = [market["symbol"] for market in self.markets.values() if market["contract"]]
        markets = [self.contracts_only(name, self.market(symbol)) for symbol in symbols]
        return {market["symbol"]: parse({}, market) for market in markets}

    def cancel_all_orders(self, symbol: Any = None, params: Any = {}) -> Any:
        return self.cancel_open_orders(symbol, params, self.options["spotOpenOrders"])
