"""BitexAsia v1 over REST."""

from typing import Any

from ccxt_ext.venue.answers import arrivals, reading
from ccxt_ext.venue.orders import outcomes
from ccxt_ext.venue.requests import building
from ccxt_ext.venue.rest_client import AsyncRestClient
from ccxt_ext.venues.bitexasia.columns import Columns
from ccxt_ext.venues.bitexasia.protocol import Protocol


class bitexasia(Columns, Protocol, AsyncRestClient):
    # -- public data --------------------------------------------------------------------------------

    async def fetch_markets(self, params: Any = {}) -> Any:
        answer = self.unwrap(await self.public_get_markets(params))
        return self.parse_markets(reading.rows(self, answer, None if isinstance(answer, list) else "markets"))

    async def fetch_ticker(self, symbol: str, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        answer = await self.public_get_ticker_pair(self.extend({"pair": market["id"]}, params))
        return self.parse_ticker(reading.record(self, self.unwrap(answer)), market)

    async def fetch_order_book(self, symbol: str, limit: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        request = self.book_request(market, limit)
        answer = await self.public_get_orderbook_pair(self.extend(request, params))
        return self.parse_book(answer, market["symbol"], limit)

    # -- the account --------------------------------------------------------------------------------

    async def fetch_balance(self, params: Any = {}) -> Any:
        await self.load_markets()
        wanted, params = self.handle_option_and_params(params, "fetchBalance", "type", "spot")
        self.check_account(wanted)
        return self.parse_balance(await self.private_get_account_balances(params), wanted)

    async def create_order(
        self, symbol: str, type: Any, side: Any, amount: Any, price: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        request = self.order_request(symbol, type, side, amount, price, params)
        id = request.get("client_order_id")
        answer = await self.private_post_orders(request)
        return outcomes.placed(
            self,
            self.parse_new_order,
            answer,
            request,
            self.market(symbol),
            client_id=id,
            idempotent=id is not None,
            order_id=self.told_order_id(answer),
        )

    async def cancel_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = None if symbol is None else self.market(symbol)
        id = building.required_id(self, id, "cancelOrder")
        answer = await self.private_post_orders_id_cancel(self.extend({"id": id}, params))
        return outcomes.canceled(self, self.parse_canceled_order, answer, id, market, order_id=id)

    async def fetch_order(self, id: str, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = None if symbol is None else self.market(symbol)
        answer = await self.private_get_orders_id(
            self.extend({"id": building.required_id(self, id, "fetchOrder")}, params)
        )
        row = reading.record(self, self.unwrap(answer))
        await arrivals.know_markets(self, [self.told_text(row, "pair")])
        return self.parse_order(row, market)
