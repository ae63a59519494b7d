"""Requests over BitMax's socket: the same rules as over REST, of which an order is sent once above all."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ccxt.base.errors import (
    BaseError,
    DuplicateOrderId,
    InvalidNonce,
    NetworkError,
    OperationFailed,
    RequestTimeout,
)

from ccxt_ext.venue.answers import reading, windows
from ccxt_ext.venue.calls.guards import guard_methods
from ccxt_ext.venue.calls.unified import sent
from ccxt_ext.venue.orders import outcomes
from ccxt_ext.venue.orders.outcomes import is_unknown
from ccxt_ext.venue.requests import turns
from ccxt_ext.venue.requests.attempts import REFUSED
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.streaming import Route
from ccxt_ext.venue.streams.subjects import Subject
from ccxt_ext.venues.bitmaxfutures.orderids import SOCKET
from ccxt_ext.venues.bitmaxfutures.streams.frames import (
    COLLATERAL,
    HOLDINGS,
    LATEST_TRADES,
    OPEN_ORDERS,
    PATH,
    POSITION,
    REALTIME_SNAPSHOT,
    SNAPSHOT,
    TOP,
    named,
    refusal,
)

if TYPE_CHECKING:
    from typing import Any as Base
else:
    Base = object

# As what the venue counts a message, by its action or else by what it is.
COUNTED_AS = {
    "place-order": "order",
    "cancel-order": "order",
    "cancel-all": "order",
    SNAPSHOT: "snapshot",
    TOP: "snapshot",
    REALTIME_SNAPSHOT: "snapshot",
    **dict.fromkeys(("sub", "unsub"), "subscription"),
    **dict.fromkeys(("auth", "ping", "pong"), "session"),
}


def answer_hash(id: str) -> str:
    return f"answer:{id}"


def book_hash(kind: str, market_id: str) -> str:
    """Of a snapshot, whose answer does not tell the request's id."""
    return f"{kind}:{market_id}"


