"""Prices, candles and books by the control port, without sockets."""

from __future__ import annotations

import json
from base64 import b64decode
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ccxt_ext.sandbox.settings import Settings
from ccxt_ext.sandbox.world import World
from tests.sandbox.control_box import NOON, Box

D = Decimal
MINUTE = 60_000
BTC = {"venue": "btex", "market": "BTC_USDT"}
ROWS = [[NOON + n * MINUTE, 4000, "4010.5", 3990.25, "4005", 1.5] for n in range(-3, 3)]


@pytest.fixture
def box() -> Box:
    return Box("btex", clock="frozen")


def market(box: Box, id: str = "BTC_USDT") -> Any:
    return box.world.frontends["btex"].engine.markets[id]


# POST /price


@pytest.mark.parametrize("price", ["4100.5", 4100.5])
def test_a_price_is_set(box: Box, price: Any) -> None:
    assert box.ok("POST", "/price", {**BTC, "price": price}) == {"price": "4100.5", "at_ms": NOON}
    assert market(box).last_price == D("4100.5")
    contract = {"venue": "btex", "market": "BTC/USD:BTC", "price": 4200, "over_ms": 60_000}
    assert box.ok("POST", "/price", contract) == {"price": "4200", "at_ms": NOON + MINUTE}
    assert market(box, "1").last_price < 4000
    box.ok("POST", "/clock", {"advance_ms": 30_000})
    assert 4000 < market(box, "1").last_price < 4200
    box.ok("POST", "/clock", {"advance_ms": 30_000})
    assert market(box, "1").last_price == 4200
    for currency in box.ok("GET", "/ledger")["btex"].values():
        assert currency["total"] == currency["deposited"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({**BTC}, "'price' or 'change' is needed, and not both"),
        ({**BTC, "price": "text"}, "'price' must be a positive number, or a decimal as text"),
        ({**BTC, "price": "4000.001"}, "'price' must be a multiple of the market's tick, 0.01"),
        ({**BTC, "price": 0}, "'price' must be a positive number"),
        ({**BTC, "price": True}, "'price' must be a positive number"),
        ({**BTC, "price": "1e3"}, "'price' must be a positive number"),
        ({**BTC, "price": [1]}, "'price' must be a positive number"),
        ({**BTC, "price": 1, "over_ms": -1}, "'over_ms' must be a whole number from 0 to"),
        ({**BTC, "price": 1, "over_ms": 1.5}, "'over_ms' must be a whole number"),
        (
            {**BTC, "price": 1, "over": 1},
            "unknown field 'over'; this call takes venue, market, price, change, over_ms",
        ),
        ({"venue": "btex", "market": "BTC_EUR", "price": 1}, "unknown market 'BTC_EUR'; there are"),
        (
            {"venue": "btex", "market": "LTC_USDT", "price": 1},
            "LTC_USDT takes no orders, so nobody trades there",
        ),
        ({"venue": "kraken", "market": "BTC_USDT", "price": 1}, "unknown venue 'kraken'; there are btex"),
    ],
)
def test_a_price_that_makes_no_sense(box: Box, fields: Any, said: str) -> None:
    status, answer = box.call("POST", "/price", fields)
    assert (status, answer["error"][: len(said)]) == (400, said)
    assert not market(box).is_driven


# POST /candles


def test_candles_are_given_and_taken_back(box: Box) -> None:
    told = box.ok("POST", "/candles", {**BTC, "rows": ROWS})
    assert told == {"past": 4, "coming": 2, "from_ms": NOON - 3 * MINUTE, "until_ms": NOON + 3 * MINUTE}
    playing = {"venue": "btex", "market": "BTC_USDT"}
    assert box.ok("GET", "/candles") == {"candles": [{**playing, "coming": 2}]}
    status, answer = box.call("POST", "/price", {**BTC, "price": 5000})
    assert status == 400 and "BTC_USDT goes through the candles that it was given" in answer["error"]
    box.ok("POST", "/clock", {"advance_ms": 90_000})
    assert box.ok("GET", "/candles") == {"candles": [{**playing, "coming": 1}]}
    candles = market(box).candles(MINUTE, 0, NOON + MINUTE - 1)
    assert [[each.timestamp, *each[1:6]] for each in candles] == [
        [row[0], *(D(str(figure)) for figure in row[1:])] for row in ROWS[:4]
    ]
    assert box.ok("DELETE", "/candles", {**BTC}) == {"removed": 1}
    assert box.ok("GET", "/candles") == {"candles": []}
    assert box.ok("DELETE", "/candles", {**BTC}) == {"removed": 0}
    box.ok("POST", "/price", {**BTC, "price": 5000})


