# Generated from rest_account.py by scripts/generate.py. Do not edit.
"""What BitMax's class asks of the account's money and positions, and tells it to do with them, over REST."""

from typing import Any

from ccxt.base.errors import BadRequest, NotSupported

from ccxt_ext.venue.answers import reading, windows
from ccxt_ext.venue.answers.paging import Turning
from ccxt_ext.venue.orders import outcomes
from ccxt_ext.venues.bitmaxfutures.rest_markets_sync import SyncMarketCalls


class SyncAccountCalls(SyncMarketCalls):
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
        done = outcomes.placed(self, self.parse_transfer, answer, self.currency(code))
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
        in_time, params = windows.handle_until(self, params, self.parse_transaction, currency)
        request = {} if currency is None else {"asset": currency["id"]}
        if kind is not None:
            request["txType"] = kind
        everything, params = self.handle_option_and_params(params, "fetchDeposits", "paginate", False)
        rows = self.wallet_rows(self.extend(request, params), in_time, since, limit, everything)
        return self.parse_transactions(rows, currency, since, limit)

    def wallet_rows(
        self, request: Any, in_time: Any, since: Any, limit: Any, everything: bool
    ) -> list[dict[str, Any]]:
        """As many pages as `since`, `until` and `limit` ask for, or the one that the caller names."""
        rows: dict[Any, dict[str, Any]] = {}
        moved, turning = False, Turning()
        asks = everything or not (since is None and limit is None and in_time is None)
        one = "page" in request or not asks
        while True:
            page, has_next = self.wallet_page(request)
            # What comes in meanwhile moves rows to the next page, where they are met again; it is on page 1.
            moved = moved or any(key in rows for key in page)
            leads_on = turning.leads_on(not page.keys() <= rows.keys())
            rows.update(page)
            found = windows.only(self, in_time, list(rows.values()))
            enough = since is None and not everything and len(found) >= (limit or len(page))
            if one or not leads_on or not has_next or enough or self.reaches_back(list(page.values()), since):
                break
            request = {**request, "page": request.get("page", 1) + 1}
        request = {**request, "page": 1}
        while moved:
            page, _ = self.wallet_page(request)
            moved = bool(page) and rows.keys().isdisjoint(page)
            rows.update(page)
            request["page"] += 1
        return windows.only(self, in_time, list(rows.values()))

    def wallet_page(self, request: Any) -> tuple[dict[Any, dict[str, Any]], bool]:
        """Its rows by what tells them from others, and whether another one follows."""
        answer = self.v1_private_get_wallet_transactions(request)
        rows = {self.transaction_key(row): row for row in self.transaction_rows(answer)}
        return rows, bool(self.safe_bool(answer["data"], "hasNext", False))

    # -- positions ----------------------------------------------------------------------------------

    def fetch_positions(self, symbols: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        flat = self.safe_bool(params, "includeFlat", False)
        answer = self.v2_group_get_futures_position(self.omit(params, "includeFlat"))
        self.listed(reading.rows(self, self.data_of(answer), "contracts"))
        prices = None
        if self.lacks_mark_price(self.position_rows(answer)):
            told = self.v2_public_get_futures_pricing_data()
            prices = reading.rows(self, self.data_of(told), "contracts")
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
        answer = self.v2_group_delete_futures_position_all(self.extend(request, params))
        return outcomes.carried_out(self, self.done, answer)

    # -- leverage and margin ------------------------------------------------------------------------

    def fetch_leverages(self, symbols: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        rows = self.contract_rows(self.v2_group_get_futures_position(params))
        return self.parse_leverages(rows, self.market_symbols(symbols), "symbol")

    def fetch_leverage(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        symbol = self.market(symbol)["symbol"]
        return self.the_one(self.fetch_leverages([symbol], params), symbol)

    def set_leverage(self, leverage: Any, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        request = self.leverage_request(leverage, symbol, params)
        answer = self.v2_group_post_futures_leverage(request)
        return outcomes.carried_out(self, self.parse_leverage_set, answer, self.market(symbol))

    def fetch_margin_modes(self, symbols: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        rows = self.contract_rows(self.v2_group_get_futures_position(params))
        return self.parse_margin_modes(rows, self.market_symbols(symbols), "symbol")

    def fetch_margin_mode(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        symbol = self.market(symbol)["symbol"]
        return self.the_one(self.fetch_margin_modes([symbol], params), symbol)

    def set_margin_mode(self, marginMode: str, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        request = self.mode_request(marginMode, symbol, params)
        answer = outcomes.carried_out(self, self.done, self.v2_group_post_futures_margin_type(request))
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
        return self.change_margin(symbol, amount, True, params)

    def reduce_margin(self, symbol: str, amount: Any, params: Any = {}) -> Any:
        return self.change_margin(symbol, amount, False, params)

    def change_margin(self, symbol: str, amount: Any, adds: bool, params: Any) -> Any:
        self.load_markets()
        request = self.margin_request(symbol, amount, adds, params)
        answer = outcomes.placed(
            self, self.done, self.v2_group_post_futures_isolated_position_margin(request)
        )
        changed = self.parse_margin_modification(answer, self.market(symbol))
        amount = self.parse_number(self.money(amount, "addMargin"))
        return {**changed, "type": "add" if adds else "reduce", "amount": amount}
