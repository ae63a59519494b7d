# twin: rest_sync.py
"""bitexbit over REST: v1 where v1 has it, v2 for what v1 lacks, the gateway for addresses and withdrawals."""

from typing import Any

from ccxt.base.errors import ArgumentsRequired, BadRequest, ExchangeError, OrderNotFound

from ccxt_ext.venue.answers import new_markets, reading, until_filter
from ccxt_ext.venue.calls import symbols
from ccxt_ext.venue.orders import cancelling, market_as_limit, market_orders, outcomes
from ccxt_ext.venue.requests import building
from ccxt_ext.venue.rest_client import AsyncRestClient
from ccxt_ext.venues.bitexbit import (
    addresses,
    fees,
    fields,
    market_data,
    markets,
    orders,
    payments,
    requests,
    rest_fills,
    rest_orders,
    rest_pages,
    rest_payments,
    transactions,
)
from ccxt_ext.venues.bitexbit.bodies import NumberText
from ccxt_ext.venues.bitexbit.fills import Fills
from ccxt_ext.venues.bitexbit.metadata import CANDLES, V1_ORDERS
from ccxt_ext.venues.bitexbit.protocol import Protocol

MOST_TICKERS = 5
V2_CANDLES = 1000
V2_DEPTH = 50

# What tells a row from others, and does not change.
WALLET = ("slug", "address")
TRANSFER = ("txid",)