def test_time_that_is_skipped_without_trades_leaves_candles_out(box: Box) -> None:
    box.ok("POST", "/candles", {**BTC, "rows": ROWS})
    box.ok("POST", "/clock", {"advance_ms": MINUTE, "trade": False})
    box.ok("POST", "/clock", {"advance_ms": MINUTE})
    candles = market(box).candles(MINUTE, NOON, NOON + 5 * MINUTE)
    # Of the row at noon only the open has come, as the candles were given; of the next one, all but the open.
    assert [(each.timestamp - NOON, each.trades) for each in candles] == [
        (0, 1),
        (MINUTE, 3),
        (2 * MINUTE, 1),
    ]


def test_after_a_snapshot_the_candles_go_on_as_they_did(box: Box) -> None:
    box.ok("POST", "/candles", {**BTC, "rows": ROWS})
    box.ok("POST", "/price", {"venue": "btex", "market": "1", "price": 4200, "over_ms": 120_000})
    box.ok("POST", "/book", {"venue": "btex", "market": "ETH_USDT", "levels": 5})
    box.ok("POST", "/clock", {"advance_ms": 30_000})
    box.ok("POST", "/snapshot", {"name": "here"})
    lives = []
    for _ in range(2):
        box.ok("POST", "/clock", {"advance_ms": 150_000})
        markets = box.world.frontends["btex"].engine.markets
        lives.append([(markets[id].book(), markets[id].trades(50)) for id in ("BTC_USDT", "1", "ETH_USDT")])
        box.ok("POST", "/restore", {"snapshot": "here"})
    assert lives[0] == lives[1]
    assert len(lives[0][2][0][0]) == 5


def test_larger_timeframes_and_fitting(box: Box) -> None:
    rows = [[NOON + n * 300_000, 4000.004, 4010.007, 3990, 4005, 0.12345] for n in range(12)]
    status, answer = box.call("POST", "/candles", {**BTC, "rows": rows, "timeframe": "5m"})
    assert status == 400
    assert answer["error"].startswith(
        "row 1 (2021-03-04 12:00:00): the open 4000.004 is no multiple of BTC/USDT's"
    )
    assert answer["error"].endswith("fit=true sets it on the steps")
    assert market(box).rows_left is None
    box.ok("POST", "/candles", {**BTC, "rows": rows, "timeframe": "5m", "fit": True})
    box.ok("POST", "/clock", {"advance_ms": 300_000})
    [candle] = market(box).candles(300_000, NOON, NOON)
    assert candle[1:6] == (4000, D("4010.01"), 3990, 4005, D("0.1234"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"rows": []}, "there are no rows"),
        ({}, "rows are a list of [timestamp, open, high, low, close, volume]"),
        ({"rows": {"a": 1}}, "row 1 is not [timestamp"),
        ({"rows": ROWS, "timeframe": "1s"}, "a timeframe is like 1m, 5m, 1h, 1d or 1w, not '1s'"),
        (
            {"rows": ROWS, "timeframe": "5m"},
            "row 1 (2021-03-04 11:57:00) does not begin where a candle of 5 min",
        ),
        ({"rows": ROWS, "fit": 1}, "'fit' must be true or false"),
        ({"rows": ROWS[::-1]}, "row 2 (2021-03-04 12:01:00) begins before the row before it does"),
        (
            {"rows": [[NOON + n * 300_000, 1, 1, 1, 1, 1] for n in range(10)]},
            "no two rows are nearer than 5 minutes: say their timeframe",
        ),
        ({"rows": ROWS, "market": "LTC_USDT"}, "LTC_USDT takes no orders, so nobody trades there"),
        (
            {"rows": ROWS, "file": "x"},
            "unknown field 'file'; this call takes venue, market, rows, timeframe, fit",
        ),
    ],
)
def test_candles_that_make_no_sense(box: Box, fields: Any, said: str) -> None:
    status, answer = box.call("POST", "/candles", {**BTC, **fields})
    assert (status, answer["error"][: len(said)]) == (400, said)
    assert box.ok("GET", "/candles") == {"candles": []}


