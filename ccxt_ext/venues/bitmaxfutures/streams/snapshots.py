"""What an account holds, as BitMax's socket tells it when it is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venues.bitmaxfutures import answers, funds, positions, rest, rest_funds, rest_new_markets
from ccxt_ext.venues.bitmaxfutures.streams.frames import COLLATERAL, HOLDINGS, POSITION, named
from ccxt_ext.venues.bitmaxfutures.streams.requests import Requests


@dataclass(frozen=True)
class AccountUpdate:
    """What a frame tells of an account. The rows have the names that they have over REST."""

    collaterals: list[dict[str, Any]]
    contracts: list[dict[str, Any]]
    frame: dict[str, Any]
    number: int | None  # a later update has a higher one
    timestamp: int | None = None
    sent: Mapping[Any, Any] = field(default_factory=dict)  # the contracts' rows as the venue sent them


class Snapshots:
    def __init__(self, requests: Requests) -> None:
        self.requests = requests
        self.exchange: rest.bitmaxfutures = requests.exchange

    async def ask(self, connection: Connection) -> AccountUpdate:
        return self.read(await self.requests.asked(connection, HOLDINGS))

    def read(self, frame: dict[str, Any]) -> AccountUpdate:
        exchange = self.exchange
        return AccountUpdate(
            collaterals=[named(row, COLLATERAL) for row in reading.rows(exchange, frame, "col")],
            contracts=[named(row, POSITION) for row in reading.rows(exchange, frame, "pos")],
            sent={row.get("s"): row for row in reading.rows(exchange, frame, "pos")},
            number=reading.integer(exchange, frame, "sn"),
            timestamp=answers.optional_moment(exchange, frame, "t"),
            frame=frame,
        )

    async def ask_over_rest(self, number: int | None) -> AccountUpdate:
        """What REST tells, which is the same but for the number."""
        exchange = self.exchange
        answer = await exchange.v2_group_get_futures_position()
        data = answers.record_of(exchange, answer)
        collaterals, contracts = (reading.rows(exchange, data, name) for name in ("collaterals", "contracts"))
        return AccountUpdate(collaterals, contracts, answer, number)

    async def balance(self, with_free_margin: bool) -> Any:
        update = await self.ask(await self.requests.private_connection())
        # The socket does not tell what is free.
        free = await rest_funds.free_margin(self.exchange) if with_free_margin else None
        return self.balance_of(update.collaterals, free, update)

    def balance_of(self, collaterals: Sequence[Any], free: Any, update: AccountUpdate) -> Any:
        """The balance as of an update."""
        answer = {"code": 0, "data": {"collaterals": collaterals}}
        balance = funds.futures_balance(self.exchange, answer, free)
        timestamp = update.timestamp
        datetime = self.exchange.iso8601(timestamp)
        return {**balance, "timestamp": timestamp, "datetime": datetime, "info": update.frame}

    async def positions(self, flat: bool) -> list[Any]:
        exchange = self.exchange
        update = await self.ask(await self.requests.private_connection())
        await rest_new_markets.listed_rows(exchange, update.contracts)
        answer = {"code": 0, "data": {"collaterals": update.collaterals, "contracts": update.contracts}}
        prices = None
        if positions.lacks_mark_price(exchange, positions.open_or_listed(exchange, answer)):
            # The socket does not tell the prices either on which margins depend.
            data = answers.data_of(exchange, await exchange.v2_public_get_futures_pricing_data())
            prices = reading.rows(exchange, data, "contracts")
            self.add_reference_prices(update.collaterals, reading.rows(exchange, data, "collaterals"))
        return [
            {**position, "info": update.sent[position["info"]["symbol"]]}
            for position in positions.position_list(exchange, answer, prices, flat)
        ]

    def add_reference_prices(self, collaterals: Sequence[dict[str, Any]], prices: Sequence[Any]) -> None:
        exchange = self.exchange
        known = {
            reading.required_text(exchange, row, "asset"): reading.number_text(
                exchange, row, "referencePrice"
            )
            for row in prices
        }
        for row in collaterals:
            row["referencePrice"] = known.get(reading.required_text(exchange, row, "asset"))