class bitexbit(Protocol, AsyncRestClient):
    def __init__(self, config: Any = {}) -> None:
        self.fills = Fills()
        super().__init__(config)

    # -- markets ------------------------------------------------------------------------------------

    async def fetch_markets(self, params: Any = {}) -> Any:
        api, params = requests.chosen(self, "fetchMarkets", params)
        if api == "v2":
            return self.parse_markets(reading.rows(self, await self.v2_public_get_pairs(params)))
        rows = reading.rows(self, await self.v1_public_get_pairs(params))
        if api == "merge":
            more = reading.rows(self, await self.v2_public_get_pairs())
            rows = markets.merged(self, rows, "name", more, "symbol")
        return self.parse_markets(rows)

    async def fetch_currencies(self, params: Any = {}) -> Any:
        api, params = requests.chosen(self, "fetchCurrencies", params)
        networks, params = self.handle_option_and_params(params, "fetchCurrencies", "networks", False)
        if api == "v2":
            rows = reading.rows(self, await self.v2_public_get_currencies(params))
        else:
            rows = reading.rows(self, await self.v1_public_get_currencies(params))
        if api == "merge":
            more = reading.rows(self, await self.v2_public_get_currencies())
            rows = markets.merged(self, rows, "short_name", more, "code")
        if networks:
            methods = reading.rows(self, await self.gateway_get_payment_methods())
            for row in rows:
                ids = (row.get("code"), row.get("short_name"))
                row["methods"] = [method for method in methods if method.get("ticker") in ids]
        return self.index_by([self.parse_currency(row) for row in rows], "code")

    # -- public data --------------------------------------------------------------------------------

    async def fetch_ticker(self, symbol: str, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        answer = await self.v2_public_get_tickers(self.extend({"symbols": market["id"]}, params))
        row = next((row for row in reading.rows(self, answer) if row.get("symbol") == market["id"]), None)
        return self.parse_ticker(reading.record(self, row), market)

    async def fetch_tickers(self, symbols: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        symbols = self.market_symbols(symbols)
        request = {}
        if symbols and len(symbols) <= MOST_TICKERS:
            request["symbols"] = ",".join(self.market_ids(symbols))
        answer = await self.v2_public_get_tickers(self.extend(request, params))
        return self.parse_tickers(reading.rows(self, answer), symbols)

    async def fetch_last_prices(self, symbols: Any = None, params: Any = {}) -> Any:
        tickers = await self.fetch_tickers(symbols, params)
        return {symbol: self.parse_last_price(ticker) for symbol, ticker in tickers.items()}

    async def fetch_bids_asks(self, symbols: Any = None, params: Any = {}) -> Any:
        return await self.fetch_tickers(symbols, params)

    async def fetch_order_book(self, symbol: str, limit: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        api, params = requests.chosen(self, "fetchOrderBook", params)
        if api == "v2":
            request = {"symbol": market["id"]}
            if limit is not None:
                request["limit"] = min(limit, V2_DEPTH)
            answer = await self.v2_public_get_depth(self.extend(request, params))
        else:
            request = requests.v1_book_request(self, market, 1, limit)
            answer = await self.v1_public_get_orderbook_pair(self.extend(request, params))
        return market_data.order_book(self, answer, market["symbol"], limit)

    async def fetch_l3_order_book(self, symbol: str, limit: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        request = requests.v1_book_request(self, market, 0, limit)
        answer = await self.v1_public_get_orderbook_pair(self.extend(request, params))
        return market_data.order_book(self, answer, market["symbol"], limit, by_id=True)

    async def fetch_ohlcv(
        self, symbol: str, timeframe: str = "1m", since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        api, params = requests.chosen(self, "fetchOHLCV", params)
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
        request = requests.ohlcv_request(self, steps[timeframe], since, limit, until, unit == "s", most)
        request = self.extend(request, self.omit(params, "until"))
        if api == "v2":
            request.update({"symbol": market["id"], "timeframe": steps[timeframe]})
            answer = await self.v2_public_get_ohlcv(request)
        else:
            request.update({"pair": market["id"], "type": steps[timeframe]})
            answer = await self.charts_get_pair_type_chart(request)
        return self.parse_ohlcvs(market_data.candle_rows(self, answer), market, timeframe, since, limit)

    async def fetch_trades(self, symbol: str, since: Any = None, limit: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        api, params = requests.chosen(self, "fetchTrades", params)
        paginate, params = self.handle_option_and_params(params, "fetchTrades", "paginate", False)
        request = {"symbol" if api == "v2" else "pair": market["id"]}
        in_time, rest = until_filter.handle_until(self, params, self.parse_trade, market)
        if api == "v2":
            if since is None or paginate:
                rows = await rest_pages.fetch_v2_pages(
                    self, self.v2_public_get_trades, request, since, limit, paginate, params
                )
            else:
                rows = await rest_pages.fetch_v2_windows(
                    self, self.v2_public_get_trades, request, since, limit, params
                )
        else:
            endpoint = self.v1_public_get_exchanges
            if since is None:
                rows = await rest_pages.fetch_v1_pages(
                    self, endpoint, request, in_time, limit, paginate, rest
                )
            else:
                wanted = None if paginate else limit or rest_pages.V1_PAGE
                rows = await rest_pages.fetch_v1_rows_from(
                    self, endpoint, request, in_time, since, wanted, rest
                )
        return self.parse_trades(until_filter.apply(in_time, rows), market, since, limit)

    # -- orders -------------------------------------------------------------------------------------

    async def create_order(
        self, symbol: str, type: Any, side: Any, amount: Any, price: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        if type == "market" and market_orders.is_wanted(self):
            return await market_as_limit.create_market_as_limit(self, symbol, side, amount, params)
        api, params = requests.chosen(self, "createOrder", params)
        request = requests.order_request(self, symbol, type, side, amount, price, params)
        if api == "v1":
            answer = await self.v1_private_post_order(request)
            parse = orders.parse_new_v1_order
        else:
            named = {
                "symbol": request["pair"],
                "type": f"{side}-limit",
                "price": request["price"],
                "amount": request["amount"],
            }
            rest = self.omit(request, ["pair", "type", "price", "amount"])
            answer = await self.v2_private_post_order_create(self.extend(named, rest))
            parse = orders.parse_new_v2_order
        id = orders.new_order_id(self, answer)
        order = outcomes.parse_order_answer(self, parse, self, answer, request, order_id=id)
        for trade in order["trades"]:
            self.fills.remember((trade["id"], trade["side"]), order["id"])
        return order

    async def cancel_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = symbols.optional_market(self, symbol)
        api, params = requests.chosen(self, "cancelOrder", params)
        id = building.required_id(self, id, "cancelOrder")
        try:
            if api == "v2":
                answer = await self.v2_private_post_order_id_cancel(self.extend({"id": id}, params))
            else:
                answer = await self.v1_private_post_order_cancel(self.extend({"order": id}, params))
        except (BadRequest, ExchangeError) as error:
            if type(error) not in (BadRequest, ExchangeError) or outcomes.is_unknown(error):
                raise
            raise await rest_orders.why_not_canceled(self, error, id) from error
        parse = orders.parse_canceled_v2_order if api == "v2" else orders.parse_canceled_v1_order
        return outcomes.parse_cancel_answer(self, parse, self, answer, id, market, order_id=id)

    async def cancel_all_orders(self, symbol: Any = None, params: Any = {}) -> Any:
        return await cancelling.cancel_open_orders(self, symbol, params, V1_ORDERS)

    async def fetch_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = symbols.optional_market(self, symbol)
        api, params = requests.chosen(self, "fetchOrder", params)
        id = building.required_id(self, id, "fetchOrder")
        if api == "v1":
            answer = await self.v1_private_get_order_id(self.extend({"id": id}, params))
            row = reading.record(self, answer)
        else:
            request = requests.around(self, id)
            if market is not None:
                request["symbol"] = market["id"]
            rows = reading.rows(self, await self.v2_private_get_orders(self.extend(request, params)))
            found = [row for row in rows if self.safe_string(row, "id") == id]
            if not found:
                raise OrderNotFound(f"{self.id} has no order {id}")
            row = found[0]
        await new_markets.load_new_markets(self, fields.pair_ids(self, [row]))
        return self.parse_order(row, market)

    async def fetch_open_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return await rest_orders.fetch_orders_with(
            self, "fetchOpenOrders", ("open",), symbol, since, limit, params
        )

    async def fetch_closed_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return await rest_orders.fetch_orders_with(
            self, "fetchClosedOrders", ("closed",), symbol, since, limit, params
        )

    async def fetch_canceled_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return await rest_orders.fetch_orders_with(
            self, "fetchCanceledOrders", ("canceled",), symbol, since, limit, params
        )

    async def fetch_canceled_and_closed_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        name = "fetchCanceledAndClosedOrders"
        return await rest_orders.fetch_orders_with(
            self, name, ("canceled", "closed"), symbol, since, limit, params
        )

    async def fetch_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        statuses = ("open", "canceled", "closed")
        return await rest_orders.fetch_orders_with(
            self, "fetchOrders", statuses, symbol, since, limit, params
        )

    async def fetch_my_trades(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = symbols.optional_market(self, symbol)
        api, params = requests.chosen(self, "fetchMyTrades", params)
        paginate, params = self.handle_option_and_params(params, "fetchMyTrades", "paginate", False)
        in_time, rest = until_filter.handle_until(self, params, self.parse_trade, market)
        # From `since` on, all are fetched.
        everything = paginate or since is not None
        request = {} if market is None else {"pair" if api == "v1" else "symbol": market["id"]}
        if api == "v1":
            endpoint = self.v1_private_get_exchanges_own
            rows = await rest_pages.fetch_v1_pages(
                self, endpoint, request, in_time, limit, everything, rest, since
            )
        else:
            endpoint = self.v2_private_get_trades
            rows = await rest_pages.fetch_v2_pages(self, endpoint, request, since, limit, everything, params)
        await new_markets.load_new_markets(self, fields.pair_ids(self, rows))
        made = self.parse_trades(until_filter.apply(in_time, rows), market, since, limit)
        return await rest_fills.with_orders(self, made, market) if api == "merge" else made

    async def fetch_order_trades(
        self, id: str, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = symbols.optional_market(self, symbol)
        in_time, params = until_filter.handle_until(self, params, self.parse_trade, market)
        rows = reading.rows(self, await self.v2_private_get_orders_id_trades(self.extend({"id": id}, params)))
        return self.parse_trades(until_filter.apply(in_time, rows), market, since, limit, {"order": str(id)})

    # -- money --------------------------------------------------------------------------------------

    async def fetch_balance(self, params: Any = {}) -> Any:
        await self.load_markets()
        api, params = requests.chosen(self, "fetchBalance", params)
        endpoint = self.v2_private_get_balance if api == "v2" else self.v1_private_get_wallets
        return self.parse_balance(await endpoint(params))

    async def fetch_trading_fees(self, params: Any = {}) -> Any:
        await self.load_markets()
        return fees.of_trading(self, await self.v2_private_get_trading_fees(params))

    async def fetch_trading_fee(self, symbol: str, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        rates = await self.fetch_trading_fees(params)
        return reading.record(self, rates)[market["symbol"]]

    async def fetch_deposits(
        self, code: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        v1, gateway = self.v1_private_get_deposits, self.gateway_get_wallet_history
        return await rest_payments.fetch_movements(
            self, "fetchDeposits", v1, gateway, code, since, limit, params
        )

    async def fetch_withdrawals(
        self, code: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        v1, gateway = self.v1_private_get_withdraws, self.gateway_get_withdraw_history
        return await rest_payments.fetch_movements(
            self, "fetchWithdrawals", v1, gateway, code, since, limit, params
        )

    async def fetch_deposits_withdrawals(
        self, code: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        deposits = await self.fetch_deposits(code, since, None, params)
        withdrawals = await self.fetch_withdrawals(code, since, None, params)
        both = self.sort_by(self.array_concat(deposits, withdrawals), "timestamp")
        return self.filter_by_since_limit(both, since, limit)

    async def fetch_deposit_addresses(self, codes: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        wallets = await rest_pages.fetch_numbered_pages(self, self.gateway_get_wallets, params, WALLET)
        return self.parse_deposit_addresses(wallets, codes, False)

    async def fetch_deposit_address(self, code: str, params: Any = {}) -> Any:
        await self.load_markets()
        network = self.safe_string(params, "network")
        wallets = await rest_pages.fetch_numbered_pages(
            self, self.gateway_get_wallets, self.omit(params, "network"), WALLET
        )
        return addresses.of_currency(self, wallets, code, network)[0]

    async def fetch_deposit_addresses_by_network(self, code: str, params: Any = {}) -> Any:
        await self.load_markets()
        wallets = await rest_pages.fetch_numbered_pages(self, self.gateway_get_wallets, params, WALLET)
        # Newest last, so that the first of a network stays.
        return self.index_by(addresses.of_currency(self, wallets, code, None)[::-1], "network")

    async def create_deposit_address(self, code: str, params: Any = {}) -> Any:
        await self.load_markets()
        method = await rest_payments.find_method(
            self, code, "is_deposit_enabled", params, "createDepositAddress"
        )
        request = {"ticker": method["ticker"], "network": method["network"]}
        answer = await self.gateway_post_wallet_create(self.extend(request, self.omit(params, "network")))
        return outcomes.parse_order_answer(
            self, transactions.of_one, self, self.parse_deposit_address, answer, code
        )

    async def withdraw(self, code: str, amount: Any, address: str, tag: Any = None, params: Any = {}) -> Any:
        tag, params = payments.tag_and_params(self, tag, params)
        await self.load_markets()
        self.check_address(address)
        method = await rest_payments.find_method(self, code, "is_withdraw_enabled", params, "withdraw")
        request = payments.withdrawal_request(self, code, amount, address, tag, method, params)
        answer = await self.gateway_post_withdraw_create(request)
        id = request["client_order_id"]
        return outcomes.parse_order_answer(
            self, transactions.of_one, self, self.parse_transaction, answer, code, client_id=id
        )

    async def fetch_deposit_withdraw_fees(self, codes: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        rows = reading.rows(self, await self.gateway_get_payment_methods(params))
        return fees.of_methods(self, rows, codes)

    async def fetch_deposit_withdraw_fee(self, code: str, params: Any = {}) -> Any:
        told = await self.fetch_deposit_withdraw_fees([code], params)
        if code not in told:
            raise BadRequest(f"{self.id} tells no fees for {code}")
        return told[code]

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
            "amount": NumberText(payments.positive_amount(self, code, amount, "transfer")),
        }
        answer = await self.v2_private_post_transfers_create(self.extend(request, params))
        return outcomes.parse_order_answer(self, transactions.of_one, self, self.parse_transfer, answer, code)

    async def fetch_transfers(
        self, code: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        currency = None if code is None else self.currency(code)
        in_time, params = until_filter.handle_until(self, params, self.parse_transfer, currency)
        request = {} if currency is None else {"currency": currency["id"]}
        rows = await rest_pages.fetch_numbered_pages(
            self, self.v2_private_get_transfers, self.extend(request, params), TRANSFER
        )
        for row in rows:
            fields.iso_time(self, row, "date")  # by which they are sorted
        return self.parse_transfers(until_filter.apply(in_time, rows), currency, since, limit)
