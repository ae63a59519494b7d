"""The WebSocket of a simulated venue: books, trades, tickers and candles, and what happens to an account.

Clients name topics, such as `book BTC/USDT`, `candles BTC/USDT 60000`, `orders` or `balance spot`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ccxt_ext.sandbox.frontend import Feed, News, Request, Stream, VenueClock, Wire
from ccxt_ext.sandbox.frontend.engine import Engine, Refused
from ccxt_ext.sandbox.frontends.simulated.account import AccountCalls
from ccxt_ext.sandbox.frontends.simulated.market_data import MINUTE_MS, MarketData
from ccxt_ext.sandbox.frontends.simulated.orders import OrderCalls
from ccxt_ext.sandbox.frontends.simulated.refusals import Declined, bad_request, declined_by_engine
from ccxt_ext.sandbox.frontends.simulated.rows import (
    balance_rows,
    no_position_row,
    ticker_row,
    trade_row,
    written,
)

PRIVATE = ("orders", "fills", "balance", "positions")
PUBLIC = ("book", "trades", "ticker", "quote", "candles")


class Desk:
    """What all connections of a venue need."""

    def __init__(
        self,
        engine: Engine,
        clock: VenueClock,
        data: MarketData,
        account: AccountCalls,
        orders: OrderCalls,
        account_of: Callable[[Any], str],
    ) -> None:
        """`account_of` finds the account that a client's key belongs to."""
        self.engine = engine
        self.clock = clock
        self.data = data
        self.account = account
        self.orders = orders
        self.account_of = account_of


