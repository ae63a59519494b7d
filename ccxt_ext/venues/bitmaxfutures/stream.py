"""BitMax Futures Pro v2 over WebSocket: what is watched, and requests over the socket."""

from typing import Any

from ccxt.base.errors import InvalidNonce

from ccxt_ext.venue.answers import reading, until_filter
from ccxt_ext.venue.calls.unified import with_raw_fields
from ccxt_ext.venue.orders.outcomes import is_unknown
from ccxt_ext.venue.streams.streaming import Streaming
from ccxt_ext.venues.bitmaxfutures import (
    answers,
    market_data,
    order_requests,
    rest,
    rest_accounts,
    rest_edits,
    rest_placing,
    sending,
)
from ccxt_ext.venues.bitmaxfutures.streams.feed import BitmaxFeed
from ccxt_ext.venues.bitmaxfutures.streams.frames import LATEST_TRADES, SNAPSHOT
from ccxt_ext.venues.bitmaxfutures.streams.requests import book_answer


class bitmaxfutures(Streaming, rest.bitmaxfutures, feed=BitmaxFeed):
    feed: BitmaxFeed

    over_socket = frozenset(
        (
            "cancelAllOrdersWs",
            "cancelOrderWs",
            "createLimitBuyOrderWs",
            "createLimitOrderWs",
            "createLimitSellOrderWs",
            "createMarketBuyOrderWs",
            "createMarketOrderWs",
            "createMarketSellOrderWs",
            "createOrderWithTakeProfitAndStopLossWs",
            "createOrderWs",
            "createPostOnlyOrderWs",
            "createReduceOnlyOrderWs",
            "createStopLimitOrderWs",
            "createStopLossOrderWs",
            "createStopMarketOrderWs",
            "createStopOrderWs",
            "createTriggerOrderWs",
            "fetchBalanceWs",
            "fetchOpenOrdersWs",
            "fetchOrderBookWs",
            "fetchPositionsForSymbolWs",
            "fetchPositionsWs",
            "fetchPositionWs",
            "fetchTradesWs",
        )
    )

    @classmethod
    def metadata(cls) -> dict[str, Any]:
        described = super().metadata()
        described["has"]["editOrderWs"] = "emulated"
        return described

    # -- orders -------------------------------------------------------------------------------------

    async def create_order_ws(
        self, symbol: str, type: Any, side: Any, amount: Any, price: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        given = {"respInst": self.options["respInst"]["ws"], **params}
        _, given = self.handle_option_and_params(given, "createOrder", "lookUp")
        request = with_raw_fields(
            self.id, await rest_placing.request_for_order(self, symbol, type, side, amount, price, given)
        )
        await rest_accounts.load_account(self)
        with sending.placing(self, [str(request["id"])]):
            try:
                order = await self.feed.socket_orders.place(request)
            except InvalidNonce as error:
                # A refused time precedes processing: an order may be sent again.
                if is_unknown(error) or not self.options["adjustForTimeDifference"]:
                    raise
                await self.load_time_difference()
                order = await self.feed.socket_orders.place(self.params_to_send_again(request))
        self.feed.note(order)
        return order

    async def create_stop_loss_order_ws(
        self,
        symbol: str,
        type: Any,
        side: Any,
        amount: Any,
        price: Any = None,
        stopLossPrice: Any = None,
        params: Any = {},
    ) -> Any:
        request = order_requests.stop_loss_params(self, stopLossPrice, params)
        return await self.create_order_ws(symbol, type, side, amount, price, request)

    async def edit_order_ws(
        self,
        id: str,
        symbol: str,
        type: Any,
        side: Any,
        amount: Any = None,
        price: Any = None,
        params: Any = {},
    ) -> Any:
        """Cancel, then place what is left, unless the new order is known to be wrong. What became of the old
        one is asked over REST, as the socket tells no more than that it took the request."""
        old, edit = await rest_edits.to_edit(self, id, symbol, type, side, amount, price, params)
        await rest_edits.to_be_replaced(old, self.cancel_order_ws)
        gone = await rest_edits.order_after_cancel(self, old)
        return await rest_edits.replaced(self, gone, edit, self.create_order_ws)

    async def cancel_order_ws(self, id: Any, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        if "clientOrderId" in params:
            await rest_accounts.load_account(self)
        request = self.omit(order_requests.cancel_request(self, id, symbol, params), "respInst")
        return await self.feed.socket_orders.cancel(request, self.market(symbol))

    async def cancel_all_orders_ws(self, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = None if symbol is None else self.market(symbol)
        request = self.extend({} if market is None else {"symbol": market["id"]}, params)
        return await self.feed.socket_orders.cancel_all(request, market)

    async def fetch_open_orders_ws(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = None if symbol is None else self.market(symbol)
        in_time, params = until_filter.handle_until(self, params, self.parse_order, market)
        request = self.extend({} if market is None else {"symbol": market["id"]}, params)
        connection = await self.feed.requests.private_connection()
        rows = until_filter.apply(in_time, await self.feed.socket_orders.open_rows(connection, request))
        return self.parse_orders(rows, market, since, limit)

    # -- the account --------------------------------------------------------------------------------

    async def fetch_balance_ws(self, params: Any = {}) -> Any:
        await self.load_markets()
        free_margin, params = self.handle_option_and_params(params, "fetchBalance", "freeMargin", True)
        return await self.feed.snapshots.balance(free_margin)

    async def fetch_positions_ws(self, symbols: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        positions = await self.feed.snapshots.positions(self.safe_bool(params, "includeFlat", False))
        return self.filter_by_array(positions, "symbol", self.market_symbols(symbols), False)

    async def fetch_position_ws(self, symbol: str, params: Any = {}) -> Any:
        await self.load_markets()
        symbol = self.market(symbol)["symbol"]
        found = await self.fetch_positions_ws([symbol], self.extend({"includeFlat": True}, params))
        return answers.of_symbol(self, self.index_by(found, "symbol"), symbol)

    async def fetch_positions_for_symbol_ws(self, symbol: str, params: Any = {}) -> Any:
        return await self.fetch_positions_ws([symbol], params)

    # -- market data --------------------------------------------------------------------------------

    async def fetch_order_book_ws(self, symbol: str, limit: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        args = self.extend({"symbol": market["id"]}, params)
        connection = await self.feed.requests.public_connection()
        instead = book_answer(SNAPSHOT, market["id"])
        frame = await self.feed.requests.asked(connection, SNAPSHOT, args, instead)
        return market_data.order_book(self, {"code": 0, "data": frame}, market["symbol"], limit)

    async def fetch_trades_ws(
        self, symbol: str, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        most = self.options["fetchTrades"]["limit"]
        in_time, params = until_filter.handle_until(self, params, self.parse_trade, market)
        count = min(limit, most) if limit is not None and since is None and in_time is None else most
        args = self.extend({"symbol": market["id"], "level": count}, params)
        frame = await self.feed.requests.asked(
            await self.feed.requests.public_connection(), LATEST_TRADES, args
        )
        return self.parse_trades(
            until_filter.apply(in_time, reading.rows(self, frame, "data")), market, since, limit
        )
