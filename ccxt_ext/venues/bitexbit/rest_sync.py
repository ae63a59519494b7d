# Generated from rest.py by scripts/generate.py. Do not edit.
"""bitexbit over REST: v1 where v1 has it, v2 for what v1 lacks, the gateway for addresses and withdrawals."""

from typing import Any

from ccxt.base.errors import (
    BadRequest,
    BaseError,
    ExchangeError,
    OperationRejected,
    OrderNotFound,
)

from ccxt_ext.venue.answers import arrivals_sync, reading, windows
from ccxt_ext.venue.orders import cancelling_sync, crossing_sync, market_orders, outcomes
from ccxt_ext.venue.orders.outcomes import is_unknown
from ccxt_ext.venue.requests import building
from ccxt_ext.venues.bitexbit import fields, market_data, markets, orders, requests
from ccxt_ext.venues.bitexbit.metadata import CANDLES, V1_ORDERS
from ccxt_ext.venues.bitexbit.rest_money_sync import SyncMoneyCalls

MOST_TICKERS = 5
V2_CANDLES = 1000
V2_DEPTH = 50

# status: the filter's value of v1 and of v2
FILTERS = {"open": (1, "active"), "canceled": (2, "canceled"), "closed": (3, "done")}


class bitexbit(SyncMoneyCalls):
    # -- markets ------------------------------------------------------------------------------------

    def fetch_markets(self, params: Any = {}) -> Any:
        api, params = requests.chosen(self, "fetchMarkets", params)
        if api == "v2":
            return self.parse_markets(reading.rows(self, self.v2_public_get_pairs(params)))
        rows = reading.rows(self, self.v1_public_get_pairs(params))
        if api == "merge":
            rows = markets.merged(
                self, rows, "name", reading.rows(self, self.v2_public_get_pairs()), "symbol"
            )
        return self.parse_markets(rows)

    def fetch_currencies(self, params: Any = {}) -> Any:
        api, params = requests.chosen(self, "fetchCurrencies", params)
        networks, params = self.handle_option_and_params(params, "fetchCurrencies", "networks", False)
        if api == "v2":
            rows = reading.rows(self, self.v2_public_get_currencies(params))
        else:
            rows = reading.rows(self, self.v1_public_get_currencies(params))
        if api == "merge":
            more = reading.rows(self, self.v2_public_get_currencies())
            rows = markets.merged(self, rows, "short_name", more, "code")
        if networks:
            methods = reading.rows(self, self.gateway_get_payment_methods())
            for row in rows:
                ids = (row.get("code"), row.get("short_name"))
                row["methods"] = [method for method in methods if method.get("ticker") in ids]
        return self.index_by([self.parse_currency(row) for row in rows], "code")

    # -- public data --------------------------------------------------------------------------------

    def fetch_ticker(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        market = self.market(symbol)
        answer = self.v2_public_get_tickers(self.extend({"symbols": market["id"]}, params))
        row = next((row for row in reading.rows(self, answer) if row.get("symbol") == market["id"]), None)
        return self.parse_ticker(reading.record(self, row), market)

    def fetch_tickers(self, symbols: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        symbols = self.market_symbols(symbols)
        request = {}
        if symbols and len(symbols) <= MOST_TICKERS:
            request["symbols"] = ",".join(self.market_ids(symbols))
        answer = self.v2_public_get_tickers(self.extend(request, params))
        return self.parse_tickers(reading.rows(self, answer), symbols)

    def fetch_last_prices(self, symbols: Any = None, params: Any = {}) -> Any:
        tickers = self.fetch_tickers(symbols, params)
        return {symbol: self.parse_last_price(ticker) for symbol, ticker in tickers.items()}

    def fetch_bids_asks(self, symbols: Any = None, params: Any = {}) -> Any:
        return self.fetch_tickers(symbols, params)

    def fetch_order_book(self, symbol: str, limit: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = self.market(symbol)
        api, params = requests.chosen(self, "fetchOrderBook", params)
        if api == "v2":
            request = {"symbol": market["id"]}
            if limit is not None:
                request["limit"] = min(limit, V2_DEPTH)
            return market_data.order_book(
                self, self.v2_public_get_depth(self.extend(request, params)), market["symbol"], limit
            )
        return self.v1_book(market, 1, limit, params)

    def fetch_l3_order_book(self, symbol: str, limit: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        return self.v1_book(self.market(symbol), 0, limit, params)

    def v1_book(self, market: Any, group: int, limit: Any, params: Any) -> Any:
        request = {"pair": market["id"], "group": group}
        if limit is not None:
            request.update(dict.fromkeys(self.options["v1OrderBookLimitParams"], limit))
        answer = self.v1_public_get_orderbook_pair(self.extend(request, params))
        return market_data.order_book(self, answer, market["symbol"], limit, by_id=not group)

    def fetch_ohlcv(
        self, symbol: str, timeframe: str = "1m", since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        market = self.market(symbol)
        api, params = requests.chosen(self, "fetchOHLCV", params)
        most = V2_CANDLES if api == "v2" else CANDLES
        paginate, params = self.handle_option_and_params(params, "fetchOHLCV", "paginate", False)
        if paginate:
            params = self.extend(params, {"method": api})
            return self.fetch_paginated_call_deterministic(
                "fetchOHLCV", symbol, since, limit, timeframe, params, most
            )
        steps = self.options["timeframesV2"] if api == "v2" else self.timeframes
        if timeframe not in steps:
            raise BadRequest(f"{self.id} has no timeframe {timeframe!r} on {api}")
        until = self.safe_integer(params, "until")
        unit = self.options["v2OhlcvTimeUnit" if api == "v2" else "chartsTimeUnit"]
        request = requests.ohlcv_request(self, steps[timeframe], since, limit, until, unit == "s", most)
        request = self.extend(request, self.omit(params, "until"))
        if api == "v2":
            request.update({"symbol": market["id"], "timeframe": steps[timeframe]})
            answer = self.v2_public_get_ohlcv(request)
        else:
            request.update({"pair": market["id"], "type": steps[timeframe]})
            answer = self.charts_get_pair_type_chart(request)
        return self.parse_ohlcvs(market_data.candle_rows(self, answer), market, timeframe, since, limit)

    # -- orders -------------------------------------------------------------------------------------

    def create_order(
        self, symbol: str, type: Any, side: Any, amount: Any, price: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        if type == "market" and market_orders.is_wanted(self):
            return crossing_sync.create_market_as_limit(self, symbol, side, amount, params)
        api, params = requests.chosen(self, "createOrder", params)
        request = requests.order_request(self, symbol, type, side, amount, price, params)
        if api == "v1":
            answer = self.v1_private_post_order(request)
            parse = orders.parse_new_v1_order
        else:
            named = {
                "symbol": request["pair"],
                "type": f"{side}-limit",
                "price": request["price"],
                "amount": request["amount"],
            }
            rest = self.omit(request, ["pair", "type", "price", "amount"])
            answer = self.v2_private_post_order_create(self.extend(named, rest))
            parse = orders.parse_new_v2_order
        order = outcomes.placed(
            self, parse, self, answer, request, order_id=orders.new_order_id(self, answer)
        )
        for trade in order["trades"]:
            self.remember_fill((trade["id"], trade["side"]), order["id"])
        return order

    def cancel_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = self.optional_market(symbol)
        api, params = requests.chosen(self, "cancelOrder", params)
        id = building.required_id(self, id, "cancelOrder")
        try:
            if api == "v2":
                answer = self.v2_private_post_order_id_cancel(self.extend({"id": id}, params))
            else:
                answer = self.v1_private_post_order_cancel(self.extend({"order": id}, params))
        except (BadRequest, ExchangeError) as error:
            if type(error) not in (BadRequest, ExchangeError) or is_unknown(error):
                raise
            raise self.why_not_canceled(error, id) from error
        parse = orders.parse_canceled_v2_order if api == "v2" else orders.parse_canceled_v1_order
        return outcomes.canceled(self, parse, self, answer, id, market, order_id=id)

    def why_not_canceled(self, refusal: BaseError, id: str) -> BaseError:
        """What a refusal in unknown words means: of an order that has ended or never was, the venue answers
        with an error as well, whose text it does not document. In whatever market the order is: its caller
        may have named another one."""
        try:
            order = self.fetch_order(id)
        except OrderNotFound:
            return OrderNotFound(str(refusal))
        except BaseError:
            return refusal
        if order["status"] in (None, "open"):
            return OperationRejected(f"{refusal} - the order is open")
        return OrderNotFound(f"{refusal} - the order is {order['status']}")

    def cancel_all_orders(self, symbol: Any = None, params: Any = {}) -> Any:
        return cancelling_sync.cancel_open_orders(self, symbol, params, V1_ORDERS)

    def fetch_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = self.optional_market(symbol)
        api, params = requests.chosen(self, "fetchOrder", params)
        id = building.required_id(self, id, "fetchOrder")
        if api == "v1":
            answer = self.v1_private_get_order_id(self.extend({"id": id}, params))
            row = reading.record(self, answer)
        else:
            request = requests.around(self, id)
            if market is not None:
                request["symbol"] = market["id"]
            rows = reading.rows(self, self.v2_private_get_orders(self.extend(request, params)))
            found = [row for row in rows if self.safe_string(row, "id") == id]
            if not found:
                raise OrderNotFound(f"{self.id} has no order {id}")
            row = found[0]
        arrivals_sync.know_markets(self, fields.pair_ids(self, [row]))
        return self.parse_order(row, market)

    def fetch_open_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return self.fetch_orders_with("fetchOpenOrders", ("open",), symbol, since, limit, params)

    def fetch_closed_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return self.fetch_orders_with("fetchClosedOrders", ("closed",), symbol, since, limit, params)

    def fetch_canceled_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return self.fetch_orders_with("fetchCanceledOrders", ("canceled",), symbol, since, limit, params)

    def fetch_canceled_and_closed_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        name = "fetchCanceledAndClosedOrders"
        return self.fetch_orders_with(name, ("canceled", "closed"), symbol, since, limit, params)

    def fetch_orders(self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}) -> Any:
        statuses = ("open", "canceled", "closed")
        return self.fetch_orders_with("fetchOrders", statuses, symbol, since, limit, params)

    def fetch_orders_with(
        self, name: str, statuses: tuple[str, ...], symbol: Any, since: Any, limit: Any, params: Any
    ) -> Any:
        self.load_markets()
        market = self.optional_market(symbol)
        api, params = requests.chosen(self, name, params)
        paginate, params = self.handle_option_and_params(params, name, "paginate", False)
        request: dict[str, Any] = {}
        if len(statuses) == 1:
            request["status"] = FILTERS[statuses[0]][api == "v2"]
        if market is not None:
            request["symbol" if api == "v2" else "pair"] = market["id"]
        if api == "v1":
            if limit is not None and len(statuses) != 2:
                request["limit"] = min(limit, V1_ORDERS)
            # There is no time by which to sort or to filter; ids rise.
            request = self.extend(request, self.omit(params, "until"))
            rows = reading.rows(self, self.v1_private_get_orders_own(request))
            rows = sorted(rows, key=lambda row: fields.id_number(self, row))
            since = None
        else:
            # Whoever asks for the open orders wants them all: one that is not shown is not cancelled.
            all_open = statuses == ("open",) and limit is None
            everything = paginate or since is not None or all_open or len(statuses) == 2
            rows = self.fetch_v2_pages(self.v2_private_get_orders, request, since, limit, everything, params)
            rows = windows.only(self, windows.handle_until(self, params, self.parse_order, market)[0], rows)
        arrivals_sync.know_markets(self, fields.pair_ids(self, rows))
        orders = self.parse_orders(rows, market)
        orders = [order for order in orders if order["status"] in (None, *statuses)]
        return self.filter_by_since_limit(orders, since, limit)
