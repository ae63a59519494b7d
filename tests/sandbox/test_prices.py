"""Where markets start: at their venues' prices, at common ones, or at one's own."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import ccxt
import pytest

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.sandbox.prices import COMMON_PRICES, read_prices
from ccxt_ext.sandbox.settings import Settings
from ccxt_ext.sandbox.world import World
from tests.ids import IDS

D = Decimal
NEAR = D("0.001")
DOLLARS = {"USD", "USDT"}


def world(prices: Any, venues: tuple[str, ...] = IDS, seed: int = 1) -> World:
    return World(Settings(venues=venues, seed=seed, prices=read_prices(prices)))


def starts(made: World) -> dict[str, tuple[str, Decimal]]:
    """The symbol of each market, and the price around which its history is made."""
    return {
        f"{venue}:{id}": (market.spec.symbol, market.spec.start_price)
        for venue, frontend in made.frontends.items()
        for id, market in frontend.engine.markets.items()
    }


@pytest.fixture(scope="module")
def common() -> World:
    return world("common")


def test_an_asset_costs_the_same_on_all_venues(common: World) -> None:
    in_dollars: dict[str, set[Decimal]] = {}
    for symbol, price in starts(common).values():
        base, quote = symbol.partition(":")[0].split("/")
        if quote in DOLLARS and base != "USDT":
            in_dollars.setdefault(base, set()).add(price)
    assert set(in_dollars) == {"BTC", "ETH", "SOL", "DOGE", "EOS", "LTC", "XRP"}
    for asset, prices in in_dollars.items():
        assert max(prices) - min(prices) <= NEAR * min(prices), (asset, prices)


def test_crosses_fit_the_prices_in_dollars(common: World) -> None:
    seen = 0
    for name, (symbol, price) in starts(common).items():
        base, quote = symbol.partition(":")[0].split("/")
        expected = D(COMMON_PRICES[base]) / D(COMMON_PRICES[quote])
        assert abs(price - expected) <= NEAR * expected, name
        seen += quote not in DOLLARS
    assert seen >= 10


@pytest.mark.parametrize(
    ("venue", "id"), [("bitexasia", "BTC-USD"), ("btex", "1"), ("btex", "102"), ("bitmart2", "REPO_BTC")]
)
def test_the_history_and_the_book_are_around_that_price(common: World, venue: str, id: str) -> None:
    engine = common.frontends[venue].engine
    market = engine.markets[id]
    start = market.spec.start_price
    assert market.last_price == market.ticker().last == start
    assert str(start) == str(market.trades(1)[0].price)  # with as many digits
    bids, asks = market.book()
    assert bids[0].price < start < asks[0].price
    assert len(bids) == len(asks) == 45
    assert D("0.9") * start < bids[-1].price and asks[-1].price < D("1.1") * start
    for currency, (total, deposited) in engine.ledger().items():
        assert total == deposited, currency


def test_without_prices_each_venue_has_its_own() -> None:
    made = starts(world(None))
    assert made["bitexbit:BTC_USD"][1] == D("911.519")
    assert made["bitexasia:BTC-USD"][1] == D(63000)


def test_own_prices_of_assets_and_of_markets(tmp_path: Path) -> None:
    table = {"BTC": 50000.5, "ETH": "2501", "btex:BTC_USDT": "50010.25", "bitmaxfutures:ETH/USDT:USDT": 2502}
    as_json, as_toml = tmp_path / "prices.json", tmp_path / "prices.toml"
    as_json.write_text(json.dumps(table))
    as_toml.write_text("".join(f'"{name}" = {json.dumps(value)}\n' for name, value in table.items()))
    for given in (table, as_json, str(as_toml)):
        made = starts(world(given))
        assert made["bitmart2:BTC_USDT"][1] == D("50000.5")
        assert made["btex:1"][1] == D("50000.5")
        assert made["btex:BTC_USDT"][1] == D("50010.25")
        assert made["bitmaxfutures:ETH-PERP"][1] == D(2502)
        assert made["bitexbit:ETH_BTC"][1] == D("0.050019")  # set on the tick
        assert made["bitexbit:LTC_USD"][1] == D(COMMON_PRICES["LTC"])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"BTC": 0}, "BTC must cost a positive number, not 0"),
        ({"BTC": -1}, "BTC must cost a positive number"),
        ({"BTC": True}, "BTC must cost a positive number"),
        ({"BTC": "much"}, "BTC must cost a positive number, not much"),
        ({"BTC": float("nan")}, "BTC must cost a positive number"),
        ({"BTC": [1]}, "BTC must cost a positive number"),
        ({"btex:BTC_USDT": "60000.001"}, "60000.001 is no multiple of the tick of btex:BTC_USDT, 0.01"),
        ({"btex:BTC_EUR": 1}, "btex has no market 'BTC_EUR'"),
        ({"kraken:BTC/USD": 1}, "kraken:BTC/USD is a market of 'kraken', which is not served"),
        ({"DOGE": "0.0001"}, "bitexasia:DOGE-USDT cannot start at 0.0001, as its tick is 0.00001"),
        ("/nowhere/prices.json", "/nowhere/prices.json: No such file or directory"),
    ],
)
def test_prices_that_make_no_sense_are_refused_at_the_start(given: Any, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        world(given)
    assert said in str(caught.value)
    with pytest.raises(ValueError), Sandbox(prices=given):
        pass


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("p.json", "{", "it is no JSON"),
        ("p.toml", "BTC =", "it is no TOML"),
        ("p.json", "[1]", "it has to be a table"),
        ("p.json", b"\xff\xfe\x00", "it is no text"),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, name: str, text: str | bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ValueError) as caught:
        read_prices(path)
    assert str(caught.value).startswith(f"{path}: {said}")


def test_markets_that_are_listed_later_have_common_prices_too(common: World) -> None:
    made = world("common", ("bitmart2", "btex"))
    for frontend, like, market, pair in (
        (made.frontends["bitmart2"], "BTC_USDT", "SOL_USDT", None),
        (made.frontends["bitmart2"], "BTC_USDT", "NEW_USDT", None),
        (made.frontends["btex"], "1", "7", "LTC_USD"),
    ):
        frontend.list_market(like, market, pair)
    prices = starts(made)
    assert prices["bitmart2:SOL_USDT"][1] == D("145.5")
    assert prices["bitmart2:NEW_USDT"][1] == D("9012.5")  # nobody knows what it costs, so that of BTC_USDT
    assert prices["btex:7"][1] == D(84)


def test_a_reset_keeps_them(common: World) -> None:
    made = world("common", ("bitexbit",))
    before = starts(made)
    made.reset(2)
    assert starts(made) == before


def test_a_market_that_has_a_history_cannot_start_elsewhere() -> None:
    made = world(None, ("btex",))
    market = made.frontends["btex"].engine.markets["BTC_USDT"]
    market.warm_up()
    with pytest.raises(ValueError, match="BTC_USDT has a history already"):
        market.start_at(D(1))


def test_clients_see_them() -> None:
    with Sandbox(prices="common", venues=("bitexbit", "bitmart2")) as box:
        told = {
            id: getattr(ccxt, id)(box.config(id)).fetch_ticker("BTC/USDT")["last"]
            for id in ("bitexbit", "bitmart2")
        }
    assert told == {"bitexbit": 63000, "bitmart2": 63000}
