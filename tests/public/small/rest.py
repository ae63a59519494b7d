"""The small venue over REST."""

from ccxt.base.errors import NotSupported

from ccxt_ext.venue.answers import new_markets, reading
from ccxt_ext.venue.calls import symbols
from ccxt_ext.venue.fast.order_books import parse_levels
from ccxt_ext.venue.orders import cancelling, checks, outcomes
from ccxt_ext.venue.requests import building
from ccxt_ext.venue.rest_client import AsyncRestClient
from small.protocol import Protocol


class small(Protocol, AsyncRestClient):
    async def fetch_time(self, params={}):
        return reading.timestamp(self, reading.record(self, await self.public_get_time(params)), "now")

    async def fetch_markets(self, params={}):
        return self.parse_markets(reading.rows(self, await self.public_get_pairs(params)))

    async def about(self, symbol, what, params):
        await self.load_markets()
        market = self.market(symbol)
        request = {"pair": market["id"], "what": what}
        return market, await self.public_get_pairs_pair_what(self.extend(request, params))

    async def fetch_ticker(self, symbol, params={}):
        market, answer = await self.about(symbol, "ticker", params)
        return self.parse_ticker(reading.record(self, answer), market)

    async def fetch_order_book(self, symbol, limit=None, params={}):
        market, answer = await self.about(symbol, "book", params)
        return parse_levels(self, answer, market["symbol"], limit, "bids", "asks", "price", "size")

    async def fetch_trades(self, symbol, since=None, limit=None, params={}):
        market, answer = await self.about(symbol, "trades", params)
        return self.parse_trades(reading.rows(self, answer), market, since, limit)

    async def fetch_balance(self, params={}):
        await self.load_markets()
        return self.parse_balance(await self.private_get_balances(params))

    async def create_order(self, symbol, type, side, amount, price=None, params={}):
        await self.load_markets()
        market = self.market(symbol)
        if type != "limit":
            raise NotSupported(f"{self.id} takes limit orders only, not {type!r}")
        amount_text, price_text = checks.check_order(self, symbol, side, amount, price)
        id = self.safe_string(params, "clientOrderId") or self.uuid16()
        request = {"pair": market["id"], "side": side, "size": amount_text, "price": price_text, "mine": id}
        answer = await self.private_post_orders(self.extend(request, self.omit(params, "clientOrderId")))
        return outcomes.parse_order_answer(
            self, self.parse_order, answer, market, client_id=id, idempotent=True
        )

    async def cancel_order(self, id, symbol=None, params={}):
        await self.load_markets()
        market = symbols.optional_market(self, symbol)
        id = building.required_id(self, id, "cancelOrder")
        answer = await self.private_delete_orders_id(self.extend({"id": id}, params))
        return outcomes.parse_cancel_answer(self, self.parse_canceled, answer, market, order_id=id)

    async def cancel_all_orders(self, symbol=None, params={}):
        return await cancelling.cancel_open_orders(self, symbol, params)

    async def fetch_open_orders(self, symbol=None, since=None, limit=None, params={}):
        await self.load_markets()
        market = symbols.optional_market(self, symbol)
        rows = reading.rows(self, await self.private_get_orders(params))
        await new_markets.load_new_markets(self, [self.safe_string(row, "pair") for row in rows])
        return self.parse_orders(rows, market, since, limit)