# POST /book


def test_books_are_set_for_a_market_and_for_a_venue(box: Box) -> None:
    shape = {"levels": 5, "width": 0.01, "size": 1.0}
    assert box.ok("POST", "/book", {**BTC, "levels": 5, "width": 0.01}) == {"BTC_USDT": shape}
    book = box.ok("GET", "/book?venue=btex&market=BTC_USDT")
    assert [len(book[side]) for side in ("bids", "asks")] == [5, 5]
    bid, ask = (D(book[side][0][0]) for side in ("bids", "asks"))
    assert abs((ask - bid) / bid - D("0.01")) < D("0.0001")
    told = box.ok("POST", "/book", {"venue": "btex", "size": "0.5"})
    assert told["BTC_USDT"] == {**shape, "size": 0.5}  # what is not named stays
    assert told["1"] == {"levels": 45, "width": 0.0, "size": 0.5}
    assert len(box.ok("GET", "/book?venue=btex&market=ETH_USDT")["asks"]) == 45


def test_a_market_that_is_listed_later_has_the_book_of_its_venue() -> None:
    made = world(book={"levels": 9, "btex:BTC/USDT": {"levels": 3}})
    frontend = made.frontends["btex"]
    frontend.list_market("BTC_USDT", "SOL_USDT")
    assert [len(side) for side in frontend.engine.markets["SOL_USDT"].book()] == [9, 9]
    box = Box("btex")
    box.ok("POST", "/book", {"venue": "btex", "levels": 6})
    box.ok("POST", "/book", {**BTC, "levels": 3})
    box.ok("POST", "/markets", {"venue": "btex", "like": "BTC_USDT", "market": "SOL_USDT"})
    assert [len(side) for side in market(box, "SOL_USDT").book()] == [6, 6]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "one of levels, width, size is needed"),
        ({"levels": 0}, "levels must be a whole number from 1 to 1000"),
        ({"levels": 1.5}, "levels must be a whole number from 1 to 1000"),
        ({"levels": True}, "levels must be a whole number from 1 to 1000"),
        ({"width": -0.1}, "width must be a share of the price, from 0 to 0.5"),
        ({"width": "wide"}, "width must be a share of the price, from 0 to 0.5"),
        ({"size": 0}, "size must be a factor above 0, at most 1000"),
        ({"size": "NaN"}, "size must be a factor above 0, at most 1000"),
        ({"depth": 3}, "unknown field 'depth'; this call takes venue, market, levels, width, size"),
    ],
)
def test_books_that_make_no_sense(box: Box, fields: Any, said: str) -> None:
    status, answer = box.call("POST", "/book", {**BTC, **fields})
    assert (status, answer["error"][: len(said)]) == (400, said)


# What a sandbox is started with


def world(**settings: Any) -> World:
    return World(Settings.given(venues=("btex",), start_ms=NOON, clock="frozen", **settings))


