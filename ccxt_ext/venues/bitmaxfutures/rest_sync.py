# Generated from rest.py by `ccxt-ext twins`. Do not edit.
"""BitMax Futures Pro v2 over REST."""

from functools import partial
from typing import Any

from ccxt.base.errors import BadRequest, NotSupported

from ccxt_ext.venue.answers import until_filter
from ccxt_ext.venue.orders import outcomes
from ccxt_ext.venue.surface.compat import section
from ccxt_ext.venues.bitmaxfutures import (
    accounts,
    answers,
    funds,
    margins,
    order_answers,
    order_fills,
    order_requests,
    order_rows,
    positions,
    rest_accounts_sync,
    rest_edits_sync,
    rest_funds_sync,
    rest_history_sync,
    rest_new_markets_sync,
    rest_order_rows_sync,
    rest_placing_sync,
    rest_positions_sync,
    sending,
)
from ccxt_ext.venues.bitmaxfutures.rest_markets_sync import SyncMarketCalls


class bitmaxfutures(SyncMarketCalls):
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
            rest_accounts_sync.load_account(self)
        if "clientId" not in config:
            return super().request(path, api, method, params, *args, config=config)
        with sending.placing(self, [str(order["id"]) for order in sending.orders_in(params)]):
            return super().request(path, api, method, params, *args, config=config)

    def fetch_accounts(self, params: Any = {}) -> Any:
        return accounts.parse_account_list(self, self.v2_private_get_account_info(params))

    # -- orders -------------------------------------------------------------------------------------

    def create_order(
        self, symbol: str, type: Any, side: Any, amount: Any, price: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        looks, params = self.handle_option_and_params(params, "createOrder", "lookUp")
        request = rest_placing_sync.request_for_order(self, symbol, type, side, amount, price, params)
        answer = self.v2_group_post_futures_order(request)
        market = self.market(symbol)
        order = outcomes.parse_order_answer(
            self,
            partial(order_answers.parse_new_order, self),
            answer,
            request,
            market,
            client_id=str(request["id"]),
        )
        return (rest_placing_sync.looked_up(self, [order], looks))[0]

    def create_orders(self, orders: Any, params: Any = {}) -> Any:
        """All or none of them: the venue takes a batch as a whole."""
        self.load_markets()
        looks, params = self.handle_option_and_params(params, "createOrders", "lookUp")
        may_trigger, params = self.handle_option_and_params(params, "createOrder", "immediateTrigger")
        request = order_requests.batch_request(self, orders, params)
        rest_placing_sync.check_triggers(self, [] if may_trigger else request["orders"])
        answer = self.v2_group_post_futures_order_batch(request)
        ids = [str(order["id"]) for order in request["orders"]]
        placed = outcomes.parse_order_answer(
            self, partial(order_answers.parse_batch, self), answer, request["orders"], client_id=ids
        )
        return rest_placing_sync.looked_up(self, placed, looks)

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
        request = order_requests.stop_loss_params(self, stopLossPrice, params)
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
        """Cancel, then place what is left, unless the new order is known to be wrong."""
        old, edit = rest_edits_sync.to_edit(self, id, symbol, type, side, amount, price, params)
        gone = rest_edits_sync.to_be_replaced(old, self.cancel_order)
        if gone["status"] not in ("canceled", "closed") or gone["filled"] is None:
            gone = rest_edits_sync.order_after_cancel(self, old)
        return rest_edits_sync.replaced(self, gone, edit, self.create_order)

    def cancel_order(self, id: Any, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        if "clientOrderId" in params:
            rest_accounts_sync.load_account(self)
        request = order_requests.cancel_request(self, id, symbol, params)
        answer = self.v2_group_delete_futures_order(request)
        return outcomes.parse_cancel_answer(
            self,
            partial(order_answers.parse_cancel, self),
            answer,
            self.market(symbol),
            client_id=request.get("id"),
            order_id=request["orderId"],
        )

    def cancel_order_with_client_order_id(
        self, clientOrderId: str, symbol: Any = None, params: Any = {}
    ) -> Any:
        return self.cancel_order("", symbol, self.extend(params, {"clientOrderId": clientOrderId}))

    def cancel_orders(self, ids: Any, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        order_requests.check_batch(self, ids, "cancelOrders")
        orders = [order_requests.cancel_item(self, id, symbol) for id in ids]
        request = self.extend({"orders": orders}, params)
        answer = self.v2_group_delete_futures_order_batch(request)
        ids = [order["orderId"] for order in orders]
        return outcomes.parse_cancel_answer(
            self, partial(order_answers.parse_canceled_batch, self), answer, self.market(symbol), order_id=ids
        )

    def cancel_all_orders(self, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = None if symbol is None else self.market(symbol)
        request = {} if market is None else {"symbol": market["id"]}
        answer = self.v2_group_delete_futures_order_all(self.extend(request, params))
        outcomes.parse_cancel_answer(self, partial(answers.acknowledged, self), answer)
        return [self.safe_order({"symbol": self.safe_string(market, "symbol"), "info": answer}, market)]

    def fetch_order(self, id: Any, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = None if symbol is None else self.market(symbol)
        found = rest_order_rows_sync.one_row(self, id, params)
        order = self.parse_order(found[0], market)
        client_id = self.safe_string(params, "clientOrderId")
        return order if client_id is None or sending.is_given(id) else {**order, "clientOrderId": client_id}

    def fetch_order_with_client_order_id(
        self, clientOrderId: str, symbol: Any = None, params: Any = {}
    ) -> Any:
        return self.fetch_order("", symbol, self.extend(params, {"clientOrderId": clientOrderId}))

    def fetch_order_trades(
        self, id: Any, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        market = None if symbol is None else self.market(symbol)
        in_time, params = until_filter.handle_until(self, params, lambda trade, _: trade, market)
        rows = rest_order_rows_sync.one_row(self, id, params)
        found = until_filter.apply(in_time, order_fills.fills_of(self, rows, market))
        return self.filter_by_symbol_since_limit(found, self.safe_string(market, "symbol"), since, limit)

    def fetch_open_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        market = None if symbol is None else self.market(symbol)
        in_time, params = until_filter.handle_until(self, params, self.parse_order, market)
        rows = until_filter.apply(in_time, rest_order_rows_sync.open_rows(self, market, params))
        return self.parse_orders(rows, market, since, limit)

    def fetch_closed_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return rest_history_sync.fetch_ended_orders(self, ("closed",), symbol, since, limit, params)

    def fetch_canceled_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return rest_history_sync.fetch_ended_orders(
            self, ("canceled", "rejected"), symbol, since, limit, params
        )

    def fetch_canceled_and_closed_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return rest_history_sync.fetch_ended_orders(
            self, ("closed", "canceled", "rejected"), symbol, since, limit, params
        )

    def fetch_orders(self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = None if symbol is None else self.market(symbol)
        in_time, _ = until_filter.handle_until(self, params, self.parse_order, market)
        ids = self.safe_list(params, "ids")
        if ids is not None:
            rows = rest_order_rows_sync.status_rows(self, ids, self.omit(params, "ids"))
        else:
            rows = rest_order_rows_sync.open_and_ended(self, market, since, limit, params, in_time)
        return self.parse_orders(until_filter.apply(in_time, rows), market, since, limit)

    def fetch_my_trades(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        """Fills as far as they can be told apart: the venue does not list them."""
        self.load_markets()
        market = None if symbol is None else self.market(symbol)
        in_time, _ = until_filter.handle_until(self, params, lambda trade, _: trade, market)

        def wanted(row: dict[str, Any]) -> bool:
            return bool(order_rows.executed(self, [row])) and (
                in_time is None or any(map(in_time, order_fills.fills_of(self, [row], market)))
            )

        # Orders come by when they were placed, and not by when they were filled.
        most = limit if since is None else None
        rows = rest_order_rows_sync.open_and_ended(self, market, since, most, params, wanted, executed=True)
        found = until_filter.apply(in_time, order_fills.fills_of(self, rows, market))
        return self.filter_by_symbol_since_limit(found, self.safe_string(market, "symbol"), since, limit)

    # -- money --------------------------------------------------------------------------------------

    def fetch_balance(self, params: Any = {}) -> Any:
        self.load_markets()
        kind, params = self.handle_option_and_params(params, "fetchBalance", "type", "swap")
        free_margin, params = self.handle_option_and_params(params, "fetchBalance", "freeMargin", True)
        isolated, params = self.handle_option_and_params(params, "fetchBalance", "isolatedMargin", False)
        if funds.account_of(self, kind) == "cash":
            return funds.cash_balance(self, self.v1_group_get_cash_balance(params))
        held = self.v2_group_get_futures_position(params)
        free = rest_funds_sync.free_margin(self) if free_margin else None
        balance = funds.futures_balance(self, held, free)
        return funds.with_isolated_margin(self, balance, held) if isolated else balance

    def transfer(self, code: str, amount: Any, fromAccount: Any, toAccount: Any, params: Any = {}) -> Any:
        self.load_markets()
        target, request = funds.transfer_request(self, code, amount, fromAccount, toAccount, params)
        if self.options["transferVersion"] == "v1":
            answer = self.v1_group_post_transfer(request)
        elif target == "futures":
            answer = self.v2_group_post_futures_transfer_deposit(request)
        else:
            answer = self.v2_group_post_futures_transfer_withdraw(request)
        done = outcomes.parse_order_answer(self, self.parse_transfer, answer, self.currency(code))
        return {**done, **funds.transfer_asked_for(self, request, fromAccount, toAccount)}

    def fetch_deposit_addresses_by_network(self, code: str, params: Any = {}) -> Any:
        self.load_markets()
        asset = self.currency(code)["id"]
        answer = self.v1_private_get_wallet_deposit_address(self.extend({"asset": asset}, params))
        return self.index_by(funds.deposit_addresses(self, answer), "network")

    def fetch_deposit_address(self, code: str, params: Any = {}) -> Any:
        network, params = self.handle_network_code_and_params(params)
        found = self.fetch_deposit_addresses_by_network(code, params)
        if network is None and found:
            return next(iter(found.values()))
        if network not in found:
            raise BadRequest(f"{self.id} has no deposit address of {code} in the network {network}")
        return found[network]

    def fetch_deposits(self, code: Any = None, since: Any = None, limit: Any = None, params: Any = {}) -> Any:
        return rest_funds_sync.fetch_transactions(self, "deposit", code, since, limit, params)

    def fetch_withdrawals(
        self, code: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return rest_funds_sync.fetch_transactions(self, "withdrawal", code, since, limit, params)

    def fetch_deposits_withdrawals(
        self, code: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return rest_funds_sync.fetch_transactions(self, None, code, since, limit, params)

    # -- positions ----------------------------------------------------------------------------------

    def fetch_positions(self, symbols: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        flat = self.safe_bool(params, "includeFlat", False)
        answer = self.v2_group_get_futures_position(self.omit(params, "includeFlat"))
        rest_new_markets_sync.listed_rows(self, answers.rows_of(self, answer, "contracts"))
        prices = None
        if positions.lacks_mark_price(self, positions.open_or_listed(self, answer)):
            told = self.v2_public_get_futures_pricing_data()
            prices = answers.rows_of(self, told, "contracts")
        found = positions.position_list(self, answer, prices, flat)
        return self.filter_by_array(found, "symbol", self.market_symbols(symbols), False)

    def fetch_position(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        symbol = self.market(symbol)["symbol"]
        found = self.fetch_positions([symbol], self.extend({"includeFlat": True}, params))
        return answers.of_symbol(self, self.index_by(found, "symbol"), symbol)

    def fetch_positions_for_symbol(self, symbol: str, params: Any = {}) -> Any:
        return self.fetch_positions([symbol], params)

    def close_position(self, symbol: str, side: Any = None, params: Any = {}) -> Any:
        """Close it at the market. By the venue's default this cancels the open orders as well."""
        self.load_markets()
        market = self.market(symbol)
        answer = rest_positions_sync.close_at_market(self, {"symbol": market["id"]}, params)
        return self.safe_order({"symbol": market["symbol"], "info": answer}, market)

    def close_all_positions(self, params: Any = {}) -> Any:
        self.load_markets()
        return [{"info": rest_positions_sync.close_at_market(self, {}, params)}]  # it tells of no position

    # -- leverage and margin ------------------------------------------------------------------------

    def fetch_leverages(self, symbols: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        rows = positions.listed_contracts(self, self.v2_group_get_futures_position(params))
        return self.parse_leverages(rows, self.market_symbols(symbols), "symbol")

    def fetch_leverage(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        symbol = self.market(symbol)["symbol"]
        return answers.of_symbol(self, self.fetch_leverages([symbol], params), symbol)

    def set_leverage(self, leverage: Any, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        request = margins.leverage_request(self, leverage, symbol, params)
        answer = self.v2_group_post_futures_leverage(request)
        return outcomes.parse_change_answer(
            self, partial(margins.leverage_set, self), answer, self.market(symbol)
        )

    def fetch_margin_modes(self, symbols: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        rows = positions.listed_contracts(self, self.v2_group_get_futures_position(params))
        return self.parse_margin_modes(rows, self.market_symbols(symbols), "symbol")

    def fetch_margin_mode(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        symbol = self.market(symbol)["symbol"]
        return answers.of_symbol(self, self.fetch_margin_modes([symbol], params), symbol)

    def set_margin_mode(self, marginMode: str, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        request = margins.mode_request(self, marginMode, symbol, params)
        answer = outcomes.parse_change_answer(
            self, partial(answers.acknowledged, self), self.v2_group_post_futures_margin_type(request)
        )
        return {"info": answer, "symbol": self.market(symbol)["symbol"], "marginMode": marginMode}

    def fetch_position_mode(self, symbol: Any = None, params: Any = {}) -> Any:
        """There is one mode, a position a contract; nothing is sent."""
        self.load_markets()
        if symbol is not None:
            self.market(symbol)
        return {"info": {}, "hedged": False}

    def set_position_mode(self, hedged: bool, symbol: Any = None, params: Any = {}) -> Any:
        if hedged:
            raise NotSupported(f"{self.id} setPositionMode() has one position a contract: none are hedged")
        return self.fetch_position_mode(symbol, params)

    def add_margin(self, symbol: str, amount: Any, params: Any = {}) -> Any:
        return rest_positions_sync.change_margin(self, symbol, amount, True, params)

    def reduce_margin(self, symbol: str, amount: Any, params: Any = {}) -> Any:
        return rest_positions_sync.change_margin(self, symbol, amount, False, params)
