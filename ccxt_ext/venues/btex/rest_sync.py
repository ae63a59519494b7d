# Generated from rest.py by scripts/generate.py. Do not edit.
"""BTEX over REST: its contracts, and its spot markets."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from ccxt.base.errors import BadResponse, BaseError, ExchangeError, OrderNotFound

from ccxt_ext.venue.answers import arrivals_sync, reading, windows
from ccxt_ext.venue.orders import cancelling_sync, checks, costs, outcomes
from ccxt_ext.venue.requests import building
from ccxt_ext.venues.btex import answers, contracts, fate, kinds, order_requests, orders, pairs
from ccxt_ext.venues.btex.memory import OrderMemory
from ccxt_ext.venues.btex.rest_account_sync import SyncAccountCalls

# This clock, by which an order was placed, may be ahead of the venue's, by which its fills are dated.
CLOCKS_DIFFER_MS = 3_600_000


class btex(SyncAccountCalls):
    def __init__(self, config: Any = {}) -> None:
        self.memory = OrderMemory()
        super().__init__(config)

    # -- placing and cancelling ---------------------------------------------------------------------

    def create_order(
        self, symbol: str, type: Any, side: Any, amount: Any, price: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        request = order_requests.order_request(self, symbol, type, side, amount, price, params)
        if "pair" in request:
            place = self.spot_private_post_buy_coin if side == "buy" else self.spot_private_post_sell_coin
            order = outcomes.placed(
                self, partial(orders.parse_new_order, self), place(request), request, type, side
            )
            self.memory.place(order, self.nonce())
            return self.told_more(order, type, {"type": "spot"})
        if not {"leverage", "is_cross"} <= request.keys():
            order_requests.add_terms(self, request, self.position_row(self.market(symbol)))
        if "price" not in request:
            request["price"] = self.last_price(symbol)
        answer = self.contract_private_post_place_order(request)
        order = outcomes.placed(self, partial(orders.parse_new_order, self), answer, request, type, side)
        return self.told_more(order, type, {})

    def last_price(self, symbol: str) -> str:
        ticker = self.fetch_ticker(symbol)
        if ticker["last"] is None:
            raise BadResponse(f"{self.id} tells no last price of {symbol}, which a market order needs")
        return checks.to_precision(self, "price", symbol, ticker["last"])

    def told_more(self, order: Any, type: str, params: Any) -> Any:
        """A placed order with what a look-up tells of it, for the types for which that is asked for."""
        if type not in self.options["lookUpPlaced"]:
            return order
        try:
            found = self.fetch_order(order["id"], order["symbol"], params)
        except BaseError as error:
            # It is placed: its caller has to get the id, whatever the look-up comes to.
            if self.verbose:
                self.log(f"the order {order['id']} is placed, but could not be looked up: {error}")
            return order
        return {**found, "info": order["info"]}

    def cancel_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = kinds.optional_market(self, symbol)
        spot, params = kinds.is_spot(self, "cancelOrder", market, params)
        cancel = self.spot_private_post_cancel_order if spot else self.contract_private_post_cancel_order
        id = building.required_id(self, id, "cancelOrder")
        answer = cancel(self.extend({"order_id": id}, params))
        order = outcomes.canceled(
            self, partial(orders.parse_cancel, self), answer, id, market, spot, order_id=id
        )
        if spot:
            self.memory.cancel(id)
        return order

    def cancel_all_orders(self, symbol: Any = None, params: Any = {}) -> Any:
        return cancelling_sync.cancel_open_orders(self, symbol, params, self.options["spotOpenOrders"])

    # -- one order ----------------------------------------------------------------------------------

    def fetch_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = kinds.optional_market(self, symbol)
        spot, params = kinds.is_spot(self, "fetchOrder", market, params)
        id = building.required_id(self, id, "fetchOrder")
        if spot:
            return self.fetch_spot_order(id, market, params)
        order = self.fetch_contract_order(id, market, params)
        if not (order["filled"] and self.options["fillsOfOrder"]):
            return order
        fills = self.fills_of_contract(id, market)
        if fate.has_more(self, fills, order):  # it was filled further between the two answers
            order = self.fetch_contract_order(id, market, params)
        return costs.costed_by(self, order, fills)

    def fetch_contract_order(self, id: str, market: Any, params: Any) -> Any:
        answer = self.contract_private_post_get_order_batch(self.extend({"order_id": id}, params))
        rows = reading.rows(self, answers.data(self, answer))
        row = next((row for row in rows if self.safe_string(row, "order_id") == id), None)
        if row is None:
            raise OrderNotFound(f"{self.id} has no order {id}")
        arrivals_sync.know_markets(self, contracts.ids_of(self, [row]))
        return self.parse_order(row, market)

    def fills_of_contract(self, id: str, market: Any, params: Any = {}) -> Any:
        in_time, params = windows.handle_until(self, params, self.parse_trade, market)
        answer = self.contract_private_post_order_match_results(self.extend({"order_id": id}, params))
        rows = reading.rows(self, answers.data(self, answer))
        arrivals_sync.know_markets(self, contracts.ids_of(self, rows))
        return self.parse_trades(windows.only(self, in_time, rows), market)

    def fetch_spot_order(self, id: str, market: Any, params: Any) -> Any:
        """The venue looks up none: what is open is listed, and the fills tell what became of the others."""
        symbol = self.safe_string(market, "symbol")
        listed = self.open_spot_orders(market, params)
        order = fate.find_order(listed, id)
        if order is not None and not order["filled"]:
            return order
        fills = self.fills_of_spot(id, symbol)
        if order is not None:
            return costs.costed_by(self, order, fills)
        known = self.memory.orders.get(id)
        if known is None and not fills:
            if fate.may_be_cut(self, listed):
                raise ExchangeError(f"{self.id} lists no more than {len(listed)} open orders, and {id} not")
            raise OrderNotFound(f"{self.id} has no open order {id}, and no fills of it")
        if known is None:
            status = None if fate.may_be_cut(self, listed) else self.options["spotEndedStatus"]
            return fate.with_fills(self, fate.order_of_fills(fills), status, fills)
        if fate.is_filled(self, known, fills):
            return fate.with_fills(self, known, "closed", fills)
        if id in self.memory.canceled:
            return fate.with_fills(self, known, "canceled", fills)
        age = self.nonce() - self.memory.placed.get(id, 0)
        if age < self.options["spotSettling"] or fate.may_be_cut(self, listed):
            return fate.with_fills(self, known, None, fills)  # it may not be listed yet, or not at all
        again = fate.find_order(self.open_spot_orders(market, params), id)
        return again or fate.with_fills(self, known, "canceled", fills)

    def fetch_order_trades(
        self, id: str, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        market = kinds.optional_market(self, symbol)
        spot, params = kinds.is_spot(self, "fetchOrderTrades", market, params)
        id = building.required_id(self, id, "fetchOrderTrades")
        found = self.fills_of_spot(id, symbol, params) if spot else self.fills_of_contract(id, market, params)
        return self.filter_by_since_limit(found, since, limit)

    def fills_of_spot(self, id: str, symbol: Any, params: Any = {}) -> list[Any]:
        """Those among all fills: since the order was placed, if that is known, or else among the latest."""
        begun = self.memory.begun(id)
        since = None if begun is None else max(begun - CLOCKS_DIFFER_MS, 0)
        most = None if since is not None else self.options["spotFillsSearched"]
        found = self.fetch_my_trades(symbol, since, most, self.extend({"type": "spot"}, params))
        return [trade for trade in found if trade["order"] == id]

    # -- lists of orders ----------------------------------------------------------------------------

    def fetch_open_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        market = kinds.optional_market(self, symbol)
        spot, params = kinds.is_spot(self, "fetchOpenOrders", market, params)
        until = self.safe_integer(params, "until")
        params = self.omit(params, "until")
        if spot:
            orders = self.open_spot_orders(market, params)
        else:
            markets = self.markets_of_orders() if market is None else [market]
            orders = [order for each in markets for order in self.open_contract_orders(each, params)]
        if until is not None:
            orders = [order for order in orders if order["timestamp"] <= until]
        return self.filter_by_since_limit(self.sort_by(orders, "timestamp"), since, limit)

    def markets_of_orders(self) -> list[Any]:
        """The contracts in which there may be open orders, those that were listed a moment ago among them."""
        rows = reading.rows(self, answers.data(self, self.contract_public_get_contracts()))
        arrivals_sync.know_markets(self, contracts.ids_of(self, rows), all_needed=True)
        return contracts.open_contracts(self)

    def open_contract_orders(self, market: Any, params: Any) -> Sequence[Any]:
        request = {"contract_id": market["id"]}
        answer = self.contract_private_post_active_orders(self.extend(request, params))
        # Newest first; their order alone tells apart those of one second.
        rows = reading.rows(self, answers.data(self, answer), "order_lists")[::-1]
        found: Sequence[Any] = self.parse_orders(rows, market)
        return found

    def open_spot_orders(self, market: Any, params: Any) -> list[Any]:
        """Those of a market, or of all: of each by itself, if there are so many that some may be missing."""
        rows = self.open_spot_rows("" if market is None else market["id"], params)
        if market is None and fate.may_be_cut(self, rows):
            rows = [
                row
                for each in self.markets.values()
                if each["spot"]
                for row in self.open_spot_rows(each["id"], params)
            ]
        arrivals_sync.know_markets(self, pairs.ids_of(self, rows))
        orders: list[Any] = self.parse_orders(rows, market)
        for order in orders:
            self.memory.see(order)
        return orders

    def open_spot_rows(self, pair: str, params: Any) -> list[Any]:
        """An empty pair stands for all of them."""
        request = {"pair": pair, "amount": self.options["spotOpenOrders"]}
        answer = self.spot_private_post_myorders(self.extend(request, params))
        return reading.rows(self, answers.data(self, answer))[::-1]

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
        market = kinds.contracts_only(self, name, kinds.required_market(self, symbol, name))
        endpoint, parse = self.contract_private_post_myorders, self.parse_order
        rows = self.fetch_pages(
            name, endpoint, parse, market, ("orders_his",), ("order_id",), wanted, since, limit, params
        )
        return self.parse_orders(rows, market, since, limit)

    # -- fills --------------------------------------------------------------------------------------

    def fetch_my_trades(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        name = "fetchMyTrades"
        market = kinds.optional_market(self, symbol)
        spot, params = kinds.is_spot(self, name, market, params)
        keys: tuple[str, ...] = ()
        if spot:
            endpoint = self.spot_private_post_mytrades
        else:
            market = kinds.required_market(self, symbol, name)
            # The venue's documents call it by both names.
            endpoint, keys = self.contract_private_post_mytrades, ("trades_his", "trade_his")
        # Of a trade with oneself there are two, one for each order, under one id.
        ids = ("trade_id", "order_id")
        parse = self.parse_trade
        rows = self.fetch_pages(name, endpoint, parse, market, keys, ids, None, since, limit, params)
        ids_of = pairs.ids_of if spot else contracts.ids_of
        arrivals_sync.know_markets(self, ids_of(self, rows))
        return self.parse_trades(rows, market, since, limit)
