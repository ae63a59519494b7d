"""Shows a market in the demo: its rules, its ticker, its book and its candles."""

from __future__ import annotations

from decimal import Decimal

import ccxt

from ccxt_ext.demo.desk import Desk
from ccxt_ext.demo.figures import exact, plain, plain_or_dash

# The timeframe of the candles. If the venue does not have it, its first one is used.
TIMEFRAME = "1h"


def show_rules(desk: Desk) -> None:
    desk.page.step("Markets")
    markets = desk.me.load_markets()
    desk.page.say(f"{len(markets)}: {', '.join(markets)}")
    desk.market = desk.choose_market(markets)
    desk.symbol = desk.market["symbol"]
    desk.best = desk.best_prices(desk.symbol)
    tick, step = (desk.market["precision"][name] for name in ("price", "amount"))
    desk.page.say(
        f"{desk.symbol}: price step {plain(tick)}, amount step {plain(step)}, "
        f"least {plain(desk.market['limits']['amount']['min'] or step)}, "
        f"fee {plain(100 * exact(desk.market['maker']))} %"
    )
    desk.check("it is in ccxt.exchanges", desk.id in ccxt.exchanges)
    desk.check(
        "every market has its steps",
        all(m["precision"]["price"] and m["precision"]["amount"] for m in markets.values()),
    )


def show_ticker(desk: Desk) -> None:
    desk.page.step("Ticker")
    ticker = desk.ticker = desk.me.fetch_ticker(desk.symbol)
    desk.page.table(
        [
            ("last", "bid", "ask", "low", "high", "change", "volume"),
            (
                *(plain_or_dash(ticker[name]) for name in ("last", "bid", "ask", "low", "high")),
                f"{ticker['percentage']:+.2f} %",
                f"{plain(ticker['baseVolume'])} {desk.market['base']}",
            ),
        ]
    )
    low, last, high = (ticker[name] for name in ("low", "last", "high"))
    if None not in (low, high):
        desk.check("low <= last <= high", low <= last <= high, str(ticker))
    shown = [name for name in ("bid", "ask") if ticker[name] is not None]
    if shown:
        truth = desk.control("book", market=desk.market["id"], depth="1")
        expected = [Decimal(truth[f"{name}s"][0][0]) for name in shown]
        desk.check_same(
            f"{' and '.join(shown)} are the engine's", [exact(ticker[name]) for name in shown], expected
        )


def show_book(desk: Desk, own: Decimal | None = None) -> None:
    if own is None:
        desk.page.step("Order book")
    book = desk.me.fetch_order_book(desk.symbol)
    bids, asks = book["bids"], book["asks"]
    desk.page.book(bids, asks, float(own or 0))
    truth = desk.control("book", market=desk.market["id"], depth=str(max(len(bids), len(asks))))
    for side, levels in (("bids", bids), ("asks", asks)):
        expected = [[float(price), float(amount)] for price, amount in truth[side]]
        desk.check_same(f"the {len(levels)} {side} are the engine's", [list(e[:2]) for e in levels], expected)
    desk.check("it is not crossed", bids[0][0] < asks[0][0], f"{bids[0][0]} and {asks[0][0]}")
    if own is None:
        if desk.ticker is not None and desk.ticker["bid"] is not None:
            ticker = (desk.ticker["bid"], desk.ticker["ask"])
            desk.check_same("the ticker's bid and ask are its best", ticker, (bids[0][0], asks[0][0]))
    else:
        desk.check_same("the order is the best bid", bids[0][0], float(own))


def show_candles(desk: Desk) -> None:
    timeframes = list(desk.me.timeframes)
    timeframe = TIMEFRAME if TIMEFRAME in timeframes else timeframes[0]
    desk.page.step(f"Candles, {timeframe}")
    candles = desk.me.fetch_ohlcv(desk.symbol, timeframe, limit=desk.page.candles_wide)
    desk.page.chart(candles)
    times = [candle[0] for candle in candles]
    step = desk.me.parse_timeframe(timeframe) * 1000
    desk.check_same(
        f"one every {timeframe}, without a gap",
        times,
        list(range(times[0], times[0] + len(times) * step, step)),
    )
    desk.check(
        "low <= open, close <= high",
        all(c[3] <= min(c[1], c[4]) and max(c[1], c[4]) <= c[2] for c in candles),
    )
    if desk.ticker is not None:
        desk.check_same("the last close is the ticker's last price", candles[-1][4], desk.ticker["last"])