@guard_methods
class SocketRequests(Base):
    last_request_id: int
    running: dict[str, tuple[Connection, asyncio.Task[None]]]
    untold: dict[Subject, Any]  # of the account, by hash

    # -- addresses ----------------------------------------------------------------------------------

    def public_url(self) -> str:
        return f"{self.urls['api']['ws'].rstrip('/')}/api/pro/{PATH}"

    def private_url(self) -> str:
        return f"{self.urls['api']['ws'].rstrip('/')}/{self.account_group()}/api/pro/{PATH}"

    async def private_connection(self) -> Connection:
        self.check_required_credentials()
        await self.load_account()
        return await self.connected(self.private_url())

    def users_of(self, connection: Connection, key: str) -> Sequence[Subject]:
        """Under which hashes somebody waits, or has waited, for news of a topic."""
        wanted = self.followed.get(connection.url, {}).get(key)
        return [] if wanted is None else list(wanted.users)

    def run_once(self, connection: Connection, name: str, make: Callable[[], Any]) -> None:
        """Start a task of a connection, unless it is running there already."""
        of, task = self.running.get(name, (None, None))
        if of is not connection or task is None or task.done():
            self.running[name] = connection, connection.spawn(make())

    def tell_own(self, connection: Connection, news: Any, hash: Subject, key: str) -> None:
        """News of the account, which may have no other for long: what no watcher takes is for the next."""
        if hash in self.users_of(connection, key):
            self.untold[hash] = news
        connection.resolve(news, hash)

    # -- questions and answers ----------------------------------------------------------------------

    def new_request_id(self, connection: Connection | None = None) -> str:
        self.last_request_id += 1
        id = str(self.last_request_id)
        # An order's own id, which is its request's, may look the same.
        if connection is not None and answer_hash(id) in connection.futures:
            return self.new_request_id(connection)
        return id

    def was_ours(self, id: str) -> bool:
        """Whether it is the id of a request that was sent before."""
        told = id.isdecimal() and 0 < int(id[:20]) <= self.last_request_id
        return told or self.account_state().orders.used([id]) is not None

    def route_answer(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        hash = answer_hash(str(frame.get("id")))
        if hash in connection.futures:
            return [hash], lambda connection, frame: connection.resolve(frame, hash)
        return None

    def counted_as(self, message: Mapping[str, Any]) -> str:
        return COUNTED_AS.get(message.get("action", message["op"]), "request")

    async def answer(
        self,
        connection: Connection,
        message: Mapping[str, Any],
        hash: str | None = None,
        stamp: Callable[[], Mapping[str, Any]] = dict,
    ) -> dict[str, Any]:
        """What comes back, whether or not it is a refusal. Any error raised here leaves the outcome open,
        unless the message `was_unsent()`.

        With a `hash`, an answer that does not tell the request's id may come under it as well. `stamp` gives
        the fields that tell the time, once the message's turn to be sent has come.
        """
        hashes = [answer_hash(message["id"]), *([hash] if hash else [])]
        futures = [connection.future(hash) for hash in hashes]
        try:
            await self.tell(connection, lambda: {**message, **stamp()}, self.counted_as(message))
            await asyncio.wait(futures, timeout=self.timeout / 1000, return_when=asyncio.FIRST_COMPLETED)
            done = next((future for future in futures if future.done()), None)
            if done is None:
                raise RequestTimeout(f"{self.id} no answer came to {message.get('action', message['op'])}")
            if done.cancelled():
                raise NetworkError(f"{self.id} the connection was closed before an answer came")
            return reading.record(self, done.result())
        except OSError as error:
            raise NetworkError(f"{self.id} {type(error).__name__} while sending") from None
        finally:
            if connection.futures.get(hashes[0]) is futures[0]:
                del connection.futures[hashes[0]]

    def check_answer(self, frame: Mapping[str, Any], placing: bool = False, orders: bool = False) -> None:
        """Raise what a refusal means, by the same table as over REST."""
        refused = refusal(frame)
        if refused is not None:
            url = "/order" if orders else ""
            method = "POST" if placing else "DELETE" if orders else "GET"
            self.raise_refusal(200, url, method, {**frame, **refused})

    def about_orders(self, connection: Connection, action: str, id: str | None = None) -> dict[str, Any]:
        """A message without its arguments."""
        id = self.new_request_id(connection) if id is None else id
        return {"op": "req", "action": action, "ac": "futures", "id": id}

    async def asked(
        self, connection: Connection, action: str, args: Any = None, hash: Any = None
    ) -> dict[str, Any]:
        """The answer to a request that may be repeated."""
        message = {"op": "req", "id": self.new_request_id(connection), "action": action}
        args = sent(self.id, args)
        if args is not None:
            message["args"] = args
        frame = await self.answer(connection, message, hash)
        self.check_answer(frame)
        return frame

    async def done_over_socket(
        self,
        connection: Connection,
        message: Mapping[str, Any],
        stamp: Callable[[], Mapping[str, Any]],
        unknown: Callable[[BaseError], BaseError],
        placing: bool = False,
    ) -> dict[str, Any]:
        """The answer to a request that does something; without a clear one, what is `unknown` is told."""
        try:
            frame = await self.answer(connection, message, stamp=stamp)
        except BaseError as error:
            if turns.was_unsent():
                raise
            raise unknown(error) from error
        try:
            self.check_answer(frame, placing=placing, orders=True)
        except BaseError as error:
            failed = isinstance(error, OperationFailed) and not isinstance(error, REFUSED)
            if not failed and not is_unknown(error):
                raise
            raise unknown(error) from error
        return frame

    # -- orders -------------------------------------------------------------------------------------

    async def create_order_ws(
        self, symbol: str, type: Any, side: Any, amount: Any, price: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        given = {"respInst": self.options["respInst"]["ws"], **params}
        _, given = self.handle_option_and_params(given, "createOrder", "lookUp")
        request = sent(self.id, await self.request_for_order(symbol, type, side, amount, price, given))
        await self.load_account()
        with self.placing([str(request["id"])]):
            try:
                order = await self.place_over_socket(request)
            except InvalidNonce as error:
                # A refused time precedes processing: an order may be sent again.
                if is_unknown(error) or not self.options["adjustForTimeDifference"]:
                    raise
                await self.load_time_difference()
                order = await self.place_over_socket(self.renewed(request))
        return self.noted(order)

    async def place_over_socket(self, request: dict[str, Any]) -> Any:
        client_id = str(request["id"])
        connection = await self.private_connection()
        if answer_hash(client_id) in connection.futures:
            raise DuplicateOrderId(
                f"{self.id} another request goes by {client_id}, which is not answered yet"
            )
        if connection.closed():
            raise NetworkError(f"{self.id} the connection was lost before the order {client_id} was sent")

        def stamp() -> dict[str, Any]:
            args = self.stamped(request)
            self.note_leaving([args], SOCKET)
            return {"args": args if self.options["wsOrderIdInArgs"] else self.omit(args, "id")}

        def unknown(error: BaseError) -> BaseError:
            return self.outcome_unknown(error, client_id)

        message = self.about_orders(connection, "place-order", client_id)
        frame = await self.done_over_socket(connection, message, stamp, unknown, placing=True)
        market = self.market(self.safe_symbol(request["symbol"]))
        return outcomes.placed(self, self.order_of_answer, frame, request, market, client_id=client_id)

    def order_of_answer(self, frame: Mapping[str, Any], request: Mapping[str, Any], market: Any) -> Any:
        """An acknowledgement: what becomes of the order is told by watchOrders."""
        order = self.new_order(reading.record(self, frame.get("info")), request, market, str(request["id"]))
        return {**order, "info": frame}

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
        request = self.stop_loss_params(stopLossPrice, params)
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
        old, edit = await self.to_edit(id, symbol, type, side, amount, price, params)
        await self.to_be_replaced(old, self.cancel_order_ws)
        gone = await self.end_of(old)
        return await self.replaced(gone, edit, self.create_order_ws)

    async def cancel_order_ws(self, id: Any, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        if "clientOrderId" in params:
            await self.load_account()
        request = self.omit(self.cancel_request(id, symbol, params), "respInst")
        client_id, order_id = request.pop("id", None), request["orderId"]
        request = sent(self.id, request)
        connection = await self.private_connection()
        message = self.about_orders(connection, "cancel-order")
        frame = await self.done_over_socket(
            connection,
            message,
            lambda: {"args": self.stamped(request)},
            lambda error: outcomes.cancel_unknown(self, error, client_id, order_id),
        )
        market = self.market(symbol)
        parse = self.parse_cancel_over_socket
        return outcomes.canceled(self, parse, frame, order_id, market, client_id=client_id, order_id=order_id)

    def parse_cancel_over_socket(self, frame: Mapping[str, Any], id: str | None, market: Any) -> Any:
        """It says that the request was taken, and no more: the status is not known."""
        info = reading.record(self, self.data_of(frame, "info"))
        id = self.safe_string(info, "orderId", id)
        return self.safe_order(
            {"id": id, "symbol": self.safe_string(market, "symbol"), "info": frame}, market
        )

    async def cancel_all_orders_ws(self, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = None if symbol is None else self.market(symbol)
        request = sent(self.id, self.extend({} if market is None else {"symbol": market["id"]}, params))
        connection = await self.private_connection()
        message = {**self.about_orders(connection, "cancel-all"), "args": request}
        frame = await self.done_over_socket(connection, message, dict, partial(outcomes.cancel_unknown, self))
        return [outcomes.canceled(self, self.parse_cancel_over_socket, frame, None, market)]

    async def fetch_open_orders_ws(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = None if symbol is None else self.market(symbol)
        in_time, params = windows.handle_until(self, params, self.parse_order, market)
        request = self.extend({} if market is None else {"symbol": market["id"]}, params)
        rows = windows.only(
            self, in_time, await self.open_rows_over_socket(await self.private_connection(), request)
        )
        return self.parse_orders(rows, market, since, limit)

    async def open_rows_over_socket(self, connection: Connection, args: Any) -> list[dict[str, Any]]:
        frame = await self.asked(connection, OPEN_ORDERS, args)
        rows: list[dict[str, Any]] = await self.listed(reading.rows(self, frame, "data"))
        return rows

    # -- the account --------------------------------------------------------------------------------

    async def holdings_over_socket(self, connection: Connection) -> dict[str, Any]:
        """Collaterals and positions, with the names that they have over REST."""
        return self.holdings_of(await self.asked(connection, HOLDINGS))

    def holdings_of(self, frame: dict[str, Any]) -> dict[str, Any]:
        return {
            "collaterals": [named(row, COLLATERAL) for row in reading.rows(self, frame, "col")],
            "contracts": [named(row, POSITION) for row in reading.rows(self, frame, "pos")],
            "sent": {row.get("s"): row for row in reading.rows(self, frame, "pos")},
            "number": reading.whole(self, frame, "sn"),
            "timestamp": self.optional_moment(frame, "t"),
            "frame": frame,
        }

    async def fetch_balance_ws(self, params: Any = {}) -> Any:
        await self.load_markets()
        free_margin, params = self.handle_option_and_params(params, "fetchBalance", "freeMargin", True)
        held = await self.holdings_over_socket(await self.private_connection())
        # The socket does not tell what is free.
        free = await self.ask_free_margin() if free_margin else None
        return self.balance_told(held["collaterals"], free, held["timestamp"], held["frame"])

    def balance_told(self, collaterals: Sequence[Any], free: Any, timestamp: int | None, frame: Any) -> Any:
        answer = {"code": 0, "data": {"collaterals": collaterals}}
        balance = self.parse_futures_balance(answer, free)
        return {**balance, "timestamp": timestamp, "datetime": self.iso8601(timestamp), "info": frame}

    async def fetch_positions_ws(self, symbols: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        flat = self.safe_bool(params, "includeFlat", False)
        held = await self.holdings_over_socket(await self.private_connection())
        await self.listed(held["contracts"])
        answer = {"code": 0, "data": {name: held[name] for name in ("collaterals", "contracts")}}
        prices = None
        if self.lacks_mark_price(self.position_rows(answer)):
            # Nor does it tell the prices on which margins depend.
            told = await self.v2_public_get_futures_pricing_data()
            prices = reading.rows(self, self.data_of(told), "contracts")
            self.add_reference_prices(
                held["collaterals"], reading.rows(self, self.data_of(told), "collaterals")
            )
        positions = [
            {**position, "info": held["sent"][position["info"]["symbol"]]}
            for position in self.parse_position_list(answer, prices, flat)
        ]
        return self.filter_by_array(positions, "symbol", self.market_symbols(symbols), False)

    def add_reference_prices(self, collaterals: Sequence[dict[str, Any]], prices: Sequence[Any]) -> None:
        known = {
            reading.required(self, row, "asset"): reading.number_text(self, row, "referencePrice")
            for row in prices
        }
        for row in collaterals:
            row["referencePrice"] = known.get(reading.required(self, row, "asset"))

    async def fetch_position_ws(self, symbol: str, params: Any = {}) -> Any:
        await self.load_markets()
        symbol = self.market(symbol)["symbol"]
        found = await self.fetch_positions_ws([symbol], self.extend({"includeFlat": True}, params))
        return self.the_one(self.index_by(found, "symbol"), symbol)

    async def fetch_positions_for_symbol_ws(self, symbol: str, params: Any = {}) -> Any:
        return await self.fetch_positions_ws([symbol], params)

    # -- market data --------------------------------------------------------------------------------

    async def fetch_order_book_ws(self, symbol: str, limit: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        args = self.extend({"symbol": market["id"]}, params)
        connection = await self.connected(self.public_url())
        frame = await self.asked(connection, SNAPSHOT, args, hash=book_hash(SNAPSHOT, market["id"]))
        return self.parse_book({"code": 0, "data": frame}, market["symbol"], limit)

    async def fetch_trades_ws(
        self, symbol: str, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = self.market(symbol)
        most = self.options["fetchTrades"]["limit"]
        in_time, params = windows.handle_until(self, params, self.parse_trade, market)
        count = min(limit, most) if limit is not None and since is None and in_time is None else most
        args = self.extend({"symbol": market["id"], "level": count}, params)
        frame = await self.asked(await self.connected(self.public_url()), LATEST_TRADES, args)
        return self.parse_trades(
            windows.only(self, in_time, reading.rows(self, frame, "data")), market, since, limit
        )
