"""Answers of BTEX's spot API as ccxt's structures."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import listings, reading, spot_markets
from ccxt_ext.venue.orders import costs
from ccxt_ext.venue.venue import Venue
from ccxt_ext.venues.btex.contracts import SECONDS
from ccxt_ext.venues.btex.memory import KEPT


class Spot(Venue):
    def pairs(self, data: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        """What the venue tells of each pair, by the pair's id."""
        for id, row in reading.record(self, data).items():
            yield id, reading.record(self, row)

    def pair_of(self, row: Mapping[str, Any], market: Any) -> Any:
        id = self.pair_id(row)
        if id is None and not market:
            id = reading.required(self, row, "pair")
        return self.safe_market(id, market, "_")

    def pair_id(self, row: Mapping[str, Any]) -> str | None:
        """Trades name their pair, orders its two coins."""
        if "danwei" in row:
            return f"{reading.required(self, row, 'type')}_{reading.required(self, row, 'danwei')}"
        return self.safe_string(row, "pair")

    def parse_pair(self, row: Mapping[str, Any]) -> Any:
        """A row of `pairs`, with its key as `pair`."""
        id = reading.required(self, row, "pair")
        base_id, _, quote_id = id.partition("_")
        if not base_id or not quote_id:
            raise BadResponse(f"{self.id} expected a pair's two currencies, got {reading.excerpt(self, id)}")
        fees = [
            fee for key in ("buy_fee", "sell_fee") if (fee := reading.number_text(self, row, key)) is not None
        ]
        fee = self.parse_number(Precise.string_max(fees[0], fees[-1])) if fees else None
        market = spot_markets.spot_market(
            self,
            self.omit(row, "pair"),
            id,
            base_id,
            quote_id,
            active=self.safe_string(row, "status") in self.options["spotActiveStatuses"],
            step=self.tick(row, "amount_float_num"),
            tick=self.tick(row, "price_float_num"),
            amounts=(
                reading.number_text(self, row, "min_trade_num"),
                reading.number_text(self, row, "max_trade_num"),
            ),
            prices=(self.price_bound(row, "down"), self.price_bound(row, "up")),
            fees=(fee, fee),
        )
        return {**market, "feeSide": "get" if self.options["spotBuyFeeCurrency"] == "base" else "quote"}

    def price_bound(self, row: Mapping[str, Any], which: str) -> str | None:
        """Zero is no bound."""
        bound: str | None = self.omit_zero(reading.number_text(self, row, f"limit_{which}"))
        return bound

    def parse_pair_ticker(self, row: Mapping[str, Any], market: Any) -> Any:
        told = reading.record(self, row.get("ticker"))
        last = reading.number_text(self, told, "trade_price")
        return self.safe_ticker(
            {
                "symbol": market["symbol"],
                "timestamp": None,
                "datetime": None,
                "high": reading.number_text(self, told, "max_24h_price"),
                "low": reading.number_text(self, told, "min_24h_price"),
                "bid": None,
                "bidVolume": None,
                "ask": None,
                "askVolume": None,
                "vwap": None,
                "open": reading.number_text(self, told, "price_24h"),
                "close": last,
                "last": last,
                "previousClose": None,
                "change": None,
                "percentage": Precise.string_mul(reading.number_text(self, told, "change_24h"), "100"),
                "average": None,
                "baseVolume": reading.number_text(self, told, "amount"),
                "quoteVolume": reading.number_text(self, told, "total"),
                "info": row,
            },
            market,
        )

    def parse_spot_candle(self, row: Any) -> list[Any]:
        numbers = [self.parse_number(reading.number_text(self, row, at)) for at in range(1, 6)]
        return [reading.moment(self, row, 0), *numbers]

    def parse_spot_trade(self, row: Mapping[str, Any], market: Any) -> Any:
        """The public's trades, which have no id, and one's own."""
        own = "trade_type" in row
        market = self.pair_of(row, market)
        timestamp = reading.moment_in(self, SECONDS, row, "ctime", "time")
        side = reading.side_of(self, row, "trade_type", "trade_info")
        paid = reading.number_text(self, row, "fee")
        currency = market["base"] if self.options["spotBuyFeeCurrency"] == "base" else market["quote"]
        if side != "buy":
            currency = market["quote"] if side == "sell" else None
        return self.safe_trade(
            {
                "id": reading.required(self, row, "trade_id") if own else None,
                "order": self.safe_string(row, "order_id"),
                "symbol": market["symbol"],
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "type": "limit" if own else None,
                "side": side,
                "takerOrMaker": None,
                "price": reading.number_text(self, row, "price"),
                "amount": reading.number_text(self, row, "num"),
                "cost": reading.number_text(self, row, "total"),
                "fee": None if paid is None else {"cost": paid, "currency": currency},
                "info": row,
            },
            market,
        )

    def parse_spot_balance(self, data: Mapping[str, Any], answer: Any) -> Any:
        timestamp = (
            reading.moment_in(self, SECONDS, data, "servertimestamp") if "servertimestamp" in data else None
        )
        result: dict[str, Any] = {
            "info": answer,
            "timestamp": timestamp,
            "datetime": self.iso8601(timestamp),
        }
        free = reading.record(self, data.get("balances_available"))
        used = reading.record(self, data.get("balance_hold"))
        for coin in {**free, **used}:
            account = self.account()
            account["free"] = reading.number_text(self, free, coin) or "0"
            account["used"] = reading.number_text(self, used, coin) or "0"
            result[self.safe_currency_code(coin)] = account
        return self.safe_balance(result)

    def parse_spot_order(self, row: Mapping[str, Any], market: Any) -> Any:
        """The only orders that the venue lists are those that are open."""
        market = self.pair_of(row, market)
        timestamp = reading.moment_in(self, SECONDS, row, "ctime")
        side = reading.side_of(self, row, "order_type")
        return self.safe_order(
            {
                "id": reading.required(self, row, "order_id"),
                "clientOrderId": None,
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "lastTradeTimestamp": None,
                "symbol": market["symbol"],
                "type": "limit",
                "timeInForce": "GTC",
                "postOnly": False,
                "side": side,
                "price": reading.number_text(self, row, "price"),
                "triggerPrice": None,
                "amount": reading.number_text(self, row, "num"),
                "filled": None,
                "remaining": reading.number_text(self, row, "rest_num"),
                "cost": None,  # what the venue tells goes by the limit, not by the fills
                "average": None,
                "status": "open",
                "fee": None,
                "trades": None,
                "info": row,
            },
            market,
        )

    # -- what became of orders ----------------------------------------------------------------------

    def find_order(self, orders: Sequence[Any], id: str) -> Any:
        return next((order for order in orders if order["id"] == id), None)

    def may_be_cut(self, listed: Sequence[Any]) -> bool:
        """Whether there may be open orders that are not in a list, as it is as long as it can be."""
        return len(listed) >= self.options["spotOpenOrders"]

    def is_filled(self, order: Any, fills: Sequence[Any]) -> bool:
        amount = self.number_to_string(order["amount"])
        return bool(Precise.string_ge(costs.sum_of(self, fills, "amount"), amount))

    def has_more(self, fills: Sequence[Any], order: Any) -> bool:
        filled = self.number_to_string(order["filled"])
        return bool(Precise.string_gt(costs.sum_of(self, fills, "amount"), filled))

    def order_of_fills(self, fills: Sequence[Any]) -> dict[str, Any]:
        """What fills tell of an order; neither its amount nor its limit."""
        first = fills[0]
        told = {name: first[name] for name in ("symbol", "side", "info")}
        return {**dict.fromkeys(KEPT), **told, "id": first["order"], "type": "limit"}

    def with_fills(self, order: Mapping[str, Any], status: str | None, fills: Sequence[Any]) -> Any:
        """A spot order that is not listed any more; without a status, nobody knows what became of it."""
        filled = costs.sum_of(self, fills, "amount")
        told = self.safe_order(
            {
                **{name: order[name] for name in KEPT},
                "status": status,
                "filled": filled,
                "cost": costs.sum_of(self, fills, "cost") if fills else None,
                "average": costs.one_price_of(self, fills),
                "lastTradeTimestamp": fills[-1]["timestamp"] if fills else None,
                "trades": list(fills),
            },
            listings.market_told(self, order["symbol"]),
        )
        # ccxt takes what was filled of a closed order for its amount.
        return told if order["amount"] is not None else {**told, "amount": None, "remaining": None}
