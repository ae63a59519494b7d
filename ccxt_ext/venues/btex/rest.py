# twin: rest_sync.py
"""BTEX over REST: its contracts, and its spot markets."""

from typing import Any

from ccxt.base.errors import ArgumentsRequired, BadSymbol, NotSupported

from ccxt_ext.venue.answers import new_markets, reading, until_filter
from ccxt_ext.venue.calls import symbols
from ccxt_ext.venue.fast import order_books
from ccxt_ext.venue.orders import cancelling, costs, outcomes
from ccxt_ext.venue.requests import building
from ccxt_ext.venue.rest_client import AsyncRestClient
from ccxt_ext.venues.btex import (
    answers,
    contracts,
    fate,
    kinds,
    market_data,
    order_requests,
    orders,
    pairs,
    positions,
    rest_orders,
    rest_pages,
    rest_positions,
    rest_tickers,
    terms,
    wallets,
)
from ccxt_ext.venues.btex.memory import OrderMemory
from ccxt_ext.venues.btex.protocol import Protocol

LARGEST_TRADES_PAGE = 300  # of the public's trades


class btex(Protocol, AsyncRestClient):
    def __init__(self, config: Any = {}) -> None:
        self.memory = OrderMemory()
        super().__init__(config)

    # -- markets ------------------------------------------------------------------------------------

    async def fetch_markets(self, params: Any = {}) -> Any:
        asked = self.safe_string(params, "type")
        name = "fetchMarkets"
        wanted = self.options[name] if asked is None else [kinds.kind_of(self, name, asked)]
        params = self.omit(params, "type")
        rows: list[Any] = []
        if "swap" in wanted or "future" in wanted:
            rows += answers.rows(self, await self.contract_public_get_contracts(params))
        # The test environment has no spot markets that would be known of.
        if "spot" in wanted and "spot" in self.urls["api"]:
            data = answers.data(self, await self.spot_public_get_pairs(params))
            rows += [self.extend({"pair": id}, row) for id, row in pairs.rows_by_id(self, data)]
        # ccxt gives a symbol to the last that has it.
        markets = sorted(self.parse_markets(rows), key=lambda market: market["active"] is True)
        return [market for market in markets if asked in (None, market["type"])]

    async def fetch_trading_fees(self, params: Any = {}) -> Any:
        markets = await self.fetch_markets(params)
        return {market["symbol"]: market_data.trading_fee(market) for market in markets}

    async def fetch_trading_fee(self, symbol: str, params: Any = {}) -> Any:
        await self.load_markets()
        fees = await self.fetch_trading_fees(params)
        symbol = self.market(symbol)["symbol"]
        if symbol not in fees:
            raise BadSymbol(f"{self.id} tells no fees for {symbol}")
        return fees[symbol]

    # -- public data --------------------------------------------------------------------------------

    async def fetch_ticker(self, symbol: str, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        ticker = await rest_tickers.of_market(self, market, params)
        if not self.options["bestPricesInTicker"]:
            return ticker
        book = await self.fetch_order_book(symbol, 1)
        for side, levels in (("bid", book["bids"]), ("ask", book["asks"])):
            if levels:
                ticker[side], ticker[f"{side}Volume"] = levels[0][:2]
        return ticker

    async def fetch_tickers(self, symbols: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        symbols = self.market_symbols(symbols, None, True, True)
        first = self.market(symbols[0]) if symbols else None
        spot, params = kinds.is_spot(self, "fetchTickers", first, params)
        if not spot:
            return self.parse_tickers(await rest_tickers.contract_rows(self, params), symbols)
        data = answers.data(self, await self.spot_public_get_pairs(params))
        tickers = [
            market_data.parse_pair_ticker(self, row, self.safe_market(id, None, "_"))
            for id, row in pairs.rows_by_id(self, data)
        ]
        return self.filter_by_array_tickers(tickers, "symbol", symbols)

    async def fetch_last_prices(self, symbols: Any = None, params: Any = {}) -> Any:
        tickers = await self.fetch_tickers(symbols, params)
        return {symbol: self.parse_last_price(ticker) for symbol, ticker in tickers.items()}

    async def fetch_mark_prices(self, symbols: Any = None, params: Any = {}) -> Any:
        return self.parse_tickers(*await rest_tickers.chosen_rows(self, "fetchMarkPrices", symbols, params))

    async def fetch_funding_rate(self, symbol: str, params: Any = {}) -> Any:
        await self.load_markets()
        market = kinds.perpetual(self, "fetchFundingRate", self.market(symbol))
        return self.parse_funding_rate(await rest_tickers.contract_row(self, market, params), market)

    async def fetch_funding_rates(self, symbols: Any = None, params: Any = {}) -> Any:
        rows, symbols = await rest_tickers.chosen_rows(self, "fetchFundingRates", symbols, params)
        for symbol in symbols or []:
            kinds.perpetual(self, "fetchFundingRates", self.market(symbol))
        perpetual = [row for row in rows if contracts.market_of(self, row)["swap"]]
        return self.parse_funding_rates(perpetual, symbols)

    async def fetch_open_interest(self, symbol: str, params: Any = {}) -> Any:
        await self.load_markets()
        market = kinds.contracts_only(self, "fetchOpenInterest", self.market(symbol))
        return self.parse_open_interest(await rest_tickers.contract_row(self, market, params), market)

    async def fetch_open_interests(self, symbols: Any = None, params: Any = {}) -> Any:
        rows, symbols = await rest_tickers.chosen_rows(self, "fetchOpenInterests", symbols, params)
        return self.parse_open_interests(rows, symbols)

    async def fetch_order_book(self, symbol: str, limit: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        if market["spot"]:
            request = {"pair": market["id"], **market_data.depth(self, limit, "spotDepths")}
            book = answers.data(self, await self.spot_public_get_orderbook(self.extend(request, params)))
            return order_books.parse_levels(self, book, market["symbol"], limit, "buy", "sell")
        request = {"contract_id": market["id"], **market_data.depth(self, limit, "depths")}
        book = answers.data(self, await self.contract_public_get_orderbook(self.extend(request, params)))
        return order_books.parse_levels(self, book, market["symbol"], limit, "bids", "asks")

    async def fetch_trades(self, symbol: str, since: Any = None, limit: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        in_time, params = until_filter.handle_until(self, params, self.parse_trade, market)
        limit_sent = limit if since is None and in_time is None else LARGEST_TRADES_PAGE
        if market["spot"]:
            request = {"pair": market["id"], **market_data.depth(self, limit_sent, "spotDepths")}
            answer = await self.spot_public_get_trades(self.extend(request, params))
            # Newest first; their order alone tells apart those of one second, which have no ids.
            rows = answers.rows(self, answer, "list")[::-1]
        else:
            request = {"contract_id": market["id"]}
            if limit_sent is not None:
                request["page_size"] = min(limit_sent, LARGEST_TRADES_PAGE)
            answer = await self.contract_public_get_trades(self.extend(request, params))
            rows = answers.rows(self, answer, "lists")
        return self.parse_trades(until_filter.apply(in_time, rows), market, since, limit)

    async def fetch_ohlcv(
        self, symbol: str, timeframe: str = "5m", since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        until = self.safe_integer(params, "until")
        request = market_data.ohlcv_request(self, market, timeframe, since, limit, params)
        if market["spot"]:
            data = answers.data(self, await self.spot_public_get_k_data(request))
        else:
            data = answers.record(self, await self.contract_public_get_k_data(request)).get("lists")
        rows = market_data.candle_rows(self, data)
        if until is not None:
            rows = [row for row in rows if reading.timestamp(self, row, 0) <= until]
        return self.parse_ohlcvs(rows, market, timeframe, since, limit)

    # -- the account --------------------------------------------------------------------------------

    async def fetch_balance(self, params: Any = {}) -> Any:
        await self.load_markets()
        spot, params = kinds.is_spot(self, "fetchBalance", None, params)
        if spot:
            answer = await self.spot_private_post_getinfo(params)
            return wallets.parse_spot_balance(self, answers.record(self, answer), answer)
        answer = await self.contract_private_post_account_info(params)
        return wallets.parse_contract_balance(self, answers.record(self, answer), answer)

    async def fetch_positions(self, symbols: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        symbols = self.market_symbols(symbols)
        name = "fetchPositions"
        markets = [kinds.contracts_only(self, name, self.market(symbol)) for symbol in symbols or []]
        request = {}
        if len(markets) == 1:
            request["contract_id"] = markets[0]["id"]
        elif self.options["positionsAllContractId"] is not None:
            request["contract_id"] = self.options["positionsAllContractId"]
        rows = await rest_positions.open_rows(self, self.extend(request, params))
        found = self.parse_positions(rows, symbols)
        has_crossed = any(each["marginMode"] == "cross" for each in found)
        if not (has_crossed and self.options["crossedEquity"]):
            return found
        # One wallet is behind all crossed ones: what another one loses is not there for this one.
        all_rows = await rest_positions.open_rows(self, params) if request.get("contract_id") else rows
        wallet = answers.record(self, await self.contract_private_post_account_info())
        balances = reading.rows(self, wallet, "balances")
        return [
            positions.with_wallet(self, each, all_rows, balances) if each["marginMode"] == "cross" else each
            for each in found
        ]

    async def fetch_positions_for_symbol(self, symbol: str, params: Any = {}) -> Any:
        return await self.fetch_positions([symbol], params)

    async def fetch_position(self, symbol: str, params: Any = {}) -> Any:
        """None where there is no position."""
        found = await self.fetch_positions([symbol], params)
        return found[0] if found else None

    async def fetch_positions_history(
        self, symbols: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        """Those of the given markets that are closed, by the time at which they were opened."""
        await self.load_markets()
        name = "fetchPositionsHistory"
        if not symbols:
            raise ArgumentsRequired(f"{self.id} {name}() requires symbols")
        closed = rest_pages.PagedList(
            name,
            self.contract_private_post_mypositions,
            self.parse_position,
            keys=("position_his",),
            ids=("position_id",),
        )
        found: list[Any] = []
        for symbol in symbols:
            market = kinds.contracts_only(self, name, self.market(symbol))
            rows = await rest_pages.fetch_rows(self, closed, market, since, limit, params)
            found += self.parse_positions(rows)
        return self.filter_by_since_limit(self.sort_by(found, "timestamp"), since, limit)

    async def fetch_position_history(
        self, symbol: str, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return await self.fetch_positions_history([symbol], since, limit, params)

    # -- leverage and margin mode, which go with each order -----------------------------------------

    async def set_leverage(self, leverage: Any, symbol: Any = None, params: Any = {}) -> Any:
        """Kept here, for the orders to come; nothing is sent."""
        await self.load_markets()
        market = kinds.required_contract(self, "setLeverage", symbol)
        self.options["leverages"][market["symbol"]] = terms.checked_leverage(self, market, leverage)
        return self.parse_leverage({}, market)

    async def set_margin_mode(self, marginMode: str, symbol: Any = None, params: Any = {}) -> Any:
        """Kept here, for the orders to come; nothing is sent."""
        await self.load_markets()
        market = kinds.required_contract(self, "setMarginMode", symbol)
        self.options["marginModes"][market["symbol"]] = terms.checked_margin_mode(self, market, marginMode)
        return self.parse_margin_mode({}, market)

    async def fetch_leverage(self, symbol: str, params: Any = {}) -> Any:
        found = await rest_positions.terms_of(self, "fetchLeverage", [symbol], self.parse_leverage)
        return found[self.symbol(symbol)]

    async def fetch_leverages(self, symbols: Any = None, params: Any = {}) -> Any:
        return await rest_positions.terms_of(self, "fetchLeverages", symbols, self.parse_leverage)

    async def fetch_margin_mode(self, symbol: str, params: Any = {}) -> Any:
        found = await rest_positions.terms_of(self, "fetchMarginMode", [symbol], self.parse_margin_mode)
        return found[self.symbol(symbol)]

    async def fetch_margin_modes(self, symbols: Any = None, params: Any = {}) -> Any:
        return await rest_positions.terms_of(self, "fetchMarginModes", symbols, self.parse_margin_mode)

    async def fetch_position_mode(self, symbol: Any = None, params: Any = {}) -> Any:
        """One position a market (C17); nothing is sent."""
        await self.load_markets()
        if symbol is not None:
            kinds.contracts_only(self, "fetchPositionMode", self.market(symbol))
        return {"info": {}, "hedged": False}

    async def set_position_mode(self, hedged: bool, symbol: Any = None, params: Any = {}) -> Any:
        if hedged:
            raise NotSupported(f"{self.id} setPositionMode() has one position a market: none are hedged")
        return await self.fetch_position_mode(symbol, params)

    # -- placing and cancelling ---------------------------------------------------------------------

    async def create_order(
        self, symbol: str, type: Any, side: Any, amount: Any, price: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        request = order_requests.order_request(self, symbol, type, side, amount, price, params)
        if "pair" in request:
            place = self.spot_private_post_buy_coin if side == "buy" else self.spot_private_post_sell_coin
            answer = await place(request)
            order = outcomes.parse_order_answer(
                self, orders.parse_new_order, self, answer, request, type, side
            )
            self.memory.place(order, self.nonce())
            return await rest_orders.looked_up(self, order, type, {"type": "spot"})
        if not {"leverage", "is_cross"} <= request.keys():
            order_requests.add_terms(self, request, await rest_positions.open_row(self, self.market(symbol)))
        if "price" not in request:
            request["price"] = await rest_tickers.last_price(self, symbol)
        answer = await self.contract_private_post_place_order(request)
        order = outcomes.parse_order_answer(self, orders.parse_new_order, self, answer, request, type, side)
        return await rest_orders.looked_up(self, order, type, {})

    async def cancel_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = symbols.optional_market(self, symbol)
        spot, params = kinds.is_spot(self, "cancelOrder", market, params)
        cancel = self.spot_private_post_cancel_order if spot else self.contract_private_post_cancel_order
        id = building.required_id(self, id, "cancelOrder")
        answer = await cancel(self.extend({"order_id": id}, params))
        order = outcomes.parse_cancel_answer(
            self, orders.parse_cancel, self, answer, id, market, spot, order_id=id
        )
        if spot:
            self.memory.cancel(id)
        return order

    async def cancel_all_orders(self, symbol: Any = None, params: Any = {}) -> Any:
        return await cancelling.cancel_open_orders(self, symbol, params, self.options["spotOpenOrders"])

    # -- one order ----------------------------------------------------------------------------------

    async def fetch_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = symbols.optional_market(self, symbol)
        spot, params = kinds.is_spot(self, "fetchOrder", market, params)
        id = building.required_id(self, id, "fetchOrder")
        if spot:
            return await rest_orders.spot_order(self, id, market, params)
        order = await rest_orders.contract_order(self, id, market, params)
        if not (order["filled"] and self.options["fillsOfOrder"]):
            return order
        fills = await rest_orders.contract_fills(self, id, market)
        if fate.has_more(self, fills, order):  # it was filled further between the two answers
            order = await rest_orders.contract_order(self, id, market, params)
        return costs.with_cost_of_trades(self, order, fills)

    async def fetch_order_trades(
        self, id: str, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = symbols.optional_market(self, symbol)
        spot, params = kinds.is_spot(self, "fetchOrderTrades", market, params)
        id = building.required_id(self, id, "fetchOrderTrades")
        if spot:
            fills = await rest_orders.spot_fills(self, id, symbol, params)
        else:
            fills = await rest_orders.contract_fills(self, id, market, params)
        return self.filter_by_since_limit(fills, since, limit)

    # -- lists of orders ----------------------------------------------------------------------------

    async def fetch_open_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = symbols.optional_market(self, symbol)
        spot, params = kinds.is_spot(self, "fetchOpenOrders", market, params)
        until = self.safe_integer(params, "until")
        params = self.omit(params, "until")
        if spot:
            found = await rest_orders.open_in_spot(self, market, params)
        else:
            markets = await rest_orders.contracts_with_orders(self) if market is None else [market]
            found = []
            for each in markets:
                found += await rest_orders.open_in_contract(self, each, params)
        if until is not None:
            found = [order for order in found if order["timestamp"] <= until]
        return self.filter_by_since_limit(self.sort_by(found, "timestamp"), since, limit)

    async def fetch_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return await rest_orders.with_status(self, "fetchOrders", None, symbol, since, limit, params)

    async def fetch_closed_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        wanted = self.options["closedOrderStatuses"]
        return await rest_orders.with_status(self, "fetchClosedOrders", wanted, symbol, since, limit, params)

    async def fetch_canceled_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        name = "fetchCanceledOrders"
        return await rest_orders.with_status(self, name, ["-1"], symbol, since, limit, params)

    async def fetch_canceled_and_closed_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        name = "fetchCanceledAndClosedOrders"
        wanted = ["-1", *self.options["closedOrderStatuses"]]
        return await rest_orders.with_status(self, name, wanted, symbol, since, limit, params)

    # -- fills --------------------------------------------------------------------------------------

    async def fetch_my_trades(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        name = "fetchMyTrades"
        market = symbols.optional_market(self, symbol)
        spot, params = kinds.is_spot(self, name, market, params)
        keys: tuple[str, ...] = ()
        if spot:
            endpoint = self.spot_private_post_mytrades
        else:
            market = symbols.required_market(self, symbol, name)
            # The venue's documents call it by both names.
            endpoint, keys = self.contract_private_post_mytrades, ("trades_his", "trade_his")
        # Of a trade with oneself there are two, one for each order, under one id.
        fills = rest_pages.PagedList(name, endpoint, self.parse_trade, keys, ids=("trade_id", "order_id"))
        rows = await rest_pages.fetch_rows(self, fills, market, since, limit, params)
        ids_of = pairs.ids_of if spot else contracts.ids_of
        await new_markets.load_new_markets(self, ids_of(self, rows))
        return self.parse_trades(rows, market, since, limit)