class Connection(Stream):
    """A client's connection, with what it watches. It is of the account whose key came last."""

    def __init__(self, desk: Desk, feed: Feed, request: Request, wire: Wire) -> None:
        super().__init__(feed, request, wire)
        self._desk = desk
        self._books = feed
        self._account: str | None = None
        self._topics: dict[str, list[str]] = {}
        """The words of each topic, by the topic."""
        self._firsts: dict[str, Callable[[list[str]], Any]] = {
            "book": self._book,
            "ticker": self._ticker,
            "quote": self._ticker,
            "candles": self._candle,
            "balance": self._balance,
            "positions": self._positions,
        }

    def opened(self) -> None:
        self.listen(self._hear)

    def received(self, text: str) -> None:
        topic = None
        try:
            message = _message(text)
            if message.get("key") is not None:
                self._account = self._desk.account_of(message["key"])
            topics = message.get("topics")
            if message.get("op") not in ("watch", "leave") or not isinstance(topics, list):
                raise bad_request("op is watch or leave, and topics a list")
            for topic in topics:
                if message["op"] == "watch":
                    self._watch(topic)
                else:
                    self._topics.pop(str(topic), None)
                    self._tell(str(topic), "left")
        except Declined as declined:
            self._refuse(topic, declined)
        except Refused as refused:
            self._refuse(topic, declined_by_engine(refused))

    def _refuse(self, topic: Any, declined: Declined) -> None:
        error = {"kind": declined.kind, "message": declined.message}
        self.send({"topic": topic, "type": "error", "error": error})

    def _watch(self, topic: Any) -> None:
        words = topic.split(" ") if isinstance(topic, str) else [""]
        kind = words[0]
        if kind in PRIVATE:
            if self._account is None:
                raise Declined("authentication", f"{kind} are an account's own: a key is needed")
        elif kind in PUBLIC:
            self._desk.data.market({"symbol": words[1] if len(words) > 1 else None})
        else:
            raise bad_request(f"there is no topic {topic!r}")
        if kind == "candles" and not _step(words):
            raise bad_request("candles last a number of minutes, or less than one")
        self._topics[topic] = words
        self._tell(topic, "begun")
        first = self._firsts.get(kind)
        if first is not None:
            number = self._books.number(words[1]) if kind == "book" else None
            self._tell(topic, "first", first(words), number)

    def _tell(self, topic: str, type: str, data: Any = None, number: int | None = None) -> None:
        """Send what is new. Only a change that is missing can be noticed by its number."""
        frame: dict[str, Any] = {"topic": topic, "type": type, "timestamp": self._desk.clock.now()}
        if number is not None:
            frame["number"] = number
        self.send({**frame, "data": data}, sequenced=number is not None and type == "update")

    # what is told first

    def _book(self, words: list[str]) -> Any:
        return self._desk.data.book({"symbol": words[1]})

    def _ticker(self, words: list[str]) -> Any:
        self._desk.engine.catch_up()
        return ticker_row(self._desk.engine.markets[words[1]], self._desk.clock.now())

    def _candle(self, words: list[str]) -> Any:
        """The candle of now, or the latest that there is."""
        return self._desk.data.candles({"symbol": words[1], "step": _step(words), "limit": 1})

    def _balance(self, words: list[str]) -> Any:
        wallet = {"wallet": words[1]} if len(words) > 1 else {}
        return self._desk.account.balance(wallet, self._own)

    def _positions(self, words: list[str]) -> Any:
        return self._desk.account.positions({}, self._own)

    @property
    def _own(self) -> str:
        assert self._account is not None
        return self._account

    # news

    def _hear(self, news: News) -> None:
        for topic, words in self._topics.copy().items():
            kind = words[0]
            if kind in PUBLIC:
                self._hear_market(news, topic, words)
            elif kind == "orders":
                for event in news.orders:
                    if event.order.account == self._account:
                        self._tell(topic, "update", [self._desk.orders.row(event.order)])
            elif kind == "fills":
                fills = [
                    each.fill for each in news.orders if each.fill and each.fill.account == self._account
                ]
                if fills:
                    rows = [self._desk.orders.fill_row(self._own, fill) for fill in fills]
                    self._tell(topic, "update", rows)
            elif kind == "balance":
                self._hear_balance(news, topic, words)
            else:
                self._hear_positions(news, topic)

    def _hear_market(self, news: News, topic: str, words: list[str]) -> None:
        kind, symbol = words[:2]
        trades, update = news.trades.get(symbol), news.books.get(symbol)
        if kind == "trades" and trades:
            self._tell(topic, "update", [trade_row(trade) for trade in trades])
        elif kind == "book" and update is not None:
            sides = {
                name: [[written(price), written(amount)] for price, amount in side.items()]
                for name, side in (("bids", update.bids), ("asks", update.asks))
            }
            self._tell(topic, "update", sides, update.number)
        elif kind in ("ticker", "quote") and (trades or update is not None):
            market = self._desk.engine.markets[symbol]
            self._tell(topic, "update", ticker_row(market, self._desk.clock.now()))
        elif kind == "candles" and trades:
            step = _step(words)
            first = trades[0].timestamp // step * step
            asked = {"symbol": symbol, "step": step, "since": first}
            self._tell(topic, "update", self._desk.data.candles(asked))

    def _hear_balance(self, news: News, topic: str, words: list[str]) -> None:
        wallet = self._desk.account.wallet({"wallet": words[1]} if len(words) > 1 else {})
        mine = {
            event.currency
            for event in news.balances
            if event.account == self._account and event.wallet == wallet
        }
        if mine:
            balances = self._desk.engine.balances(self._own, wallet)
            rows = balance_rows({currency: balances[currency] for currency in sorted(mine)})
            self._tell(topic, "update", {"wallet": wallet, "currencies": rows})

    def _hear_positions(self, news: News, topic: str) -> None:
        rows = []
        for event in news.positions:
            if event.account == self._account:
                market = self._desk.engine.markets[event.market]
                rows.append(
                    no_position_row(event.market, market.mark_price, self._desk.clock.now())
                    if event.position is None
                    else self._desk.account.position_row(event.position)
                )
        if rows:
            self._tell(topic, "update", rows)


def _message(text: str) -> dict[str, Any]:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        raise bad_request("a message is a JSON object")
    return message


def _step(words: list[str]) -> int:
    """How long a candle lasts; 0 if that makes no sense."""
    text = words[2] if len(words) > 2 else ""
    step = int(text) if text.isdecimal() and len(text) < 15 else 0
    return 0 if step > MINUTE_MS and step % MINUTE_MS else step
