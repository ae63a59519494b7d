# Generated from rest.py by `ccxt-ext twins`. Do not edit.
"""The unified methods of a simulated exchange, over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import ArgumentsRequired, BadRequest, BadResponse

from ccxt_ext.testing.simulated import reading
from ccxt_ext.testing.simulated.asking import RETRIES, margin_mode, order_asked, page, wallet, which
from ccxt_ext.testing.simulated.blocking import SyncExchange
from ccxt_ext.testing.simulated.explaining import explained
from ccxt_ext.testing.simulated.surface import API, Surface

Params = Mapping[str, Any]
Row = dict[str, Any]
MINUTE_MS = 60_000
PAGE = 1000
"""How many rows a page has, where a caller asks for several at once."""


class SyncSimulated(Surface):
    """Unified methods, each by one call to the sandbox that bears its name."""

    # the ways to a network

    def request(self: Any, path: str, *args: Any, **kwargs: Any) -> Any:
        """The way of all implicit methods."""
        raise explained(self.id, f"the implicit method for {path}")

    def fetch2(self: Any, path: str, *args: Any, **kwargs: Any) -> Any:
        raise explained(self.id, f"the implicit method for {path}")

    def fetch(self: Any, url: str, method: str = "GET", headers: Any = None, body: Any = None) -> Any:
        if not url.startswith(f"{self.simulatedAt['rest']}/"):
            raise explained(self.id, f"fetch() of {url}")
        return SyncExchange.fetch(self, url, method, headers, body)

    def simulated_ask(
        self: Any, name: str, asked: Params | None = None, private: bool = False, acts: bool = False
    ) -> Any:
        """Call the sandbox, by ccxt's own throttle, retries and transport."""
        rest = dict(asked or {})
        retries = {each: rest.pop(each) for each in RETRIES if each in rest}
        params = {"asked": rest, "private": private, **retries}
        method = "POST" if acts else "GET"
        answer = SyncExchange.fetch2(self, path=f"/{name}", api=API, method=method, params=params)
        if not isinstance(answer, Mapping) or answer.get("method") != name or "result" not in answer:
            raise BadResponse(f"{self.id} {name}(): the answer makes no sense")
        return answer["result"]

    def simulated_own(self: Any, name: str, asked: Params | None = None) -> Any:
        """Ask for something of an account's."""
        return self.simulated_ask(name, asked, private=True)

    def simulated_do(self: Any, name: str, asked: Params | None = None) -> Any:
        """Do something with an account."""
        return self.simulated_ask(name, asked, private=True, acts=True)

    def simulated_symbols(self: Any, symbols: Any) -> Row:
        """Symbols that may be left out."""
        self.load_markets()
        return {} if symbols is None else {"symbols": self.market_symbols(symbols)}

    def simulated_symbol(self: Any, symbol: Any, name: str) -> Row:
        """A symbol that is needed."""
        self.load_markets()
        if symbol is None:
            raise ArgumentsRequired(f"{self.id} {name}() requires a symbol argument")
        return {"symbol": self.market(symbol)["symbol"]}

    def simulated_any(self: Any, symbol: Any) -> Row:
        """A symbol that may be left out."""
        self.load_markets()
        return {} if symbol is None else {"symbol": self.market(symbol)["symbol"]}

    # markets

    def load_markets(self: Any, reload: bool = False, params: Params = {}) -> Any:
        return SyncExchange.load_markets(self, reload, params)

    def load_markets_helper(self: Any, reload: bool = False, params: Params = {}) -> Any:
        return SyncExchange.load_markets_helper(self, reload, params)

    def sign_in(self: Any, params: Params = {}) -> Any:
        """There is nothing to sign in to."""
        self.check_required_credentials()
        return {}

    def fetch_time(self: Any, params: Params = {}) -> Any:
        return self.simulated_ask("fetchTime")

    def fetch_status(self: Any, params: Params = {}) -> Any:
        now = self.simulated_ask("fetchStatus")
        return {"status": "ok", "updated": now, "eta": None, "url": None, "info": now}

    def fetch_markets(self: Any, params: Params = {}) -> Any:
        rows = self.simulated_ask("fetchMarkets")
        return [self.simulated_market(row) for row in rows]

    def fetch_currencies(self: Any, params: Params = {}) -> Any:
        codes = self.simulated_ask("fetchCurrencies")
        return {code: reading.currency(self, code) for code in codes}

    # tickers, books, trades, candles

    def fetch_ticker(self: Any, symbol: str, params: Params = {}) -> Any:
        asked = self.simulated_symbol(symbol, "fetchTicker")
        return reading.ticker(self, self.simulated_ask("fetchTicker", asked))

    def fetch_tickers(self: Any, symbols: Any = None, params: Params = {}) -> Any:
        return self.simulated_tickers("fetchTickers", symbols)

    def fetch_bids_asks(self: Any, symbols: Any = None, params: Params = {}) -> Any:
        return self.simulated_tickers("fetchBidsAsks", symbols)

    def simulated_tickers(self: Any, name: str, symbols: Any) -> Any:
        rows = self.simulated_ask(name, self.simulated_symbols(symbols))
        return {row["symbol"]: reading.ticker(self, row) for row in rows if row["symbol"] in self.markets}

    def fetch_last_prices(self: Any, symbols: Any = None, params: Params = {}) -> Any:
        rows = self.simulated_ask("fetchLastPrices", self.simulated_symbols(symbols))
        return {row["symbol"]: reading.last_price(self, row) for row in rows}

    def fetch_mark_price(self: Any, symbol: str, params: Params = {}) -> Any:
        asked = self.simulated_symbol(symbol, "fetchMarkPrice")
        return reading.ticker(self, self.simulated_ask("fetchMarkPrice", asked))

    def fetch_mark_prices(self: Any, symbols: Any = None, params: Params = {}) -> Any:
        tickers = self.simulated_tickers("fetchMarkPrices", symbols)
        return {symbol: each for symbol, each in tickers.items() if each["markPrice"] is not None}

    def fetch_order_book(self: Any, symbol: str, limit: Any = None, params: Params = {}) -> Any:
        asked = self.simulated_symbol(symbol, "fetchOrderBook")
        return reading.order_book(self, self.simulated_ask("fetchOrderBook", {**asked, **page(limit=limit)}))

    def fetch_l2_order_book(self: Any, symbol: str, limit: Any = None, params: Params = {}) -> Any:
        asked = self.simulated_symbol(symbol, "fetchL2OrderBook")
        return reading.order_book(
            self, self.simulated_ask("fetchL2OrderBook", {**asked, **page(limit=limit)})
        )

    def fetch_order_books(self: Any, symbols: Any = None, limit: Any = None, params: Params = {}) -> Any:
        asked = {**self.simulated_symbols(symbols), **page(limit=limit)}
        rows = self.simulated_ask("fetchOrderBooks", asked)
        return {row["symbol"]: reading.order_book(self, row) for row in rows}

    def fetch_trades(
        self: Any, symbol: str, since: Any = None, limit: Any = None, params: Params = {}
    ) -> Any:
        if params.get("paginate"):
            return self.simulated_pages("fetchTrades", symbol, since, limit, params)
        asked = {**self.simulated_symbol(symbol, "fetchTrades"), **page(since, limit, params)}
        rows = self.simulated_ask("fetchTrades", asked)
        return [reading.trade(self, row) for row in rows]

    def fetch_ohlcv(
        self: Any,
        symbol: str,
        timeframe: str = "1m",
        since: Any = None,
        limit: Any = None,
        params: Params = {},
    ) -> Any:
        if params.get("price") not in (None, "last"):
            raise explained(self.id, f"fetchOHLCV() of the {params['price']} price")
        if params.get("paginate"):
            rest = self.omit(params, "paginate")
            return self.fetch_paginated_call_deterministic(
                "fetchOHLCV", symbol, since, limit, timeframe, rest, PAGE
            )
        asked = {**self.simulated_symbol(symbol, "fetchOHLCV"), **page(since, limit, params)}
        asked["step"] = self.simulated_step(timeframe, "fetchOHLCV")
        rows = self.simulated_ask("fetchOHLCV", asked)
        return [reading.candle(self, row) for row in rows]

    def simulated_step(self: Any, timeframe: str, name: str) -> int:
        """How long a candle lasts."""
        if self.timeframes and timeframe not in self.timeframes:
            raise BadRequest(f"{self.id} {name}(): there is no timeframe {timeframe!r} at {self.id}")
        step = int(self.parse_timeframe(timeframe) * 1000)
        if step > MINUTE_MS and step % MINUTE_MS:
            raise explained(self.id, f"{name}() of candles of {timeframe}")
        return step

    def simulated_pages(self: Any, name: str, symbol: Any, since: Any, limit: Any, params: Params) -> Any:
        """Several pages of a list, by ccxt's own way to ask for them."""
        rest = self.omit(params, "paginate")
        return self.fetch_paginated_call_dynamic(name, symbol, since, limit, rest, PAGE)

    # contracts

    def fetch_funding_rate(self: Any, symbol: str, params: Params = {}) -> Any:
        asked = self.simulated_symbol(symbol, "fetchFundingRate")
        return reading.funding_rate(self, self.simulated_ask("fetchFundingRate", asked))

    def fetch_funding_rates(self: Any, symbols: Any = None, params: Params = {}) -> Any:
        rows = self.simulated_ask("fetchFundingRates", self.simulated_symbols(symbols))
        return {row["symbol"]: reading.funding_rate(self, row) for row in rows}

    def fetch_funding_interval(self: Any, symbol: str, params: Params = {}) -> Any:
        asked = self.simulated_symbol(symbol, "fetchFundingInterval")
        return reading.funding_rate(self, self.simulated_ask("fetchFundingInterval", asked))

    def fetch_funding_intervals(self: Any, symbols: Any = None, params: Params = {}) -> Any:
        rows = self.simulated_ask("fetchFundingIntervals", self.simulated_symbols(symbols))
        return {row["symbol"]: reading.funding_rate(self, row) for row in rows}

    def fetch_funding_rate_history(
        self: Any, symbol: Any = None, since: Any = None, limit: Any = None, params: Params = {}
    ) -> Any:
        name = "fetchFundingRateHistory"
        asked = {**self.simulated_symbol(symbol, name), **page(since, limit, params)}
        return [reading.past_funding_rate(self, row) for row in self.simulated_ask(name, asked)]

    def fetch_open_interest(self: Any, symbol: str, params: Params = {}) -> Any:
        asked = self.simulated_symbol(symbol, "fetchOpenInterest")
        return reading.open_interest(self, self.simulated_ask("fetchOpenInterest", asked))

    def fetch_leverage_tiers(self: Any, symbols: Any = None, params: Params = {}) -> Any:
        wanted = (self.simulated_symbols(symbols)).get("symbols")
        rows = self.simulated_ask("fetchLeverageTiers")
        return {
            row["symbol"]: reading.leverage_tiers(self, row)
            for row in rows
            if row["maxLeverage"] is not None and (wanted is None or row["symbol"] in wanted)
        }

    def fetch_market_leverage_tiers(self: Any, symbol: str, params: Params = {}) -> Any:
        asked = self.simulated_symbol(symbol, "fetchMarketLeverageTiers")
        for row in self.simulated_ask("fetchMarketLeverageTiers"):
            if row["symbol"] == asked["symbol"] and row["maxLeverage"] is not None:
                return reading.leverage_tiers(self, row)
        raise BadRequest(f"{self.id} fetchMarketLeverageTiers(): {symbol} has no leverage")

    # money

    def simulated_wallet(self: Any, name: str, params: Params) -> Row:
        """The wallet that a call is about, as ccxt chooses it by params and options."""
        type, _ = self.handle_market_type_and_params(name, None, dict(params))
        return {"wallet": wallet(self, type or "spot", f"{self.id} {name}()")}

    def fetch_balance(self: Any, params: Params = {}) -> Any:
        self.load_markets()
        asked = self.simulated_wallet("fetchBalance", params)
        return reading.balance(self, self.simulated_own("fetchBalance", asked))

    def fetch_trading_fees(self: Any, params: Params = {}) -> Any:
        self.load_markets()
        rows = self.simulated_own("fetchTradingFees")
        return {row["symbol"]: reading.trading_fee(self, row) for row in rows}

    def fetch_trading_fee(self: Any, symbol: str, params: Params = {}) -> Any:
        asked = self.simulated_symbol(symbol, "fetchTradingFee")
        rows = self.simulated_own("fetchTradingFee")
        (row,) = (each for each in rows if each["symbol"] == asked["symbol"])
        return reading.trading_fee(self, row)

    def fetch_deposits(
        self: Any, code: Any = None, since: Any = None, limit: Any = None, params: Params = {}
    ) -> Any:
        return self.simulated_deposits("fetchDeposits", code, since, limit, params)

    def fetch_deposits_withdrawals(
        self: Any, code: Any = None, since: Any = None, limit: Any = None, params: Params = {}
    ) -> Any:
        return self.simulated_deposits("fetchDepositsWithdrawals", code, since, limit, params)

    def simulated_deposits(self: Any, name: str, code: Any, since: Any, limit: Any, params: Params) -> Any:
        self.load_markets()
        asked = {
            **page(since, None, params),
            **({} if code is None else {"currency": self.currency(code)["code"]}),
        }
        found = [reading.deposit(self, row) for row in self.simulated_own(name, asked)]
        return found[:limit] if since is not None else found[-limit:] if limit else found

    def transfer(
        self: Any, code: str, amount: Any, fromAccount: str, toAccount: str, params: Params = {}
    ) -> Any:
        self.load_markets()
        source, target = (wallet(self, each, f"{self.id} transfer()") for each in (fromAccount, toAccount))
        asked = {"currency": self.currency(code)["code"], "amount": self.number_to_string(amount)}
        row = self.simulated_do("transfer", {**asked, "from": source, "to": target})
        return reading.transfer(self, row, fromAccount, toAccount)

    # orders

    def create_order(
        self: Any,
        symbol: str,
        type: str,
        side: str,
        amount: Any,
        price: Any = None,
        params: Params = {},
    ) -> Any:
        self.load_markets()
        asked = order_asked(self, symbol, type, side, amount, price, params)
        return reading.order(self, self.simulated_do("createOrder", asked))

    def create_orders(self: Any, orders: Any, params: Params = {}) -> Any:
        self.load_markets()
        asked = [
            order_asked(
                self,
                each["symbol"],
                each["type"],
                each["side"],
                each.get("amount"),
                each.get("price"),
                {**params, **(each.get("params") or {})},
                "createOrders",
            )
            for each in orders
        ]
        rows = self.simulated_do("createOrders", {"orders": asked})
        return [reading.order(self, row) for row in rows]

    def create_market_order_with_cost(
        self: Any, symbol: str, side: str, cost: Any, params: Params = {}
    ) -> Any:
        return self.create_order(symbol, "market", side, None, None, {**params, "cost": cost})

    def create_market_buy_order_with_cost(self: Any, symbol: str, cost: Any, params: Params = {}) -> Any:
        return self.create_order(symbol, "market", "buy", None, None, {**params, "cost": cost})

    def create_market_sell_order_with_cost(self: Any, symbol: str, cost: Any, params: Params = {}) -> Any:
        return self.create_order(symbol, "market", "sell", None, None, {**params, "cost": cost})

    def edit_order(
        self: Any,
        id: str,
        symbol: str,
        type: str,
        side: str,
        amount: Any = None,
        price: Any = None,
        params: Params = {},
    ) -> Any:
        asked = self.simulated_any(symbol)
        named = which(id, params, f"{self.id} editOrder()")
        if amount is None or (price is None and type == "limit"):
            row = self.simulated_own("fetchOrder", {**asked, **named})
            amount = row["remaining"] if amount is None else amount
            price = row["price"] if price is None else price
        wanted = order_asked(self, symbol, type, side, amount, price, params, "editOrder")
        return reading.order(self, self.simulated_do("editOrder", {**wanted, **named}))

    def cancel_order(self: Any, id: Any, symbol: Any = None, params: Params = {}) -> Any:
        asked = self.simulated_any(symbol)
        named = which(id, params, f"{self.id} cancelOrder()")
        return reading.order(self, self.simulated_do("cancelOrder", {**asked, **named}))

    def cancel_order_with_client_order_id(
        self: Any, clientOrderId: str, symbol: Any = None, params: Params = {}
    ) -> Any:
        return self.cancel_order("", symbol, {**params, "clientOrderId": clientOrderId})

    def cancel_orders(self: Any, ids: Any, symbol: Any = None, params: Params = {}) -> Any:
        asked = self.simulated_any(symbol)
        client_ids = params.get("clientOrderIds")
        asked |= {"ids": [str(id) for id in ids]} if ids else {"clientOrderIds": client_ids}
        return [reading.order(self, row) for row in self.simulated_do("cancelOrders", asked)]

    def cancel_all_orders(self: Any, symbol: Any = None, params: Params = {}) -> Any:
        asked = {**self.simulated_any(symbol), **page(params=params)}
        return [reading.order(self, row) for row in self.simulated_do("cancelAllOrders", asked)]

    def fetch_order(self: Any, id: Any, symbol: Any = None, params: Params = {}) -> Any:
        asked = self.simulated_any(symbol)
        named = which(id, params, f"{self.id} fetchOrder()")
        return reading.order(self, self.simulated_own("fetchOrder", {**asked, **named}))

    def fetch_order_with_client_order_id(
        self: Any, clientOrderId: str, symbol: Any = None, params: Params = {}
    ) -> Any:
        return self.fetch_order("", symbol, {**params, "clientOrderId": clientOrderId})

    def fetch_open_order(self: Any, id: Any, symbol: Any = None, params: Params = {}) -> Any:
        return self.fetch_order(id, symbol, params)

    def fetch_closed_order(self: Any, id: Any, symbol: Any = None, params: Params = {}) -> Any:
        return self.fetch_order(id, symbol, params)

    def simulated_orders(self: Any, name: str, symbol: Any, since: Any, limit: Any, params: Params) -> Any:
        if params.get("paginate"):
            return self.simulated_pages(name, symbol, since, limit, params)
        asked = {**self.simulated_any(symbol), **page(since, limit, params)}
        return [reading.order(self, row) for row in self.simulated_own(name, asked)]

    def fetch_orders(
        self: Any, symbol: Any = None, since: Any = None, limit: Any = None, params: Params = {}
    ) -> Any:
        return self.simulated_orders("fetchOrders", symbol, since, limit, params)

    def fetch_open_orders(
        self: Any, symbol: Any = None, since: Any = None, limit: Any = None, params: Params = {}
    ) -> Any:
        return self.simulated_orders("fetchOpenOrders", symbol, since, limit, params)

    def fetch_closed_orders(
        self: Any, symbol: Any = None, since: Any = None, limit: Any = None, params: Params = {}
    ) -> Any:
        return self.simulated_orders("fetchClosedOrders", symbol, since, limit, params)

    def fetch_canceled_orders(
        self: Any, symbol: Any = None, since: Any = None, limit: Any = None, params: Params = {}
    ) -> Any:
        return self.simulated_orders("fetchCanceledOrders", symbol, since, limit, params)

    def fetch_canceled_and_closed_orders(
        self: Any, symbol: Any = None, since: Any = None, limit: Any = None, params: Params = {}
    ) -> Any:
        return self.simulated_orders("fetchCanceledAndClosedOrders", symbol, since, limit, params)

    def fetch_my_trades(
        self: Any, symbol: Any = None, since: Any = None, limit: Any = None, params: Params = {}
    ) -> Any:
        if params.get("paginate"):
            return self.simulated_pages("fetchMyTrades", symbol, since, limit, params)
        asked = {**self.simulated_any(symbol), **page(since, limit, params)}
        return [reading.trade(self, row) for row in self.simulated_own("fetchMyTrades", asked)]

    def fetch_order_trades(
        self: Any, id: Any, symbol: Any = None, since: Any = None, limit: Any = None, params: Params = {}
    ) -> Any:
        asked = {**self.simulated_any(symbol), **page(since, limit, params), "order": str(id)}
        return [reading.trade(self, row) for row in self.simulated_own("fetchOrderTrades", asked)]

    # positions

    def simulated_positions(self: Any, name: str, symbols: Any) -> Any:
        rows = self.simulated_own(name, self.simulated_symbols(symbols))
        return [reading.position(self, row) for row in rows]

    def fetch_positions(self: Any, symbols: Any = None, params: Params = {}) -> Any:
        return self.simulated_positions("fetchPositions", symbols)

    def fetch_positions_for_symbol(self: Any, symbol: str, params: Params = {}) -> Any:
        return self.simulated_positions("fetchPositionsForSymbol", [symbol])

    def fetch_position(self: Any, symbol: str, params: Params = {}) -> Any:
        found = self.simulated_positions("fetchPosition", [symbol])
        return found[0] if found else None

    def fetch_positions_history(
        self: Any, symbols: Any = None, since: Any = None, limit: Any = None, params: Params = {}
    ) -> Any:
        return self.simulated_past_positions("fetchPositionsHistory", symbols, since, limit, params)

    def fetch_position_history(
        self: Any, symbol: str, since: Any = None, limit: Any = None, params: Params = {}
    ) -> Any:
        return self.simulated_past_positions("fetchPositionHistory", [symbol], since, limit, params)

    def simulated_past_positions(
        self: Any, name: str, symbols: Any, since: Any, limit: Any, params: Params
    ) -> Any:
        asked = {**self.simulated_symbols(symbols), **page(since, limit, params)}
        return [reading.position(self, row) for row in self.simulated_own(name, asked)]

    def fetch_position_mode(self: Any, symbol: Any = None, params: Params = {}) -> Any:
        return {"info": {}, "hedged": False}

    def set_position_mode(self: Any, hedged: bool, symbol: Any = None, params: Params = {}) -> Any:
        if hedged:
            raise explained(self.id, "setPositionMode() with two positions in one market")
        return {"hedged": False}

    def fetch_funding_history(
        self: Any, symbol: Any = None, since: Any = None, limit: Any = None, params: Params = {}
    ) -> Any:
        asked = {**self.simulated_any(symbol), **page(since, limit, params)}
        rows = self.simulated_own("fetchFundingHistory", asked)
        return [reading.funding_payment(self, row) for row in rows]

    def close_position(self: Any, symbol: str, side: Any = None, params: Params = {}) -> Any:
        asked = self.simulated_symbol(symbol, "closePosition")
        return reading.order(self, self.simulated_do("closePosition", asked))

    def close_all_positions(self: Any, params: Params = {}) -> Any:
        self.load_markets()
        return [reading.order(self, row) for row in self.simulated_do("closeAllPositions")]

    def fetch_leverage(self: Any, symbol: str, params: Params = {}) -> Any:
        asked = self.simulated_symbol(symbol, "fetchLeverage")
        return reading.leverage(self, self.simulated_own("fetchLeverage", asked))

    def fetch_leverages(self: Any, symbols: Any = None, params: Params = {}) -> Any:
        rows = self.simulated_own("fetchLeverages", self.simulated_symbols(symbols))
        return {row["symbol"]: reading.leverage(self, row) for row in rows}

    def set_leverage(self: Any, leverage: Any, symbol: Any = None, params: Params = {}) -> Any:
        asked = self.simulated_symbol(symbol, "setLeverage")
        row = self.simulated_do("setLeverage", {**asked, "leverage": self.number_to_string(leverage)})
        return reading.leverage(self, row)

    def fetch_margin_mode(self: Any, symbol: str, params: Params = {}) -> Any:
        asked = self.simulated_symbol(symbol, "fetchMarginMode")
        return reading.margin_mode(self, self.simulated_own("fetchMarginMode", asked))

    def fetch_margin_modes(self: Any, symbols: Any = None, params: Params = {}) -> Any:
        rows = self.simulated_own("fetchMarginModes", self.simulated_symbols(symbols))
        return {row["symbol"]: reading.margin_mode(self, row) for row in rows}

    def set_margin_mode(self: Any, marginMode: str, symbol: Any = None, params: Params = {}) -> Any:
        mode = margin_mode(str(marginMode), f"{self.id} setMarginMode()")
        asked = self.simulated_symbol(symbol, "setMarginMode")
        row = self.simulated_do("setMarginMode", {**asked, "mode": mode})
        return reading.margin_mode(self, row)

    def simulated_margin(self: Any, name: str, symbol: str, amount: Any, sign: str) -> Any:
        asked = self.simulated_symbol(symbol, name)
        text = self.number_to_string(amount)
        if not float(text) > 0:
            raise BadRequest(f"{self.id} {name}(): the amount must be positive")
        row = self.simulated_do(name, {**asked, "amount": f"{sign}{text}"})
        return reading.margin_change(self, row, "reduce" if sign else "add")

    def add_margin(self: Any, symbol: str, amount: Any, params: Params = {}) -> Any:
        return self.simulated_margin("addMargin", symbol, amount, "")

    def reduce_margin(self: Any, symbol: str, amount: Any, params: Params = {}) -> Any:
        return self.simulated_margin("reduceMargin", symbol, amount, "-")
