# Generated from rest.py by scripts/generate.py. Do not edit.
"""BitMax Futures Pro v2 over REST."""

from collections.abc import Sequence
from typing import Any

from ccxt.base.errors import BadRequest, OrderNotFound

from ccxt_ext.base.compat import section
from ccxt_ext.base.rest_client_sync import SyncRestClient
from ccxt_ext.venues.bitmaxfutures.accounts import Account
from ccxt_ext.venues.bitmaxfutures.columns import Columns
from ccxt_ext.venues.bitmaxfutures.orders import NAMING_PARAMS
from ccxt_ext.venues.bitmaxfutures.protocol import Protocol

LONGEST_HISTORY_PAGE = 1000


class bitmaxfutures(Columns, Protocol, SyncRestClient):
    # -- the account --------------------------------------------------------------------------------

    def request(
        self,
        path: str,
        api: Any = "public",
        method: str = "GET",
        params: Any = {},
        *args: Any,
        config: dict[str, Any] = {},
    ) -> Any:
        access = section(api).partition(".")[2]
        if access == "public":
            return super().request(path, api, method, params, *args, config=config)
        self.check_required_credentials()
        if access == "group":
            self.load_account()
        return super().request(path, api, method, params, *args, config=config)

    def load_account(self) -> Account:
        """The account's group, which is a part of most paths: asked for once."""
        told = self.told_account()
        if told is not None:
            return told
        self.check_required_credentials()
        return self.fetched_once(self.account_state().flight, self.ask_for_account)

    def ask_for_account(self) -> Account:
        return self.parse_account_info(self.v2_private_get_account_info())

    def fetch_accounts(self, params: Any = {}) -> Any:
        return self.parse_account_list(self.v2_private_get_account_info(params))

    # -- public data --------------------------------------------------------------------------------

    def fetch_time(self, params: Any = {}) -> int:
        """The venue has no clock of its own to ask: the time of the newest price stands in."""
        return self.newest_time(self.v2_public_get_futures_pricing_data(params))

    def fetch_currencies(self, params: Any = {}) -> Any:
        wants_assets, params = self.handle_option_and_params(params, "fetchCurrencies", "assets", False)
        answer = self.v2_public_get_futures_collateral(params)
        return self.parse_collaterals(answer, self.v1_public_get_assets() if wants_assets else None)

    def fetch_markets(self, params: Any = {}) -> Any:
        if self.options["adjustForTimeDifference"]:
            self.load_time_difference()
        return self.parse_markets(self.rows(self.data_of(self.v2_public_get_futures_contract(params))))

    def fetch_leverage_tiers(self, symbols: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        rows = self.rows(self.data_of(self.v2_public_get_futures_contract(params)))
        return self.parse_leverage_tiers(self.of_known_markets(rows), symbols, "symbol")

    def fetch_market_leverage_tiers(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        symbol = self.market(symbol)["symbol"]
        return self.the_one(self.fetch_leverage_tiers([symbol], params), symbol)

    def fetch_ticker(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        market = self.market(symbol)
        data = self.ticker_data(self.extend({"symbol": market["id"]}, params))
        if isinstance(data, list):
            data = next((row for row in self.rows(data) if row.get("symbol") == market["id"]), None)
        return self.parse_ticker(self.record(data), market)

    def fetch_tickers(self, symbols: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        symbols = self.market_symbols(symbols)
        data = self.ticker_data(params)
        rows = self.rows(data if isinstance(data, list) else [data])
        return self.parse_tickers(self.of_known_markets(rows), symbols)

    def ticker_data(self, request: Any) -> Any:
        of_v2 = self.options["tickerVersion"] == "v2"
        endpoint = self.v2_public_get_futures_ticker if of_v2 else self.v1_public_get_ticker
        return self.data_of(endpoint(request))

    def fetch_bids_asks(self, symbols: Any = None, params: Any = {}) -> Any:
        return self.fetch_tickers(symbols, params)

    def fetch_order_book(self, symbol: str, limit: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = self.market(symbol)
        answer = self.v1_public_get_depth(self.extend({"symbol": market["id"]}, params))
        return self.parse_book(answer, market["symbol"], limit)

    def fetch_trades(self, symbol: str, since: Any = None, limit: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = self.market(symbol)
        most = self.options["fetchTrades"]["limit"]
        in_time, params = self.handle_until(params, self.parse_trade, market)
        # With `since` or `until`, the newest `limit` would miss those that are asked for.
        count = min(limit, most) if limit is not None and since is None and in_time is None else most
        request = {"symbol": market["id"], "n": count}
        answer = self.record(self.data_of(self.v1_public_get_trades(self.extend(request, params))))
        return self.parse_trades(self.only(in_time, self.rows(answer, "data")), market, since, limit)

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
        answer = self.v1_public_get_barhist(self.ohlcv_request(market, timeframe, since, limit, params))
        return self.parse_ohlcvs(self.rows(self.data_of(answer)), market, timeframe, since, limit)

    # -- funding, marks, open interest --------------------------------------------------------------

    def fetch_prices(self, params: Any = {}) -> Any:
        self.load_markets()
        return self.contract_prices(self.v2_public_get_futures_pricing_data(params))

    def fetch_funding_rates(self, symbols: Any = None, params: Any = {}) -> Any:
        rows = self.fetch_prices(params)
        return self.parse_funding_rates(rows, self.market_symbols(symbols))

    def fetch_funding_rate(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        symbol = self.market(symbol)["symbol"]
        return self.the_one(self.fetch_funding_rates([symbol], params), symbol)

    def fetch_funding_intervals(self, symbols: Any = None, params: Any = {}) -> Any:
        return self.fetch_funding_rates(symbols, params)

    def fetch_funding_interval(self, symbol: str, params: Any = {}) -> Any:
        return self.fetch_funding_rate(symbol, params)

    def fetch_open_interests(self, symbols: Any = None, params: Any = {}) -> Any:
        rows = self.fetch_prices(params)
        return self.parse_open_interests(rows, self.market_symbols(symbols))

    def fetch_open_interest(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        symbol = self.market(symbol)["symbol"]
        return self.the_one(self.fetch_open_interests([symbol], params), symbol)

    def fetch_mark_prices(self, symbols: Any = None, params: Any = {}) -> Any:
        tickers = [self.parse_mark_price(row) for row in self.fetch_prices(params)]
        return self.filter_by_array_tickers(tickers, "symbol", self.market_symbols(symbols))

    def fetch_mark_price(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        symbol = self.market(symbol)["symbol"]
        return self.the_one(self.fetch_mark_prices([symbol], params), symbol)

    def fetch_funding_rate_history(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.refuse_retired("fetchFundingRateHistory")
        self.load_markets()
        market = self.market(self.needed(symbol, "fetchFundingRateHistory"))
        in_time, params = self.handle_until(params, self.parse_funding_rate_history, market)
        answer = self.v1_public_get_futures_funding_rates(self.extend({"symbol": market["id"]}, params))
        rows = self.only(in_time, self.of_known_markets(self.transaction_rows(answer)))
        return self.parse_funding_rate_histories(rows, market, since, limit)

    def fetch_funding_history(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.refuse_retired("fetchFundingHistory")
        self.load_markets()
        market = None if symbol is None else self.market(symbol)
        in_time, params = self.handle_until(params, self.parse_income, market)
        request = {} if market is None else {"symbol": market["id"]}
        answer = self.v1_group_get_futures_funding_payments(self.extend(request, params))
        rows = self.only(in_time, self.of_known_markets(self.transaction_rows(answer)))
        payments = self.sort_by([self.parse_income(row) for row in rows], "timestamp")
        symbol = None if market is None else market["symbol"]
        return self.filter_by_symbol_since_limit(payments, symbol, since, limit)

    # -- money --------------------------------------------------------------------------------------

    def fetch_balance(self, params: Any = {}) -> Any:
        self.load_markets()
        kind, params = self.handle_option_and_params(params, "fetchBalance", "type", "swap")
        free_margin, params = self.handle_option_and_params(params, "fetchBalance", "freeMargin", True)
        if self.account_of(kind) == "cash":
            return self.parse_cash_balance(self.v1_group_get_cash_balance(params))
        positions = self.v2_group_get_futures_position(params)
        return self.parse_futures_balance(positions, self.ask_free_margin() if free_margin else None)

    def ask_free_margin(self) -> Any:
        if self.options["freeMarginMethod"] == "POST":
            return self.v2_group_post_futures_free_margin()
        return self.v2_group_get_futures_free_margin()

    def transfer(self, code: str, amount: Any, fromAccount: Any, toAccount: Any, params: Any = {}) -> Any:
        self.load_markets()
        target, request = self.transfer_request(code, amount, fromAccount, toAccount, params)
        if self.options["transferVersion"] == "v1":
            answer = self.v1_group_post_transfer(request)
        elif target == "futures":
            answer = self.v2_group_post_futures_transfer_deposit(request)
        else:
            answer = self.v2_group_post_futures_transfer_withdraw(request)
        done = self.placed(self.parse_transfer, answer, self.currency(code))
        return {**done, **self.transfer_asked_for(request, fromAccount, toAccount)}

    def fetch_deposit_addresses_by_network(self, code: str, params: Any = {}) -> Any:
        self.load_markets()
        asset = self.currency(code)["id"]
        answer = self.v1_private_get_wallet_deposit_address(self.extend({"asset": asset}, params))
        return self.index_by(self.parse_addresses(answer), "network")

    def fetch_deposit_address(self, code: str, params: Any = {}) -> Any:
        network, params = self.handle_network_code_and_params(params)
        found = self.fetch_deposit_addresses_by_network(code, params)
        if network is None and found:
            return next(iter(found.values()))
        if network not in found:
            raise BadRequest(f"{self.id} has no deposit address of {code} in the network {network}")
        return found[network]

    def fetch_deposits(self, code: Any = None, since: Any = None, limit: Any = None, params: Any = {}) -> Any:
        return self.fetch_wallet("deposit", code, since, limit, params)

    def fetch_withdrawals(
        self, code: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return self.fetch_wallet("withdrawal", code, since, limit, params)

    def fetch_deposits_withdrawals(
        self, code: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return self.fetch_wallet(None, code, since, limit, params)

    def fetch_wallet(self, kind: Any, code: Any, since: Any, limit: Any, params: Any) -> Any:
        self.load_markets()
        currency = None if code is None else self.currency(code)
        in_time, params = self.handle_until(params, self.parse_transaction, currency)
        request = {} if currency is None else {"asset": currency["id"]}
        if kind is not None:
            request["txType"] = kind
        rows = self.wallet_rows(self.extend(request, params), in_time, since, limit)
        return self.parse_transactions(rows, currency, since, limit)

    def wallet_rows(self, request: Any, in_time: Any, since: Any, limit: Any) -> list[dict[str, Any]]:
        """As many pages as `since`, `until` and `limit` ask for, or the one that the caller names."""
        rows: list[dict[str, Any]] = []
        one = "page" in request or (since is None and limit is None and in_time is None)
        while True:
            answer = self.v1_private_get_wallet_transactions(request)
            page = self.transaction_rows(answer)
            # What comes in meanwhile moves rows to the next page, where they are met again.
            new = [row for row in page if row not in rows]
            rows += new
            found = self.only(in_time, rows)
            if one or not new or not self.safe_bool(answer["data"], "hasNext", False):
                return found
            if self.reaches_back(page, since) or (since is None and len(found) >= (limit or len(page))):
                return found
            request = {**request, "page": request.get("page", 1) + 1}

    # -- positions ----------------------------------------------------------------------------------

    def fetch_positions(self, symbols: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        flat = self.safe_bool(params, "includeFlat", False)
        answer = self.v2_group_get_futures_position(self.omit(params, "includeFlat"))
        lacking = self.lacks_mark_price(self.position_rows(answer))
        prices = self.fetch_prices() if lacking else None
        positions = self.parse_position_list(answer, prices, flat)
        return self.filter_by_array(positions, "symbol", self.market_symbols(symbols), False)

    def fetch_position(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        symbol = self.market(symbol)["symbol"]
        found = self.fetch_positions([symbol], self.extend({"includeFlat": True}, params))
        return self.the_one(self.index_by(found, "symbol"), symbol)

    def fetch_positions_for_symbol(self, symbol: str, params: Any = {}) -> Any:
        return self.fetch_positions([symbol], params)

    def close_position(self, symbol: str, side: Any = None, params: Any = {}) -> Any:
        """Close it at the market. By the venue's default this cancels the open orders as well."""
        self.load_markets()
        market = self.market(symbol)
        answer = self.close_at_market({"symbol": market["id"]}, params)
        return self.safe_order({"symbol": market["symbol"], "info": answer}, market)

    def close_all_positions(self, params: Any = {}) -> Any:
        self.load_markets()
        return [{"info": self.close_at_market({}, params)}]  # it tells of no position

    def close_at_market(self, request: Any, params: Any) -> Any:
        request["cancelOpen"] = self.options["closePositionCancelOpen"]
        return self.done(self.v2_group_delete_futures_position_all(self.extend(request, params)))

    # -- leverage and margin ------------------------------------------------------------------------

    def fetch_leverages(self, symbols: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        rows = self.position_rows(self.v2_group_get_futures_position(params))
        return self.parse_leverages(rows, self.market_symbols(symbols), "symbol")

    def fetch_leverage(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        symbol = self.market(symbol)["symbol"]
        return self.the_one(self.fetch_leverages([symbol], params), symbol)

    def set_leverage(self, leverage: Any, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        request = self.leverage_request(leverage, symbol, params)
        data = self.record(self.data_of(self.v2_group_post_futures_leverage(request)))
        return self.parse_leverage(data, self.market(symbol))

    def fetch_margin_modes(self, symbols: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        rows = self.position_rows(self.v2_group_get_futures_position(params))
        return self.parse_margin_modes(rows, self.market_symbols(symbols), "symbol")

    def fetch_margin_mode(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        symbol = self.market(symbol)["symbol"]
        return self.the_one(self.fetch_margin_modes([symbol], params), symbol)

    def set_margin_mode(self, marginMode: str, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        request = self.mode_request(marginMode, symbol, params)
        answer = self.done(self.v2_group_post_futures_margin_type(request))
        return {"info": answer, "symbol": self.market(symbol)["symbol"], "marginMode": marginMode}

    def add_margin(self, symbol: str, amount: Any, params: Any = {}) -> Any:
        return self.change_margin(symbol, amount, True, params)

    def reduce_margin(self, symbol: str, amount: Any, params: Any = {}) -> Any:
        return self.change_margin(symbol, amount, False, params)

    def change_margin(self, symbol: str, amount: Any, adds: bool, params: Any) -> Any:
        self.load_markets()
        request = self.margin_request(symbol, amount, adds, params)
        answer = self.placed(self.done, self.v2_group_post_futures_isolated_position_margin(request))
        changed = self.parse_margin_modification(answer, self.market(symbol))
        amount = self.parse_number(self.money(amount, "addMargin"))
        return {**changed, "type": "add" if adds else "reduce", "amount": amount}

    # -- orders -------------------------------------------------------------------------------------

    def create_order(
        self, symbol: str, type: Any, side: Any, amount: Any, price: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        request = self.order_request(symbol, type, side, amount, price, params)
        self.remember_ids([request], self.load_account())
        answer = self.v2_group_post_futures_order(request)
        market = self.market(symbol)
        return self.placed(self.parse_new_order, answer, request, market, client_id=str(request["id"]))

    def create_orders(self, orders: Any, params: Any = {}) -> Any:
        """All or none of them: the venue takes a batch as a whole."""
        self.load_markets()
        request = self.batch_request(orders, params)
        self.remember_ids(request["orders"], self.load_account())
        answer = self.v2_group_post_futures_order_batch(request)
        ids = [str(order["id"]) for order in request["orders"]]
        return self.placed(self.parse_batch, answer, request["orders"], client_id=ids)

    def create_stop_loss_order(
        self,
        symbol: str,
        type: Any,
        side: Any,
        amount: Any,
        price: Any = None,
        stopLossPrice: Any = None,
        params: Any = {},
    ) -> Any:
        """A stop order of its own, which can only close a position."""
        request = self.stop_loss_params(stopLossPrice, params)
        return self.create_order(symbol, type, side, amount, price, request)

    def edit_order(
        self,
        id: str,
        symbol: str,
        type: Any,
        side: Any,
        amount: Any = None,
        price: Any = None,
        params: Any = {},
    ) -> Any:
        """Cancel, then place anew, unless the new order is known to be wrong."""
        self.load_markets()
        self.order_request(symbol, type, side, amount, price, params)
        old = self.cancel_order(id, symbol)
        acknowledged = old["status"] is None
        if acknowledged:
            old = self.fetch_order(old["id"], symbol)
        self.check_gone(old, acknowledged)
        return self.create_order(symbol, type, side, amount, price, params)

    def cancel_order(self, id: Any, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        if "clientOrderId" in params:
            self.load_account()
        request = self.cancel_request(id, symbol, params)
        return self.parse_cancel(self.v2_group_delete_futures_order(request), self.market(symbol))

    def cancel_order_with_client_order_id(
        self, clientOrderId: str, symbol: Any = None, params: Any = {}
    ) -> Any:
        return self.cancel_order("", symbol, self.extend(params, {"clientOrderId": clientOrderId}))

    def cancel_orders(self, ids: Any, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        self.check_batch(ids, "cancelOrders")
        orders = [self.cancel_item(id, symbol) for id in ids]
        request = self.extend({"orders": orders}, params)
        answer = self.v2_group_delete_futures_order_batch(request)
        return self.parse_canceled_batch(answer, self.market(symbol))

    def cancel_all_orders(self, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = None if symbol is None else self.market(symbol)
        request = {} if market is None else {"symbol": market["id"]}
        answer = self.done(self.v2_group_delete_futures_order_all(self.extend(request, params)))
        return [self.safe_order({"symbol": self.safe_string(market, "symbol"), "info": answer}, market)]

    def fetch_order(self, id: Any, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = None if symbol is None else self.market(symbol)
        found = self.one_row(id, params)
        order = self.parse_order(found[0], market)
        client_id = self.safe_string(params, "clientOrderId")
        return order if client_id is None else {**order, "clientOrderId": client_id}

    def fetch_order_with_client_order_id(
        self, clientOrderId: str, symbol: Any = None, params: Any = {}
    ) -> Any:
        return self.fetch_order("", symbol, self.extend(params, {"clientOrderId": clientOrderId}))

    def one_row(self, id: Any, params: Any) -> list[dict[str, Any]]:
        """The order of this id, in a list."""
        if "clientOrderId" in params:
            self.load_account()
        id = self.given_id(id, params)
        found = self.status_rows([id], self.omit(params, list(NAMING_PARAMS)))
        if not found:
            raise OrderNotFound(f"{self.id} does not know the order {id}")
        return found

    def status_rows(self, ids: Sequence[str], params: Any) -> list[dict[str, Any]]:
        """The orders of these ids that the venue knows."""
        # The comma at the end asks for a list, however many there are.
        request = {"orderId": ",".join(ids) + ","}
        answer = self.record(self.v2_group_get_futures_order_status(self.extend(request, params)))
        if answer.get("data") in (None, {}, []):
            self.done(answer)
            return []
        data = self.data_of(answer)
        return self.rows([data] if isinstance(data, dict) else data)

    def fetch_order_trades(
        self, id: Any, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        market = None if symbol is None else self.market(symbol)
        in_time, params = self.handle_until(params, self.parse_trade, market)
        found = self.one_row(id, params)
        return self.parse_trades(self.only(in_time, self.executed(found)), market, since, limit)

    def fetch_open_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        market = None if symbol is None else self.market(symbol)
        in_time, params = self.handle_until(params, self.parse_order, market)
        rows = self.only(in_time, self.open_rows(market, params))
        return self.parse_orders(rows, market, since, limit)

    def open_rows(self, market: Any, params: Any) -> list[dict[str, Any]]:
        request = {} if market is None else {"symbol": market["id"]}
        posts = self.options["openOrdersMethod"] == "POST"
        endpoint = self.v2_group_post_futures_order_open if posts else self.v2_group_get_futures_order_open
        return self.rows(self.data_of(endpoint(self.extend(request, params))))

    def history_rows(
        self, market: Any, since: Any, params: Any, executed: bool = False
    ) -> list[dict[str, Any]]:
        """The orders that have ended, as far as the venue remembers them."""
        request = {} if market is None else {"symbol": market["id"]}
        paginate, params = self.handle_option_and_params(params, "fetchClosedOrders", "paginate", False)
        if self.options["orderHistory"] == "hist":
            request["account"] = "futures"
            return self.long_history(request, since, paginate, params)
        request["n"] = self.options["orderHistoryCount"]
        if executed:
            request["executedOnly"] = True
        params = self.omit(params, "until")
        return self.rows(
            self.data_of(self.v2_group_get_futures_order_hist_current(self.extend(request, params)))
        )

    def long_history(self, request: Any, since: Any, paginate: Any, params: Any) -> list[dict[str, Any]]:
        request["limit"] = LONGEST_HISTORY_PAGE
        if since is not None:
            request["startTime"] = since
        until = self.safe_integer(params, "until")
        if until is not None:
            request["endTime"] = until
        params = self.omit(params, "until")
        rows: list[dict[str, Any]] = []
        while True:
            page = self.rows(self.data_of(self.v2_group_get_order_hist(self.extend(request, params))))
            rows += page
            numbers = [number for number in (self.whole(row, "seqNum") for row in page) if number is not None]
            if not paginate or since is None or len(page) < request["limit"] or not numbers:
                return rows
            request = {**self.omit(request, "startTime"), "seqNum": max(numbers) + 1}

    def fetch_closed_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return self.fetch_ended(("closed",), symbol, since, limit, params)

    def fetch_canceled_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return self.fetch_ended(("canceled", "rejected"), symbol, since, limit, params)

    def fetch_canceled_and_closed_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return self.fetch_ended(("closed", "canceled", "rejected"), symbol, since, limit, params)

    def fetch_ended(self, statuses: tuple[str, ...], symbol: Any, since: Any, limit: Any, params: Any) -> Any:
        self.load_markets()
        market = None if symbol is None else self.market(symbol)
        rows = self.history_rows(market, since, params)
        in_time, _ = self.handle_until(params, self.parse_order, market)
        rows = self.only(in_time, [row for row in rows if self.status_of(row) in statuses])
        return self.parse_orders(rows, market, since, limit)

    def fetch_orders(self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = None if symbol is None else self.market(symbol)
        ids = self.safe_list(params, "ids")
        if ids is not None:
            rows = self.status_rows(ids, self.omit(params, "ids"))
        else:
            # The open ones first: who ends meanwhile is in the other list, and the later answer is right.
            both = self.open_rows(market, self.omit(params, ["until", "paginate"]))
            both = both + self.history_rows(market, since, params)
            rows = list({self.required(row, "orderId"): row for row in both}.values())
        in_time, _ = self.handle_until(params, self.parse_order, market)
        return self.parse_orders(self.only(in_time, rows), market, since, limit)

    def fetch_my_trades(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        """One for each order that has ended with fills: the venue does not list fills."""
        self.load_markets()
        market = None if symbol is None else self.market(symbol)
        rows = self.executed(self.history_rows(market, since, params, executed=True))
        in_time, _ = self.handle_until(params, self.parse_trade, market)
        return self.parse_trades(self.only(in_time, rows), market, since, limit)