def test_a_sandbox_starts_with_candles_and_books(tmp_path: Path) -> None:
    file = tmp_path / "candles.json"
    file.write_text(json.dumps(ROWS))
    candles = {
        "btex:BTC_USDT": file,
        "btex:ETH/USDT": {"rows": ROWS, "timeframe": "1m"},
        "btex:ETH_BTC": {"rows": [[row[0], *[0.0341200001] * 4, 1] for row in ROWS], "fit": True},
    }
    book = {"levels": 9, "btex:BTC/USDT": {"levels": "3", "width": 0.002}}
    made = world(candles=candles, book=book)
    for _ in range(2):
        markets = made.frontends["btex"].engine.markets
        assert [len(side) for side in markets["BTC_USDT"].book()] == [3, 3]
        assert [len(side) for side in markets["ETH_USDT"].book()] == [9, 9]
        assert markets["BTC_USDT"].last_price == 4000
        assert markets["ETH_BTC"].last_price == D("0.03412")
        assert {id for id, each in markets.items() if each.rows_left == 2} == {
            "BTC_USDT",
            "ETH_USDT",
            "ETH_BTC",
        }
        made.reset(1)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            {"candles": {"BTC/USDT": ROWS}},
            "candles: 'BTC/USDT' is no market; they are named like btex:BTC/USDT",
        ),
        ({"candles": {"kraken:BTC/USD": ROWS}}, "candles: kraken:BTC/USD is at a venue that is not served"),
        ({"candles": {"btex:BTC/EUR": ROWS}}, "candles: btex has no market 'BTC/EUR'"),
        ({"candles": {"btex:BTC/USDT": []}}, "candles: btex:BTC/USDT: there are no rows"),
        (
            {"candles": {"btex:BTC/USDT": "/nowhere.csv"}},
            "candles: btex:BTC/USDT: /nowhere.csv: No such file",
        ),
        (
            {"candles": {"btex:BTC/USDT": {"file": "x"}}},
            "candles: btex:BTC/USDT: rows, timeframe and fit can be given, not file",
        ),
        (
            {"candles": {"btex:BTC/USDT": {"rows": ROWS, "fit": "no"}}},
            "candles: btex:BTC/USDT: fit is true or false",
        ),
        ({"candles": {"btex:BTC/USDT": {"rows": ROWS, "timeframe": "5m"}}}, "candles: btex:BTC/USDT: row 1"),
        (
            {"candles": {"btex:LTC/USDT": ROWS}},
            "candles: btex:LTC/USDT takes no orders, so nobody trades there",
        ),
        (
            {"candles": {"btex:BTC/USDT": [[NOON, 1.001, 2, 1, 1, 1]]}},
            "candles: btex:BTC/USDT: row 1 (2021-03-04",
        ),
        ({"book": {"levels": 0}}, "book: levels must be a whole number from 1 to 1000"),
        ({"book": {"depth": 5}}, "book: a book has no 'depth', but levels, width, size"),
        ({"book": {"btex:BTC_USDT": 5}}, "book: btex:BTC_USDT needs some of levels, width, size, not 5"),
        ({"book": {"btex:BTC_USDT": {"size": -1}}}, "book: btex:BTC_USDT: size must be a factor above 0"),
        ({"book": {"btex:BTC/EUR": {"size": 1}}}, "book: btex has no market 'BTC/EUR'"),
        ({"book": {"kraken:X": {"size": 1}}}, "book: kraken:X is at a venue that is not served"),
    ],
)
def test_what_makes_no_sense_is_refused_at_the_start(settings: Any, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        world(**settings)
    assert str(caught.value).startswith(said)


def test_a_sandbox_that_was_saved_goes_on_with_its_candles(tmp_path: Path) -> None:
    given = {"candles": {"btex:BTC_USDT": ROWS}, "book": {"levels": 7}, "prices": "common"}
    fields = {"venues": ("btex",), "start_ms": NOON, "clock": "frozen"}
    box = Box("btex")
    box.take(World(Settings.given(**fields, **given)))
    box.ok("POST", "/clock", {"advance_ms": 30_000})
    file = tmp_path / "saved"
    file.write_bytes(b64decode(box.ok("GET", "/snapshot")["file"]))
    box.ok("POST", "/clock", {"advance_ms": 100_000})
    other = Box("btex")
    other.take(World(Settings.given(load=file)))
    assert other.ok("GET", "/candles")["candles"][0]["coming"] == 2
    other.ok("POST", "/clock", {"advance_ms": 100_000})
    assert market(other).trades(50) == market(box).trades(50)
    for each in (box, other):
        each.ok("POST", "/reset")
    assert market(other).trades(50) == market(box).trades(50)
    assert market(other).book() == market(box).book()
    with pytest.raises(ValueError, match="it was saved with other candles"):
        Settings.given(load=file, candles={"btex:BTC_USDT": ROWS[1:]})


def test_a_price_is_moved_by_a_share_of_it() -> None:
    box = Box("btex", clock="frozen")
    market = box.world.frontends["btex"].engine.markets["BTC_USDT"]
    before = market.last_price
    for change, expected in (
        ("-0.25", before * 3 / 4),
        ("1", before * 3 / 2),
        ("-0.999999999999", Decimal(0)),
    ):
        told = box.ok("POST", "/price", {**BTC, "change": change})
        assert abs(Decimal(told["price"]) - expected) <= market.spec.tick
        assert market.last_price == Decimal(told["price"])
    for wrong in ({"change": "-1"}, {"change": "101"}, {"change": 0.1}, {"change": "0.1", "price": 1}, {}):
        status, answer = box.call("POST", "/price", {**BTC, **wrong})
        assert status == 400
        assert "'change'" in answer["error"] or "'price' or 'change'" in answer["error"]
