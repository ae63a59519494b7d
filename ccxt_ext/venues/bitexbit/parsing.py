"""bitexbit's answers as ccxt's structures: markets, market data, orders, trades, balances."""

import json
from collections.abc import Iterable, Iterator, Mapping, Set
from decimal import Decimal
from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading, spot_markets
from ccxt_ext.venue.venue import Venue

V1_STATUSES = {"1": "open", "2": "canceled", "3": "closed"}
V2_STATES = {
    "submitted": "open",
    "partial-filled": "open",
    "filled": "closed",
    "partial-canceled": "canceled",
    "canceled": "canceled",
}
OPPOSITE = {"buy": "sell", "sell": "buy"}

# Times below this are seconds, others milliseconds.
MILLISECONDS_FROM = Decimal("1e11")
LATEST = Decimal("1e14")

LEAST_STEP = "8"  # decimals of an amount where v2 does not tell them


class Parsing(Venue):
    def on_json_response(self, response_body: str) -> Any:
        """v1 sends money as JSON numbers, whose last digits floats would lose."""
        return json.loads(response_body, parse_float=str)

    # -- pieces -------------------------------------------------------------------------------------

    def time_of(self, row: Any, key: Any) -> int:
        """Milliseconds, from any of the venue's units; microseconds beyond them are cut off."""
        text = reading.number_text(self, row, key)
        time = Decimal(text) if text is not None else LATEST
        if not 0 <= time < LATEST:
            raise BadResponse(f"{self.id} expected a time as {key} in {reading.excerpt(self, row)}")
        return int(time * 1000 if time < MILLISECONDS_FROM else time)

    def iso_time(self, row: Any, key: str) -> int:
        time = self.parse8601(self.safe_string(row, key))
        if time is None:
            raise BadResponse(f"{self.id} expected a time as {key} in {reading.excerpt(self, row)}")
        return int(time)

    def number_of(self, row: Any, key: str | int) -> Any:
        return self.parse_number(reading.number_text(self, row, key))

    def id_number(self, row: Mapping[str, Any]) -> int:
        """By which lists are ordered and paged."""
        id = reading.required(self, row, "id")
        if not id.isdecimal() or len(id) > 40:
            raise BadResponse(f"{self.id} expected a number as id, got {reading.excerpt(self, id)}")
        return int(id)

    def row_key(self, row: Mapping[str, Any]) -> Any:
        """What tells a row of a list from others. A trade with oneself is two, with one id."""
        return reading.required(self, row, "id"), reading.side_of(self, row, "my_side", "type")

    def market_of(self, row: Mapping[str, Any], market: Any) -> Any:
        id = self.safe_string_2(row, "symbol", "pair")
        if id is None and market is None:
            raise BadResponse(f"{self.id} expected a pair in {reading.excerpt(self, row)}")
        return self.safe_market(id, market, "_")

    def pair_ids(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[str | None]:
        return (self.safe_string_2(row, "symbol", "pair") for row in rows)

    def optional_market(self, symbol: str | None) -> Any:
        return None if symbol is None else self.market(symbol)

    def told_fills(self, row: Mapping[str, Any], wanted: Set[tuple[str, str | None]]) -> list[Any]:
        """Which of the wanted fills, each an id and a side, a row of v1's is. A row without one's own side
        may be either; with both wanted, that is not told."""
        id = reading.required(self, row, "id")
        if "my_side" in row:
            return [key for key in [(id, reading.side_of(self, row, "my_side"))] if key in wanted]
        found = [key for key in ((id, "buy"), (id, "sell"), (id, None)) if key in wanted]
        return found if len(found) == 1 else []

    def tick(self, row: Mapping[str, Any], key: str, default: str | None = None) -> str | None:
        digits = self.safe_string(row, key, default)
        if digits is None or not digits.isdigit() or int(digits) > 30:
            return None
        return self.parse_precision(digits)

    def merged(
        self, rows: list[dict[str, Any]], key: str, more: list[dict[str, Any]], more_key: str
    ) -> list[dict[str, Any]]:
        """v1's rows with what v2's tell of the same thing."""
        known = {reading.required(self, row, more_key): row for row in more}
        return [{**row, **known.get(reading.required(self, row, key), {})} for row in rows]

    # -- markets ------------------------------------------------------------------------------------

    def parse_market(self, market: Any) -> Any:
        """A row of v1, of v2, or of both in one."""
        id = self.safe_string(market, "symbol") or reading.required(self, market, "name")
        base_id = self.safe_string(market, "base") or reading.required(self, market, "currency1")
        quote_id = self.safe_string(market, "quote") or reading.required(self, market, "currency2")
        enabled = self.safe_bool(market, "is_enabled")
        tick = self.tick(market, "price_precision")
        least = reading.number_text(self, market, "min_amount") or reading.number_text(
            self, market, "minimum_order_size"
        )
        most = reading.number_text(self, market, "max_amount") or reading.number_text(
            self, market, "maximum_order_size"
        )
        return spot_markets.spot_market(
            self,
            market,
            id,
            base_id,
            quote_id,
            # v1 alone lists what can be traded and does not tell more.
            active=True if enabled is None else enabled and self.safe_bool(market, "can_create_order"),
            step=self.tick(market, "amount_precision", LEAST_STEP),
            tick=tick,
            amounts=(least, most),
            prices=(tick, None),
            costs=(reading.number_text(self, market, "min_value"), None),
        )

    def parse_currency(self, currency: Any) -> Any:
        """A row of v1, of v2, or of both in one, with the gateway's methods under `methods`."""
        id = self.safe_string(currency, "code") or reading.required(self, currency, "short_name")
        code = self.safe_currency_code(id)
        networks = {}
        fiat = None
        for method in currency.get("methods") or []:
            network = self.parse_network(method)
            networks[network["network"]] = network
            fiat = self.safe_bool(method, "is_fiat")
        return self.safe_currency_structure(
            {
                "id": id,
                "code": code,
                "name": self.safe_string(currency, "name"),
                "active": self.safe_bool(currency, "is_enabled"),
                "deposit": None,
                "withdraw": None,
                "fee": None,
                "precision": self.parse_number(self.tick(currency, "precision")),
                "limits": {
                    "amount": {"min": None, "max": None},
                    "deposit": {"min": None, "max": None},
                    "withdraw": {"min": None, "max": None},
                },
                "networks": networks,
                "type": None if fiat is None else "fiat" if fiat else "crypto",
                "info": currency,
            }
        )

    def parse_network(self, method: Mapping[str, Any]) -> dict[str, Any]:
        id = reading.required(self, method, "network")
        deposit = self.safe_bool(method, "is_deposit_enabled")
        withdraw = self.safe_bool(method, "is_withdraw_enabled")

        def number(key: str) -> Any:
            return self.number_of(method, key)

        return {
            "id": id,
            "network": self.network_id_to_code(id),
            "name": None,
            "active": None if deposit is None or withdraw is None else deposit and withdraw,
            "deposit": deposit,
            "withdraw": withdraw,
            # A part of it would pass for the whole.
            "fee": None if number("withdraw_fee_rate") else number("withdraw_fee_amount"),
            "precision": None,
            "limits": {
                "deposit": {"min": number("min_deposit"), "max": number("max_deposit")},
                "withdraw": {"min": number("min_withdraw"), "max": number("max_withdraw")},
            },
            "info": method,
        }

    # -- public data --------------------------------------------------------------------------------

    def parse_ticker(self, ticker: Any, market: Any = None) -> Any:
        market = self.market_of(ticker, market)
        timestamp = self.time_of(ticker, "date")
        return self.safe_ticker(
            {
                "symbol": market["symbol"],
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                # Zero if there were no trades.
                "high": self.omit_zero(reading.number_text(self, ticker, "high")),
                "low": self.omit_zero(reading.number_text(self, ticker, "low")),
                "bid": self.omit_zero(reading.number_text(self, ticker, "buy")),
                "bidVolume": None,
                "ask": self.omit_zero(reading.number_text(self, ticker, "sell")),
                "askVolume": None,
                "vwap": None,
                "open": None,
                "last": self.omit_zero(reading.number_text(self, ticker, "last")),
                "previousClose": None,
                "change": None,
                "percentage": reading.number_text(self, ticker, "change"),
                "average": None,
                "baseVolume": reading.number_text(self, ticker, "vol1"),
                "quoteVolume": reading.number_text(self, ticker, "vol2"),
                "info": ticker,
            },
            market,
        )

    def parse_last_price(self, price: Any, market: Any = None) -> Any:
        """Of a ticker."""
        told = {name: price[name] for name in ("symbol", "timestamp", "datetime", "info")}
        return {**told, "price": price["last"], "side": None}

    def parse_ohlcv(self, ohlcv: Any, market: Any = None) -> list[Any]:
        """An object of the charts, or an array of v2."""
        keys = (1, 2, 3, 4, 5) if isinstance(ohlcv, list) else ("open", "high", "low", "close", "volume")
        numbers = [self.number_of(ohlcv, key) for key in keys]
        return [self.time_of(ohlcv, 0 if isinstance(ohlcv, list) else "time"), *numbers]

    def candle_rows(self, answer: Any) -> list[Any]:
        if isinstance(answer, list) and set(map(type, answer)) <= {dict, list}:
            return answer
        raise BadResponse(f"{self.id} expected a list of candles, got {reading.excerpt(self, answer)}")

    def parse_book(self, answer: Any, symbol: str, limit: Any, by_id: bool) -> Any:
        """v1's sides of objects, or v2's of arrays."""
        book = reading.record(self, answer)
        named = "buy" in book
        sides = ("buy", "sell") if named else ("bids", "asks")
        price, amount = ("price", "amount") if named else (0, 1)
        for side in sides:
            levels = book.get(side)
            if not isinstance(levels, list):
                raise BadResponse(f"{self.id} expected a book, got {reading.excerpt(self, book)}")
            for level in levels:
                fits = isinstance(level, dict if named else list)
                if not fits or None in (
                    reading.number_text(self, level, price),
                    reading.number_text(self, level, amount),
                ):
                    raise BadResponse(
                        f"{self.id} sent a level without price or amount: {reading.excerpt(self, level)}"
                    )
        timestamp = self.time_of(book, "date") if "date" in book else None
        id = "id" if by_id else 2
        parsed = self.parse_order_book(book, symbol, timestamp, *sides, price, amount, id)
        for side in ("bids", "asks"):
            parsed[side] = parsed[side][:limit]
        return parsed

    def parse_trade(self, trade: Any, market: Any = None) -> Any:
        """A row of either API's trades, public or one's own; the latter tell a fee or `my_side`."""
        market = self.market_of(trade, market)
        timestamp = self.time_of(trade, "date" if "date" in trade else "timestamp")
        own = "my_side" in trade or "fee_amount" in trade
        side = reading.side_of(self, trade, "my_side", "type")
        if not own and self.options["publicTradeTypeIs"] == "maker":
            side = OPPOSITE.get(side or "")
        fee = None
        cost = reading.number_text(self, trade, "fee_amount")
        if cost is not None:
            fee = {
                "cost": cost,
                "currency": self.safe_currency_code(self.safe_string(trade, "fee_symbol")),
                "rate": reading.number_text(self, trade, "fee_rate"),
            }
        return self.safe_trade(
            {
                "id": reading.required(self, trade, "id"),
                "order": self.safe_string(trade, "o_id"),
                "symbol": market["symbol"],
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "type": "limit" if own else None,
                "side": side,
                "takerOrMaker": None,
                "price": reading.number_text(self, trade, "price"),
                "amount": reading.number_text(self, trade, "amount"),
                "cost": None,
                "fee": fee,
                "info": trade,
            },
            market,
        )

    # -- the account --------------------------------------------------------------------------------

    def parse_balance(self, response: Any) -> Any:
        result: dict[str, Any] = {"info": response, "timestamp": None, "datetime": None}
        for row in reading.rows(self, response):
            account = self.account()
            if "available" in row:
                account["free"] = reading.number_text(self, row, "available")
                account["used"] = reading.number_text(self, row, "reserved")
                id = reading.required(self, row, "symbol")
            else:
                account["total" if self.options["v1BalanceIsTotal"] else "free"] = reading.number_text(
                    self, row, "balance"
                )
                account["used"] = reading.number_text(self, row, "reserve")
                id = reading.required(self, row, "currency")
            result[self.safe_currency_code(id)] = account
        return self.safe_balance(result)

    def parse_order(self, order: Any, market: Any = None) -> Any:
        return self.parse_v2_order(order, market) if "state" in order else self.parse_v1_order(order, market)

    def parse_v1_order(self, order: Mapping[str, Any], market: Any) -> Any:
        """A row of v1 has no time, and does not tell how much of an open or canceled order was filled."""
        market = self.market_of(order, market)
        status = V1_STATUSES.get(self.safe_string(order, "status", ""))
        told = reading.number_text(self, order, "amount")
        amount = reading.number_text(self, order, "amount_original")
        filled = reading.number_text(self, order, "amount_filled")
        remaining = None
        if amount is not None or self.options["v1OrderAmountIs"] == "remaining":
            remaining = told
        else:
            amount = told
        if status == "closed":
            filled = amount if filled is None else filled
        return self.limit_order(
            {
                "id": reading.required(self, order, "id"),
                "symbol": market["symbol"],
                "side": reading.side_of(self, order, "type"),
                "price": reading.number_text(self, order, "price"),
                "amount": amount,
                "filled": filled,
                "remaining": remaining,
                "status": status,
                "info": order,
            },
            market,
        )

    def parse_v2_order(self, order: Mapping[str, Any], market: Any) -> Any:
        market = self.market_of(order, market)
        side, _, type = self.safe_string(order, "type", "").partition("-")
        timestamp = self.time_of(order, "date")
        amount = reading.number_text(self, order, "amount")
        filled = reading.number_text(self, order, "amount_filled")
        cost = reading.number_text(self, order, "fee_filled")
        currency = market[self.options["orderFeeCurrency"]]
        return self.limit_order(
            {
                "id": reading.required(self, order, "id"),
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "lastUpdateTimestamp": None
                if order.get("done_at") is None
                else self.time_of(order, "done_at"),
                "symbol": market["symbol"],
                "type": type or None,
                "side": side if side in OPPOSITE else None,
                "price": reading.number_text(self, order, "price"),
                "amount": amount,
                "filled": "0" if filled is None else filled,
                # What is left unfilled of a canceled order the venue calls cancelled.
                "remaining": reading.number_text(self, order, "amount_unfilled")
                if self.omit_zero(amount) is None
                else None,
                "cost": reading.number_text(self, order, "value_filled"),
                "average": reading.number_text(self, order, "price_avg"),
                "status": V2_STATES.get(self.safe_string(order, "state", "")),
                "fee": None if cost is None else {"cost": self.parse_number(cost), "currency": currency},
                "info": order,
            },
            market,
        )

    def limit_order(self, order: Mapping[str, Any], market: Any) -> Any:
        known = {
            "clientOrderId": None,
            "timestamp": None,
            "datetime": None,
            "lastTradeTimestamp": None,
            "type": "limit",
            "timeInForce": "GTC",
            "postOnly": False,
            "triggerPrice": None,
            "cost": None,
            "average": None,
            "fee": None,
            "trades": None,
        }
        return self.safe_order({**known, **order}, market)

    def parse_new_v1_order(self, answer: Any, request: Mapping[str, Any]) -> Any:
        """`amount` is what is left after matching; price and amount are those that were asked for."""
        order = reading.record(self, answer)
        self.check_no_error(order)
        market = self.safe_market(request["pair"], None, "_")
        id = reading.required(self, order, "oid")
        timestamp = self.time_of(order, "date")
        remaining = reading.number_text(self, order, "amount")
        status = None
        if remaining is not None:
            status = "closed" if Precise.string_eq(remaining, "0") else "open"
        rows = reading.rows(self, order, "trades") if order.get("trades") else []
        trades = [self.parse_fill(row, id, request["type"], timestamp, market) for row in rows]
        parsed = {
            "id": id,
            "timestamp": timestamp,
            "datetime": self.iso8601(timestamp),
            "symbol": market["symbol"],
            "side": request["type"],
            "price": request["price"],
            "amount": request["amount"],
            "filled": None if remaining is None else Precise.string_sub(request["amount"], remaining),
            "remaining": remaining,
            "status": status,
            "trades": trades,
            "info": answer,
        }
        return self.limit_order(parsed, market)

    def parse_new_v2_order(self, answer: Any, request: Mapping[str, Any]) -> Any:
        record = reading.record(self, answer)
        self.check_no_error(record)
        market = self.safe_market(request["pair"], None, "_")
        row = reading.record(self, record.get("order"))
        parsed = self.parse_v2_order(row, market)
        rows = reading.rows(self, record, "trades") if record.get("trades") else []
        times = parsed["timestamp"]
        parsed["trades"] = [
            self.parse_fill(each, parsed["id"], request["type"], times, market) for each in rows
        ]
        parsed["info"] = answer
        return parsed

    def new_order_id(self, answer: Any) -> str | None:
        """The id that the answer to a new order tells, whatever else it says."""
        if not isinstance(answer, dict):
            return None
        return self.safe_string(answer, "oid") or self.safe_string(self.safe_dict(answer, "order", {}), "id")

    def check_no_error(self, answer: Mapping[str, Any]) -> None:
        """An error beside an order, or beside a cancel, leaves open what happened."""
        if answer.get("error") or answer.get("success") is False:
            raise BadResponse(f"{self.id} {reading.excerpt(self, answer)}")

    def parse_canceled_v1_order(self, answer: Any, id: str, market: Any) -> Any:
        record = reading.record(self, answer)
        self.check_no_error(record)
        if self.safe_string(record, "order") != id:
            raise BadResponse(f"{self.id} expected order {id} cancelled, got {reading.excerpt(self, answer)}")
        known = {"id": id, "symbol": self.safe_string(market, "symbol"), "status": "canceled"}
        return self.safe_order({**known, "info": answer}, market)

    def parse_canceled_v2_order(self, answer: Any, id: str, market: Any) -> Any:
        record = reading.record(self, answer)
        self.check_no_error(record)
        order = self.parse_order(reading.record(self, record.get("order")), market)
        if order["id"] != id or order["status"] in (None, "open"):
            raise BadResponse(f"{self.id} expected order {id} cancelled, got {reading.excerpt(self, answer)}")
        return self.extend(order, {"info": answer})

    def parse_fill(
        self, trade: Mapping[str, Any], order: str, side: str, time: int | None, market: Any
    ) -> Any:
        """A trade in the answer to an order, which is the taker; the row's `type` is the other's side."""
        id = self.safe_string(trade, "tid") or reading.required(self, trade, "id")
        return self.safe_trade(
            {
                "id": id,
                "order": order,
                "symbol": market["symbol"],
                "timestamp": time,
                "datetime": self.iso8601(time),
                "type": "limit",
                "side": side,
                "takerOrMaker": "taker",
                "price": reading.number_text(self, trade, "price"),
                "amount": reading.number_text(self, trade, "amount"),
                "cost": None,
                "fee": None,
                "info": trade,
            },
            market,
        )
