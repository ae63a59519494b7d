"""What an account holds, as BitMax's socket tells it when it is asked."""

from collections.abc import Sequence
from typing import Any

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venues.bitmaxfutures import answers, funds, positions, rest, rest_arrivals, rest_funds
from ccxt_ext.venues.bitmaxfutures.streams.frames import COLLATERAL, HOLDINGS, POSITION, named
from ccxt_ext.venues.bitmaxfutures.streams.requests import Requests


class Snapshots:
    def __init__(self, requests: Requests) -> None:
        self.requests = requests
        self.exchange: rest.bitmaxfutures = requests.exchange

    async def ask(self, connection: Connection) -> dict[str, Any]:
        """Collaterals and positions, with the names that they have over REST."""
        return self.read(await self.requests.asked(connection, HOLDINGS))

    def read(self, frame: dict[str, Any]) -> dict[str, Any]:
        exchange = self.exchange
        return {
            "collaterals": [named(row, COLLATERAL) for row in reading.rows(exchange, frame, "col")],
            "contracts": [named(row, POSITION) for row in reading.rows(exchange, frame, "pos")],
            "sent": {row.get("s"): row for row in reading.rows(exchange, frame, "pos")},
            "number": reading.whole(exchange, frame, "sn"),
            "timestamp": answers.optional_moment(exchange, frame, "t"),
            "frame": frame,
        }

    async def balance(self, with_free_margin: bool) -> Any:
        held = await self.ask(await self.requests.private_connection())
        # The socket does not tell what is free.
        free = await rest_funds.free_margin(self.exchange) if with_free_margin else None
        return self.balance_of(held["collaterals"], free, held["timestamp"], held["frame"])

    def balance_of(self, collaterals: Sequence[Any], free: Any, timestamp: int | None, frame: Any) -> Any:
        answer = {"code": 0, "data": {"collaterals": collaterals}}
        balance = funds.futures_balance(self.exchange, answer, free)
        datetime = self.exchange.iso8601(timestamp)
        return {**balance, "timestamp": timestamp, "datetime": datetime, "info": frame}

    async def positions(self, flat: bool) -> list[Any]:
        exchange = self.exchange
        held = await self.ask(await self.requests.private_connection())
        await rest_arrivals.listed_rows(exchange, held["contracts"])
        answer = {"code": 0, "data": {name: held[name] for name in ("collaterals", "contracts")}}
        prices = None
        if positions.lacks_mark_price(exchange, positions.open_or_listed(exchange, answer)):
            # The socket does not tell the prices either on which margins depend.
            told = answers.data_of(exchange, await exchange.v2_public_get_futures_pricing_data())
            prices = reading.rows(exchange, told, "contracts")
            self.add_reference_prices(held["collaterals"], reading.rows(exchange, told, "collaterals"))
        return [
            {**position, "info": held["sent"][position["info"]["symbol"]]}
            for position in positions.position_list(exchange, answer, prices, flat)
        ]

    def add_reference_prices(self, collaterals: Sequence[dict[str, Any]], prices: Sequence[Any]) -> None:
        exchange = self.exchange
        known = {
            reading.required(exchange, row, "asset"): reading.number_text(exchange, row, "referencePrice")
            for row in prices
        }
        for row in collaterals:
            row["referencePrice"] = known.get(reading.required(exchange, row, "asset"))
