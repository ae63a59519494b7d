"""bitexbit over REST: v1 where v1 has it, v2 for what v1 lacks, the gateway for addresses and withdrawals."""

from collections.abc import Callable
from typing import Any

from ccxt.base.errors import (
    ArgumentsRequired,
    BadRequest,
    BaseError,
    ExchangeError,
    OperationRejected,
    OrderNotFound,
)

from ccxt_ext.base.rest_client import AsyncRestClient
from ccxt_ext.venues.bitexbit.columns import Columns
from ccxt_ext.venues.bitexbit.metadata import CANDLES, V1_ORDERS, V2_PAGE
from ccxt_ext.venues.bitexbit.protocol import NumberText, Protocol

MOST_TICKERS = 5
# Rows of a page of v1's trades by default. No most is told, so that a longer page may be a full one.
SURE_PAGE = 100
V2_CANDLES = 1000
V2_DEPTH = 50

# status: the filter's value of v1 and of v2
FILTERS = {"open": (1, "active"), "canceled": (2, "canceled"), "closed": (3, "done")}


class bitexbit(Columns, Protocol, AsyncRestClient):
    # -- markets ------------------------------------------------------------------------------------

    async def fetch_markets(self, params: Any = {}) -> Any:
        api, params = self.chosen("fetchMarkets", params)
        if api == "v2":
            return self.parse_markets(self.rows(await self.v2_public_get_pairs(params)))
        rows = self.rows(await self.v1_public_get_pairs(params))
        if api == "merge":
            rows = self.merged(rows, "name", self.rows(await self.v2_public_get_pairs()), "symbol")
        return self.parse_markets(rows)

    async def fetch_currencies(self, params: Any = {}) -> Any:
        api, params = self.chosen("fetchCurrencies", params)
        networks, params = self.handle_option_and_params(params, "fetchCurrencies", "networks", False)
        if api == "v2":
            rows = self.rows(await self.v2_public_get_currencies(params))
        else:
            rows = self.rows(await self.v1_public_get_currencies(params))
        if api == "merge":
            more = self.rows(await self.v2_public_get_currencies())
            rows = self.merged(rows, "short_name", more, "code")
        if networks:
            methods = self.rows(await self.gateway_get_payment_methods())
            for row in rows:
                ids = (row.get("code"), row.get("short_name"))
                row["methods"] = [method for method in methods if method.get("ticker") in ids]
        return self.index_by([self.parse_currency(row) for row in rows], "code")

    # -- public data --------------------------------------------------------------------------------

    async def fetch_ticker(self, symbol: str, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        answer = await self.v2_public_get_tickers(self.extend({"symbols": market["id"]}, params))
        row = next((row for row in self.rows(answer) if row.get("symbol") == market["id"]), None)
        return self.parse_ticker(self.record(row), market)

    async def fetch_tickers(self, symbols: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        symbols = self.market_symbols(symbols)
        request = {}
        if symbols and len(symbols) <= MOST_TICKERS:
            request["symbols"] = ",".join(self.market_ids(symbols))
        answer = await self.v2_public_get_tickers(self.extend(request, params))
        return self.parse_tickers(self.rows(answer), symbols)

    async def fetch_bids_asks(self, symbols: Any = None, params: Any = {}) -> Any:
        return await self.fetch_tickers(symbols, params)

    async def fetch_order_book(self, symbol: str, limit: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        api, params = self.chosen("fetchOrderBook", params)
        if api == "v2":
            request = {"symbol": market["id"]}
            if limit is not None:
                request["limit"] = min(limit, V2_DEPTH)
            return self.parse_book(
                await self.v2_public_get_depth(self.extend(request, params)), market["symbol"], limit
            )
        return await self.v1_book(market, 1, limit, params)

    async def fetch_l3_order_book(self, symbol: str, limit: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        return await self.v1_book(self.market(symbol), 0, limit, params)

    async def v1_book(self, market: Any, group: int, limit: Any, params: Any) -> Any:
        request = {"pair": market["id"], "group": group}
        if limit is not None:
            request.update(dict.fromkeys(self.options["v1OrderBookLimitParams"], limit))
        answer = await self.v1_public_get_orderbook_pair(self.extend(request, params))
        return self.parse_book(answer, market["symbol"], limit, by_id=not group)

    async def fetch_trades(self, symbol: str, since: Any = None, limit: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        api, params = self.chosen("fetchTrades", params)
        endpoint = self.v2_public_get_trades if api == "v2" else self.v1_public_get_exchanges
        rows = await self.fetch_trade_rows("fetchTrades", api, endpoint, market, since, limit, params)
        return self.parse_trades(rows, market, since, limit)

    async def fetch_ohlcv(
        self, symbol: str, timeframe: str = "1m", since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        api, params = self.chosen("fetchOHLCV", params)
        most = V2_CANDLES if api == "v2" else CANDLES
        paginate, params = self.handle_option_and_params(params, "fetchOHLCV", "paginate", False)
        if paginate:
            params = self.extend(params, {"method": api})
            return await self.fetch_paginated_call_deterministic(
                "fetchOHLCV", symbol, since, limit, timeframe, params, most
            )
        steps = self.options["timeframesV2"] if api == "v2" else self.timeframes
        if timeframe not in steps:
            raise BadRequest(f"{self.id} has no timeframe {timeframe!r} on {api}")
        until = self.safe_integer(params, "until")
        unit = self.options["v2OhlcvTimeUnit" if api == "v2" else "chartsTimeUnit"]
        request = self.ohlcv_request(market, steps[timeframe], since, limit, until, unit == "s", most)
        request = self.extend(request, self.omit(params, "until"))
        if api == "v2":
            request.update({"symbol": market["id"], "timeframe": steps[timeframe]})
            answer = await self.v2_public_get_ohlcv(request)
        else:
            request.update({"pair": market["id"], "type": steps[timeframe]})
            answer = await self.charts_get_pair_type_chart(request)
        return self.parse_ohlcvs(self.candle_rows(answer), market, timeframe, since, limit)

    # -- orders -------------------------------------------------------------------------------------

    async def create_order(
        self, symbol: str, type: Any, side: Any, amount: Any, price: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        api, params = self.chosen("createOrder", params)
        request = self.order_request(symbol, type, side, amount, price, params)
        if api == "v1":
            answer, parse = await self.v1_private_post_order(request), self.parse_new_v1_order
        else:
            named = {
                "symbol": request["pair"],
                "type": f"{side}-limit",
                "price": request["price"],
                "amount": request["amount"],
            }
            rest = self.omit(request, ["pair", "type", "price", "amount"])
            answer = await self.v2_private_post_order_create(self.extend(named, rest))
            parse = self.parse_new_v2_order
        return self.placed(parse, answer, request, order_id=self.new_order_id(answer))

    async def cancel_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.optional_market(symbol)
        api, params = self.chosen("cancelOrder", params)
        id = self.required_id(id, "cancelOrder")
        try:
            if api == "v2":
                answer = await self.v2_private_post_order_id_cancel(self.extend({"id": id}, params))
            else:
                answer = await self.v1_private_post_order_cancel(self.extend({"order": id}, params))
        except (BadRequest, ExchangeError) as error:
            if type(error) not in (BadRequest, ExchangeError):
                raise
            raise await self.why_not_canceled(error, id, symbol) from error
        parse = self.parse_canceled_v2_order if api == "v2" else self.parse_canceled_v1_order
        return self.canceled(parse, answer, id, market, order_id=id)

    async def why_not_canceled(self, refusal: BaseError, id: str, symbol: Any) -> BaseError:
        """What a refusal in unknown words means: of an order that has ended or never was, the venue answers
        with an error as well, whose text it does not document."""
        try:
            order = await self.fetch_order(id, symbol)
        except OrderNotFound:
            return OrderNotFound(str(refusal))
        except BaseError:
            return refusal
        if order["status"] in (None, "open"):
            return OperationRejected(f"{refusal} - the order is open")
        return OrderNotFound(f"{refusal} - the order is {order['status']}")

    async def cancel_all_orders(self, symbol: Any = None, params: Any = {}) -> Any:
        return await self.cancel_open_orders(symbol, params, V1_ORDERS)

    async def fetch_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.optional_market(symbol)
        api, params = self.chosen("fetchOrder", params)
        id = self.required_id(id, "fetchOrder")
        if api == "v1":
            answer = await self.v1_private_get_order_id(self.extend({"id": id}, params))
            return self.parse_order(self.record(answer), market)
        request = self.around(id)
        if market is not None:
            request["symbol"] = market["id"]
        rows = self.rows(await self.v2_private_get_orders(self.extend(request, params)))
        row = next((row for row in rows if self.safe_string(row, "id") == id), None)
        if row is None:
            raise OrderNotFound(f"{self.id} has no order {id}")
        return self.parse_order(row, market)

    async def fetch_open_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return await self.fetch_orders_with("fetchOpenOrders", ("open",), symbol, since, limit, params)

    async def fetch_closed_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return await self.fetch_orders_with("fetchClosedOrders", ("closed",), symbol, since, limit, params)

    async def fetch_canceled_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return await self.fetch_orders_with(
            "fetchCanceledOrders", ("canceled",), symbol, since, limit, params
        )

    async def fetch_canceled_and_closed_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        name = "fetchCanceledAndClosedOrders"
        return await self.fetch_orders_with(name, ("canceled", "closed"), symbol, since, limit, params)

    async def fetch_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        statuses = ("open", "canceled", "closed")
        return await self.fetch_orders_with("fetchOrders", statuses, symbol, since, limit, params)

    async def fetch_orders_with(
        self, name: str, statuses: tuple[str, ...], symbol: Any, since: Any, limit: Any, params: Any
    ) -> Any:
        await self.load_markets()
        market = self.optional_market(symbol)
        api, params = self.chosen(name, params)
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
            rows = self.rows(await self.v1_private_get_orders_own(request))
            rows = sorted(rows, key=self.id_number)
            since = None
        else:
            # Whoever asks for the open orders wants them all: one that is not shown is not cancelled.
            all_open = statuses == ("open",) and limit is None
            everything = paginate or since is not None or all_open or len(statuses) == 2
            rows = await self.fetch_v2_pages(
                self.v2_private_get_orders, request, since, limit, everything, params
            )
            rows = self.only(self.handle_until(params, self.parse_order, market)[0], rows)
        orders = self.parse_orders(rows, market)
        orders = [order for order in orders if order["status"] in (None, *statuses)]
        return self.filter_by_since_limit(orders, since, limit)

    # -- trades -------------------------------------------------------------------------------------

    async def fetch_my_trades(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = self.optional_market(symbol)
        api, params = self.chosen("fetchMyTrades", params)
        endpoint = self.v2_private_get_trades if api == "v2" else self.v1_private_get_exchanges_own
        rows = await self.fetch_trade_rows("fetchMyTrades", api, endpoint, market, since, limit, params)
        return self.parse_trades(rows, market, since, limit)

    async def fetch_order_trades(
        self, id: str, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = self.optional_market(symbol)
        in_time, params = self.handle_until(params, self.parse_trade, market)
        rows = self.rows(await self.v2_private_get_orders_id_trades(self.extend({"id": id}, params)))
        return self.parse_trades(self.only(in_time, rows), market, since, limit, {"order": str(id)})

    async def fetch_trade_rows(
        self, name: str, api: str, endpoint: Any, market: Any, since: Any, limit: Any, params: Any
    ) -> list[dict[str, Any]]:
        """Of v1, which has no time filter, by `offset`; of v2 by ids."""
        paginate, params = self.handle_option_and_params(params, name, "paginate", False)
        in_time, rest = self.handle_until(params, self.parse_trade, market)
        request: dict[str, Any] = {}
        if market is not None:
            request["symbol" if api == "v2" else "pair"] = market["id"]
        # From `since` on, an account's trades are all fetched; those of the public may be a great many.
        everything = paginate or (name == "fetchMyTrades" and since is not None)
        if api == "v2":
            rows = await self.fetch_v2_pages(endpoint, request, since, limit, everything, params)
        else:
            rows = await self.fetch_v1_pages(endpoint, request, in_time, since, limit, everything, rest)
        return self.only(in_time, rows)

    async def fetch_v1_pages(
        self,
        endpoint: Any,
        request: Any,
        wanted: Callable[[Any], bool] | None,
        since: Any,
        limit: Any,
        everything: bool,
        params: Any,
    ) -> list[dict[str, Any]]:
        """Newest first; with `everything` as far back as `since`, or the beginning. Only rows that are
        `wanted` count."""
        # With `since`, the newest `limit` would miss those that are asked for.
        size = limit if wanted is None and since is None and not everything else V2_PAGE
        if size is not None:
            request["limit"] = size
        rows: dict[Any, dict[str, Any]] = {}
        while True:
            page = self.rows(await endpoint(self.extend(request, params)))
            known = len(rows)
            # What comes in meanwhile moves rows to the next page, where they are met again.
            rows.update((self.row_key(row), row) for row in page)
            reached = since is not None and any(self.time_of(row, "timestamp") < since for row in page)
            found = self.only(wanted, list(rows.values()))
            enough = not everything and (wanted is None or len(found) >= (limit or size))
            if enough or reached or len(page) < min(size, SURE_PAGE) or len(rows) == known:
                return found
            request["offset"] = request.get("offset", 0) + len(page)

    async def fetch_v2_pages(
        self, endpoint: Any, request: Any, since: Any, limit: Any, everything: bool, params: Any
    ) -> list[dict[str, Any]]:
        """Newest first; with `everything` as far back as `since`, or the beginning."""
        unit = 1000 if self.options["v2TimeUnit"] == "s" else 1
        until = self.safe_integer(params, "until")
        if since is not None:
            request["since"] = since // unit
        if until is not None:
            request["until"] = -(-until // unit)
        size = V2_PAGE if everything or since is not None else min(limit or V2_PAGE, V2_PAGE)
        if everything or since is not None or limit is not None:
            request["limit"] = size
        params = self.omit(params, "until")
        rows: dict[Any, dict[str, Any]] = {}
        while True:
            page = self.rows(await endpoint(self.extend(request, params)))
            known = len(rows)
            rows.update((self.row_key(row), row) for row in page)
            enough = not everything and len(rows) >= (limit or 0)
            if enough or len(page) < size or len(rows) == known:
                return list(rows.values())
            lowest = min(map(self.id_number, page))
            # The other side of a trade with oneself has the same id.
            request["until_id"] = lowest - (lowest == request.get("until_id"))

    # -- money --------------------------------------------------------------------------------------

    async def fetch_balance(self, params: Any = {}) -> Any:
        await self.load_markets()
        api, params = self.chosen("fetchBalance", params)
        endpoint = self.v2_private_get_balance if api == "v2" else self.v1_private_get_wallets
        return self.parse_balance(await endpoint(params))

    async def fetch_trading_fees(self, params: Any = {}) -> Any:
        await self.load_markets()
        return self.parse_fee_rates(await self.v2_private_get_trading_fees(params))

    async def fetch_trading_fee(self, symbol: str, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        fees = await self.fetch_trading_fees(params)
        return self.record(fees)[market["symbol"]]

    async def fetch_deposits(
        self, code: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        v1, gateway = self.v1_private_get_deposits, self.gateway_get_wallet_history
        return await self.fetch_movements("fetchDeposits", v1, gateway, code, since, limit, params)

    async def fetch_withdrawals(
        self, code: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        v1, gateway = self.v1_private_get_withdraws, self.gateway_get_withdraw_history
        return await self.fetch_movements("fetchWithdrawals", v1, gateway, code, since, limit, params)

    async def fetch_deposits_withdrawals(
        self, code: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        deposits = await self.fetch_deposits(code, since, None, params)
        withdrawals = await self.fetch_withdrawals(code, since, None, params)
        both = self.sort_by(self.array_concat(deposits, withdrawals), "timestamp")
        return self.filter_by_since_limit(both, since, limit)

    async def fetch_movements(
        self, name: str, v1: Any, gateway: Any, code: Any, since: Any, limit: Any, params: Any
    ) -> Any:
        await self.load_markets()
        api, params = self.chosen(name, params)
        currency = None if code is None else self.currency(code)
        in_time, params = self.handle_until(params, self.parse_transaction, currency)
        if api == "gateway":
            request = {} if currency is None else {"ticker": currency["id"]}
            rows = await self.fetch_all_pages(gateway, self.extend(request, params))
        else:
            request = {}
            # Only withdrawals have the filter, by a code or a number that is not documented.
            if currency is not None and name == "fetchWithdrawals" and self.options["v1SendCurrencyFilter"]:
                request["currency_id"] = currency["id"]
            rows = self.rows(await v1(self.extend(request, params)))
        return self.parse_transactions(self.only(in_time, rows), currency, since, limit)

    async def fetch_all_pages(self, endpoint: Callable[..., Any], request: Any) -> list[dict[str, Any]]:
        """The rows of page objects; a caller who names a page gets that one."""
        rows: list[dict[str, Any]] = []
        page = 1
        last: list[dict[str, Any]] = []
        while True:
            answer = self.record(
                await endpoint(request if page == 1 else self.extend(request, {"page": page}))
            )
            found = self.rows(answer, "results")
            # A server that does not know of pages sends the same one for ever.
            if not found or found == last:
                return rows
            rows += found
            total = self.whole(answer, "count")
            if not answer.get("next") or "page" in request or (total is not None and len(rows) >= total):
                return rows
            last = found
            page += 1

    async def fetch_deposit_addresses(self, codes: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        wallets = await self.fetch_all_pages(self.gateway_get_wallets, params)
        return self.parse_deposit_addresses(wallets, codes, False)

    async def fetch_deposit_address(self, code: str, params: Any = {}) -> Any:
        await self.load_markets()
        network = self.safe_string(params, "network")
        wallets = await self.fetch_all_pages(self.gateway_get_wallets, self.omit(params, "network"))
        return self.addresses_of(wallets, code, network)[0]

    async def fetch_deposit_addresses_by_network(self, code: str, params: Any = {}) -> Any:
        await self.load_markets()
        wallets = await self.fetch_all_pages(self.gateway_get_wallets, params)
        # Newest last, so that the first of a network stays.
        return self.index_by(self.addresses_of(wallets, code, None)[::-1], "network")

    async def create_deposit_address(self, code: str, params: Any = {}) -> Any:
        await self.load_markets()
        method = await self.way(code, "is_deposit_enabled", params, "createDepositAddress")
        request = {"ticker": method["ticker"], "network": method["network"]}
        answer = await self.gateway_post_wallet_create(self.extend(request, self.omit(params, "network")))
        return self.placed(self.parse_one, self.parse_deposit_address, answer, code)

    async def withdraw(self, code: str, amount: Any, address: str, tag: Any = None, params: Any = {}) -> Any:
        tag, params = self.told_tag(tag, params)
        await self.load_markets()
        self.check_address(address)
        method = await self.way(code, "is_withdraw_enabled", params, "withdraw")
        request = self.withdrawal_request(code, amount, address, tag, method, params)
        answer = await self.gateway_post_withdraw_create(request)
        id = request["client_order_id"]
        return self.placed(self.parse_one, self.parse_transaction, answer, code, client_id=id)

    async def way(self, code: str, flag: str, params: Any, name: str) -> Any:
        """The network by which `code` is to be moved: as told, or the only one that the gateway has."""
        network = self.safe_string(params, "network")
        if network is not None:
            return {"ticker": self.currency(code)["id"], "network": self.network_code_to_id(network, code)}
        return self.only_method(self.rows(await self.gateway_get_payment_methods()), code, flag, name)

    async def fetch_deposit_withdraw_fees(self, codes: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        return self.parse_methods(self.rows(await self.gateway_get_payment_methods(params)), codes)

    async def fetch_deposit_withdraw_fee(self, code: str, params: Any = {}) -> Any:
        fees = await self.fetch_deposit_withdraw_fees([code], params)
        if code not in fees:
            raise BadRequest(f"{self.id} tells no fees for {code}")
        return fees[code]

    async def transfer(
        self, code: str, amount: Any, fromAccount: Any, toAccount: str, params: Any = {}
    ) -> Any:
        """To another user of the venue, whose uid `toAccount` is."""
        await self.load_markets()
        if not toAccount:
            raise ArgumentsRequired(f"{self.id} transfer() requires the receiver's uid as toAccount")
        request = {
            "receiver": toAccount,
            "currency": self.currency(code)["id"],
            "amount": NumberText(self.positive_amount(code, amount, "transfer")),
        }
        answer = await self.v2_private_post_transfers_create(self.extend(request, params))
        return self.placed(self.parse_one, self.parse_transfer, answer, code)

    async def fetch_transfers(
        self, code: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        currency = None if code is None else self.currency(code)
        in_time, params = self.handle_until(params, self.parse_transfer, currency)
        request = {} if currency is None else {"currency": currency["id"]}
        rows = await self.fetch_all_pages(self.v2_private_get_transfers, self.extend(request, params))
        for row in rows:
            self.iso_time(row, "date")  # by which they are sorted
        return self.parse_transfers(self.only(in_time, rows), currency, since, limit)

    def optional_market(self, symbol: str | None) -> Any:
        return None if symbol is None else self.market(symbol)
