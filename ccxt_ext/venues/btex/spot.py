"""Answers of BTEX's spot API as ccxt's structures."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.precise import Precise

from ccxt_ext.venue.venue import Venue
from ccxt_ext.venues.btex.contracts import SECONDS
from ccxt_ext.venues.btex.memory import KEPT


class Spot(Venue):
    def pairs(self, data: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        """What the venue tells of each pair, by the pair's id."""
        for id, row in self.record(data).items():
            yield id, self.record(row)

    def pair_of(self, row: Mapping[str, Any], market: Any) -> Any:
        id = self.pair_id(row)
        if id is None and not market:
            id = self.required(row, "pair")
        return self.safe_market(id, market, "_")

    def pair_id(self, row: Mapping[str, Any]) -> str | None:
        """Trades name their pair, orders its two coins."""
        if "danwei" in row:
            return f"{self.required(row, 'type')}_{self.required(row, 'danwei')}"
        return self.safe_string(row, "pair")

    def parse_pair(self, row: Mapping[str, Any]) -> Any:
        """A row of `pairs`, with its key as `pair`."""
        id = self.required(row, "pair")
        base_id, _, quote_id = id.partition("_")
        if not base_id or not quote_id:
            raise BadResponse(f"{self.id} expected a pair's two currencies, got {self.excerpt(id)}")
        fees = [fee for key in ("buy_fee", "sell_fee") if (fee := self.number_text(row, key)) is not None]
        fee = self.parse_number(Precise.string_max(fees[0], fees[-1])) if fees else None
        market = self.spot_market(
            self.omit(row, "pair"),
            id,
            base_id,
            quote_id,
            active=self.safe_string(row, "status") in self.options["spotActiveStatuses"],
            step=self.tick(row, "amount_float_num"),
            tick=self.tick(row, "price_float_num"),
            amounts=(self.number_text(row, "min_trade_num"), self.number_text(row, "max_trade_num")),
            prices=(self.price_bound(row, "down"), self.price_bound(row, "up")),
            fees=(fee, fee),
        )
        return {**market, "feeSide": "get" if self.options["spotBuyFeeCurrency"] == "base" else "quote"}

    def price_bound(self, row: Mapping[str, Any], which: str) -> str | None:
        """Zero is no bound."""
        bound: str | None = self.omit_zero(self.number_text(row, f"limit_{which}"))
        return bound

    def parse_pair_ticker(self, row: Mapping[str, Any], market: Any) -> Any:
        told = self.record(row.get("ticker"))
        last = self.number_text(told, "trade_price")
        return self.safe_ticker(
            {
                "symbol": market["symbol"],
                "timestamp": None,
                "datetime": None,
                "high": self.number_text(told, "max_24h_price"),
                "low": self.number_text(told, "min_24h_price"),
                "bid": None,
                "bidVolume": None,
                "ask": None,
                "askVolume": None,
                "vwap": None,
                "open": self.number_text(told, "price_24h"),
                "close": last,
                "last": last,
                "previousClose": None,
                "change": None,
                "percentage": Precise.string_mul(self.number_text(told, "change_24h"), "100"),
                "average": None,
                "baseVolume": self.number_text(told, "amount"),
                "quoteVolume": self.number_text(told, "total"),
                "info": row,
            },
            market,
        )

    def parse_spot_candle(self, row: Any) -> list[Any]:
        numbers = [self.parse_number(self.number_text(row, at)) for at in range(1, 6)]
        return [self.moment(row, 0), *numbers]

    def parse_spot_trade(self, row: Mapping[str, Any], market: Any) -> Any:
        """The public's trades, which have no id, and one's own."""
        own = "trade_type" in row
        market = self.pair_of(row, market)
        timestamp = self.moment_in(SECONDS, row, "ctime", "time")
        side = self.side_of(row, "trade_type", "trade_info")
        paid = self.number_text(row, "fee")
        currency = market["base"] if self.options["spotBuyFeeCurrency"] == "base" else market["quote"]
        if side != "buy":
            currency = market["quote"] if side == "sell" else None
        return self.safe_trade(
            {
                "id": self.required(row, "trade_id") if own else None,
                "order": self.safe_string(row, "order_id"),
                "symbol": market["symbol"],
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "type": "limit" if own else None,
                "side": side,
                "takerOrMaker": None,
                "price": self.number_text(row, "price"),
                "amount": self.number_text(row, "num"),
                "cost": self.number_text(row, "total"),
                "fee": None if paid is None else {"cost": paid, "currency": currency},
                "info": row,
            },
            market,
        )

    def parse_spot_balance(self, data: Mapping[str, Any], answer: Any) -> Any:
        timestamp = self.moment_in(SECONDS, data, "servertimestamp") if "servertimestamp" in data else None
        result: dict[str, Any] = {
            "info": answer,
            "timestamp": timestamp,
            "datetime": self.iso8601(timestamp),
        }
        free = self.record(data.get("balances_available"))
        used = self.record(data.get("balance_hold"))
        for coin in {**free, **used}:
            account = self.account()
            account["free"] = self.number_text(free, coin) or "0"
            account["used"] = self.number_text(used, coin) or "0"
            result[self.safe_currency_code(coin)] = account
        return self.safe_balance(result)

    def parse_spot_order(self, row: Mapping[str, Any], market: Any) -> Any:
        """The only orders that the venue lists are those that are open."""
        market = self.pair_of(row, market)
        timestamp = self.moment_in(SECONDS, row, "ctime")
        side = self.side_of(row, "order_type")
        return self.safe_order(
            {
                "id": self.required(row, "order_id"),
                "clientOrderId": None,
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "lastTradeTimestamp": None,
                "symbol": market["symbol"],
                "type": "limit",
                "timeInForce": "GTC",
                "postOnly": False,
                "side": side,
                "price": self.number_text(row, "price"),
                "triggerPrice": None,
                "amount": self.number_text(row, "num"),
                "filled": None,
                "remaining": self.number_text(row, "rest_num"),
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
        return bool(Precise.string_ge(self.sum_of(fills, "amount"), amount))

    def has_more(self, fills: Sequence[Any], order: Any) -> bool:
        filled = self.number_to_string(order["filled"])
        return bool(Precise.string_gt(self.sum_of(fills, "amount"), filled))

    def order_of_fills(self, fills: Sequence[Any]) -> dict[str, Any]:
        """What fills tell of an order; neither its amount nor its limit."""
        first = fills[0]
        told = {name: first[name] for name in ("symbol", "side", "info")}
        return {**dict.fromkeys(KEPT), **told, "id": first["order"], "type": "limit"}

    def with_fills(self, order: Mapping[str, Any], status: str | None, fills: Sequence[Any]) -> Any:
        """A spot order that is not listed any more; without a status, nobody knows what became of it."""
        filled = self.sum_of(fills, "amount")
        told = self.safe_order(
            {
                **{name: order[name] for name in KEPT},
                "status": status,
                "filled": filled,
                "cost": self.sum_of(fills, "cost") if fills else None,
                "average": self.one_price_of(fills),
                "lastTradeTimestamp": fills[-1]["timestamp"] if fills else None,
                "trades": list(fills),
            },
            self.market_told(order["symbol"]),
        )
        # ccxt takes what was filled of a closed order for its amount.
        return told if order["amount"] is not None else {**told, "amount": None, "remaining": None}
