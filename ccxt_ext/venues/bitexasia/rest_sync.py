# Generated from rest.py by `ccxt-ext twins`. Do not edit.
"""BitexAsia v1 over REST."""

from typing import Any

from ccxt_ext.venue.answers import new_markets_sync, reading
from ccxt_ext.venue.orders import outcomes
from ccxt_ext.venue.requests import building
from ccxt_ext.venue.rest_client_sync import SyncRestClient
from ccxt_ext.venues.bitexasia import account, books, fields, orders
from ccxt_ext.venues.bitexasia.protocol import Protocol


class bitexasia(Protocol, SyncRestClient):
    # -- public data --------------------------------------------------------------------------------

    def fetch_markets(self, params: Any = {}) -> Any:
        answer = fields.unwrap(self, self.public_get_markets(params))
        return self.parse_markets(reading.rows(self, answer, None if isinstance(answer, list) else "markets"))

    def fetch_ticker(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        market = self.market(symbol)
        answer = self.public_get_ticker_pair(self.extend({"pair": market["id"]}, params))
        return self.parse_ticker(reading.record(self, fields.unwrap(self, answer)), market)

    def fetch_order_book(self, symbol: str, limit: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = self.market(symbol)
        request = books.book_request(self, market, limit)
        answer = self.public_get_orderbook_pair(self.extend(request, params))
        return books.parse_book(self, answer, market["symbol"], limit)

    # -- the account --------------------------------------------------------------------------------

    def fetch_balance(self, params: Any = {}) -> Any:
        self.load_markets()
        wanted, params = self.handle_option_and_params(params, "fetchBalance", "type", "spot")
        account.check_account(self, wanted)
        return self.parse_balance(self.private_get_account_balances(params), wanted)

    def create_order(
        self, symbol: str, type: Any, side: Any, amount: Any, price: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        request = orders.order_request(self, symbol, type, side, amount, price, params)
        id = request.get("client_order_id")
        answer = self.private_post_orders(request)
        return outcomes.parse_order_answer(
            self,
            orders.parse_new_order,
            self,
            answer,
            request,
            self.market(symbol),
            client_id=id,
            idempotent=id is not None,
            order_id=orders.order_id_of(self, answer),
        )

    def cancel_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = None if symbol is None else self.market(symbol)
        id = building.required_id(self, id, "cancelOrder")
        answer = self.private_post_orders_id_cancel(self.extend({"id": id}, params))
        return outcomes.parse_cancel_answer(
            self, orders.parse_canceled_order, self, answer, id, market, order_id=id
        )

    def fetch_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = None if symbol is None else self.market(symbol)
        answer = self.private_get_orders_id(
            self.extend({"id": building.required_id(self, id, "fetchOrder")}, params)
        )
        row = reading.record(self, fields.unwrap(self, answer))
        new_markets_sync.load_new_markets(self, [fields.text_of(self, row, "pair")])
        return self.parse_order(row, market)
