"""Orders over BitMax's socket, by the same rules as over REST: above all, an order is sent once."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from ccxt.base.errors import BaseError, DuplicateOrderId, NetworkError

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.calls.unified import with_raw_fields
from ccxt_ext.venue.orders import outcomes
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venues.bitmaxfutures import answers, order_answers, rest, rest_new_markets, sending, signing
from ccxt_ext.venues.bitmaxfutures.orderids import SOCKET
from ccxt_ext.venues.bitmaxfutures.streams.frames import OPEN_ORDERS
from ccxt_ext.venues.bitmaxfutures.streams.requests import Requests, answer_to


class SocketOrders:
    def __init__(self, requests: Requests) -> None:
        self.requests = requests
        self.exchange: rest.bitmaxfutures = requests.exchange

    def message(self, connection: Connection, action: str, id: str | None = None) -> dict[str, Any]:
        """A message about orders, without its arguments."""
        id = self.requests.new_id(connection) if id is None else id
        return {"op": "req", "action": action, "ac": "futures", "id": id}

    async def place(self, request: dict[str, Any]) -> Any:
        exchange = self.exchange
        client_id = str(request["id"])
        connection = await self.requests.private_connection()
        if answer_to(client_id) in connection.futures:
            raise DuplicateOrderId(
                f"{exchange.id} another request goes by {client_id}, which is not answered yet"
            )
        if connection.closed():
            raise NetworkError(f"{exchange.id} the connection was lost before the order {client_id} was sent")

        def stamp() -> dict[str, Any]:
            args = signing.stamped(exchange, request)
            sending.note_leaving(exchange, [args], SOCKET)
            return {"args": args if exchange.options["wsOrderIdInArgs"] else exchange.omit(args, "id")}

        def unknown(error: BaseError) -> BaseError:
            return exchange.outcome_unknown(error, client_id)

        message = self.message(connection, "place-order", client_id)
        frame = await self.requests.done(connection, message, stamp, unknown, placing=True)
        market = exchange.market(exchange.safe_symbol(request["symbol"]))
        return outcomes.parse_order_answer(
            exchange, self.order_of_answer, frame, request, market, client_id=client_id
        )

    def order_of_answer(self, frame: Mapping[str, Any], request: Mapping[str, Any], market: Any) -> Any:
        """The order of an acknowledgement. What becomes of it is told by watchOrders."""
        info = reading.record(self.exchange, frame.get("info"))
        order = order_answers.new_order(self.exchange, info, request, market, str(request["id"]))
        return {**order, "info": frame}

    async def cancel(self, request: dict[str, Any], market: Any) -> Any:
        exchange = self.exchange
        client_id, order_id = request.pop("id", None), request["orderId"]
        request = with_raw_fields(exchange.id, request)
        connection = await self.requests.private_connection()
        frame = await self.requests.done(
            connection,
            self.message(connection, "cancel-order"),
            lambda: {"args": signing.stamped(exchange, request)},
            lambda error: outcomes.cancel_unknown(exchange, error, client_id, order_id),
        )
        return outcomes.parse_cancel_answer(
            exchange, self.parse_cancel, frame, order_id, market, client_id=client_id, order_id=order_id
        )

    async def cancel_all(self, request: dict[str, Any], market: Any) -> list[Any]:
        exchange = self.exchange
        request = with_raw_fields(exchange.id, request)
        connection = await self.requests.private_connection()
        message = {**self.message(connection, "cancel-all"), "args": request}
        frame = await self.requests.done(
            connection, message, dict, partial(outcomes.cancel_unknown, exchange)
        )
        return [outcomes.parse_cancel_answer(exchange, self.parse_cancel, frame, None, market)]

    def parse_cancel(self, frame: Mapping[str, Any], id: str | None, market: Any) -> Any:
        """The answer says that the request was taken, and no more: the order's status is not known."""
        exchange = self.exchange
        info = reading.record(exchange, answers.data_of(exchange, frame, "info"))
        id = exchange.safe_string(info, "orderId", id)
        return exchange.safe_order(
            {"id": id, "symbol": exchange.safe_string(market, "symbol"), "info": frame}, market
        )

    async def open_rows(self, connection: Connection, args: Any) -> list[dict[str, Any]]:
        frame = await self.requests.asked(connection, OPEN_ORDERS, args)
        rows: list[dict[str, Any]] = await rest_new_markets.listed_rows(
            self.exchange, reading.rows(self.exchange, frame, "data")
        )
        return rows
