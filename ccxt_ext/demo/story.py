"""What the demo does at a venue: plain ccxt code that trades, and checks every figure it gets.

Nothing here knows a venue, and nothing but ccxt and the sandbox's control port is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_UP, Decimal
from typing import TYPE_CHECKING, Any, Protocol

import ccxt

if TYPE_CHECKING:
    from ccxt_ext.sandbox import Sandbox

# The first that a venue has is shown; without any, the venue's first market.
SYMBOLS = ("BTC/USDT", "BTC/USDT:USDT", "BTC/USD:BTC")
# Of candles, likewise.
TIMEFRAME = "1h"

# The order's amount in units, and how many of them the counterparty fills.
UNITS, FILLED_UNITS = 10, 4

Money = dict[str, tuple[Decimal, Decimal]]  # currency: free, used


class Page(Protocol):
    """Where the story is told."""

    candles_wide: int

    def step(self, title: str) -> None: ...
    def say(self, text: str) -> None: ...
    def table(self, rows: Sequence[Sequence[str]]) -> None: ...
    def book(self, bids: Sequence[Sequence[float]], asks: Sequence[Sequence[float]], own: float) -> None: ...
    def chart(self, candles: Sequence[Sequence[float]]) -> None: ...
    def check(self, claim: str, true: bool, detail: str) -> None: ...


def plain(number: Any) -> str:
    """A number as people write it: all its digits, no exponent."""
    text = f"{Decimal(str(number)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class Story:
    def __init__(self, id: str, box: Sandbox, page: Page, module: Any = ccxt) -> None:
        self.id = id
        self.box = box
        self.page = page
        self.me = getattr(module, id)(box.config(id))
        self.other = getattr(module, id)(box.config(id, "counterparty"))

    def tell(self) -> None:
        self.markets()
        self.ticker()
        self.book()
        if self.me.has["fetchOHLCV"]:
            self.candles()
        if self.market["contract"]:
            from ccxt_ext.demo import positions

            positions.trade(self)
        else:
            self.trade()
        self.ledger()

    # checks

    def true(self, claim: str, true: bool, detail: str = "") -> None:
        self.page.check(claim, bool(true), detail)

    def same(self, claim: str, got: Any, expected: Any) -> None:
        self.true(claim, got == expected, f"expected {shown(expected)}, got {shown(got)}")

    def control(self, call: str, **query: str) -> Any:
        text = "&".join(f"{name}={value}" for name, value in query.items())
        return self.box.control("GET", f"/{call}?venue={self.id}&{text}".rstrip("&"))

    # the market

    def markets(self) -> None:
        self.page.step("Markets")
        markets = self.me.load_markets()
        self.page.say(f"{len(markets)}: {', '.join(markets)}")
        self.market = self.choose(markets)
        self.symbol = self.market["symbol"]
        tick, step = (self.market["precision"][name] for name in ("price", "amount"))
        self.page.say(
            f"{self.symbol}: price step {plain(tick)}, amount step {plain(step)}, "
            f"least {plain(self.market['limits']['amount']['min'] or step)}, "
            f"fee {plain(100 * exact(self.market['maker']))} %"
        )
        self.true("it is in ccxt.exchanges", self.id in ccxt.exchanges)
        self.true(
            "every market has its steps",
            all(m["precision"]["price"] and m["precision"]["amount"] for m in markets.values()),
        )

    def choose(self, markets: Mapping[str, Any]) -> Any:
        """A market in whose spread an order can stand alone, so that only the counterparty fills it."""
        kind = self.me.options.get("defaultType", "spot")
        fitting = [symbol for symbol, market in markets.items() if market[kind] and market["active"]]
        for symbol in sorted(fitting, key=lambda symbol: symbol not in SYMBOLS):
            bid, ask = self.quotes(symbol)
            if ask - bid > exact(markets[symbol]["precision"]["price"]):
                return markets[symbol]
        raise LookupError("no market has a spread of more than one step")

    def quotes(self, symbol: str) -> tuple[Decimal, Decimal]:
        """The best prices, by the ticker or, where that does not tell them, by the book."""
        ticker = self.me.fetch_ticker(symbol)
        if None in (ticker["bid"], ticker["ask"]):
            book = self.me.fetch_order_book(symbol)
            return exact(book["bids"][0][0]), exact(book["asks"][0][0])
        return exact(ticker["bid"]), exact(ticker["ask"])

    def ticker(self) -> None:
        self.page.step("Ticker")
        ticker = self.shown = self.me.fetch_ticker(self.symbol)
        self.page.table(
            [
                ("last", "bid", "ask", "low", "high", "change", "volume"),
                (
                    *(told(ticker[name]) for name in ("last", "bid", "ask", "low", "high")),
                    f"{ticker['percentage']:+.2f} %",
                    f"{plain(ticker['baseVolume'])} {self.market['base']}",
                ),
            ]
        )
        low, last, high = (ticker[name] for name in ("low", "last", "high"))
        if None not in (low, high):
            self.true("low <= last <= high", low <= last <= high, str(ticker))
        self.best = self.quotes(self.symbol)
        shown = [name for name in ("bid", "ask") if ticker[name] is not None]
        if shown:
            truth = self.control("book", market=self.market["id"], depth="1")
            expected = [Decimal(truth[f"{name}s"][0][0]) for name in shown]
            self.same(
                f"{' and '.join(shown)} are the engine's", [exact(ticker[name]) for name in shown], expected
            )

    def book(self, own: Decimal | None = None) -> None:
        if own is None:
            self.page.step("Order book")
        book = self.me.fetch_order_book(self.symbol)
        bids, asks = book["bids"], book["asks"]
        self.page.book(bids, asks, float(own or 0))
        truth = self.control("book", market=self.market["id"], depth=str(max(len(bids), len(asks))))
        for side, levels in (("bids", bids), ("asks", asks)):
            expected = [[float(price), float(amount)] for price, amount in truth[side]]
            self.same(f"the {len(levels)} {side} are the engine's", [list(e[:2]) for e in levels], expected)
        self.true("it is not crossed", bids[0][0] < asks[0][0], f"{bids[0][0]} and {asks[0][0]}")
        if own is None:
            if self.shown["bid"] is not None:
                ticker = (self.shown["bid"], self.shown["ask"])
                self.same("the ticker's bid and ask are its best", ticker, (bids[0][0], asks[0][0]))
        else:
            self.same("the order is the best bid", bids[0][0], float(own))

    def candles(self) -> None:
        timeframes = list(self.me.timeframes)
        timeframe = TIMEFRAME if TIMEFRAME in timeframes else timeframes[0]
        self.page.step(f"Candles, {timeframe}")
        candles = self.me.fetch_ohlcv(self.symbol, timeframe, limit=self.page.candles_wide)
        self.page.chart(candles)
        times = [candle[0] for candle in candles]
        step = self.me.parse_timeframe(timeframe) * 1000
        self.same(
            f"one every {timeframe}, without a gap",
            times,
            list(range(times[0], times[0] + len(times) * step, step)),
        )
        self.true(
            "low <= open, close <= high",
            all(c[3] <= min(c[1], c[4]) and max(c[1], c[4]) <= c[2] for c in candles),
        )
        self.same("the last close is the ticker's last price", candles[-1][4], self.shown["last"])

    # the order

    def trade(self) -> None:
        price = self.best[0] + exact(self.market["precision"]["price"])
        unit = self.unit(price)
        amount, filled = UNITS * unit, FILLED_UNITS * unit
        self.page.step("An order is placed")
        before = self.money()
        self.same("nothing is held yet", {used for _, used in before.values()}, {Decimal(0)})
        id = self.me.create_order(self.symbol, "limit", "buy", float(amount), float(price))["id"]
        self.page.say(f"buy {plain(amount)} {self.market['base']} at {plain(price)}: order {id}")
        self.order("it", id, "open", price, amount, Decimal(0))
        self.balance("the whole cost is held", self.spot(before, price, amount, Decimal(0), {}))
        self.book(price)

        self.page.step("The counterparty fills a part")
        sold = self.other.create_order(self.symbol, "limit", "sell", float(filled), float(price))["id"]
        self.page.say(f"sell {plain(filled)} {self.market['base']} at {plain(price)}")
        self.order("the counterparty's order", sold, "closed", price, filled, filled, self.other)
        self.order("ours", id, "open", price, amount, filled)
        fees = self.fills(id, price, filled)
        self.balance("paid, received and still held", self.spot(before, price, amount, filled, fees))

        self.page.step("The rest is cancelled")
        self.me.cancel_order(id, self.symbol)
        self.order("it", id, "canceled", price, amount, filled)
        if self.me.has["fetchOpenOrders"]:
            self.same("no order is open", self.me.fetch_open_orders(self.symbol), [])
        after = self.spot(before, price, filled, filled, fees)
        self.balance("nothing is held", after)

        self.page.step("Balance")
        rows = [("", "free before", "free after", "change")]
        for currency in (self.market["base"], self.market["quote"]):
            was, now = before[currency][0], after[currency][0]
            sign = "+" if now > was else ""
            rows.append((currency, plain(was), plain(now), sign + plain(now - was)))
        self.page.table(rows)

    def unit(self, price: Decimal) -> Decimal:
        """A tenth of the order: a multiple of the amount's step, and enough to be sold by itself."""
        step = exact(self.market["precision"]["amount"])
        limits = self.market["limits"]
        least = max(100 * exact(limits["amount"]["min"] or 0), 10 * exact(limits["cost"]["min"] or 0) / price)
        return step * max(Decimal(1), (least / step).to_integral_value(ROUND_UP))

    def order(
        self,
        whose: str,
        id: str,
        status: str,
        price: Decimal,
        amount: Decimal,
        filled: Decimal,
        exchange: Any = None,
    ) -> None:
        """What ccxt says of the order, and what the engine itself has, to the last digit."""
        order = (exchange or self.me).fetch_order(id, self.symbol)
        expected = (status, price, amount, filled)
        claim = f"{whose} is {status}, {plain(filled)} of {plain(amount)} filled"
        figures = {"price": price, "amount": amount, "filled": filled, "remaining": amount - filled}
        if order["filled"] is None:  # some venues do not tell it before an order is done
            claim = f"{whose} is {status}"
            del figures["filled"], figures["remaining"]
        got = (order["status"], *(exact(order[name]) for name in figures))
        self.same(claim, got, (status, *figures.values()))
        truth = next((row for row in self.control("orders") if row["id"] == id), None)
        known = truth and (truth["status"], *(Decimal(truth[name]) for name in ("price", "amount", "filled")))
        self.same("the engine says so too", known, expected)

    def fills(self, id: str, price: Decimal, filled: Decimal) -> dict[str, Decimal]:
        """The fees that the order's trades have cost, by the venue's own list or else by the engine's."""
        trades = (
            self.me.fetch_my_trades(self.symbol) if self.me.has["fetchMyTrades"] else self.engine_trades()
        )
        if any(trade["order"] is None for trade in trades):  # some venues' lists do not tell it
            trades = self.me.fetch_order_trades(id, self.symbol)
        trades = [trade for trade in trades if trade["order"] == id]
        figures = [(trade["side"], exact(trade["price"]), exact(trade["amount"])) for trade in trades]
        self.same("it is among my trades", figures, [("buy", price, filled)])
        rate = exact(self.market["maker"])
        due = {self.market["base"]: filled * rate, self.market["quote"]: filled * price * rate}
        fees: dict[str, Decimal] = {}
        for trade in trades:
            currency = trade["fee"]["currency"]
            self.page.say(f"fee {plain(trade['fee']['cost'])} {currency}")
            self.same("the fee is the market's", exact(trade["fee"]["cost"]), due.get(currency))
            fees[currency] = fees.get(currency, Decimal(0)) + exact(trade["fee"]["cost"])
        return fees

    def engine_trades(self) -> list[dict[str, Any]]:
        """The account's trades in the shape of ccxt's, for a venue that does not list them."""
        trades: list[dict[str, Any]] = self.control("trades", account="config")
        return [
            {**trade, "fee": {"cost": trade["fee"], "currency": trade["fee_currency"]}} for trade in trades
        ]

    # money

    def money(self) -> Money:
        """All balances, exactly: ccxt gives numbers in whichever type it is asked for."""
        self.me.number = Decimal
        try:
            balance = self.me.fetch_balance()
        finally:
            self.me.number = float
        return {
            code: (balance["free"][code] or Decimal(0), balance["used"][code] or Decimal(0))
            for code in balance["total"]
        }

    def spot(
        self, before: Money, price: Decimal, amount: Decimal, filled: Decimal, fees: Mapping[str, Decimal]
    ) -> Money:
        """The balances once a buy order of `amount` is in the book, with `filled` of it done."""
        base, quote = self.market["base"], self.market["quote"]
        zero = Decimal(0)
        after = {**before}
        after[base] = (before[base][0] + filled - fees.get(base, zero), before[base][1])
        held = price * (amount - filled)
        if self.me.fees["trading"].get("feeSide") == "quote":
            held *= 1 + exact(self.market["taker"])  # which has to be paid as well
        spent = price * filled + fees.get(quote, zero)
        after[quote] = (before[quote][0] - spent - held, before[quote][1] + held)
        return after

    def balance(self, claim: str, expected: Money) -> None:
        got = self.money()
        quote, base = self.market["quote"], self.market["base"]
        self.page.say(
            ", ".join(
                f"{code} {plain(got[code][0])} free, {plain(got[code][1])} used" for code in (quote, base)
            )
        )
        differing = [code for code in {**expected, **got} if got.get(code) != expected.get(code)]
        self.true(
            f"balance: {claim}, to the last digit",
            not differing,
            "; ".join(f"{c}: expected {shown(expected.get(c))}, got {shown(got.get(c))}" for c in differing),
        )

    def ledger(self) -> None:
        self.page.step("The sandbox's books")
        ledger = self.control("ledger")[self.id]
        off = {
            c: entry for c, entry in ledger.items() if Decimal(entry["total"]) != Decimal(entry["deposited"])
        }
        self.true(f"all {len(ledger)} currencies add up to what was deposited", ledger and not off, str(off))
        self.same("nothing failed inside", self.box.control("GET", "/")["crashes"], 0)


def exact(number: Any) -> Decimal:
    """The decimal that a float stands for: its shortest text."""
    return Decimal(str(number))


def told(number: Any) -> str:
    return "-" if number is None else plain(number)


def shown(value: Any) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, tuple):
        return f"({', '.join(shown(part) for part in value)})"
    return str(value)
