"""Given candles and set prices as ccxt's clients see them, and as the command line takes them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import ccxt
import ccxt.pro
import pytest

from ccxt_ext.sandbox import Sandbox, SandboxError
from ccxt_ext.sandbox.candles import read_rows

SAMPLE = Path(__file__).parents[2] / "examples" / "candles" / "BTC_USDT-5m.csv"
BEGIN = 1_772_323_200_000  # 2026-03-01
MINUTE, DAY = 60_000, 86_400_000
ROWS = [
    [BEGIN + n * 5 * MINUTE, 60_000 + n, 60_020.5 + n, 59_980.25 + n, 60_001 + n, 2 + n % 7]
    for n in range(48)
]
CONTRACT_ROWS = [[row[0], *(round(4 * price) / 4 for price in row[1:5]), row[5] * 10] for row in ROWS]
SYMBOLS = {
    "bitmart2": "BTC/USDT",
    "bitexbit": "BTC/USDT",
    "btex": "BTC/USDT",
    "bitmaxfutures": "BTC/USDT:USDT",
}
NOON = BEGIN + 4 * 3_600_000


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(venues=list(SYMBOLS), start_ms=NOON - 2 * 3_600_000, live=False) as box:
        box.freeze()
        for venue, symbol in SYMBOLS.items():
            rows = CONTRACT_ROWS if ":" in symbol else ROWS
            told = box.play(venue, symbol, rows, timeframe="5m")
            assert (told["past"], told["coming"]) == (25, 23)
        box.play("btex", "BTC/USDT:USDT", CONTRACT_ROWS, "5m")
        box.freeze(at_ms=BEGIN + 48 * 5 * MINUTE)
        yield box


def fetched(box: Sandbox, venue: str, symbol: str, timeframe: str, since: int | None = BEGIN) -> Any:
    exchange = getattr(ccxt, venue)(box.config(venue))
    return exchange.fetch_ohlcv(symbol, timeframe, since=since, limit=100)


@pytest.mark.parametrize("venue", SYMBOLS)
def test_clients_fetch_the_very_candles_that_were_given(box: Sandbox, venue: str) -> None:
    symbol = SYMBOLS[venue]
    assert fetched(box, venue, symbol, "5m") == (CONTRACT_ROWS if ":" in symbol else ROWS)


def test_and_those_of_a_contract_that_counts_contracts(box: Sandbox) -> None:
    assert fetched(box, "btex", "BTC/USDT:USDT", "5m") == CONTRACT_ROWS


@pytest.mark.parametrize("venue", ["bitmart2", "bitexbit", "bitmaxfutures"])
def test_larger_candles_are_made_of_them(box: Sandbox, venue: str) -> None:
    rows = CONTRACT_ROWS if venue == "bitmaxfutures" else ROWS
    hours = [rows[n : n + 12] for n in range(0, 48, 12)]
    assert fetched(box, venue, SYMBOLS[venue], "1h") == [
        [
            part[0][0],
            part[0][1],
            max(r[2] for r in part),
            min(r[3] for r in part),
            part[-1][4],
            sum(r[5] for r in part),
        ]
        for part in hours
    ]


def test_tickers_trades_and_books_are_where_the_candles_are(box: Sandbox) -> None:
    exchange = ccxt.bitmart2(box.config("bitmart2"))
    ticker = exchange.fetch_ticker("BTC/USDT")
    assert ticker["last"] == ROWS[-1][4]
    assert (ticker["high"], ticker["low"]) == (ROWS[-1][2], ROWS[0][3])
    assert [ticker["bid"], ticker["ask"]] == [ROWS[-1][4] - 0.01, ROWS[-1][4] + 0.01]
    trades = exchange.fetch_trades("BTC/USDT")
    assert len(trades) >= 100
    assert trades[-1]["price"] == ROWS[-1][4]
    assert len(exchange.fetch_order_book("BTC/USDT")["bids"]) >= 45


def test_an_order_on_the_path_is_filled_at_its_price_and_counts() -> None:
    with Sandbox(venues=["bitmart2"], start_ms=BEGIN) as box:
        box.freeze()
        box.play("bitmart2", "BTC/USDT", ROWS[:3], "5m")
        exchange = ccxt.bitmart2(box.config("bitmart2"))
        order = exchange.create_order("BTC/USDT", "limit", "buy", 0.5, 59_990)
        assert exchange.fetch_order(order["id"], "BTC/USDT")["status"] == "open"
        box.advance(minutes=15)
        filled = exchange.fetch_order(order["id"], "BTC/USDT")
        assert (filled["status"], filled["average"]) == ("closed", 59_990)
        candles = fetched(box, "bitmart2", "BTC/USDT", "5m")
        assert candles == [[*ROWS[0][:5], ROWS[0][5] + 0.5], *ROWS[1:3]]
        ledger = box.control("GET", "/ledger")["bitmart2"]
        assert all(money["total"] == money["deposited"] for money in ledger.values())


def test_a_day_from_a_file_is_lived_through_the_same_each_time() -> None:
    given = [[row[0], *map(float, row[1:])] for row in read_rows(SAMPLE)]
    lives = []
    for _ in range(2):
        start = BEGIN + DAY
        with Sandbox(venues=["bitmart2"], start_ms=start, candles={"bitmart2:BTC/USDT": SAMPLE}) as box:
            box.freeze()
            exchange = ccxt.bitmart2(box.config("bitmart2"))
            assert fetched(box, "bitmart2", "BTC/USDT", "5m", start - DAY)[:288] == given[:100]
            for price in (58_500, 57_500):
                exchange.create_order("BTC/USDT", "limit", "buy", 0.01, price)
            for _ in range(4):
                box.advance(hours=6)
            trades = exchange.fetch_my_trades("BTC/USDT")
            assert sorted(trade["price"] for trade in trades) == [57_500, 58_500]
            times = [trade["timestamp"] - start for trade in trades]
            lives.append((times, box.control("GET", "/book?venue=bitmart2&market=BTC_USDT")))
            last = exchange.fetch_ohlcv("BTC/USDT", "5m", since=start + DAY - 600_000, limit=2)
            assert last == given[-2:]
    assert lives[0] == lives[1]


def test_the_sample_is_what_its_program_makes() -> None:
    made = subprocess.run(
        [sys.executable, SAMPLE.with_name("make.py")], check=True, capture_output=True, text=True
    )
    assert made.stdout == SAMPLE.read_text()


def test_a_running_clock_plays_candles_by_itself() -> None:
    """The market gets to the last price as time passes, without a call."""
    with Sandbox(venues=["bitexbit"], start_ms=BEGIN + 5 * MINUTE - 1500) as box:
        box.play("bitexbit", "BTC/USDT", ROWS[:2], "5m")
        exchange = ccxt.bitexbit(box.config("bitexbit"))
        while exchange.fetch_ticker("BTC/USDT")["last"] != ROWS[1][1]:
            assert box.now() < BEGIN + 9 * MINUTE
        candles = fetched(box, "bitexbit", "BTC/USDT", "5m")
        assert candles[0] == ROWS[0]


def test_prices_and_books_by_methods_and_from_elsewhere() -> None:
    with Sandbox(venues=["bitexbit"], book={"levels": 7}) as box:
        exchange = ccxt.bitexbit(box.config("bitexbit"))
        assert len(exchange.fetch_order_book("BTC/USDT")["asks"]) == 7
        other = Sandbox.connect(box.control_url)
        for steering, price in ((box, 1000.5), (other, Decimal("1100.125")), (box, "900"), (other, 950)):
            assert steering.price("bitexbit", "BTC/USDT", price) >= box.now() - MINUTE
            assert exchange.fetch_ticker("BTC/USDT")["last"] == float(price)
        box.freeze()
        there = other.price("bitexbit", "BTC/USDT", 1000, over_ms=60_000)
        box.freeze(at_ms=there)
        assert exchange.fetch_ticker("BTC/USDT")["last"] == 1000
        other.book("bitexbit", "BTC/USDT", levels=3, width=0.01)
        book = exchange.fetch_order_book("BTC/USDT")
        assert (len(book["asks"]), book["bids"][0][0], book["asks"][0][0]) == (3, 995, 1005)
        box.book("bitexbit", size=2)
        with pytest.raises(SandboxError, match="must be a multiple of the market's tick"):
            box.price("bitexbit", "BTC/USDT", "0.00001")


def test_many_candles_from_elsewhere_and_what_is_refused() -> None:
    with Sandbox(venues=["bitmart2"], start_ms=BEGIN) as box:
        other = Sandbox.connect(box.control_url)
        many = [[BEGIN + (n - 40_000) * MINUTE, 60_000, 60_001, 59_999, 60_000, 1] for n in range(40_500)]
        told = other.play("bitmart2", "BTC/USDT", many)
        assert told["past"] + told["coming"] == 40_500
        assert len(fetched(box, "bitmart2", "BTC/USDT", "1m", BEGIN - 100 * MINUTE)) == 100
        other.stop_playing("bitmart2", "BTC/USDT")
        for steering in (box, other):
            with pytest.raises(SandboxError, match="row 1: the open is 'x', which is no number"):
                steering.play("bitmart2", "BTC/USDT", [[BEGIN, "x", 1, 1, 1, 1]])
            with pytest.raises(SandboxError, match="No such file"):
                steering.play("bitmart2", "BTC/USDT", "/nowhere.csv")
            with pytest.raises(SandboxError, match="no two rows are nearer than 5 minutes"):
                steering.play("bitmart2", "BTC/USDT", SAMPLE)
        assert other.play("bitmart2", "BTC/USDT", SAMPLE, "5m")["coming"] > 500


async def test_a_stream_tells_of_a_price_that_is_set() -> None:
    with Sandbox(venues=["bitmart2"]) as box:
        exchange = ccxt.pro.bitmart2(box.config("bitmart2"))
        try:
            await exchange.watch_trades("BTC/USDT")
            box.price("bitmart2", "BTC/USDT", 12_000)
            while (await exchange.watch_trades("BTC/USDT"))[-1]["price"] != 12_000:
                pass
        finally:
            await exchange.close()
